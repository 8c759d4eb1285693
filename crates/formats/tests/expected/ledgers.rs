//! The small ledgers.

use domain::{CalendarDate, Field, fold};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, shown, value};

pub(super) const MINISTRY: Checks = &[
    ("findings", Check::Holds(findings_can_follow)),
    ("ip_placeholder", Check::Count),
    ("no_duplicate_finding", Check::Holds(placeholders_are_no_duplicates)),
    ("status", Check::Is(states)),
    ("users_in_row_004", Check::Is(users_of_the_fourth)),
];

pub(super) const MESSY_CSV: Checks = &[
    ("dates", Check::Is(dates)),
    ("ditto_resolved", Check::Holds(ditto)),
    ("expand", Check::Holds(two_addresses_are_asked_about)),
    ("no_ip", Check::Is(without_address)),
];

pub(super) const UNICODE_TEXT: Checks = &[
    ("quoted_newline", Check::Is(quoted_newlines)),
    ("wave_dash", Check::Holds(wave_dashes_are_one)),
];

pub(super) const ME: Checks = &[
    ("class_II", Check::Is(class_two)),
    ("class_III", Check::Is(class_three)),
    ("durable_note", Check::Holds(durable_years_are_no_support_end)),
    ("inspection_overdue_as_of_2026_11_20", Check::Is(inspection_overdue)),
    ("network_connected", Check::Is(network_connected)),
    ("past_durable_years", Check::Is(past_durable_years)),
    ("set_row", Check::Holds(set_row_is_asked_about)),
    ("tokutei_hoshu", Check::Is(special_maintenance)),
    ("udi", Check::Holds(both_writings_are_one_item)),
];

const TODAY: Date = date(2026, 11, 20);

/// What the three findings rest on; the first needs the support table, and is held by the rules' own tests.
fn findings_can_follow(sample: &Sample, _: &Value) {
    let rows = &sample.reading.observations;
    assert!(shown(sample.with(Field::AssetNumber, "003"), Field::Os) == "Win8");
    assert_eq!(shown(&rows[0], Field::Software), shown(&rows[1], Field::Software));
    let versions: Vec<_> = rows[..2].iter().map(|row| shown(row, Field::SoftwareVersion)).collect();
    assert_eq!(versions, ["2.0", "1.2"]);
    assert!(rows.iter().all(|row| value(row, Field::Addressing) == "placeholder"));
}

fn placeholders_are_no_duplicates(sample: &Sample, _: &Value) {
    let told = sample.reading.warnings.iter().map(|told| &told.message.key);
    assert!(told.clone().all(|key| !key.starts_with("ledger.duplicate")));
    assert_eq!(told.filter(|key| *key == "value.address_placeholder").count(), 4);
    assert!(sample.reading.observations.iter().all(|row| row.bindings.is_empty()));
}

fn states(sample: &Sample) -> Value {
    let mut counts = serde_json::Map::new();
    for row in &sample.reading.observations {
        let count = counts.entry(shown(row, Field::Status)).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap() + 1);
    }
    counts.into()
}

fn users_of_the_fourth(sample: &Sample) -> Value {
    value(sample.with(Field::AssetNumber, "004"), Field::Users).split('、').count().into()
}

fn dates(sample: &Sample) -> Value {
    let dates = sample.reading.observations.iter().map(|row| row.facts.value(Field::Registered));
    dates.map(Value::from).collect()
}

fn ditto(sample: &Sample, expected: &Value) {
    for (number, words) in expected.as_object().unwrap() {
        let row = sample.with(Field::AssetNumber, number);
        let fields = [Field::Name, Field::Os, Field::Location, Field::Registered];
        let said: Vec<_> = fields.iter().map(|field| value(row, *field)).collect();
        assert_eq!(said.join(", "), words.as_str().unwrap(), "{number}");
    }
}

fn two_addresses_are_asked_about(sample: &Sample, _: &Value) {
    let row = sample.with(Field::AssetNumber, "③");
    assert_eq!((row.bindings.len(), shown(row, Field::Hostname)), (2, ""));
    let asked: Vec<_> = sample
        .reading
        .questions
        .iter()
        .map(|asked| (asked.place.row, &*asked.message.key))
        .collect();
    assert_eq!(asked, [(row.place.row, "ledger.several_addresses")]);
}

