//! Who may come in: administrators, users, and the ways for them from outside.

use domain::{Field, SettingKind};

use super::super::fortigate_tree::Entry;
use super::super::gathering::Gathering;
use super::interfaces::{Interfaces, on_interface};
use super::{enabled, name_of};

pub(super) fn state(all: &[Entry], interfaces: &Interfaces, into: &mut Gathering) {
    for entry in all {
        match entry.section.as_str() {
            "system admin" if !entry.names.is_empty() => admin(entry, into),
            "user local" if !entry.names.is_empty() => user(entry, into),
            "vpn ssl settings" => ssl_vpn(entry, interfaces, into),
            "vpn ipsec phase1" | "vpn ipsec phase1-interface" if !entry.names.is_empty() => {
                tunnel(entry, into);
            }
            _ => {}
        }
    }
}

fn admin(entry: &Entry, into: &mut Gathering) {
    into.reading.count("admins", 1);
    let is_anywhere = |values: Option<&[String]>| {
        values.is_some_and(|values| {
            values.iter().all(|value| matches!(value.as_str(), "0.0.0.0" | "::/0" | "0.0.0.0/0"))
        })
    };
    let is_trusted = entry.keys().any(|key| {
        (key.starts_with("trusthost") || key.starts_with("ip6-trusthost"))
            && !is_anywhere(entry.values(key))
    });
    into.set(entry.line, SettingKind::Account, entry.name(), |facts| {
        facts.add(Field::Access, "admin");
        facts.add(Field::SecondFactor, second_factor(entry, entry.is("remote-auth", "enable")));
        facts.add(Field::TrustedHosts, if is_trusted { "yes" } else { "no" });
        facts.add(Field::Enabled, enabled(entry));
    });
}

fn user(entry: &Entry, into: &mut Gathering) {
    into.reading.count("local_users", 1);
    // Of a user who is known elsewhere (RADIUS, LDAP), only that server can tell how.
    let is_elsewhere = !matches!(entry.value("type"), "" | "password");
    into.set(entry.line, SettingKind::Account, &name_of(entry, entry.name()), |facts| {
        facts.add(Field::Access, "vpn");
        facts.add(Field::SecondFactor, second_factor(entry, is_elsewhere));
        facts.add(Field::Enabled, enabled(entry));
    });
}

fn second_factor(entry: &Entry, is_elsewhere: bool) -> &'static str {
    match entry.value("two-factor") {
        "" | "disable" if is_elsewhere => "",
        "" | "disable" => "no",
        _ => "yes",
    }
}

fn ssl_vpn(entry: &Entry, interfaces: &Interfaces, into: &mut Gathering) {
    let port = entry.value("port");
    let service = if port.is_empty() { String::new() } else { format!("tcp/{port}") };
    for interface in entry.values("source-interface").unwrap_or_default() {
        into.set(
            entry.line,
            SettingKind::RemoteAccess,
            &on_interface(entry, "ssl-vpn", interface),
            |facts| {
                facts.add(Field::Service, &service).add(Field::Side, interfaces.side(interface));
                facts.add(Field::Enabled, enabled(entry));
            },
        );
    }
}

fn tunnel(entry: &Entry, into: &mut Gathering) {
    into.reading.count("tunnels", 1);
    let peer = match entry.value("type") {
        "dynamic" => "any",
        "ddns" => entry.value("remotegw-ddns"),
        _ => entry.value("remote-gw"),
    };
    let mut algorithms: Vec<String> = Vec::new();
    for proposal in entry.values("proposal").unwrap_or_default() {
        algorithms.extend(proposal.split('-').map(str::to_owned));
    }
    algorithms.extend(
        entry.values("dhgrp").unwrap_or_default().iter().map(|group| format!("dh-group-{group}")),
    );
    let mut seen = std::collections::BTreeSet::new();
    algorithms.retain(|algorithm| seen.insert(algorithm.clone()));
    let written = [entry.value("comments"), entry.value("interface")];
    let description: Vec<&str> = written.into_iter().filter(|text| !text.is_empty()).collect();
    into.set(entry.line, SettingKind::Tunnel, &name_of(entry, entry.name()), |facts| {
        facts.add(Field::Description, &description.join(" ")).add(Field::Peer, peer);
        for algorithm in &algorithms {
            facts.add(Field::Algorithm, algorithm);
        }
        facts.add(Field::Enabled, enabled(entry));
    });
}
