//! What refers to what: references that lead nowhere, names given twice, needs that go round in a circle.

use std::collections::{HashMap, HashSet};

use domain::{Component, Needs, PartsList, Place, msg};

use super::told::Told;
use crate::text::excerpt;

/// The components of a list by the document's own name for them.
pub(super) struct Index<'l> {
    by_reference: HashMap<&'l str, &'l Component>,
}

impl<'l> Index<'l> {
    /// Of all components and the subject; a name that stands twice is told (ECMA-424, `bom-ref`: unique within the document).
    pub(super) fn of(list: &'l PartsList, told: &mut Told) -> Self {
        let mut by_reference: HashMap<&str, &Component> =
            HashMap::with_capacity(list.components.len() + 1);
        for component in list.subject.iter().chain(&list.components) {
            let Some(reference) = component.reference.as_deref() else { continue };
            if by_reference.contains_key(reference) {
                told.stand(component.place.clone());
                told.say(msg!("parts.fault_twice", text = excerpt(reference)));
            } else {
                by_reference.insert(reference, component);
            }
        }
        Self { by_reference }
    }

    /// The component of that name.
    pub(super) fn get(&self, reference: &str) -> Option<&'l Component> {
        self.by_reference.get(reference).copied()
    }
}

/// Tells of needs that name nothing of the document.
pub(super) fn tell_missing(
    needs: &[Needs],
    index: &Index<'_>,
    others: &HashSet<String>,
    told: &mut Told,
) {
    told.stand(Place::DOCUMENT);
    let mut missing: HashSet<&str> = HashSet::new();
    for need in needs {
        for reference in std::iter::once(&need.reference).chain(&need.on) {
            let known = index.get(reference).is_some() || others.contains(reference);
            if !known && missing.insert(reference) {
                told.say(msg!("parts.reference_unknown", text = excerpt(reference)));
            }
        }
    }
}

/// Tells of needs that go round.
pub(super) fn tell_circles(needs: &[Needs], told: &mut Told) {
    told.stand(Place::DOCUMENT);
    for reference in circles(needs) {
        told.say(msg!("parts.circle", text = excerpt(reference)));
    }
}

/// Where walking along needs comes back to where it went through: one name for each way back.
fn circles(needs: &[Needs]) -> Vec<&str> {
    let mut on: HashMap<&str, Vec<&str>> = HashMap::new();
    for need in needs {
        on.entry(&need.reference).or_default().extend(need.on.iter().map(String::as_str));
    }
    // Whether a name is on the way (`true`) or done with.
    let mut state: HashMap<&str, bool> = HashMap::new();
    let mut found = Vec::new();
    for need in needs {
        if state.contains_key(need.reference.as_str()) {
            continue;
        }
        let mut way: Vec<(&str, usize)> = vec![(&need.reference, 0)];
        state.insert(&need.reference, true);
        while let Some((name, at)) = way.last_mut() {
            let next = on.get(name).and_then(|next| next.get(*at)).copied();
            *at += 1;
            match next {
                None => {
                    state.insert(name, false);
                    way.pop();
                }
                Some(next) => match state.get(next) {
                    Some(true) => found.push(next),
                    Some(false) => {}
                    None => {
                        state.insert(next, true);
                        way.push((next, 0));
                    }
                },
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(all: &[(&str, &[&str])]) -> Vec<Needs> {
        let one = |(reference, on): &(&str, &[&str])| Needs {
            reference: (*reference).to_owned(),
            on: on.iter().map(|name| (*name).to_owned()).collect(),
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn a_circle_is_found_once_and_a_diamond_is_none() {
        assert_eq!(circles(&needs(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"])])), ["a"]);
        assert_eq!(circles(&needs(&[("a", &["a"])])), ["a"]);
        let diamond = needs(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"])]);
        assert!(circles(&diamond).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let chain: Vec<Needs> = (0..50_000)
            .map(|n| Needs { reference: n.to_string(), on: vec![(n + 1).to_string()] })
            .collect();
        assert!(circles(&chain).is_empty());
    }
}
