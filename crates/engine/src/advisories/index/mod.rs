//! The words of all parties on all products, in one file that never changes.
//!
//! [`Builder`] takes the records of the feeds in any order and writes the same bytes for the same records; [`Index`] answers from the
//! bytes as they lie. The layout is told in `docs/model/advisory-index.md`. Every byte is covered by a digest that is checked when
//! its page is first touched, so that a damaged file is an error and never a wrong answer.

mod brief;
mod build;
mod code;
mod groups;
mod kept;
mod numbers;
mod pack;
mod pages;
mod plain;
mod posting;
mod said;
mod write;

use std::ops::Range;
use std::sync::OnceLock;

use domain::Digest;
use domain::advisory::{Advisory, Exploited, FeedKind, Forecast};
use jiff::Timestamp;

use code::{Coded, Garbled, Input};
use pages::{PAGE, Pages};

pub use brief::Brief;
pub use build::{Builder, Summary};
pub(super) use posting::{Posting, Span};
pub use said::Said;

/// How the file begins and what its last page begins with.
const MAGIC: &[u8; 8] = b"MIMAWADV";
/// The layout this program writes and reads.
const VERSION: u32 = 2;
/// From how many records on the lists of the NVD and the CVE programme are taken for whole: they passed 200,000 in 2023, and a few years
/// of them are not all. This program's own choice.
const WHOLE_LIST: u64 = 200_000;
/// The same for the lists of packages, of which the smallest that are published as a whole have some thousands.
const WHOLE_PACKAGES: u64 = 1_000;
/// The bytes of an entry of the table of keys: hash, place, length.
const SLOT: usize = 24;
/// The bytes of an entry of the table of advisories.
const ROW: usize = 41;
/// The bytes of an entry of the table of numbers: hash, vulnerability.
const NUMBER: usize = 12;
/// The bytes of an entry of the table of vulnerabilities: place and length.
const EXTENT: usize = 16;

/// The parts of the file, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Claims,
    Postings,
    Slots,
    Blocks,
    Advisories,
    Briefs,
    Vulnerabilities,
    Extents,
    Numbers,
    Sources,
    Worlds,
}

const SECTIONS: usize = 11;

/// Why the file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It does not begin as an index does.
    #[error("not an index of advisories")]
    NotAnIndex,
    /// Another layout: written by another version of this program.
    #[error("an index of layout {0}, which this version does not read")]
    OtherLayout(u32),
    /// It is shorter or longer than it was written.
    #[error("not as long as it was written")]
    Cut,
    /// A digest does not fit its page, or a value is none.
    #[error("damaged")]
    Damaged,
}

impl From<Garbled> for IndexError {
    fn from(_: Garbled) -> Self {
        Self::Damaged
    }
}

/// A feed that went into the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Its kind.
    pub feed: FeedKind,
    /// What it is called.
    pub name: String,
    /// How many of its records were used.
    pub records: u64,
    /// When the newest of them was changed.
    pub newest: Option<Timestamp>,
    /// How many of its records were refused.
    pub refused: u64,
}

/// A vulnerability under all its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vulnerability {
    /// The number that stands for it: its CVE number where it has one.
    pub id: String,
    /// All its numbers, sorted.
    pub numbers: Vec<String>,
    /// Its entry in the catalogue of known exploited vulnerabilities.
    pub exploited: Option<Exploited>,
    /// How likely it is to be exploited.
    pub forecast: Option<Forecast>,
}

/// What is known of an advisory without unpacking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of its vulnerability in this index.
    pub vulnerability: u32,
    /// Whether its party stands by it: neither rejected nor withdrawn.
    pub stands: bool,
}

/// An index in memory.
pub struct Index<'a> {
    pages: Pages<'a>,
    sections: [(u64, u64); SECTIONS],
    worlds: OnceLock<Vec<String>>,
}

/// An entry of the table of advisories.
struct Row {
    head: Head,
    block: (u64, u64),
    position: u64,
    brief: (u64, u64),
}

