//! 照会: a letter by forms, what two people do to it at once, and what comes back.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use serde_json::json;

use crate::hospital::{Hospital, Page, act};

const PRODUCT: &str = "/product?mark=fortios%207.0.5";
const DRAFT: &str = "mark=fortios+7.0.5&vulnerability=CVE-2022-40684&vendor=A%E7%A4%BE&contact=%E4%BD%90%E8%97%A4&due=2026-12-04&note=";
const BOUNDARY: &str = "----mimawari";

fn hospital() -> Hospital {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    hospital
}

impl Hospital {
    /// Takes a form, and gives the page that the browser is sent to.
    async fn take(&self, path: &str, cookie: &str, form: &str) -> String {
        let page = self.post(path, cookie, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.text());
        self.get(page.to(), cookie).await.text()
    }

    async fn drafted(&self, cookie: &str) {
        let page = self.take("/inquiries/new", cookie, DRAFT).await;
        assert!(page.contains("照会の文を作りました"), "{page}");
    }

    async fn sent(&self, cookie: &str) {
        self.drafted(cookie).await;
        let form = "seen=1&on=2026-11-22&to=%E5%B1%B1%E7%94%B0&way=mail";
        let page = self.take("/inquiries/1/sent", cookie, form).await;
        assert!(page.contains("回答待ち"), "{page}");
    }

