//! What the demo hospital's own vulnerability data says of its devices.

use std::collections::BTreeSet;

use super::answers::of_all;
use super::{DEMO_DATE, Hospital, act};

/// The answer's numbers of vulnerabilities: `VPN-01 FortiOS 7.0.5: CVE-2022-40684, …; SSL-VPN on; …`.
fn counted() -> (String, BTreeSet<String>) {
    let answer = of_all("outside gate with known exploited holes");
    let [said] = &answer.as_array().unwrap()[..] else { panic!("{answer}") };
    let said = said.as_str().unwrap();
    let device = said.split(' ').next().unwrap().to_owned();
    let words = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let numbers = words.filter(|word| word.starts_with("CVE-")).map(str::to_owned);
    (device, numbers.collect())
}

#[test]
fn the_gate_has_the_exploited_holes_that_were_counted() {
    let hospital = Hospital::demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    let found = hospital.found();
    let (device, numbers) = counted();
    assert_eq!(numbers.len(), 3);
    let finding = hospital.finding("VUL001", &device).unwrap();
    assert_eq!(finding.key, "VUL001/product:fortios 7.0.5");
    assert_eq!(finding.severity, "urgent");
    let words = finding.reason.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let told = words.filter(|word| word.starts_with("CVE-")).map(str::to_owned);
    assert_eq!(told.collect::<BTreeSet<String>>(), numbers);
    // The data is three records of one product, and a year old: nothing else can be judged, and both is said.
    let keys = found.iter().filter(|finding| finding.rule.starts_with("VUL"));
    let keys: BTreeSet<&str> = keys.map(|finding| finding.key.as_str()).collect();
    let all =
        ["VUL001/product:fortios 7.0.5", "VUL004/source:feeds/unjudged", "VUL006/source:feeds"];
    assert_eq!(keys, BTreeSet::from(all));
}

#[test]
fn the_second_gate_runs_a_release_in_which_they_are_mended() {
    let hospital = Hospital::demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    let book = hospital.app.weaknesses(DEMO_DATE).unwrap();
    let products = book.products(hospital.app.catalogue());
    let mended = products.iter().find(|product| product.name == "FortiOS 7.4.8").unwrap();
    assert_eq!((mended.exploited, mended.critical, mended.other), (0, 0, 0));
    assert!(mended.unjudged.is_some(), "three records are no whole list: {mended:?}");
}
