//! Proposals and comparisons, as tables.

use domain::{Component, Place};

use super::*;

/// A component of this package URL or name, in this version.
fn part(number: u32, name: &str, version: &str) -> Component {
    let mut part = Component::new(Place::line(number), name);
    if name.starts_with("pkg:") {
        part.purls = vec![name.to_owned()];
        name.rsplit('/').next().unwrap_or(name).clone_into(&mut part.name);
    }
    part.version = Some(version.to_owned()).filter(|version| !version.is_empty());
    part
}

fn parts(all: &[(&str, &str)]) -> Vec<Component> {
    (1..).zip(all).map(|(number, (name, version))| part(number, name, version)).collect()
}

/// What changed, each as a line.
fn told(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    let (old, new) = (parts(old), parts(new));
    let comparison = compare(&old, &new);
    let line = |sign: &str, one: &Component| {
        format!("{sign}{} {}", one.name, one.version.as_deref().unwrap_or_default())
    };
    let mut told: Vec<String> = comparison.added.iter().map(|one| line("+", one)).collect();
    told.extend(comparison.removed.iter().map(|one| line("-", one)));
    for change in &comparison.changed {
        let turn = change.turn.map_or("licence", Turn::key);
        let before = change.old.version.as_deref().unwrap_or_default();
        told.push(format!("{turn} {} {before}", line("", change.new)));
    }
    let sides = comparison.added.len() + comparison.changed.len() + comparison.same;
    assert_eq!(sides, new.len(), "every component of the new list is told once");
    let sides = comparison.removed.len() + comparison.changed.len() + comparison.same;
    assert_eq!(sides, old.len(), "every component of the old list is told once");
    told
}

#[test]
fn versions_go_up_and_down_by_the_order_of_their_own_world() {
    for (package, old, new, expected) in [
        ("pkg:npm/lodash", "4.17.9", "4.17.21", "up"),
        ("pkg:npm/lodash", "4.17.21", "4.17.9", "down"),
        ("pkg:pypi/django", "4.2rc1", "4.2", "up"),
        ("pkg:deb/debian/openssl", "1.1.1n-0+deb11u5", "1.1.1w-0+deb11u1", "up"),
        ("pkg:deb/debian/bash", "1:5.0", "5.1", "down"),
        ("pkg:maven/org.x/y", "1.0-SNAPSHOT", "1.0", "up"),
        ("zlib", "1.2.9", "1.2.11", "up"),
        ("firmware", "Rev. A", "Rev. B", "other"),
        ("zlib", "", "1.2.11", "other"),
    ] {
        let name = package.rsplit('/').next().unwrap();
        let lines = told(&[(package, old)], &[(package, new)]);
        assert_eq!(lines, [format!("{expected} {name} {new} {old}")], "{package}");
    }
}

#[test]
fn a_maker_with_an_order_of_its_own_is_ordered_by_it() {
    let [mut old, mut new] = ["1.1.1k", "1.1.1w"].map(|version| part(1, "openssl", version));
    for one in [&mut old, &mut new] {
        let version = one.version.clone().unwrap();
        one.cpes = vec![format!("cpe:2.3:a:openssl:openssl:{version}:*:*:*:*:*:*:*")];
    }
    let (old, new) = ([old], [new]);
    assert_eq!(compare(&old, &new).changed[0].turn, Some(Turn::Up));
    assert_eq!(compare(&new, &old).changed[0].turn, Some(Turn::Down));
}

#[test]
fn components_are_laid_beside_each_other_by_package_then_by_name() {
    assert_eq!(told(&[("a", "1")], &[("a", "1")]), [""; 0]);
    assert_eq!(told(&[("a", "1")], &[("b", "1")]), ["+b 1", "-a 1"]);
    // A list that began to write package URLs is the same list.
    assert_eq!(
        told(&[("Lodash", "4.0.0")], &[("pkg:npm/lodash", "4.1.0")]),
        ["up lodash 4.1.0 4.0.0"]
    );
    // Two packages of one name are two.
    assert_eq!(
        told(&[("pkg:npm/x", "1.0.0")], &[("pkg:npm/x", "1.0.0"), ("pkg:pypi/x", "2.0")]),
        ["+x 2.0"]
    );
    // One of two is newer.
    assert_eq!(
        told(
            &[("pkg:npm/x", "1.0.0"), ("pkg:npm/x", "2.0.0")],
            &[("pkg:npm/x", "2.0.0"), ("pkg:npm/x", "1.0.1")]
        ),
        ["up x 1.0.1 1.0.0"]
    );
    // Where there is a choice, nobody makes it.
    assert_eq!(
        told(
            &[("pkg:npm/x", "1.0.0"), ("pkg:npm/x", "2.0.0")],
            &[("pkg:npm/x", "3.0.0"), ("pkg:npm/x", "4.0.0")]
        ),
        ["+x 3.0.0", "+x 4.0.0", "-x 1.0.0", "-x 2.0.0"]
    );
}

