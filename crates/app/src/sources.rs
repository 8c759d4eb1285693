//! Sources: the series of documents, how old the newest of each is, and how fresh it is expected to be.

use std::collections::BTreeMap;

use domain::{ImportState, Source, SourceId, msg};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use store::View;

use crate::board::day_of;
use crate::{Act, App, AppError};

/// The longest that can be expected between two editions, in days: ten years.
pub const MOST_FRESHNESS: u16 = 3_650;

/// A series of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// Its id.
    pub id: String,
    /// What its newest document was read as.
    pub kind: String,
    /// How many imports of it count.
    pub imports: u64,
    /// The number of the newest of them.
    pub newest_import: Option<u32>,
    /// The day of what the newest of them says; none where none counts.
    pub newest: Option<String>,
    /// How many days ago that was.
    pub age_days: Option<i64>,
    /// After how many days a newer one is expected.
    pub freshness_days: Option<u16>,
    /// Whether it is older than that; none where nobody said what is expected, or nothing counts.
    pub stale: Option<bool>,
}

/// How fresh `id` is expected to be.
pub(crate) fn freshness(view: &View, id: &SourceId) -> Result<Option<u16>, AppError> {
    Ok(view.source(id)?.and_then(|known| known.freshness_days))
}

impl App {
    /// Every source, by id, as it stands on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn sources(&self, today: Date) -> Result<Vec<SourceView>, AppError> {
        self.facility()?.read(|view| {
            let mut counting: BTreeMap<SourceId, (u64, jiff::Timestamp, u32)> = BTreeMap::new();
            let imports = view.imports()?;
            for import in imports.iter().filter(|import| import.state == ImportState::Active) {
                let known = counting.entry(import.source.clone()).or_insert((
                    0,
                    import.captured_at,
                    import.id.0,
                ));
                known.0 += 1;
                if import.captured_at >= known.1 {
                    (known.1, known.2) = (import.captured_at, import.id.0);
                }
            }
            let sources = view.sources()?.into_iter();
            Ok(sources
                .map(|source| source_view(&source, counting.get(&source.id), today))
                .collect())
        })
    }

    /// Says after how many days a newer edition of a source is expected; none for no expectation.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where there is no such source or the number is none of 1 to [`MOST_FRESHNESS`], and what the store says.
    pub fn set_freshness(&self, id: &str, days: Option<u16>, act: &Act) -> Result<(), AppError> {
        if days.is_some_and(|days| days == 0 || days > MOST_FRESHNESS) {
            return Err(AppError::Upload(msg!("app.freshness_days", most = MOST_FRESHNESS)));
        }
        let entry = act.entry("source.freshness", format!("source:{id}"), &json!({ "days": days }));
        self.facility()?.change(entry, |change| {
            let sources = change.view().sources()?;
            let known = sources.into_iter().find(|source| source.id.as_str() == id);
            let source =
                known.ok_or_else(|| AppError::Upload(msg!("app.no_source", source = id)))?;
            Ok(change.set_source(&Source { freshness_days: days, ..source })?)
        })
    }
}

fn source_view(
    source: &Source,
    counting: Option<&(u64, jiff::Timestamp, u32)>,
    today: Date,
) -> SourceView {
    let newest = counting.map(|(_, at, _)| day_of(*at));
    let age = newest.and_then(|day| today.since(day).ok()).map(|span| i64::from(span.get_days()));
    SourceView {
        id: source.id.to_string(),
        kind: source.kind.clone(),
        imports: counting.map_or(0, |(imports, ..)| *imports),
        newest_import: counting.map(|(.., number)| *number),
        newest: newest.map(|day| day.to_string()),
        age_days: age,
        freshness_days: source.freshness_days,
        stale: source.freshness_days.zip(age).map(|(days, age)| age > i64::from(days)),
    }
}
