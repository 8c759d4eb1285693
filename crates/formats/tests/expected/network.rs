//! Answers and configurations of network devices.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, Observation, ObservationKind, SettingKind};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, bare, shown, value};

pub(super) const MAC_TABLE: Checks =
    &[("cpu", Check::Count), ("dynamic", Check::Count), ("ports", Check::Is(ports))];

pub(super) const ALLIED_SYSTEM: Checks = &[
    ("hostname", Check::Is(hostname)),
    ("model", Check::Is(model)),
    ("serial", Check::Is(serial)),
    ("uptime_days", Check::Count),
    ("version", Check::Is(os_version)),
];

pub(super) const ROUTES: Checks =
    &[("outside", Check::Is(routes_outside)), ("routes", Check::Count)];

pub(super) const CORE_SWITCH: Checks = &[
    ("arp_entries", Check::Count),
    ("arp_incomplete", Check::Count),
    ("cdp_neighbors", Check::Count),
    ("format", Check::Holds(is_of_kind)),
    ("hostname", Check::Is(hostname)),
    ("lldp_neighbors", Check::Count),
    ("mac_dynamic", Check::Is(|sample| sample.reading.counts["dynamic"].into())),
    ("mac_static_cpu", Check::Is(|sample| sample.reading.counts["cpu"].into())),
    ("note", Check::Note("the rule about ports says it; the addresses come from other files")),
    ("os_version", Check::Is(os_version)),
    ("several_macs_on_one_access_port", Check::Is(crowded_access_ports)),
    ("unknown", Check::Holds(unknown_cards)),
];

pub(super) const ROUTER: Checks = &[
    ("arp_entries", Check::Count),
    ("arp_static", Check::Count),
    ("firmware", Check::Is(os_version)),
    ("model", Check::Is(model)),
    ("outside_interfaces", Check::Is(outside_interfaces)),
    ("port_forward", Check::Holds(port_forward)),
    ("secrets", Check::Holds(|sample, _| assert_eq!(sample.reading.counts["secrets_masked"], 0))),
    ("tunnels", Check::Holds(tunnels)),
    ("uptime_days", Check::Count),
];

pub(super) const FIREWALL: Checks = &[
    ("admins", Check::Count),
    ("admins_without_trusted_hosts", Check::Is(admins_without_trusted_hosts)),
    ("any_any_policies", Check::Is(any_any_policies)),
    ("build", Check::Is(build)),
    ("hostname", Check::Is(hostname)),
    ("interfaces", Check::Count),
    ("known_exploited_matching_sample_feeds", Check::Together),
    ("local_users", Check::Count),
    ("local_users_without_second_factor", Check::Is(users_without_second_factor)),
    ("model", Check::Is(|sample| shown(report(sample), Field::Model).into())),
    ("note", Check::Holds(|sample, _| assert!(sample.reading.masked.is_some()))),
    ("os_line_support_ended", Check::Together),
    ("os_version", Check::Is(os_version)),
    ("sslvpn", Check::Is(ssl_vpn)),
    ("wan_admin_access", Check::Is(wan_admin_access)),
];

pub(super) const FIREWALL_STATUS: Checks = &[
    ("arp_entries", Check::Count),
    ("ips_db_date", Check::Is(|sample| database(sample, "ips-db"))),
    ("model", Check::Is(model)),
    ("note", Check::Note("the rule about signature databases says it")),
    ("os_version", Check::Is(os_version)),
    ("virus_db_date", Check::Is(|sample| database(sample, "virus-db"))),
];

/// The report of the one device; every such document has one, and it stands first.
fn report(sample: &Sample) -> &Observation {
    let is = |seen: &&Observation| seen.kind == ObservationKind::HostReport;
    assert_eq!(sample.reading.observations.iter().filter(is).count(), 1, "{}", sample.name);
    sample.reading.observations.iter().find(is).unwrap()
}

fn settings(sample: &Sample, kind: SettingKind) -> Vec<&Observation> {
    let seen = sample.reading.observations.iter();
    seen.filter(|seen| seen.facts.value(Field::Setting) == Some(kind.key())).collect()
}

