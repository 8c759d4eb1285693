//! All that is known before anything is concluded.

use std::collections::BTreeMap;

use domain::{
    Coverage, Digest, Field, IdentityDecision, Import, ImportId, LayerTable, Observation,
    ObservationKind, ObservationRef, Place, SourceId,
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use crate::editions::Standing;

/// An observation and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its name.
    pub at: ObservationRef,
    /// What it says.
    pub observation: Observation,
}

/// The active imports with everything they brought, and what people said of identity.
#[derive(Debug)]
pub struct World<'a> {
    imports: BTreeMap<ImportId, Imported<'a>>,
    observations: &'a [Recorded],
    coverage: &'a [Coverage],
    decisions: &'a [IdentityDecision],
    layers: &'a LayerTable,
    standing: Standing,
}

/// An import, seen as an edition of its source.
#[derive(Debug, Clone, Copy)]
pub struct Imported<'a> {
    /// The import.
    pub import: &'a Import,
    /// When a newer edition of the same source took its place.
    pub superseded_at: Option<Timestamp>,
    /// Whether there is an older edition of the same source.
    pub has_older: bool,
    first: usize,
}

/// What decides every tie: capture time, then digest, then place. Never when something was imported.
pub type Precedence<'a> = (Timestamp, Digest, &'a Place);

/// Japan's time: nine hours before UTC, without summer time. Documents of Japanese hospitals carry local times without a mark.
pub const JAPAN: Offset = Offset::constant(9);

/// The moment of a stored local time; a day alone counts from its end, so that nothing of that day is taken for later.
pub fn local_time(text: &str) -> Option<Timestamp> {
    let day_end = || text.parse::<Date>().ok().map(|day| day.at(23, 59, 59, 0));
    let local = text.parse::<DateTime>().ok().filter(|_| text.contains('T')).or_else(day_end)?;
    JAPAN.to_timestamp(local).ok()
}

impl<'a> World<'a> {
    /// The world of `imports` (active ones only) and the `observations` and `coverage` they brought.
    ///
    /// `observations` must be ordered by name, as the store gives them. Where the same evidence was brought into the same source
    /// twice, only one of the two counts; observations of imports that are not listed count for nothing.
    pub fn new(
        imports: &'a [Import],
        observations: &'a [Recorded],
        coverage: &'a [Coverage],
        decisions: &'a [IdentityDecision],
        layers: &'a LayerTable,
    ) -> Self {
        debug_assert!(observations.is_sorted_by_key(|recorded| recorded.at));
        let mut editions: BTreeMap<&SourceId, Vec<&Import>> = BTreeMap::new();
        for import in imports {
            editions.entry(&import.source).or_default().push(import);
        }
        let mut listed = BTreeMap::new();
        let mut standing = Standing::default();
        let of = |import: &Import| {
            let first = observations.partition_point(|recorded| recorded.at.import < import.id);
            let end = observations.partition_point(|recorded| recorded.at.import <= import.id);
            observations.get(first..end).unwrap_or_default()
        };
        for mut series in editions.into_values() {
            series.sort_by_key(|import| (import.captured_at, import.evidence, import.id));
            let mut seen = std::collections::BTreeSet::new();
            series.retain(|import| seen.insert(import.evidence));
            if series.len() > 1 {
                standing.add(&series, of);
            }
            for (index, import) in series.iter().enumerate() {
                let first = observations.partition_point(|recorded| recorded.at.import < import.id);
                let superseded_at = series.get(index + 1).map(|next| next.captured_at);
                listed.insert(
                    import.id,
                    Imported { import, superseded_at, has_older: index > 0, first },
                );
            }
        }
        Self { imports: listed, observations, coverage, decisions, layers, standing }
    }

