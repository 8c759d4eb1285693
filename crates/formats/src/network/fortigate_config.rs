//! The configuration of a FortiGate: a backup, or `show` and `show full-configuration`, with or without virtual domains.

mod interfaces;
mod people;
mod rules;

use std::net::Ipv4Addr;

use domain::Field;

use super::fortigate_tree::{Entry, entries};
use super::gathering::{DeviceFormat, Gathering, Part};
use super::prefix_of_mask;
use crate::reader::Head;
use crate::reading::Score;

use interfaces::Interfaces;

/// The format.
pub(super) struct FortigateConfig;

/// The sections that are read.
const SECTIONS: [&str; 17] = [
    "firewall policy",
    "firewall vip",
    "firewall vip/realservers",
    "firewall vipgrp",
    "router static",
    "system admin",
    "system dns",
    "system global",
    "system interface",
    "system interface/secondaryip",
    "user local",
    "vpn ipsec phase1",
    "vpn ipsec phase1-interface",
    "vpn ssl settings",
    "vpn ssl settings/authentication-rule",
    "system virtual-wan-link/members",
    "system sdwan/members",
];

impl DeviceFormat for FortigateConfig {
    fn kind(&self) -> &'static str {
        "fortigate-config"
    }

    fn family(&self) -> &'static str {
        "fortigate"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let starts = |mark: &str| head.lines().any(|line| line.text.starts_with(mark));
        if starts("#config-version=") {
            return Score::Certain;
        }
        let sections = SECTIONS.iter().filter(|section| {
            head.lines().any(|line| line.text.trim_end().strip_prefix("config ") == Some(**section))
        });
        let has_end = head.lines().any(|line| line.text.trim() == "end");
        match sections.count() {
            1.. if has_end => Score::Certain,
            _ => Score::No,
        }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let (all, odd) = entries(part, |section| SECTIONS.contains(&section));
        for line in odd {
            // What the line holds is not quoted: it may be the rest of a value.
            into.reading.skip("other_line");
            let _ = line;
        }
        let mut all = all;
        all.sort_by_key(|entry| entry.line);
        // One section alone, as a log often holds, is no newer edition of the whole.
        let has = |section: &str| all.iter().any(|entry| entry.section == section);
        let is_headed = head(part, into);
        into.has_configuration |= is_headed || (has("system global") && has("system interface"));
        into.reading.rows += all.len() as u64;
        let interfaces = Interfaces::of(&all);
        for entry in &all {
            match entry.section.as_str() {
                "system global" => into.say(entry.line, Field::Hostname, entry.value("hostname")),
                "system dns" => name_servers(entry, into),
                _ => {}
            }
        }
        interfaces.state(&all, into);
        people::state(&all, &interfaces, into);
        rules::state(&all, &interfaces, into);
    }
}

/// Whether there is a head: `#config-version=FGT60E-7.0.5-FW-build0304-220208:opmode=0:…`.
fn head(part: Part<'_>, into: &mut Gathering) -> bool {
    for line in part.lines() {
        let Some(version) = line.text.trim().strip_prefix("#config-version=") else { continue };
        let version = version.split(':').next().unwrap_or_default();
        let parts: Vec<&str> = version.split('-').collect();
        let [model, release, _, build, ..] = parts.as_slice() else { return false };
        into.say(line.number, Field::Maker, "Fortinet");
        into.say_written(line.number, Field::Model, &whole_model(model), model);
        into.say(line.number, Field::Os, "FortiOS");
        // With the letter, as the device itself and the ledgers write it.
        into.say(line.number, Field::OsVersion, &format!("v{release}"));
        into.say(line.number, Field::SoftwareVersion, build);
        return true;
    }
    false
}

/// The model's name as the device itself writes it: `FGT60E` is a FortiGate-60E. Where letters follow that stand for thousands, it
/// stays as it is.
fn whole_model(short: &str) -> String {
    let known = [("FGT", "FortiGate-"), ("FWF", "FortiWiFi-"), ("FG", "FortiGate-")];
    let whole = known.iter().find_map(|(start, whole)| {
        let rest = short.strip_prefix(start)?;
        (rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.contains('K'))
            .then(|| format!("{whole}{rest}"))
    });
    whole.unwrap_or_else(|| short.to_owned())
}

fn name_servers(entry: &Entry, into: &mut Gathering) {
    for key in ["primary", "secondary"] {
        let server = entry.value(key);
        if server.parse::<Ipv4Addr>().is_ok_and(|server| !server.is_unspecified()) {
            into.also(entry.line, Field::DnsServer, server);
        }
    }
}

/// An address and its mask: `198.51.100.2 255.255.255.248`, or `198.51.100.2/29`. Nothing where none is set.
fn address(values: Option<&[String]>) -> Option<(Ipv4Addr, Option<u8>)> {
    let values = values?;
    let first = values.first()?;
    let (address, prefix) = match first.split_once('/') {
        Some((address, prefix)) => (address, prefix.parse().ok()),
        None => (first.as_str(), values.get(1).and_then(|mask| prefix_of_mask(mask))),
    };
    let address: Ipv4Addr = address.parse().ok()?;
    (!address.is_unspecified()).then_some((address, prefix.filter(|prefix| *prefix <= 32)))
}

/// The name of a setting, with the virtual domain it stands in.
fn name_of(entry: &Entry, name: &str) -> String {
    if entry.vdom.is_empty() { name.to_owned() } else { format!("{}/{name}", entry.vdom) }
}

/// `no` where an entry is switched off.
fn enabled(entry: &Entry) -> &'static str {
    if entry.is("status", "disable") || entry.is("status", "down") { "no" } else { "yes" }
}

#[cfg(test)]
mod tests;