fn all(seen: &Observation, field: Field) -> Vec<&str> {
    seen.facts.iter().filter(|fact| fact.field == field).map(|fact| fact.value).collect()
}

fn is_of_kind(sample: &Sample, expected: &Value) {
    assert_eq!(sample.reading.kind, bare(expected));
    // The words of a session and the figures of its tables.
    assert!(sample.reading.warnings.is_empty(), "{:?}", sample.reading.warnings);
}

fn hostname(sample: &Sample) -> Value {
    value(report(sample), Field::Hostname).into()
}

fn model(sample: &Sample) -> Value {
    value(report(sample), Field::Model).into()
}

fn serial(sample: &Sample) -> Value {
    value(report(sample), Field::Serial).into()
}

/// The ledgers write FortiOS with a `v`, and so do we.
fn os_version(sample: &Sample) -> Value {
    value(report(sample), Field::OsVersion).trim_start_matches('v').into()
}

fn build(sample: &Sample) -> Value {
    value(report(sample), Field::SoftwareVersion).trim_start_matches("build").into()
}

fn ports(sample: &Sample) -> Value {
    let mut ports: BTreeMap<&str, u64> = BTreeMap::new();
    for seen in sample.reading.observations.iter().filter(|seen| is_port(seen)) {
        *ports.entry(value(seen, Field::Port)).or_default() += 1;
    }
    json!(ports)
}

fn is_port(seen: &Observation) -> bool {
    seen.kind == ObservationKind::PortEntry
}

/// Ports with several cards on which no switch or router tells of itself, and which bundle no lines.
fn crowded_access_ports(sample: &Sample) -> Value {
    let seen = &sample.reading.observations;
    let uplinks: BTreeSet<&str> = seen
        .iter()
        .filter(|seen| seen.kind == ObservationKind::LinkNeighbour)
        .map(|seen| value(seen, Field::Port))
        .collect();
    let mut cards: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for seen in seen.iter().filter(|seen| is_port(seen)) {
        assert_eq!(value(seen, Field::Switch), "CORE-SW1");
        cards.entry(value(seen, Field::Port)).or_default().insert(seen.bindings[0].mac);
    }
    cards.retain(|port, cards| {
        cards.len() > 1 && !uplinks.contains(port) && !port.starts_with("Po")
    });
    json!(cards.into_iter().map(|(port, cards)| (port, cards.len())).collect::<BTreeMap<_, _>>())
}

fn unknown_cards(sample: &Sample, expected: &Value) {
    for pair in expected.as_array().unwrap() {
        let (address, mac) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        let has = |seen: &&Observation| seen.bindings.iter().any(|had| had.mac == mac.parse().ok());
        assert!(sample.reading.observations.iter().filter(has).any(is_port), "{mac}");
        let here = |seen: &Observation| {
            seen.bindings.iter().any(|had| had.address == address.parse().ok())
        };
        // Only the router has its address in this file.
        let in_file = sample.reading.observations.iter().any(here);
        assert_eq!(in_file, address == "10.102.41.252", "{address}");
    }
}

/// Routes that leave by a connection or a tunnel, as the answer writes them.
fn routes_outside(sample: &Sample) -> Value {
    let routes = settings(sample, SettingKind::Route);
    let ways = routes.iter().map(|route| shown(route, Field::Gateway));
    ways.filter(|way| way.starts_with("PP[") || way.starts_with("TUNNEL["))
        .collect::<Vec<_>>()
        .into()
}

fn outside_interfaces(sample: &Sample) -> Value {
    let said = |setting: &&Observation, kind: &str| {
        let way = match value(setting, Field::Service) {
            "pppoe" => "PPPoE".to_owned(),
            way => way.to_uppercase(),
        };
        format!("{} ({way}{kind})", value(setting, Field::SettingName))
    };
    let lines = settings(sample, SettingKind::Line);
    let dial_ins = settings(sample, SettingKind::DialIn);
    let lines = lines.iter().map(|line| said(line, ""));
    lines.chain(dial_ins.iter().map(|dial_in| said(dial_in, " dial-in"))).collect::<Vec<_>>().into()
}

