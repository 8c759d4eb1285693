//! What parts lists tell of the products that run: what is said of a component is told of the product it is inside.
//!
//! A list speaks of one release. Where that is not the release in use, nothing of it is called affected, and that is said.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::{ImportId, Message, msg};

use super::{JudgedList, OWN_WORD, is_same_release};
use crate::advisories::index::IndexError;
use crate::advisories::judge::{Match, Open};
use crate::weaknesses::Running;
use crate::weighing::Urgency;

/// A parts list that a person laid beside a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedList {
    /// The import that brought it.
    pub import: ImportId,
    /// The folded name of the product, whatever its version.
    pub family: String,
    /// The release it is of; none where neither it nor a person says.
    pub release: Option<String>,
    /// What came of it with the advisories at hand; none where those cannot be read.
    pub judged: Option<Arc<JudgedList>>,
}

/// What is known of the inside of a product that runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inside {
    /// The list of the release in use.
    pub list: Option<ImportId>,
    /// How many components that holds.
    pub components: usize,
    /// Where there is no such list: the releases of the lists there are; empty for one that does not say of which it is.
    pub others: Vec<String>,
    /// The components through which vulnerabilities concern the product, by the vulnerability's number.
    pub through: BTreeMap<String, BTreeSet<String>>,
    /// Components that could not be judged, by name, and why.
    pub unjudged: BTreeMap<String, Message>,
}

impl Inside {
    /// Why nothing of its lists could be laid beside the product that runs in `version`; none where something was, or there is none.
    pub fn why_not(&self, version: Option<&str>) -> Option<Message> {
        let releases: Vec<String> =
            self.others.iter().filter(|release| !release.is_empty()).cloned().collect();
        match version {
            _ if self.others.is_empty() => None,
            _ if releases.is_empty() => Some(msg!("parts.inside_no_release")),
            Some(version) => {
                Some(msg!("parts.inside_other", releases = releases, version = version))
            }
            None => Some(msg!("parts.inside_no_version", releases = releases)),
        }
    }
}

/// Lays `lists` beside the products whose release in use they are of.
///
/// # Errors
///
/// [`IndexError::Damaged`] where one of them could not be judged for that.
pub(crate) fn lay(products: &mut [Running], lists: &[AttachedList]) -> Result<(), IndexError> {
    for list in lists {
        let is_its = |one: &&mut Running| one.is_of(&list.family) && is_of(list, one);
        for running in products.iter_mut().filter(is_its) {
            take_in(running, list.import, list.judged.as_deref().ok_or(IndexError::Damaged)?);
        }
    }
    Ok(())
}

/// Tells each product without a list of the release in use which lists there are.
pub(crate) fn tell_others(products: &mut [Running], lists: &[AttachedList]) {
    for running in products.iter_mut().filter(|running| running.inside.list.is_none()) {
        let others = lists.iter().filter(|list| running.is_of(&list.family));
        running.inside.others =
            others.map(|list| list.release.clone().unwrap_or_default()).collect();
    }
}

/// Whether the list is of the release that runs.
fn is_of(list: &AttachedList, running: &Running) -> bool {
    let both = list.release.as_deref().zip(running.product.version.as_deref());
    both.is_some_and(|(release, version)| is_same_release(release, version))
}

/// Tells of the product what is said of the components inside it.
fn take_in(running: &mut Running, import: ImportId, list: &JudgedList) {
    let mut places = Places::of(&running.matches);
    for (name, verdict) in &list.told {
        if let Some(reason) = &verdict.unjudged {
            running.inside.unjudged.insert(name.clone(), reason.clone());
        }
        let open = verdict.open.iter().map(|(id, reason)| Open {
            id: id.clone(),
            advisory: OWN_WORD,
            reason: within(name, reason),
        });
        running.open.extend(open);
        for found in &verdict.found {
            let at = places.lay(&mut running.matches, said_within(found, name));
            if found.affected.is_some()
                && let Some(known) = running.matches.get(at)
            {
                let through = running.inside.through.entry(known.vulnerability.id.clone());
                through.or_default().insert(name.clone());
            }
        }
    }
    running.matches.sort_by_cached_key(Urgency::of);
    running.inside.list = Some(import);
    running.inside.components = list.components;
}

fn within(component: &str, reason: &Message) -> Message {
    msg!("parts.within", component = component, reason = reason.clone())
}

/// What is said of a component, as it is told of the product around it: its versions are not the product's.
fn said_within(found: &Match, component: &str) -> Match {
    let mut found = found.clone();
    for said in &mut found.statements {
        said.reason = within(component, &said.reason);
    }
    let name = component.split(' ').next().unwrap_or(component);
    found.fixed = found.fixed.iter().map(|version| format!("{name} {version}")).collect();
    found
}

/// Where each vulnerability stands among the matches of a product, by every number it has.
struct Places(HashMap<String, usize>);

impl Places {
    fn of(matches: &[Match]) -> Self {
        let mut places = Self(HashMap::new());
        matches.iter().enumerate().for_each(|(at, found)| places.note(at, found));
        places
    }

    fn note(&mut self, at: usize, found: &Match) {
        for number in &found.vulnerability.numbers {
            self.0.entry(number.clone()).or_insert(at);
        }
    }

    /// Lays `found` beside what is said already of the same vulnerability; gives its place.
    fn lay(&mut self, matches: &mut Vec<Match>, found: Match) -> usize {
        let known = found.vulnerability.numbers.iter().find_map(|number| self.0.get(number));
        let Some(at) = known.copied() else {
            self.note(matches.len(), &found);
            matches.push(found);
            return matches.len() - 1;
        };
        if let Some(known) = matches.get_mut(at) {
            known.affected = known.affected.max(found.affected);
            known.statements.extend(found.statements);
            known.ratings.extend(found.ratings);
            let fixed: BTreeSet<String> = known.fixed.drain(..).chain(found.fixed).collect();
            known.fixed = fixed.into_iter().collect();
        }
        at
    }
}
