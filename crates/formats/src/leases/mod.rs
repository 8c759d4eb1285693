//! Leases of DHCP servers other than Windows: of all records of an address the last one counts.

pub mod dnsmasq;
pub mod fortigate;
pub mod isc;
pub mod kea;
pub mod yamaha;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use domain::{
    Banner, BannerKind, Binding, FactsBuilder, Field, MacAddress, Observation, ObservationKind,
    Place, msg,
};
use jiff::civil::DateTime;
use jiff::{Timestamp, tz};

use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal};
use crate::text::{self, excerpt};
use crate::values::name;

/// More leases than any server gives: the size of a /12, and what bounds the memory of a reading.
const MAX_LEASES: usize = 1 << 20;

/// How many unreadable records are named one by one.
const MAX_UNREADABLE: u64 = 100;

/// Japan stands nine hours before universal time all year; servers write universal time, people read local time.
const JAPAN: tz::Offset = tz::Offset::constant(9);

/// What the last record of an address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Somebody holds it.
    Active,
    /// The server found it taken by somebody it does not know.
    Conflict,
    /// Nobody holds it any more, for this reason.
    Gone(&'static str),
    /// It is kept for one machine, whether or not that is there.
    Reserved,
}

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Lease {
    pub place: Place,
    pub address: Ipv4Addr,
    pub mac: Option<MacAddress>,
    /// The client as the record names it, where it is no card.
    pub client: String,
    /// The host's name, with or without its domain; empty where there is none.
    pub host: String,
    /// What the client says it is (RFC 2132 clause 9.13); empty where the record does not tell.
    pub vendor_class: String,
    /// When it ends, local time.
    pub end: Option<DateTime>,
    pub state: State,
}

impl Lease {
    pub(crate) fn new(place: Place, address: Ipv4Addr) -> Self {
        Self {
            place,
            address,
            mac: None,
            client: String::new(),
            host: String::new(),
            vendor_class: String::new(),
            end: None,
            state: State::Active,
        }
    }
}

/// Takes records one by one and makes the reading of them.
#[derive(Debug)]
pub(crate) struct Collector {
    pub reading: Reading,
    last: BTreeMap<Ipv4Addr, Lease>,
    too_many: bool,
    unreadable: u64,
    facts: FactsBuilder,
}

impl Collector {
    pub(crate) fn new(kind: &'static str, version: u16) -> Self {
        Self {
            reading: Reading::new(kind, version),
            last: BTreeMap::new(),
            too_many: false,
            unreadable: 0,
            facts: FactsBuilder::new(),
        }
    }

    /// Takes a record, in place of an earlier one of the same address.
    pub(crate) fn add(&mut self, lease: Lease) {
        self.reading.rows += 1;
        if self.last.len() >= MAX_LEASES && !self.last.contains_key(&lease.address) {
            self.too_many = true;
        } else if self.last.insert(lease.address, lease).is_some() {
            self.reading.skip("superseded");
        }
    }

    /// Tells of a record that could not be read.
    pub(crate) fn unreadable(&mut self, place: Place, row: &str) {
        self.unreadable += 1;
        if self.unreadable <= MAX_UNREADABLE {
            self.reading.warn(place, msg!("list.lease_unreadable", text = excerpt(row)));
        }
    }

    /// How many addresses have a record so far.
    pub(crate) fn unique(&self) -> u64 {
        self.last.len() as u64
    }

    /// How many addresses' last record says `state`.
    pub(crate) fn with_state(&self, state: State) -> u64 {
        self.last.values().filter(|lease| lease.state == state).count() as u64
    }

    /// The reading, when all records are through.
    pub(crate) fn finish(mut self) -> Result<Reading, Refusal> {
        if self.too_many {
            return Err(Refusal { message: msg!("list.too_many_leases", limit = MAX_LEASES) });
        }
        let more = self.unreadable.saturating_sub(MAX_UNREADABLE);
        if more > 0 {
            self.reading.warn(Place::DOCUMENT, msg!("list.lease_unreadable_more", count = more));
        }
        if self.reading.rows == 0 {
            self.reading.warn(Place::DOCUMENT, msg!("list.no_leases"));
        }
        let mut leases: Vec<Lease> = std::mem::take(&mut self.last).into_values().collect();
        leases.sort_by_key(|lease| lease.place.row);
        leases.into_iter().for_each(|lease| self.state(lease));
        Ok(self.reading)
    }

    /// What a record says becomes an observation, or a figure where it says that nobody is there.
    fn state(&mut self, lease: Lease) {
        let Lease { address, .. } = lease;
        if let State::Gone(reason) = lease.state {
            return self.reading.skip(reason);
        }
        let mac = lease.mac.filter(|mac| !mac.is_group() && !mac.is_zero());
        let place = || lease.place.clone();
        match lease.state {
            State::Conflict => {
                self.reading.warn(place(), msg!("dhcp.address_conflict", address = address));
                self.facts.add(Field::LeaseState, "declined");
                // Whatever card the record names, it is not known to be the one that holds the address.
                return self.push(&lease, ObservationKind::AddressConflict, None);
            }
            State::Reserved => self.facts.add(Field::LeaseState, "reserved"),
            _ => self.facts.add(Field::LeaseState, "active"),
        };
        if mac.is_none() {
            let text = excerpt(&lease.client);
            let message = msg!("dhcp.client_without_mac", address = address, text = text);
            self.reading.warn(place(), message);
        }
        self.add_host(lease.host.trim());
        if let Some(banner) = Banner::heard(BannerKind::DhcpVendorClass, &lease.vendor_class) {
            self.facts.add_written(Field::Banner, &banner, lease.vendor_class.trim());
        }
        if let Some(end) = lease.end {
            self.facts.add(Field::LeaseEnd, &end.to_string());
        }
        let is_kept = lease.state == State::Reserved;
        let kind = if is_kept { ObservationKind::Reservation } else { ObservationKind::Lease };
        self.push(&lease, kind, mac);
    }

