//! The deliberately bad ledger: its nineteen rows and what must be told of it.

use std::collections::BTreeSet;

use domain::{Field, Observation, Status};
use serde_json::Value;

use super::{Check, Checks, Sample, bare, value};

pub(super) const MESSY: Checks = &[
    (
        "devices_explain",
        Check::Note("explains the number of devices, which `devices` and `rows` hold"),
    ),
    ("empty_sheet", Check::Is(empty_sheet)),
    ("header_rows", Check::Holds(header_rows)),
    ("must_report", Check::Holds(must_report)),
    ("rows", Check::Holds(rows)),
    ("rows_note", Check::Note("explains `no`; rows are found by `excel_row`")),
    ("sheets_hidden", Check::Is(hidden_sheets)),
    ("sheets_visible", Check::Is(visible_sheets)),
];

fn sheets(sample: &Sample, wanted: impl Fn(&str) -> bool) -> Value {
    let tables = sample.reading.tables.iter().filter(|table| wanted(table.taken_as));
    tables.filter_map(|table| table.sheet.clone()).collect()
}

fn visible_sheets(sample: &Sample) -> Value {
    sheets(sample, |taken_as| taken_as != "hidden")
}

fn hidden_sheets(sample: &Sample) -> Value {
    sheets(sample, |taken_as| taken_as == "hidden")
}

fn empty_sheet(sample: &Sample) -> Value {
    let names = sheets(sample, |taken_as| taken_as == "empty");
    names[0].clone()
}

/// A reading keeps the last row of a header; that the one above it was read as parents shows in the columns.
fn header_rows(sample: &Sample, expected: &Value) {
    let table = &sample.reading.tables[0];
    assert_eq!(Value::from(table.header_row), *expected.as_array().unwrap().last().unwrap());
    let parents = table.columns.iter().filter(|(header, _)| header.contains(" / ")).count();
    assert_eq!(parents, 6, "機器 over three columns, ネットワーク over three");
}

/// What must be told of the ledger, and the words that tell it.
const MUST_REPORT: &[(&str, &str, usize)] = &[
    ("1 duplicate IP (10.102.41.1)", "ledger.duplicate_address", 1),
    ("1 duplicate MAC (rows 1 and 13)", "ledger.duplicate_mac", 1),
    ("1 duplicate number (016)", "ledger.duplicate_number", 1),
    ("hidden column 備考 was read", "ledger.columns_hidden", 1),
    ("hidden sheet not imported unless chosen", "ledger.sheet_hidden", 1),
];

fn must_report(sample: &Sample, expected: &Value) {
    for sentence in expected.as_array().unwrap() {
        let known = MUST_REPORT.iter().find(|(known, ..)| sentence == known);
        let (_, key, times) = known.unwrap_or_else(|| panic!("{sentence}: nobody tells this"));
        let told = sample.reading.warnings.iter().filter(|told| told.message.key == *key).count();
        assert_eq!(told, *times, "{sentence}");
    }
    let remarks = sample.reading.observations.iter().map(|row| value(row, Field::Remark));
    assert!(remarks.filter(|remark| !remark.is_empty()).count() > 5, "the hidden column was read");
}

/// What must be told of a row, and the word that tells it.
const REPORTS: &[(&str, &str)] = &[
    ("#REF! (stored as text here, not as an error cell) is not an address", "ledger.cell_error"),
    ("26/10/1 is ambiguous: 平成26 or 2026", "value.date_ambiguous"),
    ("IP is a placeholder", "value.address_placeholder"),
    ("MAC has the letter O: error, suggest 0", "value.mac_looks_like"),
    ("abbreviated IP: to confirm", "value.address_abbreviated"),
    ("commas in the IP", "value.address_repaired"),
    ("date is a fiscal year", "value.date_fiscal_year"),
    ("date unknown", "value.date_unknown"),
    ("date was a bare serial number 45352", "value.date_serial"),
    ("date was the number 20141001", "value.date_number"),
    ("date without a day", "value.date_without_day"),
    ("duplicate IP with row 1", "ledger.duplicate_address"),
    ("hidden row: imported and marked", "ledger.row_hidden"),
    ("leading zeros in the IP: read as decimal", "value.address_zeros"),
    ("month 13: date error", "value.date_malformed"),
    ("not a private address", "ledger.address_public"),
    ("number 016 used twice", "ledger.duplicate_number"),
    ("octet 256: IP error", "value.address_malformed"),
    ("same MAC as row 1", "ledger.duplicate_mac"),
    ("spaces removed from the IP", "value.address_repaired"),
    ("struck-through row", "ledger.row_struck_retired"),
    ("二つのアドレス", "ledger.several_addresses"),
    ("平成31年5月1日 does not exist (令和元年): read as 2019-05-01", "value.date_era_overrun"),
];

