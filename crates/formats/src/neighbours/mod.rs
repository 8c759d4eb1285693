//! Neighbour tables: which cards one machine knows on its networks (ARP, RFC 826; Neighbor Discovery, RFC 4861).
//!
//! All formats say the same: an address, a card or none, and a state.  What differs is the writing, one file for each.

pub mod arp_scan;
pub mod device_arp;
pub mod ip_neigh;
pub mod netneighbor;
pub mod unix_arp;
pub mod windows_arp;

use std::collections::HashSet;
use std::net::IpAddr;

use domain::{
    AddressKind, Binding, Facts, FactsBuilder, Field, MacAddress, Message, Observation,
    ObservationKind, Place, msg,
};

use crate::reader::Reader;
use crate::reading::{Input, Reading, Refusal};
use crate::text::{self, excerpt};

/// More neighbours than any machine has: the size of a /12, and what bounds the memory of a reading.
const MAX_NEIGHBOURS: usize = 1 << 20;

/// How many unreadable rows are named one by one.
const MAX_UNREADABLE: u64 = 100;

/// The figures of a format, by word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// Hosts with an IPv4 address, or without any.
    pub v4: &'static str,
    /// Hosts with an IPv6 address.
    pub v6: &'static str,
    /// Multicast and broadcast entries.
    pub group: &'static str,
    /// Entries whose card nobody knows.
    pub no_card: &'static str,
}

/// One entry of a neighbour table.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub place: Place,
    pub address: Option<IpAddr>,
    pub mac: Option<MacAddress>,
    /// The host's name, where the table has one.
    pub name: Option<&'a str>,
    /// The word to count it under where the table itself says that nobody answers there.
    pub dead: Option<&'static str>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A host: it is an observation now.
    Host,
    /// No device: counted, and left out.
    Left,
    /// The same host was in the file before.
    Repeated,
}

/// Takes entries one by one and makes the reading of them.
#[derive(Debug)]
pub(crate) struct Collector {
    pub reading: Reading,
    words: Words,
    seen: HashSet<(u32, Option<IpAddr>, MacAddress)>,
    /// Which of the file's tables the entries belong to: the same pair may stand in several.
    pub scope: u32,
    unreadable: u64,
    builder: FactsBuilder,
}

impl Collector {
    pub(crate) fn new(kind: &'static str, version: u16, words: Words) -> Self {
        Self {
            reading: Reading::new(kind, version),
            words,
            seen: HashSet::new(),
            scope: 0,
            unreadable: 0,
            builder: FactsBuilder::new(),
        }
    }

    /// Takes an entry: a host becomes an observation, everything else is counted.
    pub(crate) fn add(&mut self, entry: Entry<'_>) -> Outcome {
        self.reading.rows += 1;
        if entry.address.is_some_and(is_group) || entry.mac.is_some_and(MacAddress::is_group) {
            return self.leave(self.words.group, "broadcast_multicast");
        }
        if let Some(word) = entry.dead {
            return self.leave(word, "no_answer");
        }
        let Some(mac) = entry.mac.filter(|mac| !mac.is_zero()) else {
            return self.leave(self.words.no_card, "no_answer");
        };
        // One more than allowed is kept, so that `finish` can tell.
        if self.seen.len() > MAX_NEIGHBOURS {
            return Outcome::Left;
        }
        if !self.seen.insert((self.scope, entry.address, mac)) {
            self.reading.skip("repeated");
            return Outcome::Repeated;
        }
        let v6 = matches!(entry.address, Some(IpAddr::V6(_)));
        self.reading.count(if v6 { self.words.v6 } else { self.words.v4 }, 1);
        let facts = self.name_facts(entry.name);
        self.reading.observations.push(Observation {
            place: entry.place,
            kind: ObservationKind::Neighbour,
            bindings: vec![Binding { mac: Some(mac), address: entry.address, prefix: None }],
            facts,
        });
        Outcome::Host
    }

    /// Tells of a row that could not be read.
    pub(crate) fn unreadable(&mut self, place: Place, row: &str) {
        self.unreadable += 1;
        if self.unreadable <= MAX_UNREADABLE {
            self.reading.warn(place, msg!("neighbour.unreadable", text = excerpt(row)));
        }
    }

    /// The reading, when all rows are through.
    pub(crate) fn finish(mut self) -> Result<Reading, Refusal> {
        if self.seen.len() > MAX_NEIGHBOURS {
            let message = msg!("neighbour.too_many", limit = MAX_NEIGHBOURS);
            return Err(Refusal { message });
        }
        let more = self.unreadable.saturating_sub(MAX_UNREADABLE);
        if more > 0 {
            self.document(msg!("neighbour.unreadable_more", count = more));
        }
        if self.reading.rows == 0 {
            self.document(msg!("neighbour.no_rows"));
        }
        Ok(self.reading)
    }

    /// Tells something of the document as a whole.
    pub(crate) fn document(&mut self, message: Message) {
        self.reading.warn(Place::DOCUMENT, message);
    }

    fn leave(&mut self, word: &'static str, reason: &'static str) -> Outcome {
        self.reading.count(word, 1);
        self.reading.skip(reason);
        Outcome::Left
    }

    /// Host name and domain of a resolved name; `?`, and an address where a name should be, are none.
    fn name_facts(&mut self, name: Option<&str>) -> Facts {
        let name = name.unwrap_or_default().trim_end_matches('.');
        if name != "?" && name.parse::<IpAddr>().is_err() {
            let (host, domain) = name.split_once('.').unwrap_or((name, ""));
            self.builder.add(Field::Hostname, host).add(Field::Domain, domain);
        }
        self.builder.finish()
    }
}

