//! What only tests use: a little language for hospitals.
//!
//! ```text
//! ledger 台帳 2026-11-01
//!   0001 host=CT-01 ip=10.1.1.1 mac=00-1b-21-00-00-01 name=CT
//! arp 10.1.1.70 2026-11-20
//!   10.1.1.1 00-1b-21-00-00-01
//! leases 10.1.1.1 2026-11-20
//!   10.1.1.30 00-1b-21-00-00-30 host=NB-01
//!   10.1.1.31 conflict
//! table アドレス表 2026-11-01
//!   ip=10.1.1.1 host=CT-01
//! zone 放射線 10.1.1.0/24 10.1.2.0/24
//! same mac:00-1b-21-00-00-01 asset:ledger/台帳/0001
//! not_same host:ct-01 host:ct-02
//! expect ledger/台帳 30
//! account t.sato operator without_factor
//! inquiry A社 2026-11-01 2026-11-15 answered=3
//! change host:ct-01 2026-11-01 viewer_1.5 failed
//! notice 厚生労働省 2026-11-01 due=2026-11-15 triaged
//! ```
//!
//! A bare word of a row is its asset number, a bare address or MAC stands for itself, `FIELD=VALUE` is any other field, and a second
//! address or MAC begins a second binding. `part=2` continues the row before as its second machine. A value with a space stands in
//! quotes: `os="Windows 10 Pro"`. `arp 10.1.1.70 2026-11-20 truncated` is a list that was cut short.
//!
//! A panic here is a mistake in a test.

mod matters;
mod tables;

use std::fmt::Write as _;

use domain::{
    Account, Binding, Completeness, Coverage, Digest, FactsBuilder, Feed, Field, IdentityDecision,
    Import, ImportId, ImportState, Inquiry, Keeping, Layer, LayerTable, Network, Notice,
    Observation, ObservationKind, ObservationRef, Place, PlannedChange, Probe, Role,
    SettledWriting, Source, SourceId, Verdict, Zone, ZoneKind,
};
use engine::{Device, Recorded, World};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

pub use tables::{Shelf, shelf};

/// The words that begin a document or a person's word; every other line is a row of the document before it.
const HEADINGS: [&str; 23] = [
    "account",
    "arp",
    "backup",
    "change",
    "config",
    "console",
    "expect",
    "hand",
    "host",
    "inquiry",
    "inventory",
    "leases",
    "ledger",
    "not_same",
    "notice",
    "register",
    "reservations",
    "same",
    "scan",
    "session",
    "switch",
    "table",
    "zone",
];

/// A hospital written down in the little language.
#[derive(Debug, Clone)]
pub struct Hospital {
    /// Its imports, all active.
    pub imports: Vec<Import>,
    /// Everything they brought, by name.
    pub observations: Vec<Recorded>,
    /// What they looked at.
    pub coverage: Vec<Coverage>,
    /// What people said of identity.
    pub decisions: Vec<IdentityDecision>,
    /// The zones people named.
    pub zones: Vec<Zone>,
    /// What people expect of sources.
    pub sources: Vec<Source>,
    /// Who may sign in to the desk.
    pub accounts: Vec<Account>,
    /// What vendors were asked.
    pub inquiries: Vec<Inquiry>,
    /// What is to be changed.
    pub changes: Vec<PlannedChange>,
    /// What was sent round.
    pub notices: Vec<Notice>,
    /// What people said of writings of products; no line of text says it.
    pub writings: Vec<SettledWriting>,
    /// Where each kind of observation goes.
    pub layers: LayerTable,
}

