//! Hosts that a scanner found, and what it says of each, in the order in which they first appear.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use domain::{
    AddressKind, Banner, BannerKind, Binding, FactsBuilder, Field, MacAddress, Observation,
    ObservationKind, Place, msg,
};
use jiff::civil::DateTime;

use crate::reading::Reading;
use crate::values::name;
use crate::values::text::tidy;

/// Addresses of a host: a server of many virtual ones has hundreds.
const MAX_ADDRESSES: usize = 1_024;

/// Cards of a host, and its names.
const MAX_CARDS: usize = 256;

/// Programs of a host that answer.
const MAX_PRODUCTS: usize = 1_024;

/// Banners of a host.
const MAX_BANNERS: usize = 1_024;

/// The longest name of a program, in bytes: what is longer is no name.
const MAX_NAME: usize = 512;

/// CVE numbers of one item: a missing cumulative update brings some hundred.
const MAX_CVES: usize = 1_024;

/// What a scanner calls a finding's weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    Critical,
    High,
    Info,
    Low,
    Medium,
}

impl Severity {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
        }
    }
}

/// A protocol and a port.
pub(super) type Port = (String, u16);

/// One thing that a scanner says of a host.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) place: Place,
    pub(super) severity: Severity,
    pub(super) check: String,
    pub(super) title: String,
    pub(super) cves: Vec<String>,
    pub(super) port: Option<Port>,
}

/// A host, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) place: Place,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) macs: Vec<MacAddress>,
    /// Its names, the best first.
    pub(super) names: Vec<String>,
    /// The system as the scanner guesses it, and how it wrote that.
    pub(super) os: Option<(String, String)>,
    pub(super) ports: BTreeMap<Port, String>,
    /// Programs that answer: each with its version, and what the scanner wrote of it.
    pub(super) products: Vec<(String, String)>,
    /// What its programs and the device itself said of themselves: each as a fact holds it, and with its port.
    pub(super) banners: Vec<(String, String)>,
    pub(super) seen: Option<DateTime>,
    pub(super) items: Vec<Item>,
    /// Addresses, cards and names that were left out because there are too many.
    pub(super) left_out: u64,
}

impl Host {
    /// Adds an address that one machine can hold.
    pub(super) fn take_address(&mut self, text: &str) {
        let Ok(address) = text.trim().parse::<IpAddr>() else { return };
        let held = match address {
            IpAddr::V4(address) => AddressKind::of(address).is_unicast(),
            IpAddr::V6(address) => !address.is_multicast() && !address.is_unspecified(),
        };
        if held {
            self.left_out += u64::from(!take(&mut self.addresses, address, MAX_ADDRESSES));
        }
    }

    /// Adds a card.
    pub(super) fn take_mac(&mut self, text: &str) {
        let mac = text.trim().parse::<MacAddress>().ok();
        if let Some(mac) = mac.filter(|mac| !mac.is_group() && !mac.is_zero()) {
            self.left_out += u64::from(!take(&mut self.macs, mac, MAX_CARDS));
        }
    }

    /// Adds a name, unless it is an address.
    pub(super) fn take_name(&mut self, text: &str) {
        let text = text.trim().trim_end_matches('.');
        let is_name = !text.is_empty() && text.len() < 256 && text.parse::<IpAddr>().is_err();
        if is_name {
            self.left_out += u64::from(!take(&mut self.names, text.to_owned(), MAX_CARDS));
        }
    }

    /// Adds an open port with what the scanner says of it.
    pub(super) fn take_port(&mut self, port: Port, words: &str) {
        let said = self.ports.entry(port).or_default();
        if said.is_empty() {
            words.trim().clone_into(said);
        }
    }

