//! The configuration of a Yamaha router: `show config`, or a saved file, in either language and any encoding.
//!
//! Commands stand one a line; `pp select` and `tunnel select` say of whom the following lines speak. What belongs together stands in
//! several places (a tunnel, its policy, its gateway), and is put together at the end.

mod access;
mod lines;
mod nat;

use std::net::Ipv4Addr;

use domain::fold::half_width;
use domain::{
    Binding, FactsBuilder, Field, MacAddress, Network, Observation, ObservationKind, Place,
    SettingKind,
};

use super::gathering::{DeviceFormat, Gathering, Part};
use super::yamaha_environment::{head_line, release, unwrapped};
use super::{prefix_of_mask, quoted_words};
use crate::reader::Head;
use crate::reading::Score;

use access::Access;
use lines::{Lines, Scope};
use nat::Nat;

/// The format.
pub(super) struct YamahaConfig;

/// How commands begin that only these routers have.
const MARKS: [&str; 12] = [
    "ip lan1 ",
    "ip lan2 ",
    "ip route default gateway ",
    "pp select ",
    "tunnel select ",
    "nat descriptor ",
    "ip pp ",
    "pppoe use ",
    "dhcp scope ",
    "ipsec ike ",
    "httpd host ",
    "telnetd ",
];

impl DeviceFormat for YamahaConfig {
    fn kind(&self) -> &'static str {
        "yamaha-config"
    }

    fn family(&self) -> &'static str {
        "yamaha"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_headed =
            head.lines().any(|line| line.text.starts_with("# ") && release(line.text).is_some());
        let marks = MARKS
            .iter()
            .filter(|mark| head.lines().any(|line| line.text.trim_start().starts_with(**mark)))
            .count();
        match (is_headed, marks) {
            (true, 1..) => Score::Certain,
            (false, 3..) => Score::Certain,
            (true, 0) | (false, 2) => Score::Likely,
            _ => Score::No,
        }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        // In a log, the answer of `show config | grep` has no head, and is no configuration.
        let is_headed =
            part.lines().any(|line| line.text.starts_with("# ") && release(line.text).is_some());
        into.has_configuration |= is_headed || part.before == 0;
        into.say(part.before + 1, Field::Maker, "Yamaha");
        let mut config = Config::default();
        for (number, text) in unwrapped(part) {
            match text.strip_prefix('#') {
                Some(remark) => config.remark(number, remark, into),
                None => config.command(number, &text, into),
            }
        }
        config.finish(into);
    }
}

/// What was read so far.
#[derive(Debug, Default)]
struct Config {
    scope: Scope,
    lines: Lines,
    nat: Nat,
    access: Access,
    /// Cards in the order of the ports.
    cards: Vec<MacAddress>,
    /// Addresses by interface.
    addresses: Vec<(u32, String, Ipv4Addr, Option<u8>)>,
}

impl Config {
    /// `# MAC Address : 00:a0:de:…, …` names the cards of LAN1, LAN2 and so on.
    fn remark(&mut self, number: u32, text: &str, into: &mut Gathering) {
        head_line(number, text, into);
        let cards = text
            .split_once(" : ")
            .filter(|(label, _)| label.trim().eq_ignore_ascii_case("MAC Address"));
        if let Some((_, cards)) = cards {
            self.cards =
                cards.split(',').filter_map(|card| card.trim().parse().ok()).take(64).collect();
            self.cards.iter().for_each(|card| into.bind_card(number, *card));
        }
        if let Some(time) = text.trim().strip_prefix("Reporting Date:").and_then(reported) {
            into.date(number, time);
        }
    }

    fn command(&mut self, number: u32, text: &str, into: &mut Gathering) {
        let words = quoted_words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.is_empty() {
            return;
        }
        into.reading.rows += 1;
        let taken = self.scope.take(&words)
            || self.lines.take(number, &self.scope, &words)
            || self.nat.take(number, &self.scope, &words)
            || self.access.take(number, &words)
            || self.own(number, &words, into);
        if !taken {
            into.reading.skip("other_setting");
        }
    }

    /// Addresses, routes, name servers and leases.
    fn own(&mut self, number: u32, words: &[&str], into: &mut Gathering) -> bool {
        match words {
            ["ip", "route", target, "gateway", ways @ ..] => route(number, target, ways, into),
            ["ip", interface, "address", "dhcp", ..] => self.lines.dynamic(number, interface),
            ["ip", interface, "address", address, ..]
            | ["ip", interface, "secondary", "address", address, ..] => {
                self.address(number, interface, address, into);
            }
            ["dns", "server", servers @ ..] => {
                for server in servers.iter().filter(|server| server.parse::<Ipv4Addr>().is_ok()) {
                    into.also(number, Field::DnsServer, server);
                }
            }
            ["dhcp", "scope", "bind", _, address, rest @ ..] => {
                reservation(number, address, rest, into);
            }
            ["dhcp", "scope", _, range, ..] if range.contains('-') => {
                into.reading.count("dhcp_scopes", 1);
            }
            _ => return false,
        }
        true
    }

