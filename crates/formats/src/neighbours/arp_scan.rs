//! The text of `arp-scan`: what answered, `address<TAB>card<TAB>maker` a line, between a header and a footer.
//!
//! `(DUP: 2)` marks a second answer for one address.  From another card it means that two machines hold the address.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use domain::{Binding, Facts, MacAddress, Observation, ObservationKind, Place, msg};

use super::{Collector, Entry, Outcome, Words};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::terminal;
use crate::text::{Line, Text};

/// The reader of `arp-scan`.
#[derive(Debug)]
pub struct ArpScan;

const WORDS: Words =
    Words { v4: "hosts", v6: "hosts", group: "multicast_ignored", no_card: "incomplete" };

impl Reader for ArpScan {
    fn kind(&self) -> &'static str {
        "arp-scan"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let score = head.best_line(|line| match Kind::of(line) {
            Kind::Start => Score::Certain,
            _ => Score::No,
        });
        // Two scans in one file would need two machines that looked.
        let starts = head.lines().filter(|line| matches!(Kind::of(line.text), Kind::Start));
        let is_own = |line: &str| !matches!(Kind::of(line), Kind::Other);
        if starts.count() > 1 || terminal::is_mixed(head, "arp", is_own) {
            return Score::No;
        }
        score
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut scan = Scan {
            table: Collector::new(self.kind(), 1, WORDS),
            holders: BTreeMap::new(),
            observer: None,
            is_whole: false,
        };
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            scan.line(line);
        }
        scan.finish()
    }
}

/// What a line of the output is.
#[derive(Debug)]
enum Kind {
    /// `Interface: eth0, type: EN10MB, MAC: …, IPv4: …`.
    Interface(Option<Binding>),
    Start,
    Row(Ipv4Addr, MacAddress),
    Figures,
    End,
    Other,
}

impl Kind {
    fn of(line: &str) -> Self {
        if let Some(rest) = line.strip_prefix("Interface: ") {
            return Self::Interface(own(rest));
        }
        if line.starts_with("Starting arp-scan ") {
            return Self::Start;
        }
        if line.starts_with("Ending arp-scan ") {
            return Self::End;
        }
        if line.contains(" received by filter,") || line.starts_with("WARNING:") {
            return Self::Figures;
        }
        let mut cells = line.split('\t');
        let address = cells.next().and_then(|word| word.trim().parse().ok());
        let mac = cells.next().and_then(|word| word.trim().parse().ok());
        // The maker must follow the card: without it the line was cut.
        match (address, mac, cells.next()) {
            (Some(address), Some(mac), Some(_)) => Self::Row(address, mac),
            _ => Self::Other,
        }
    }
}

/// The card and address of the machine that looked; older versions print neither.
fn own(header: &str) -> Option<Binding> {
    let labelled =
        |label: &str| header.split(", ").find_map(|part| part.trim().strip_prefix(label));
    let address = labelled("IPv4: ")?.trim().parse::<Ipv4Addr>().ok().map(IpAddr::V4);
    let address = address.filter(|address| !super::is_group(*address))?;
    let mac = labelled("MAC: ").and_then(|word| word.trim().parse::<MacAddress>().ok());
    let mac = mac.filter(|mac| !mac.is_group() && !mac.is_zero());
    Some(Binding { mac, address: Some(address), prefix: None })
}

#[derive(Debug)]
struct Scan {
    table: Collector,
    /// The first card that answered for each address.
    holders: BTreeMap<Ipv4Addr, MacAddress>,
    observer: Option<(u32, Binding)>,
    /// The footer was there.
    is_whole: bool,
}

impl Scan {
    fn line(&mut self, line: Line<'_>) {
        let place = Place::line(line.number);
        match Kind::of(line.text) {
            Kind::Interface(own) => {
                // A cut address may lack its last digits.
                self.observer = own.filter(|_| line.ended).map(|own| (line.number, own));
                self.table.reading.skip("title");
            }
            Kind::Start | Kind::Figures => self.table.reading.skip("title"),
            Kind::Row(address, mac) => self.row(place, address, mac),
            Kind::End => {
                self.is_whole = true;
                self.table.reading.skip("title");
            }
            Kind::Other if terminal::command(line.text).is_some() => {
                self.table.reading.skip("prompt");
            }
            Kind::Other => self.table.unreadable(place, line.text),
        }
    }

