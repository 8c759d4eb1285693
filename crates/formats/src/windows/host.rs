//! Reports of machines, put together fact by fact.

use std::collections::HashSet;
use std::net::IpAddr;

use domain::{
    AddressKind, Binding, FactsBuilder, Field, MacAddress, Message, Observation, ObservationKind,
    Place, msg,
};

use crate::reading::{Input, Reading, Refusal};
use crate::text::excerpt;
use crate::values::name;

/// More machines than one document tells of; bounds the memory of a reading.
const MAX_HOSTS: u64 = 100_000;

/// How many facts of one kind, or cards with addresses, a machine may have; a terminal server has some hundred connections.
const MAX_REPEATED: usize = 4096;

/// How many unreadable lines are named one by one.
const MAX_UNREADABLE: u64 = 100;

/// What one machine says of itself.
#[derive(Debug)]
pub(super) struct Report {
    place: Place,
    name: Option<String>,
    domain: Option<String>,
    bindings: Vec<Binding>,
    facts: Vec<(Field, String, Option<String>)>,
    seen: HashSet<(Field, String)>,
}

impl Report {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            name: None,
            domain: None,
            bindings: Vec::new(),
            facts: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// The computer's name, with or without its domain; what cannot be one is no name.
    pub(super) fn name(&mut self, written: &str) {
        if let Some((host, domain)) = computer_name(written) {
            self.name = Some(host.to_owned());
            self.domain = domain.map(str::to_owned).or(self.domain.take());
        }
    }

    /// Whether the document itself says which machine it is.
    pub(super) fn has_name(&self) -> bool {
        self.name.is_some()
    }

    /// The DNS domain; a workgroup or the short name of a domain is none.
    pub(super) fn domain(&mut self, written: &str) {
        let written = written.trim().trim_end_matches('.');
        if written.contains('.') && !written.contains(char::is_whitespace) {
            self.domain = Some(written.to_owned());
        }
    }

    /// A fact; the same one a second time changes nothing, and an empty one is none.
    pub(super) fn fact(&mut self, field: Field, value: &str) {
        self.fact_written(field, value, value);
    }

    /// A fact with the writing of the document.
    pub(super) fn fact_written(&mut self, field: Field, value: &str, written: &str) {
        let value = value.trim();
        if !value.is_empty()
            && self.facts.len() < MAX_REPEATED
            && self.seen.insert((field, value.to_owned()))
        {
            let written = (written.trim() != value).then(|| written.trim().to_owned());
            self.facts.push((field, value.to_owned(), written));
        }
    }

    /// A card, an address, or both. What nobody can hold as his own is left out.
    pub(super) fn binding(
        &mut self,
        mac: Option<MacAddress>,
        address: Option<(IpAddr, Option<u8>)>,
    ) {
        let mac = mac.filter(|mac| !mac.is_group() && !mac.is_zero());
        let address = address.filter(|(address, _)| is_own(*address));
        let (address, prefix) =
            address.map_or((None, None), |(address, prefix)| (Some(address), prefix));
        let binding = Binding { mac, address, prefix };
        let is_empty = mac.is_none() && address.is_none();
        if !is_empty && self.bindings.len() < MAX_REPEATED && !self.bindings.contains(&binding) {
            self.bindings.push(binding);
        }
    }

    /// What the machine is known by in the name of its source: its name, its first address, or its first card.
    fn who(&self) -> Option<String> {
        let address = || self.bindings.iter().find_map(|b| b.address).map(|a| a.to_string());
        let card = || self.bindings.iter().find_map(|b| b.mac).map(|mac| mac.to_string());
        self.name.clone().or_else(address).or_else(card)
    }

    fn into_observation(self) -> Observation {
        let mut facts = FactsBuilder::new();
        facts.add(Field::Hostname, self.name.as_deref().unwrap_or_default());
        facts.add(Field::Domain, self.domain.as_deref().unwrap_or_default());
        for (field, value, written) in &self.facts {
            facts.add_written(*field, value, written.as_deref().unwrap_or(value));
        }
        Observation {
            place: self.place,
            kind: ObservationKind::HostReport,
            bindings: self.bindings,
            facts: facts.finish(),
        }
    }
}

/// The name of a computer and its domain, where `written` can be one: no blanks, no address, at most 63 letters (RFC 1123 section 2.1).
pub(super) fn computer_name(written: &str) -> Option<(&str, Option<&str>)> {
    let written = written.trim().trim_end_matches('.');
    if written.parse::<IpAddr>().is_ok() || written.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let (host, domain) = name::host_and_domain(written);
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\\/:*?\"<>|,;".contains(c);
    let is_name =
        !host.is_empty() && host.chars().count() <= 63 && !host.contains(is_odd) && host != ".";
    is_name.then_some((host, domain))
}

/// Whether a machine can hold `address` as one that others know it by: no group, no loopback, none it gave itself (RFC 3927).
pub(super) fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let kind = AddressKind::of(address);
            kind.is_unicast() && kind != AddressKind::LinkLocal
        }
        IpAddr::V6(address) => {
            !(address.is_multicast() || address.is_loopback() || address.is_unspecified())
        }
    }
}

