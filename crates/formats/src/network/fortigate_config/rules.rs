//! What may pass: rules that allow, addresses that are published, and routes.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{Field, Network, SettingKind};

use super::super::fortigate_tree::Entry;
use super::super::gathering::Gathering;
use super::interfaces::Interfaces;
use super::{address, enabled, name_of};

pub(super) fn state(all: &[Entry], interfaces: &Interfaces, into: &mut Gathering) {
    let allowed = allowed_targets(all);
    for entry in all.iter().filter(|entry| !entry.names.is_empty()) {
        match entry.section.as_str() {
            "firewall policy" if entry.is("action", "accept") => policy(entry, interfaces, into),
            // A rule without an action denies.
            "firewall policy" => into.reading.skip("denying_rule"),
            "firewall vip" => vip(entry, &allowed, into),
            "firewall vip/realservers" => real_server(entry, &allowed, into),
            "router static" => route(entry, into),
            _ => {}
        }
    }
}

/// `any` where all are meant, the names otherwise.
fn names(entry: &Entry, key: &str) -> String {
    let values = entry.values(key).unwrap_or_default();
    let is_all = values.iter().any(|value| matches!(value.as_str(), "all" | "any" | "ALL"));
    if is_all && !entry.is(&format!("{key}-negate"), "enable") {
        return "any".to_owned();
    }
    values.join(", ")
}

fn policy(entry: &Entry, interfaces: &Interfaces, into: &mut Gathering) {
    into.reading.count("policies", 1);
    let target = if entry.is("internet-service", "enable") {
        names(entry, "internet-service-name")
    } else {
        names(entry, "dstaddr")
    };
    let from = entry.values("srcintf").unwrap_or_default();
    let is_outside = from.iter().any(|name| interfaces.side(name) == "outside");
    let is_inside = !from.is_empty() && from.iter().all(|name| interfaces.side(name) == "inside");
    let side = if is_outside {
        "outside"
    } else if is_inside {
        "inside"
    } else {
        ""
    };
    let written = [entry.value("name"), entry.value("comments")];
    let description: Vec<&str> = written.into_iter().filter(|text| !text.is_empty()).collect();
    let services = entry.values("service").unwrap_or_default();
    into.set(
        entry.line,
        SettingKind::Policy,
        &name_of(entry, &format!("policy {}", entry.name())),
        |facts| {
            facts.add(Field::Description, &description.join(" "));
            facts
                .add(Field::Side, side)
                .add(Field::Peer, &names(entry, "srcaddr"))
                .add(Field::Target, &target);
            for service in services {
                facts.add(Field::Service, if service == "ALL" { "any" } else { service });
            }
            match entry.value("logtraffic") {
                // What stands there by default differs from version to version.
                "" => {}
                "disable" => drop(facts.add(Field::Logging, "no")),
                written => drop(facts.add_written(Field::Logging, "yes", written)),
            }
            facts.add(Field::Enabled, enabled(entry));
        },
    );
}

/// The names that rules which are on allow traffic to, with the members of groups.
fn allowed_targets(all: &[Entry]) -> BTreeSet<&str> {
    let rules = all.iter().filter(|entry| {
        entry.section == "firewall policy"
            && entry.is("action", "accept")
            && enabled(entry) == "yes"
    });
    let mut names: BTreeSet<&str> = rules
        .flat_map(|entry| entry.values("dstaddr").unwrap_or_default())
        .map(String::as_str)
        .collect();
    let groups = all.iter().filter(|entry| entry.section == "firewall vipgrp");
    let members: Vec<&str> = groups
        .filter(|group| names.contains(group.name()))
        .flat_map(|group| group.values("member").unwrap_or_default())
        .map(String::as_str)
        .collect();
    names.extend(members);
    names
}

fn vip(entry: &Entry, allowed: &BTreeSet<&str>, into: &mut Gathering) {
    let mapped = entry.value("mappedip");
    let target = mapped.split('-').next().unwrap_or_default();
    if target.parse::<Ipv4Addr>().is_err() {
        // The servers behind it stand in a section of their own, or are named.
        return into.reading.skip("other_setting");
    }
    let outer = entry.value("extport");
    let inner = Some(entry.value("mappedport")).filter(|port| !port.is_empty()).unwrap_or(outer);
    let protocol = Some(entry.value("protocol")).filter(|name| !name.is_empty()).unwrap_or("tcp");
    let service = if entry.is("portforward", "enable") {
        format!("{protocol}/{inner}")
    } else {
        "any".to_owned()
    };
    let written =
        if inner == outer { service.clone() } else { format!("{protocol}/{outer}→{inner}") };
    publish(
        entry,
        entry.name(),
        target,
        (&service, &written),
        allowed.contains(entry.name()),
        into,
    );
}

fn real_server(entry: &Entry, allowed: &BTreeSet<&str>, into: &mut Gathering) {
    let vip = entry.names.first().map_or("", String::as_str);
    let port = entry.value("port");
    let service = if port.is_empty() { "any".to_owned() } else { format!("tcp/{port}") };
    if entry.value("ip").parse::<Ipv4Addr>().is_ok() {
        let name = format!("{vip} {}", entry.name());
        publish(entry, &name, entry.value("ip"), (&service, &service), allowed.contains(vip), into);
    }
}

/// An address is only published where a rule lets somebody through to it.
fn publish(
    entry: &Entry,
    name: &str,
    target: &str,
    service: (&str, &str),
    is_allowed: bool,
    into: &mut Gathering,
) {
    into.reading.count("publications", 1);
    let is_on = is_allowed && enabled(entry) == "yes";
    into.set(entry.line, SettingKind::Publication, &name_of(entry, name), |facts| {
        facts.add(Field::Description, entry.value("comment"));
        facts.add(Field::Target, target).add_written(Field::Service, service.0, service.1);
        facts.add(Field::Enabled, if is_on { "yes" } else { "no" });
    });
}

fn route(entry: &Entry, into: &mut Gathering) {
    let named = entry.values("dstaddr").map(|names| names.join(", "));
    let target = match (address(entry.values("dst")), named) {
        (Some((base, prefix)), _) => Network::of(base, prefix.unwrap_or(32)).to_string(),
        (None, Some(named)) => named,
        (None, None) => "0.0.0.0/0".to_owned(),
    };
    if entry.is("blackhole", "enable") {
        return into.reading.skip("other_setting");
    }
    let gateway = entry.value("gateway");
    let way = if gateway.is_empty() { entry.value("device") } else { gateway };
    if target == "0.0.0.0/0" && gateway.parse::<Ipv4Addr>().is_ok() && enabled(entry) == "yes" {
        into.also(entry.line, Field::Gateway, gateway);
    }
    into.reading.count("routes", 1);
    into.set(
        entry.line,
        SettingKind::Route,
        &name_of(entry, &format!("static {}", entry.name())),
        |facts| {
            facts
                .add(Field::Target, &target)
                .add(Field::Gateway, way)
                .add(Field::Enabled, enabled(entry));
        },
    );
}
