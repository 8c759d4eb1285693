//! What changed from one parts list to another.
//!
//! Components are laid beside each other by their package URL without its version (purl-spec, "Rules for each purl component"), and
//! where that finds none, by name. A version goes up or down by the order of its own world of software; where that gives no order, it
//! is another one, and no more is said.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::{Component, fold};
use notation::cpe::Cpe;
use notation::purl::Purl;
use notation::version::Scheme;

use crate::advisories::order::scheme_of_maker;

/// Where a version went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is newer.
    Up,
    /// It is older.
    Down,
    /// It is another, and nobody orders the two.
    Other,
}

impl Turn {
    /// The word of texts and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Other => "other",
        }
    }
}

/// A component that stands in both lists, with another version or another licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'c> {
    /// As it was.
    pub old: &'c Component,
    /// As it is.
    pub new: &'c Component,
    /// Where its version went; none where that is the same.
    pub turn: Option<Turn>,
    /// Whether the licences are others.
    pub is_licence_changed: bool,
}

/// What changed, each part by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison<'c> {
    /// Components of the new list alone.
    pub added: Vec<&'c Component>,
    /// Components of the old list alone.
    pub removed: Vec<&'c Component>,
    /// Components of both that changed.
    pub changed: Vec<Change<'c>>,
    /// How many are the same.
    pub same: usize,
}

/// What changed from the components `old` to `new`.
pub fn compare<'c>(old: &'c [Component], new: &'c [Component]) -> Comparison<'c> {
    let mut rest = Sides { old: old.iter().collect(), new: new.iter().collect() };
    let mut pairs = rest.pair(package);
    pairs.extend(rest.pair(|component| Some(fold(&component.full_name()))));
    let mut comparison = Comparison { added: rest.new, removed: rest.old, ..Comparison::default() };
    for (old, new) in pairs {
        match change(old, new) {
            Some(change) => comparison.changed.push(change),
            None => comparison.same += 1,
        }
    }
    comparison.added.sort_by_cached_key(|one| in_order(one));
    comparison.removed.sort_by_cached_key(|one| in_order(one));
    comparison.changed.sort_by_cached_key(|one| in_order(one.new));
    comparison
}

/// The place of a component in a list for people.
fn in_order(component: &Component) -> (String, Option<String>, u32) {
    (fold(&component.full_name()), component.version.clone(), component.place.row)
}

/// Components that found no partner yet.
struct Sides<'c> {
    old: Vec<&'c Component>,
    new: Vec<&'c Component>,
}

impl<'c> Sides<'c> {
    /// Takes out those that `key` lays beside each other: first equal versions, then the one that is left on both sides. Where several
    /// are left there is a choice, and nobody's.
    fn pair(
        &mut self,
        key: impl Fn(&Component) -> Option<String>,
    ) -> Vec<(&'c Component, &'c Component)> {
        let mut groups: BTreeMap<String, Sides<'c>> = BTreeMap::new();
        let mut nameless = Sides { old: Vec::new(), new: Vec::new() };
        let empty = || Sides { old: Vec::new(), new: Vec::new() };
        for one in self.old.drain(..) {
            match key(one) {
                Some(key) => groups.entry(key).or_insert_with(empty).old.push(one),
                None => nameless.old.push(one),
            }
        }
        for one in self.new.drain(..) {
            match key(one) {
                Some(key) => groups.entry(key).or_insert_with(empty).new.push(one),
                None => nameless.new.push(one),
            }
        }
        let mut pairs = Vec::new();
        for group in groups.into_values() {
            let rest = group.equal(&mut pairs);
            match (rest.old.as_slice(), rest.new.as_slice()) {
                ([old], [new]) => pairs.push((*old, *new)),
                _ => {
                    nameless.old.extend(rest.old);
                    nameless.new.extend(rest.new);
                }
            }
        }
        *self = nameless;
        pairs
    }

    /// Takes out those of equal versions, and gives the rest.
    fn equal(mut self, pairs: &mut Vec<(&'c Component, &'c Component)>) -> Self {
        let by_version = |one: &&Component| (version(one), one.place.row);
        self.old.sort_by_cached_key(by_version);
        self.new.sort_by_cached_key(by_version);
        let mut rest = Self { old: Vec::new(), new: Vec::new() };
        let mut new = self.new.into_iter().peekable();
        for old in self.old {
            let known = version(old);
            while let Some(before) = new.next_if(|one| version(one) < known) {
                rest.new.push(before);
            }
            match new.next_if(|one| version(one) == known) {
                Some(same) => pairs.push((old, same)),
                None => rest.old.push(old),
            }
        }
        rest.new.extend(new);
        rest
    }
}

/// What changed of a component; none where nothing did.
fn change<'c>(old: &'c Component, new: &'c Component) -> Option<Change<'c>> {
    let (before, after) = (version(old), version(new));
    let turn = (before != after).then(|| turn(old, new, before.as_deref(), after.as_deref()));
    let is_licence_changed = licences(old) != licences(new);
    (turn.is_some() || is_licence_changed).then_some(Change { old, new, turn, is_licence_changed })
}

fn turn(old: &Component, new: &Component, before: Option<&str>, after: Option<&str>) -> Turn {
    let scheme = scheme(new).or_else(|| scheme(old)).unwrap_or(Scheme::Generic);
    let order = before.zip(after).and_then(|(before, after)| scheme.compare(before, after));
    match order {
        Some(Ordering::Less) => Turn::Up,
        Some(Ordering::Greater) => Turn::Down,
        Some(Ordering::Equal) | None => Turn::Other,
    }
}

/// How the versions of a component are ordered: by the type of its package, else by its maker's own rules.
fn scheme(component: &Component) -> Option<Scheme> {
    let of_type = component.purls.iter().find_map(|text| Purl::read_leniently(text).ok()?.scheme());
    let of_maker = || {
        let names = component.cpes.iter().filter_map(|text| text.parse::<Cpe>().ok());
        names.into_iter().find_map(|name| scheme_of_maker(&name))
    };
    of_type.or_else(of_maker)
}

/// The version: its own, else the one of its package URL.
fn version(component: &Component) -> Option<String> {
    let own = component.version.as_deref().map(str::trim).filter(|version| !version.is_empty());
    let of_purl = || {
        let purl = component.purls.iter().find_map(|text| Purl::read_leniently(text).ok())?;
        purl.version().map(str::to_owned)
    };
    own.map(str::to_owned).or_else(of_purl)
}

/// The package, whatever the version and the qualifiers: `npm/@angular/core`.
fn package(component: &Component) -> Option<String> {
    let purl = component.purls.iter().find_map(|text| Purl::read_leniently(text).ok())?;
    let subpath = purl.subpath().unwrap_or_default();
    let namespace = purl.namespace().unwrap_or_default();
    Some(format!("{}/{namespace}/{}#{subpath}", purl.kind(), purl.name()))
}

fn licences(component: &Component) -> Vec<&str> {
    let mut licences: Vec<&str> = component.licences.iter().map(String::as_str).collect();
    licences.sort_unstable();
    licences.dedup();
    licences
}
