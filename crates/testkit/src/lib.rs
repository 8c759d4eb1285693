//! What only tests use: a little language for hospitals.
//!
//! ```text
//! ledger 台帳 2026-11-01
//!   0001 host=CT-01 ip=10.1.1.1 mac=00-1b-21-00-00-01 name=CT
//! arp 10.1.1.70 2026-11-20
//!   10.1.1.1 00-1b-21-00-00-01
//! leases 10.1.1.1 2026-11-20
//!   10.1.1.30 00-1b-21-00-00-30 host=NB-01
//! table アドレス表 2026-11-01
//!   ip=10.1.1.1 host=CT-01
//! same mac:00-1b-21-00-00-01 asset:ledger/台帳/0001
//! not_same host:ct-01 host:ct-02
//! ```
//!
//! A panic here is a mistake in a test.

use std::fmt::Write as _;

use domain::{
    Binding, Completeness, Coverage, Digest, FactsBuilder, Feed, Field, IdentityDecision, Import,
    ImportId, ImportState, Keeping, Layer, LayerTable, Network, Observation, ObservationKind,
    ObservationRef, Place, Source, SourceId, Verdict,
};
use engine::{Device, Recorded, World};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The words that begin a document or a person's word; every other line is a row of the document before it.
const HEADINGS: [&str; 7] =
    ["arp", "leases", "ledger", "not_same", "reservations", "same", "table"];

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
            [kind, name, day] => self.begin(kind, name, day, line),
            _ => panic!("not a heading: {line}"),
        }
    }

    fn begin(&mut self, kind: &str, name: &str, day: &str, line: &str) {
        let id = ImportId(self.imports.len() as u32 + 1);
        let captured_at = timestamp(day);
        if kind == "arp" {
            let vantage: std::net::Ipv4Addr = name.parse().expect("an address");
            self.coverage.push(Coverage {
                import: id,
                network: Network::of(vantage, 24),
                vantage: Some(vantage),
                at: captured_at,
                completeness: Completeness::Neighbours,
            });
        }
        self.imports.push(Import {
            id,
            evidence: Digest::of(line.as_bytes()),
            file_name: line.to_owned(),
            size: 0,
            keeping: Keeping::Whole,
            source: SourceId::new(&format!("{kind}/{name}")),
            kind: kind.to_owned(),
            reader_version: 1,
            encoding: None,
            captured_at,
            imported_at: Timestamp::UNIX_EPOCH,
            imported_by: "test".into(),
            rows: 0,
            state: ImportState::Active,
        });
        if kind == "arp" {
            self.push(
                ObservationKind::Observer,
                Binding { mac: None, address: name.parse().ok(), prefix: None },
                None,
                &[],
            );
        }
    }

    fn row(&mut self, line: &str) {
        let import = self.imports.last().expect("a heading before its rows");
        let kind = match import.kind.as_str() {
            "ledger" => ObservationKind::LedgerRow,
            "table" => ObservationKind::AddressRow,
            "leases" => ObservationKind::Lease,
            "reservations" => ObservationKind::Reservation,
            "arp" => ObservationKind::Neighbour,
            other => panic!("not a kind of document: {other}"),
        };
        let mut binding = Binding { mac: None, address: None, prefix: None };
        let mut number = None;
        let mut facts = Vec::new();
        for word in line.split_whitespace() {
            match word.split_once('=') {
                Some(("ip", value)) => binding.address = Some(value.parse().expect("an address")),
                Some(("mac", value)) => binding.mac = Some(value.parse().expect("a MAC")),
                Some(("host", value)) => facts.push((Field::Hostname, value)),
                Some((field, value)) => {
                    facts.push((Field::from_key(field).expect("a field"), value));
                }
                None if word.parse::<std::net::IpAddr>().is_ok() => {
                    binding.address = word.parse().ok();
                }
                None if word.parse::<domain::MacAddress>().is_ok() => {
                    binding.mac = word.parse().ok();
                }
                None => number = Some(word),
            }
        }
        self.push(kind, binding, number, &facts);
    }

    fn push(
        &mut self,
        kind: ObservationKind,
        binding: Binding,
        number: Option<&str>,
        facts: &[(Field, &str)],
    ) {
        let import = self.imports.last().expect("a heading before its rows").id;
        let seq =
            self.observations.iter().filter(|recorded| recorded.at.import == import).count() as u32;
        let mut builder = FactsBuilder::new();
        builder.add(Field::AssetNumber, number.unwrap_or_default());
        for (field, value) in facts {
            builder.add(*field, value);
        }
        self.observations.push(Recorded {
            at: ObservationRef { import, seq },
            observation: Observation {
                place: Place::line(seq + 1),
                kind,
                bindings: vec![binding],
                facts: builder.finish(),
            },
        });
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
    let feeds = [
        (Hand, Layer::Declared, 0),
        (LedgerRow, Layer::Declared, 1),
        (Reservation, Layer::Declared, 2),
        (AddressRow, Layer::Declared, 3),
        (Lease, Layer::Observed, 0),
        (Neighbour, Layer::Observed, 1),
        (Observer, Layer::Observed, 2),
        (AddressConflict, Layer::Observed, 3),
    ];
    LayerTable::new(
        feeds.into_iter().map(|(kind, layer, rank)| (kind, Feed { layer, rank })).collect(),
    )
    .expect("every kind is named once")
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