impl Hospital {
    /// Reads the little language.
    pub fn read(text: &str) -> Self {
        let mut hospital = Self {
            imports: Vec::new(),
            observations: Vec::new(),
            coverage: Vec::new(),
            decisions: Vec::new(),
            zones: Vec::new(),
            sources: Vec::new(),
            accounts: Vec::new(),
            inquiries: Vec::new(),
            changes: Vec::new(),
            notices: Vec::new(),
            writings: Vec::new(),
            layers: layers(),
        };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line = line.trim();
            match line.split_whitespace().next() {
                Some(word) if HEADINGS.contains(&word) => hospital.heading(line),
                _ => hospital.row(line),
            }
        }
        hospital.observations.sort_by_key(|recorded| recorded.at);
        hospital
    }

    /// The same hospital, its imports numbered by `order` (a permutation of 0..n) instead of as written.
    pub fn renumbered(&self, order: &[usize]) -> Self {
        let mut other = self.clone();
        let number = |id: ImportId| ImportId(order[id.0 as usize - 1] as u32 + 1);
        other.imports.iter_mut().for_each(|import| import.id = number(import.id));
        other
            .observations
            .iter_mut()
            .for_each(|recorded| recorded.at.import = number(recorded.at.import));
        other.coverage.iter_mut().for_each(|coverage| coverage.import = number(coverage.import));
        other.imports.sort_by_key(|import| import.id);
        other.observations.sort_by_key(|recorded| recorded.at);
        other
    }

    /// The same hospital without import `id`.
    pub fn without(&self, id: ImportId) -> Self {
        let mut other = self.clone();
        other.imports.retain(|import| import.id != id);
        other.observations.retain(|recorded| recorded.at.import != id);
        other.coverage.retain(|coverage| coverage.import != id);
        other
    }

    /// The same hospital with import `id` brought in a second time.
    pub fn with_again(&self, id: ImportId) -> Self {
        let mut other = self.clone();
        let again = ImportId(self.imports.iter().map(|import| import.id.0).max().unwrap_or(0) + 1);
        let copy = self
            .imports
            .iter()
            .find(|import| import.id == id)
            .map(|import| Import { id: again, ..import.clone() });
        other.imports.extend(copy);
        let copies: Vec<_> =
            self.observations.iter().filter(|recorded| recorded.at.import == id).cloned().collect();
        other.observations.extend(copies.into_iter().map(|mut recorded| {
            recorded.at.import = again;
            recorded
        }));
        other
    }

    /// What the engine makes its conclusions from.
    pub fn world(&self) -> World<'_> {
        World::new(&self.imports, &self.observations, &self.coverage, &self.decisions, &self.layers)
    }

    /// A device in one line: the places of its members, as `SOURCE@DAY:ROW`, and what its layers say; the same whatever the numbers of imports.
    pub fn describe(&self, device: &Device) -> String {
        let mut line = format!("{} [", device.id);
        for at in &device.members {
            let _ = write!(line, " {}", self.name(*at));
        }
        line.push_str(" ]");
        for (layer, values) in [("declared", &device.declared), ("observed", &device.observed)] {
            for at in values {
                let _ = write!(line, " {layer}={}", self.name(*at));
            }
        }
        let _ = write!(line, " {:?} {:?}", device.aliases, device.interfaces);
        line
    }

    /// The observation named `at`, by what does not depend on numbers.
    pub fn name(&self, at: ObservationRef) -> String {
        let import =
            self.imports.iter().find(|import| import.id == at.import).expect("the import is there");
        let recorded = self
            .observations
            .iter()
            .find(|recorded| recorded.at == at)
            .expect("the observation is there");
        let day = Offset::UTC.to_datetime(import.captured_at).date();
        format!("{}@{day}:{}", import.source, recorded.observation.place)
    }

    fn heading(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [verdict @ ("same" | "not_same"), one, other] => {
                self.decisions.push(IdentityDecision {
                    id: self.decisions.len() as u32 + 1,
                    one: one.parse().expect("a sign"),
                    other: other.parse().expect("a sign"),
                    verdict: Verdict::from_key(verdict).expect("a verdict"),
                    by: "test".into(),
                    at: Timestamp::UNIX_EPOCH,
                });
            }
            ["zone", name, networks @ ..] => self.zones.push(zone(name, networks)),
            ["expect", name, days] => self.sources.push(Source {
                id: SourceId::new(name),
                kind: String::new(),
                newest: None,
                freshness_days: Some(days.parse().expect("a number of days")),
            }),
            ["account", login, role, rest @ ..] => self.accounts.push(account(login, role, rest)),
            ["inquiry", vendor, day, due, rest @ ..] => {
                let number = self.inquiries.len() as u32 + 1;
                self.inquiries.push(matters::inquiry(number, vendor, day, due, rest));
            }
            ["change", sign, day, mark, rest @ ..] => {
                let number = self.changes.len() as u32 + 1;
                self.changes.push(matters::change(number, sign, day, mark, rest));
            }
            ["notice", sender, day, rest @ ..] => {
                let number = self.notices.len() as u32 + 1;
                self.notices.push(matters::notice(number, sender, day, rest));
            }
            [kind, name, day] => self.begin(kind, name, day, Completeness::Neighbours, line),
            [kind @ "arp", name, day, "truncated"] => {
                self.begin(kind, name, day, Completeness::Truncated, line);
            }
            _ => panic!("not a heading: {line}"),
        }
    }

    fn begin(&mut self, kind: &str, name: &str, day: &str, arp: Completeness, line: &str) {
        let id = ImportId(self.imports.len() as u32 + 1);
        let captured_at = timestamp(day);
        let completeness = if kind == "leases" { Completeness::Leases } else { arp };
        if let (true, Ok(vantage)) = (matches!(kind, "arp" | "leases"), name.parse()) {
            self.coverage.push(Coverage {
                import: id,
                network: Network::of(vantage, 24),
                vantage: Some(vantage),
                at: captured_at,
                completeness,
            });
        }
        self.imports.push(Import {
            id,
            evidence: Digest::of(line.as_bytes()),
            file_name: line.to_owned(),
            size: 0,
            keeping: Keeping::Whole,
            source: SourceId::new(&format!("{kind}/{name}")),
            kind: if kind == "session" { "network-session" } else { kind }.to_owned(),
            reader_version: 1,
            encoding: None,
            captured_at,
            imported_at: Timestamp::UNIX_EPOCH,
            imported_by: "test".into(),
            rows: 0,
            state: ImportState::Active,
        });
        if kind == "arp" {
            let mut observer = Row::of(ObservationKind::Observer);
            observer.address(name.parse().expect("an address"));
            self.push(observer);
        }
    }

    fn row(&mut self, line: &str) {
        let import = self.imports.last().expect("a heading before its rows");
        let mut row = Row::of(match import.kind.as_str() {
            "ledger" => ObservationKind::LedgerRow,
            "table" => ObservationKind::AddressRow,
            "hand" => ObservationKind::Hand,
            "leases" => ObservationKind::Lease,
            "reservations" => ObservationKind::Reservation,
            "arp" => ObservationKind::Neighbour,
            "console" => ObservationKind::ConsoleRow,
            "inventory" => ObservationKind::InventoryRow,
            "register" => ObservationKind::RegisterRow,
            "scan" => ObservationKind::ScanHost,
            "switch" => ObservationKind::PortEntry,
            "config" | "host" | "network-session" => ObservationKind::HostReport,
            "backup" => ObservationKind::BackupRun,
            other => panic!("not a kind of document: {other}"),
        });
        words(line).iter().for_each(|word| row.word(word));
        self.push(row);
    }

    fn push(&mut self, row: Row) {
        let import = self.imports.last().expect("a heading before its rows").id;
        let before = self.observations.iter().rev().take_while(|known| known.at.import == import);
        let seq = before.count() as u32;
        let place = match (row.part, self.observations.last()) {
            (0 | 1, _) | (_, None) => Place::line(seq + 1),
            (_, Some(first)) => first.observation.place.clone(),
        };
        let mut facts = FactsBuilder::new();
        for (field, value) in &row.facts {
            facts.add(*field, value);
        }
        self.observations.push(Recorded {
            at: ObservationRef { import, seq },
            observation: Observation {
                place: place.part(row.part),
                kind: row.kind,
                bindings: row.bindings,
                facts: facts.finish(),
            },
        });
    }
}

