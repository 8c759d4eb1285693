//! CNX004: remote maintenance without a contractor.

use domain::{Field, Severity, fold, msg};
use jiff::civil::Date;

use super::{Findings, Rows};
use crate::known::{Known, stated};

/// One finding for each ledger: the rows in force that have remote maintenance and name no contractor.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut rows = Rows::default();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let remote = row.observation.facts.get(Field::RemoteMaintenance);
        let has = remote.is_some_and(|said| says_yes(said.shown()));
        if has && stated(&row.observation, Field::Contractor).known().is_none() {
            rows.add(known, &chart, row.at);
        }
    }
    rows.tell(findings, Severity::Warning, |source, count, devices| {
        [
            msg!("CNX004.title", source = source.as_str(), count = count),
            msg!("CNX004.reason", devices = devices),
            msg!("CNX004.remedy"),
        ]
    });
}

/// Whether a ledger's word for remote maintenance says that there is some: anything but no, none and not known.
pub fn says_yes(text: &str) -> bool {
    const NO: [&str; 12] =
        ["", "なし", "無", "無し", "×", "否", "不可", "－", "-", "対象外", "不明", "no"];
    let word = fold(text);
    !NO.iter().any(|no| fold(no) == word)
}