/// An address as Windows writes it: with a scope (`fe80::1%12`), with its state in brackets, or with a prefix length after it.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let end = text.find(['(', '%', '/']).unwrap_or(text.len());
    text.get(..end)?.trim().parse().ok()
}

/// Takes reports one by one and makes the reading of them.
#[derive(Debug)]
pub(super) struct Reports<'a> {
    pub reading: Reading,
    machine: Option<&'a str>,
    sources: Vec<String>,
    hosts: u64,
    unreadable: u64,
}

impl<'a> Reports<'a> {
    pub(super) fn new(kind: &'static str, input: &Input<'a>) -> Self {
        Self {
            reading: Reading::new(kind, 1),
            machine: input.machine.and_then(computer_name).map(|(host, _)| host),
            sources: Vec::new(),
            hosts: 0,
            unreadable: 0,
        }
    }

    /// Takes a report. Where it does not say whose it is, whoever brought it may know; else that is asked, and nothing is taken.
    pub(super) fn add(&mut self, mut report: Report) {
        self.hosts += 1;
        match (self.machine, &report.name) {
            (Some(machine), None) => report.name = Some(machine.to_owned()),
            (Some(machine), Some(name)) if !name.eq_ignore_ascii_case(machine) => {
                let message =
                    msg!("windows.other_machine", name = excerpt(name), machine = excerpt(machine));
                self.reading.warn(report.place.clone(), message);
            }
            _ => {}
        }
        let Some(who) = report.who() else {
            return self.reading.ask(report.place, msg!("windows.whose"));
        };
        if self.sources.len() < 2 {
            self.sources.push(who);
        }
        if self.hosts <= MAX_HOSTS {
            self.reading.observations.push(report.into_observation());
        }
    }

    /// Tells of a line that could not be read.
    pub(super) fn unreadable(&mut self, place: Place, line: &str) {
        self.unreadable += 1;
        if self.unreadable <= MAX_UNREADABLE {
            self.reading.warn(place, msg!("windows.line_unreadable", text = excerpt(line)));
        }
    }

    /// Tells something of the document as a whole.
    pub(super) fn document(&mut self, message: Message) {
        self.reading.warn(Place::DOCUMENT, message);
    }

    /// The reading, when all is through. A document of one machine belongs to that machine's series.
    pub(super) fn finish(mut self) -> Result<Reading, Refusal> {
        if self.hosts > MAX_HOSTS {
            return Err(Refusal { message: msg!("windows.too_many_hosts", limit = MAX_HOSTS) });
        }
        let more = self.unreadable.saturating_sub(MAX_UNREADABLE);
        if more > 0 {
            self.document(msg!("windows.line_unreadable_more", count = more));
        }
        if let [who] = self.sources.as_slice()
            && self.hosts == 1
        {
            self.reading.source_hint =
                Some(format!("{}/{}", self.reading.kind, who.to_lowercase()));
        }
        Ok(self.reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_computers_name_is_one() {
        assert_eq!(computer_name(" HIS-01.minato.local "), Some(("HIS-01", Some("minato.local"))));
        assert_eq!(computer_name("受付1"), Some(("受付1", None)));
        for text in ["", "192.0.2.1", "localhost", "a b", "C:\\x", "fe80::1", &"x".repeat(64)] {
            assert_eq!(computer_name(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_read_without_its_state() {
        for (text, expected) in [
            ("192.0.2.11(優先) ", Some("192.0.2.11")),
            ("fe80::192:eb64%12(Preferred)", Some("fe80::192:eb64")),
            ("2001:db8::1/64", Some("2001:db8::1")),
            ("192.0.2.256", None),
            ("", None),
        ] {
            assert_eq!(address(text), expected.map(|text| text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_report_of_nobody_is_asked_about_and_not_taken() {
        let input = Input { name: "x", bytes: b"", mapping: None, machine: None };
        let mut reports = Reports::new("windows-ver", &input);
        let mut report = Report::new(Place::line(1));
        report.fact(Field::OsVersion, "10.0");
        reports.add(report);
        let reading = reports.finish().unwrap();
        assert_eq!((reading.observations.len(), reading.questions.len()), (0, 1));
    }

    #[test]
    fn the_documents_own_name_wins_over_the_folders() {
        let input = Input { name: "x", bytes: b"", mapping: None, machine: Some("PC-01") };
        let mut reports = Reports::new("windows-ver", &input);
        let mut report = Report::new(Place::line(1));
        report.name("PC-02");
        reports.add(report);
        let reading = reports.finish().unwrap();
        assert_eq!(reading.observations[0].facts.value(Field::Hostname), Some("PC-02"));
        assert_eq!(reading.warnings[0].message.key, "windows.other_machine");
        assert_eq!(reading.source_hint.as_deref(), Some("windows-ver/pc-02"));
    }

    #[test]
    fn more_machines_than_a_document_holds_are_refused() {
        let input = Input { name: "x", bytes: b"", mapping: None, machine: Some("PC-01") };
        let mut reports = Reports::new("windows-ver", &input);
        (0..=MAX_HOSTS).for_each(|_| reports.add(Report::new(Place::line(1))));
        assert_eq!(reports.finish().unwrap_err().message.key, "windows.too_many_hosts");
    }
}