/// A row on its way into an observation.
struct Row {
    kind: ObservationKind,
    bindings: Vec<Binding>,
    facts: Vec<(Field, String)>,
    part: u16,
}

impl Row {
    fn of(kind: ObservationKind) -> Self {
        let bindings = vec![Binding { mac: None, address: None, prefix: None }];
        Self { kind, bindings, facts: Vec::new(), part: 0 }
    }

    fn word(&mut self, word: &str) {
        match word.split_once('=') {
            Some(("ip", value)) => self.address(value.parse().expect("an address")),
            Some(("mac", value)) => self.mac(value.parse().expect("a MAC")),
            Some(("part", value)) => self.part = value.parse().expect("a number"),
            Some(("host", value)) => self.fact(Field::Hostname, value),
            Some((field, value)) => self.fact(Field::from_key(field).expect("a field"), value),
            None if word == "conflict" => self.kind = ObservationKind::AddressConflict,
            None if word == "setting" => self.kind = ObservationKind::Setting,
            None if word == "item" => self.kind = ObservationKind::ScanItem,
            None if word == "restore" => self.kind = ObservationKind::RestoreTest,
            None if word == "link" => self.kind = ObservationKind::LinkNeighbour,
            None if word == "device" => self.kind = ObservationKind::HostReport,
            None => match (word.parse(), word.parse()) {
                (Ok(address), _) => self.address(address),
                (_, Ok(mac)) => self.mac(mac),
                _ => self.fact(Field::AssetNumber, word),
            },
        }
    }

