//! Which products what the hospital writes means: candidates that a person confirms, refuses or names, once for each writing.

use app::{AppError, WritingAnswer, WritingChoice, WritingView};
use domain::What;

use super::parts_lists::{LIST, attach, book, list, to};
use super::round::found;
use super::vex::{demo, ledger};
use super::*;

/// A gate by its name in the NVD, one in the hospital's own words, and one with words beside the name.
const LEDGER: &str = "管理番号,機器名,コンピュータ名,メーカー,型式,OS,OSバージョン,ソフトウェア名
1,VPN装置,VPN-01,,,FortiOS,7.0.5,
2,VPN装置,VPN-02,,,,,院内VPN 7.0.5
3,VPN装置,VPN-03,A社,MX-500,FortiOS 遠隔読影,7.0.5,
";

fn desk() -> Desk {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    desk.import_paths(&[demo("nvd-fortios.json")]);
    desk
}

fn on(writing: &str, answer: WritingAnswer) -> WritingChoice {
    WritingChoice {
        writing: writing.into(), what: None, answer, reason: "保守会社に確認".into()
    }
}

fn is(writing: &str, product: &str) -> WritingChoice {
    on(writing, WritingAnswer::Confirm(Some(product.into())))
}

fn settle(desk: &Desk, choice: &WritingChoice) -> WritingView {
    desk.app.settle_writing(choice, &act()).unwrap()
}

fn one(desk: &Desk, text: &str) -> WritingView {
    let all = desk.app.writings(&book(desk)).unwrap();
    all.into_iter().find(|view| view.text == text).unwrap()
}

/// The products that are told of, each with how many devices, how many vulnerabilities, and whether it is judged.
fn products(desk: &Desk) -> Vec<(String, u64, u64, bool)> {
    let all = book(desk).products(desk.app.catalogue());
    let mut all: Vec<_> = all
        .into_iter()
        .map(|one| {
            let count = one.exploited + one.critical + one.other;
            (one.mark, one.devices, count, one.unjudged.is_none())
        })
        .collect();
    all.sort();
    all
}

fn product(mark: &str, devices: u64, count: u64, judged: bool) -> (String, u64, u64, bool) {
    (mark.to_owned(), devices, count, judged)
}

#[test]
fn what_is_written_is_listed_with_its_candidates_the_open_first() {
    let desk = desk();
    let all = desk.app.writings(&book(&desk)).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|view| {
            let candidates: Vec<&str> = view.candidates.iter().map(|one| &*one.name).collect();
            (view.what.as_str(), view.text.as_str(), view.state.as_str(), candidates)
        })
        .collect();
    let expected = [
        ("os", "fortios遠隔読影", "open", vec!["FortiOS"]),
        ("software", "院内vpn", "open", vec!["院内VPN"]),
        ("os", "fortios", "sure", vec!["FortiOS"]),
        ("hardware", "a社mx-500", "open", vec!["A社 MX-500"]),
    ];
    assert_eq!(told, expected);
    assert!(all[0].candidates[0].listed && !all[1].candidates[0].listed);
}

#[test]
fn a_confirmed_candidate_is_judged_as_that_product_surely_and_stands_in_the_record() {
    let desk = desk();
    let before = [
        product("fortios 7.0.5", 1, 3, true),
        product("fortios 7.0.5 ?", 1, 0, true),
        product("院内vpn7.0.5 ?", 1, 0, false),
    ];
    assert_eq!(products(&desk), before);
    let view = settle(&desk, &on("FortiOS 遠隔読影", WritingAnswer::Confirm(None)));
    assert_eq!((view.state.as_str(), view.meant[0].confidence.as_str()), ("confirmed", "exact"));
    assert!(view.meant[0].reason.contains("佐藤"), "{}", view.meant[0].reason);
    let said = view.said.unwrap();
    assert_eq!((said.word.as_str(), said.products), ("is", vec!["FortiOS".to_owned()]));
    assert_eq!(products(&desk)[0], product("fortios 7.0.5", 2, 3, true));
    let entry = desk.app.audit(1).unwrap().remove(0);
    assert_eq!((entry.act.as_str(), entry.subject.as_str()), ("products.confirm", "writing:1"));
    assert_eq!(entry.detail["text"], "fortios遠隔読影");
    assert_eq!(entry.detail["products"], "FortiOS");
    assert!(entry.detail["digest"].is_string());
    let rows = found(&desk, "2026-11-20");
    assert!(rows.iter().any(|row| row.subject == "product:fortios 7.0.5"), "{rows:?}");
    let doubtful = rows.iter().find(|row| row.rule == "VUL004").unwrap();
    assert!(!doubtful.reason.contains("FortiOS"), "{}", doubtful.reason);
}

#[test]
fn another_product_is_named_once_for_every_version_of_what_is_written() {
    let desk = desk();
    let view = settle(&desk, &is("院内VPN 7.0.5", "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*"));
    assert_eq!((view.state.as_str(), view.meant[0].name.as_str()), ("confirmed", "FortiOS"));
    assert_eq!(products(&desk)[0], product("fortios 7.0.5", 2, 3, true));
    let newer = LEDGER.replace("院内VPN 7.0.5", "院内ＶＰＮ Ver.7.4.8");
    desk.app.undo_import(domain::ImportId(1), &act()).unwrap();
    ledger(&newer, &desk);
    let marks: Vec<String> = products(&desk).into_iter().map(|(mark, ..)| mark).collect();
    assert!(marks.contains(&"fortios 7.4.8".to_owned()), "{marks:?}");
}

