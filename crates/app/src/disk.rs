//! How much room the data takes, how fast it grows, and when the disk is full: as far as what came in so far tells.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Act, App, AppError};

/// Days of imports by which the growth is judged.
const LOOKED_AT: i64 = 30;

/// With imports of fewer days than this, nothing is said of the growth.
const LEAST_DAYS: i64 = 7;

/// The data folder on its disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiskView {
    /// The folder.
    pub folder: String,
    /// What its files take, in bytes.
    pub size: u64,
    /// What is free on its disk.
    pub free: Option<u64>,
    /// What the disk holds.
    pub total: Option<u64>,
    /// Bytes that come to it on a usual day; none where too little is known.
    pub per_day: Option<u64>,
    /// In how many days the disk is full at this pace; none where too little is known, or nothing comes.
    pub full_in: Option<u64>,
}

impl App {
    /// The data folder on its disk.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn disk(&self, act: &Act) -> Result<DiskView, AppError> {
        let imports = self.facility()?.read(store::View::imports)?;
        let brought: Vec<(Timestamp, u64)> =
            imports.iter().map(|import| (import.imported_at, import.size)).collect();
        let size = size_of(self.folder());
        let free = fs4::available_space(self.folder()).ok();
        let per_day = growth(&brought, size, act.now);
        Ok(DiskView {
            folder: self.folder().display().to_string(),
            size,
            free,
            total: fs4::total_space(self.folder()).ok(),
            per_day,
            full_in: free.zip(per_day).and_then(|(free, per_day)| free.checked_div(per_day)),
        })
    }
}

/// Whether two folders lie on one disk; none where the system does not tell.
pub(crate) fn on_one_disk(one: &Path, other: &Path) -> Option<bool> {
    let (one, other) = (one.canonicalize().ok()?, other.canonicalize().ok()?);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| std::fs::metadata(path).map(|meta| meta.dev()).ok();
        Some(device(&one)? == device(&other)?)
    }
    #[cfg(not(unix))]
    {
        // The drive's letter, or the share.
        Some(one.components().next()? == other.components().next()?)
    }
}

/// What the files in a folder take. What cannot be read counts as nothing.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size_of(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Bytes a day that come to a folder of `size`, by what was `brought` in the last weeks; none where that is too little to tell.
///
/// What a document takes in the folder is told by what all of them take together.
fn growth(brought: &[(Timestamp, u64)], size: u64, now: Timestamp) -> Option<u64> {
    let first = brought.iter().map(|(at, _)| *at).min()?;
    let days = now.duration_since(first).as_hours() / 24;
    if days < LEAST_DAYS {
        return None;
    }
    let days = days.min(LOOKED_AT);
    let all: u64 = brought.iter().map(|(_, bytes)| bytes).sum();
    let recent: u64 = brought
        .iter()
        .filter(|(at, _)| now.duration_since(*at).as_hours() < days * 24)
        .map(|(_, bytes)| bytes)
        .sum();
    let grown = u128::from(size) * u128::from(recent) / u128::from(all.max(1));
    u64::try_from(grown / u128::try_from(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(day * 24)
    }

    #[test]
    fn of_a_few_days_nothing_is_said() {
        assert_eq!(growth(&[], 1000, at(10)), None);
        assert_eq!(growth(&[(at(4), 100)], 1000, at(10)), None);
        assert_eq!(growth(&[(at(12), 100)], 1000, at(10)), None, "the clock went back");
    }

    #[test]
    fn the_growth_is_what_came_in_lately_as_it_lies_in_the_folder() {
        // 100 bytes a day for a hundred days, which take twice as much in the folder.
        let brought: Vec<_> = (0..100).map(|day| (at(day), 100)).collect();
        assert_eq!(
            growth(&brought, 20_000, at(100)),
            Some(193),
            "the last 29 of 30 days and a bit"
        );
        // Ten days, all at once in the beginning.
        assert_eq!(growth(&[(at(0), 500)], 1000, at(40)), Some(0), "nothing comes any more");
        assert_eq!(growth(&[(at(1), u64::MAX)], u64::MAX, at(9)), Some(0));
    }
}
