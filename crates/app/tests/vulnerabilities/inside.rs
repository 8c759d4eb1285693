//! What parts lists tell of the products that run: findings by product with the component named, and what cannot be judged.

use app::{PartsChoice, ProductPageView, VexChoice};
use domain::VexStatus;

use super::parts_lists::{LIST, attach, book, desk as bare, list, to};
use super::round::found;
use super::vex::not_affected;
use super::*;

const DATABIND: &str = "CVE-2020-25649";
const PART: &str = "jackson-databind 2.9.10";
const MARK: &str = "fortios 7.0.5";

/// A hospital with FortiOS 7.0.5, held against records of OSV that speak of what is inside alone.
fn desk() -> Desk {
    let desk = bare();
    let view = desk.import(&[OSV]);
    assert!(view.files.iter().all(|file| file.error.is_none()), "{view:?}");
    desk
}

fn product(desk: &Desk) -> ProductPageView {
    book(desk).product(MARK, desk.app.catalogue()).unwrap()
}

/// What the round finds on products, by rule, and its reason.
fn round(desk: &Desk) -> Vec<(String, String)> {
    let found = found(desk, "2026-11-20").into_iter();
    let of_product = found.filter(|finding| finding.subject.starts_with("product:"));
    of_product.map(|finding| (finding.rule, finding.reason)).collect()
}

fn numbers(page: &ProductPageView) -> Vec<&str> {
    page.matches.iter().map(|found| found.weakness.id.as_str()).collect()
}

#[test]
fn a_component_of_the_release_in_use_is_told_of_the_product_it_is_inside() {
    let desk = desk();
    assert!(product(&desk).matches.is_empty() && product(&desk).product.inside.is_none());
    let id = list(&desk, LIST);
    assert!(product(&desk).matches.is_empty(), "nobody said that it belongs there");
    attach(&desk, id, &to("FortiOS"));
    let page = product(&desk);
    let found = page.matches.iter().find(|found| found.weakness.id == DATABIND).unwrap();
    assert_eq!(found.through, [PART]);
    assert_eq!((found.weakness.devices, found.weakness.confidence.as_str()), (2, "exact"));
    assert!(found.fixed.contains(&"jackson-databind 2.9.10.7".to_owned()), "{:?}", found.fixed);
    assert!(found.reason.contains(PART), "{}", found.reason);
    let inside = page.product.inside.unwrap();
    assert_eq!((inside.list, inside.components, inside.why_not), (Some(id.0), 2, None));
    let [(name, reason)] = &inside.unjudged[..] else { panic!("{:?}", inside.unjudged) };
    assert!(name == "zlib 1.2.11" && !reason.is_empty());
    let told = round(&desk);
    assert!(!told.is_empty() && told.iter().all(|(_, reason)| reason.contains(PART)), "{told:?}");
    // Its words can be read, whoever wrote them.
    let page = desk.app.vulnerability(&book(&desk), DATABIND).unwrap().unwrap();
    assert_eq!(page.products[0].through, [PART]);
    assert!(!page.descriptions.is_empty());
}

#[test]
fn a_list_that_was_judged_is_judged_again_when_the_advisories_change() {
    let desk = bare();
    let view = desk.import(&[KEV]);
    assert!(view.files.iter().all(|file| file.error.is_none()), "{view:?}");
    attach(&desk, list(&desk, LIST), &to("FortiOS"));
    for _ in 0..2 {
        let page = product(&desk);
        assert!(!numbers(&page).contains(&DATABIND), "no list of vulnerabilities was there yet");
        assert_eq!(page.product.inside.unwrap().components, 2);
    }
    desk.import(&[OSV]);
    for _ in 0..2 {
        let page = product(&desk);
        let found = page.matches.iter().find(|found| found.weakness.id == DATABIND).unwrap();
        assert_eq!(found.through, [PART]);
    }
}

#[test]
fn it_is_what_match_says_of_the_same_list() {
    let desk = desk();
    let path = desk.write("list.json", LIST);
    let matched = desk.app.match_parts(&[path], now()).unwrap();
    let mut stateless: Vec<&str> = matched.matches.iter().map(|one| one.id.as_str()).collect();
    attach(&desk, list(&desk, LIST), &to("FortiOS"));
    let page = product(&desk);
    let mut kept = numbers(&page);
    stateless.sort_unstable();
    kept.sort_unstable();
    assert_eq!(kept, stateless);
}

