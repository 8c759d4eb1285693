//! Planned changes on devices with real vulnerabilities: from the plan to the file that shows it.

use std::borrow::Cow;

use app::{AppError, ImportOptions, NewChange, NewFile, PlannedChangeView};
use domain::{
    ChangeKind, ChangeOutcome, ChangeResult, ClinicalWindow, DeviceId, Sign, SignKey, ToldBack,
};
use jiff::civil::Date;

use super::*;

const MARK: &str = "openssl 1.0.1a";

fn ledger(version: &str, kind: &str) -> String {
    format!(
        "管理番号,機器名,コンピュータ名,区分,IPアドレス,ソフトウェア名,ソフトウェアバージョン\n1,サーバー,SV-01,{kind},10.1.1.1,OpenSSL,{version}\n"
    )
}

fn at(day: &str) -> Act {
    Act { now: format!("{day}T12:00:00+09:00").parse().unwrap(), ..act() }
}

fn import(desk: &Desk, text: &str, day: &str) {
    let bytes = Ok(Cow::Owned(text.as_bytes().to_vec()));
    let file = NewFile { path: "台帳.csv".to_owned(), bytes, modified: None };
    let options = ImportOptions { captured_at: Some(at(day).now), ..ImportOptions::default() };
    let view = desk.app.import([file], &options, &at(day), &mut |_, _| {}).unwrap();
    assert_eq!(view.files[0].error, None, "{view:?}");
}

fn hospital(kind: &str) -> Desk {
    let desk = Desk::with(&["nvd/configurations.jsonl.gz"]);
    import(&desk, &ledger("1.0.1a", kind), "2026-11-20");
    desk
}

fn device(desk: &Desk) -> DeviceId {
    let book = desk.app.weaknesses(app::day_of(now())).unwrap();
    let page = book.product(MARK, desk.app.catalogue()).unwrap();
    page.holders[0].id.parse().unwrap()
}

