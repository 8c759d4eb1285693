//! The morning's page: its numbers, decisions about several findings, the round and its signature.

use std::sync::atomic::{AtomicI64, Ordering};

use app::{Choice, ImportOptions, NewFile};
use axum::http::StatusCode;
use domain::{FindingState, Role, Severity};
use jiff::Timestamp;

use crate::hospital::{Hospital, act};

fn today() -> jiff::civil::Date {
    "2026-11-22".parse().unwrap()
}

fn escaped(key: &str) -> String {
    key.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Hospital {
    /// Keys of open findings, the most urgent first.
    fn open_keys(&self) -> Vec<String> {
        let board = self.app.board(today()).unwrap();
        board.open().map(|row| row.key().to_string()).collect()
    }

    fn state_of(&self, key: &str) -> String {
        let findings = self.app.findings(false, today()).unwrap();
        findings.into_iter().find(|finding| finding.key == key).unwrap().state
    }
}

#[tokio::test]
async fn nothing_imported_is_not_green() {
    let hospital = Hospital::founded();
    // Somebody ran a round over nothing.
    hospital.app.round(today(), &act()).unwrap();
    let cookie = hospital.administrator().await;
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("まだ何も取り込まれていないため、何も判断できません"), "{text}");
    assert!(text.contains("機器台帳(Excel や CSV)") && text.contains("href=\"/imports\""));
    assert!(!text.contains("vital ok"), "no number is green");
    assert_eq!(text.matches("vital unknown").count(), 5);
    let refused = hospital.post("/round", &cookie, "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_numbers_add_up_and_unknown_is_named() {
    let hospital = Hospital::with_demo();
    let (board, picture) =
        (hospital.app.board(today()).unwrap(), hospital.app.picture(today()).unwrap());
    let vitals = picture.vitals(&board);
    assert_eq!(vitals.seen + vitals.missed + vitals.sight_unknown, vitals.listed);
    assert!(vitals.sight_unknown > 0 && vitals.support_unknown > 0);
    // Each number is the one its list shows.
    let of_rule = |rule: &str| board.rows().filter(|row| row.rule == rule).count() as u64;
    assert_eq!(vitals.missed, of_rule("NET002"));
    assert_eq!(vitals.backups.groups - vitals.backups.proven, of_rule("BKP003"));
    let cookie = hospital.administrator().await;
    let text = hospital.get("/", &cookie).await.text();
    for told in [
        format!("/ {} 台中", vitals.listed),
        format!("見ていないためわからない {} 台", vitals.sight_unknown),
        format!("終わりがわからない {} 台", vitals.support_unknown),
    ] {
        assert!(text.contains(&told), "{told}");
    }
    assert_eq!(vitals.zones.len(), 0);
    assert!(text.contains("区画に名前がまだありません"));
}

#[tokio::test]
async fn findings_of_one_rule_stand_together_and_new_ones_are_marked() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let board = hospital.app.board(today()).unwrap();
    let urgent: Vec<_> = board.open().filter(|row| row.severity == Severity::Urgent).collect();
    let mut rules: Vec<&str> = urgent.iter().map(|row| row.rule.as_str()).collect();
    rules.dedup();
    let text = hospital.get("/", &cookie).await.text();
    assert!(rules.len() < urgent.len(), "the demo has a rule with several urgent findings");
    assert_eq!(text.matches("<details class=\"group\"").count(), rules.len().max(7));
    assert!(!text.contains("新しい 1 件"), "on the first round nothing is new");
}

fn late() -> NewFile {
    let arp = "? (10.102.41.99) at 00:1b:21:5e:00:99 [ether] on eth0\n";
    NewFile { path: "late.txt".to_owned(), bytes: Ok(arp.as_bytes().into()), modified: None }
}