    /// Adds programs that answer on `port`: under the CPE names that the scanner gives, else by name and version. Without a version
    /// nothing is said of which program it is.
    pub(super) fn take_service(
        &mut self,
        port: Option<&Port>,
        cpes: &[String],
        [product, version]: [&str; 2],
    ) {
        let number = version.split_whitespace().next().unwrap_or_default();
        let is_number = number.starts_with(|letter: char| letter.is_ascii_digit());
        let programs: Vec<&str> = cpes.iter().filter_map(|cpe| program(cpe)).collect();
        let banner = format!("{product} {version}");
        let banner = tidy(&banner);
        let written = |name: &str| {
            let said = if banner.is_empty() { name } else { &*banner };
            let port = port.map(|port| format!("{} ", service(port))).unwrap_or_default();
            format!("{port}{said}")
        };
        match programs.as_slice() {
            [] if is_number && !product.trim().is_empty() => {
                let name = format!("{product} {number}");
                let name = tidy(&name);
                self.take_product(&name, &written(&name));
            }
            [one] if !has_version(one) && is_number && is_plain(number) => {
                let bare = one.trim_end_matches(':');
                self.take_product(&format!("{bare}:{number}"), &written(one));
            }
            programs => {
                for one in programs.iter().filter(|one| has_version(one)) {
                    self.take_product(one, &written(one));
                }
            }
        }
    }

    /// Adds the programs that were read of the same host elsewhere.
    pub(super) fn take_products(&mut self, others: &[(String, String)]) {
        others.iter().for_each(|(name, written)| self.take_product(name, written));
    }

    fn take_product(&mut self, name: &str, written: &str) {
        let is_known = self.products.iter().any(|(known, _)| known == name);
        if !is_known && self.products.len() < MAX_PRODUCTS && name.len() <= MAX_NAME {
            self.products.push((name.to_owned(), written.to_owned()));
        }
    }

    /// Adds what was said on `port`, or by the device as a whole.
    pub(super) fn take_banner(&mut self, port: Option<&Port>, kind: BannerKind, text: &str) {
        let Some(fact) = Banner::heard(kind, text) else { return };
        let port = port.filter(|_| !kind.is_of_device()).map(service).unwrap_or_default();
        let said = Banner::of_fact(&fact).map_or("", |banner| banner.text);
        let written = format!("{port} {}", tidy(said));
        take(&mut self.banners, (fact, written.trim_start().to_owned()), MAX_BANNERS);
    }

    /// Adds the banners that were read of the same host elsewhere.
    pub(super) fn take_banners(&mut self, others: Vec<(String, String)>) {
        others.into_iter().for_each(|other| {
            take(&mut self.banners, other, MAX_BANNERS);
        });
    }

    fn is_named(&self) -> bool {
        !self.addresses.is_empty() || !self.macs.is_empty() || !self.names.is_empty()
    }

    /// One card has all addresses; several cards and one address are not known to belong together.
    fn bindings(&self) -> Vec<Binding> {
        let binding = |mac, address| Binding { mac, address, prefix: None };
        let (macs, addresses) = (&self.macs, &self.addresses);
        match macs.as_slice() {
            [] => addresses.iter().map(|address| binding(None, Some(*address))).collect(),
            [mac] if !addresses.is_empty() => {
                addresses.iter().map(|address| binding(Some(*mac), Some(*address))).collect()
            }
            _ => {
                let cards = macs.iter().map(|mac| binding(Some(*mac), None));
                addresses.iter().map(|address| binding(None, Some(*address))).chain(cards).collect()
            }
        }
    }

