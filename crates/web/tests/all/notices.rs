//! お知らせ: a notice by forms, what two people do to it at once, and what nobody but its readers gets to see.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::{AnswerAsked, Embargo, NoticeDraft, NoticeSender, Role};
use serde_json::json;
use web::listed;

use crate::api::assert_fits;
use crate::hospital::{Hospital, Page, act};

const BOUNDARY: &str = "----mimawari";
const TEXT: &str = "FortiOS 7.0.5 をお使いの施設は CVE-2022-40684 をご確認ください。";

/// The fields of a notice that asks for an answer.
const FIELDS: &[(&str, &str)] = &[
    ("sender", "ceptoar"),
    ("name", "医療セプター事務局"),
    ("title", "注意喚起"),
    ("sent_on", "2026-11-20"),
    ("way", "メール"),
    ("text", TEXT),
    ("to", "事務局"),
    ("due", "2026-11-27"),
    ("tlp", "green"),
    ("until", ""),
    ("role", "administrator"),
];

fn hospital() -> Hospital {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    hospital
}

/// The same fields with others in place of some, or beside them.
fn with<'f>(others: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let kept = FIELDS.iter().filter(|(name, _)| others.iter().all(|(other, _)| other != name));
    kept.chain(others).copied().collect()
}

impl Hospital {
    /// Sends the form of a new notice as a browser does.
    async fn hand_in(
        &self,
        cookie: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Page {
        self.hand_in_at("/notices/new", cookie, fields, file).await
    }

    async fn hand_in_at(
        &self,
        path: &str,
        cookie: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        let (name, bytes) = file.unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Takes a notice in, and gives the address of its page.
    async fn brought(&self, cookie: &str, fields: &[(&str, &str)]) -> String {
        let page = self.hand_in(cookie, fields, None).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        page.to().split('?').next().unwrap().to_owned()
    }

    /// Takes a form of the page at `path`, and gives the page that the browser is sent to.
    async fn go_on(&self, path: &str, verb: &str, cookie: &str, form: &str) -> String {
        let page = self.post(&format!("{path}/{verb}"), cookie, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{verb}: {}", page.text());
        self.get(page.to(), cookie).await.text()
    }
}

/// What a form sends of this text.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_notice_goes_its_way_by_forms_alone() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let list = hospital.get("/notices", &cookie).await.text();
    assert!(list.contains("お知らせはまだありません") && list.contains("/notices/new"), "{list}");
    let form = hospital.get("/notices/new", &cookie).await.text();
    assert!(form.contains("value=\"administrator\" checked"), "{form}");
    let path = hospital.brought(&cookie, FIELDS).await;
    let page = hospital.get(&path, &cookie).await.text();
    assert!(page.contains("未確認") && page.contains("TLP:GREEN"), "{page}");
    assert!(page.contains("CVE-2022-40684") && page.contains("当てはまる製品があります"), "{page}");
    let what = encoded("product:fortios 7.0.5");
    let said = format!("seen=1&what.0={what}&was.0=&verdict.0=meant");
    let page = hospital.go_on(&path, "triage", &cookie, &said).await;
    assert!(page.contains("答えを記録しました") && page.contains("回答待ち"), "{page}");
    let device = format!("seen=2&device={}&device_reason=x", encoded("CT-01"));
    let page = hospital.go_on(&path, "device", &cookie, &device).await;
    assert!(page.contains("人が加えた"), "{page}");
    let page = hospital.go_on(&path, "due", &cookie, "seen=3&due=2026-12-04").await;
    assert!(page.contains("2026年12月4日"), "{page}");
    let answer = "seen=4&on=2026-11-22&to_whom=B&done=C&answer=D";
    let page = hospital.go_on(&path, "answer", &cookie, answer).await;
    assert!(page.contains("回答を記録しました") && page.contains("回答済み"), "{page}");
    let changes = hospital.get("/changes?day=2026-11-22", &cookie).await.text();
    assert!(changes.contains(&path) && changes.contains("への回答を記録しました"), "{changes}");
    let found = hospital.get(&format!("/search?q={}", encoded("注意喚起")), &cookie).await.text();
    assert!(found.contains(&path), "{found}");
    let table = hospital.get("/notices.csv", &cookie).await.text();
    assert!(table.contains("医療セプター事務局") && table.contains("回答済み"), "{table}");
}

#[tokio::test]
async fn a_mail_is_copied_into_the_form_and_nothing_is_kept_until_it_is_confirmed() {
    const MAIL: &[u8] = include_bytes!("../../../../testdata/mails/multipart.eml");
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let page = hospital.hand_in_at("/notices/mail", &cookie, &[], Some(("通知.eml", MAIL))).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for shown in [
        "メールから写しました",
        "別紙1.pdf, 回答様式.xls",
        "<option value=\"\">選んでください</option>",
        "value=\"医療セプター事務局 &#60;ceptoar@example.jp&#62;\"",
        "value=\"2026-11-20\"",
        "value=\"メール\"",
        "2026年11月27日までにご回答ください。",
        "name=\"due\" value=\"2026-11-27\"",
        "回答の期限は2026年11月27日と見えます(「",
        "<option value=\"red\" selected>",
        "name=\"embargoed\" value=\"yes\" checked",
        "value=\"administrator\" checked",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!text.contains("tracker.example.jp") && !text.contains("another mail"), "{text}");
    let list = hospital.get("/notices", &cookie).await.text();
    assert!(list.contains("お知らせはまだありません"), "{list}");
    for (name, bytes) in [("通知.msg", &b"\xd0\xcf\x11\xe0"[..]), ("通知.txt", TEXT.as_bytes())]
    {
        let refused = hospital.hand_in_at("/notices/mail", &cookie, &[], Some((name, bytes))).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{name}");
        assert!(refused.text().contains("メール(.eml)として読めませんでした"), "{name}");
    }
    let inspector = hospital.signed_in("kan", Role::Inspector).await;
    let page = hospital.hand_in_at("/notices/mail", &inspector, &[], Some(("a.eml", MAIL))).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_day_of_an_answer_stands_in_the_form_only_where_the_mail_is_clear() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    for (body, due, said) in [
        (
            "回答期限:12月4日(金) <b>",
            "2026-12-04",
            "回答の期限は2026年12月4日と見えます(「回答期限:12月4日(金) &#60;b&#62;」)",
        ),
        (
            "12月4日までに回答。\n12月11日までに回答。",
            "",
            "二つ以上あります(2026年12月4日「12月4日までに回答。」、2026年12月11日「12月11日までに回答。」)",
        ),
        ("回答期限:12月4日(木)", "", "曜日が合いません"),
        ("12月4日に公表されました。", "", "メールから写しました"),
    ] {
        let mail = format!(
            "From: a@example.jp\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900\r\nSubject: x\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
        );
        let file = Some(("a.eml", mail.as_bytes()));
        let page = hospital.hand_in_at("/notices/mail", &cookie, &[], file).await;
        let text = page.text();
        assert_eq!(page.status, StatusCode::OK);
        assert!(text.contains(&format!("name=\"due\" value=\"{due}\"")), "{body}: {text}");
        assert!(text.contains(said), "{body}: {text}");
        assert_eq!(text.contains("と見えます(「"), !due.is_empty(), "{body}: {text}");
    }
    let empty = hospital.get("/notices", &cookie).await.text();
    assert!(empty.contains("お知らせはまだありません"), "nothing of it is kept");
}

#[tokio::test]
async fn a_notice_may_come_as_a_file_and_mean_nothing_here() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let bare = with(&[("text", ""), ("to", ""), ("due", "")]);
    let page = hospital.hand_in(&cookie, &bare, Some(("通知.txt", TEXT.as_bytes()))).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let path = page.to().split('?').next().unwrap().to_owned();
    let page = hospital.get(&path, &cookie).await.text();
    assert!(page.contains("通知.txt") && page.contains("をお使いの施設は"), "{page}");
    let file = hospital.get(&format!("{path}/file"), &cookie).await;
    assert_eq!(file.body, TEXT.as_bytes());
    let page = hospital.go_on(&path, "none", &cookie, "seen=1&none_reason=x").await;
    assert!(page.contains("確認済み") && page.contains("対象なし"), "{page}");
    let page = hospital.go_on(&path, "withdraw", &cookie, "seen=2&withdraw_reason=x").await;
    assert!(page.contains("取り消しました") && !page.contains("action=\"/notices"), "{page}");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_a_sentence_and_what_was_typed_stays() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    for (others, sentence) in [
        (vec![("title", " ")], "題が空です"),
        (vec![("text", "")], "本文が空です"),
        (vec![("due", "")], "期限がありません"),
        (vec![("to", "")], "回答する相手が空です"),
        (vec![("tlp", "red")], "TLP:RED は"),
        (vec![("embargoed", "yes"), ("role", "operator")], "あなたの役割が"),
        (vec![("embargoed", "yes"), ("until", "2026-11-22")], "今日より前"),
    ] {
        let page = hospital.hand_in(&cookie, &with(&others), None).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{others:?}: {}", page.text());
        let page = page.text();
        assert!(
            page.contains(sentence) && page.contains("医療セプター事務局"),
            "{others:?} {page}"
        );
    }
    for others in [vec![("sender", "king")], vec![("sent_on", "soon")], vec![("tlp", "blue")]] {
        let page = hospital.hand_in(&cookie, &with(&others), None).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{others:?}");
    }
    let path = hospital.brought(&cookie, FIELDS).await;
    for (verb, form, status) in [
        ("answer", "seen=1&on=2026-11-22&to_whom=B&answer=D", StatusCode::CONFLICT),
        ("triage", "seen=1&what.0=x&verdict.0=meant", StatusCode::BAD_REQUEST),
        ("triage", "seen=1", StatusCode::CONFLICT),
        ("device", "seen=1&device=nowhere", StatusCode::CONFLICT),
        ("none", "seen=1&none_reason=", StatusCode::CONFLICT),
        ("due", "seen=1&due=soon", StatusCode::BAD_REQUEST),
        ("lift", "seen=1&lift_reason=x", StatusCode::CONFLICT),
        ("embargo", "seen=1&until=2026-12-01&role=king", StatusCode::BAD_REQUEST),
    ] {
        let page = hospital.post(&format!("{path}/{verb}"), &cookie, form).await;
        assert_eq!(page.status, status, "{verb} {form}: {}", page.text());
    }
    assert_eq!(hospital.get("/notices/1", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_comes_second_sees_what_the_first_did_and_readers_only_read() {
    let hospital = hospital();
    let first = hospital.administrator().await;
    let second = hospital.signed_in("mori", Role::ClinicalEngineer).await;
    let path = hospital.brought(&first, FIELDS).await;
    hospital.go_on(&path, "due", &first, "seen=1&due=2026-12-04").await;
    let page = hospital.post(&format!("{path}/none"), &second, "seen=1&none_reason=typed").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let page = page.text();
    assert!(page.contains("ほかの人がしたこと") && page.contains("typed"), "{page}");
    let reader = hospital.signed_in("director", Role::Executive).await;
    let page = hospital.get(&path, &reader).await.text();
    assert!(page.contains("注意喚起") && !page.contains("action=\"/notices"), "{page}");
    let list = hospital.get("/notices", &reader).await.text();
    assert!(!list.contains("/notices/new"), "{list}");
    let page = hospital.post(&format!("{path}/none"), &reader, "seen=2&none_reason=x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

/// Words that only a notice under embargo holds.
const SECRET: [&str; 3] = ["公表前の欠陥", "秘匿製作所", "検査装置ゼータ"];

fn sealed(roles: &[Role]) -> NoticeDraft {
    NoticeDraft {
        sender: NoticeSender::Vendor,
        name: SECRET[1].to_owned(),
        title: SECRET[0].to_owned(),
        sent_on: "2026-11-20".parse().unwrap(),
        way: "メール".to_owned(),
        text: format!("{}と FortiOS 7.0.5 の欠陥です。", SECRET[2]),
        file: None,
        answer: Some(AnswerAsked { to: SECRET[1].to_owned(), due: "2026-11-21".parse().unwrap() }),
        tlp: None,
        embargo: Some(Embargo { until: None, roles: roles.to_vec() }),
    }
}

/// Every address that is read without a name in it, and those that a notice stands at.
fn surfaces(number: u32) -> Vec<String> {
    let table = listed();
    let plain = table.iter().filter(|route| route.method == Method::GET);
    let plain = plain.filter(|route| !route.path.contains('{')).map(|route| route.path.to_owned());
    let secret = encoded(SECRET[0]);
    let own = [
        format!("/notices/{number}"),
        format!("/notices/{number}/file"),
        format!("/notices?q={secret}"),
        format!("/search?q={}", encoded(SECRET[2])),
        format!("/search?q={number}"),
        "/changes?day=2026-11-22".to_owned(),
        format!("/findings?q={number}"),
        "/rules/FWU006".to_owned(),
        format!("/api/v1/notices/triage?number={number}"),
        "/settings/record?what=notice".to_owned(),
        "/product?mark=fortios%207.0.5".to_owned(),
        "/vulnerability?id=CVE-2022-40684".to_owned(),
    ];
    plain.chain(own).collect()
}

#[tokio::test]
async fn nothing_that_a_role_can_read_holds_a_word_of_what_is_kept_from_it() {
    let hospital = hospital();
    let reader = app::Reader::Role(Role::Administrator);
    let draft = sealed(&[Role::Administrator]);
    let number = hospital.app.take_notice(draft, None, reader, &act()).unwrap().number;
    hospital.app.round("2026-11-22".parse().unwrap(), &act()).unwrap();
    // The record of acts, which cannot have holes, names the notice and says nothing of it.
    let record = ["/settings/record", "/api/v1/audit"];
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Administrator) {
        let cookie = hospital.signed_in(&role.key()[..4], role).await;
        for path in surfaces(number) {
            let page = hospital.get(&path, &cookie).await;
            let text = page.text();
            // What was searched for is said back.
            let heard = text.replace(SECRET[0], "").replace(SECRET[2], "");
            let heard = if path.contains("?q=") { &heard } else { &text };
            for word in SECRET {
                assert!(!heard.contains(word), "{path} tells {role:?} of {word}");
            }
            let own = number.to_string();
            if path.contains(&own) {
                let nowhere = hospital.get(&path.replace(&own, "100000"), &cookie).await;
                assert_eq!(page.status, nowhere.status, "{path} {role:?}");
                let as_nowhere = text.replace(&own, "100000");
                assert_eq!(
                    as_nowhere,
                    nowhere.text(),
                    "{path} is as where there is none: {role:?}"
                );
            } else if !record.iter().any(|known| path.starts_with(known)) {
                assert!(!text.contains(&own), "{path} names it to {role:?}");
            }
        }
        if role.may(domain::Permission::Work) {
            for verb in ["none", "lift", "withdraw", "triage", "answer", "due", "device", "embargo"]
            {
                let form = "none_reason=x&lift_reason=x&withdraw_reason=x&on=2026-11-22&due=2026-12-01&answer=x&to_whom=x&device=CT-01&role=operator";
                let done = hospital.post(&format!("/notices/{number}/{verb}"), &cookie, form).await;
                assert_eq!(done.status, StatusCode::NOT_FOUND, "{verb} {role:?}");
            }
        }
    }
}

#[tokio::test]
async fn its_readers_find_it_and_no_export_or_print_holds_it() {
    let hospital = hospital();
    let roles = [Role::Administrator, Role::ClinicalEngineer];
    let reader = app::Reader::Role(Role::Administrator);
    let number = hospital.app.take_notice(sealed(&roles), None, reader, &act()).unwrap().number;
    let path = format!("/notices/{number}");
    for (login, role) in [("sato", roles[0]), ("mori", roles[1])] {
        let cookie = hospital.signed_in(login, role).await;
        for shown in
            ["/notices".to_owned(), format!("/search?q={}", encoded(SECRET[2])), path.clone()]
        {
            let page = hospital.get(&shown, &cookie).await.text();
            assert!(page.contains(SECRET[0]), "{shown} {role:?}: {page}");
        }
        let today = hospital.get("/", &cookie).await.text();
        assert!(today.contains("公開前のお知らせ 1 件が"), "{today}");
        let page = hospital.get(&path, &cookie).await.text();
        let (_, printed) = page.split_once("<main").unwrap();
        let (before, _) = printed.split_once("<div class=\"no-print\">").unwrap();
        assert!(before.contains("印刷されません") && !before.contains(SECRET[0]), "{before}");
        let table = hospital.get("/notices.csv", &cookie).await.text();
        assert!(!table.contains(SECRET[0]) && !table.contains(&number.to_string()), "{table}");
    }
    let cookie = hospital.administrator().await;
    for export in ["/settings/record.jsonl", "/settings/record.csv", "/devices/export"] {
        let bytes = hospital.get(export, &cookie).await.text();
        assert!(SECRET.iter().all(|word| !bytes.contains(word)), "{export}");
    }
    let token = hospital.token(Role::ClinicalEngineer);
    let listed = hospital.ask("/api/v1/notices", &token).await.json();
    assert_eq!(listed["notices"][0]["number"], number);
    let page = hospital.go_on(&path, "lift", &cookie, "seen=1&lift_reason=x").await;
    assert!(page.contains("公開前の扱いを終えました"), "{page}");
    let everybody = hospital.signed_in("inspector", Role::Inspector).await;
    assert!(hospital.get(&path, &everybody).await.text().contains(SECRET[0]));
}

#[tokio::test]
async fn scripts_take_in_look_through_and_answer() {
    let hospital = hospital();
    let token = hospital.token(Role::Operator);
    let tell = async |path: &str, body: serde_json::Value, status: u16| {
        let path = format!("/api/v1/notices{path}");
        let page = hospital.tell(&path, &token, "application/json", body.to_string()).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        page.json()
    };
    let notice = json!({
        "sender": "ministry", "name": "厚生労働省", "title": "注意喚起", "sent": "2026-11-20", "way": "メール",
        "text": TEXT, "to": "県", "due": "2026-11-27",
    });
    for (field, odd) in [("sender", "king"), ("sent", "soon"), ("tlp", "blue")] {
        let mut wrong = notice.clone();
        wrong[field] = odd.into();
        tell("", wrong, 400).await;
    }
    let mut sealed = notice.clone();
    sealed["embargo"] = json!({});
    assert_eq!(tell("", sealed, 409).await["key"], "notice.refused.not_a_reader");
    let number = tell("", notice, 200).await["number"].clone();
    let asked = format!("/api/v1/notices/triage?number={number}");
    let proposed = hospital.ask(&asked, &token).await.json();
    let document = web::openapi(&reference::Catalogue::load(reference::Language::En));
    assert_fits(&document, "get", "/api/v1/notices/triage", &proposed);
    let listed = hospital.ask("/api/v1/notices", &token).await.json();
    assert_fits(&document, "get", "/api/v1/notices", &listed);
    assert_eq!(proposed["numbers"][0]["state"], "concerns", "{proposed}");
    let what = proposed["things"][0]["what"].clone();
    let word = |what: serde_json::Value| json!({ "number": number, "verdicts": [{ "what": what, "meant": true }] });
    tell("/triage", word("nothing".into()), 400).await;
    tell("/triage", word("product:nothing".into()), 409).await;
    assert_eq!(tell("/triage", word(what), 200).await["state"], "to_answer");
    tell("/due", json!({ "number": number, "due": "2026-12-04" }), 200).await;
    let answer =
        json!({ "number": number, "seen": 3, "on": "2026-11-22", "to": "県", "text": "済み" });
    assert_eq!(tell("/answer", answer.clone(), 200).await["state"], "answered");
    assert_eq!(tell("/answer", answer, 409).await["key"], "app.matter_moved");
    let reason = json!({ "number": number, "reason": "x" });
    tell("/none", reason.clone(), 409).await;
    tell("/lift", reason.clone(), 409).await;
    assert_eq!(tell("/withdraw", reason, 200).await["state"], "withdrawn");
    tell("/withdraw", json!({ "number": 1, "reason": "x" }), 404).await;
    let listed = hospital.ask("/api/v1/notices", &token).await.json();
    assert_eq!(listed["notices"].as_array().unwrap().len(), 1);
}