/// Whether an address is nobody's own: multicast, broadcast, unspecified or loopback.
fn is_group(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !AddressKind::of(address).is_unicast(),
        IpAddr::V6(address) => {
            address.is_multicast() || address.is_loopback() || address.is_unspecified()
        }
    }
}

/// An address, without the interface that some systems append (`fe80::1%12`).
fn address(text: &str) -> Option<IpAddr> {
    text.split('%').next()?.parse().ok()
}

/// Whether a line of a terminal log is a prompt with or without a command, and no row.
fn is_unix_prompt(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(['$', '#', '%', '>'])
        || ["$ ", "# ", "% ", "> "].iter().any(|mark| line.contains(mark))
}

/// Reads any bytes as `reader`'s format, whether it is or not, and checks what every neighbour reading must hold.
fn fuzz_reader(reader: &dyn Reader, bytes: &[u8]) {
    let Ok(text) = text::decode(bytes) else { return };
    let _ = reader.recognise(&crate::reader::Head::of(&text));
    let Ok(reading) =
        reader.read(&Input { name: "fuzz", bytes, mapping: None, machine: None }, &text)
    else {
        return;
    };
    assert_eq!(reading.kind, reader.kind());
    for observation in &reading.observations {
        let only_devices = observation.bindings.iter().all(|binding| {
            !binding.mac.is_some_and(|mac| mac.is_group() || mac.is_zero())
                && !binding.address.is_some_and(is_group)
        });
        assert!(only_devices, "{observation:?}");
    }
}

/// Reads any bytes as the output of `arp -a` on Windows.
pub fn fuzz_windows_arp(bytes: &[u8]) {
    fuzz_reader(&windows_arp::WindowsArp, bytes);
}

/// Reads any bytes as the output of `ip neigh`, as text and as JSON.
pub fn fuzz_ip_neigh(bytes: &[u8]) {
    fuzz_reader(&ip_neigh::IpNeigh, bytes);
    fuzz_reader(&ip_neigh::IpNeighJson, bytes);
}

/// Reads any bytes as the output of `arp` on Linux and macOS.
pub fn fuzz_unix_arp(bytes: &[u8]) {
    fuzz_reader(&unix_arp::LinuxArp, bytes);
    fuzz_reader(&unix_arp::LinuxArpTable, bytes);
    fuzz_reader(&unix_arp::MacosArp, bytes);
}

/// Reads any bytes as the output of `Get-NetNeighbor`, as a table and as CSV.
pub fn fuzz_netneighbor(bytes: &[u8]) {
    fuzz_reader(&netneighbor::NetNeighborTable, bytes);
    fuzz_reader(&netneighbor::NetNeighborCsv, bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `reader` makes of `text`: `address mac name` of every host, and the keys of the warnings.
    pub(super) fn check(
        reader: &dyn Reader,
        text: &str,
        hosts: &[&str],
        warnings: &[&str],
    ) -> Reading {
        let input = Input { name: "sample", bytes: text.as_bytes(), mapping: None, machine: None };
        let reading = reader.read(&input, &text::decode(text.as_bytes()).unwrap()).unwrap();
        let shown = |seen: &Observation| {
            let address =
                seen.bindings[0].address.map_or("-".to_owned(), |address| address.to_string());
            let mac = seen.bindings[0].mac.unwrap().to_string();
            let name = seen.facts.value(Field::Hostname).unwrap_or_default();
            format!("{address} {mac} {name}").trim_end().to_owned()
        };
        let found: Vec<String> = reading.observations.iter().map(shown).collect();
        assert_eq!(found, hosts, "{text}");
        let keys: Vec<&str> =
            reading.warnings.iter().map(|warning| &*warning.message.key).collect();
        assert_eq!(keys, warnings, "{text}");
        reading
    }

    const WORDS: Words = Words { v4: "v4", v6: "v6", group: "group", no_card: "no_card" };

    fn entry(number: u32) -> Entry<'static> {
        let [_, a, b, c] = number.to_be_bytes();
        Entry {
            place: Place::line(number),
            address: None,
            mac: Some(MacAddress([0, 0x1b, 0x21, a, b, c])),
            name: None,
            dead: None,
        }
    }

    #[test]
    fn more_hosts_than_a_machine_can_see_are_refused() {
        let mut table = Collector::new("test", 1, WORDS);
        for number in 0..=MAX_NEIGHBOURS as u32 + 5 {
            table.add(entry(number));
        }
        assert_eq!(table.reading.observations.len(), MAX_NEIGHBOURS + 1);
        assert_eq!(table.finish().unwrap_err().message.key, "neighbour.too_many");
    }

    #[test]
    fn unreadable_rows_are_named_up_to_a_limit() {
        let mut table = Collector::new("test", 1, WORDS);
        table.add(entry(1));
        (0..105).for_each(|line| table.unreadable(Place::line(line), "x"));
        let warnings = table.finish().unwrap().warnings;
        assert_eq!(warnings.len(), 101);
        assert_eq!(warnings[100].message, msg!("neighbour.unreadable_more", count = 5u64));
    }

    #[test]
    fn an_address_is_no_name() {
        let mut table = Collector::new("test", 1, WORDS);
        for name in ["?", "192.0.2.1", ""] {
            assert!(table.name_facts(Some(name)).is_empty(), "{name}");
        }
        assert_eq!(table.name_facts(Some("prn01.")).value(Field::Hostname), Some("prn01"));
    }
}