#[tokio::test]
async fn what_is_new_since_the_last_round_is_marked_and_later_imports_are_told() {
    let hospital = Hospital::founded();
    let file = app::DEMO_FILES.iter().find(|file| file.name == "ledger.xlsx").unwrap();
    let ledger =
        NewFile { path: file.name.to_owned(), bytes: Ok(file.bytes.into()), modified: None };
    let import = |file: NewFile, act: &app::Act| {
        let options = ImportOptions::default();
        let done = hospital.app.import([file], &options, act, &mut |_, _| {}).unwrap();
        assert_eq!(done.files[0].error, None);
    };
    import(ledger, &act());
    hospital.app.round("2026-11-21".parse().unwrap(), &act()).unwrap();
    import(late(), &act());
    hospital.app.round(today(), &act()).unwrap();
    let cookie = hospital.administrator().await;
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("新しい 1 件"), "{text}");
    assert!(!text.contains("最後の見回りのあとに取り込みがありました"));
    let mut later = act();
    later.now += jiff::SignedDuration::from_mins(5);
    let mut again = late();
    again.bytes = Ok("? (10.102.41.98) at 00:1b:21:5e:00:98 [ether] on eth0\n".as_bytes().into());
    import(again, &later);
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("最後の見回りのあとに取り込みがありました"), "{text}");
}

#[tokio::test]
async fn several_are_decided_at_once_with_an_entry_each() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let keys = hospital.open_keys();
    let two = format!("keys={}&keys={}", escaped(&keys[0]), escaped(&keys[1]));
    // First step: what is still missing is asked for, and nothing is recorded.
    let before = hospital.app.moment().unwrap();
    let page = hospital.post("/findings/decide", &cookie, &format!("{two}&state=in_hand")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text().matches("name=\"keys\"").count(), 2);
    assert_eq!(hospital.app.moment().unwrap(), before);
    // Second step.
    let form = format!("{two}&state=in_hand&until=&reason=業者に電話した&next=/");
    let page = hospital.post("/findings/decide", &cookie, &form).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/?said=decided"));
    for key in &keys[..2] {
        assert_eq!(hospital.state_of(key), FindingState::InHand.key());
    }
    let entries = hospital.app.audit(2).unwrap();
    let mut subjects: Vec<String> = entries.iter().map(|entry| entry.subject.clone()).collect();
    let mut expected: Vec<String> = keys[..2].iter().map(|key| format!("finding:{key}")).collect();
    subjects.sort();
    expected.sort();
    assert_eq!(subjects, expected);
    assert!(entries.iter().all(|entry| entry.act == "decide" && entry.actor == "user:sato"));
}

#[tokio::test]
async fn a_decision_that_is_refused_loses_nothing_that_was_typed() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let key = hospital.open_keys().remove(0);
    let before = hospital.app.moment().unwrap();
    let reason = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22";
    for (rest, said) in [
        ("state=accepted&until=", "いつまで受け入れる"),
        ("state=accepted&until=2026-11-01", "2026"),
        ("state=accepted&until=tomorrow", "日付として読めません"),
        ("state=mitigated&until=", "どの対策か"),
        ("state=closed&until=", "人の手で"),
        ("until=", "どうするか"),
    ] {
        let form = format!("keys={}&reason={reason}&{rest}&next=/", escaped(&key));
        let page = hospital.post("/findings/decide", &cookie, &form).await;
        assert!(page.status.is_client_error(), "{rest}: {}", page.status);
        let text = page.text();
        assert!(text.contains("role=\"alert\"") && text.contains(said), "{rest}: {text}");
        assert!(!text.contains("<script>alert"), "{rest}");
        assert!(text.contains("alert(1)&#60;/script&#62;&#34;</textarea>"), "{rest}");
        assert!(text.contains(&format!("value=\"{key}\" checked")), "{rest}");
    }
    // One that is gone: the others are not decided either.
    let form = format!(
        "keys={}&keys=NET001%2Faddress%3A9.9.9.9&state=in_hand&reason=x&next=/",
        escaped(&key)
    );
    let page = hospital.post("/findings/decide", &cookie, &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("NET001/address:9.9.9.9"));
    assert_eq!(hospital.app.moment().unwrap(), before);
    let empty = hospital.post("/findings/decide", &cookie, "").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn controls_stand_in_the_reason_in_words() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let key = hospital.open_keys().remove(0);
    let form = format!(
        "keys={}&state=mitigated&controls=vpn&controls=training&reason=鍵をかけた&next=//evil.example",
        escaped(&key)
    );
    let page = hospital.post("/findings/decide", &cookie, &form).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/?said=decided"));
    let findings = hospital.app.findings(false, today()).unwrap();
    let decided = findings.into_iter().find(|finding| finding.key == key).unwrap();
    assert_eq!(decided.decision.unwrap().reason, "対策: VPN の利用、職員教育。鍵をかけた");
}

