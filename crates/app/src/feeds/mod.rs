//! What is at hand of vulnerabilities: the feeds that were taken in, and the index that was built of them.

mod gather;
mod take;
mod views;

pub(crate) use gather::{alone, opened, unread};
pub use take::{Content, FeedFile, FeedStep};
pub(crate) use views::described;
pub use views::{FeedFileView, FeedSourceView, FeedsImportView, FeedsView};

use std::sync::Arc;

use domain::Digest;
use engine::advisories::index::{Index, IndexError};
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
    /// When it was built, in milliseconds since 1970.
    at: i64,
}

impl Mark {
    fn read(view: &View) -> Result<Option<Self>, AppError> {
        let kept = view.setting(INDEX)?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    fn digest(&self) -> Option<Digest> {
        self.index.parse().ok()
    }

    fn at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.at).ok()
    }
}

/// What is at hand of vulnerabilities.
#[derive(Debug, Clone, Default)]
pub(crate) enum Advisories {
    /// Nothing was ever taken in.
    #[default]
    None,
    /// Something was, and its file is gone: after a backup was restored elsewhere, for one.
    Lost,
    /// The file, which may still turn out to be damaged.
    Kept(Arc<Mapped>, Option<Timestamp>),
}

impl Advisories {
    /// Lends the index, where there is one that can be opened.
    pub(crate) fn index(&self) -> Option<Result<Index<'_>, IndexError>> {
        match self {
            Self::Kept(bytes, _) => Some(Index::open(bytes)),
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
        let Some(digest) = mark.digest() else { return Ok(Advisories::Lost) };
        Ok(match self.shelf().open(digest)? {
            Some(bytes) => Advisories::Kept(Arc::new(bytes), mark.at()),
            None => Advisories::Lost,
        })
    }

    /// What is at hand of vulnerabilities: which feeds, how many records, how new.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn feeds(&self, now: Timestamp) -> Result<FeedsView, AppError> {
        let advisories = self.facility()?.read(|view| self.advisories(view))?;
        Ok(views::feeds_view(&advisories, now))
    }

    fn shelf(&self) -> Shelf {
        Shelf::of(self.folder())
    }
}
