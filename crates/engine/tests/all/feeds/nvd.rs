//! The NVD: every criterion of every configuration, at the ends of its range and around them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// A vulnerable criterion.
struct Criterion {
    /// The attributes of its name but for the version.
    attributes: Vec<String>,
    range: Range,
}

/// What was asked of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    affected: usize,
    unaffected: usize,
    /// Products of which a criterion is not only dotted numbers, or whose names need quoting.
    left_out: usize,
    wrong: Vec<String>,
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn range(criterion: &Value, version: &str) -> Option<Range> {
    let end = |including: &str, excluding: &str| {
        let included = text(criterion, including).map(|end| (end, true));
        included.or_else(|| text(criterion, excluding).map(|end| (end, false)))
    };
    let from = end("versionStartIncluding", "versionStartExcluding");
    let to = end("versionEndIncluding", "versionEndExcluding");
    let range = match (from, to, version) {
        (None, None, "*") => Range::default(),
        (None, None, "-") => return None,
        (None, None, one) => {
            let one = Some((one.to_owned(), true));
            Range { from: one.clone(), to: one }
        }
        (from, to, _) => Range { from, to },
    };
    range.holds(&[0]).map(|_| range)
}

/// The criteria of a record by part, vendor and product; none where one of them cannot be said by numbers.
fn criteria(record: &Value) -> BTreeMap<String, Option<Vec<Criterion>>> {
    let mut all: BTreeMap<String, Option<Vec<Criterion>>> = BTreeMap::new();
    let nodes = record["configurations"].as_array().into_iter().flatten();
    let nodes = nodes.flat_map(|one| one["nodes"].as_array().into_iter().flatten());
    for criterion in nodes.flat_map(|node| node["cpeMatch"].as_array().into_iter().flatten()) {
        if criterion["vulnerable"] != true {
            continue;
        }
        let name = criterion["criteria"].as_str().unwrap();
        let parts: Vec<String> = name.split(':').map(str::to_lowercase).collect();
        let key = parts[2..5].join(":");
        let own = all.entry(key).or_insert_with(|| Some(Vec::new()));
        // A name without exactly eleven attributes is none (NISTIR 7695 clause 6.2): grype keeps one with colons unquoted.
        let is_plain = parts.len() == 13 && !name.contains('\\');
        let said = range(criterion, &parts[5]).filter(|_| is_plain);
        match (said, own.as_mut()) {
            (Some(range), Some(own)) => {
                let attributes = parts[6..].to_vec();
                own.push(Criterion { attributes, range });
            }
            _ => *own = None,
        }
    }
    all
}

fn is_negated(record: &Value) -> bool {
    record.to_string().contains("\"negate\":true")
}

/// Whether a criterion means a product with these attributes, or may: any is "all" in a criterion and "unknown" in a product.
fn means(criterion: &Criterion, attributes: &[String]) -> bool {
    let mut pairs = criterion.attributes.iter().zip(attributes);
    pairs.all(|(asked, own)| asked == "*" || own == "*" || asked == own)
}

fn check(path: &Path) -> Asked {
    let feed = Feed::read(path);
    let page = feed.records.iter().flat_map(|one| match one["vulnerabilities"].as_array() {
        Some(list) => list.iter().map(|one| &one["cve"]).collect::<Vec<_>>(),
        None if one.get("cve").is_some() => vec![&one["cve"]],
        None => vec![one],
    });
    let mut asked = Asked::default();
    feed.ask(|judge| {
        for record in page.filter(|record| !is_negated(record)) {
            let id = record["id"].as_str().unwrap();
            for (key, criteria) in criteria(record) {
                match criteria {
                    Some(criteria) => check_product(judge, id, &key, &criteria, &mut asked),
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
    key: &str,
    criteria: &[Criterion],
    asked: &mut Asked,
) {
    let mut probes = BTreeSet::new();
    for one in criteria {
        probes.extend(one.range.probes().into_iter().map(|version| (version, &one.attributes)));
    }
    for (version, attributes) in probes {
        let number = dotted(&version).unwrap();
        let mut own = criteria.iter().filter(|one| means(one, attributes));
        let expected = own.any(|one| one.range.holds(&number).unwrap());
        let name = format!("cpe:2.3:{key}:{version}:{}", attributes.join(":"));
        let product = Product { cpes: vec![name.clone()], ..Product::default() };
        if is_affected(judge, &product, id) != expected {
            asked.wrong.push(format!("{id} {name}: {expected} was expected"));
        }
        *(if expected { &mut asked.affected } else { &mut asked.unaffected }) += 1;
    }
}

#[test]
fn criteria_of_the_nvd_hold_where_their_numbers_say() {
    let asked = check(&sample("nvd/configurations.jsonl.gz"));
    let expected = Asked { affected: 2695, unaffected: 2973, left_out: 594, wrong: Vec::new() };
    assert_eq!(asked, expected);
}

#[test]
fn criteria_of_all_records_hold_where_their_numbers_say() {
    let is_record = |name: &str| name.ends_with(".json") && !name.starts_with("cpe");
    for path in public("nvd2", |name| is_record(name) || name == "nvd-cpe-configurations.jsonl.gz")
    {
        assert_eq!(check(&path).wrong, [""; 0], "{}", path.display());
    }
}
