//! Machines by their model numbers, held against the real advisories that give them.
//!
//! CISA's medical advisories of the sample give none; those on industrial control systems do, and Siemens' own.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use domain::advisory::Confidence;
use engine::advisories::judge::{Judge, Judged, Machine, Product};
use engine::advisories::serials::Serial;
use serde_json::Value;

use super::{Feed, of, public, sample};

fn machine(maker: &str, model: &str, version: Option<&str>) -> Product {
    let machine = Machine { maker: maker.to_owned(), model: model.to_owned(), serial: None };
    Product { machine: Some(machine), version: version.map(str::to_owned), ..Product::default() }
}

/// What comes of a vulnerability: how sure it is, with the reason; else why nothing can be said, or that nothing is.
fn told(judge: &Judge<'_, '_>, product: &Product, id: &str) -> String {
    let short = |key: &str| key.strip_prefix("advisories.").unwrap().to_owned();
    let verdicts = judge.judge(product).unwrap();
    if let Some(found) = of(&verdicts, id) {
        let sure = found.affected.map_or("not", Confidence::key);
        return format!("{sure} {}", short(&found.statements[0].reason.key));
    }
    match verdicts.judged {
        Judged::Not(reason) => short(&reason.key),
        Judged::Yes(_) => "none".to_owned(),
    }
}

#[test]
fn a_machine_is_affected_by_its_number_and_its_maker_together() {
    // SCALANCE S615 (6GK5615-0AA00-2AA2): >= V6.2 < V7.1, in ICSA-22-104-05.
    Feed::read(&sample("csaf/cisa-icsa.jsonl.gz")).ask(|judge| {
        let number = "6GK5615-0AA00-2AA2";
        for (maker, model, version, expected) in [
            ("Siemens", number, Some("7.0"), "exact model"),
            ("Siemens", number, Some("6.2"), "exact model"),
            ("SIEMENS AG", "6gk5615-0aa00-2aa2", Some("7.0"), "exact model"),
            ("シーメンス株式会社", number, Some("7.0"), "exact model"),
            // Two companies, of which a ledger writes one for the other; the number is the machine's own.
            ("シーメンスヘルスケア", number, Some("7.0"), "exact model"),
            ("Siemens Healthineers", number, Some("7.0"), "exact model"),
            ("Siemens", "SCALANCE S615 (6GK5615-0AA00-2AA2)", Some("7.0"), "exact model"),
            // Neither said to be affected nor known to be well: few advisories give numbers.
            ("Siemens", number, Some("7.1"), "name_only"),
            ("Siemens", number, Some("6.1"), "name_only"),
            ("Siemens", number, None, "no_version"),
            ("Siemens", "6GK5615-0AA00", Some("7.0"), "name_only"),
            ("Siemens", "6GK5615-0AA00-2AA3", Some("7.0"), "name_only"),
            ("Siemens", "S615", Some("7.0"), "no_identity"),
            ("Moxa", number, Some("7.0"), "name_only"),
            ("", number, Some("7.0"), "name_only"),
        ] {
            let product = machine(maker, model, version);
            let told = told(judge, &product, "CVE-2021-3449");
            assert_eq!(told, expected, "{maker} {model} {version:?}");
        }
        // SIMATIC ET200ecoPN, all versions, in ICSA-17-129-02: no version need be known.
        let product = machine("Siemens", "6ES7145-6HD00-0AB0", None);
        assert_eq!(told(judge, &product, "CVE-2017-2680"), "exact model");
        let knows = |maker: &str, model: &str| {
            judge.knows(machine(maker, model, None).machine.as_ref().unwrap()).unwrap()
        };
        assert!(knows("Siemens", number) && knows("Siemens AG", "ET200ecoPN 6ES7145-6HD00-0AB0"));
        assert!(!knows("Moxa", number) && !knows("Siemens", "6GK5615-0AA00-2AA3"));
    });
}