    fn address(&mut self, number: u32, interface: &str, written: &str, into: &mut Gathering) {
        let (address, prefix) = written.split_once('/').unwrap_or((written, ""));
        let Ok(address) = address.parse::<Ipv4Addr>() else {
            return into.unreadable(number, written);
        };
        let prefix =
            prefix.parse().ok().filter(|prefix| *prefix <= 32).or_else(|| prefix_of_mask(prefix));
        into.reading.count("interfaces", 1);
        let interface = if interface == "pp" { self.scope.name() } else { interface.to_owned() };
        self.addresses.push((number, interface, address, prefix));
    }

    fn finish(mut self, into: &mut Gathering) {
        for (number, interface, address, prefix) in &self.addresses {
            into.bind_address(*number, *address, *prefix);
            // The cards stand in the order of the ports.
            let port = interface.strip_prefix("lan").and_then(|port| port.parse::<usize>().ok());
            let card = port.and_then(|port| self.cards.get(port.checked_sub(1)?));
            if let Some(card) = card {
                into.bind_both(*number, Some(*card), Some((*address).into()));
            }
        }
        for interface in self.nat.outside() {
            self.lines.translated(&interface);
        }
        let outside = self.lines.outside();
        let inside: Vec<&str> = self
            .addresses
            .iter()
            .map(|(_, interface, _, _)| interface.as_str())
            .filter(|interface| !outside.contains(*interface))
            .collect();
        self.access.state(&outside, &inside, into);
        self.lines.state(into);
        self.nat.state(into);
    }
}

/// `Nov 20 09:41:20 2026`.
fn reported(text: &str) -> Option<jiff::civil::DateTime> {
    let words: Vec<&str> = text.split_whitespace().take(5).collect();
    let [month, day, clock, year] = words.as_slice() else { return None };
    super::english_time(month, day, clock, year)
}

/// `default gateway pp 1`, `10.200.0.0/16 gateway tunnel 1 gateway pp 2`: one setting with all its ways.
fn route(number: u32, target: &str, ways: &[&str], into: &mut Gathering) {
    let target = match target {
        "default" => "0.0.0.0/0".to_owned(),
        target => match target.parse::<Network>() {
            Ok(network) => network.to_string(),
            Err(_) => target.to_owned(),
        },
    };
    let mut gateways = Vec::new();
    for way in ways.split(|word| *word == "gateway") {
        gateways.push(match way {
            [kind @ ("pp" | "tunnel" | "dhcp"), which, ..] => format!("{kind} {which}"),
            [address, ..] => (*address).to_owned(),
            [] => continue,
        });
    }
    into.reading.count("routes", 1);
    if target == "0.0.0.0/0" {
        for gateway in gateways.iter().filter(|gateway| gateway.parse::<Ipv4Addr>().is_ok()) {
            into.also(number, Field::Gateway, gateway);
        }
    }
    into.set_once(number, SettingKind::Route, &target, |facts| {
        facts.add(Field::Target, &target);
        for gateway in &gateways {
            facts.add(Field::Gateway, gateway);
        }
    });
}

/// `dhcp scope bind 1 192.168.80.110 [ethernet] 00:a0:de:…`.
fn reservation(number: u32, address: &str, rest: &[&str], into: &mut Gathering) {
    let mac = rest.iter().find_map(|word| word.parse::<MacAddress>().ok());
    let (Ok(address), Some(mac)) = (address.parse::<Ipv4Addr>(), mac) else {
        return into.reading.skip("other_setting");
    };
    into.reading.count("reservations", 1);
    let mut facts = FactsBuilder::new();
    facts.add(Field::LeaseState, "reserved");
    into.see(Observation {
        place: Place::line(number),
        kind: ObservationKind::Reservation,
        bindings: vec![Binding {
            mac: Some(mac).filter(|mac| !mac.is_group() && !mac.is_zero()),
            address: Some(address.into()),
            prefix: None,
        }],
        facts: facts.finish(),
    });
}

/// A value in half width, as names in configurations are compared.
fn plain(text: &str) -> String {
    half_width(text).trim().to_owned()
}

#[cfg(test)]
mod tests;
