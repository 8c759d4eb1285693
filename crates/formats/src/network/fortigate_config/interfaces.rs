//! Interfaces: addresses, which side each faces, lines to the outside, and how the device is administered there.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{AddressKind, Field, SettingKind};

use super::super::fortigate_tree::Entry;
use super::super::gathering::Gathering;
use super::{address, enabled, name_of};

/// Ways of administration; `ping` and the like are none.
const WAYS: [&str; 4] = ["http", "https", "ssh", "telnet"];

/// Which interfaces face which side.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    outside: BTreeSet<String>,
    inside: BTreeSet<String>,
}

impl Interfaces {
    pub(super) fn of(all: &[Entry]) -> Self {
        let mut sides = Self::default();
        for entry in all.iter().filter(|entry| entry.section == "system interface") {
            match faces_outside(entry) {
                Some(true) => sides.outside.insert(entry.name().to_owned()),
                Some(false) => sides.inside.insert(entry.name().to_owned()),
                None => false,
            };
        }
        // Where everything else is sent is outside, unless its role says otherwise.
        for route in all.iter().filter(|entry| {
            entry.section == "router static" && address(entry.values("dst")).is_none()
        }) {
            let device = route.value("device");
            let is_whole =
                route.values("dstaddr").is_none() && route.values("internet-service").is_none();
            if is_whole && !device.is_empty() && !sides.inside.contains(device) {
                sides.outside.insert(device.to_owned());
            }
        }
        sides
    }

    /// `outside`, `inside`, or nothing where neither can be told.
    pub(super) fn side(&self, name: &str) -> &'static str {
        // Whoever comes in by SSL-VPN comes from outside.
        if self.outside.contains(name) || name.starts_with("ssl.") {
            "outside"
        } else if self.inside.contains(name) {
            "inside"
        } else {
            ""
        }
    }

    /// Addresses, lines and ways of administration.
    pub(super) fn state(&self, all: &[Entry], into: &mut Gathering) {
        for entry in all {
            match entry.section.as_str() {
                "system interface" => self.interface(entry, into),
                "system interface/secondaryip" => bind(entry, into),
                _ => {}
            }
        }
    }

    fn interface(&self, entry: &Entry, into: &mut Gathering) {
        into.reading.count("interfaces", 1);
        let is_up = enabled(entry) == "yes";
        if is_up {
            bind(entry, into);
        }
        if self.outside.contains(entry.name()) && !entry.is("type", "tunnel") {
            let written = [entry.value("alias"), entry.value("description")];
            let description: Vec<&str> =
                written.into_iter().filter(|text| !text.is_empty()).collect();
            into.reading.count("lines", 1);
            into.set(entry.line, SettingKind::Line, entry.name(), |facts| {
                facts.add(Field::Description, &description.join(" ")).add(Field::Side, "outside");
                facts.add(Field::Service, if entry.is("mode", "pppoe") { "pppoe" } else { "" });
                facts.add(Field::Enabled, enabled(entry));
            });
        }
        self.access(entry, into);
    }

    fn access(&self, entry: &Entry, into: &mut Gathering) {
        let open = entry.values("allowaccess").unwrap_or_default();
        let ways: Vec<&str> =
            open.iter().map(String::as_str).filter(|way| WAYS.contains(way)).collect();
        if ways.is_empty() {
            return;
        }
        into.set(entry.line, SettingKind::AdminAccess, entry.name(), |facts| {
            facts.add(Field::Side, self.side(entry.name()));
            for way in ways {
                facts.add(Field::Access, way);
            }
            facts.add(Field::Enabled, enabled(entry));
        });
    }
}

fn bind(entry: &Entry, into: &mut Gathering) {
    if let Some((address, prefix)) = address(entry.values("ip")) {
        into.bind_address(entry.line, address, prefix);
    }
    // Some configurations give a port another card than its own.
    if let Ok(mac) = entry.value("macaddr").parse() {
        into.bind_card(entry.line, mac);
    }
}

/// Whether an interface faces outside: its role says so, else its name, how it gets its address, or the address itself.
fn faces_outside(entry: &Entry) -> Option<bool> {
    match entry.value("role") {
        "wan" => return Some(true),
        "lan" | "dmz" => return Some(false),
        _ => {}
    }
    let name = entry.name();
    let is_named =
        name.strip_prefix("wan").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if is_named || entry.is("mode", "pppoe") {
        return Some(true);
    }
    let (address, _) = address(entry.values("ip"))?;
    match AddressKind::of(address) {
        AddressKind::Public => Some(true),
        AddressKind::Private if is_shared(address) => None,
        AddressKind::Private => Some(false),
        _ => None,
    }
}

/// Between a provider and its customers (RFC 6598): that may be either side.
fn is_shared(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [100, 64..=127, ..])
}

/// The name of a setting of an interface.
pub(super) fn on_interface(entry: &Entry, what: &str, interface: &str) -> String {
    name_of(entry, &format!("{what} {interface}"))
}
