//! Pages of 1 KiB, each with a digest that is checked when the page is first touched.
//!
//! The digests stand in pages themselves, with digests above them, up to one page whose identity the last page holds. So opening
//! reads one page, and reading a value checks as many pages as there are levels above it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Digest;
use twox_hash::XxHash3_128;

use super::IndexError;
use super::file::Bytes;

/// The size of a page. Asking touches pages here and there, and much of an answer's time goes into the digest of
/// each: with 1 KiB less than half of what it is with 4 KiB, for a hundredth more of file.
pub(super) const PAGE: usize = 1024;
/// A digest of 128 bits.
pub(super) type Mark = [u8; 16];
/// How many digests a page holds.
const FAN: usize = PAGE / 16;

/// The digest of a page: XXH3 of 128 bits. Who could write a page of their own could write its digest as well, whatever the digest,
/// so it has to notice what happened to a page, not who meant it; and each answer takes it of hundreds of pages.
pub(super) fn mark(page: &[u8]) -> Mark {
    XxHash3_128::oneshot(page).to_be_bytes()
}

/// The digest by which two things are taken for the same: SHA-256 cut to 128 bits, so that nobody can make another with the same one.
pub(super) fn identity(bytes: &[u8]) -> Mark {
    let digest = Digest::of(bytes).0;
    digest.first_chunk::<16>().copied().unwrap_or_default()
}

/// Writes pages as they fill.
pub(super) struct Writer<'w, W> {
    out: &'w mut W,
    page: Vec<u8>,
    marks: Vec<Mark>,
    written: u64,
}

impl<'w, W: Write> Writer<'w, W> {
    pub(super) fn new(out: &'w mut W) -> Self {
        Self { out, page: Vec::with_capacity(PAGE), marks: Vec::new(), written: 0 }
    }

    /// Where the next byte comes to stand.
    pub(super) fn at(&self) -> u64 {
        self.written
    }

    pub(super) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = PAGE - self.page.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.page.extend_from_slice(now);
            bytes = later;
            if self.page.len() == PAGE {
                self.close_page()?;
            }
        }
        Ok(())
    }

    fn close_page(&mut self) -> io::Result<()> {
        self.page.resize(PAGE, 0);
        self.marks.push(mark(&self.page));
        self.out.write_all(&self.page)?;
        self.page.clear();
        Ok(())
    }

    /// Writes the levels of digests; the count of body pages, the digest above all, and where it was written to.
    pub(super) fn finish(mut self) -> io::Result<(u64, Mark, &'w mut W)> {
        if !self.page.is_empty() || self.marks.is_empty() {
            self.close_page()?;
        }
        let body = self.marks.len() as u64;
        let mut marks = std::mem::take(&mut self.marks);
        loop {
            let mut above = Vec::new();
            let mut page = Vec::new();
            for chunk in marks.chunks(FAN) {
                page = chunk.concat();
                page.resize(PAGE, 0);
                above.push(mark(&page));
                self.out.write_all(&page)?;
            }
            if above.len() == 1 {
                return Ok((body, identity(&page), self.out));
            }
            marks = above;
        }
    }
}

/// How many pages there are with all levels of digests above `body` pages.
pub(super) fn with_levels(body: u64) -> u64 {
    let (mut count, mut pages) = (body, body);
    loop {
        count = count.div_ceil(FAN as u64);
        pages += count;
        if count <= 1 {
            return pages;
        }
    }
}

/// Pages that are checked when they are first touched.
pub(super) struct Pages<'a> {
    bytes: Bytes<'a>,
    /// First page and number of pages of each level; the body is the lowest.
    levels: Vec<(usize, usize)>,
    root: Mark,
    checked: Vec<AtomicU64>,
}

impl<'a> Pages<'a> {
    /// Pages of which `body` hold values, and the last one none of them.
    pub(super) fn new(bytes: Bytes<'a>, body: u64, root: Mark) -> Result<Self, IndexError> {
        let total = bytes.pages().saturating_sub(1);
        let mut count = usize::try_from(body).map_err(|_| IndexError::Cut)?;
        if count == 0 || count > total {
            return Err(IndexError::Cut);
        }
        let mut levels = vec![(0, count)];
        let mut pages = count;
        loop {
            count = count.div_ceil(FAN);
            levels.push((pages, count));
            pages += count;
            if count == 1 {
                break;
            }
        }
        if pages != total {
            return Err(IndexError::Cut);
        }
        let checked = (0..pages.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Ok(Self { bytes, levels, root, checked })
    }

    /// Bytes of the body.
    pub(super) fn read(&self, at: u64, length: u64) -> Result<Cow<'_, [u8]>, IndexError> {
        let start = usize::try_from(at).map_err(|_| IndexError::Damaged)?;
        let length = usize::try_from(length).map_err(|_| IndexError::Damaged)?;
        let end = start.checked_add(length).ok_or(IndexError::Damaged)?;
        let (_, body) = self.levels.first().copied().unwrap_or_default();
        if end > body * PAGE {
            return Err(IndexError::Damaged);
        }
        let touched = start / PAGE..end.div_ceil(PAGE);
        for page in touched.clone() {
            self.check(0, page)?;
        }
        if let Some(piece) = self.bytes.piece(start, end)? {
            return Ok(Cow::Borrowed(piece));
        }
        let mut whole = Vec::with_capacity(touched.len() * PAGE);
        for page in touched {
            whole.extend_from_slice(self.bytes.page(page)?);
        }
        whole.drain(..start % PAGE);
        whole.truncate(length);
        Ok(Cow::Owned(whole))
    }

    /// Checks a page of a level, and those above it.
    fn check(&self, level: usize, place: usize) -> Result<(), IndexError> {
        let (first, _) = *self.levels.get(level).ok_or(IndexError::Damaged)?;
        let number = first + place;
        let (word, bit) = (self.checked.get(number / 64), 1 << (number % 64));
        let word = word.ok_or(IndexError::Damaged)?;
        // The bytes never change, so that another thread's bit is as good as ours.
        if word.load(Ordering::Relaxed) & bit != 0 {
            return Ok(());
        }
        let page = self.bytes.page(number)?;
        let is_whole = match self.above(level, place)? {
            Some(expected) => mark(page) == expected,
            None => identity(page) == self.root,
        };
        if !is_whole {
            return Err(IndexError::Damaged);
        }
        word.fetch_or(bit, Ordering::Relaxed);
        Ok(())
    }

    /// Checks every page.
    pub(super) fn check_all(&self) -> Result<(), IndexError> {
        for (level, (_, count)) in self.levels.iter().enumerate() {
            (0..*count).try_for_each(|place| self.check(level, place))?;
        }
        Ok(())
    }

    /// What the level above says of a page; none for the highest.
    fn above(&self, level: usize, place: usize) -> Result<Option<Mark>, IndexError> {
        let Some((first, _)) = self.levels.get(level + 1) else { return Ok(None) };
        self.check(level + 1, place / FAN)?;
        let marks = self.bytes.page(first + place / FAN)?;
        let mark = marks.chunks_exact(16).nth(place % FAN).and_then(<[u8]>::first_chunk);
        mark.copied().map(Some).ok_or(IndexError::Damaged)
    }
}