    fn row(&mut self, place: Place, address: Ipv4Addr, mac: MacAddress) {
        let entry = Entry {
            place: place.clone(),
            address: Some(IpAddr::V4(address)),
            mac: Some(mac),
            name: None,
            dead: None,
        };
        if self.table.add(entry) != Outcome::Host {
            return;
        }
        if mac.is_local() {
            self.table.reading.count("random_mac", 1);
        }
        let first = *self.holders.entry(address).or_insert(mac);
        if first != mac {
            let cards = vec![first.to_string(), mac.to_string()];
            self.table
                .reading
                .warn(place, msg!("list.two_holders", address = address, cards = cards));
        }
    }

    fn finish(mut self) -> Result<Reading, Refusal> {
        self.table.reading.count("unique_ip", self.holders.len() as u64);
        if !self.is_whole {
            self.table.document(msg!("neighbour.cut"));
        }
        if let Some((line, own)) = self.observer {
            self.table.reading.source_hint = own.address.map(|address| format!("arp/{address}"));
            let observer = Observation {
                place: Place::line(line),
                kind: ObservationKind::Observer,
                bindings: vec![own],
                facts: Facts::default(),
            };
            self.table.reading.observations.insert(0, observer);
        }
        self.table.finish()
    }
}

/// Reads any bytes as the output of `arp-scan`.
pub fn fuzz(bytes: &[u8]) {
    super::fuzz_reader(&ArpScan, bytes);
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    const HEAD: &str = "Interface: eth0, type: EN10MB, MAC: 00:1b:21:00:00:0a, IPv4: 192.0.2.10\nStarting arp-scan 1.10.0 with 256 hosts (https://github.com/royhills/arp-scan)\n";
    const END: &str = "\n2 packets received by filter, 0 packets dropped by kernel\nEnding arp-scan 1.10.0: 256 hosts scanned in 1.978 seconds (129.42 hosts/sec). 2 responded\n";
    const OWN: &str = "192.0.2.10 00-1b-21-00-00-0a";

    #[test]
    fn two_cards_at_one_address_are_told_and_a_repeated_answer_is_not() {
        let rows = "192.0.2.21\t00:1b:21:00:00:21\tIntel\n192.0.2.21\t00:1b:21:00:00:22\tIntel (DUP: 2)\n192.0.2.22\t00:1b:21:00:00:23\tIntel\n192.0.2.22\t00:1b:21:00:00:23\tIntel (DUP: 2)\n";
        let text = format!("$ sudo arp-scan -l\n{HEAD}{rows}{END}$ ");
        let hosts = [
            OWN,
            "192.0.2.21 00-1b-21-00-00-21",
            "192.0.2.21 00-1b-21-00-00-22",
            "192.0.2.22 00-1b-21-00-00-23",
        ];
        let reading = check(&ArpScan, &text, &hosts, &["list.two_holders"]);
        assert_eq!(reading.observations[0].kind, ObservationKind::Observer);
        assert_eq!((reading.counts["unique_ip"], reading.skipped["repeated"]), (2, 1));
        assert_eq!(ArpScan.recognise(&Head { text: &text }), Score::Certain);
    }

    #[test]
    fn a_scan_without_its_footer_was_cut() {
        let text = format!("{HEAD}192.0.2.21\t00:1b:21:00:00:21\tIntel\n192.0.2.22\t00:1b:21:00:0");
        let hosts = [OWN, "192.0.2.21 00-1b-21-00-00-21"];
        check(&ArpScan, &text, &hosts, &["neighbour.unreadable", "neighbour.cut"]);
        check(&ArpScan, HEAD.trim_end(), &[OWN], &["neighbour.cut", "neighbour.no_rows"]);
    }

    #[test]
    fn older_versions_do_not_tell_who_looked() {
        let text = format!(
            "Interface: eth0, datalink type: EN10MB (Ethernet)\nStarting arp-scan 1.9 with 256 hosts\nWARNING: Cannot open file\n192.0.2.21\t00:1b:21:00:00:21\t(Unknown)\n{END}"
        );
        let reading = check(&ArpScan, &text, &["192.0.2.21 00-1b-21-00-00-21"], &[]);
        assert_eq!(reading.source_hint, None);
    }

    #[test]
    fn logs_with_more_than_one_scan_are_no_list() {
        for text in [
            format!("{HEAD}{END}{HEAD}{END}"),
            format!("$ uname -a\nLinux\n$ arp-scan -l\n{HEAD}{END}"),
            "Ending arp-scan 1.10.0: 256 hosts\n".to_owned(),
        ] {
            assert_eq!(ArpScan.recognise(&Head { text: &text }), Score::No, "{text}");
        }
    }
}
