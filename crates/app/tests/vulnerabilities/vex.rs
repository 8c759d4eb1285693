//! What the hospital decides about single vulnerabilities: what is taken, what is refused, and what comes of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use app::{AppError, ImportOptions, NewFile, VexChoice, VexView};
use domain::{Control, Justification, VexOrigin, VexScope, VexStatus};
use jiff::civil::{Date, date};

use super::round::found;
use super::*;

pub(super) const TODAY: Date = date(2026, 11, 20);

const SSL_VPN: &str = "CVE-2024-21762";

/// Two gates of one kind, and a program that nobody lists.
pub(super) const LEDGER: &str =
    "管理番号,機器名,コンピュータ名,IPアドレス,ソフトウェア名,ソフトウェアバージョン
1,VPN装置,VPN-01,10.1.1.1,FortiOS,7.0.5
2,VPN装置,VPN-02,10.1.1.2,FortiOS,7.0.5
3,端末,PC-02,10.1.1.3,自作ソフト,3
";

pub(super) fn ledger(text: &str, desk: &Desk) {
    let path = "台帳.csv".to_owned();
    let file = NewFile { path, bytes: Ok(Cow::Owned(text.as_bytes().to_vec())), modified: None };
    let options = ImportOptions { captured_at: Some(now()), ..ImportOptions::default() };
    let view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    assert!(view.files[0].error.is_none(), "{view:?}");
}

/// A file of the feeds that ship with the demo hospital: three records of the NVD on FortiOS, and CISA's entries on them.
pub(super) fn demo(name: &str) -> PathBuf {
    testdata("demo-feeds").join(name)
}

/// A hospital with FortiOS 7.0.5 on two gates, held against the NVD.
pub(super) fn desk() -> Desk {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    desk.import_paths(&[demo("nvd-fortios.json")]);
    desk.app.set_facility_name("みなと中央病院", &act()).unwrap();
    desk
}

pub(super) fn not_affected() -> VexChoice {
    VexChoice {
        vulnerability: SSL_VPN.to_owned(),
        product: "fortios 7.0.5".to_owned(),
        devices: Vec::new(),
        scope: VexScope::Version,
        status: VexStatus::NotAffected,
        justification: Some(Justification::VulnerableCodeNotInExecutePath),
        impact: "SSL-VPN is switched off.".to_owned(),
        action: String::new(),
        controls: BTreeSet::new(),
        review: None,
        origin: VexOrigin::VendorAnswer,
        reason: "The vendor answered on 18 November.".to_owned(),
    }
}

pub(super) fn affected() -> VexChoice {
    VexChoice {
        status: VexStatus::Affected,
        justification: None,
        impact: String::new(),
        action: "The firewall lets nobody in.".to_owned(),
        controls: [Control::FirewallInFront].into(),
        review: Some(date(2026, 12, 1)),
        ..not_affected()
    }
}

pub(super) fn investigated() -> VexChoice {
    VexChoice {
        action: String::new(),
        controls: BTreeSet::new(),
        status: VexStatus::UnderInvestigation,
        ..affected()
    }
}

pub(super) fn fixed() -> VexChoice {
    VexChoice {
        status: VexStatus::Fixed,
        justification: None,
        impact: String::new(),
        ..not_affected()
    }
}

pub(super) fn decide(desk: &Desk, choice: &VexChoice) -> VexView {
    desk.app.decide_vex(choice, &act()).unwrap()
}

/// Where each decision stands on `day`, by number.
fn states(desk: &Desk, day: Date) -> Vec<(u32, String)> {
    let mut all: Vec<_> = desk
        .app
        .vex_decisions(day)
        .unwrap()
        .into_iter()
        .map(|decision| (decision.number, decision.state))
        .collect();
    all.sort();
    all
}

/// Findings on FortiOS that name the vulnerability.
fn told(desk: &Desk) -> usize {
    let found = found(desk, "2026-11-20");
    let of = found.iter().filter(|one| one.subject.contains("fortios"));
    of.filter(|one| one.reason.contains(SSL_VPN)).count()
}

