//! What users and scripts get to see of feeds.

use std::collections::BTreeMap;

use engine::advisories::index::{Index, IndexError, Source};
use engine::weaknesses::newest;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Advisories;
use super::dates::Dates;

/// What is at hand of vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct FeedsView {
    /// `ready`; `none` where nothing was ever taken in; `lost` where the index is gone; `damaged` where it is not what was written.
    pub state: String,
    /// When the index was built (RFC 3339, UTC).
    pub imported_at: Option<String>,
    /// Days since the newest record of the lists of vulnerabilities; of all feeds where there is no such list.
    pub age_days: Option<i64>,
    /// Advisories.
    pub advisories: u64,
    /// Vulnerabilities.
    pub vulnerabilities: u64,
    /// Size of the index in bytes, in one file or two.
    pub bytes: u64,
    /// The feeds of vulnerabilities, by kind and name; then the end-of-life tables (`endoflife`), by file.
    pub sources: Vec<FeedSourceView>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeedSourceView {
    /// Its kind, such as `nvd`, `kev`, `epss`.
    pub feed: String,
    /// The file or folder it came in.
    pub name: String,
    /// How many of its records were read.
    pub records: u64,
    /// When the newest of them was changed (RFC 3339, UTC).
    pub newest: Option<String>,
    /// Days since then.
    pub age_days: Option<i64>,
    /// How many of its records were refused.
    pub refused: u64,
    /// When it was last taken in (RFC 3339, UTC); none where that was not kept.
    pub taken_at: Option<String>,
}

/// What came of feeds that were brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct FeedsImportView {
    /// One for each file, in the order given.
    pub files: Vec<FeedFileView>,
    /// Advisories that were left out, since a later edition of the same document was there.
    pub replaced: u64,
    /// What should be known of the whole.
    pub warnings: Vec<String>,
    /// What is at hand now.
    pub feeds: FeedsView,
}

/// What came of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct FeedFileView {
    /// The path as it was given.
    pub path: String,
    /// What it was read as; none where it was refused.
    pub format: Option<String>,
    /// Why nothing of it was used.
    pub error: Option<String>,
    /// Records that were read.
    pub records: u64,
    /// When the newest of them was changed (RFC 3339, UTC).
    pub newest: Option<String>,
    /// Records that were refused.
    pub refused: u64,
    /// Why, one sentence for each of the first.
    pub refusals: Vec<String>,
    /// What else should be known, the first.
    pub warnings: Vec<String>,
    /// What was left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
}

/// Describes what is at hand, the support dates that came as feeds among it.
pub(super) fn feeds_view(advisories: &Advisories, dates: &Dates, now: Timestamp) -> FeedsView {
    let mut view = index_view(advisories, now);
    view.sources.extend(dates.sources(now));
    view
}

fn index_view(advisories: &Advisories, now: Timestamp) -> FeedsView {
    let state = |state: &str| FeedsView { state: state.to_owned(), ..FeedsView::default() };
    let (files, at) = match advisories {
        Advisories::None => return state("none"),
        Advisories::Lost => return state("lost"),
        Advisories::Kept(files, at) => (files, *at),
    };
    let taken = |source: &Source| files.taken_at(source);
    match files.open().and_then(|index| described_with(&index, now, &taken)) {
        Ok(view) => {
            FeedsView { imported_at: at.map(|at| at.to_string()), bytes: files.bytes(), ..view }
        }
        Err(_) => state("damaged"),
    }
}

/// Describes an index of which is not known when its feeds were taken in.
pub(crate) fn described(index: &Index<'_>, now: Timestamp) -> Result<FeedsView, IndexError> {
    described_with(index, now, &|_| None)
}

fn described_with(
    index: &Index<'_>,
    now: Timestamp,
    taken: &dyn Fn(&Source) -> Option<Timestamp>,
) -> Result<FeedsView, IndexError> {
    let sources = index.sources()?;
    Ok(FeedsView {
        state: "ready".to_owned(),
        imported_at: None,
        age_days: newest(&sources).map(|newest| days(newest, now)),
        advisories: u64::from(index.advisories()),
        vulnerabilities: u64::from(index.vulnerabilities()),
        bytes: 0,
        sources: sources.iter().map(|source| source_view(source, now, taken(source))).collect(),
    })
}

fn source_view(source: &Source, now: Timestamp, taken: Option<Timestamp>) -> FeedSourceView {
    FeedSourceView {
        feed: source.feed.key().to_owned(),
        name: source.name.clone(),
        records: source.records,
        newest: source.newest.map(|newest| newest.to_string()),
        age_days: source.newest.map(|newest| days(newest, now)),
        refused: source.refused,
        taken_at: taken.map(|taken| taken.to_string()),
    }
}

/// Whole days from `then` to `now`; none that are negative, since clocks differ.
pub(super) fn days(then: Timestamp, now: Timestamp) -> i64 {
    (now.duration_since(then).as_hours() / 24).max(0)
}
