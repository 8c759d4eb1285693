//! What Windows machines say of themselves.

use domain::{Field, Observation, ObservationKind};
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, bare, value};

pub(super) const IPCONFIG: Checks = &[
    ("adapters", Check::Count),
    ("connected", Check::Count),
    ("dns", Check::Is(|sample| all(sample, Field::DnsServer))),
    ("gateway", Check::Is(|sample| one(sample, Field::Gateway))),
    ("hostname", HOSTNAME),
    ("ipv4", Check::Is(addresses)),
    ("macs", Check::Is(cards)),
    (
        "note",
        Check::Note("says how labels differ; unit tests of the reader hold the other writings"),
    ),
];

pub(super) const IPCONFIG_7: Checks = &[
    ("adapters", Check::Count),
    ("connected", Check::Count),
    ("description", Check::Holds(the_broken_line_is_whole)),
    ("hostname", HOSTNAME),
    ("ipv4", Check::Is(addresses)),
    ("macs", Check::Is(cards)),
    ("tunnel_adapter_ignored", Check::Holds(tunnel_is_left_out)),
    ("wrapped_line", Check::Count),
];

pub(super) const SYSTEMINFO: Checks = &[
    ("boot", Check::Is(|sample| one(sample, Field::Booted))),
    ("days_since_boot_as_of", Check::Is(days_since_boot)),
    ("hostname", HOSTNAME),
    ("hotfixes", Check::Is(|sample| all(sample, Field::Hotfix))),
    ("ipv4", Check::Is(addresses)),
    ("os", Check::Is(|sample| one(sample, Field::Os))),
    ("os_build", Check::Is(|sample| one(sample, Field::OsVersion))),
];

pub(super) const SYSTEMINFO_EN: Checks = &[
    ("date_order", Check::Holds(month_first)),
    ("hostname", HOSTNAME),
    ("hotfixes", Check::Is(|sample| all(sample, Field::Hotfix))),
    ("os_build", Check::Is(|sample| one(sample, Field::OsVersion))),
];

pub(super) const SYSTEMINFO_CSV: Checks = &[("hostname", HOSTNAME), ("hotfixes", Check::Count)];

pub(super) const NETSTAT: Checks = &[
    ("established_outside", Check::Is(outside)),
    ("listen_ports", Check::Is(listening)),
    ("note", Check::Note("says that a documentation range stands for an outside address")),
    ("tcp_listen", Check::Count),
    ("udp", Check::Count),
];

pub(super) const DEFENDER_LIST: Checks = &[
    (
        "full_scan",
        Check::Note(
            "the age of a scan is no fact here; a unit test holds that such a number is no age",
        ),
    ),
    ("host_missing", Check::Holds(whose_is_asked)),
    ("last_updated", Check::Holds(last_updated_where_known)),
    ("signature_age_days", Check::Count),
];

pub(super) const DEFENDER_JSON: Checks = &[
    ("host", HOSTNAME),
    ("last_updated", Check::Holds(last_updated)),
    ("stale", Check::Is(stale)),
];

pub(super) const HOTFIX_CSV: Checks = &[("latest", Check::Is(latest))];

pub(super) const GETMAC: Checks = &[("adapters", Check::Count)];

pub(super) const PING: Checks = &[
    ("alive", Check::Is(answered)),
    ("dead", Check::Holds(dead)),
    ("trap", Check::Note("the same address stands in `dead`, and is not among `alive`")),
];

const HOSTNAME: Check = Check::Is(|sample| one(sample, Field::Hostname));

/// The one machine that the document tells of.
fn report(sample: &Sample) -> &Observation {
    let reports: Vec<_> = sample.reading.observations.iter().collect();
    let [report] = reports.as_slice() else { panic!("{}: {reports:?}", sample.name) };
    assert_eq!(report.kind, ObservationKind::HostReport, "{}", sample.name);
    report
}

fn one(sample: &Sample, field: Field) -> Value {
    value(report(sample), field).into()
}

fn values(seen: &Observation, field: Field) -> impl Iterator<Item = &str> {
    seen.facts.iter().filter(move |fact| fact.field == field).map(|fact| fact.value)
}

