//! Leases of DHCP servers other than Windows.

use domain::{Field, ObservationKind};
use serde_json::Value;

use super::{Check, Checks, Sample, value};

pub(super) const ISC: Checks = &[
    ("abandoned", Check::Count),
    ("active_unique", Check::Count),
    ("blocks", Check::Count),
    ("free", Check::Count),
    ("last_wins", Check::Holds(last_block_counts)),
    ("medical_device_on_guest_wifi", Check::Holds(pairs_are_leased)),
    ("times", Check::Holds(ends_are_local)),
    ("unique_ips", Check::Count),
];

pub(super) const DNSMASQ: Checks = &[
    ("infinite", Check::Count),
    ("ipv4", Check::Count),
    ("ipv6_rows_after_duid_line", Check::Count),
    ("no_hostname", Check::Count),
];

pub(super) const KEA: Checks = &[
    ("escape", Check::Note("the row was taken back by the server; a test of the reader holds it")),
    ("expired_reclaimed", Check::Count),
    ("last_wins", Check::Holds(last_row_counts)),
    ("unique", Check::Count),
];

pub(super) const FORTIGATE: Checks = &[("fixed_width", Check::Holds(columns_are_cut))];

pub(super) const YAMAHA: Checks = &[
    ("note", Check::Holds(no_end_is_read)),
    ("with_mac", Check::Count),
    ("without_mac", Check::Count),
];

/// The second row has no host name, and its neighbour's is not taken for one.
fn columns_are_cut(sample: &Sample, _: &Value) {
    let names = sample.reading.observations.iter().map(|lease| value(lease, Field::Hostname));
    assert_eq!(names.collect::<Vec<_>>(), ["OFC-02", ""]);
    let ends = sample.reading.observations.iter().map(|lease| value(lease, Field::LeaseEnd));
    assert_eq!(ends.collect::<Vec<_>>(), ["2026-11-21T04:55:47", "2026-11-20T21:12:36"]);
}

fn no_end_is_read(sample: &Sample, _: &Value) {
    assert!(
        sample.reading.observations.iter().all(|lease| value(lease, Field::LeaseEnd).is_empty())
    );
    assert_eq!(sample.told(0), ["list.end_is_relative"]);
}

fn last_row_counts(sample: &Sample, expected: &Value) {
    let leases = of(sample, expected.as_str().unwrap());
    assert_eq!(leases.len(), 1);
    assert_eq!(value(leases[0], Field::LeaseEnd), "2026-11-20T11:00:00");
}

/// The observations of an address.
fn of<'a>(sample: &'a Sample, address: &str) -> Vec<&'a domain::Observation> {
    let is = |binding: &domain::Binding| binding.address == address.parse().ok();
    sample.reading.observations.iter().filter(|seen| seen.bindings.iter().any(is)).collect()
}

/// The address has one lease, and it ends when its last block says.
fn last_block_counts(sample: &Sample, expected: &Value) {
    for address in expected.as_array().unwrap() {
        let leases = of(sample, address.as_str().unwrap());
        assert_eq!(leases.len(), 1, "{address}");
        assert_eq!(value(leases[0], Field::LeaseEnd), "2026-11-20T21:40:00");
    }
}

fn pairs_are_leased(sample: &Sample, expected: &Value) {
    for pair in expected.as_array().unwrap() {
        let leases = of(sample, pair["ip"].as_str().unwrap());
        let mac = pair["mac"].as_str().unwrap().parse().ok();
        assert!(leases.iter().any(|lease| lease.bindings[0].mac == mac), "{pair}");
    }
}

/// 12:20 in universal time is 21:20 in Japan.
fn ends_are_local(sample: &Sample, _: &Value) {
    let lease = sample.with(Field::Hostname, "OFC-NOTE");
    assert_eq!(lease.kind, ObservationKind::Lease);
    assert_eq!(value(lease, Field::LeaseEnd), "2026-11-20T21:20:00");
}