fn planned(desk: &Desk, instruction: &str) -> NewChange {
    NewChange {
        kind: ChangeKind::Update,
        what: "OpenSSL を 3.0.15 に上げる".to_owned(),
        mark: MARK.to_owned(),
        vulnerabilities: vec!["CVE-2015-4000".to_owned()],
        devices: vec![device(desk)],
        performer: "A社 山田".to_owned(),
        instruction: instruction.to_owned(),
        inquiry: None,
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn window() -> ClinicalWindow {
    let day = day("2026-11-20");
    ClinicalWindow {
        from: day.at(19, 0, 0, 0),
        to: day.at(21, 0, 0, 0),
        with: "検査科 技師長".to_owned(),
    }
}

fn view(desk: &Desk) -> PlannedChangeView {
    desk.app.planned_change(1, &desk.app.weaknesses(app::day_of(now())).unwrap()).unwrap()
}

fn done(desk: &Desk) -> Vec<ChangeResult> {
    let sign: Sign = view(desk).devices[0].sign.parse().unwrap();
    let on = day("2026-11-20");
    vec![ChangeResult { sign, outcome: ChangeOutcome::Done, note: "3.0.15".to_owned(), on }]
}

#[test]
fn a_change_is_done_by_people_and_closed_by_evidence() {
    let desk = hospital("サーバ");
    assert_eq!(desk.app.plan_change(&planned(&desk, ""), &act()).unwrap(), 1);
    desk.app.agree_change(1, Some(1), window(), &act()).unwrap();
    assert_eq!(view(&desk).state, "agreed");
    desk.app.record_change(1, Some(2), done(&desk), &act()).unwrap();
    let waiting = view(&desk);
    assert_eq!((waiting.state.as_str(), waiting.waiting), ("done", 1), "a tick proves nothing");
    let of = &waiting.devices[0];
    assert_eq!(of.evidence.as_deref(), Some("waiting"));
    assert!(of.files[0].starts_with("ledger/台帳"), "{:?}", of.files);
    let late = |on: &str| {
        desk.app.round(day(on), &at(on)).unwrap();
        let found = desk.app.findings(false, day(on)).unwrap();
        let of = |rule: &str| found.iter().filter(|finding| finding.rule == rule).count();
        (of("FWU005"), found.iter().filter(|finding| finding.subject.ends_with(MARK)).count())
    };
    assert_eq!([late("2026-12-04"), late("2026-12-05")], [(0, 1), (1, 1)], "fourteen days");
    import(&desk, &ledger("3.0.15", "サーバ"), "2026-12-05");
    let shown = view(&desk);
    assert_eq!((shown.waiting, shown.devices[0].evidence.as_deref()), (0, Some("shown")));
    assert_eq!(late("2026-12-06"), (0, 0), "the finding goes by the file, not by the tick");
    let told =
        ToldBack {
            on: day("2026-12-06"), to: "A社".to_owned(), text: "確かめました".to_owned()
        };
    desk.app.tell_change(1, Some(3), told, &at("2026-12-06")).unwrap();
    assert_eq!((view(&desk).told.len(), view(&desk).history.len()), (1, 4));
    let acts: Vec<String> = desk.app.audit(100).unwrap().into_iter().map(|e| e.act).collect();
    let own: Vec<&String> = acts.iter().filter(|act| act.starts_with("change.")).collect();
    assert_eq!(own, ["change.plan", "change.agreed", "change.results", "change.told"]);
    assert!(desk.app.verify_audit(&[]).unwrap().whole);
}

#[test]
fn a_medical_device_is_not_done_without_its_makers_instruction() {
    let desk = hospital("医療機器");
    desk.app.plan_change(&planned(&desk, ""), &act()).unwrap();
    assert!(view(&desk).medical);
    desk.app.agree_change(1, None, window(), &act()).unwrap();
    let refused = desk.app.record_change(1, None, done(&desk), &act());
    let Err(AppError::Change(message)) = refused else { panic!("{refused:?}") };
    assert_eq!(message.key, "change.refused.no_instruction");
    desk.app.replan_change(1, Some(2), &planned(&desk, "A社の指示書 2"), &act()).unwrap();
    assert_eq!(view(&desk).state, "planned", "what was agreed on must be agreed on again");
    desk.app.agree_change(1, None, window(), &act()).unwrap();
    desk.app.record_change(1, None, done(&desk), &act()).unwrap();
    assert_eq!(view(&desk).state, "done");
}

#[test]
fn what_does_not_fit_is_refused_and_who_comes_second_changes_nothing() {
    let desk = hospital("サーバ");
    let new = planned(&desk, "");
    let nobody = DeviceId::of(SignKey::of("host:nowhere"));
    let unknown = NewChange { mark: "nothing 1".to_owned(), ..new.clone() };
    assert!(matches!(desk.app.plan_change(&unknown, &act()), Err(AppError::Change(_))));
    let bare = NewChange { devices: Vec::new(), ..new.clone() };
    assert!(matches!(desk.app.plan_change(&bare, &act()), Err(AppError::Change(_))));
    let asked = NewChange { inquiry: Some(7), ..new.clone() };
    assert!(matches!(desk.app.plan_change(&asked, &act()), Err(AppError::NoInquiry(7))));
    let gone = NewChange { devices: vec![nobody], ..new.clone() };
    assert!(matches!(desk.app.plan_change(&gone, &act()), Err(AppError::NoDevice(_))));
    desk.app.plan_change(&new, &act()).unwrap();
    desk.app.agree_change(1, Some(1), window(), &act()).unwrap();
    let second = desk.app.cancel_change(1, Some(1), "x".to_owned(), &act());
    assert!(matches!(second, Err(AppError::MatterMoved(1))));
    assert_eq!(view(&desk).steps, 2);
    desk.app.cancel_change(1, Some(2), "入れ替える".to_owned(), &act()).unwrap();
    assert_eq!(view(&desk).state, "cancelled");
    let book = desk.app.weaknesses(app::day_of(now())).unwrap();
    assert!(matches!(desk.app.planned_change(2, &book), Err(AppError::NoChange(2))));
    assert_eq!(desk.app.planned_changes(&book).unwrap().len(), 1);
}