fn without_address(sample: &Sample) -> Value {
    let rows = sample.reading.observations.iter();
    rows.filter(|row| row.bindings.iter().all(|b| b.address.is_none())).count().into()
}

/// Cells that hold a line break in quotes: they are one cell, and one row.
fn quoted_newlines(sample: &Sample) -> Value {
    let facts = sample.reading.observations.iter().flat_map(|row| row.facts.iter());
    facts.filter(|fact| fact.shown().contains('\n')).count().into()
}

fn wave_dashes_are_one(sample: &Sample, _: &Value) {
    let texts = sample.reading.observations.iter().flat_map(|row| row.facts.iter());
    let with = texts.map(|fact| fact.shown()).find(|text| text.contains(['\u{301c}', '\u{ff5e}']));
    let text = with.unwrap_or_else(|| panic!("{} holds a wave dash", sample.name));
    assert_eq!(
        fold(&text.replace('\u{301c}', "\u{ff5e}")),
        fold(&text.replace('\u{ff5e}', "\u{301c}"))
    );
}

fn of_class(sample: &Sample, class: &str) -> Value {
    let classes = sample.reading.observations.iter().map(|row| value(row, Field::DeviceClass));
    classes.filter(|of| *of == class).count().into()
}

fn class_two(sample: &Sample) -> Value {
    of_class(sample, "II")
}

fn class_three(sample: &Sample) -> Value {
    of_class(sample, "III")
}

fn special_maintenance(sample: &Sample) -> Value {
    let rows = sample.reading.observations.iter();
    rows.filter(|row| value(row, Field::SpecialMaintenance) == "yes").count().into()
}

fn network_connected(sample: &Sample) -> Value {
    let stated = sample.reading.observations.iter().map(|row| value(row, Field::NetworkConnection));
    stated.filter(|word| !matches!(*word, "" | "なし")).count().into()
}

fn in_use(sample: &Sample) -> impl Iterator<Item = &domain::Observation> {
    sample.reading.observations.iter().filter(|row| value(row, Field::Status) != "retired")
}

fn inspection_overdue(sample: &Sample) -> Value {
    let overdue = in_use(sample).filter(|row| {
        let due = value(row, Field::InspectionDue).parse::<CalendarDate>();
        due.is_ok_and(|due| due.last_day() < TODAY)
    });
    overdue.map(|row| shown(row, Field::AssetNumber)).collect()
}

fn past_durable_years(sample: &Sample) -> Value {
    let past = in_use(sample).filter_map(|row| {
        let years: i32 = value(row, Field::DurableYears).parse().ok()?;
        let bought: Date = value(row, Field::Registered).parse().ok()?;
        let end = bought.checked_add(years.years()).ok()?;
        (end < TODAY).then(|| format!("{} ({end})", shown(row, Field::AssetNumber)))
    });
    past.collect()
}

fn durable_years_are_no_support_end(sample: &Sample, _: &Value) {
    let rows = &sample.reading.observations;
    assert!(rows.iter().any(|row| row.facts.value(Field::DurableYears).is_some()));
    assert!(rows.iter().all(|row| row.facts.value(Field::SupportEnd).is_none()));
}

fn set_row_is_asked_about(sample: &Sample, _: &Value) {
    let row = sample.with(Field::AssetNumber, "ME-0003");
    assert_eq!(value(row, Field::Quantity), "4");
    let asked: Vec<_> = sample
        .reading
        .questions
        .iter()
        .map(|asked| (asked.place.row, &*asked.message.key))
        .collect();
    assert_eq!(asked, [(row.place.row, "ledger.set_row")]);
}

fn both_writings_are_one_item(sample: &Sample, _: &Value) {
    let item = |number| sample.with(Field::AssetNumber, number).facts.get(Field::Gtin).unwrap();
    let (one, other) = (item("ME-0001"), item("ME-0002"));
    assert_eq!((one.value, other.value), ("04912345678904", "04912345678904"));
    assert_eq!((one.shown(), other.shown()), ("(01)04912345678904", "4912345678904"));
}