#[test]
fn what_was_refused_is_not_judged_and_can_be_opened_again() {
    let desk = desk();
    let view = settle(&desk, &on("fortios遠隔読影", WritingAnswer::Refuse(None)));
    assert_eq!(view.state, "refused");
    let mark = "fortios遠隔読影 7.0.5 ≠";
    assert_eq!(products(&desk)[1], product(mark, 1, 0, false));
    let page = book(&desk).product(mark, desk.app.catalogue()).unwrap();
    let why = page.product.unjudged.unwrap();
    assert!(why.contains("佐藤") && why.contains("FortiOS"), "{why}");
    assert_eq!(desk.app.writings_of(mark, &book(&desk)).unwrap(), [view]);
    let rows = found(&desk, "2026-11-20");
    let unjudged = rows.iter().find(|row| row.rule == "VUL004").unwrap();
    assert!(unjudged.reason.contains("FortiOS 遠隔読影"), "{}", unjudged.reason);
    let view = settle(&desk, &on("fortios遠隔読影", WritingAnswer::Reopen));
    assert_eq!((view.state.as_str(), view.history.len()), ("open", 2));
    assert!(products(&desk).contains(&product("fortios 7.0.5 ?", 1, 0, true)));
}

#[test]
fn a_parts_list_of_the_candidate_stays_with_the_product_that_it_is() {
    let desk = Desk::with(&[OSV]);
    ledger(LEDGER, &desk);
    let text = LIST.replace("\"FortiOS\"", "\"院内VPN\"");
    attach(&desk, list(&desk, &text), &to("院内vpn7.0.5 ?"));
    let inside = |mark: &str| {
        let page = book(&desk).product(mark, desk.app.catalogue())?;
        Some((page.product.inside?.components, page.matches.len()))
    };
    // Without a version of its own nothing of the list can be laid beside it.
    assert_eq!(inside("院内vpn7.0.5 ?"), Some((0, 0)));
    settle(&desk, &is("院内VPN", "cpe:2.3:a:maker:gate:*:*:*:*:*:*:*:*"));
    let (components, found) = inside("院内vpn 7.0.5").unwrap();
    assert!(components == 2 && found > 0, "{components} {found}");
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let desk = desk();
    settle(&desk, &on("FortiOS 遠隔読影", WritingAnswer::Confirm(None)));
    let acts = desk.app.audit(100).unwrap().len();
    let long = "x".repeat(501);
    for (choice, key) in [
        (on("PACS", WritingAnswer::Refuse(None)), "app.no_writing"),
        (on("院内VPN", WritingAnswer::Confirm(None)), "writings.none_listed"),
        (is("院内VPN", "どこにもない"), "products.nothing_listed"),
        (is("院内VPN", "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*"), "products.bad_cpe"),
        (is("院内VPN", "pkg:x"), "products.bad_purl"),
        (is("院内VPN", &long), "writings.text_long"),
        (
            WritingChoice { reason: long.clone(), ..on("院内VPN", WritingAnswer::Reopen) },
            "writings.text_long",
        ),
        (on("院内VPN", WritingAnswer::Refuse(Some("Windows".into()))), "writings.no_candidate"),
        (on("院内VPN", WritingAnswer::Reopen), "writings.said_already"),
        (on("FortiOS 遠隔読影", WritingAnswer::Confirm(None)), "writings.said_already"),
        (
            WritingChoice { what: Some(What::Os), ..on("院内VPN", WritingAnswer::Refuse(None)) },
            "app.no_writing",
        ),
    ] {
        let error = desk.app.settle_writing(&choice, &act()).unwrap_err();
        assert_eq!(error.message().key, key, "{choice:?}");
    }
    assert!(matches!(
        desk.app.settle_writing(&on("PACS", WritingAnswer::Reopen), &act()),
        Err(AppError::NoWriting(_))
    ));
    assert_eq!(desk.app.audit(100).unwrap().len(), acts);
}

#[test]
fn what_was_said_of_something_that_is_gone_is_told_and_can_be_taken_back() {
    let desk = desk();
    settle(&desk, &on("FortiOS 遠隔読影", WritingAnswer::Refuse(None)));
    desk.app.undo_import(domain::ImportId(1), &act()).unwrap();
    let view = one(&desk, "fortios遠隔読影");
    assert_eq!((view.devices, view.state.as_str()), (0, "refused"));
    let refused = desk.app.settle_writing(&on(&view.text, WritingAnswer::Refuse(None)), &act());
    assert_eq!(refused.unwrap_err().message().key, "writings.not_in_use");
    let view = settle(&desk, &on(&view.text, WritingAnswer::Reopen));
    assert_eq!((view.devices, view.state.as_str()), (0, "open"));
    desk.app.redo_import(domain::ImportId(1), &act()).unwrap();
    assert_eq!(one(&desk, "fortios遠隔読影").state, "open");
}
