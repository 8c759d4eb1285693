//! One file of an index: what was written at one time.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use domain::advisory::Advisory;

use super::brief::Brief;
use super::code::{Coded, Input};
use super::file::Bytes;
use super::pages::{self, Mark, PAGE, Pages};
use super::{
    EXTENT, Head, IndexError, LEAD, MAGIC, ROW, SECTIONS, Section, Source, VERSION, Vulnerability,
    fixed, fixed_32, number_hash, pack,
};

/// One file.
pub(super) struct Layer<'a> {
    pages: Pages<'a>,
    sections: [(u64, u64); SECTIONS],
    root: Mark,
    /// The place of the block that was unpacked last, and its pieces: who reads one advisory after the other unpacks each block once.
    last: Mutex<Option<(u64, Vec<u8>)>>,
}

/// A larger block is not kept: it is what one advisory of a rare size takes.
const KEPT: usize = 1 << 20;

/// An entry of the table of advisories.
struct Row {
    head: Head,
    block: (u64, u64),
    position: u64,
    brief: (u64, u64),
}

impl<'a> Layer<'a> {
    /// Opens a file; only its first bytes and its last page are read.
    pub(super) fn of(bytes: Bytes<'a>) -> Result<Self, IndexError> {
        let count = bytes.pages();
        if count == 0 || !bytes.page(0)?.starts_with(MAGIC) {
            return Err(IndexError::NotAnIndex);
        }
        if !bytes.length().is_multiple_of(PAGE as u64) {
            return Err(IndexError::Cut);
        }
        let (covered, mark) = bytes.page(count - 1)?.split_at(PAGE - 16);
        if !covered.starts_with(MAGIC) {
            return Err(IndexError::Cut);
        }
        if pages::identity(covered) != mark {
            return Err(IndexError::Damaged);
        }
        let mut input = Input(covered.get(MAGIC.len()..).unwrap_or_default());
        let version = u32::read(&mut input)?;
        if version != VERSION {
            return Err(IndexError::OtherLayout(version));
        }
        let body = u64::read(&mut input)?;
        let root = input.take(16)?.first_chunk().copied().unwrap_or_default();
        let mut sections = [(0, 0); SECTIONS];
        for section in &mut sections {
            *section = (u64::read(&mut input)?, u64::read(&mut input)?);
        }
        Ok(Self { pages: Pages::new(bytes, body, root)?, sections, root, last: Mutex::new(None) })
    }

    /// Checks every byte, which opening does not: for whoever has just written the file.
    pub(super) fn prove(&self) -> Result<(), IndexError> {
        self.pages.check_all()
    }

    /// The feeds that went in.
    pub(super) fn sources(&self) -> Result<Vec<Source>, IndexError> {
        self.whole(Section::Sources)
    }

    /// What it speaks of.
    pub(super) fn worlds(&self) -> Result<Vec<String>, IndexError> {
        self.whole(Section::Worlds)
    }

    /// The digest above all its pages.
    pub(super) fn root(&self) -> Mark {
        self.root
    }

    /// Whether it was written over another file.
    pub(super) fn is_over(&self) -> bool {
        self.extent(Section::Amendment).1 != 0
    }

    /// How many advisories there are.
    pub(super) fn advisories(&self) -> u32 {
        self.count(Section::Advisories, ROW)
    }

    /// How many vulnerabilities there are.
    pub(super) fn vulnerabilities(&self) -> u32 {
        self.count(Section::Extents, EXTENT)
    }

    /// What is known of an advisory without unpacking it.
    pub(super) fn head(&self, advisory: u32) -> Result<Head, IndexError> {
        Ok(self.row(advisory)?.head)
    }

