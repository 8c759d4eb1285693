//! The words of all parties on all products, in one file that never changes.
//!
//! [`Builder`] takes the records of the feeds in any order and writes the same bytes for the same records; [`Index`] answers from the
//! bytes as they lie. The layout is told in `docs/model/advisory-index.md`. Every byte is covered by a digest that is checked when
//! its page is first touched, so that a damaged file is an error and never a wrong answer.
//!
//! What a day brings is written over it, as a second file ([`Builder::amend`]): the vulnerabilities that it touches stand in the second
//! file with all that is said of them, and are hidden in the first. So a vulnerability always stands in one file alone.

mod amend;
mod brief;
mod build;
mod code;
mod file;
mod groups;
mod kept;
mod layer;
mod numbers;
mod over;
mod pack;
mod pages;
mod plain;
mod posting;
mod said;
mod updates;
mod write;

use std::io;
use std::sync::OnceLock;

use domain::Digest;
use domain::advisory::{Advisory, Exploited, FeedKind, Forecast, Ssvc};
use jiff::Timestamp;

use code::Garbled;
use file::Bytes;
use layer::Layer;
use over::Overlay;

pub use amend::{Fresh, HeldError};
pub use brief::Brief;
pub use build::{Builder, Summary};
pub use file::ReadAt;
pub(super) use posting::{Posting, Span};
pub use said::Said;

/// How the file begins and what its last page begins with.
const MAGIC: &[u8; 8] = b"MIMAWADV";
/// The layout this program writes and reads.
const VERSION: u32 = 7;
/// From how many records on the lists of the NVD and the CVE programme are taken for whole: they passed 200,000 in 2023, and a few years
/// of them are not all. This program's own choice.
const WHOLE_LIST: u64 = 200_000;
/// The same for the lists of packages, of which the smallest that are published as a whole have some thousands.
const WHOLE_PACKAGES: u64 = 1_000;
/// The bytes of an entry of the table of keys: hash, place, length.
const SLOT: usize = 24;
/// The bytes of an entry of the table of advisories.
const ROW: usize = 41;
/// The bytes of an entry of the tables of numbers, documents and members: what is looked up, and what it leads to.
const LEAD: usize = 12;
/// The bytes of an entry of the table of forecasts: number, probability, percentile.
const FORECAST: usize = 16;
/// The bytes of an entry of the table of updates: number, advisory, the four numbers of a build.
const UPDATE: usize = 28;
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
    Documents,
    Members,
    Amendment,
    Forecasts,
    Updates,
}

const SECTIONS: usize = 16;

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
    /// It was written over another file, and cannot be read without it.
    #[error("written over another file")]
    Partial,
    /// It was not written over the file it is opened with.
    #[error("written over another file than this one")]
    Stranger,
    /// The file it lies in cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
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
    /// CISA's decision points, as it said last.
    pub ssvc: Option<Ssvc>,
}

/// What is known of an advisory without unpacking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of its vulnerability in this index.
    pub vulnerability: u32,
    /// Whether its party stands by it: neither rejected nor withdrawn.
    pub stands: bool,
}

/// An index: one file, or two of which the second was written over the first.
///
/// Advisories, vulnerabilities and places of claims of the second are numbered on from those of the first.
pub struct Index<'a> {
    base: Layer<'a>,
    over: Option<Overlay<'a>>,
    worlds: OnceLock<Vec<String>>,
}

impl<'a> Index<'a> {
    /// Whether a file that begins so is an index, be it whole or not.
    pub fn is_index(head: &[u8]) -> bool {
        head.starts_with(MAGIC)
    }

