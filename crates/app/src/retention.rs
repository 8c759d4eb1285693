//! How long documents are kept (保存期間): what was read from them, their digests and the record stay for ever; the bytes of those that
//! nothing rests on any more may go after some years.

use std::collections::BTreeMap;

use domain::{Digest, Import, ImportState, Keeping, SourceId, msg};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use serde_json::json;
use store::View;

use crate::parts_lists::is_parts_list;
use crate::{Act, App, AppError, drift, inquiry, matter, notice, support};

const KEEP_YEARS: &str = "desk.keep_evidence_years";

/// The fewest years a document is kept: an inspector asks for what was shown the year before.
const LEAST_YEARS: i16 = 2;

/// The most that can be chosen, beside "for ever".
const MOST_YEARS: i16 = 30;

/// Days on which a round was done, of the last [`LOOKED_AT`]: with fewer, the clock may have jumped ahead, and nothing goes.
const LEAST_ROUNDS: usize = 7;

/// Days before today that are looked at for rounds.
const LOOKED_AT: i64 = 31;

/// How long documents are kept, and what that means today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RetentionView {
    /// Years after which the bytes go of a document that a newer edition replaced, or whose import was undone; none: never.
    pub years: Option<i16>,
    /// Documents whose time is over.
    pub documents: u64,
    /// What they take in the data folder, in bytes.
    pub bytes: u64,
}

impl App {
    /// How long documents are kept, and what is over today.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn retention(&self, now: Timestamp) -> Result<RetentionView, AppError> {
        self.facility()?.read(|view| {
            let years = years(view)?;
            let (mut documents, mut bytes) = (0, 0);
            for (_, size) in over(view, years, now)? {
                documents += 1;
                bytes += size;
            }
            Ok(RetentionView { years, documents, bytes })
        })
    }

    /// Sets after how many years documents go that nothing rests on; `None`: never.
    ///
    /// # Errors
    ///
    /// [`AppError::Setting`] where the years do not fit; and what the store says.
    pub fn set_retention(&self, years: Option<i16>, act: &Act) -> Result<(), AppError> {
        if years.is_some_and(|years| !(LEAST_YEARS..=MOST_YEARS).contains(&years)) {
            let message = msg!(
                "app.setting_years",
                least = i64::from(LEAST_YEARS),
                most = i64::from(MOST_YEARS)
            );
            return Err(AppError::Setting(message));
        }
        let entry = act.entry("setting.retention", String::new(), &json!({ "years": years }));
        let text = years.map(|years| years.to_string()).unwrap_or_default();
        self.facility()?.change(entry, |change| Ok(change.set_setting(KEEP_YEARS, &text)?))
    }

    /// Lets go the bytes of the documents whose time is over, and says how many these were; the record names their digests.
    ///
    /// Nothing goes while rounds were done on fewer than seven of the last 31 days: the clock may have jumped ahead.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn let_go(&self, act: &Act) -> Result<u64, AppError> {
        let facility = self.facility()?;
        let found: Vec<Digest> = facility.read(|view| {
            let today = crate::day_of(act.now);
            if !is_lived_in(
                &view.rounds()?.iter().map(|round| round.date).collect::<Vec<_>>(),
                today,
            ) {
                return Ok::<_, AppError>(Vec::new());
            }
            let found = over(view, years(view)?, act.now)?;
            Ok(found.into_iter().map(|(digest, _)| digest).collect())
        })?;
        if found.is_empty() {
            return Ok(0);
        }
        let digests: Vec<String> = found.iter().map(ToString::to_string).collect();
        let entry = act.entry("retention", String::new(), &json!({ "evidence": digests }));
        facility.change(entry, |change| {
            // Meanwhile somebody may have taken one up again.
            let still = over(change.view(), years(change.view())?, act.now)?;
            let mut gone = 0;
            for digest in found.iter().filter(|digest| still.iter().any(|(one, _)| one == *digest))
            {
                change.let_evidence_go(*digest)?;
                gone += 1;
            }
            Ok(gone)
        })
    }
}

fn years(view: &View) -> Result<Option<i16>, AppError> {
    let kept = view.setting(KEEP_YEARS)?.and_then(|kept| kept.parse().ok());
    Ok(kept.filter(|years| (LEAST_YEARS..=MOST_YEARS).contains(years)))
}

/// Whether rounds were done on so many of the last days that the clock can be believed.
fn is_lived_in(rounds: &[Date], today: Date) -> bool {
    let Ok(first) = today.checked_sub(LOOKED_AT.days()) else { return false };
    let mut days: Vec<Date> =
        rounds.iter().copied().filter(|day| (first..today).contains(day)).collect();
    days.sort();
    days.dedup();
    days.len() >= LEAST_ROUNDS
}

