//! Records of the CVE programme: every product whose versions are dotted numbers, at the ends of its ranges and around them.

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::{FeedKind, VexStatus};

use super::*;

/// What was asked of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    affected: usize,
    unaffected: usize,
    /// Products named twice in a container, without a name, or with versions that are not only dotted numbers.
    left_out: usize,
    wrong: Vec<String>,
}

/// An entry of `versions`: the range it speaks of, and whether that is affected.
struct Entry {
    range: Range,
    affected: bool,
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// CVE Record Format 5.1, `affected[].versions[]`: a version alone, or a range from it on; zero and a star have no end.
fn entry(one: &Value) -> Option<Entry> {
    if one.get("changes").is_some() || text(one, "versionType") == Some("git") {
        return None;
    }
    let affected = match text(one, "status")? {
        "affected" => true,
        "unaffected" => false,
        _ => return None,
    };
    let version = text(one, "version")?;
    let to = text(one, "lessThan").map(|end| (end, false));
    let to = to.or_else(|| text(one, "lessThanOrEqual").map(|end| (end, true)));
    // A zero alone is no version: some write it for all, and it is read as one that is open.
    if to.is_none() && version == "0" {
        return None;
    }
    let range = match to {
        None if version == "*" => Range::default(),
        None => Range { from: Some((version.into(), true)), to: Some((version.into(), true)) },
        Some((end, included)) => Range {
            from: (version != "*").then(|| (version.into(), true)),
            to: (end != "*").then(|| (end.into(), included)),
        },
    };
    range.holds(&[0]).map(|_| Entry { range, affected })
}

/// A product of a container: vendor, name, entries, and whether all other versions are affected.
type Named<'v> = (&'v str, &'v str, Vec<Entry>, bool);

/// The products of a container; none for those that it names twice, or that are more than numbers.
fn products(container: &Value) -> Vec<Option<Named<'_>>> {
    let mut by_name: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for one in container["affected"].as_array().into_iter().flatten() {
        let name = text(one, "product").unwrap_or_default().to_lowercase();
        by_name.entry(name).or_default().push(one);
    }
    by_name.into_values().map(|own| if let [one] = own[..] { named(one) } else { None }).collect()
}

fn named(one: &Value) -> Option<Named<'_>> {
    // What is not known is no word for or against.
    let others = text(one, "defaultStatus") == Some("affected");
    let versions = one["versions"].as_array().map_or(&[][..], Vec::as_slice);
    let entries = versions.iter().map(entry).collect::<Option<Vec<_>>>()?;
    let is_simple = !entries.is_empty() && one.get("platforms").is_none();
    is_simple.then_some((text(one, "vendor")?, text(one, "product")?, entries, others))
}

fn check(path: &Path) -> Asked {
    let feed = Feed::read(path);
    let mut asked = Asked::default();
    feed.ask(|judge| {
        for record in &feed.records {
            let Some(id) = record.pointer("/cveMetadata/cveId").and_then(Value::as_str) else {
                continue;
            };
            let containers = &record["containers"];
            for product in products(&containers["cna"]) {
                match product {
                    Some((vendor, name, entries, others)) => {
                        let ours = Product {
                            name: Some(name.to_owned()),
                            supplier: Some(vendor.to_owned()),
                            ..Product::default()
                        };
                        check_product(judge, id, ours, &entries, others, &mut asked);
                    }
                    None => asked.left_out += 1,
                }
            }
        }
    });
    asked
}

fn check_product(
    judge: &Judge<'_, '_>,
    id: &str,
    ours: Product,
    entries: &[Entry],
    others: bool,
    asked: &mut Asked,
) {
    let probes: BTreeSet<String> = entries.iter().flat_map(|one| one.range.probes()).collect();
    for version in probes {
        let number = dotted(&version).unwrap();
        let held = entries.iter().find(|one| one.range.holds(&number) == Some(true));
        let expected = held.map_or(others, |one| one.affected);
        let product = Product { version: Some(version.clone()), ..ours.clone() };
        let verdicts = judge.judge(&product).unwrap();
        let said = of(&verdicts, id).into_iter().flat_map(|one| &one.statements);
        let found = said
            .filter(|said| said.feed == FeedKind::Cve)
            .any(|said| said.status == VexStatus::Affected);
        if found != expected {
            let name = ours.name.as_deref().unwrap_or_default();
            asked.wrong.push(format!("{id} {name} {version}: {expected} was expected"));
        }
        *(if expected { &mut asked.affected } else { &mut asked.unaffected }) += 1;
    }
}

#[test]
fn versions_of_cve_records_hold_where_their_numbers_say() {
    let expected = Asked { affected: 1396, unaffected: 856, left_out: 1461, wrong: Vec::new() };
    assert_eq!(check(&sample("cve/vulnrichment.jsonl.gz")), expected);
}

#[test]
fn versions_of_all_cve_records_hold_where_their_numbers_say() {
    for path in public("cve5", |name| name.ends_with(".jsonl.gz")) {
        assert_eq!(check(&path).wrong, [""; 0], "{}", path.display());
    }
}
