//! Medical advisories of CISA: what they call affected is found affected, what lies beyond is not, and what cannot be compared is open.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Products of which a text without a dotted number is still read as one: the number it begins with, of which the version asked about,
/// 77.7, lies on the other side. Each may be read so, or as a model number.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("Battery pack SP with WiFi", "`<= 028U000061`: release 28 of a maker's own numbering"),
    ("SpaceStation with SpaceCom module (integrated as part number 8713142U)", "`< 012U000040`"),
    (
        "SpaceStation (part number 8713140U) with installed SpaceCom module (part number 8713160U)",
        "`< 012U000040`",
    ),
    ("GE Carestation", "`620 | 650 | 650c`: models, with too few digits to be told from versions"),
    ("Interoperability Solution XDS", "`>= 2018-1 | <= 2021-1`: years, beside `>= 2.5 | <= 3.11`"),
];

/// A product of a tree: the names of its branches.
#[derive(Debug, Clone, Default)]
struct Named {
    vendor: Option<String>,
    product: Option<String>,
    version: Option<String>,
    range: Option<String>,
}

fn walk(branches: &Value, above: &Named, all: &mut BTreeMap<String, Named>) {
    for branch in branches.as_array().into_iter().flatten() {
        let mut named = above.clone();
        let name = branch["name"].as_str().map(str::to_owned);
        match branch["category"].as_str().unwrap() {
            "vendor" => named.vendor = name,
            "product_name" => named.product = name,
            "product_version" => named.version = name,
            "product_version_range" => named.range = name,
            other => panic!("{other}"),
        }
        if let Some(id) = branch.pointer("/product/product_id").and_then(Value::as_str) {
            all.insert(id.to_owned(), named.clone());
        }
        walk(&branch["branches"], &named, all);
    }
}

/// What a range as these documents write it holds: `vers:all/*`, or bounds with pipes between them, each an operator and a version.
fn range(named: &Named) -> Option<Range> {
    if let Some(version) = &named.version {
        if version == "vers:all/*" {
            return Some(Range::default());
        }
        dotted(version)?;
        let one = Some((version.clone(), true));
        return Some(Range { from: one.clone(), to: one });
    }
    let text = named.range.as_deref()?;
    if text == "vers:all/*" {
        return Some(Range::default());
    }
    let mut range = Range::default();
    for bound in text.split('|').map(str::trim) {
        let version = bound.trim_start_matches(['<', '>', '=']);
        let operator = bound.strip_suffix(version)?;
        let end = Some((version.trim().to_owned(), operator.ends_with('=')));
        dotted(version.trim())?;
        match operator {
            "<" | "<=" if range.to.is_none() => range.to = end,
            ">" | ">=" if range.from.is_none() => range.from = end,
            _ => return None,
        }
    }
    Some(range)
}

/// Whether nothing in what is said of versions is a dotted number with whatever letters behind it, nor a number as versions are: of
/// three digits and less. Four digits alone (`3120`) are a model.
fn is_without_number(named: &Named) -> bool {
    let model = |text: &String| text.len() > 3 && dotted(text).is_some() && !text.contains('.');
    if range(named).is_some() {
        return named.version.as_ref().is_some_and(model);
    }
    let text = named.version.as_ref().or(named.range.as_ref()).unwrap();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '.');
    let is_number = |word: &str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && word[digits..].starts_with('.')
    };
    !words.any(is_number)
}

/// What was asked of the documents.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    affected: usize,
    unaffected: usize,
    /// Texts without any dotted number, such as model numbers: found or open, never in silence not affected.
    open: usize,
    /// Versions that lie outside all that is told by numbers, where something is told by numbers and letters besides.
    left_out: usize,
    /// Products that are affected in all versions, asked about without one.
    unversioned: usize,
    /// Of those named in [`EXCEPTIONS`].
    exceptions: usize,
    wrong: Vec<String>,
}

fn check(path: &Path) -> Asked {
    let feed = Feed::read(path);
    let mut asked = Asked::default();
    feed.ask(|judge| {
        for document in &feed.records {
            let mut products = BTreeMap::new();
            walk(&document["product_tree"]["branches"], &Named::default(), &mut products);
            let name = document.pointer("/document/tracking/id").and_then(Value::as_str).unwrap();
            for vulnerability in document["vulnerabilities"].as_array().unwrap() {
                let id = vulnerability["cve"].as_str().unwrap();
                let ids = vulnerability["product_status"]["known_affected"].as_array().unwrap();
                let mut by_name: BTreeMap<_, Vec<&Named>> = BTreeMap::new();
                for id in ids {
                    let named = &products[id.as_str().unwrap()];
                    by_name.entry((&named.vendor, &named.product)).or_default().push(named);
                }
                for own in by_name.into_values() {
                    check_product(judge, (name, id), &own, &mut asked);
                }
            }
        }
    });
    asked
}

fn check_product(
    judge: &Judge<'_, '_>,
    (document, id): (&str, &str),
    own: &[&Named],
    asked: &mut Asked,
) {
    let ours = Product {
        name: own[0].product.clone(),
        supplier: own[0].vendor.clone(),
        ..Product::default()
    };
    let ranges: Vec<Option<Range>> = own.iter().map(|named| range(named)).collect();
    if own.iter().any(|named| range(named).is_some_and(|range| range.is_all())) {
        asked.unversioned += 1;
        if !is_affected(judge, &ours, id) {
            asked.wrong.push(format!("{document} {id} {:?} without a version", ours.name));
        }
    }
    let mut probes: BTreeSet<String> = ranges.iter().flatten().flat_map(Range::probes).collect();
    probes.insert("77.7".to_owned());
    for version in probes {
        let number = dotted(&version).unwrap();
        let held = ranges.iter().map(|one| one.as_ref().and_then(|range| range.holds(&number)));
        let held: Vec<Option<bool>> = held.collect();
        let product = Product { version: Some(version.clone()), ..ours.clone() };
        let verdicts = judge.judge(&product).unwrap();
        let found = of(&verdicts, id).is_some_and(|one| one.affected.is_some());
        let open = verdicts.open.iter().any(|open| open.id == id);
        let right = if held.contains(&Some(true)) {
            asked.affected += 1;
            found
        } else if own.iter().any(|named| {
            is_without_number(named) && (range(named).is_none() || version.contains('.'))
        }) {
            asked.open += 1;
            found || open
        } else if held.contains(&None) {
            asked.left_out += 1;
            true
        } else {
            asked.unaffected += 1;
            !found && !open
        };
        let is_known = EXCEPTIONS.iter().any(|(name, _)| ours.name.as_deref() == Some(*name));
        asked.exceptions += usize::from(!right && is_known);
        if !right && !is_known {
            let said: Vec<_> = own.iter().map(|one| (&one.version, &one.range)).collect();
            asked.wrong.push(format!(
                "{document} {id} {:?} {version}: found {found}, open {open}, of {said:?}",
                ours.name
            ));
        }
    }
}

#[test]
fn medical_advisories_mean_the_versions_they_name() {
    let expected = Asked {
        affected: 888,
        unaffected: 522,
        open: 255,
        left_out: 176,
        unversioned: 471,
        exceptions: 11,
        wrong: Vec::new(),
    };
    assert_eq!(check(&sample("csaf/cisa-icsma.jsonl.gz")), expected);
}