#[tokio::test]
async fn a_whole_group_is_chosen_by_its_rule() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let board = hospital.app.board(today()).unwrap();
    let count =
        board.open().filter(|row| row.rule == "NET001" && row.severity == Severity::Urgent).count();
    assert!(count > 1);
    let form = "groups=NET001%2Furgent&groups=nothing&state=in_hand";
    let text = hospital.post("/findings/decide", &cookie, form).await.text();
    assert_eq!(text.matches("name=\"keys\"").count(), count);
}

#[tokio::test]
async fn the_round_is_signed_with_the_head_of_the_record() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let head = hospital.app.verify_audit(&[]).unwrap().head.unwrap();
    let note = "note=CT%E5%AE%A4%3Cb%3E%E7%95%B0%E5%B8%B8%E3%81%AA%E3%81%97%0D%0A%3D1%2B1";
    let page = hospital.post("/round/sign", &cookie, note).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/?said=round_signed"));
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("署名済み") && text.contains("sato さん"), "{text}");
    let day = hospital.get("/rounds/2026-11-22", &cookie).await.text();
    assert!(day.contains(&head), "the head before the signature stands on the page");
    assert!(day.contains("CT室&#60;b&#62;異常なし") && !day.contains("<b>異常"), "{day}");
    let check = hospital.app.checks_of(today()).unwrap().remove(0);
    let board = hospital.app.board(today()).unwrap();
    assert_eq!(check.urgent, board.urgent() as u64);
    assert_eq!(
        check.urgent + check.warning + check.notice + check.unknown,
        board.standing() as u64
    );
    assert!(check.devices > 300 && check.by == "user:sato");
    let entry = hospital.app.audit(1).unwrap().remove(0);
    assert_eq!((entry.act.as_str(), entry.previous), ("round.sign", head));
    // The next month has nothing to show yet; a strange month is no page.
    let month = hospital.get("/rounds?month=2026-11", &cookie).await.text();
    assert!(month.contains("署名済み") && month.contains("/rounds?month=2026-10"));
    assert!(!month.contains("month=2026-12"));
    for path in ["/rounds/2026-11-21", "/rounds/x", "/rounds?month=2026-99"] {
        assert_eq!(hospital.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_note_that_is_too_long_is_kept_in_its_field() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let page = hospital.post("/round/sign", &cookie, &format!("note={}", "a".repeat(2001))).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains(&format!("{}</textarea>", "a".repeat(2001))));
    assert!(hospital.app.checks_of(today()).unwrap().is_empty());
}

#[tokio::test]
async fn without_a_round_of_today_nothing_is_signed() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let page = hospital.post("/round/sign", &cookie, "note=").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_only_looks_sees_no_forms() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.signed_in("exec", Role::Executive).await;
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("先に見るもの"));
    assert!(!text.contains("name=\"keys\"") && !text.contains("action=\"/round"));
}

