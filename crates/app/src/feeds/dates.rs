//! Support dates that came as a feed: which end-of-life tables were delivered, and which of their releases count.
//!
//! They lie between the table that ships and the hospital's own rows (`docs/decisions/0005-where-support-dates-come-from.md`). They are
//! kept in a setting under the words of their publisher, so that a later version of the program can read more of them.

use std::collections::BTreeMap;

use domain::message::Arg;
use domain::{
    LifecycleTable, Message, Place, SupportEnd, SupportRelease, SupportTable, Warning, msg,
};
use jiff::Timestamp;
use jiff::civil::Date;
use reference::lifecycle;
use serde::{Deserialize, Serialize};
use store::{Change, View};

use super::gather::Taken;
use super::views::{FeedSourceView, days};
use crate::{Act, App, AppError};

/// The setting that holds them.
const DATES: &str = "support.delivered";

/// The kind of such a feed in views.
pub(super) const FEED: &str = "endoflife";

/// A table may be dated so much ahead of our clock, in hours: clocks differ.
const AHEAD_HOURS: i64 = 24;

/// Names that are told in one sentence.
const NAMED: usize = 40;

/// The tables that count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Dates {
    /// One for each product, in the order of their names.
    tables: Vec<Kept>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    product: String,
    /// The file that told the product by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    named_by: Option<String>,
    #[serde(with = "crate::as_text::option")]
    made: Option<Timestamp>,
    /// The file it came in.
    file: String,
    /// When it was taken in, in milliseconds since 1970.
    at: i64,
    /// Releases of that file that were refused.
    refused: u64,
    releases: Vec<KeptRelease>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptRelease {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    latest: String,
    #[serde(with = "crate::as_text::option", default, skip_serializing_if = "Option::is_none")]
    active: Option<Date>,
    /// A day, `over`, `going` or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    end: String,
    #[serde(with = "crate::as_text::option", default, skip_serializing_if = "Option::is_none")]
    extended: Option<Date>,
}

impl Dates {
    pub(crate) fn read(view: &View) -> Result<Self, AppError> {
        let kept = view.setting(DATES)?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
    }

    pub(super) fn write(&self, change: &mut Change) -> Result<(), AppError> {
        Ok(change.set_setting(DATES, &serde_json::to_string(self).unwrap_or_default())?)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// `table` with the rows that were delivered where they say more.
    pub(crate) fn over(&self, table: LifecycleTable) -> LifecycleTable {
        self.tables.iter().map(Kept::table).fold(table, |under, table| {
            let made = lifecycle::made_on(&table);
            under.refresh(lifecycle::delivered(&table).entries, made)
        })
    }

    /// Takes up the tables of a file, and says in `taken` what of them is used.
    ///
    /// # Errors
    ///
    /// Why none of them is used; then nothing was taken up.
    pub(super) fn take(
        &mut self,
        tables: Vec<SupportTable>,
        taken: &mut Taken,
        file: &str,
        now: Timestamp,
    ) -> Result<(), Message> {
        let mut sorted = Sorted::default();
        for table in tables {
            self.sort(table, now, &mut sorted)?;
        }
        let Some(undated) = sorted.used.iter().map(|table| table.made.is_none()).max() else {
            return Err(sorted.refusal());
        };
        let used: u64 = sorted.used.iter().map(known).sum();
        taken.records = used;
        let left = [
            ("support_products", &sorted.products),
            ("support_releases", &sorted.releases),
            ("support_older", &sorted.older),
        ];
        for (reason, left) in left {
            let count: u64 = left.values().sum();
            if count > 0 {
                taken.skipped.insert(reason, count);
            }
        }
        taken.warnings.extend(sorted.warnings(undated));
        for table in sorted.used {
            self.tables.retain(|kept| kept.product != table.product);
            self.tables.push(Kept::of(table, file, now, taken.refused_count));
        }
        self.tables.sort_by(|one, other| one.product.cmp(&other.product));
        Ok(())
    }

    /// Says of one table whether it is used.
    fn sort(&self, table: SupportTable, now: Timestamp, to: &mut Sorted) -> Result<(), Message> {
        let count = table.releases.len() as u64;
        if let Some(made) = table.made
            && made.duration_since(now).as_hours() >= AHEAD_HOURS
        {
            return Err(msg!("refusal.support_ahead", date = day(made)));
        }
        if !lifecycle::is_known(&table.product) {
            if let Some(file) = &table.named_by {
                return Err(msg!("refusal.support_product", file = file));
            }
            *to.products.entry(table.product).or_default() += count;
            return Ok(());
        }
        let found = lifecycle::delivered(&table);
        for release in found.unknown {
            *to.releases.entry(format!("{} {release}", table.product)).or_default() += 1;
        }
        if found.entries.is_empty() {
            return Ok(());
        }
        let held = self.tables.iter().find(|kept| kept.product == table.product);
        if let Some(held) = held.and_then(|held| held.made)
            && table.made.is_none_or(|made| made < held)
        {
            to.refused.get_or_insert(match table.made {
                None => msg!("refusal.feed_undated", held = day(held)),
                Some(made) => msg!("refusal.feed_older", date = day(made), held = day(held)),
            });
            *to.older.entry(table.product).or_default() += found.entries.len() as u64;
            return Ok(());
        }
        to.used.push(table);
        Ok(())
    }

    /// What is told of them beside the feeds of vulnerabilities: a row for each file.
    pub(super) fn sources(&self, now: Timestamp) -> Vec<FeedSourceView> {
        let mut files: BTreeMap<&str, Vec<&Kept>> = BTreeMap::new();
        self.tables.iter().for_each(|table| files.entry(&table.file).or_default().push(table));
        let source = |(file, tables): (&str, Vec<&Kept>)| {
            let newest = tables.iter().filter_map(|table| table.made).max();
            let taken = tables.iter().map(|table| table.at).max();
            let taken = taken.and_then(|at| Timestamp::from_millisecond(at).ok());
            FeedSourceView {
                feed: FEED.to_owned(),
                name: file.to_owned(),
                records: tables.iter().map(|kept| known(&kept.table())).sum(),
                newest: newest.map(|newest| newest.to_string()),
                age_days: newest.map(|newest| days(newest, now)),
                refused: tables.iter().map(|table| table.refused).max().unwrap_or_default(),
                taken_at: taken.map(|taken| taken.to_string()),
            }
        };
        files.into_iter().map(source).collect()
    }

    /// Each product, with the day of its table where that is known, for the record.
    pub(super) fn told(&self) -> Vec<serde_json::Value> {
        let told = |table: &Kept| {
            let made = table.made.map(|made| made.to_string());
            serde_json::json!({ "product": table.product, "made": made })
        };
        self.tables.iter().map(told).collect()
    }
}

/// How many releases of a table are rows of ours.
fn known(table: &SupportTable) -> u64 {
    lifecycle::delivered(table).entries.len() as u64
}

fn day(at: Timestamp) -> Date {
    engine::known::JAPAN.to_datetime(at).date()
}

/// What becomes of the tables of a file. Each count is of releases.
#[derive(Default)]
struct Sorted {
    used: Vec<SupportTable>,
    products: BTreeMap<String, u64>,
    releases: BTreeMap<String, u64>,
    older: BTreeMap<String, u64>,
    /// Why the first that is older is not used.
    refused: Option<Message>,
}

impl Sorted {
    /// Why nothing is used.
    fn refusal(self) -> Message {
        let names = named(self.products.keys().chain(self.releases.keys()));
        self.refused.unwrap_or_else(|| msg!("refusal.support_none", names = names))
    }

