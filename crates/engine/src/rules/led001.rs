//! LED001: a column that the ministry's example of a ledger has is empty.

use std::collections::BTreeMap;

use domain::{
    DeviceKind, Field, Knowledge, ObservationRef, Severity, SourceId, Status, Subject, msg,
};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known, stated};

/// The columns of 「機器台帳の例」 (医療機関におけるサイバーセキュリティ対策チェックリストマニュアル, 令和5年6月, p.6), in its order.
/// The address is looked at by [`super::led006`].
const COLUMNS: [Field; 10] = [
    Field::AssetNumber,
    Field::Maker,
    Field::Os,
    Field::Software,
    Field::SoftwareVersion,
    Field::Hostname,
    Field::Location,
    Field::Users,
    Field::Registered,
    Field::Status,
];

/// What one column of one ledger lacks.
#[derive(Default)]
struct Column {
    rows: usize,
    missing: Vec<String>,
    marks: Vec<String>,
    evidence: Vec<ObservationRef>,
}

/// One finding for each column of a ledger in which something is missing.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut columns: BTreeMap<(SourceId, Field), Column> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        if row.observation.facts.value(Field::Status) == Some(Status::Retired.key())
            || chart.is_retired()
        {
            continue;
        }
        let Some(import) = known.world.import(row.at.import) else { continue };
        for field in COLUMNS {
            let column = columns.entry((import.import.source.clone(), field)).or_default();
            if !applies(field, &chart) {
                continue;
            }
            column.rows += 1;
            let entered = chart.by_hand(field).is_some_and(|fact| fact.value != "不明");
            if !entered && stated(&row.observation, field) == Knowledge::Unknown {
                column.missing.push(chart.label());
                column.marks.push(chart.mark());
                column.evidence.push(row.at);
            }
        }
    }
    by_hand(known, findings);
    for ((source, field), Column { rows, missing, marks, evidence }) in columns {
        if missing.is_empty() {
            continue;
        }
        let whole = missing.len() == rows;
        let reason = if whole {
            msg!("LED001.reason_whole", column = field)
        } else {
            msg!("LED001.reason", devices = names(&missing))
        };
        findings.add(
            Subject::Field(source.clone(), field),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!(
                    "LED001.title",
                    source = source.as_str(),
                    column = field,
                    rows = missing.len(),
                    all = rows
                ),
                reason,
                remedy: if may_not_apply(field) {
                    msg!("LED001.remedy", column = field)
                } else {
                    msg!("LED001.remedy_always", column = field)
                },
                evidence,
                rests_on: marks,
            },
        );
    }
}

/// The same of devices that people took into the ledger by hand: all that was ever entered of one counts, and all such devices are
/// spoken of together, as if they were one ledger.
fn by_hand(known: &Known<'_>, findings: &mut Findings) {
    let mut columns: BTreeMap<Field, Column> = BTreeMap::new();
    for (at, chart) in known.registered() {
        for field in COLUMNS.into_iter().filter(|field| applies(*field, &chart)) {
            let column = columns.entry(field).or_default();
            column.rows += 1;
            if chart.declared(field).is_none_or(|fact| fact.value == "不明") {
                column.missing.push(chart.label());
                column.marks.push(chart.mark());
                column.evidence.push(at);
            }
        }
    }
    for (field, Column { rows, missing, marks, evidence }) in columns {
        if missing.is_empty() {
            continue;
        }
        findings.add(
            Subject::Field(SourceId::new("hand"), field),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("LED001.title_hand", column = field, rows = missing.len(), all = rows),
                reason: msg!("LED001.reason", devices = names(&missing)),
                remedy: msg!("LED001.remedy_hand", column = field),
                evidence,
                rests_on: marks,
            },
        );
    }
}

/// Software is asked of computers; a switch or a printer has none to name.
fn applies(field: Field, chart: &Chart<'_>) -> bool {
    match field {
        Field::Software | Field::SoftwareVersion => {
            matches!(chart.kind(), None | Some(DeviceKind::Client | DeviceKind::Server))
        }
        _ => true,
    }
}

/// Whether a ledger can say that there is none: for these columns the readers keep "－" as an answer.
fn may_not_apply(field: Field) -> bool {
    matches!(field, Field::Os | Field::Software | Field::SoftwareVersion | Field::Users)
}