#[test]
fn each_state_is_kept_as_it_was_said() {
    for (choice, status) in [
        (not_affected(), "not_affected"),
        (affected(), "affected"),
        (investigated(), "under_investigation"),
        (fixed(), "fixed"),
    ] {
        let desk = desk();
        let view = decide(&desk, &choice);
        assert_eq!(
            (view.number, view.state.as_str(), view.status.as_str()),
            (1, "in_force", status)
        );
        assert_eq!(view.justification.as_deref(), choice.justification.map(Justification::key));
        assert_eq!(
            (&view.impact, &view.action, &view.reason),
            (&choice.impact, &choice.action, &choice.reason)
        );
        assert_eq!(view.review, choice.review.map(|day| day.to_string()));
        assert_eq!((view.by.as_str(), view.origin.as_str()), ("佐藤", "vendor_answer"));
        assert_eq!(
            (view.product.as_str(), view.product_name.as_str()),
            ("fortios 7.0.5", "FortiOS 7.0.5")
        );
        assert_eq!(desk.app.vex_decisions(TODAY).unwrap(), [view]);
        let entry = desk.app.audit(1).unwrap().remove(0);
        assert_eq!(
            (entry.act.as_str(), entry.subject.as_str()),
            ("vex.decide", "vulnerability:CVE-2024-21762")
        );
        assert_eq!(
            (&entry.detail["vex"], &entry.detail["number"]),
            (&Value::from(status), &Value::from(1))
        );
    }
}

#[test]
fn what_is_missing_or_does_not_fit_is_refused_and_nothing_is_kept() {
    let desk = desk();
    let text = |text: &str| text.to_owned();
    let long = "長".repeat(app::MOST_LETTERS + 1);
    for (why, choice, expected) in [
        ("no reason", VexChoice { reason: text(" "), ..fixed() }, "app.decision_reason"),
        ("too long", VexChoice { reason: long.clone(), ..fixed() }, "app.vex_long"),
        ("too long", VexChoice { impact: long, ..not_affected() }, "app.vex_long"),
        (
            "no justification",
            VexChoice { justification: None, ..not_affected() },
            "app.vex_justification",
        ),
        ("no action", VexChoice { action: text(" "), ..affected() }, "app.vex_action"),
        ("no review", VexChoice { review: None, ..affected() }, "app.vex_review_affected"),
        ("no review", VexChoice { review: None, ..investigated() }, "app.vex_review_investigation"),
        (
            "a day in the past",
            VexChoice { review: Some(date(2026, 11, 19)), ..not_affected() },
            "app.vex_review_past",
        ),
        (
            "a reason of another state",
            VexChoice { impact: text("x"), ..fixed() },
            "app.vex_justification_only",
        ),
        (
            "a reason of another state",
            VexChoice { justification: not_affected().justification, ..affected() },
            "app.vex_justification_only",
        ),
        (
            "an act of another state",
            VexChoice { action: text("x"), ..not_affected() },
            "app.vex_action_only",
        ),
        (
            "an act of another state",
            VexChoice { controls: affected().controls, ..fixed() },
            "app.vex_action_only",
        ),
        (
            "no such number",
            VexChoice { vulnerability: text("CVE-1999-1"), ..fixed() },
            "app.vex_unknown",
        ),
        (
            "no such product",
            VexChoice { product: text("nothing"), ..fixed() },
            "app.vex_no_product",
        ),
        (
            "another product",
            VexChoice { product: text("自作ソフト 3"), ..fixed() },
            "app.vex_not_of_product",
        ),
        ("no such device", VexChoice { devices: vec![text("CT-99")], ..fixed() }, "app.no_device"),
        (
            "another device",
            VexChoice { devices: vec![text("PC-02")], ..fixed() },
            "app.vex_not_on_device",
        ),
    ] {
        let before = desk.app.audit(1).unwrap();
        let error = desk.app.decide_vex(&choice, &act()).unwrap_err();
        assert_eq!(error.message().key, expected, "{why}");
        assert_eq!(desk.app.audit(1).unwrap(), before, "{why}");
    }
    assert_eq!(states(&desk, TODAY), []);
    let nothing = Desk::new();
    ledger(LEDGER, &nothing);
    let error = nothing.app.decide_vex(&fixed(), &act()).unwrap_err();
    assert_eq!(error.message().key, "app.vex_no_data");
}