    fn warnings(&self, undated: bool) -> Vec<Warning> {
        let mut said = Vec::new();
        for table in &self.used {
            if let Some(file) = &table.named_by {
                said.push(msg!("support.named_by", file = file, product = &table.product));
            }
        }
        if undated {
            said.push(msg!("support.undated"));
        }
        if !self.products.is_empty() {
            said.push(msg!("support.products", names = named(self.products.keys())));
        }
        if !self.releases.is_empty() {
            said.push(msg!("support.releases", names = named(self.releases.keys())));
        }
        if !self.older.is_empty() {
            said.push(msg!("support.older", names = named(self.older.keys())));
        }
        said.into_iter().map(|message| Warning { place: Place::DOCUMENT, message }).collect()
    }
}

/// The first names, and how many there are beside them.
fn named<'n>(names: impl Iterator<Item = &'n String>) -> Arg {
    let mut named: Vec<Arg> = names.map(|name| Arg::Text(formats::text::excerpt(name))).collect();
    let more = named.len().saturating_sub(NAMED);
    if more > 0 {
        named.truncate(NAMED);
        named.push(Arg::from(msg!("support.and_more", more = more)));
    }
    Arg::List(named)
}

impl Kept {
    fn of(table: SupportTable, file: &str, now: Timestamp, refused: u64) -> Self {
        Self {
            product: table.product,
            named_by: table.named_by,
            made: table.made,
            file: file.to_owned(),
            at: now.as_millisecond(),
            refused,
            releases: table.releases.into_iter().map(KeptRelease::of).collect(),
        }
    }

    fn table(&self) -> SupportTable {
        SupportTable {
            product: self.product.clone(),
            named_by: self.named_by.clone(),
            made: self.made,
            releases: self.releases.iter().map(KeptRelease::release).collect(),
        }
    }
}

impl KeptRelease {
    fn of(release: SupportRelease) -> Self {
        let end = match release.end {
            SupportEnd::On(day) => day.to_string(),
            SupportEnd::Over => "over".to_owned(),
            SupportEnd::Going => "going".to_owned(),
            SupportEnd::Unsaid => String::new(),
        };
        let SupportRelease { name, latest, active, extended, .. } = release;
        Self { name, latest, active, end, extended }
    }

    fn release(&self) -> SupportRelease {
        let end = match self.end.as_str() {
            "over" => SupportEnd::Over,
            "going" => SupportEnd::Going,
            day => day.parse().map_or(SupportEnd::Unsaid, SupportEnd::On),
        };
        SupportRelease {
            name: self.name.clone(),
            latest: self.latest.clone(),
            active: self.active,
            end,
            extended: self.extended,
        }
    }
}

/// What tells some delivered dates from others.
pub(crate) fn mark(view: &View) -> Result<Option<String>, AppError> {
    Ok(view.setting(DATES)?)
}

impl App {
    /// Uses no delivered support dates any more: what ships with the program and the hospital's own rows count again.
    ///
    /// # Errors
    ///
    /// [`AppError::Feeds`] where there are none, and what the store says.
    pub fn withdraw_support_dates(&self, act: &Act) -> Result<(), AppError> {
        let dates = self.facility()?.read(Dates::read)?;
        if dates.is_empty() {
            return Err(AppError::Feeds(msg!("app.no_support_dates")));
        }
        let detail = serde_json::json!({ "support": dates.told() });
        let entry = act.entry("feeds.support.withdraw", FEED.to_owned(), &detail);
        self.facility()?.change(entry, |change| {
            if Dates::read(change.view())? != dates {
                return Err(AppError::Feeds(msg!("app.feeds_meanwhile")));
            }
            Dates::default().write(change)
        })
    }
}