    /// An advisory without its claims.
    pub(super) fn details(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let row = self.row(advisory)?;
        let start = usize::try_from(row.position).map_err(|_| IndexError::Damaged)?;
        let read = |pieces: &[u8]| -> Result<Advisory, IndexError> {
            Ok(Advisory::read(&mut Input(pieces.get(start..).ok_or(IndexError::Damaged)?))?)
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pieces)) = last.as_ref().filter(|(at, _)| *at == row.block.0) {
            return read(pieces);
        }
        let block = self.bytes(Section::Blocks, row.block.0, row.block.1)?;
        let pieces = pack::unpack(&block).map_err(|_| IndexError::Damaged)?;
        let advisory = read(&pieces)?;
        *last = (pieces.len() <= KEPT).then_some((row.block.0, pieces));
        Ok(advisory)
    }

    /// What is told of an advisory wherever it is named.
    pub(super) fn brief(&self, advisory: u32) -> Result<Brief, IndexError> {
        let (at, length) = self.row(advisory)?.brief;
        Ok(Brief::read(&mut Input(&self.bytes(Section::Briefs, at, length)?))?)
    }

    /// An advisory as it was added.
    pub(super) fn advisory(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let mut whole = self.details(advisory)?;
        for place in self.brief(advisory)?.claims {
            whole.claims.push(self.claim(place)?.claim);
        }
        Ok(whole)
    }

    /// A vulnerability by its number in this index.
    pub(super) fn vulnerability(&self, vulnerability: u32) -> Result<Vulnerability, IndexError> {
        let extent = self.entry(Section::Extents, EXTENT, vulnerability)?;
        let bytes = self.bytes(Section::Vulnerabilities, fixed(&extent, 0)?, fixed(&extent, 8)?)?;
        Ok(Vulnerability::read(&mut Input(&bytes))?)
    }

    /// The vulnerabilities that have this number, by their own; an alert's may stand for several.
    pub(super) fn find(&self, number: &str) -> Result<Vec<(u32, Vulnerability)>, IndexError> {
        let mut found = Vec::new();
        for own in self.led_to(Section::Numbers, number_hash(number))? {
            let vulnerability = self.vulnerability(own)?;
            if vulnerability.numbers.iter().any(|known| known == number) {
                found.push((own, vulnerability));
            }
        }
        Ok(found)
    }

    /// Whether any advisory speaks of a vulnerability.
    pub(super) fn has_members(&self, vulnerability: u32) -> Result<bool, IndexError> {
        Ok(!self.equal(Section::Members, LEAD, u64::from(vulnerability))?.is_empty())
    }

    /// What a table leads to from `under`.
    pub(super) fn led_to(&self, table: Section, under: u64) -> Result<Vec<u32>, IndexError> {
        let entries = self.equal(table, LEAD, under)?;
        entries.map(|at| fixed_32(&self.entry(table, LEAD, at)?, 8)).collect()
    }

    fn row(&self, advisory: u32) -> Result<Row, IndexError> {
        let row = self.entry(Section::Advisories, ROW, advisory)?;
        Ok(Row {
            head: Head { vulnerability: fixed_32(&row, 0)?, stands: row.get(4) == Some(&1) },
            block: (fixed(&row, 5)?, u64::from(fixed_32(&row, 13)?)),
            position: fixed(&row, 17)?,
            brief: (fixed(&row, 25)?, fixed(&row, 33)?),
        })
    }

    pub(super) fn whole<T: Coded>(&self, section: Section) -> Result<T, IndexError> {
        let (_, length) = self.extent(section);
        Ok(T::read(&mut Input(&self.bytes(section, 0, length)?))?)
    }

    pub(super) fn extent(&self, section: Section) -> (u64, u64) {
        self.sections.get(section as usize).copied().unwrap_or_default()
    }

    pub(super) fn bytes(
        &self,
        section: Section,
        at: u64,
        length: u64,
    ) -> Result<Cow<'_, [u8]>, IndexError> {
        let (start, whole) = self.extent(section);
        if at.checked_add(length).is_none_or(|end| end > whole) {
            return Err(IndexError::Damaged);
        }
        self.pages.read(start.checked_add(at).ok_or(IndexError::Damaged)?, length)
    }

    pub(super) fn count(&self, section: Section, size: usize) -> u32 {
        let (_, length) = self.extent(section);
        u32::try_from(length / size as u64).unwrap_or(u32::MAX)
    }

    pub(super) fn entry(
        &self,
        section: Section,
        size: usize,
        at: u32,
    ) -> Result<Cow<'_, [u8]>, IndexError> {
        self.bytes(section, u64::from(at) * size as u64, size as u64)
    }

    /// The entries of a sorted table that begin with `hash`.
    pub(super) fn equal(
        &self,
        table: Section,
        size: usize,
        hash: u64,
    ) -> Result<Range<u32>, IndexError> {
        let (mut low, mut high) = (0, self.count(table, size));
        while low < high {
            let middle = low + (high - low) / 2;
            if fixed(&self.entry(table, size, middle)?, 0)? < hash {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut end = low;
        while end < self.count(table, size) && fixed(&self.entry(table, size, end)?, 0)? == hash {
            end += 1;
        }
        Ok(low..end)
    }
}