    /// The host's statement, and one for each thing said of it behind it.
    pub(super) fn state(self, reading: &mut Reading, tool: &str) {
        if !self.is_named() {
            reading.skip("hosts_without_name");
            return;
        }
        if self.left_out > 0 {
            let message = msg!("scan.too_many_names", count = self.left_out);
            reading.warn(self.place.clone(), message);
        }
        let mut facts = FactsBuilder::new();
        let full = self.names.iter().find_map(|full| name::host_and_domain(full).1);
        if let Some(first) = self.names.first() {
            let (host, domain) = name::host_and_domain(first);
            facts.add_written(Field::Hostname, host, first);
            facts.add(Field::Domain, domain.or(full).unwrap_or_default());
        }
        if let Some((os, written)) = &self.os {
            facts.add_written(Field::Os, &tidy(os), written);
        }
        for (port, words) in &self.ports {
            let key = service(port);
            let written = format!("{key} {}", tidy(words));
            facts.add_written(Field::Service, &key, written.trim_end());
        }
        for (name, written) in &self.products {
            facts.add_written(Field::ServiceProduct, name, written);
        }
        for (banner, written) in &self.banners {
            facts.add_written(Field::Banner, banner, written);
        }
        facts.add(Field::LastSeen, &self.seen.map(|seen| seen.to_string()).unwrap_or_default());
        facts.add(Field::ScanTool, tool);
        let (kind, bindings) = (ObservationKind::ScanHost, self.bindings());
        reading.rows += 1;
        reading.count("hosts", 1);
        reading.observations.push(Observation {
            place: self.place,
            kind,
            bindings,
            facts: facts.finish(),
        });
        self.items.into_iter().for_each(|item| item.state(reading, tool, &mut facts));
    }
}

/// Adds what is not there yet. Says no where there is no room: to look through ever more for each would take for ever.
fn take<T: PartialEq>(known: &mut Vec<T>, new: T, most: usize) -> bool {
    let is_known = known.contains(&new);
    let has_room = known.len() < most;
    if !is_known && has_room {
        known.push(new);
    }
    is_known || has_room
}

impl Item {
    /// Adds the CVE numbers that a text names.
    pub(super) fn take_cves(&mut self, text: &str) {
        for cve in cves(text) {
            take(&mut self.cves, cve, MAX_CVES);
        }
    }

    fn state(self, reading: &mut Reading, tool: &str, facts: &mut FactsBuilder) {
        facts.add(Field::ScanTool, tool).add(Field::ScanSeverity, self.severity.key());
        facts.add(Field::CheckId, &self.check).add(Field::Title, &tidy(&self.title));
        for cve in &self.cves {
            facts.add(Field::Cve, cve);
        }
        if let Some(port) = &self.port {
            facts.add(Field::Service, &service(port));
        }
        reading.count("items", 1);
        if self.severity == Severity::Info {
            reading.count("items_info", 1);
        }
        let (place, kind) = (self.place, ObservationKind::ScanItem);
        let facts = facts.finish();
        reading.observations.push(Observation { place, kind, bindings: Vec::new(), facts });
    }
}

/// The CPE name of a program, as a URI (NISTIR 7695 clause 6.1); none where it names an operating system or a machine.
fn program(cpe: &str) -> Option<&str> {
    let cpe = cpe.trim();
    cpe.strip_prefix("cpe:/a:").map(|_| cpe)
}

/// Whether the name goes as far as the version, its fourth part.
fn has_version(cpe: &str) -> bool {
    cpe.split(':').nth(4).is_some_and(|version| !version.is_empty())
}

/// Whether a version needs no quoting in a name.
fn is_plain(version: &str) -> bool {
    version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn service((protocol, port): &Port) -> String {
    format!("{protocol}/{port}")
}

/// A port's words, such as `445` and `tcp`; none for port 0, which stands for the host as a whole.
pub(super) fn port(protocol: &str, number: &str) -> Option<Port> {
    let number: u16 = number.trim().parse().ok().filter(|number| *number != 0)?;
    let protocol = protocol.trim().to_ascii_lowercase();
    let known = matches!(protocol.as_str(), "tcp" | "udp" | "sctp");
    known.then_some((protocol, number))
}

/// The CVE numbers of a text, each once.
pub(super) fn cves(text: &str) -> Vec<String> {
    let mut cves: Vec<String> = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let word = word.to_ascii_uppercase();
        let numbers = word.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
        let is_cve = numbers.is_some_and(|(year, number)| {
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            year.len() == 4 && (4..=12).contains(&number.len()) && digits(year) && digits(number)
        });
        if is_cve {
            take(&mut cves, word, MAX_CVES);
        }
    }
    cves
}

