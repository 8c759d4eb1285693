//! LIF007: devices are past their durable years.

use domain::{CalendarDate, Field, Observation, Severity, msg};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Findings, Rows};
use crate::known::Known;

/// One finding for each ledger. 耐用年数 is the maker's or the tax office's figure, not the end of security support, and is told apart.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut rows = Rows::default();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        if end_of_durable_years(&row.observation).is_some_and(|end| end <= today) {
            rows.add(known, &chart, row.at);
        }
    }
    rows.tell(findings, Severity::Notice, |source, count, devices| {
        [
            msg!("LIF007.title", source = source.as_str(), count = count),
            msg!("LIF007.reason", devices = devices),
            msg!("LIF007.remedy"),
        ]
    });
}

/// The first day after the durable years, counted from the last day that the stated date can mean.
fn end_of_durable_years(row: &Observation) -> Option<Date> {
    let years: i64 = row.facts.value(Field::DurableYears)?.parse().ok()?;
    let bought: CalendarDate = row.facts.value(Field::Registered)?.parse().ok()?;
    let years = years.clamp(0, 100);
    bought.last_day().checked_add(years.years()).ok()
}
