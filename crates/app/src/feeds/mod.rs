//! What is at hand of vulnerabilities: the feeds that were taken in, and the index that was built of them; and the support dates that
//! came with them.

mod dates;
mod delivery;
mod gather;
mod take;
mod views;

pub(crate) use dates::{Dates, mark as dates_mark};
pub use delivery::{DeliveryIntake, DeliveryState, DeliveryView, DeliveryWork};
pub(crate) use gather::{alone, opened, unread};
pub use take::{Content, FeedFile, FeedStep};
pub(crate) use views::described;
pub use views::{FeedFileView, FeedSourceView, FeedsImportView, FeedsView};

use std::sync::Arc;

use domain::Digest;
use engine::advisories::index::{Index, IndexError, Source};
use engine::weaknesses::AtHand;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Mapped, Shelf, View};

use crate::{App, AppError};

/// The setting that names the index that counts.
const INDEX: &str = "advisories.index";

/// Which index counts, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The digest of its file.
    index: String,
    /// The digest of the file that was written over it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over: Option<String>,
    /// When it was built, in milliseconds since 1970.
    at: i64,
    /// When each of its feeds was last taken in, as far as that was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    taken: Vec<TakenAt>,
}

/// When a feed was last taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TakenAt {
    /// Its kind.
    feed: String,
    /// What it is called.
    name: String,
    /// In milliseconds since 1970.
    at: i64,
}

impl TakenAt {
    fn is_of(&self, source: &Source) -> bool {
        self.feed == source.feed.key() && self.name == source.name
    }
}

impl Mark {
    fn read(view: &View) -> Result<Option<Self>, AppError> {
        let kept = view.setting(INDEX)?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// The digests of its files; none where they cannot be read.
    fn digests(&self) -> Option<(Digest, Option<Digest>)> {
        let over = match &self.over {
            None => None,
            Some(over) => Some(over.parse().ok()?),
        };
        Some((self.index.parse().ok()?, over))
    }

    fn at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.at).ok()
    }
}

/// What tells one index that counts from another.
pub(crate) fn mark(view: &View) -> Result<Option<String>, AppError> {
    Ok(view.setting(INDEX)?)
}

/// What is at hand of vulnerabilities.
#[derive(Debug, Clone, Default)]
pub(crate) enum Advisories {
    /// Nothing was ever taken in.
    #[default]
    None,
    /// Something was, and its file is gone: after a backup was restored elsewhere, for one.
    Lost,
    /// The files, which may still turn out to be damaged, and since when they count.
    Kept(Arc<Files>, Option<Timestamp>),
}

/// The files of an index.
#[derive(Debug)]
pub(crate) struct Files {
    base: Mapped,
    over: Option<Mapped>,
    taken: Vec<TakenAt>,
}

impl Files {
    pub(crate) fn open(&self) -> Result<Index<'_>, IndexError> {
        match &self.over {
            None => Index::open(&self.base),
            Some(over) => Index::open_over(&self.base, over),
        }
    }

    /// When a feed in them was last taken in, where that was kept.
    fn taken_at(&self, source: &Source) -> Option<Timestamp> {
        let kept = self.taken.iter().find(|kept| kept.is_of(source))?;
        Timestamp::from_millisecond(kept.at).ok()
    }

    /// How many bytes they have together.
    fn bytes(&self) -> u64 {
        (self.base.len() + self.over.as_ref().map_or(0, |over| over.len())) as u64
    }
}

/// How old what is at hand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedsAge {
    /// `ready`, `none`, `lost` or `damaged`.
    pub state: &'static str,
    /// The day of the newest record.
    pub newest: Option<jiff::civil::Date>,
}

impl Advisories {
    /// Lends the index, where there is one that can be opened.
    pub(crate) fn index(&self) -> Option<Result<Index<'_>, IndexError>> {
        match self {
            Self::Kept(files, _) => Some(files.open()),
            Self::None | Self::Lost => None,
        }
    }

    /// The same as the engine takes it, with what [`Self::index`] lent.
    pub(crate) fn at_hand<'i>(
        &self,
        index: Option<&'i Result<Index<'i>, IndexError>>,
    ) -> AtHand<'i> {
        match (self, index) {
            (Self::None, _) => AtHand::None,
            (Self::Lost, _) | (Self::Kept(..), None) => AtHand::Lost,
            (Self::Kept(..), Some(Ok(index))) => AtHand::Ready(index),
            (Self::Kept(..), Some(Err(_))) => AtHand::Damaged,
        }
    }
}

impl App {
    /// What is at hand of vulnerabilities in the moment of `view`.
    pub(crate) fn advisories(&self, view: &View) -> Result<Advisories, AppError> {
        let Some(mark) = Mark::read(view)? else { return Ok(Advisories::None) };
        let Some((base, over)) = mark.digests() else { return Ok(Advisories::Lost) };
        let Some(base) = self.shelf().open(base)? else { return Ok(Advisories::Lost) };
        let over = match over {
            None => None,
            Some(over) => match self.shelf().open(over)? {
                Some(over) => Some(over),
                None => return Ok(Advisories::Lost),
            },
        };
        Ok(Advisories::Kept(Arc::new(Files { base, over, taken: mark.taken.clone() }), mark.at()))
    }

    /// What is at hand of vulnerabilities: which feeds, how many records, how new.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn feeds(&self, now: Timestamp) -> Result<FeedsView, AppError> {
        let (advisories, dates) = self
            .facility()?
            .read(|view| Ok::<_, AppError>((self.advisories(view)?, Dates::read(view)?)))?;
        Ok(views::feeds_view(&advisories, &dates, now))
    }

    /// The state of what is at hand, and the day of its newest record.
    pub(crate) fn feeds_age(&self, view: &View) -> Result<FeedsAge, AppError> {
        let advisories = self.advisories(view)?;
        let opened = advisories.index().map(|index| index.and_then(|index| index.sources()));
        Ok(match (&advisories, opened) {
            (Advisories::None, _) => FeedsAge { state: "none", newest: None },
            (Advisories::Lost, _) | (_, None) => FeedsAge { state: "lost", newest: None },
            (_, Some(Err(_))) => FeedsAge { state: "damaged", newest: None },
            (_, Some(Ok(sources))) => {
                let newest = engine::weaknesses::newest(&sources);
                let day = newest.map(|newest| engine::known::JAPAN.to_datetime(newest).date());
                FeedsAge { state: "ready", newest: day }
            }
        })
    }

    fn shelf(&self) -> Shelf {
        Shelf::of(self.folder())
    }
}
