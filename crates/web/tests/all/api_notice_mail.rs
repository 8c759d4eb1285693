//! Notices that scripts take in from mails.

use axum::http::StatusCode;
use domain::Role;
use reference::{Catalogue, Language};
use serde_json::{Value, json};

use crate::hospital::{Hospital, Page};
use crate::imports::{MULTIPART, multipart};
use crate::schema::complaints;

/// TLP:AMBER, sent on 20 November, which asks for an answer by the 27th.
const AMBER: &[u8] = include_bytes!("../../../../testdata/mails/utf-8-base64.eml");
/// The same with TLP:RED.
const RED: &[u8] = include_bytes!("../../../../testdata/mails/multipart.eml");
const OPEN: &str = "From: a@example.jp\nDate: Fri, 20 Nov 2026 09:00:00 +0900\nSubject: x\n\nwords";
const MAIL: &str = "message/rfc822";

async fn brought(hospital: &Hospital, role: Role, asked: &str, bytes: &[u8]) -> Page {
    let path = format!("/api/v1/notices/mail?{asked}");
    hospital.tell(&path, &hospital.token(role), MAIL, bytes.to_vec()).await
}

async fn done(hospital: &Hospital, role: Role, asked: &str, bytes: &[u8]) -> Value {
    let page = brought(hospital, role, asked, bytes).await;
    assert_eq!(page.status, StatusCode::OK, "{asked}: {}", page.text());
    let document = web::openapi(&Catalogue::load(Language::En));
    let described = &document["paths"]["/api/v1/notices/mail"]["post"];
    let schema = &described["responses"]["200"]["content"]["application/json"]["schema"];
    let found = complaints(&document, schema, &page.json(), "");
    assert!(found.is_empty(), "{}", found.join("\n"));
    page.json()
}

fn notices(hospital: &Hospital) -> usize {
    let reader = app::Reader::Console;
    hospital.app.notices(reader, "2026-11-22".parse().unwrap()).unwrap().len()
}

#[tokio::test]
async fn a_mail_is_read_first_and_taken_in_with_what_the_caller_says() {
    let hospital = Hospital::founded();
    let before = hospital.app.moment().unwrap();
    let read = done(&hospital, Role::Operator, "dry_run=true", AMBER).await;
    assert_eq!((&read["notice"], &read["mail"]["due"]), (&Value::Null, &json!("2026-11-27")));
    assert_eq!((&read["mail"]["tlp"], &read["mail"]["embargo"]), (&json!("amber"), &json!(true)));
    assert_eq!(notices(&hospital), 0, "nothing is kept");
    // The token is all that the record tells of.
    assert_eq!(hospital.app.moment().unwrap(), before + 1);
    let asked = "sender=ceptoar&embargo=false&to=a&due=2026-11-27&keep=true";
    let taken = done(&hospital, Role::ClinicalEngineer, asked, AMBER).await;
    let notice = &taken["notice"];
    assert_eq!(
        (&notice["title"], &notice["text"]),
        (&taken["mail"]["title"], &read["mail"]["text"])
    );
    assert_eq!((&notice["due"], &notice["to"]), (&json!("2026-11-27"), &json!("a")));
    assert_eq!((&notice["state"], &notice["embargo"]), (&json!("untriaged"), &Value::Null));
    assert!(notice["file"].as_str().is_some_and(|name| name == "notice.eml"), "{notice}");
    let record = hospital.app.audit(1).unwrap();
    assert_eq!((record[0].actor.as_str(), record[0].act.as_str()), ("token:試験", "notice.taken"));
}

#[tokio::test]
async fn a_day_that_was_read_is_recorded_only_where_the_caller_gives_it() {
    let hospital = Hospital::founded();
    let taken = done(&hospital, Role::Operator, "sender=vendor", AMBER).await;
    assert_eq!(
        (&taken["mail"]["due"], &taken["notice"]["due"]),
        (&json!("2026-11-27"), &Value::Null)
    );
    assert_eq!(taken["notice"]["file"], Value::Null, "the mail is not kept unasked");
}