fn rows(sample: &Sample, expected: &Value) {
    let rows = expected.as_array().unwrap();
    assert_eq!((rows.len() as u64, sample.reading.rows), (19, 19));
    for row in rows {
        let number = u32::try_from(row["excel_row"].as_u64().unwrap()).unwrap();
        let at: Vec<_> =
            sample.reading.observations.iter().filter(|seen| seen.place.row == number).collect();
        assert!(!at.is_empty(), "row {number} is a device");
        for (key, expected) in row.as_object().unwrap() {
            hold(sample, number, &at, key, expected);
        }
        // A row of which nothing must be told is read without a word, except that a state it does not know is asked about.
        let told: BTreeSet<_> = sample.told(number).into_iter().collect();
        let must: BTreeSet<_> = row["report"].as_array().into_iter().flatten().map(word).collect();
        let unasked: Vec<_> = told.difference(&must).copied().collect();
        let state: &[&str] = if number == 28 { &["ledger.status_unknown"] } else { &[] };
        assert_eq!(unasked, state, "row {number}");
    }
}

fn word(sentence: &Value) -> &'static str {
    let known = REPORTS.iter().find(|(known, _)| sentence == known);
    known.unwrap_or_else(|| panic!("{sentence}: nobody tells this")).1
}

fn hold(sample: &Sample, row: u32, at: &[&Observation], key: &str, expected: &Value) {
    let one = at[0];
    let same = |actual: &str| assert_eq!(actual, bare(expected), "row {row} {key}");
    match key {
        "excel_row" | "no" => {}
        "no_text" => same(value(one, Field::AssetNumber)),
        "name" => same(value(one, Field::Name)),
        "maker" => same(value(one, Field::Maker)),
        "model" => same(value(one, Field::Model)),
        "os" => same(value(one, Field::Os)),
        "place" => same(value(one, Field::Location)),
        "user" => same(value(one, Field::Users)),
        "date" => same(value(one, Field::Registered)),
        "ip" | "ips" => assert_eq!(addresses(one), words(expected), "row {row} {key}"),
        "mac" | "macs" => assert_eq!(cards(one), words(expected), "row {row} {key}"),
        "prefix" => assert_eq!(Value::from(one.bindings[0].prefix), *expected, "row {row}"),
        "ip_mode" => same(mode(one)),
        "status" => assert_eq!(value(one, Field::Status), state(bare(expected)), "row {row}"),
        "retired" => assert_eq!(value(one, Field::Status) == "retired", *expected, "row {row}"),
        "expand" => assert_eq!(expanded(at), words(expected), "row {row}"),
        "report" => {
            for sentence in expected.as_array().unwrap() {
                assert!(sample.told(row).contains(&word(sentence)), "row {row} {sentence}");
            }
        }
        _ => panic!("row {row} {key}: nobody checks this"),
    }
}

/// A word, a list of words, or nothing.
fn words(expected: &Value) -> Vec<String> {
    match expected {
        Value::Array(words) => words.iter().map(|word| bare(word).to_owned()).collect(),
        Value::Null => Vec::new(),
        word => vec![bare(word).to_owned()],
    }
}

fn addresses(row: &Observation) -> Vec<String> {
    row.bindings.iter().filter_map(|b| b.address).map(|address| address.to_string()).collect()
}

fn cards(row: &Observation) -> Vec<String> {
    row.bindings.iter().filter_map(|b| b.mac).map(|mac| mac.to_string()).collect()
}

fn expanded(rows: &[&Observation]) -> Vec<String> {
    let line = |row: &&Observation| {
        format!("{} {}", value(row, Field::Hostname), addresses(row).join(" "))
    };
    rows.iter().map(line).collect()
}

/// The word of `expected.json` for how a row gets its address.
fn mode(row: &Observation) -> &str {
    match value(row, Field::Addressing) {
        "dynamic" => "DHCP",
        other => other,
    }
}

/// What state the ledger's word names.
fn state(word: &str) -> &'static str {
    let state = match word {
        "休止" => Status::Stopped,
        "予備" => Status::Spare,
        "稼働" => Status::InUse,
        "試験運用" => Status::Unrecognised,
        other => panic!("{other}: a state nobody named"),
    };
    state.key()
}
