//! What one device told, gathered from one answer or from several: its report of itself, its settings, and what it sees of others.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use domain::{
    AddressKind, Binding, Completeness, Coverage, Facts, FactsBuilder, Field, ImportId, MacAddress,
    Network, Observation, ObservationKind, Place, SettingKind, fold, is_factory_name, msg,
};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::reading::{Dated, Input, Reading};
use crate::text::{self, Lines, excerpt};

/// No device has more cards and addresses of its own than this; what bounds the search among them.
const MAX_BINDINGS: usize = 4096;

/// No device is connected to more networks than this; what bounds the search for their neighbours.
const MAX_NETWORKS: usize = 512;

/// No document of a device says more than this; what bounds the memory of a reading.
const MAX_STATEMENTS: usize = 1 << 20;

/// Clocks that were never set begin in 1980, 1993 or 2000; no device of today was asked before this year.
const FIRST_YEAR: i16 = 2010;

/// How many unreadable lines are named one by one.
const MAX_UNREADABLE: u64 = 50;

/// The answer to one command, as part of a log or as a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    /// Its text, already masked.
    pub body: &'a str,
    /// How many lines stand before it.
    pub before: u32,
}

impl<'a> Part<'a> {
    /// Its lines, numbered as in the document.
    pub(crate) fn lines(self) -> Lines<'a> {
        text::lines_after(self.body, self.before)
    }
}