#[test]
fn what_is_decided_away_leaves_the_findings_and_stays_on_its_pages() {
    let desk = desk();
    assert_eq!(told(&desk), 1);
    decide(&desk, &not_affected());
    assert_eq!(told(&desk), 0);
    let book = desk.app.weaknesses(TODAY).unwrap();
    let weakness = book.vulnerabilities().into_iter().find(|one| one.id == SSL_VPN).unwrap();
    assert_eq!((weakness.products.len(), weakness.devices), (0, 0));
    assert_eq!(weakness.decided, ["FortiOS 7.0.5"]);
    let last = book.vulnerabilities().pop().unwrap();
    assert_eq!(last.id, SSL_VPN, "what asks for nothing comes last");
    let product = book.product("fortios 7.0.5", desk.app.catalogue()).unwrap();
    let shown = product.matches.iter().find(|one| one.weakness.id == SSL_VPN).unwrap();
    let [standing] = &shown.decisions[..] else { panic!("{shown:?}") };
    assert!(standing.all && standing.clears);
    assert_eq!(standing.decision.reason, not_affected().reason);
    let page = desk.app.vulnerability(&book, SSL_VPN).unwrap().unwrap();
    assert_eq!(page.products[0].history.len(), 1);
    assert_eq!(page.products[0].decisions.len(), 1);
}

#[test]
fn a_device_can_be_named_by_what_it_is_called() {
    let desk = desk();
    let view = decide(&desk, &VexChoice { devices: vec!["VPN-01".to_owned()], ..fixed() });
    assert_eq!(view.devices.len(), 1);
    assert!(view.devices[0].label.starts_with("VPN-01"), "{view:?}");
    let found = found(&desk, "2026-11-20");
    let finding = found.iter().find(|one| one.reason.contains(SSL_VPN)).unwrap();
    assert!(finding.reason.contains("left out for VPN-01"), "{}", finding.reason);
    let book = desk.app.weaknesses(TODAY).unwrap();
    let weakness = book.vulnerabilities().into_iter().find(|one| one.id == SSL_VPN).unwrap();
    assert_eq!((weakness.devices, weakness.decided.len()), (1, 0));
    decide(&desk, &VexChoice { devices: vec!["10.1.1.2".to_owned()], ..fixed() });
    assert_eq!(told(&desk), 0, "both are done");
}

#[test]
fn a_newer_word_goes_before_and_taking_it_back_brings_the_older_back() {
    let desk = desk();
    decide(&desk, &not_affected());
    decide(&desk, &investigated());
    let of = |pairs: &[(u32, &str)]| -> Vec<(u32, String)> {
        pairs.iter().map(|(number, state)| (*number, (*state).to_owned())).collect()
    };
    assert_eq!(states(&desk, TODAY), of(&[(1, "superseded"), (2, "in_force")]));
    assert_eq!(told(&desk), 1, "it is looked into");
    let view = desk.app.take_back_vex(2, "Entered by mistake", &act()).unwrap();
    assert_eq!(view.taken_back.unwrap().reason, "Entered by mistake");
    assert_eq!(states(&desk, TODAY), of(&[(1, "in_force"), (2, "taken_back")]));
    assert_eq!(told(&desk), 0);
    let entry = desk.app.audit(1000).unwrap().into_iter().rfind(|one| one.act == "vex.take_back");
    assert_eq!(entry.unwrap().subject, "vex:2");
    for (number, reason, key) in [
        (2, "again", "app.vex_taken_back"),
        (1, " ", "app.decision_reason"),
        (9, "x", "app.no_vex"),
    ] {
        let error: AppError = desk.app.take_back_vex(number, reason, &act()).unwrap_err();
        assert_eq!(error.message().key, key);
    }
}

#[test]
fn a_decision_stands_open_again_with_the_reason() {
    let desk = desk();
    decide(&desk, &not_affected());
    // The catalogue that names it comes in later.
    desk.import_paths(&[demo("kev-fortios.json")]);
    let view = desk.app.vex_decisions(TODAY).unwrap().remove(0);
    assert_eq!((view.state.as_str(), view.reopened.as_deref()), ("reopened", Some("exploited")));
    assert!(view.reopened_reason.unwrap().contains("2024-02-09"), "the day of the entry");
    assert_eq!(told(&desk), 1);
    // With that in view it is decided again.
    decide(&desk, &not_affected());
    assert_eq!(told(&desk), 0);
}

#[test]
fn the_day_to_look_again_opens_it_again() {
    let desk = desk();
    decide(&desk, &affected());
    assert_eq!(states(&desk, date(2026, 12, 1))[0].1, "in_force");
    let view = desk.app.vex_decisions(date(2026, 12, 2)).unwrap().remove(0);
    assert_eq!((view.state.as_str(), view.reopened.as_deref()), ("reopened", Some("review")));
}