#[test]
fn of_a_document_that_names_units_the_unit_is_judged_by_its_own_number() {
    Feed::read(&sample("csaf/serial-numbers.json")).ask(|judge| {
        let of_model = machine("Example Pumps", "6RA8013-6GV62", None);
        let asked = judge.serials(&of_model).unwrap();
        assert_eq!(asked.iter().collect::<Vec<_>>(), ["AB12??", "CD3*", r"E\*7701", "ZZ26*"]);
        let asked: Arc<[String]> = asked.into_iter().collect();
        let unit = |number: &str| {
            let mut unit = of_model.clone();
            let serial = Some(Serial::new(Arc::clone(&asked), number));
            unit.machine.as_mut().unwrap().serial = serial;
            unit
        };
        for (number, expected) in [
            ("AB1234", "exact model"),
            ("ab1234", "exact model"),
            ("AB12345", "likely serial_begins"),
            ("AB123", "no_version"),
            ("CD3", "exact model"),
            ("CD399999", "exact model"),
            ("E*7701", "exact model"),
            ("EX7701", "no_version"),
            ("XY1234", "no_version"),
        ] {
            assert_eq!(told(judge, &unit(number), "CVE-2026-99001"), expected, "{number}");
        }
        assert_eq!(told(judge, &of_model, "CVE-2026-99001"), "likely serial_unknown");
        let other = machine("Another Maker", "6RA8013-6GV62", None);
        assert_eq!(judge.serials(&other).unwrap().len(), 0);
    });
}

/// Vendor, number, versions as written and product id of everything with a model number or a stock keeping unit.
fn walk(branches: &Value, above: [&str; 2], found: &mut Vec<[String; 4]>) {
    for branch in branches.as_array().into_iter().flatten() {
        let (category, name) = (branch["category"].as_str(), branch["name"].as_str().unwrap());
        let path = match category {
            Some("vendor") => [name, above[1]],
            Some("product_version" | "product_version_range") => [above[0], name],
            _ => above,
        };
        let product = &branch["product"];
        let helper = &product["product_identification_helper"];
        for kind in ["model_numbers", "skus"] {
            for number in helper[kind].as_array().into_iter().flatten() {
                let id = product["product_id"].as_str().unwrap();
                let all = [path[0], number.as_str().unwrap(), path[1], id];
                found.push(all.map(str::to_owned));
            }
        }
        walk(&branch["branches"], path, found);
    }
}

/// How many machines were affected in all versions, and in some; and what was wrong.
fn check(path: &Path) -> (usize, usize, Vec<String>) {
    let feed = Feed::read(path);
    let (mut all, mut some, mut wrong) = (0, 0, Vec::new());
    feed.ask(|judge| {
        for document in &feed.records {
            let mut found = Vec::new();
            walk(&document["product_tree"]["branches"], ["", ""], &mut found);
            for vulnerability in document["vulnerabilities"].as_array().unwrap() {
                let Some(id) = vulnerability["cve"].as_str() else { continue };
                let affected = vulnerability["product_status"]["known_affected"].as_array();
                let affected: BTreeSet<&str> =
                    affected.into_iter().flatten().filter_map(Value::as_str).collect();
                for [vendor, number, versions, product] in &found {
                    if !affected.contains(&**product) {
                        continue;
                    }
                    let own = told(judge, &machine(vendor, number, None), id);
                    let is_all = versions == "vers:all/*";
                    let expected = if is_all { "exact model" } else { "no_version" };
                    if own != expected {
                        wrong.push(format!("{id} {number}: {own}"));
                    }
                    let other = told(judge, &machine("Another Maker", number, None), id);
                    if other != "no_version" {
                        wrong.push(format!("{id} {number} of another: {other}"));
                    }
                    *(if is_all { &mut all } else { &mut some }) += 1;
                }
            }
        }
    });
    (all, some, wrong)
}

#[test]
fn every_number_of_real_advisories_is_found_with_its_maker_and_with_no_other() {
    let icsa = check(&sample("csaf/cisa-icsa.jsonl.gz"));
    let makers = check(&sample("csaf/vendor.jsonl.gz"));
    assert_eq!((icsa.2, makers.2), (Vec::new(), Vec::new()));
    assert_eq!(((icsa.0, icsa.1), (makers.0, makers.1)), ((46, 221), (90, 46)));
    for folder in ["csaf/cisa-icsma", "csaf/cisa-icsa", "csaf/vendor"] {
        for path in public(folder, |name| name.ends_with(".json")) {
            assert_eq!(check(&path).2, [""; 0], "{}", path.display());
        }
    }
}