#[test]
fn another_licence_is_a_change() {
    let mut new = parts(&[("a", "1")]);
    let old = new.clone();
    new[0].licences = vec!["GPL-3.0-only".into(), "MIT".into()];
    let comparison = compare(&old, &new);
    let change = &comparison.changed[0];
    assert_eq!((change.turn, change.is_licence_changed, comparison.same), (None, true, 0));
    let mut turned = new.clone();
    turned[0].licences.reverse();
    assert_eq!(compare(&new, &turned).same, 1, "their order says nothing");
}

fn owned(family: &str, name: &str) -> Owned {
    Owned {
        before: Vec::new(),
        family: family.to_owned(),
        name: name.to_owned(),
        versions: Vec::new(),
        cpes: Vec::new(),
        purl: None,
        devices: 1,
    }
}

#[test]
fn a_product_is_proposed_for_what_it_has_in_common_with_the_list() {
    let mut forti = owned("fortios", "FortiOS");
    forti.cpes = vec!["cpe:2.3:o:fortinet:fortios:7.0.5:*:*:*:*:*:*:*".parse().unwrap()];
    let mut redis = owned("redis", "Redis");
    redis.purl = "pkg:docker/redis@7.2".parse().ok();
    let own = [
        forti,
        redis,
        owned("日本光電bsm-6000 ?", "日本光電 BSM-6000"),
        owned("ビュ-アpro ?", "ビューア Pro"),
        owned("os", "OS"),
    ];
    let proposed = |name: &str, supplier: &str, cpe: &str, purl: &str| -> Vec<(String, String)> {
        let mut subject = part(0, name, "2.0");
        subject.supplier = Some(supplier.to_owned()).filter(|text| !text.is_empty());
        subject.cpes = Some(cpe.to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
        subject.purls = Some(purl.to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
        let found = propose(&subject, &own).into_iter();
        found.map(|one| (one.owned.name.clone(), one.reason.key.to_string())).collect()
    };
    let one = |name: &str, key: &str| vec![(name.to_owned(), key.to_owned())];
    let cpe = "cpe:2.3:o:fortinet:fortios:7.4.1:*:*:*:*:*:*:*";
    assert_eq!(proposed("gate", "", cpe, ""), one("FortiOS", "parts.like_cpe"));
    assert_eq!(proposed("db", "", "", "pkg:docker/redis@6"), one("Redis", "parts.like_purl"));
    assert_eq!(proposed("ﾋﾞｭｰｱ PRO", "", "", ""), one("ビューア Pro", "parts.like_name"));
    let monitor = "日本光電 BSM-6000";
    assert_eq!(proposed("BSM-6000", "日本光電", "", ""), one(monitor, "parts.like_name"));
    assert_eq!(proposed("BSM-6000", "", "", ""), one(monitor, "parts.like_part"));
    assert_eq!(proposed("BSM-6000 Series", "", "", ""), []);
    assert_eq!(proposed("macOS", "", "", ""), [], "two letters are no likeness");
    assert_eq!(proposed("", "", "", ""), []);
}

#[test]
fn releases_are_the_same_however_their_number_is_introduced() {
    for (one, other, expected) in [
        ("2.0", "2.0", true),
        ("V2.0", "ver. 2.0", true),
        ("バージョン2.0", "２．０", true),
        ("2.0", "2.1", false),
        ("2.0", "2.0.1", false),
        ("viewer", "iewer", false),
        ("", "", false),
    ] {
        assert_eq!(is_same_release(one, other), expected, "{one} {other}");
    }
}
