//! Relationships of SPDX 2 (clause 11): who needs whom, who holds whom, what the document describes.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Needs, PartsList, Place, msg};

use super::DOCUMENT;
use crate::parts::told::Told;
use crate::text::excerpt;

/// What a relationship says of its two ends, turned so that it reads from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The left one needs the right one.
    Needs,
    /// The left one holds the right one.
    Holds,
    /// The left one, a document, is about the right one.
    Describes,
    /// Anything else: where it comes from, what it is like.
    Other,
}

/// A relationship between two elements of the document.
#[derive(Debug)]
pub(super) struct Relation {
    kind: Kind,
    left: String,
    right: String,
}

/// Words that say that the left one needs the right one (table 68).
const NEEDS: &[&str] = &["DEPENDS_ON", "DYNAMIC_LINK", "HAS_PREREQUISITE", "STATIC_LINK"];

/// The same from right to left.
const NEEDED: &[&str] = &[
    "BUILD_DEPENDENCY_OF",
    "DEPENDENCY_OF",
    "DEV_DEPENDENCY_OF",
    "OPTIONAL_DEPENDENCY_OF",
    "PREREQUISITE_FOR",
    "PROVIDED_DEPENDENCY_OF",
    "RUNTIME_DEPENDENCY_OF",
    "TEST_DEPENDENCY_OF",
];

/// Other words of the table.
const OTHERS: &[&str] = &[
    "AMENDS",
    "ANCESTOR_OF",
    "BUILD_TOOL_OF",
    "COPY_OF",
    "DATA_FILE_OF",
    "DEPENDENCY_MANIFEST_OF",
    "DESCENDANT_OF",
    "DEV_TOOL_OF",
    "DISTRIBUTION_ARTIFACT",
    "DOCUMENTATION_OF",
    "EXAMPLE_OF",
    "EXPANDED_FROM_ARCHIVE",
    "FILE_ADDED",
    "FILE_DELETED",
    "FILE_MODIFIED",
    "GENERATED_FROM",
    "GENERATES",
    "METAFILE_OF",
    "OPTIONAL_COMPONENT_OF",
    "OTHER",
    "PACKAGE_OF",
    "PATCH_APPLIED",
    "PATCH_FOR",
    "REQUIREMENT_DESCRIPTION_FOR",
    "SPECIFICATION_FOR",
    "TEST_CASE_OF",
    "TEST_OF",
    "TEST_TOOL_OF",
    "VARIANT_OF",
];

impl Relation {
    /// The relationship `from` `word` `to`.
    pub(super) fn of(from: &str, word: &str, to: &str, told: &mut Told) -> Self {
        let (kind, turned) = match word {
            "DESCRIBES" => (Kind::Describes, false),
            "DESCRIBED_BY" => (Kind::Describes, true),
            "CONTAINS" => (Kind::Holds, false),
            "CONTAINED_BY" => (Kind::Holds, true),
            word if NEEDS.contains(&word) => (Kind::Needs, false),
            word if NEEDED.contains(&word) => (Kind::Needs, true),
            word => {
                if !OTHERS.contains(&word) {
                    told.wrong_value("relationshipType", word);
                }
                (Kind::Other, false)
            }
        };
        let (left, right) = if turned { (to, from) } else { (from, to) };
        Self { kind, left: left.to_owned(), right: right.to_owned() }
    }
}

/// Puts what relationships say into the list. Ends that the document does not hold are told.
pub(super) fn apply(
    relations: &[Relation],
    list: &mut PartsList,
    described: &mut Vec<String>,
    others: &HashSet<String>,
    told: &mut Told,
) {
    told.stand(Place::DOCUMENT);
    let names = list.components.iter().enumerate();
    let packages: HashMap<String, usize> =
        names.filter_map(|(at, one)| Some((one.reference.clone()?, at))).collect();
    let mut needs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut missing: HashSet<&str> = HashSet::new();
    for Relation { kind, left, right } in relations {
        for end in [left, right] {
            let known = packages.contains_key(end) || others.contains(end) || is_elsewhere(end);
            if !known && missing.insert(end) {
                told.say(msg!("parts.reference_unknown", text = excerpt(end)));
            }
        }
        match kind {
            Kind::Describes if left == DOCUMENT => described.push(right.clone()),
            Kind::Needs | Kind::Holds if right == "NOASSERTION" || left == "NOASSERTION" => {
                list.incomplete = true;
            }
            Kind::Needs if left != "NONE" && right != "NONE" => {
                needs.entry(left).or_default().push(right.clone());
            }
            Kind::Holds if packages.contains_key(left) => {
                let held = packages.get(right).and_then(|at| list.components.get_mut(*at));
                if let Some(held) = held {
                    held.inside.get_or_insert_with(|| left.clone());
                }
            }
            _ => {}
        }
    }
    for name in described.iter() {
        let known = packages.contains_key(name) || others.contains(name) || is_elsewhere(name);
        if !known && !missing.contains(name.as_str()) {
            told.say(msg!("parts.reference_unknown", text = excerpt(name)));
        }
    }
    list.needs = needs
        .into_iter()
        .map(|(reference, on)| Needs { reference: reference.to_owned(), on })
        .collect();
}

/// Nothing, nothing that is said (11.1), or something of another document (6.6).
fn is_elsewhere(name: &str) -> bool {
    matches!(name, "NOASSERTION" | "NONE") || name.starts_with("DocumentRef-")
}
