//! Protection against malware: what the ledger says of it, and what its console knows.

use domain::{Field, Observation, ObservationKind, ObservationRef, fold};
use jiff::civil::Date;

use crate::known::Chart;
use crate::world::local_time;

/// What a ledger states of a device's protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// It has one.
    Yes,
    /// It has none.
    No,
    /// Its manufacturer does not permit one. An answer with a source, not an alarm.
    NotPermitted,
    /// The question does not arise (対象外).
    NotApplicable,
    /// Nobody knows.
    Unknown,
}

/// Reads the ledger's word: 「あり」, 「なし」, 「対象外」, 「メーカー不可」, or the name of a product.
pub fn stated(text: &str) -> Stated {
    let word = fold(text);
    let is = |words: &[&str]| words.iter().any(|known| fold(known) == word);
    let holds = |words: &[&str]| words.iter().any(|known| word.contains(&fold(known)));
    if word.is_empty() || is(&["不明", "?", "未確認", "unknown"]) {
        Stated::Unknown
    } else if holds(&[
        "メーカー不可",
        "許可されていない",
        "許可なし",
        "不許可",
        "製造販売業者が",
        "not permitted",
    ]) {
        Stated::NotPermitted
    } else if is(&["対象外", "－", "-", "該当なし", "不要", "n/a", "not applicable"]) {
        Stated::NotApplicable
    } else if is(&["なし", "無", "無し", "未導入", "未", "×", "否", "no", "none"]) {
        Stated::No
    } else {
        Stated::Yes
    }
}

/// What a console, or the machine itself, last said of its protection.
#[derive(Debug, Clone, Copy)]
pub struct Report<'k> {
    /// What says so.
    pub at: ObservationRef,
    observation: &'k Observation,
}

impl<'k> Report<'k> {
    /// The newest report on `chart` in force; of one day, the last that was captured.
    pub fn of(chart: &Chart<'k>) -> Option<Self> {
        let members = chart.members().filter(|(at, said)| {
            let console = said.kind == ObservationKind::ConsoleRow;
            let own = said.kind == ObservationKind::HostReport
                && (said.facts.value(Field::PatternDate).is_some()
                    || said.facts.value(Field::RealtimeProtection).is_some());
            (console || own) && chart.known().world.in_force(*at)
        });
        members.last().map(|(at, observation)| Self { at, observation })
    }

    /// What it says of `field`.
    pub fn value(&self, field: Field) -> Option<&'k str> {
        self.observation.facts.value(field)
    }

    /// The day its pattern is of.
    pub fn pattern_day(&self) -> Option<Date> {
        day(self.value(Field::PatternDate)?)
    }

    /// The day its console heard of it last.
    pub fn last_seen(&self) -> Option<Date> {
        day(self.value(Field::LastSeen)?)
    }

    /// Whether it says that there is no protection.
    pub fn is_absent(&self) -> bool {
        self.value(Field::ProtectionState) == Some("absent")
    }

    /// Whether a console says it.
    pub fn is_from_a_console(&self) -> bool {
        self.observation.kind == ObservationKind::ConsoleRow
    }
}

/// The day of a stored day or local time.
pub fn day(text: &str) -> Option<Date> {
    local_time(text).map(|time| crate::world::JAPAN.to_datetime(time).date())
}

/// The numbers of a version, for comparing two of one product: `24.580.1004` is three.
pub fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_ledgers_are_told_apart() {
        for (text, expected) in [
            ("あり", Stated::Yes),
            ("Defender", Stated::Yes),
            ("なし", Stated::No),
            ("未導入", Stated::No),
            ("対象外", Stated::NotApplicable),
            ("－", Stated::NotApplicable),
            ("メーカー不可", Stated::NotPermitted),
            ("製造販売業者が許可していない", Stated::NotPermitted),
            ("不明", Stated::Unknown),
            ("", Stated::Unknown),
        ] {
            assert_eq!(stated(text), expected, "{text}");
        }
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert_eq!(numbers("24.580.1004"), [24, 580, 1004]);
        assert!(numbers("20.646.00") > numbers("20.462.00"));
        assert_eq!(numbers(""), Vec::<u64>::new());
    }
}