    /// Sends a file as a browser does.
    async fn bring_back(&self, cookie: &str, name: &str, bytes: &[u8]) -> Page {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let request = Request::post("/inquiries/1/read")
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// The value of the hidden field `name`.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_inquiry_goes_its_way_by_forms_alone() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let product = hospital.get(PRODUCT, &cookie).await.text();
    let write = "/inquiries/new?mark=fortios%207.0.5";
    assert!(product.contains(write), "{product}");
    let form = hospital.get(write, &cookie).await.text();
    assert!(form.contains("value=\"CVE-2022-40684\" checked"), "{form}");
    assert!(form.contains("value=\"2026-12-06\""), "a fortnight later: {form}");
    hospital.sent(&cookie).await;
    let letter = hospital.get("/inquiries/1/letter", &cookie).await.text();
    assert!(letter.contains("A社 御中") && letter.contains("CISA KEV"), "{letter}");
    let letter = hospital.get("/inquiries/1/letter?language=en", &cookie).await.text();
    assert!(letter.contains("To A社") && letter.contains("lang=\"en\""), "{letter}");

    let typed = "seen=2&id.0=CVE-2022-40684&a.0.score=7.5&a.0.exploit_method=%20";
    let page = hospital.take("/inquiries/1/answers", &cookie, typed).await;
    assert!(page.contains("回答を保存しました") && page.contains("7.5"), "{page}");
    // The sheet holds what is known when it is saved: here it comes back after somebody typed something else.
    let sheet = hospital.get("/inquiries/1/sheet.xlsx", &cookie).await.body;
    let typed = "seen=3&id.0=CVE-2022-40684&a.0.score=9.9";
    hospital.take("/inquiries/1/answers", &cookie, typed).await;
    let preview = hospital.bring_back(&cookie, "回答.xlsx", &sheet).await;
    assert_eq!(preview.status, StatusCode::OK);
    let preview = preview.text();
    assert!(preview.contains("取り込む回答: 1 か所") && preview.contains("9.9"), "{preview}");
    let form = format!("seen=4&name=%E5%9B%9E.xlsx&file={}", hidden(&preview, "file"));
    let page = hospital.take("/inquiries/1/take", &cookie, &form).await;
    assert!(page.contains("/inquiries/1/file/5"), "{page}");
    assert_eq!(hospital.get("/inquiries/1/file/5", &cookie).await.body, sheet);
    let list = hospital.get("/inquiries", &cookie).await.text();
    assert!(list.contains("一部回答") && list.contains("2026年12月4日"), "{list}");
}

#[tokio::test]
async fn who_comes_second_sees_what_the_first_did_and_what_was_typed_stays() {
    let hospital = hospital();
    let first = hospital.administrator().await;
    let second = hospital.signed_in("mori", Role::ClinicalEngineer).await;
    hospital.sent(&first).await;
    hospital.take("/inquiries/1/due", &first, "seen=2&due=2026-12-24").await;
    let typed = "seen=2&id.0=CVE-2022-40684&a.0.score=patience";
    let page = hospital.post("/inquiries/1/answers", &second, typed).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let page = page.text();
    for word in ["ほかの人がしたこと", "2026年12月24日 に変えました", "user:sato", "patience"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    let again = typed.replace("seen=2", &format!("seen={}", hidden(&page, "seen")));
    let page = hospital.take("/inquiries/1/answers", &second, &again).await;
    assert!(page.contains("patience"), "{page}");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_a_sentence_and_what_was_typed_stays() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let write = |form: &str| {
        let (form, cookie, hospital) = (form.to_owned(), cookie.clone(), &hospital);
        async move { hospital.post("/inquiries/new", &cookie, &form).await }
    };
    for (form, sentence) in [
        (DRAFT.replace("&vulnerability=CVE-2022-40684", ""), "1 件から 50 件"),
        (DRAFT.replace("CVE-2022-40684", "CVE-1999-0001"), "当てはまりません"),
        (DRAFT.replace("2026-12-04", "2026-11-01"), "期限が過ぎた日"),
        (DRAFT.replace("contact=%E4%BD%90%E8%97%A4", "contact="), "連絡先が空です"),
    ] {
        let page = write(&form).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{form}");
        assert!(page.text().contains(sentence) && page.text().contains("A社"), "{}", page.text());
    }
    let page = write(&DRAFT.replace("fortios", "nothing")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "a form of ours names no such product");
    hospital.drafted(&cookie).await;
    let early = "seen=1&on=2026-11-23&to=x&way=y";
    let page = hospital.post("/inquiries/1/sent", &cookie, early).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("まだ来ていない日"), "{}", page.text());
    for (path, form, status) in [
        ("/inquiries/1/sent", "seen=1&on=soon&to=x&way=y", StatusCode::BAD_REQUEST),
        ("/inquiries/1/take", "seen=1&name=x&file=%21", StatusCode::BAD_REQUEST),
        ("/inquiries/1/take", "seen=1&name=x&file=UEsDBA", StatusCode::CONFLICT),
        ("/inquiries/9/withdraw", "seen=1&reason=x", StatusCode::NOT_FOUND),
        ("/inquiries/x/withdraw", "seen=1&reason=x", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(hospital.post(path, &cookie, form).await.status, status, "{path} {form}");
    }
    let large = hospital.bring_back(&cookie, "x.xlsx", &vec![0; (1 << 20) + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let other = hospital.bring_back(&cookie, "x.xlsx", b"no workbook").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(hospital.get("/inquiries/1/file/1", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_only_looks_reads_everything_and_is_offered_nothing_to_change() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let hostile = DRAFT.replace("vendor=A", "vendor=%3Cscript%3Ealert(1)%3C/script%3E");
    hospital.take("/inquiries/new", &cookie, &hostile).await;
    let reader = hospital.signed_in("director", Role::Executive).await;
    for path in ["/inquiries", "/inquiries/1", "/inquiries/1/letter", PRODUCT] {
        let page = hospital.get(path, &reader).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let page = page.text();
        assert!(!page.contains("<script>alert"), "{path}");
        assert!(
            !page.contains("/inquiries/new") && !page.contains("action=\"/inquiries"),
            "{path}"
        );
    }
    let changes = hospital.get("/changes?day=2026-11-22", &reader).await.text();
    assert!(changes.contains("への照会の文を書きました"), "{changes}");
    assert_eq!(hospital.get("/inquiries/1/sheet.xlsx", &reader).await.status, StatusCode::OK);
    let page = hospital.post("/inquiries/1/withdraw", &reader, "seen=1&reason=x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn scripts_ask_record_and_withdraw() {
    let hospital = hospital();
    let (token, reads) = (hospital.token(Role::Operator), hospital.token(Role::Inspector));
    let tell = async |path: &str, body: serde_json::Value, status: u16| {
        let path = format!("/api/v1/inquiries{path}");
        let page = hospital.tell(&path, &token, "application/json", body.to_string()).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        page.json()
    };
    let draft = json!({
        "mark": "fortios 7.0.5", "vulnerabilities": ["CVE-2022-40684"], "vendor": "A社", "contact": "佐藤",
        "due": "2026-12-04",
    });
    let mut later = draft.clone();
    later["due"] = "soon".into();
    tell("", later, 400).await;
    assert_eq!(tell("", draft.clone(), 200).await["number"], 1);
    let mut again = draft;
    (again["number"], again["seen"], again["note"]) = (1.into(), 1.into(), "急ぎます".into());
    assert_eq!(tell("", again.clone(), 200).await["steps"], 2);
    assert_eq!(tell("", again, 409).await["key"], "app.matter_moved");
    let sent = json!({ "number": 1, "on": "2026-11-22", "to": "山田", "way": "mail" });
    assert_eq!(tell("/sent", sent, 200).await["state"], "sent");
    assert_eq!(
        tell("/due", json!({ "number": 1, "due": "2026-12-20" }), 200).await["due"],
        "2026-12-20"
    );
    let answer = |item: &str| json!({ "number": 1, "answers": [{ "id": "CVE-2022-40684", "item": item, "text": "7.5" }] });
    tell("/answers", answer("colour"), 400).await;
    assert_eq!(tell("/answers", answer("score"), 200).await["missing"], 5);
    let listed = hospital.ask("/api/v1/inquiries", &reads).await.json();
    assert_eq!(listed["inquiries"][0]["state"], "answered_in_part");
    let gone = tell("/withdraw", json!({ "number": 1, "reason": "不要" }), 200).await;
    assert_eq!(gone["state"], "withdrawn");
    let page = hospital.tell("/api/v1/inquiries/due", &reads, "application/json", "{}").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