    /// The imports that count, by number.
    pub fn imports(&self) -> impl Iterator<Item = &Imported<'a>> {
        self.imports.values()
    }

    /// The import `id`, if it counts.
    pub fn import(&self, id: ImportId) -> Option<&Imported<'a>> {
        self.imports.get(&id)
    }

    /// The observations that count, by name.
    pub fn observations(&self) -> impl Iterator<Item = &'a Recorded> {
        let mut current: Option<(ImportId, bool)> = None;
        self.observations.iter().filter(move |recorded| match current {
            Some((import, counts)) if import == recorded.at.import => counts,
            _ => {
                let counts = self.imports.contains_key(&recorded.at.import);
                current = Some((recorded.at.import, counts));
                counts
            }
        })
    }

    /// The observations of the import `id`, where it counts.
    pub fn observations_of(&self, id: ImportId) -> impl Iterator<Item = &'a Recorded> {
        let first = self.imports.get(&id).map_or(self.observations.len(), |import| import.first);
        let own = self.observations.get(first..).unwrap_or_default().iter();
        own.take_while(move |recorded| recorded.at.import == id)
    }

    /// The observation named `at`.
    pub fn observation(&self, at: ObservationRef) -> Option<&'a Observation> {
        self.recorded(at).map(|recorded| &recorded.observation)
    }

    /// The same with its name.
    pub fn recorded(&self, at: ObservationRef) -> Option<&'a Recorded> {
        let import = self.imports.get(&at.import)?;
        // Almost always the numbers of an import run without a gap.
        let guess = self
            .observations
            .get(import.first + at.seq as usize)
            .filter(|recorded| recorded.at == at);
        guess.or_else(|| {
            let index = self.observations.binary_search_by_key(&at, |recorded| recorded.at).ok()?;
            self.observations.get(index)
        })
    }

    /// What was looked at, in imports that count.
    pub fn coverage(&self) -> impl Iterator<Item = &'a Coverage> {
        self.coverage.iter().filter(|coverage| self.imports.contains_key(&coverage.import))
    }

    /// What people said of identity.
    pub fn decisions(&self) -> &'a [IdentityDecision] {
        self.decisions
    }

    /// Where each kind of observation goes.
    pub fn layers(&self) -> &'a LayerTable {
        self.layers
    }

    /// Whether `at` stands in the edition of its source that is in force now, or outlives its own: see `editions`.
    pub fn in_force(&self, at: ObservationRef) -> bool {
        self.imports.get(&at.import).is_some_and(|imported| {
            imported.superseded_at.is_none() || self.standing.holds(at.import, at.seq)
        })
    }

    /// Whether a statement of this import was in force at `time`. Before its first edition a source is taken to have said the same.
    pub fn in_force_at(&self, import: ImportId, time: Timestamp) -> bool {
        self.imports.get(&import).is_some_and(|imported| {
            let begun = !imported.has_older || imported.import.captured_at <= time;
            begun && imported.superseded_at.is_none_or(|end| time < end)
        })
    }

    /// When what `at` says was so: see [`World::time_of`].
    pub fn time(&self, at: ObservationRef) -> Timestamp {
        let Some(imported) = self.imports.get(&at.import) else { return Timestamp::MIN };
        let captured_at = imported.import.captured_at;
        self.observation(at).map_or(captured_at, |seen| self.time_of(imported, seen))
    }

    /// When what `observation` says was so: when it was captured, or, where the source itself tells when it saw the device last or
    /// until when its lease ran, that earlier time. A console lists machines it has not heard of for years.
    pub fn time_of(&self, imported: &Imported<'_>, observation: &Observation) -> Timestamp {
        let captured_at = imported.import.captured_at;
        if self.layers.is_declared(observation.kind) {
            return captured_at;
        }
        let lease = observation.kind == ObservationKind::Lease;
        let end = lease.then(|| observation.facts.value(Field::LeaseEnd)).flatten();
        let said = observation.facts.value(Field::LastSeen).or(end).and_then(local_time);
        said.map_or(captured_at, |said| said.min(captured_at))
    }

    /// Every statement of `kind` in editions in force, with the observation it speaks of: the head before
    /// it in the same document, where there is one.
    pub fn statements(
        &self,
        kind: ObservationKind,
    ) -> impl Iterator<Item = (&'a Recorded, Option<&'a Recorded>)> {
        let mut head: Option<&'a Recorded> = None;
        self.observations().filter_map(move |recorded| {
            let same = head.is_some_and(|head| head.at.import == recorded.at.import);
            if !same {
                head = None;
            }
            if recorded.observation.kind.is_head() {
                head = Some(recorded);
            }
            let wanted = recorded.observation.kind == kind && self.in_force(recorded.at);
            wanted.then_some((recorded, head))
        })
    }

    /// What decides ties for `recorded`.
    pub fn precedence(&self, recorded: &'a Recorded) -> Precedence<'a> {
        let import = self.imports.get(&recorded.at.import);
        let (time, digest) = import.map_or((Timestamp::MIN, Digest([0; 32])), |imported| {
            (imported.import.captured_at, imported.import.evidence)
        });
        (time, digest, &recorded.observation.place)
    }

    /// The rows of ledgers that are in force, with their names.
    pub fn ledger_rows(&self) -> impl Iterator<Item = &'a Recorded> {
        self.observations().filter(|recorded| {
            recorded.observation.kind == ObservationKind::LedgerRow && self.in_force(recorded.at)
        })
    }
}