impl<'a> Index<'a> {
    /// Whether a file that begins so is an index, be it whole or not.
    pub fn is_index(head: &[u8]) -> bool {
        head.starts_with(MAGIC)
    }

    /// Opens an index; only its first bytes and its last page are read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        if !bytes.starts_with(MAGIC) {
            return Err(IndexError::NotAnIndex);
        }
        if !bytes.len().is_multiple_of(PAGE) {
            return Err(IndexError::Cut);
        }
        let (pages, last) = bytes.split_at_checked(bytes.len() - PAGE).ok_or(IndexError::Cut)?;
        let (covered, mark) = last.split_at(PAGE - 16);
        if !covered.starts_with(MAGIC) {
            return Err(IndexError::Cut);
        }
        if pages::mark(covered) != mark {
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
        Ok(Self { pages: Pages::new(pages, body, root)?, sections, worlds: OnceLock::new() })
    }

    /// Checks every byte, which opening does not: for whoever has just written the file.
    pub fn prove(&self) -> Result<(), IndexError> {
        self.pages.check_all()
    }

    /// The feeds that went in.
    pub fn sources(&self) -> Result<Vec<Source>, IndexError> {
        self.whole(Section::Sources)
    }

    /// Whether the silence of this index on a product of this world means anything: see [`Key::world`]. It does where a list of such
    /// products went in whole, and is told by how many records its feeds had.
    pub fn covers(&self, world: &str) -> Result<bool, IndexError> {
        let worlds = match self.worlds.get() {
            Some(worlds) => worlds,
            None => {
                let read = self.whole_worlds()?;
                self.worlds.get_or_init(|| read)
            }
        };
        Ok(worlds.iter().any(|known| known == world))
    }

    /// The worlds of which a whole list went in.
    fn whole_worlds(&self) -> Result<Vec<String>, IndexError> {
        let mut worlds: Vec<String> = self.whole(Section::Worlds)?;
        let sources = self.sources()?;
        let records = |feeds: &[FeedKind]| -> u64 {
            let own = sources.iter().filter(|source| feeds.contains(&source.feed));
            own.map(|source| source.records).sum()
        };
        let products = records(&[FeedKind::Nvd, FeedKind::Cve]) >= WHOLE_LIST;
        let packages = records(&[FeedKind::Osv, FeedKind::Ghsa]) >= WHOLE_PACKAGES;
        worlds.retain(|world| if world == "cpe" { products } else { packages });
        Ok(worlds)
    }

    /// How many advisories there are.
    pub fn advisories(&self) -> u32 {
        self.count(Section::Advisories, ROW)
    }

    /// How many vulnerabilities there are.
    pub fn vulnerabilities(&self) -> u32 {
        self.count(Section::Extents, EXTENT)
    }

    /// What is known of an advisory without unpacking it.
    pub fn head(&self, advisory: u32) -> Result<Head, IndexError> {
        Ok(self.row(advisory)?.head)
    }

    /// An advisory without its claims.
    pub fn details(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let row = self.row(advisory)?;
        let block = self.bytes(Section::Blocks, row.block.0, row.block.1)?;
        let block = pack::unpack(block).map_err(|_| IndexError::Damaged)?;
        let start = usize::try_from(row.position).map_err(|_| IndexError::Damaged)?;
        Ok(Advisory::read(&mut Input(block.get(start..).ok_or(IndexError::Damaged)?))?)
    }

    /// What is told of an advisory wherever it is named.
    pub fn brief(&self, advisory: u32) -> Result<Brief, IndexError> {
        let (at, length) = self.row(advisory)?.brief;
        Ok(Brief::read(&mut Input(self.bytes(Section::Briefs, at, length)?))?)
    }

    /// An advisory as it was added.
    pub fn advisory(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let mut whole = self.details(advisory)?;
        for place in self.brief(advisory)?.claims {
            whole.claims.push(self.claim(place)?.claim);
        }
        Ok(whole)
    }

    /// A vulnerability by its number in this index.
    pub fn vulnerability(&self, vulnerability: u32) -> Result<Vulnerability, IndexError> {
        let extent = self.entry(Section::Extents, EXTENT, vulnerability)?;
        let bytes = self.bytes(Section::Vulnerabilities, fixed(extent, 0)?, fixed(extent, 8)?)?;
        Ok(Vulnerability::read(&mut Input(bytes))?)
    }

    /// The vulnerabilities that have this number; an alert's may stand for several.
    pub fn find(&self, number: &str) -> Result<Vec<Vulnerability>, IndexError> {
        let mut found = Vec::new();
        for at in self.equal(Section::Numbers, NUMBER, number_hash(number))? {
            let entry = self.entry(Section::Numbers, NUMBER, at)?;
            let vulnerability = self.vulnerability(fixed_32(entry, 8)?)?;
            if vulnerability.numbers.iter().any(|known| known == number) {
                found.push(vulnerability);
            }
        }
        Ok(found)
    }

    fn row(&self, advisory: u32) -> Result<Row, IndexError> {
        let row = self.entry(Section::Advisories, ROW, advisory)?;
        Ok(Row {
            head: Head { vulnerability: fixed_32(row, 0)?, stands: row.get(4) == Some(&1) },
            block: (fixed(row, 5)?, u64::from(fixed_32(row, 13)?)),
            position: fixed(row, 17)?,
            brief: (fixed(row, 25)?, fixed(row, 33)?),
        })
    }

    fn whole<T: Coded>(&self, section: Section) -> Result<T, IndexError> {
        let (_, length) = self.extent(section);
        Ok(T::read(&mut Input(self.bytes(section, 0, length)?))?)
    }

    fn extent(&self, section: Section) -> (u64, u64) {
        self.sections.get(section as usize).copied().unwrap_or_default()
    }

    fn bytes(&self, section: Section, at: u64, length: u64) -> Result<&'a [u8], IndexError> {
        let (start, whole) = self.extent(section);
        if at.checked_add(length).is_none_or(|end| end > whole) {
            return Err(IndexError::Damaged);
        }
        self.pages.read(start.checked_add(at).ok_or(IndexError::Damaged)?, length)
    }

    fn count(&self, section: Section, size: usize) -> u32 {
        let (_, length) = self.extent(section);
        u32::try_from(length / size as u64).unwrap_or(u32::MAX)
    }

    fn entry(&self, section: Section, size: usize, at: u32) -> Result<&'a [u8], IndexError> {
        self.bytes(section, u64::from(at) * size as u64, size as u64)
    }

    /// The entries of a sorted table that begin with `hash`.
    fn equal(&self, table: Section, size: usize, hash: u64) -> Result<Range<u32>, IndexError> {
        let (mut low, mut high) = (0, self.count(table, size));
        while low < high {
            let middle = low + (high - low) / 2;
            if fixed(self.entry(table, size, middle)?, 0)? < hash {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut end = low;
        while end < self.count(table, size) && fixed(self.entry(table, size, end)?, 0)? == hash {
            end += 1;
        }
        Ok(low..end)
    }
}

/// The hash by which a number is looked up.
fn number_hash(number: &str) -> u64 {
    let digest = Digest::of(number.as_bytes()).0;
    u64::from_be_bytes(digest.first_chunk::<8>().copied().unwrap_or_default())
}

fn fixed(entry: &[u8], at: usize) -> Result<u64, IndexError> {
    let bytes = entry.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map(|bytes| u64::from_be_bytes(*bytes)).ok_or(IndexError::Damaged)
}

fn fixed_32(entry: &[u8], at: usize) -> Result<u32, IndexError> {
    let bytes = entry.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map(|bytes| u32::from_be_bytes(*bytes)).ok_or(IndexError::Damaged)
}

/// Sources as large as those of whole lists.
#[cfg(test)]
pub(super) fn whole_lists() -> Vec<Source> {
    let of = |feed: FeedKind, records: u64| Source {
        feed,
        name: feed.key().to_owned(),
        records,
        newest: None,
        refused: 0,
    };
    vec![of(FeedKind::Nvd, WHOLE_LIST), of(FeedKind::Osv, WHOLE_PACKAGES)]
}

#[cfg(test)]
mod tests;
