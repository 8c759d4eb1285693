//! Deciding about single vulnerabilities: the form, what becomes of it, and the documents for others.

use axum::http::{StatusCode, header};
use domain::Role;
use serde_json::{Value, json};

use crate::hospital::{Hospital, act};

const CVE: &str = "CVE-2024-21762";
const JSON: &str = "application/json";

fn hospital() -> Hospital {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    hospital
}

/// The fields of a form, as a browser sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// A form that holds; `changed` stands in for fields of the same name.
fn not_affected(changed: &[(&str, &str)]) -> String {
    let fields = [
        ("id", CVE),
        ("product", "fortios 7.0.5"),
        ("next", "/vulnerability?id=CVE-2024-21762"),
        ("status", "not_affected"),
        ("scope", "version"),
        ("origin", "vendor_answer"),
        ("justification", "vulnerable_code_not_in_execute_path"),
        ("impact", ""),
        ("action", ""),
        ("review", ""),
        ("reason", "業者の回答による <b>"),
    ];
    let changed_to = |name: &str| changed.iter().find(|(known, _)| *known == name);
    let fields: Vec<(&str, &str)> = fields
        .into_iter()
        .map(|(name, value)| (name, changed_to(name).map_or(value, |(_, value)| value)))
        .collect();
    form(&fields)
}

const PAGE: &str = "/vulnerability?id=CVE-2024-21762";

#[tokio::test]
async fn a_decision_is_taken_on_the_page_of_the_vulnerability_and_shown_there() {
    let hospital = hospital();
    let cookie = hospital.signed_in("kato", Role::ClinicalEngineer).await;
    let text = hospital.get(PAGE, &cookie).await.text();
    assert!(text.contains("action=\"/vex/decide\"") && text.contains("value=\"fortios 7.0.5\""));
    let sent = hospital.post("/vex/decide", &cookie, &not_affected(&[])).await;
    assert_eq!(
        (sent.status, sent.to()),
        (StatusCode::SEE_OTHER, &*format!("{PAGE}&said=vex_decided"))
    );
    let text = hospital.get(sent.to(), &cookie).await.text();
    assert!(text.contains("脆弱性の判断を記録しました"));
    assert!(text.contains("業者の回答による &#60;b&#62;"), "what was typed is no markup: {text}");
    assert!(text.contains("これまでの判断(1 件)") && text.contains("action=\"/vex/take-back\""));
    let text = hospital.get("/product?mark=fortios%207.0.5", &cookie).await.text();
    assert!(
        text.contains("業者の回答による"),
        "it stays visible, though it is known to be exploited"
    );
    let text = hospital.get("/vex", &cookie).await.text();
    assert!(text.contains(CVE) && text.contains("有効") && text.contains("user:kato"));
    let text = hospital.get("/vulnerabilities", &cookie).await.text();
    assert!(text.contains("判断で除いた製品"));
    let text = hospital.get("/changes", &cookie).await.text();
    assert!(
        text.contains("FortiOS 7.0.5 の CVE-2024-21762 を「影響を受けない」と判断しました"),
        "{text}"
    );
    assert!(text.contains("href=\"/vulnerability?id=CVE-2024-21762\""));
    hospital.app.round("2026-11-22".parse().unwrap(), &act()).unwrap();
    let found = hospital.app.findings(false, "2026-11-22".parse().unwrap()).unwrap();
    let told = found.iter().find(|finding| finding.rule == "VUL001").unwrap();
    assert!(!told.reason.contains(CVE), "{}", told.reason);
}

#[tokio::test]
async fn what_does_not_fit_comes_back_with_everything_that_was_typed() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    for (changed, status, said) in [
        (("justification", ""), StatusCode::CONFLICT, "五つの理由から一つ"),
        (("reason", " "), StatusCode::CONFLICT, "理由を書いてください"),
        (("review", "2026-11-21"), StatusCode::CONFLICT, "過ぎています"),
        (("review", "someday"), StatusCode::BAD_REQUEST, "someday"),
        (("status", ""), StatusCode::BAD_REQUEST, "判断、どの版についてか"),
        (("id", "CVE-1999-1"), StatusCode::NOT_FOUND, "当てはまりません"),
        (("product", "nothing"), StatusCode::CONFLICT, "動いていません"),
    ] {
        let page = hospital.post("/vex/decide", &cookie, &not_affected(&[changed])).await;
        let text = page.text();
        assert_eq!(page.status, status, "{changed:?}");
        assert!(text.contains(said), "{changed:?}: {text}");
        assert!(text.contains("role=\"alert\"") && text.contains("action=\"/vex/decide\""));
        if changed.0 != "reason" {
            assert!(text.contains("業者の回答による"), "{changed:?}");
        }
    }
    assert_eq!(hospital.app.vex_decisions("2026-11-22".parse().unwrap()).unwrap(), []);
}

