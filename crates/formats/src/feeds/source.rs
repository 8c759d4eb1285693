//! Where the bytes of a feed come from: a plain file, gzip, or the entries of a zip, opened within bounds.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use domain::msg;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::{Fault, Swollen};
use crate::reading::Refusal;
use crate::text::excerpt;

/// How much of a document is looked at to tell its format, in bytes.
pub(super) const HEAD: usize = 64 << 10;

/// What compressed bytes may always become.
const FREE: u64 = 16 << 20;

/// By how much more each compressed byte may grow. The feeds we hold grow by 5 to 30; deflate reaches 1032 (RFC 1951) with nothing
/// but one letter.
const RATIO: u64 = 200;

/// Files in one zip: the CVE programme's has a third of it.
const MAX_ENTRIES: usize = 1 << 20;

/// One document: its beginning, without a byte-order mark, and all of it.
pub(super) struct Document<'r> {
    /// The name within the zip; none for a file by itself.
    pub(super) entry: Option<String>,
    /// Its beginning.
    pub(super) head: Vec<u8>,
    rest: Box<dyn Read + 'r>,
}

impl<'r> Document<'r> {
    fn new(entry: Option<String>, mut rest: Box<dyn Read + 'r>) -> Result<Self, Fault> {
        let mut head = Vec::new();
        let read = rest.by_ref().take(HEAD as u64).read_to_end(&mut head);
        read.map_err(|error| Fault::of(&error, 1))?;
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        Ok(Self { entry, head, rest })
    }

    /// All of it, from the beginning.
    pub(super) fn read(&mut self) -> impl Read {
        Cursor::new(&self.head).chain(&mut self.rest)
    }
}

/// Reads through, and fails where more comes than the budget allows.
struct Bounded<'b, R> {
    inner: R,
    budget: &'b mut u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let Some(left) = self.budget.checked_sub(count as u64) else {
            return Err(io::Error::other(Swollen));
        };
        *self.budget = left;
        Ok(count)
    }
}

/// What so many compressed bytes may become.
fn allowed(size: u64) -> u64 {
    FREE.saturating_add(size.saturating_mul(RATIO))
}

/// Opens `input` and hands each document in it to `work`, one after the other.
pub(super) fn each_document<R: Read + Seek>(
    mut input: R,
    name: &str,
    work: &mut dyn FnMut(&mut Document<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let damaged = |_| Fault::Damaged.refusal(name);
    let size = input.seek(SeekFrom::End(0)).map_err(damaged)?;
    input.rewind().map_err(damaged)?;
    let mut start = Vec::new();
    input.by_ref().take(4).read_to_end(&mut start).map_err(damaged)?;
    input.rewind().map_err(damaged)?;
    let mut budget = allowed(size);
    match *start {
        [] => Err(Refusal { message: msg!("refusal.empty_file") }),
        [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6] => each_entry(input, name, &mut budget, work),
        [0x1f, 0x8b, ..] => {
            let inner = Bounded { inner: MultiGzDecoder::new(input), budget: &mut budget };
            one(None, Box::new(inner), name, work)
        }
        _ => one(None, Box::new(input), name, work),
    }
}

fn one(
    entry: Option<String>,
    bytes: Box<dyn Read + '_>,
    name: &str,
    work: &mut dyn FnMut(&mut Document<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut document = Document::new(entry, bytes).map_err(|fault| fault.refusal(name))?;
    if matches!(*document.head, [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..]) {
        let file = excerpt(document.entry.as_deref().unwrap_or(name));
        return Err(Refusal { message: msg!("refusal.feed_nested", file = file) });
    }
    work(&mut document)?;
    // What nobody read must still be whole: a checksum stands at the very end.
    let rest = io::copy(&mut document.rest, &mut io::sink());
    rest.map(drop).map_err(|error| Fault::of(&error, 0).refusal(name))
}

fn each_entry<R: Read + Seek>(
    input: R,
    name: &str,
    budget: &mut u64,
    work: &mut dyn FnMut(&mut Document<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(input).map_err(|_| Fault::Damaged.refusal(name))?;
    if archive.len() > MAX_ENTRIES {
        return Err(Fault::Swells.refusal(name));
    }
    for index in 0..archive.len() {
        let file = match archive.by_index(index) {
            Ok(file) => file,
            Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
                return Err(Refusal { message: msg!("refusal.zip_password") });
            }
            Err(_) => return Err(Fault::Damaged.refusal(name)),
        };
        if file.is_dir() {
            continue;
        }
        let entry = file.name().map_err(|_| Fault::Damaged.refusal(name))?.into_owned();
        let zipped = entry.to_ascii_lowercase().ends_with(".gz");
        let file_size = file.compressed_size();
        let bounded = Bounded { inner: file, budget: &mut *budget };
        if zipped {
            let mut budget = allowed(file_size);
            let inner = Bounded { inner: MultiGzDecoder::new(bounded), budget: &mut budget };
            one(Some(entry), Box::new(inner), name, work)?;
        } else {
            one(Some(entry), Box::new(bounded), name, work)?;
        }
    }
    Ok(())
}
