//! Keys that mean the same in every file.

use serde_json::Value;

use super::{Check, Checks, Sample, bare};

/// What a key says wherever no file says otherwise.
pub(super) const GENERAL: Checks = &[
    ("active", Check::Count),
    ("addresses", Check::Is(addresses)),
    ("bad_address", Check::Is(conflicts)),
    ("blank_rows", Check::Skipped),
    ("computers", Check::Is(observations)),
    ("cpu", Check::Count),
    ("declined", Check::Count),
    ("delimiter", Check::Holds(delimiter)),
    ("devices", Check::Is(observations)),
    ("dynamic", Check::Count),
    ("encoding", Check::Holds(encoding)),
    ("entries", Check::Count),
    ("failed", Check::Count),
    ("filler_rows_ignored", Check::Skipped),
    ("footnotes", Check::Skipped),
    ("format", Check::Holds(format)),
    ("header_row", Check::Is(header_row)),
    ("hosts", Check::Count),
    ("ignored", Check::Count),
    ("incomplete", Check::Count),
    ("interfaces", Check::Count),
    ("invalid", Check::Count),
    ("ipv4_hosts", Check::Count),
    ("ipv6_hosts", Check::Count),
    ("leases", Check::Count),
    ("multicast_broadcast_ignored", Check::Count),
    ("multicast_ignored", Check::Count),
    ("newline", Check::Is(newline)),
    ("repeated_header_rows", Check::Skipped),
    ("reservations", Check::Count),
    ("retired", Check::Count),
    ("rows", Check::Is(rows)),
    ("rows_without_hostname", Check::Count),
    ("section_rows", Check::Skipped),
    ("self", Check::Count),
    ("static", Check::Count),
    ("subtotal_rows", Check::Skipped),
    ("unicast_hosts", Check::Count),
    ("unreachable", Check::Count),
];

fn addresses(sample: &Sample) -> Value {
    let bindings = sample.reading.observations.iter().flat_map(|seen| &seen.bindings);
    bindings.filter(|binding| binding.address.is_some()).count().into()
}

fn conflicts(sample: &Sample) -> Value {
    let seen = sample.reading.observations.iter();
    seen.filter(|seen| seen.kind == domain::ObservationKind::AddressConflict).count().into()
}

fn observations(sample: &Sample) -> Value {
    sample.reading.observations.len().into()
}

/// The separator is not part of a reading: that every column was found shows that it was seen.
fn delimiter(sample: &Sample, expected: &Value) {
    let bytes = std::fs::read(super::testdata(&sample.path)).unwrap();
    let text = formats::text::decode(&bytes).unwrap();
    let written = match expected.as_str().unwrap() {
        "tab" => '\t',
        other => other.chars().next().unwrap(),
    };
    assert_eq!(formats::delimited::delimiter(&text.body), written, "{}", sample.name);
    assert!(sample.reading.tables[0].columns.len() > 2, "{}", sample.name);
}

fn encoding(sample: &Sample, expected: &Value) {
    assert_eq!(sample.reading.encoding, Some(bare(expected)), "{}", sample.name);
}

fn format(sample: &Sample, expected: &Value) {
    assert_eq!(sample.reading.kind, bare(expected), "{}", sample.name);
}

fn header_row(sample: &Sample) -> Value {
    sample.reading.tables[0].header_row.into()
}

fn newline(sample: &Sample) -> Value {
    sample.reading.newline.into()
}

fn rows(sample: &Sample) -> Value {
    sample.reading.rows.into()
}
