use serde_json::Value as Json;

use super::*;
use crate::version::Scheme;

macro_rules! cases {
    ($name:literal) => {
        serde_json::from_str::<Vec<Json>>(include_str!(concat!(
            "../../../../testdata/notation/cpe/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}

fn text<'a>(case: &'a Json, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key}: {case}"))
}

fn relation(case: &Json) -> Relation {
    match text(case, "relation") {
        "superset" => Relation::Superset,
        "equal" => Relation::Equal,
        "disjoint" => Relation::Disjoint,
        other => panic!("{other}"),
    }
}

fn cpe(text: &str) -> Cpe {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn attributes_compare_as_the_cases_of_nvdtools() {
    let cases = cases!("nvdtools-attribute-compare");
    assert_eq!(cases.len(), 13);
    for case in cases {
        let attribute = |key| Attribute::Value(Value(text(&case, key)));
        let got = attribute("source").relation(attribute("target"));
        assert_eq!(got, relation(&case), "{case}");
    }
}

#[test]
fn names_compare_as_the_cases_of_nvdtools() {
    for case in cases!("nvdtools-name-compare") {
        let (source, target) = (cpe(text(&case, "source")), cpe(text(&case, "target")));
        assert_eq!(source.relation(&target), relation(&case), "{case}");
    }
}

#[test]
fn names_are_unbound_as_the_cases_of_nvdtools() {
    let cases = [cases!("nvdtools-unbind-fsb"), cases!("nvdtools-unbind-uri")].concat();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let got = text(&case, "name").parse::<Cpe>();
        if case["fail"] == true {
            assert!(got.is_err(), "{case}");
            continue;
        }
        let got = got.unwrap();
        assert_eq!(got, cpe(text(&case, "wfn")), "{case}");
        for form in [got.to_string(), got.to_wfn(), got.to_uri()] {
            assert_eq!(cpe(&form), got, "{case}");
        }
    }
}

fn criteria(entry: &Json) -> Criteria {
    let bound = |including: &str, excluding: &str| {
        let text = |key: &str| entry[key].as_str().map(str::to_owned);
        text(including).map(Bound::Including).or_else(|| text(excluding).map(Bound::Excluding))
    };
    Criteria {
        name: cpe(text(entry, "criteria")),
        start: bound("versionStartIncluding", "versionStartExcluding"),
        end: bound("versionEndIncluding", "versionEndExcluding"),
    }
}

#[test]
fn match_criteria_cover_the_names_that_the_nvd_lists_and_no_others() {
    let entries = cases!("nvd-match-criteria");
    assert_eq!(entries.len(), 11);
    let mut listed = 0;
    for entry in &entries {
        let criteria = criteria(entry);
        for other in &entries {
            let same = criteria.name == cpe(text(other, "criteria"));
            for name in other["matches"].as_array().unwrap() {
                listed += usize::from(std::ptr::eq(entry, other));
                for scheme in [Scheme::Loose, Scheme::Generic] {
                    let covered = criteria.covers(&cpe(name.as_str().unwrap()), scheme);
                    assert_eq!(covered, Some(same), "{entry} {name}");
                }
            }
        }
    }
    assert_eq!(listed, 237);
}

#[test]
fn a_range_holds_what_lies_between_its_ends() {
    let range = Criteria {
        name: cpe("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*"),
        start: Some(Bound::Including("7.2.0".into())),
        end: Some(Bound::Excluding("7.2.6".into())),
    };
    let covers = |text: &str| range.covers(&cpe(text), Scheme::FortiOs);
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:7.2.0:*:*:*:*:*:*:*"), Some(true));
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:7.2.6:*:*:*:*:*:*:*"), Some(false));
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:7.0.9:*:*:*:*:*:*:*"), Some(false));
    assert_eq!(covers("cpe:2.3:o:fortinet:fortiproxy:7.2.0:*:*:*:*:*:*:*"), Some(false));
    // Which version, nobody says; and this one is no version.
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*"), None);
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:-:*:*:*:*:*:*:*"), None);
    assert_eq!(covers("cpe:2.3:o:fortinet:fortios:new:*:*:*:*:*:*:*"), None);
}

#[test]
fn the_ends_of_a_range_may_be_quoted_as_names_are() {
    let range = Criteria {
        name: cpe("cpe:2.3:o:cisco:ios:*:*:*:*:*:*:*:*"),
        start: Some(Bound::Including("15.2\\(2\\)e".into())),
        end: Some(Bound::Excluding("15.2\\(7\\)e3".into())),
    };
    let covers = |text: &str| range.covers(&cpe(text), Scheme::CiscoIos);
    assert_eq!(covers("cpe:2.3:o:cisco:ios:15.2\\(7\\)e2:*:*:*:*:*:*:*"), Some(true));
    assert_eq!(covers("cpe:2.3:o:cisco:ios:15.2\\(7\\)e3:*:*:*:*:*:*:*"), Some(false));
    assert_eq!(covers("cpe:2.3:o:cisco:ios:15.1\\(4\\)m12a:*:*:*:*:*:*:*"), None);
}

#[test]
fn what_a_product_does_not_say_is_not_judged() {
    let name = cpe("cpe:2.3:a:vendor:plugin:1.0:*:*:*:*:wordpress:*:*");
    let criteria = Criteria { name, start: None, end: None };
    let covers = |text: &str| criteria.covers(&cpe(text), Scheme::Generic);
    assert_eq!(covers("cpe:2.3:a:vendor:plugin:1.0:*:*:*:*:wordpress:*:*"), Some(true));
    assert_eq!(covers("cpe:2.3:a:vendor:plugin:1.0:*:*:*:*:*:*:*"), None);
    assert_eq!(covers("cpe:2.3:a:vendor:plugin:1.0:*:*:*:*:drupal:*:*"), Some(false));
    assert_eq!(covers("cpe:2.3:a:vendor:plugin:1.1:*:*:*:*:*:*:*"), Some(false));
}

/// NISTIR 7696 table 6-2: source, target, relation.
const TABLE: &[(&str, &str, Relation)] = &[
    ("*", "*", Relation::Equal),
    ("*", "-", Relation::Superset),
    ("*", "i", Relation::Superset),
    ("*", "m*", Relation::Undefined),
    ("-", "*", Relation::Subset),
    ("-", "-", Relation::Equal),
    ("-", "i", Relation::Disjoint),
    ("-", "m*", Relation::Undefined),
    ("i", "*", Relation::Subset),
    ("i", "-", Relation::Disjoint),
    ("i", "i", Relation::Equal),
    ("i", "k", Relation::Disjoint),
    ("i", "m*", Relation::Undefined),
    ("m*", "*", Relation::Subset),
    ("m*", "-", Relation::Disjoint),
    ("m*", "mi", Relation::Superset),
    ("m*", "k", Relation::Disjoint),
    ("m*", "*m", Relation::Undefined),
];

#[test]
fn the_table_of_relations_is_the_specifications() {
    let of_update = |update: &str| cpe(&format!("cpe:2.3:a:v:p:1:{update}:*:*:*:*:*:*"));
    for (source, target, expected) in TABLE {
        let got = of_update(source).relation(&of_update(target));
        assert_eq!(got, *expected, "{source} {target}");
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    for (text, expected) in [
        ("", CpeError::NoPrefix),
        ("cpe:2.2:a:b", CpeError::NoPrefix),
        ("cpe:2.3:a:b:c:1", CpeError::Count),
        ("cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*", CpeError::Count),
        ("cpe:2.3:x:b:c:1:*:*:*:*:*:*:*", CpeError::Part),
        ("cpe:2.3:a:b:c:1*2:*:*:*:*:*:*:*", CpeError::Wildcard),
        ("cpe:2.3:a:b::1:*:*:*:*:*:*:*", CpeError::Empty),
        ("cpe:2.3:a:b:c:1:*:*:*:*:*:*:\\", CpeError::Quoting),
        ("cpe:2.3:a:b:c\\ d:1:*:*:*:*:*:*:*", CpeError::Letter),
        ("cpe:/a:b:c%zz", CpeError::Quoting),
        ("cpe:/a:b:c%00", CpeError::Quoting),
        ("cpe:/a:b:c:1:2:~a~b", CpeError::Count),
        ("wfn:[part=\"a\",part=\"a\"]", CpeError::Key),
        ("wfn:[colour=\"a\"]", CpeError::Key),
        ("wfn:[part=\"a]", CpeError::Quoting),
    ] {
        assert_eq!(text.parse::<Cpe>(), Err(expected), "{text}");
    }
}

#[test]
fn a_plain_text_stands_for_itself() {
    let name = Cpe::default().with_plain(Key::Vendor, "O'Reilly & Co");
    let name = name.and_then(|name| name.with_plain(Key::Version, "1.0*"));
    let name = name.and_then(|name| name.with_plain(Key::Update, "-")).unwrap();
    assert_eq!(name.to_string(), "cpe:2.3:*:o\\'reilly_\\&_co:*:1.0\\*:\\-:*:*:*:*:*:*");
    assert_eq!(cpe(&name.to_string()), name);
    assert_eq!(name.get(Key::Version).value().unwrap().plain(), "1.0*");
    let without = name.with(Key::Vendor, Attribute::Na).unwrap();
    assert_eq!(without.get(Key::Vendor), Attribute::Na);
    assert_eq!(name.with_plain(Key::Part, "x"), Err(CpeError::Part));
    assert_eq!(name.with_plain(Key::Other, &"x".repeat(MAX_LENGTH + 1)), Err(CpeError::TooLong));
}

#[test]
fn any_bytes_are_survived() {
    for case in [cases!("nvdtools-unbind-fsb"), cases!("nvdtools-unbind-uri")].concat() {
        fuzz(text(&case, "name").as_bytes());
    }
    fuzz(b"cpe:/\ncpe:2.3:\\\ncpe:/a:%01%02\nwfn:[\ncpe:2.3:*:??:\\:*:*:*:*:*:*:*:*\n\xff");
    fuzz("cpe:2.3:a:İ:ß\u{301}:1:*:*:*:*:*:*:*\ncpe:/a:漢字:-".as_bytes());
}
