//! LED009: the inspection of devices is overdue.

use domain::{CalendarDate, Field, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Rows};
use crate::known::Known;

/// One finding for each ledger: the devices in use whose next inspection was due on a day that is over.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut rows = Rows::default();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let due = row.observation.facts.value(Field::InspectionDue);
        let due = due.and_then(|due| due.parse::<CalendarDate>().ok());
        if due.is_some_and(|due| due.last_day() < today) {
            rows.add(known, &chart, row.at);
        }
    }
    rows.tell(findings, Severity::Notice, |source, count, devices| {
        [
            msg!("LED009.title", source = source.as_str(), count = count),
            msg!("LED009.reason", devices = devices),
            msg!("LED009.remedy"),
        ]
    });
}