/// One format that a device tells of itself in.
pub(crate) trait DeviceFormat: Sync {
    /// What it reads, such as `cisco-mac-table`.
    fn kind(&self) -> &'static str;
    /// Whose devices: the first word of a log's kind.
    fn family(&self) -> &'static str;
    /// How sure it is that the text is its own.
    fn recognise(&self, head: &crate::reader::Head<'_>) -> crate::reading::Score;
    /// Everything the part says.
    fn gather(&self, part: Part<'_>, into: &mut Gathering);
}

/// What one device told.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    /// Counts, warnings, and what is not of the device itself.
    pub reading: Reading,
    place: Option<u32>,
    facts: Vec<(Field, String, Option<String>)>,
    bindings: Vec<Binding>,
    settings: Vec<Observation>,
    names: BTreeMap<(&'static str, String), u32>,
    others: Vec<Observation>,
    /// Networks it is connected to.
    connected: Vec<(Network, Ipv4Addr)>,
    /// Whether its neighbour table was read to the end.
    pub arp_is_whole: bool,
    /// Serial numbers that stand against each other: answers of two devices.
    pub conflict: Option<(String, String)>,
    /// Whether a configuration was among it.
    pub has_configuration: bool,
    /// The number of its main board, which counts where the device tells no other.
    pub board: Option<(u32, String)>,
    unreadable: u64,
}

impl Gathering {
    /// The value said first stays; empty ones say nothing.
    pub(crate) fn say(&mut self, line: u32, field: Field, value: &str) {
        self.say_written(line, field, value, value);
    }

    /// As [`Gathering::say`], with the writing of the document.
    pub(crate) fn say_written(&mut self, line: u32, field: Field, value: &str, written: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        self.place.get_or_insert(line);
        let had = self.facts.iter().find(|(known, _, _)| *known == field);
        match had {
            None => self.add_fact(field, value, written),
            Some((_, before, _)) if field == Field::Serial && fold(before) != fold(value) => {
                self.conflict.get_or_insert_with(|| (before.clone(), value.to_owned()));
            }
            Some(_) => {}
        }
    }

    /// Adds a value of a field that stands as often as there are.
    pub(crate) fn also(&mut self, line: u32, field: Field, value: &str) {
        let had = self.facts.iter().any(|(known, had, _)| *known == field && had == value);
        if !had && !value.is_empty() && self.facts.len() < MAX_BINDINGS {
            self.place.get_or_insert(line);
            self.add_fact(field, value, value);
        }
    }

    fn add_fact(&mut self, field: Field, value: &str, written: &str) {
        let written = (written != value).then(|| written.to_owned());
        self.facts.push((field, value.to_owned(), written));
    }

    /// What was said of `field`.
    pub(crate) fn said(&self, field: Field) -> Option<&str> {
        self.facts.iter().find(|(known, _, _)| *known == field).map(|(_, value, _)| value.as_str())
    }

    /// A card or address of its own. What is nobody's own is left out.
    pub(crate) fn bind(&mut self, line: u32, binding: Binding) {
        let mac = binding.mac.filter(|mac| mac.is_stable() || mac.is_local() && !mac.is_group());
        let mac = mac.filter(|mac| !mac.is_zero());
        let address = binding.address.filter(|address| is_own(*address));
        let binding =
            Binding { mac, address, prefix: binding.prefix.filter(|_| address.is_some()) };
        if (mac.is_none() && address.is_none()) || self.bindings.len() >= MAX_BINDINGS {
            return;
        }
        self.place.get_or_insert(line);
        let same = self.bindings.iter_mut().find(|had| match address {
            Some(_) => {
                had.address == address && (had.mac.is_none() || mac.is_none() || had.mac == mac)
            }
            None => had.mac == mac,
        });
        match same {
            Some(had) => {
                had.mac = had.mac.or(mac);
                had.prefix = had.prefix.or(binding.prefix);
            }
            None => self.bindings.push(binding),
        }
    }

    /// An address of its own on a network of `prefix` bits.
    pub(crate) fn bind_address(&mut self, line: u32, address: Ipv4Addr, prefix: Option<u8>) {
        self.bind(line, Binding { mac: None, address: Some(IpAddr::V4(address)), prefix });
        if let Some(prefix) = prefix.filter(|prefix| (8..=30).contains(prefix))
            && self.connected.len() < MAX_NETWORKS
        {
            self.connected.push((Network::of(address, prefix), address));
        }
    }

    /// A card of its own.
    pub(crate) fn bind_card(&mut self, line: u32, mac: MacAddress) {
        self.bind(line, Binding { mac: Some(mac), address: None, prefix: None });
    }

    /// A card of its own with the address it has.
    pub(crate) fn bind_both(
        &mut self,
        line: u32,
        mac: Option<MacAddress>,
        address: Option<IpAddr>,
    ) {
        self.bind(line, Binding { mac, address, prefix: None });
    }

    /// A setting of the device; `fill` adds what is told of it. Names are made unique within their kind.
    pub(crate) fn set(
        &mut self,
        line: u32,
        kind: SettingKind,
        name: &str,
        fill: impl FnOnce(&mut FactsBuilder),
    ) {
        if self.settings.len() >= MAX_STATEMENTS {
            return self.reading.skip("too_many");
        }
        let times = self.names.entry((kind.key(), name.to_owned())).or_default();
        *times += 1;
        let name = if *times == 1 { name.to_owned() } else { format!("{name} ({times})") };
        let mut facts = FactsBuilder::new();
        facts.add(Field::Setting, kind.key()).add(Field::SettingName, &name);
        fill(&mut facts);
        self.settings.push(Observation {
            place: Place::line(line),
            kind: ObservationKind::Setting,
            bindings: Vec::new(),
            facts: facts.finish(),
        });
    }

    /// As [`Gathering::set`], unless another answer told of the same setting.
    pub(crate) fn set_once(
        &mut self,
        line: u32,
        kind: SettingKind,
        name: &str,
        fill: impl FnOnce(&mut FactsBuilder),
    ) {
        if !self.names.contains_key(&(kind.key(), name.to_owned())) {
            self.set(line, kind, name, fill);
        }
    }

    /// Something it sees: a neighbour, a card on a port, a lease.
    pub(crate) fn see(&mut self, observation: Observation) {
        if self.others.len() < MAX_STATEMENTS {
            self.others.push(observation);
        } else {
            self.reading.skip("too_many");
        }
    }

    /// When the answer was given, by the device's own clock, unless that was never set.
    pub(crate) fn date(&mut self, line: u32, time: DateTime) {
        if time.year() < FIRST_YEAR {
            let message = msg!("network.clock_unset", text = time.to_string());
            return self.reading.warn(Place::line(line), message);
        }
        // The last answer is nearest to when the log was saved; the first is as good as any other.
        self.reading.dated.get_or_insert(Dated::Local(time));
    }

    /// Tells of a line that could not be read.
    pub(crate) fn unreadable(&mut self, line: u32, row: &str) {
        self.unreadable += 1;
        if self.unreadable <= MAX_UNREADABLE {
            self.reading.warn(Place::line(line), msg!("network.unreadable", text = excerpt(row)));
        } else {
            self.reading.skip("unreadable");
        }
    }

    /// Takes in what another reader made of a part that stands after `before` lines.
    pub(crate) fn take(
        &mut self,
        mut read: Reading,
        before: u32,
        word: impl Fn(&'static str) -> &'static str,
    ) {
        let moved = |place: &Place| Place {
            row: if place.row == 0 { 0 } else { place.row + before },
            ..place.clone()
        };
        self.arp_is_whole |= read.kind.contains("arp") && read.warnings.is_empty();
        self.reading.rows += read.rows;
        for (key, number) in &read.counts {
            self.reading.count(word(key), *number);
        }
        for (reason, number) in &read.skipped {
            *self.reading.skipped.entry(reason).or_default() += number;
        }
        for warning in &read.warnings {
            self.reading.warn(moved(&warning.place), warning.message.clone());
        }
        for mut seen in std::mem::take(&mut read.observations) {
            seen.place = moved(&seen.place);
            if seen.kind == ObservationKind::Observer {
                seen.bindings.iter().for_each(|binding| self.bind(seen.place.row, *binding));
            } else {
                self.see(seen);
            }
        }
    }

    /// The name that tells the device from others; names from the factory do not.
    fn name(&self) -> Option<&str> {
        let name = self.said(Field::Hostname)?;
        let folded = fold(name);
        let host = folded.split('.').next().unwrap_or_default();
        (!is_factory_name(host) && host.chars().count() >= 2).then_some(name)
    }

    fn is_known(&self) -> bool {
        self.name().is_some() || self.said(Field::Serial).is_some() || !self.bindings.is_empty()
    }

    /// What a source of this device is called: its name, else its first address, else its serial number.
    pub(crate) fn label(&self) -> Option<String> {
        let address = || {
            let private = self
                .bindings
                .iter()
                .filter_map(Binding::ipv4)
                .filter(|address| AddressKind::of(*address) == AddressKind::Private);
            private
                .min()
                .or_else(|| self.bindings.iter().filter_map(Binding::ipv4).min())
                .map(|address| address.to_string())
        };
        self.name()
            .map(str::to_owned)
            .or_else(address)
            .or_else(|| self.said(Field::Serial).map(str::to_owned))
    }

    /// The computer name of the machine, where whoever brought the document knows it and the document does not say.
    pub(crate) fn name_from_outside(&mut self, name: Option<&str>) {
        if let Some(name) = name.filter(|_| self.said(Field::Hostname).is_none()) {
            self.add_fact(Field::Hostname, name, name);
        }
    }

    /// Everything as one reading: the report first, then its settings, then what it sees.
    pub(crate) fn finish(mut self, input: &Input<'_>) -> Reading {
        self.name_from_outside(input.machine);
        let source = self.label();
        self.close();
        if let Some(label) = source.filter(|_| self.reading.source_hint.is_none()) {
            let series = if self.has_configuration { "config" } else { "session" };
            self.reading.source_hint = Some(format!("{series}/{label}"));
        }
        self.reading
    }

    /// Moves what was gathered into the reading's observations.
    pub(crate) fn close(&mut self) {
        if let Some((line, serial)) =
            self.board.take().filter(|_| self.said(Field::Serial).is_none())
        {
            self.say(line, Field::Serial, &serial);
        }
        let switch = self.name().map(str::to_owned);
        if self.is_known() {
            let settings = std::mem::take(&mut self.settings);
            self.cover();
            let report = self.report();
            self.reading.observations.push(report);
            self.reading.observations.extend(settings);
        } else {
            self.ask_who();
        }
        for seen in std::mem::take(&mut self.others) {
            self.reading.observations.push(on_switch(seen, switch.as_deref()));
        }
    }

    fn ask_who(&mut self) {
        let dropped = self.settings.len() as u64;
        if dropped > 0 {
            *self.reading.skipped.entry("without_device").or_default() += dropped;
        }
        let hangs_on = |seen: &Observation| {
            matches!(seen.kind, ObservationKind::PortEntry | ObservationKind::LinkNeighbour)
        };
        if dropped > 0 || !self.facts.is_empty() || self.others.iter().any(hangs_on) {
            self.reading.ask(Place::DOCUMENT, msg!("network.which_device"));
        }
    }

    fn report(&mut self) -> Observation {
        let mut facts = FactsBuilder::new();
        for (field, value, written) in &self.facts {
            facts.add_written(*field, value, written.as_deref().unwrap_or(value));
        }
        let mut bindings = std::mem::take(&mut self.bindings);
        // A card that also stands with an address need not stand alone.
        let with_address: Vec<MacAddress> =
            bindings.iter().filter(|had| had.address.is_some()).filter_map(|had| had.mac).collect();
        bindings.retain(|had| {
            had.address.is_some() || had.mac.is_some_and(|mac| !with_address.contains(&mac))
        });
        Observation {
            place: Place::line(self.place.unwrap_or(1)),
            kind: ObservationKind::HostReport,
            bindings,
            facts: facts.finish(),
        }
    }

    /// A neighbour table tells of the networks that the device is connected to, and of others nothing.
    fn cover(&mut self) {
        if !self.arp_is_whole {
            return;
        }
        let neighbours: Vec<Ipv4Addr> = self
            .others
            .iter()
            .filter(|seen| seen.kind == ObservationKind::Neighbour)
            .flat_map(|seen| &seen.bindings)
            .filter_map(Binding::ipv4)
            .collect();
        let mut connected = std::mem::take(&mut self.connected);
        connected.sort();
        connected.dedup_by_key(|(network, _)| *network);
        for (network, own) in connected {
            if neighbours.iter().any(|neighbour| network.contains(*neighbour)) {
                self.reading.coverage.push(Coverage {
                    import: ImportId(0),
                    network,
                    vantage: Some(own),
                    at: Timestamp::UNIX_EPOCH,
                    completeness: Completeness::Gateway,
                });
            }
        }
    }
}

/// The same statement with the name of the switch that makes it.
fn on_switch(seen: Observation, switch: Option<&str>) -> Observation {
    let Some(switch) = switch else { return seen };
    if !matches!(seen.kind, ObservationKind::PortEntry | ObservationKind::LinkNeighbour) {
        return seen;
    }
    let mut facts = FactsBuilder::new();
    facts.add(Field::Switch, switch);
    copy(&seen.facts, &mut facts);
    Observation { facts: facts.finish(), ..seen }
}

fn copy(from: &Facts, to: &mut FactsBuilder) {
    for fact in from.iter() {
        to.add_written(fact.field, fact.value, fact.shown());
    }
}

/// Whether a machine can have the address for itself.
fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => AddressKind::of(address).is_unicast(),
        IpAddr::V6(address) => {
            !(address.is_multicast() || address.is_loopback() || address.is_unspecified())
        }
    }
}
