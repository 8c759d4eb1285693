//! A derivation that grows: one import after another comes in, and what it has nothing to do with is not looked at again.
//!
//! What a component is depends on its observations, on how their imports stand and on which networks they looked at (its digest says
//! so). A further import touches the components that carry a sign of its own, or hold observations of an import that now stands
//! otherwise: these are derived anew, together with what is new. All others stay as they are.

use std::collections::{BTreeSet, HashMap};

use domain::{Digest, IdentityDecision, ImportId, SignKey};
use jiff::Timestamp;

use super::contexts::Views;
use super::join::{Circumstances, comparable, row_sign};
use super::{
    Component, Contexts, Decisions, Derivation, Device, Mark, Node, grouped, in_order, node, nodes,
};
use crate::world::World;

/// A derivation with what is needed to go on from it.
#[derive(Debug, Default)]
pub struct Growing {
    derivation: Derivation,
    /// None before anything was to be added.
    index: Option<Index>,
}

/// What a further import changed.
#[derive(Debug)]
pub struct Growth {
    /// What was there in the place of what is fresh.
    before: Vec<Component>,
    fresh: BTreeSet<Digest>,
}

impl Growth {
    /// The devices that were there in the place of the fresh ones.
    pub fn before(&self) -> impl Iterator<Item = &Device> {
        self.before.iter().flat_map(|component| &component.devices)
    }
}

impl Growing {
    /// What follows from `world`. Nothing is prepared yet for going on.
    pub fn of(world: &World<'_>) -> Self {
        Self { derivation: super::derive(world, None), index: None }
    }

    /// All that was derived.
    pub fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// The devices that may be others than before `growth`; all others are the same.
    pub fn fresh<'g>(&'g self, growth: &'g Growth) -> impl Iterator<Item = &'g Device> {
        let fresh = growth.fresh.iter().filter_map(|digest| self.derivation.component(digest));
        fresh.flat_map(|component| &component.devices)
    }

    /// Goes on to `world`, as [`super::derive`] would, and says what changed; none where everything was looked at anew, since the world did
    /// not merely grow, or since this is the first time.
    pub fn grow(&mut self, world: &World<'_>) -> Option<Growth> {
        let touched = self.index.as_ref().and_then(|index| index.touched(world));
        match (&mut self.index, touched) {
            (Some(index), Some(touched)) => Some(index.add(&mut self.derivation, world, touched)),
            (index, _) => {
                let (derivation, whole) = Index::of(world, &self.derivation);
                (self.derivation, *index) = (derivation, Some(whole));
                None
            }
        }
    }
}

/// How an import stands among the editions of its source.
type Standing = (ImportId, Option<Timestamp>, bool);

/// Where each sign is.
#[derive(Debug)]
struct Index {
    views: Views,
    imports: Vec<Standing>,
    decisions: Vec<IdentityDecision>,
    /// By key the number of the last component in which it was.
    carriers: HashMap<SignKey, u32>,
    /// The components by number, with those that are no more.
    components: Vec<Digest>,
}

impl Index {
    /// The derivation of `world` with its index.
    fn of(world: &World<'_>, earlier: &Derivation) -> (Derivation, Self) {
        let views = Views::of_world(world);
        let contexts = Contexts::of_views(&views, world);
        let decisions = Decisions::of(world.decisions());
        let mut index = Self {
            views,
            imports: standing(world),
            decisions: world.decisions().to_vec(),
            carriers: HashMap::new(),
            components: Vec::new(),
        };
        let on = Circumstances { world, contexts: &contexts, decisions: &decisions };
        let tell = |digest, first: &Node<'_>, marks: &[Mark]| index.note(digest, first, marks);
        let mut components = grouped(&on, &nodes(world), Some(earlier), tell);
        components.sort_by_key(|(digest, _)| *digest);
        (Derivation { components, contexts }, index)
    }

    fn note(&mut self, digest: Digest, first: &Node<'_>, marks: &[Mark]) {
        let number = self.components.len() as u32;
        self.components.push(digest);
        // Without any sign it stands alone, and is known by its row.
        let row = marks.is_empty().then(|| row_sign(first).key());
        let keys = marks.iter().map(|mark| mark.key).chain(row);
        self.carriers.extend(keys.map(|key| (key, number)));
    }