fn all(sample: &Sample, field: Field) -> Value {
    values(report(sample), field).collect()
}

fn addresses(sample: &Sample) -> Value {
    report(sample)
        .bindings
        .iter()
        .filter_map(domain::Binding::ipv4)
        .map(|a| a.to_string())
        .collect()
}

fn cards(sample: &Sample) -> Value {
    let mut cards: Vec<String> =
        report(sample).bindings.iter().filter_map(|b| b.mac).map(|mac| mac.to_string()).collect();
    cards.dedup();
    cards.into()
}

/// The rest of the description is no adapter and no other text.
fn the_broken_line_is_whole(sample: &Sample, _: &Value) {
    assert_eq!(sample.reading.skipped.get("other_text"), None);
    assert_eq!(sample.reading.warnings, []);
}

fn tunnel_is_left_out(sample: &Sample, _: &Value) {
    assert_eq!(sample.reading.skipped.get("tunnel_adapter"), Some(&1));
}

fn month_first(sample: &Sample, _: &Value) {
    assert_eq!(one(sample, Field::Booted), "2026-03-28T14:34:44");
}

fn days_since_boot(sample: &Sample) -> Value {
    let boot: DateTime = value(report(sample), Field::Booted).parse().unwrap();
    (date(2026, 11, 20) - boot.date()).get_days().into()
}

fn outside(sample: &Sample) -> Value {
    let ends = values(report(sample), Field::Remote);
    ends.map(|end| {
        let (remote, port) = end.trim_start_matches("tcp/").rsplit_once(':').unwrap();
        json!({ "remote": remote, "port": port.parse::<u16>().unwrap() })
    })
    .collect()
}

fn listening(sample: &Sample) -> Value {
    let services = values(report(sample), Field::Service);
    services.filter_map(|service| service.strip_prefix("tcp/")?.parse::<u16>().ok()).collect()
}

/// Nothing says whose answer it is: that is asked, and no machine is made of it; with the name of its folder it is read.
fn whose_is_asked(sample: &Sample, _: &Value) {
    assert_eq!(sample.reading.observations, []);
    let asked: Vec<_> = sample.reading.questions.iter().map(|asked| &*asked.message.key).collect();
    assert_eq!(asked, ["windows.whose"]);
}

fn last_updated_where_known(sample: &Sample, expected: &Value) {
    let bytes = std::fs::read(super::testdata(&sample.path)).unwrap();
    let input = formats::reading::Input {
        name: "renamed.dat",
        bytes: &bytes,
        mapping: None,
        machine: Some("HIS-63"),
    };
    let reading = formats::registry::read(&input).unwrap();
    let seen = &reading.observations[0];
    assert_eq!(value(seen, Field::Hostname), "HIS-63");
    assert!(expected.as_str().unwrap().starts_with(value(seen, Field::PatternDate)));
}

fn last_updated(sample: &Sample, expected: &Value) {
    let local = value(report(sample), Field::PatternDate).to_owned() + "+09:00";
    assert!(bare(expected).starts_with(&local), "{local}");
}

fn stale(sample: &Sample) -> Value {
    let of: DateTime = value(report(sample), Field::PatternDate).parse().unwrap();
    ((date(2026, 11, 20) - of.date()).get_days() > 7).into()
}

fn latest(sample: &Sample) -> Value {
    let hosts = sample.reading.observations.iter().map(|seen| {
        let day = Some(value(seen, Field::UpdatedOn)).filter(|day| !day.is_empty());
        (value(seen, Field::Hostname).to_owned(), json!(day))
    });
    hosts.collect()
}

fn answered(sample: &Sample) -> Value {
    let hosts = sample.reading.observations.iter();
    hosts.map(|host| host.bindings[0].address.unwrap().to_string()).collect()
}

fn dead(sample: &Sample, expected: &Value) {
    assert_eq!(
        sample.reading.counts.get("dead"),
        Some(&(expected.as_array().unwrap().len() as u64))
    );
    for address in expected.as_array().unwrap() {
        assert!(!answered(sample).as_array().unwrap().contains(address), "{address}");
    }
}