#[tokio::test]
async fn who_only_reads_sees_no_form_and_may_not_decide() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    hospital.post("/vex/decide", &cookie, &not_affected(&[])).await;
    for role in [Role::Executive, Role::Inspector] {
        let cookie = hospital.signed_in(role.key().get(..4).unwrap(), role).await;
        let text = hospital.get(PAGE, &cookie).await.text();
        assert!(text.contains("業者の回答による"), "it is read by all");
        assert!(!text.contains("/vex/decide") && !text.contains("/vex/take-back"));
        for (path, sent) in
            [("/vex/decide", not_affected(&[])), ("/vex/take-back", "number=1&reason=x".to_owned())]
        {
            let refused = hospital.post(path, &cookie, &sent).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path} as {}", role.key());
        }
    }
}

#[tokio::test]
async fn a_decision_is_taken_back_with_a_reason() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    hospital.post("/vex/decide", &cookie, &not_affected(&[])).await;
    let refused = hospital.post("/vex/take-back", &cookie, "number=1&reason=").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let sent = form(&[("number", "1"), ("reason", "番号違い"), ("next", PAGE)]);
    let page = hospital.post("/vex/take-back", &cookie, &sent).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let text = hospital.get(PAGE, &cookie).await.text();
    assert!(text.contains("取り消し") && text.contains("番号違い"));
    let again = hospital.post("/vex/take-back", &cookie, &sent).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_documents_are_files_under_a_name_of_their_own() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let nothing = hospital.get("/vex/export/csaf", &cookie).await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
    assert!(nothing.text().contains("外に示せる判断がありません"));
    hospital.post("/vex/decide", &cookie, &not_affected(&[])).await;
    for format in ["openvex", "csaf"] {
        let page = hospital.get(&format!("/vex/export/{format}"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        let name = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.contains("filename=\"mimawari-vex-2026-11-22-"), "{name}");
        assert!(page.json().is_object());
        assert!(
            hospital.get("/vex", &cookie).await.text().contains(&format!("/vex/export/{format}"))
        );
    }
    assert_eq!(hospital.get("/vex/export/pdf", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn scripts_decide_list_take_back_and_export() {
    let hospital = hospital();
    let (work, look) = (hospital.token(Role::Operator), hospital.token(Role::Inspector));
    let decision = |changed: Value| {
        let mut decision = json!({
            "vulnerability": CVE, "product": "FortiOS 7.0.5", "scope": "product", "status": "affected",
            "action": "SSL-VPN を止めた", "controls": ["remote_access_removal"], "review": "2026-12-10",
            "origin": "own_judgement", "reason": "更新は12月",
        });
        for (key, value) in changed.as_object().unwrap() {
            decision[key] = value.clone();
        }
        decision.to_string()
    };
    let path = "/api/v1/vex/decide";
    let made = hospital.tell(path, &work, JSON, decision(json!({}))).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert_eq!((&made.json()["number"], &made.json()["state"]), (&json!(1), &json!("in_force")));
    for (changed, status) in [
        (json!({ "status": "maybe" }), StatusCode::BAD_REQUEST),
        (json!({ "controls": ["magic"] }), StatusCode::BAD_REQUEST),
        (json!({ "review": "soon" }), StatusCode::BAD_REQUEST),
        (json!({ "colour": "red" }), StatusCode::BAD_REQUEST),
        (json!({ "review": null }), StatusCode::CONFLICT),
        (json!({ "vulnerability": "CVE-1" }), StatusCode::NOT_FOUND),
    ] {
        let refused = hospital.tell(path, &work, JSON, decision(changed.clone())).await;
        assert_eq!(refused.status, status, "{changed}: {}", refused.text());
    }
    let refused = hospital.tell(path, &look, JSON, decision(json!({}))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let all = hospital.ask("/api/v1/vex", &look).await.json();
    assert_eq!(all["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(all["decisions"][0], made.json());
    for format in ["openvex", "csaf"] {
        let document = hospital.ask(&format!("/api/v1/vex/export?format={format}"), &look).await;
        assert_eq!(document.status, StatusCode::OK, "{}", document.text());
        assert!(document.text().contains("SSL-VPN を止めた"), "{}", document.text());
    }
    let later = hospital.ask("/api/v1/vex/export?format=csaf&date=2026-12-11", &look).await;
    assert_eq!(later.status, StatusCode::CONFLICT, "it is to be looked at again by then");
    let missing = hospital.ask("/api/v1/vex/export", &look).await;
    assert_eq!(missing.status, StatusCode::BAD_REQUEST);
    let body = json!({ "number": 1, "reason": "x" }).to_string();
    let back = hospital.tell("/api/v1/vex/take-back", &work, JSON, body.clone()).await;
    assert_eq!(back.json()["state"], "taken_back");
    let again = hospital.tell("/api/v1/vex/take-back", &work, JSON, body).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}