#[tokio::test]
async fn the_round_runs_by_itself_once_a_day_and_never_over_nothing() {
    let empty = Hospital::founded();
    empty.desk.keep_time().await;
    assert_eq!(empty.app.last_round().unwrap(), None, "nothing was imported");
    let file = NewFile {
        path: "arp.txt".to_owned(),
        bytes: Ok("? (10.102.41.99) at 00:1b:21:5e:00:99 [ether] on eth0\n".as_bytes().into()),
        modified: None,
    };
    empty.app.import([file], &ImportOptions::default(), &act(), &mut |_, _| {}).unwrap();
    empty.desk.keep_time().await;
    assert_eq!(empty.app.last_round().unwrap(), Some(today()));
    assert_eq!(empty.app.audit(1).unwrap()[0].actor, "program:round");
    let hospital = Hospital::with_demo();
    let rounds = || hospital.app.rounds().unwrap().len();
    let entries = || hospital.app.moment().unwrap();
    let (before, moment) = (rounds(), entries());
    hospital.desk.keep_time().await;
    assert_eq!((rounds(), entries()), (before, moment), "today's was done by hand");
}

#[tokio::test]
async fn a_clock_that_went_back_is_told() {
    let hospital = Hospital::with_demo();
    let mut ahead = act();
    ahead.now = "2026-12-01T00:00:00Z".parse().unwrap();
    hospital.app.round("2026-12-01".parse().unwrap(), &ahead).unwrap();
    hospital.desk.keep_time().await;
    assert_eq!(hospital.app.last_round().unwrap(), Some("2026-12-01".parse().unwrap()));
    let cookie = hospital.administrator().await;
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("時計が戻ったと見えます"), "{text}");
}

#[tokio::test]
async fn zones_are_bars_and_what_is_unknown_is_grey() {
    let hospital = Hospital::with_demo();
    let zone = domain::Zone {
        name: "画像<診断>\"".to_owned(),
        networks: vec!["10.102.41.0/24".parse().unwrap()],
        kind: domain::ZoneKind::Imaging,
        probe: domain::Probe::Passive,
    };
    hospital.app.set_zone(&zone, &act()).unwrap();
    let vitals = hospital.app.picture(today()).unwrap();
    let zone = vitals.vitals(&hospital.app.board(today()).unwrap()).zones.remove(0);
    assert_eq!(zone.urgent + zone.warning + zone.unknown + zone.fine, zone.devices);
    assert!(zone.devices > 10 && zone.urgent > 0 && zone.unknown > 0);
    let cookie = hospital.administrator().await;
    let text = hospital.get("/", &cookie).await.text();
    assert!(text.contains("<rect class=\"unknown\"") && text.contains("画像&#60;診断&#62;&#34;"));
}

/// The clock of the desk over which midnight passes, in seconds.
static NIGHT: AtomicI64 = AtomicI64::new(0);

fn night() -> Timestamp {
    Timestamp::from_second(NIGHT.load(Ordering::SeqCst)).unwrap()
}

#[tokio::test]
async fn a_decision_that_ends_overnight_is_open_in_the_morning_though_nothing_was_recorded() {
    let mut hospital = Hospital::with_demo();
    let key = hospital.open_keys().remove(0);
    let choice = Choice {
        state: FindingState::InHand,
        until: Some(today()),
        reason: "業者に電話した".to_owned(),
    };
    hospital.app.decide(&key, choice, &act()).unwrap();
    let token = hospital.token(domain::Role::Executive);
    let set =
        |at: &str| NIGHT.store(at.parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
    set("2026-11-22T14:50:00Z");
    let config = web::Config { secure: false, clock: night, language: reference::Language::Ja };
    hospital.router = web::router(web::Desk::open(&hospital.app, config));
    let is_in_hand = async || {
        let page = hospital.ask("/api/v1/findings?state=in_hand", &token).await;
        page.text().contains(&key)
    };
    assert!(is_in_hand().await, "ten to midnight in Japan");
    let before = hospital.app.moment().unwrap();
    set("2026-11-22T15:10:00Z");
    assert!(!is_in_hand().await, "ten past midnight");
    assert_eq!(hospital.app.moment().unwrap(), before, "nothing was recorded in between");
}