    /// Opens an index; only its first bytes and its last page are read.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        Self::of(Layer::of(Bytes::Memory(bytes))?, None)
    }

    /// Opens an index that lies in a file. A page is read when it is first touched, and stays in memory.
    pub fn open_file(file: impl ReadAt + 'a) -> Result<Self, IndexError> {
        Self::of(Layer::of(Bytes::of_file(file)?)?, None)
    }

    /// Opens an index of two files: `over` was written over `base`. What it hides and the catalogue that it brings are read now.
    pub fn open_over(base: &'a [u8], over: &'a [u8]) -> Result<Self, IndexError> {
        Self::of(Layer::of(Bytes::Memory(base))?, Some(Layer::of(Bytes::Memory(over))?))
    }

    fn of(base: Layer<'a>, over: Option<Layer<'a>>) -> Result<Self, IndexError> {
        if base.is_over() {
            return Err(IndexError::Partial);
        }
        let over = over.map(|over| Overlay::of(over, &base)).transpose()?;
        Ok(Self { base, over, worlds: OnceLock::new() })
    }

    /// Checks every byte, which opening does not.
    pub fn prove(&self) -> Result<(), IndexError> {
        self.base.prove()?;
        self.prove_last()
    }

    /// Checks every byte of the file that was written last: for whoever has just written it.
    pub fn prove_last(&self) -> Result<(), IndexError> {
        self.over.as_ref().map_or_else(|| self.base.prove(), |over| over.layer.prove())
    }

    /// The feeds that went in.
    pub fn sources(&self) -> Result<Vec<Source>, IndexError> {
        self.over.as_ref().map_or(&self.base, |over| &over.layer).sources()
    }

    /// Whether the silence of this index on a product of this world means anything: see [`super::key::Key::world`]. It does where a list of such
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
        let mut worlds = self.base.worlds()?;
        if let Some(over) = &self.over {
            worlds.extend(over.layer.worlds()?);
        }
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
        let base = self.base.advisories();
        self.over.as_ref().map_or(base, Overlay::advisories)
    }

    /// How many vulnerabilities there are of which an advisory speaks, or that the first file lists.
    pub fn vulnerabilities(&self) -> u32 {
        let base = self.base.vulnerabilities();
        self.over.as_ref().map_or(base, Overlay::vulnerabilities)
    }

    /// The numbers of the advisories in this index.
    pub fn each_advisory(&self) -> impl Iterator<Item = Result<u32, IndexError>> {
        let count = self.base.advisories();
        let own = (0..count).filter_map(|number| self.unhidden(number).transpose());
        let over = self.over.as_ref().map_or(0, |over| over.layer.advisories());
        own.chain((count..count.saturating_add(over)).map(Ok))
    }

    /// An advisory of the first file, where it is not hidden.
    fn unhidden(&self, advisory: u32) -> Result<Option<u32>, IndexError> {
        let Some(over) = &self.over else { return Ok(Some(advisory)) };
        let vulnerability = self.base.head(advisory)?.vulnerability;
        Ok((!over.hides(vulnerability)).then_some(advisory))
    }

    /// The numbers of the vulnerabilities in this index.
    pub fn each_vulnerability(&self) -> impl Iterator<Item = u32> {
        let count = self.base.vulnerabilities();
        let is_hidden = |number: &u32| self.over.as_ref().is_some_and(|over| over.hides(*number));
        let over = self.over.as_ref().map_or(0, |over| over.layer.vulnerabilities());
        (0..count).filter(move |number| !is_hidden(number)).chain(count..count.saturating_add(over))
    }

    /// What is known of an advisory without unpacking it. Of one that is hidden nobody stands by what it says.
    pub fn head(&self, advisory: u32) -> Result<Head, IndexError> {
        match self.place(advisory) {
            (None, own) => {
                let head = self.base.head(own)?;
                let is_hidden =
                    self.over.as_ref().is_some_and(|over| over.hides(head.vulnerability));
                Ok(Head { stands: head.stands && !is_hidden, ..head })
            }
            (Some(over), own) => {
                let head = over.layer.head(own)?;
                Ok(Head { vulnerability: over.first_vulnerability + head.vulnerability, ..head })
            }
        }
    }

    /// An advisory without its claims.
    pub fn details(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let (over, own) = self.place(advisory);
        over.map_or(&self.base, |over| &over.layer).details(own)
    }

    /// What is told of an advisory wherever it is named.
    pub fn brief(&self, advisory: u32) -> Result<Brief, IndexError> {
        let (over, own) = self.place(advisory);
        over.map_or(&self.base, |over| &over.layer).brief(own)
    }

    /// An advisory as it was added.
    pub fn advisory(&self, advisory: u32) -> Result<Advisory, IndexError> {
        let (over, own) = self.place(advisory);
        over.map_or(&self.base, |over| &over.layer).advisory(own)
    }

    /// In which file an advisory stands, and its number there.
    fn place(&self, advisory: u32) -> (Option<&Overlay<'a>>, u32) {
        let over = self.over.as_ref().filter(|over| advisory >= over.first_advisory);
        (over, over.map_or(advisory, |over| advisory - over.first_advisory))
    }

    /// A vulnerability by its number in this index.
    pub fn vulnerability(&self, vulnerability: u32) -> Result<Vulnerability, IndexError> {
        let Some(over) = &self.over else { return self.base.vulnerability(vulnerability) };
        over.amended(match vulnerability.checked_sub(over.first_vulnerability) {
            Some(own) => over.layer.vulnerability(own)?,
            None => self.base.vulnerability(vulnerability)?,
        })
    }

    /// The vulnerabilities that have this number; an alert's may stand for several.
    pub fn find(&self, number: &str) -> Result<Vec<Vulnerability>, IndexError> {
        let found = self.base.find(number)?;
        let Some(over) = &self.over else {
            return Ok(found.into_iter().map(|(_, known)| known).collect());
        };
        let mut all = Vec::new();
        for (own, known) in found.into_iter().filter(|(own, _)| !over.hides(*own)) {
            let known = over.amended(known)?;
            // What only a list spoke of that does not hold any more.
            let is_listed = known.exploited.is_some() || known.forecast.is_some();
            if is_listed || self.base.has_members(own)? {
                all.push(known);
            }
        }
        for (_, known) in over.layer.find(number)? {
            all.push(over.amended(known)?);
        }
        if all.is_empty() {
            all.extend(over.listed(number)?);
        }
        all.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(all)
    }
}

/// The hash by which a number is looked up.
fn number_hash(number: &str) -> u64 {
    let digest = Digest::of(number.as_bytes()).0;
    u64::from_be_bytes(digest.first_chunk::<8>().copied().unwrap_or_default())
}

/// What leads to a number, by that under which it is looked up, as it stands in its table.
fn leads(mut all: Vec<(u64, u32)>) -> Vec<u8> {
    all.sort_unstable();
    all.dedup();
    let entry = |(under, to): (u64, u32)| [&under.to_be_bytes()[..], &to.to_be_bytes()].concat();
    all.into_iter().flat_map(entry).collect()
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
mod amend_tests;
#[cfg(test)]
mod tests;