#[test]
fn a_list_of_another_release_calls_nothing_affected_and_says_so() {
    for (text, choice, expected) in [
        (LIST.replace("\"7.0.5\"", "\"7.2.0\""), to("FortiOS"), "7.2.0"),
        (LIST.replace(", \"version\": \"7.0.5\"", ""), to("FortiOS"), "release"),
    ] {
        let desk = desk();
        attach(&desk, list(&desk, &text), &choice);
        let page = product(&desk);
        assert!(page.matches.is_empty(), "{:?}", page.matches);
        let inside = page.product.inside.unwrap();
        let why = inside.why_not.unwrap();
        assert!(inside.list.is_none() && why.contains(expected), "{why}");
        assert!(round(&desk).is_empty());
        let rows = found(&desk, "2026-11-20");
        let unjudged = rows.iter().find(|row| row.rule == "VUL004").unwrap();
        assert!(unjudged.reason.contains("FortiOS 7.0.5"), "{}", unjudged.reason);
    }
}

#[test]
fn of_several_lists_the_newest_of_the_release_in_use_counts() {
    let desk = desk();
    let old = list(&desk, LIST);
    attach(&desk, old, &to("FortiOS"));
    assert!(numbers(&product(&desk)).contains(&DATABIND));
    let mended = LIST.replace("2.9.10", "2.9.10.8").replace("-05-01T", "-06-01T");
    let new = list(&desk, &mended);
    assert!(!numbers(&product(&desk)).contains(&DATABIND), "the newer edition has another");
    assert_eq!(product(&desk).product.inside.unwrap().list, Some(new.0));
    desk.app.undo_import(new, &act()).unwrap();
    assert!(numbers(&product(&desk)).contains(&DATABIND), "undone, it is as if it had not come");
    attach(&desk, old, &PartsChoice::default());
    assert!(product(&desk).product.inside.is_none(), "kept apart");
    desk.app.redo_import(new, &act()).unwrap();
    assert!(product(&desk).product.inside.is_none(), "the newest word holds for both");
}

#[test]
fn what_the_list_itself_says_of_a_vulnerability_goes_before_others() {
    let vex = |state: &str| {
        LIST.replace(
            "\"components\": [",
            &format!(
                r#""vulnerabilities": [{{ "id": "{DATABIND}", "source": {{ "name": "NVD" }},
                   "analysis": {{ "state": "{state}", "justification": "code_not_reachable" }},
                   "affects": [{{ "ref": "databind" }}] }}],
                "components": ["#
            ),
        )
        .replace(
            "\"name\": \"jackson-databind\"",
            "\"bom-ref\": \"databind\", \"name\": \"jackson-databind\"",
        )
    };
    let desk = desk();
    let id = list(&desk, &vex("not_affected"));
    attach(&desk, id, &to("FortiOS"));
    let page = product(&desk);
    assert!(!numbers(&page).contains(&DATABIND), "{:?}", numbers(&page));
    assert!(page.cleared.contains(&DATABIND.to_owned()), "{:?}", page.cleared);
    // The page of the vulnerability reads no advisory of another index.
    assert!(desk.app.vulnerability(&book(&desk), DATABIND).unwrap().is_some());
}

#[test]
fn a_decision_of_the_hospital_holds_for_what_is_inside() {
    let desk = desk();
    attach(&desk, list(&desk, LIST), &to("FortiOS"));
    let choice =
        VexChoice { vulnerability: DATABIND.into(), product: MARK.into(), ..not_affected() };
    let decided = desk.app.decide_vex(&choice, &act()).unwrap();
    assert_eq!(decided.status, VexStatus::NotAffected.key());
    let page = product(&desk);
    let found = page.matches.iter().find(|found| found.weakness.id == DATABIND).unwrap();
    assert_eq!((found.weakness.devices, found.decisions.len()), (0, 1));
    let told = round(&desk);
    assert!(told.iter().all(|(_, reason)| !reason.contains(DATABIND)), "{told:?}");
}

#[test]
fn a_machine_known_by_its_model_alone_is_told_that_its_version_is_missing() {
    let desk = Desk::with(&[OSV]);
    super::vex::ledger("管理番号,機器名,メーカー,型式\n1,CT-01,A社,MX-500\n", &desk);
    let text = LIST.replace("\"FortiOS\"", "\"MX-500\"").replace("Fortinet", "A社");
    let id = list(&desk, &text);
    let proposals = desk.app.parts_list(id, &book(&desk)).unwrap().list.proposals;
    assert_eq!(proposals[0].product.name, "A社 MX-500");
    attach(&desk, id, &to("A社 MX-500"));
    let all = book(&desk).products(desk.app.catalogue());
    let [machine] = &all[..] else { panic!("{all:?}") };
    let why = machine.inside.as_ref().unwrap().why_not.as_deref().unwrap();
    assert!(why.contains("7.0.5") && why.contains("not known"), "{why}");
    assert_eq!(machine.exploited + machine.critical + machine.other, 0);
}