    /// The imports that are new in `world`, or stand otherwise than before; none where one is gone, or people said something else.
    fn touched(&self, world: &World<'_>) -> Option<BTreeSet<ImportId>> {
        if world.decisions() != self.decisions {
            return None;
        }
        let mut known = self.imports.iter().peekable();
        let mut touched = BTreeSet::new();
        for now in standing(world) {
            match known.next_if(|before| before.0 <= now.0) {
                Some(before) if *before == now => {}
                Some(before) if before.0 < now.0 => return None,
                _ => {
                    touched.insert(now.0);
                }
            }
        }
        known.next().is_none().then_some(touched)
    }

    /// Takes up into `derivation` what is new in `world`, where the imports in `touched` are new or stand otherwise.
    fn add(
        &mut self,
        derivation: &mut Derivation,
        world: &World<'_>,
        mut touched: BTreeSet<ImportId>,
    ) -> Growth {
        let is_new =
            |id: &ImportId| self.imports.binary_search_by_key(id, |known| known.0).is_err();
        let new: BTreeSet<ImportId> = touched.iter().copied().filter(is_new).collect();
        let before = derivation.contexts.clone();
        let observations = new.iter().flat_map(|id| world.observations_of(*id));
        derivation.contexts.grow(&mut self.views, world, observations);
        touched.extend(derivation.contexts.differing(&before));
        self.imports = standing(world);

        let decisions = Decisions::of(world.decisions());
        let on = Circumstances { world, contexts: &derivation.contexts, decisions: &decisions };
        // What changed its context may have been known by another sign before.
        let then = Circumstances { contexts: &before, ..on };
        let taken = self.carrying(&keys(&[&on, &then], &touched));
        let gone: Vec<Component> = derivation
            .components
            .extract_if(.., |(digest, _)| taken.contains(digest))
            .map(|(_, component)| component)
            .collect();
        let anew = anew(world, &gone, &new);
        let fresh =
            grouped(&on, &anew, None, |digest, first, marks| self.note(digest, first, marks));
        let growth =
            Growth { before: gone, fresh: fresh.iter().map(|(digest, _)| *digest).collect() };
        derivation.components.extend(fresh);
        // All but the last are in order, which this sort makes use of.
        derivation.components.sort_by_key(|(digest, _)| *digest);
        growth
    }

    /// The components that carry one of `keys`.
    fn carrying(&self, keys: &BTreeSet<SignKey>) -> BTreeSet<Digest> {
        let numbers = keys.iter().filter_map(|key| self.carriers.get(key));
        numbers.filter_map(|number| self.components.get(*number as usize)).copied().collect()
    }
}

/// How the imports of `world` stand, by number.
fn standing(world: &World<'_>) -> Vec<Standing> {
    let of = world.imports();
    of.map(|imported| (imported.import.id, imported.superseded_at, imported.has_older)).collect()
}

/// The keys of all signs in the imports `touched`, under all of these circumstances; and those that people spoke of together with one of
/// them.
fn keys(on: &[&Circumstances<'_>], touched: &BTreeSet<ImportId>) -> BTreeSet<SignKey> {
    let mut keys = BTreeSet::new();
    for on in on {
        let seen = touched.iter().flat_map(|id| on.world.observations_of(*id));
        for node in seen.filter_map(|recorded| node(on.world, recorded)) {
            let signs = on.signs(&node);
            keys.extend(signs.is_empty().then(|| row_sign(&node).key()));
            keys.extend(signs.iter().map(comparable));
        }
    }
    let spoken = on.first().into_iter().flat_map(|on| &on.decisions.pairs);
    let of = spoken.filter(|(one, other, _)| keys.contains(one) || keys.contains(other));
    let others: Vec<SignKey> = of.flat_map(|(one, other, _)| [*one, *other]).collect();
    keys.extend(others);
    keys
}

/// The nodes of the components `gone` and of the imports `new`, by precedence.
fn anew<'a>(world: &'a World<'a>, gone: &[Component], new: &BTreeSet<ImportId>) -> Vec<Node<'a>> {
    let members = gone.iter().flat_map(|component| &component.devices);
    let members = members.flat_map(|device| &device.members).filter_map(|at| world.recorded(*at));
    let arrived = new.iter().flat_map(|id| world.observations_of(*id));
    in_order(members.chain(arrived).filter_map(|recorded| node(world, recorded)).collect())
}