    fn fact(&mut self, field: Field, value: &str) {
        self.facts.push((field, value.to_owned()));
    }

    fn address(&mut self, address: std::net::IpAddr) {
        self.binding(|binding| binding.address.is_none()).address = Some(address);
    }

    fn mac(&mut self, mac: domain::MacAddress) {
        self.binding(|binding| binding.mac.is_none()).mac = Some(mac);
    }

    /// The last binding, or a new one where it is taken.
    fn binding(&mut self, is_free: impl Fn(&Binding) -> bool) -> &mut Binding {
        if !self.bindings.last().is_some_and(is_free) {
            self.bindings.push(Binding { mac: None, address: None, prefix: None });
        }
        self.bindings.last_mut().expect("there is always one")
    }
}

/// The words of a line; what stands in quotes is part of one word.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is always one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A zone of these networks; one of which nobody has said what it is for, unless `kind=` is among them.
fn zone(name: &str, words: &[&str]) -> Zone {
    let kind = words.iter().find_map(|word| word.strip_prefix("kind="));
    let networks = words.iter().filter(|word| !word.starts_with("kind="));
    Zone {
        name: name.to_owned(),
        networks: networks.map(|network| network.parse().expect("a network")).collect(),
        kind: kind.map_or(ZoneKind::Unclassified, |kind| ZoneKind::from_key(kind).expect("a kind")),
        probe: Probe::Passive,
    }
}

/// Noon of `day`, UTC.
pub fn timestamp(day: &str) -> Timestamp {
    let day: Date = day.parse().expect("a day");
    Offset::UTC.to_timestamp(day.at(12, 0, 0, 0)).expect("a time")
}

/// The layers as the design has them.
pub fn layers() -> LayerTable {
    use ObservationKind::*;
    let ranked = [
        (Layer::Declared, &[Hand, LedgerRow, RegisterRow, Reservation, AddressRow][..]),
        (
            Layer::Observed,
            &[
                HostReport,
                ConsoleRow,
                InventoryRow,
                LinkNeighbour,
                Lease,
                ScanHost,
                Neighbour,
                PortEntry,
                Observer,
                Setting,
                ScanItem,
                AddressConflict,
                BackupRun,
                RestoreTest,
            ][..],
        ),
    ];
    let feeds = ranked
        .into_iter()
        .flat_map(|(layer, kinds)| (0..).zip(kinds).map(move |(rank, kind)| (*kind, layer, rank)));
    LayerTable::new(feeds.map(|(kind, layer, rank)| (kind, Feed { layer, rank })).collect())
        .expect("every kind is named once")
}

/// An account by its words: `without_factor`, `disabled`, `until=YYYY-MM-DD`.
fn account(login: &str, role: &str, words: &[&str]) -> Account {
    let ends = words.iter().find_map(|word| word.strip_prefix("until="));
    Account {
        login: login.to_owned(),
        name: String::new(),
        role: Role::from_key(role).expect("a role"),
        ends: ends.map(|day| day.parse().expect("a day")),
        is_disabled: words.contains(&"disabled"),
        must_change: false,
        has_second_factor: !words.contains(&"without_factor"),
        last_login: None,
    }
}

/// The sources of `hospital`, without freshness.
pub fn sources(hospital: &Hospital) -> Vec<Source> {
    let mut ids: Vec<_> = hospital
        .imports
        .iter()
        .map(|import| (import.source.clone(), import.kind.clone()))
        .collect();
    ids.sort();
    ids.dedup();
    ids.into_iter()
        .map(|(id, kind)| Source { id, kind, newest: None, freshness_days: None })
        .collect()
}