    fn add_host(&mut self, written: &str) {
        let written = written.trim_end_matches('.');
        let (host, domain) = name::host_and_domain(written);
        if !host.is_empty() {
            self.facts.add_written(Field::Hostname, host, written);
        }
        self.facts.add(Field::Domain, domain.unwrap_or_default());
    }

    fn push(&mut self, lease: &Lease, kind: ObservationKind, mac: Option<MacAddress>) {
        let address = Some(IpAddr::V4(lease.address));
        self.reading.observations.push(Observation {
            place: lease.place.clone(),
            kind,
            bindings: vec![Binding { mac, address, prefix: None }],
            facts: self.facts.finish(),
        });
    }
}

/// Local time of a moment in seconds since 1970 (POSIX.1-2017, clause 4.16).
pub(crate) fn local_of_epoch(seconds: &str) -> Option<DateTime> {
    let moment = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(JAPAN.to_datetime(moment))
}

/// Local time of a universal time.
pub(crate) fn local_of_universal(time: DateTime) -> Option<DateTime> {
    time.checked_add(jiff::Span::new().hours(9)).ok()
}

/// Reads any bytes as `reader`'s format, whether it is or not, and checks what every reading of leases must hold.
fn fuzz_reader(reader: &dyn Reader, bytes: &[u8]) {
    let Ok(text) = text::decode(bytes) else { return };
    let _ = reader.recognise(&Head::of(&text));
    let Ok(reading) =
        reader.read(&Input { name: "fuzz", bytes, mapping: None, machine: None }, &text)
    else {
        return;
    };
    assert_eq!(reading.kind, reader.kind());
    for observation in &reading.observations {
        let is_conflict = observation.kind == ObservationKind::AddressConflict;
        for binding in &observation.bindings {
            assert!(binding.address.is_some(), "{observation:?}");
            assert!(!(is_conflict && binding.mac.is_some()), "{observation:?}");
            assert!(!binding.mac.is_some_and(|mac| mac.is_group() || mac.is_zero()));
        }
    }
}

/// Reads any bytes as the lease file of ISC dhcpd.
pub fn fuzz_isc(bytes: &[u8]) {
    fuzz_reader(&isc::IscLeases, bytes);
}

/// Reads any bytes as the lease file of dnsmasq.
pub fn fuzz_dnsmasq(bytes: &[u8]) {
    fuzz_reader(&dnsmasq::DnsmasqLeases, bytes);
}

/// Reads any bytes as the lease file of Kea.
pub fn fuzz_kea(bytes: &[u8]) {
    fuzz_reader(&kea::KeaLeases, bytes);
}

/// Reads any bytes as the leases of a FortiGate.
pub fn fuzz_fortigate(bytes: &[u8]) {
    fuzz_reader(&fortigate::FortigateDhcp, bytes);
}

/// Reads any bytes as the leases of a Yamaha router.
pub fn fuzz_yamaha(bytes: &[u8]) {
    fuzz_reader(&yamaha::YamahaDhcp, bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `text`, and shows each observation as `kind address mac host end`, and the keys of the warnings.
    pub(super) fn read(reader: &dyn Reader, text: &str) -> (Reading, Vec<String>, Vec<String>) {
        let input = Input { name: "sample", bytes: text.as_bytes(), mapping: None, machine: None };
        let reading = reader.read(&input, &text::decode(text.as_bytes()).unwrap()).unwrap();
        let shown = |seen: &Observation| {
            let binding = seen.bindings[0];
            let mac = binding.mac.map_or("-".to_owned(), |mac| mac.to_string());
            let fact = |field| seen.facts.value(field).unwrap_or("-").to_owned();
            let (host, end) = (fact(Field::Hostname), fact(Field::LeaseEnd));
            format!("{} {} {mac} {host} {end}", seen.kind.key(), binding.address.unwrap())
        };
        let observations = reading.observations.iter().map(shown).collect();
        let keys = reading.warnings.iter().map(|warning| warning.message.key.to_string());
        let keys = keys.collect();
        (reading, observations, keys)
    }

    /// What each client said it is.
    pub(super) fn banners(reading: &Reading) -> Vec<&str> {
        reading.observations.iter().filter_map(|seen| seen.facts.value(Field::Banner)).collect()
    }

    #[test]
    fn universal_time_becomes_local_time() {
        assert_eq!(local_of_epoch("1795046400").unwrap().to_string(), "2026-11-19T09:00:00");
        assert_eq!(local_of_epoch("99999999999999999"), None);
        assert_eq!(local_of_epoch("never"), None);
    }

    #[test]
    fn more_leases_than_a_server_can_give_are_refused() {
        let mut leases = Collector::new("test", 1);
        for number in 0..=MAX_LEASES as u32 {
            leases.add(Lease::new(Place::line(number), Ipv4Addr::from(number)));
        }
        assert_eq!(leases.finish().unwrap_err().message.key, "list.too_many_leases");
    }

    #[test]
    fn unreadable_records_are_named_up_to_a_limit() {
        let mut leases = Collector::new("test", 1);
        (0..105).for_each(|line| leases.unreadable(Place::line(line), "x"));
        let warnings = leases.finish().unwrap().warnings;
        assert_eq!(warnings.len(), 102);
        assert_eq!(warnings[100].message, msg!("list.lease_unreadable_more", count = 5u64));
        assert_eq!(warnings[101].message.key, "list.no_leases");
    }
}