/// The documents whose time is over at `now` and whose bytes are still kept, with what they take.
fn over(view: &View, years: Option<i16>, now: Timestamp) -> Result<Vec<(Digest, u64)>, AppError> {
    let Some(years) = years else { return Ok(Vec::new()) };
    let Ok(last) = crate::day_of(now).checked_sub(years.years()) else { return Ok(Vec::new()) };
    let mut held = inquiry::evidence_of(&matter::all(view)?);
    held.extend(notice::evidence_of(&matter::all(view)?));
    let mut found = Vec::new();
    for digest in rested(&view.imports()?, last).into_iter().filter(|one| !held.contains(one)) {
        if let Some(size) = view.evidence_size(digest)? {
            found.push((digest, size));
        }
    }
    Ok(found)
}

/// Documents of which every import came in on `last` or before, and was undone or replaced by a newer edition of its source.
///
/// What people entered by hand and tables of support dates are read again from their bytes, and stay.
fn rested(imports: &[Import], last: Date) -> Vec<Digest> {
    let mut newest: BTreeMap<&SourceId, (Timestamp, Digest)> = BTreeMap::new();
    for import in imports.iter().filter(|import| import.state == ImportState::Active) {
        let known = newest.entry(&import.source).or_insert((import.captured_at, import.evidence));
        *known = (*known).max((import.captured_at, import.evidence));
    }
    let rests = |import: &Import| {
        let replaced = newest
            .get(&import.source)
            .is_some_and(|newest| *newest > (import.captured_at, import.evidence));
        let kind = import.kind.as_str();
        // Every edition of a parts list is kept: what was inside an earlier release is asked years later.
        let is_read_again = [drift::KIND, support::KIND].contains(&kind) || is_parts_list(kind);
        let is_over = crate::day_of(import.imported_at) <= last;
        let is_out = replaced || import.state == ImportState::Undone;
        is_out && is_over && !is_read_again && import.keeping != Keeping::Distilled
    };
    let mut documents: BTreeMap<Digest, bool> = BTreeMap::new();
    for import in imports {
        *documents.entry(import.evidence).or_insert(true) &= rests(import);
    }
    documents.into_iter().filter_map(|(digest, rested)| rested.then_some(digest)).collect()
}

#[cfg(test)]
mod tests {
    use domain::ImportId;

    use super::*;

    fn import(id: u32, source: &str, day: &str, evidence: u8) -> Import {
        let at: Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
        Import {
            id: ImportId(id),
            evidence: Digest([evidence; 32]),
            file_name: "x".into(),
            size: 1,
            keeping: Keeping::Whole,
            source: SourceId::new(source),
            kind: "windows-arp".into(),
            reader_version: 1,
            encoding: None,
            captured_at: at,
            imported_at: at,
            imported_by: "test".into(),
            rows: 1,
            state: ImportState::Active,
        }
    }

    fn on(day: &str, imports: &[Import]) -> Vec<u8> {
        rested(imports, day.parse().unwrap()).iter().map(|digest| digest.0[0]).collect()
    }

    #[test]
    fn only_what_was_replaced_or_undone_long_ago_goes() {
        let mut imports = vec![
            import(1, "arp/a", "2020-01-10", 1),
            import(2, "arp/a", "2021-01-10", 2),
            import(3, "arp/a", "2026-01-10", 3),
            import(4, "arp/b", "2020-01-10", 4),
            import(5, "arp/c", "2020-01-10", 5),
        ];
        imports[4].state = ImportState::Undone;
        assert_eq!(on("2021-01-10", &imports), [1, 2, 5], "the newest of each source stays");
        assert_eq!(on("2021-01-09", &imports), [1, 5]);
        assert_eq!(on("2019-12-31", &imports), [0; 0]);
    }

    #[test]
    fn what_still_counts_somewhere_or_is_read_again_stays() {
        let mut imports = vec![
            import(1, "arp/a", "2020-01-10", 1),
            import(2, "arp/a", "2021-01-10", 2),
            // The same document as the first, and the newest of another source.
            import(3, "arp/b", "2020-01-10", 1),
        ];
        assert_eq!(on("2026-01-01", &imports), [0; 0]);
        imports[2].evidence = Digest([9; 32]);
        for kind in [drift::KIND, support::KIND, "cyclonedx-json", "spdx-tag-value"] {
            imports[0].kind = kind.into();
            assert_eq!(on("2026-01-01", &imports), [0; 0], "{kind}");
        }
        imports[0].kind = "windows-arp".into();
        imports[0].keeping = Keeping::Distilled;
        assert_eq!(on("2026-01-01", &imports), [0; 0], "nothing of it is kept");
    }

    #[test]
    fn a_clock_that_jumped_ahead_lets_nothing_go() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let rounds: Vec<Date> =
            (1..=10).map(|n| day("2026-11-01").checked_add(n.days()).unwrap()).collect();
        assert!(is_lived_in(&rounds, day("2026-11-20")));
        assert!(!is_lived_in(&rounds, day("2036-11-20")));
        assert!(!is_lived_in(
            &[rounds.clone(), vec![day("2036-11-20")]].concat(),
            day("2036-11-20")
        ));
        assert!(!is_lived_in(&rounds[..6], day("2026-11-20")));
    }
}