#[tokio::test]
async fn what_its_mark_keeps_from_most_is_under_embargo_unless_the_caller_says_otherwise() {
    let hospital = Hospital::founded();
    let readers = async |role: Role, asked: &str, mail: &[u8]| {
        done(&hospital, role, asked, mail).await["notice"]["embargo"].clone()
    };
    let sealed = readers(Role::Operator, "sender=ceptoar&until=2026-12-24", AMBER).await;
    assert_eq!(sealed, json!({ "until": "2026-12-24", "roles": ["administrator", "operator"] }));
    let red = readers(Role::Administrator, "sender=ceptoar", RED).await;
    assert_eq!(red, json!({ "until": null, "roles": ["administrator"] }));
    assert_eq!(readers(Role::Operator, "sender=ceptoar", OPEN.as_bytes()).await, Value::Null);
    let asked = readers(Role::Operator, "sender=ceptoar&embargo=true", OPEN.as_bytes()).await;
    assert_eq!(asked["roles"], json!(["administrator", "operator"]));
    let open = brought(&hospital, Role::Operator, "sender=ceptoar&embargo=false", RED).await;
    assert_eq!(
        (open.status, &open.json()["key"]),
        (StatusCode::CONFLICT, &json!("notice.refused.red_open"))
    );
}

#[tokio::test]
async fn mails_come_as_parts_too_one_at_a_time() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Operator);
    let path = "/api/v1/notices/mail?sender=ceptoar&keep=true";
    let one = multipart(&[("通知.eml", OPEN.as_bytes())]);
    // A browser's module adds when the file was changed, which is no mail.
    let unknown = hospital.tell(path, &token, MULTIPART, one).await;
    assert_eq!(unknown.json()["key"], "web.api.part_unknown");
    let parts = |names: &[&str]| {
        let part = |name: &&str| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{OPEN}\r\n"
            )
        };
        names.iter().map(part).collect::<String>() + "--b--\r\n"
    };
    let media = "multipart/form-data; boundary=b";
    let taken = hospital.tell(path, &token, media, parts(&["通知.eml"])).await;
    assert_eq!(taken.json()["notice"]["file"], "通知.eml", "{}", taken.text());
    let two = hospital.tell(path, &token, media, parts(&["a.eml", "b.eml"])).await;
    assert_eq!(
        (two.status, &two.json()["key"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!("web.api.too_large"))
    );
    assert_eq!(notices(&hospital), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_sentence_and_leaves_nothing() {
    let hospital = Hospital::founded();
    let undated = b"From: a@example.jp\nTo: b@example.jp\nSubject: x\n\nwords";
    let large = vec![b'a'; (10 << 20) + 1];
    let bad = StatusCode::BAD_REQUEST;
    for (asked, mail, status, key) in [
        ("", AMBER, bad, "web.api.missing"),
        ("sender=nobody", AMBER, bad, "web.api.bad_word"),
        ("sender=vendor&due=2026-11-27", AMBER, bad, "web.api.missing"),
        ("sender=vendor&to=a", AMBER, bad, "web.api.missing"),
        ("sender=vendor&due=soon", AMBER, bad, "web.api.bad_day"),
        ("sender=vendor&subject=x", AMBER, bad, "web.api.unknown_parameter"),
        ("sender=vendor", &undated[..], StatusCode::CONFLICT, "web.api.missing"),
        (
            "sender=vendor&until=2026-12-24",
            OPEN.as_bytes(),
            StatusCode::CONFLICT,
            "web.api.missing",
        ),
        ("sender=vendor", b"no mail at all", StatusCode::CONFLICT, "refusal.mail_unknown"),
        ("dry_run=true", b"\xd0\xcf\x11\xe0 Outlook", StatusCode::CONFLICT, "refusal.mail_unknown"),
        ("dry_run=true", &large, StatusCode::PAYLOAD_TOO_LARGE, "web.api.too_large"),
    ] {
        let page = brought(&hospital, Role::Operator, asked, mail).await;
        assert_eq!(
            (page.status, &page.json()["key"]),
            (status, &json!(key)),
            "{asked}: {}",
            page.text()
        );
        assert!(page.json()["error"].as_str().is_some_and(|said| said.len() > 10));
    }
    let given = done(&hospital, Role::Operator, "sender=vendor&sent=2026-11-20", undated).await;
    assert_eq!(given["notice"]["sent"], "2026-11-20");
    for role in [Role::Executive, Role::Inspector] {
        let page = brought(&hospital, role, "dry_run=true", AMBER).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", role.key());
    }
    assert_eq!(notices(&hospital), 1);
}