/// The port forward to the router itself is listed as well (`also_acceptable`).
fn port_forward(sample: &Sample, expected: &Value) {
    let found: Vec<(&str, &str)> = settings(sample, SettingKind::Publication)
        .iter()
        .map(|published| (value(published, Field::Target), value(published, Field::Service)))
        .collect();
    assert_eq!(found, [("10.100.254.1", "udp/500"), ("10.100.1.31", "tcp/3389")]);
    let expected = &expected[0];
    let service = format!("{}/{}", expected["proto"].as_str().unwrap(), expected["port"]);
    assert!(found.contains(&(expected["ip"].as_str().unwrap(), &service)));
}

fn tunnels(sample: &Sample, expected: &Value) {
    let tunnels = settings(sample, SettingKind::Tunnel);
    let expected = expected.as_array().unwrap();
    assert_eq!(tunnels.len(), expected.len());
    for (tunnel, expected) in tunnels.iter().zip(expected) {
        assert_eq!(value(tunnel, Field::SettingName), format!("tunnel {}", expected["no"]));
        assert_eq!(value(tunnel, Field::Description), expected["description"]);
        assert_eq!(value(tunnel, Field::Peer), expected["peer"]);
        if let Some(weak) = expected.get("weak") {
            assert_eq!(json!(all(tunnel, Field::Algorithm)), *weak);
        }
    }
    let dial_in = settings(sample, SettingKind::DialIn);
    assert_eq!(value(dial_in[0], Field::Description), "業者保守");
}

fn wan_admin_access(sample: &Sample) -> Value {
    let outside = |seen: &&&Observation| value(seen, Field::Side) == "outside";
    let access = settings(sample, SettingKind::AdminAccess);
    let open: Vec<_> = access.iter().filter(outside).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(value(open[0], Field::SettingName), "wan1");
    json!(all(open[0], Field::Access))
}

fn ssl_vpn(sample: &Sample) -> Value {
    let access = settings(sample, SettingKind::RemoteAccess);
    assert_eq!(access.len(), 1);
    let port: u16 = value(access[0], Field::Service).trim_start_matches("tcp/").parse().unwrap();
    assert_eq!(value(access[0], Field::Side), "outside");
    json!({
        "enabled": value(access[0], Field::Enabled) == "yes",
        "port": port,
        "interface": value(access[0], Field::SettingName).trim_start_matches("ssl-vpn "),
    })
}

fn accounts<'a>(sample: &'a Sample, access: &str) -> Vec<&'a Observation> {
    let mut accounts = settings(sample, SettingKind::Account);
    accounts.retain(|account| value(account, Field::Access) == access);
    accounts
}

fn admins_without_trusted_hosts(sample: &Sample) -> Value {
    let admins = accounts(sample, "admin");
    admins.iter().filter(|admin| value(admin, Field::TrustedHosts) == "no").count().into()
}

fn users_without_second_factor(sample: &Sample) -> Value {
    let users = accounts(sample, "vpn");
    let without = users.iter().filter(|user| value(user, Field::SecondFactor) == "no");
    without.map(|user| value(user, Field::SettingName)).collect::<Vec<_>>().into()
}

fn any_any_policies(sample: &Sample) -> Value {
    let policies = settings(sample, SettingKind::Policy);
    let is_any = |field| move |policy: &&&Observation| value(policy, field) == "any";
    let open = policies.iter().filter(is_any(Field::Peer)).filter(is_any(Field::Target));
    let numbers = open.map(|policy| {
        assert_eq!(value(policy, Field::Logging), "no");
        value(policy, Field::SettingName).trim_start_matches("policy ").parse::<u32>().unwrap()
    });
    numbers.collect::<Vec<_>>().into()
}

fn database(sample: &Sample, name: &str) -> Value {
    let databases = settings(sample, SettingKind::SignatureDatabase);
    let found = databases.iter().find(|database| value(database, Field::SettingName) == name);
    value(found.unwrap(), Field::PatternDate).into()
}
