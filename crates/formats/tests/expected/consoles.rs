//! Consoles of malware protection.

use std::collections::BTreeSet;

use domain::{Field, MacAddress, Observation, fold};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, names, read, value};

pub(super) const DEMO: Checks = &[
    ("in_console_not_in_ledger", Check::Is(not_in_ledger)),
    ("ledger_says_AV_but_not_in_console", Check::Holds(missing_in_console)),
    ("note", Check::Together),
    ("offline", Check::Holds(offline)),
    ("old_engine", Check::Holds(old_engine)),
    ("realtime_off", Check::Holds(switched_off)),
    ("stale_ledger_hosts", Check::Holds(stale_and_listed)),
    ("stale_not_in_ledger", Check::Holds(stale_and_unlisted)),
    ("threshold_days", Check::Holds(threshold)),
];

pub(super) const APEX: Checks = &[
    ("note", Check::Holds(spyware_pattern_is_passed_over)),
    ("rows", Check::Is(component_rows)),
    ("stale_hosts", Check::Holds(stale)),
];

pub(super) const ESET: Checks = &[
    ("date_form", Check::Holds(month_in_words)),
    ("engine_date_inside_version", Check::Holds(day_inside_version)),
    ("stale", Check::Holds(stale)),
];

pub(super) const DEFENDER: Checks =
    &[("inactive", Check::Is(inactive)), ("stale", Check::Holds(stale))];

pub(super) const WITHOUT_DATE: Checks = &[
    ("lagging", Check::Holds(lagging)),
    ("newest_pattern", Check::Is(newest_pattern)),
    ("no_agent", Check::Holds(without_agent)),
];

const TODAY: Date = date(2026, 11, 20);

/// Days after which a pattern is stale, where nobody says otherwise (reference 7).
const THRESHOLD: i32 = 7;

fn host(row: &Observation) -> String {
    value(row, Field::Hostname).to_owned()
}

fn hosts(sample: &Sample, is: impl Fn(&Observation) -> bool) -> BTreeSet<String> {
    sample.reading.observations.iter().filter(|row| is(row)).map(host).collect()
}

fn is_stale(row: &Observation) -> bool {
    let day: Option<Date> =
        value(row, Field::PatternDate).get(..10).and_then(|day| day.parse().ok());
    day.is_some_and(|day| (TODAY - day).get_days() > THRESHOLD)
}

fn listed(expected: &Value) -> BTreeSet<String> {
    names(expected.as_array().unwrap())
}

fn stale(sample: &Sample, expected: &Value) {
    assert_eq!(hosts(sample, is_stale), listed(expected), "{}", sample.name);
}

fn offline(sample: &Sample, expected: &Value) {
    let is = |row: &Observation| value(row, Field::ConnectionState) == "offline";
    assert_eq!(hosts(sample, is), listed(expected));
}

fn inactive(sample: &Sample) -> Value {
    hosts(sample, |row| value(row, Field::ConnectionState) == "offline").len().into()
}

fn switched_off(sample: &Sample, expected: &Value) {
    let is = |row: &Observation| value(row, Field::RealtimeProtection) == "off";
    assert_eq!(hosts(sample, is), listed(expected));
}

/// Engines of another first number than most have.
fn old_engine(sample: &Sample, expected: &Value) {
    let first = |row: &Observation| {
        value(row, Field::EngineVersion).split('.').next().and_then(|n| n.parse::<u32>().ok())
    };
    let newest = sample.reading.observations.iter().filter_map(first).max();
    assert_eq!(hosts(sample, |row| first(row) < newest), listed(expected));
}

fn threshold(_: &Sample, expected: &Value) {
    assert_eq!(json!(THRESHOLD), *expected);
}

/// Names and cards of the ledger.
fn ledger() -> (BTreeSet<String>, BTreeSet<MacAddress>) {
    let reading = read("demo-hospital/ledger.xlsx");
    let rows = &reading.observations;
    let names = rows.iter().map(|row| fold(value(row, Field::Hostname)));
    let macs = rows.iter().flat_map(|row| &row.bindings).filter_map(|binding| binding.mac);
    (names.filter(|name| !name.is_empty()).collect(), macs.collect())
}

fn is_listed(row: &Observation, (names, macs): &(BTreeSet<String>, BTreeSet<MacAddress>)) -> bool {
    names.contains(&fold(value(row, Field::Hostname)))
        || row.bindings.iter().filter_map(|binding| binding.mac).any(|mac| macs.contains(&mac))
}

fn not_in_ledger(sample: &Sample) -> Value {
    let ledger = ledger();
    hosts(sample, |row| !is_listed(row, &ledger)).into_iter().collect()
}

fn stale_and_listed(sample: &Sample, expected: &Value) {
    let ledger = ledger();
    let is = |row: &Observation| is_stale(row) && is_listed(row, &ledger);
    assert_eq!(hosts(sample, is), listed(expected));
}

fn stale_and_unlisted(sample: &Sample, expected: &Value) {
    let ledger = ledger();
    let is = |row: &Observation| is_stale(row) && !is_listed(row, &ledger);
    assert_eq!(hosts(sample, is), listed(expected));
}

/// What the ledger writes of protection survives: a product, not 「なし」 or 「対象外」.
fn missing_in_console(sample: &Sample, expected: &Value) {
    let here = hosts(sample, |_| true);
    let ledger = read("demo-hospital/ledger.xlsx");
    for name in listed(expected) {
        let is = |row: &&Observation| value(row, Field::Hostname) == name;
        let row = ledger.observations.iter().find(is).unwrap();
        assert!(!value(row, Field::Antivirus).is_empty(), "{name}");
        assert!(!here.contains(&name), "{name}");
    }
}

/// One row for each host and component: rows are counted, hosts are stated.
fn component_rows(sample: &Sample) -> Value {
    assert_eq!(sample.reading.observations.len(), 2);
    sample.reading.rows.into()
}

fn spyware_pattern_is_passed_over(sample: &Sample, _: &Value) {
    let row = sample.with(Field::Hostname, "HIS-01");
    assert_eq!(value(row, Field::PatternVersion), "20.646.00");
    assert_eq!(sample.reading.skipped["other_components"], 1);
}

fn month_in_words(sample: &Sample, _: &Value) {
    let row = sample.with(Field::Hostname, "RIS-05");
    assert_eq!(value(row, Field::LastSeen), "2026-08-20T17:00:00");
}

fn day_inside_version(sample: &Sample, _: &Value) {
    let row = sample.with(Field::Hostname, "HIS-01");
    assert_eq!(
        (value(row, Field::PatternVersion), value(row, Field::PatternDate)),
        ("31234", "2026-11-20")
    );
}

fn newest_pattern(sample: &Sample) -> Value {
    let patterns = sample.reading.observations.iter().map(|row| value(row, Field::PatternVersion));
    patterns.max().into()
}

/// The middle part of a pattern's number counts up by one; how far behind one is tells the rule.
fn lagging(sample: &Sample, expected: &Value) {
    let middle = |version: &str| version.split('.').nth(1).and_then(|n| n.parse::<u32>().ok());
    let newest = middle(newest_pattern(sample).as_str().unwrap()).unwrap();
    for (host, words) in expected.as_object().unwrap() {
        let own = middle(value(sample.with(Field::Hostname, host), Field::PatternVersion)).unwrap();
        assert!(words.as_str().unwrap().starts_with(&format!("{} ", newest - own)), "{host}");
    }
}

fn without_agent(sample: &Sample, expected: &Value) {
    let is = |row: &Observation| value(row, Field::ProtectionState) == "absent";
    assert_eq!(hosts(sample, is), listed(expected));
}
