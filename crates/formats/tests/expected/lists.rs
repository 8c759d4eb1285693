//! Neighbour tables of Unix machines, the DHCP console's list, and exports of asset tools.

use domain::{Field, ObservationKind};
use jiff::civil::{Date, DateTime, date};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, shown, value};

pub(super) const AD: Checks = &[
    ("disabled", Check::Is(disabled)),
    ("os_build", Check::Holds(builds)),
    ("type_line", Check::Holds(type_line)),
];

pub(super) const TOOL_A: Checks = &[("multi_value_cell", Check::Holds(cards_pair_with_addresses))];

pub(super) const TOOL_B: Checks = &[
    ("ip_0_0_0_0", Check::Holds(zero_address_is_none)),
    ("not_seen_days", Check::Is(days_since_seen)),
];

pub(super) const INTUNE: Checks =
    &[("mac_form", Check::Holds(twelve_digits)), ("time", Check::Holds(universal_time))];

pub(super) const NETBOX: Checks =
    &[("status", Check::Is(states)), ("with_prefix_length", Check::Is(with_prefix))];

pub(super) const SNIPEIT: Checks = &[("eol", Check::Is(stated_end))];

pub(super) const MMC: Checks =
    &[("note", Check::Note("says which words may vary; they are read by synonym"))];

pub(super) const MACOS: Checks = &[("mac_zero_padding", Check::Holds(padded_cards))];

pub(super) const ARP_SCAN: Checks = &[
    ("ip_conflict", Check::Holds(two_holders)),
    ("random_mac", Check::Count),
    ("unique_ip", Check::Count),
];

pub(super) const PROCURVE: Checks = &[("mac_form", Check::Holds(six_and_six))];

pub(super) const LINUX: Checks = &[("names", Check::Is(resolved_names))];

fn disabled(sample: &Sample) -> Value {
    let states = sample.reading.observations.iter().map(|row| value(row, Field::Status));
    states.filter(|state| *state == "stopped").count().into()
}

fn builds(sample: &Sample, expected: &Value) {
    for (host, build) in expected.as_object().unwrap() {
        let row = sample.with(Field::Name, host);
        let version = value(row, Field::OsVersion);
        assert!(version.contains(build.as_str().unwrap()), "{host} {version}");
    }
}

/// The line that PowerShell 5 puts above the header is neither header nor device.
fn type_line(sample: &Sample, _: &Value) {
    assert_eq!(sample.reading.tables[0].columns[0].0, "DistinguishedName");
}

fn cards_pair_with_addresses(sample: &Sample, _: &Value) {
    let row = sample.with(Field::Hostname, "CT-02");
    let pairs: Vec<String> = row
        .bindings
        .iter()
        .map(|binding| format!("{}={}", binding.address.unwrap(), binding.mac.unwrap()))
        .collect();
    assert_eq!(pairs, ["192.0.2.2=00-1b-21-00-00-02", "192.0.2.102=00-1b-21-00-01-02"]);
}

fn zero_address_is_none(sample: &Sample, _: &Value) {
    let row = sample.with(Field::Hostname, "HIS-99");
    assert!(row.bindings.iter().all(|binding| binding.address.is_none()));
    assert_eq!(value(row, Field::Addressing), "none");
}

/// Devices not seen on the day or the day before, with the days since.
fn days_since_seen(sample: &Sample) -> Value {
    let today = date(2026, 11, 20);
    let rows = sample.reading.observations.iter();
    let days = rows.filter_map(|row| {
        let seen: Date = value(row, Field::LastSeen).get(..10)?.parse().ok()?;
        let days = (today - seen).get_days();
        (days > 1).then(|| (shown(row, Field::Hostname).to_owned(), json!(days)))
    });
    days.collect()
}

/// Both cards are seen at the address, and the line of the second is told.
fn two_holders(sample: &Sample, expected: &Value) {
    for (address, macs) in expected.as_object().unwrap() {
        let bindings = sample.reading.observations.iter().flat_map(|seen| &seen.bindings);
        let at = bindings.filter(|binding| binding.address == address.parse().ok());
        let cards: Value = at.filter_map(|b| b.mac).map(|mac| mac.to_string()).collect();
        assert_eq!(cards, *macs);
    }
    assert_eq!(sample.told(5), ["list.two_holders"]);
}

fn six_and_six(sample: &Sample, _: &Value) {
    let mac = sample.reading.observations[0].bindings[0].mac;
    assert_eq!(mac.map(|mac| mac.to_string()).as_deref(), Some("00-15-b2-a4-50-78"));
}

fn twelve_digits(sample: &Sample, _: &Value) {
    let mac = sample.reading.observations[0].bindings[0].mac;
    assert_eq!(mac.map(|mac| mac.to_string()).as_deref(), Some("00-00-0e-00-00-01"));
}

fn universal_time(sample: &Sample, _: &Value) {
    let seen: DateTime = value(&sample.reading.observations[0], Field::LastSeen).parse().unwrap();
    assert_eq!(seen, date(2026, 11, 20).at(8, 10, 11, 0));
}

fn states(sample: &Sample) -> Value {
    let mut counts = serde_json::Map::new();
    for row in &sample.reading.observations {
        let count = counts.entry(shown(row, Field::Status)).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap() + 1);
    }
    counts.into()
}

fn with_prefix(sample: &Sample) -> Value {
    let bindings = sample.reading.observations.iter().flat_map(|row| &row.bindings);
    bindings.filter(|binding| binding.prefix.is_some()).count().into()
}

fn stated_end(sample: &Sample) -> Value {
    value(&sample.reading.observations[0], Field::SupportEnd).into()
}

/// Each card as written, and as it must be read.
fn padded_cards(sample: &Sample, expected: &Value) {
    for (written, padded) in expected.as_object().unwrap() {
        let padded = padded.as_str().unwrap().parse().unwrap();
        let bindings = sample.reading.observations.iter().flat_map(|seen| &seen.bindings);
        assert!(bindings.filter_map(|b| b.mac).any(|mac| mac == padded), "{written}");
    }
}

fn resolved_names(sample: &Sample) -> Value {
    let hosts = sample.reading.observations.iter().filter(|o| o.kind == ObservationKind::Neighbour);
    let named = hosts.filter(|host| !shown(host, Field::Hostname).is_empty());
    named
        .map(|host| format!("{}.{}", value(host, Field::Hostname), value(host, Field::Domain)))
        .collect()
}
