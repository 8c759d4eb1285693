//! What a newer edition of a source leaves in force of the older ones.
//!
//! A newer ledger, table or list takes the place of the older one whole. Two things do not go with it: a trial of a restore, which
//! happened, whatever later lists still show; and what a session log of a network device answered, as long as no later log answers the
//! same question of the same device.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, Import, ImportId, ObservationKind, fold};

use crate::world::Recorded;

/// What is answered, and of which device.
type Answer = (ObservationKind, String);

/// The statements of superseded editions that stay in force: the numbers of each import's, rising.
#[derive(Debug, Default)]
pub(crate) struct Standing(BTreeMap<ImportId, Vec<u32>>);

impl Standing {
    /// Adds what stays of `series`, the oldest edition first; `of` gives the observations of an import.
    pub(crate) fn add<'a>(&mut self, series: &[&Import], of: impl Fn(&Import) -> &'a [Recorded]) {
        let mut answered = BTreeSet::new();
        let mut is_log = true;
        for import in series.iter().rev() {
            let own = of(import);
            // The newest one is in force anyhow; and what is no log takes the place of all before it.
            let is_newest = series.last().is_some_and(|newest| newest.id == import.id);
            if !is_newest {
                self.keep(import, own, &answered, is_log && is_of_device(import));
            }
            is_log &= is_of_device(import);
            if is_log {
                answered.extend(answers(import, own));
            }
        }
    }

    fn keep(
        &mut self,
        import: &Import,
        own: &[Recorded],
        answered: &BTreeSet<Answer>,
        is_log: bool,
    ) {
        let mut label = String::new();
        let stays = |recorded: &&Recorded| {
            let kind = recorded.observation.kind;
            if is_log && kind.is_head() {
                label = label_of(recorded);
            }
            let is_open = is_log && !answered.contains(&(kind, label.clone()));
            kind == ObservationKind::RestoreTest || is_open
        };
        let numbers: Vec<u32> = own.iter().filter(stays).map(|recorded| recorded.at.seq).collect();
        if !numbers.is_empty() {
            self.0.insert(import.id, numbers);
        }
    }

    /// Whether the statement `seq` of the superseded import `id` stays in force.
    pub(crate) fn holds(&self, id: ImportId, seq: u32) -> bool {
        self.0.get(&id).is_some_and(|numbers| numbers.binary_search(&seq).is_ok())
    }
}

/// Whether a document is of what a network device was asked: a session log, or a configuration.
fn is_of_device(import: &Import) -> bool {
    import.kind.ends_with("-session") || states_settings(import)
}

/// Whether a document holds a whole configuration: what it does not set is not set.
fn states_settings(import: &Import) -> bool {
    import.kind.ends_with("config") || import.source.as_str().starts_with("config/")
}

fn answers(import: &Import, own: &[Recorded]) -> BTreeSet<Answer> {
    let mut label = String::new();
    let mut answers = BTreeSet::new();
    for recorded in own {
        let kind = recorded.observation.kind;
        if kind.is_head() {
            label = label_of(recorded);
            if states_settings(import) {
                answers.insert((ObservationKind::Setting, label.clone()));
            }
        }
        answers.insert((kind, label.clone()));
    }
    answers
}

/// What tells a device in its own documents: its name, else its serial number, else its first address.
fn label_of(recorded: &Recorded) -> String {
    let facts = &recorded.observation.facts;
    let named = [Field::Hostname, Field::Serial].into_iter().find_map(|field| facts.value(field));
    let address = || recorded.observation.bindings.iter().find_map(|binding| binding.address);
    named.map(fold).or_else(|| Some(address()?.to_string())).unwrap_or_default()
}