/// All hosts of one report.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    by_key: HashMap<String, usize>,
    hosts: Vec<Host>,
}

impl Hosts {
    /// The host called `key`, which is new where it was not met before.
    pub(super) fn of(&mut self, key: &str, place: Place) -> &mut Host {
        let index = *self.by_key.entry(key.to_owned()).or_insert(self.hosts.len());
        if index == self.hosts.len() {
            self.hosts.push(Host { place, ..Host::default() });
        }
        &mut self.hosts[index]
    }

    /// The latest moment at which a host was seen.
    pub(super) fn latest(&self) -> Option<DateTime> {
        self.hosts.iter().filter_map(|host| host.seen).max()
    }

    /// States those that have an address; the others are only spoken of.
    pub(super) fn state_up(self, reading: &mut Reading, assumed: bool) {
        for host in self.hosts {
            if host.addresses.is_empty() {
                reading.skip("hosts_down");
            } else if assumed && host.ports.is_empty() {
                reading.skip("hosts_assumed_up");
            } else {
                host.state(reading, "nmap");
            }
        }
    }

    /// States all of them.
    pub(super) fn state(self, reading: &mut Reading, tool: &str) {
        self.hosts.into_iter().for_each(|host| host.state(reading, tool));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_vulnerabilities_are_found_in_any_text() {
        assert_eq!(
            cves("cve-2017-0144, CVE-2017-0145;CVE-2017-0144 CVE-20-1 CVE-2019-07x8 NOCVE"),
            ["CVE-2017-0144", "CVE-2017-0145"]
        );
    }

    #[test]
    fn port_0_is_the_host_as_a_whole() {
        assert_eq!(port("TCP", "445"), Some(("tcp".to_owned(), 445)));
        for (protocol, number) in [("tcp", "0"), ("general", "1"), ("tcp", "70000"), ("", "1")] {
            assert_eq!(port(protocol, number), None, "{protocol} {number}");
        }
    }

    #[test]
    fn a_host_has_only_so_many_names_and_says_how_many_more_there_were() {
        let mut host = Host::default();
        for number in 0..100_000u32 {
            host.take_name(&format!("n{number}"));
            host.take_mac(&format!("00:50:56:{:02x}:{:02x}:01", number >> 8 & 255, number & 255));
            host.take_address(&std::net::Ipv4Addr::from(0x0a00_0001 + number).to_string());
        }
        assert_eq!((host.names.len(), host.macs.len(), host.addresses.len()), (256, 256, 1_024));
        // Of the cards the first 256 come round again.
        assert_eq!(host.left_out, 99_744 + 98_976 + 99_744 - 256);
        let many = (0..100_000).map(|number| format!("CVE-2020-{:05} ", number % 99_999));
        assert_eq!(cves(&many.collect::<String>()).len(), 1_024);
        let mut reading = Reading::default();
        host.state(&mut reading, "nmap");
        assert_eq!(reading.warnings[0].message.key, "scan.too_many_names");
    }

    #[test]
    fn a_card_is_given_all_addresses_and_two_cards_none() {
        let mut host = Host::default();
        host.take_address("192.0.2.1");
        host.take_address("192.0.2.1");
        host.take_address("224.0.0.1");
        host.take_mac("00:50:56:00:00:11");
        assert_eq!(host.bindings().len(), 1);
        host.take_mac("00:50:56:00:00:12");
        host.take_mac("ff:ff:ff:ff:ff:ff");
        let bindings = host.bindings();
        assert_eq!(bindings.len(), 3);
        assert!(bindings.iter().all(|b| b.mac.is_none() || b.address.is_none()));
    }
}
