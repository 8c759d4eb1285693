//! どの製品のことか: the form on the page of a product, and the interface for scripts.

use app::{ImportOptions, NewFile};
use axum::http::StatusCode;
use domain::Role;
use serde_json::json;

use crate::api::assert_fits;
use crate::hospital::{Hospital, act};

const JSON: &str = "application/json";

const LEDGER: &str = "管理番号,機器名,コンピュータ名,ソフトウェア名,OS,OSバージョン
901,受付,EMR-01,〇〇カルテ<b> 2.0,FortiOS 遠隔読影,7.0.5
";

fn hospital() -> Hospital {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    let bytes = Ok(LEDGER.as_bytes().to_vec().into());
    let file = NewFile { path: "部門台帳.csv".into(), bytes, modified: None };
    let options =
        ImportOptions { source: Some("ledger/部門".into()), ..ImportOptions::default() };
    let view = hospital.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    assert!(view.files[0].error.is_none(), "{view:?}");
    hospital
}

/// Sends the form, and follows where it leads.
async fn settle(hospital: &Hospital, cookie: &str, form: &str) -> String {
    let sent = hospital.post("/product/settle", cookie, form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let led = hospital.get(sent.to(), cookie).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text());
    let to = led.to().to_owned();
    assert!(to.ends_with("said=writing_settled"), "{to}");
    let page = hospital.get(&to, cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    page.text()
}

#[tokio::test]
async fn a_candidate_is_confirmed_refused_and_opened_again_on_the_page_of_its_product() {
    let hospital = hospital();
    let cookie = hospital.signed_in("kato", Role::ClinicalEngineer).await;
    let text = hospital.get("/product?mark=fortios%207.0.5%20%3F", &cookie).await.text();
    assert!(
        text.contains("action=\"/product/settle\"")
            && text.contains("value=\"is:FortiOS\" checked"),
        "{text}"
    );
    let form = "mark=fortios+7.0.5+%3F&what=os&text=fortios%E9%81%A0%E9%9A%94%E8%AA%AD%E5%BD%B1&product=&reason=x";
    let text = settle(&hospital, &cookie, &format!("{form}&to=is%3AFortiOS")).await;
    assert!(text.contains("<h1>FortiOS 7.0.5</h1>"), "{text}");
    assert!(text.contains("人が確かめた") && text.contains("EMR-01"), "{text}");
    let text = settle(&hospital, &cookie, &format!("{form}&to=none")).await;
    assert!(text.contains("<h1>FortiOS 遠隔読影 7.0.5</h1>"), "{text}");
    assert!(text.contains("候補ではないと人が言った"), "{text}");
    let text = settle(&hospital, &cookie, &format!("{form}&to=open")).await;
    assert!(
        text.contains("value=\"is:FortiOS\" checked") && text.contains("未確認に戻した"),
        "{text}"
    );
    let text = hospital.get("/changes", &cookie).await.text();
    assert!(text.contains("を、FortiOS のこととしました: x"), "{text}");
}

#[tokio::test]
async fn every_writing_stands_on_one_page_by_its_state_and_is_settled_there() {
    let hospital = hospital();
    let cookie = hospital.signed_in("kato", Role::ClinicalEngineer).await;
    let open = hospital.get("/writings", &cookie).await.text();
    for shown in ["FortiOS 遠隔読影", "action=\"/writings/settle\"", "aria-current=\"page\">未確認"]
    {
        assert!(open.contains(shown), "{shown}: {open}");
    }
    assert!(open.contains("〇〇カルテ") && !open.contains("カルテ<b>"), "{open}");
    let form = "what=os&text=fortios%E9%81%A0%E9%9A%94%E8%AA%AD%E5%BD%B1&product=&reason=x&state=open&q=fortios&page=1";
    let sent = hospital.post("/writings/settle", &cookie, &format!("{form}&to=is%3AFortiOS")).await;
    assert_eq!(sent.to(), "/writings?state=open&q=fortios&page=1&said=writing_settled");
    let text = hospital.get(sent.to(), &cookie).await.text();
    assert!(text.contains("見つかりません") || !text.contains("FortiOS 遠隔読影"), "{text}");
    let confirmed = hospital.get("/writings?state=confirmed", &cookie).await.text();
    assert!(confirmed.contains("FortiOS 遠隔読影") && confirmed.contains("kato"), "{confirmed}");
    let sent = hospital.post("/writings/settle", &cookie, &format!("{form}&to=none")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let refused = hospital.get("/writings?state=refused", &cookie).await.text();
    assert!(refused.contains("FortiOS 遠隔読影"), "{refused}");
    let sure = hospital.get("/writings?state=sure", &cookie).await.text();
    assert!(sure.contains("製品名の表でわかる") && !sure.contains("FortiOS 遠隔読影"), "{sure}");
    for page in ["/unjudged", "/product?mark=fortios%207.0.5"] {
        let text = hospital.get(page, &cookie).await.text();
        assert!(text.contains("href=\"/writings\""), "{page}");
    }
}

#[tokio::test]
async fn on_the_list_what_does_not_fit_is_said_and_what_was_typed_stays() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let typed = "what=software&text=%E3%80%87%E3%80%87%E3%82%AB%E3%83%AB%E3%83%86%3Cb%3E&to=other&product=%3Cb%3EX&reason=why&state=open&q=&page=1";
    let sent = hospital.post("/writings/settle", &cookie, typed).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    let text = sent.text();
    assert!(text.contains("role=\"alert\"") && text.contains("value=\"why\""), "{text}");
    assert!(text.contains("<details class=\"no-print\" open>") && !text.contains("<b>X"), "{text}");
    let none = hospital.get("/writings?q=nothing-has-this-name", &cookie).await.text();
    assert!(!none.contains("/writings/settle"), "{none}");
    let inspector = hospital.signed_in("kan", Role::Inspector).await;
    let seen = hospital.get("/writings", &inspector).await.text();
    assert!(seen.contains("FortiOS 遠隔読影") && !seen.contains("/writings/settle"), "{seen}");
    let refused = hospital.post("/writings/settle", &inspector, typed).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn none_of_the_candidates_is_offered_only_where_there_are_some() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let card = |text: &str, name: &str| {
        let cards = text.split("<section class=\"card\">").map(str::to_owned);
        cards
            .into_iter()
            .find(|card| card.contains(name))
            .unwrap_or_else(|| panic!("{name}: {text}"))
    };
    let text = hospital.get("/writings", &cookie).await.text();
    let known = card(&text, "FortiOS 遠隔読影");
    assert!(known.contains("value=\"none\"") && known.contains("value=\"is:FortiOS\" checked"));
    let unknown = card(&text, "カルテ");
    assert!(!unknown.contains("value=\"none\""), "{unknown}");
    assert!(unknown.contains("value=\"other\" checked"), "{unknown}");
}

#[tokio::test]
async fn a_long_list_of_writings_comes_in_pages_of_a_hundred() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let rows: String = (0..130)
        .map(|at| format!("{},端末,PC-{at:03},独自ソフト{at:03}版,,\n", 1000 + at))
        .collect();
    let ledger = format!("管理番号,機器名,コンピュータ名,ソフトウェア名,OS,OSバージョン\n{rows}");
    let bytes = Ok(ledger.into_bytes().into());
    let file = NewFile { path: "多数.csv".into(), bytes, modified: None };
    let options =
        ImportOptions { source: Some("ledger/多数".into()), ..ImportOptions::default() };
    hospital.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    let first = hospital.get("/writings?q=%E7%8B%AC%E8%87%AA", &cookie).await.text();
    assert_eq!(first.matches("action=\"/writings/settle\"").count(), 100);
    let next = hospital.get("/writings?q=%E7%8B%AC%E8%87%AA&page=2", &cookie).await.text();
    assert_eq!(next.matches("action=\"/writings/settle\"").count(), 30);
    assert!(next.contains("rel=\"prev\"") && !next.contains("rel=\"next\""));
}

#[tokio::test]
async fn what_does_not_fit_is_said_beside_what_was_typed() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let mark = "mark=%E3%80%87%E3%80%87%E3%82%AB%E3%83%AB%E3%83%86%3Cb%3E2.0+%3F";
    let writing = "what=software&text=%E3%80%87%E3%80%87%E3%82%AB%E3%83%AB%E3%83%86%3Cb%3E";
    let typed = format!("{mark}&{writing}&to=other&product=%3Cb%3EX&reason=why");
    let sent = hospital.post("/product/settle", &cookie, &typed).await;
    let text = sent.text();
    assert_eq!(sent.status, StatusCode::CONFLICT, "{text}");
    assert!(
        text.contains("role=\"alert\"") && text.contains("value=\"why\"") && !text.contains("<b>"),
        "{text}"
    );
    for (form, status) in [
        (format!("{mark}&{writing}&to="), StatusCode::BAD_REQUEST),
        (format!("{mark}&{writing}&to=x"), StatusCode::BAD_REQUEST),
        (format!("{mark}&what=door&text=x&to=none"), StatusCode::BAD_REQUEST),
        (format!("{mark}&what=os&text=x&to=none"), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(hospital.post("/product/settle", &cookie, &form).await.status, status, "{form}");
    }
    let lost = hospital.get("/product/of?what=os&text=x&said=writing_settled", &cookie).await;
    assert_eq!(lost.to(), "/weaknesses?said=writing_settled");
    assert_eq!(
        hospital.get("/product/of?what=os&text=x&said=y", &cookie).await.to(),
        "/weaknesses"
    );
    let door = hospital.get("/product/of?what=door&text=x", &cookie).await;
    assert_eq!(door.status, StatusCode::NOT_FOUND);
    let reader = hospital.signed_in("kansa", Role::Inspector).await;
    let text = hospital.get("/product?mark=fortios%207.0.5%20%3F", &reader).await.text();
    assert!(!text.contains("/product/settle"), "{text}");
    let sent = hospital.post("/product/settle", &reader, &typed).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn scripts_list_confirm_refuse_and_open_again() {
    let hospital = hospital();
    let token = hospital.token(Role::Operator);
    let document = web::openapi(&reference::Catalogue::load(reference::Language::En));
    let page = hospital.ask("/api/v1/writings", &token).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_fits(&document, "get", "/api/v1/writings", &page.json());
    let tell = async |act: &str, body: serde_json::Value| {
        hospital.tell(&format!("/api/v1/writings/{act}"), &token, JSON, body.to_string()).await
    };
    let writing = "FortiOS 遠隔読影";
    for (act, state) in [("confirm", "confirmed"), ("refuse", "refused"), ("reopen", "open")] {
        let page = tell(act, json!({ "writing": writing, "what": "os" })).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert_fits(&document, "post", &format!("/api/v1/writings/{act}"), &page.json());
        assert_eq!(page.json()["state"], state);
    }
    for (body, status, key) in [
        (
            json!({ "writing": writing, "what": "door" }),
            StatusCode::BAD_REQUEST,
            "web.api.writing_what",
        ),
        (json!({ "writing": "x" }), StatusCode::NOT_FOUND, "app.no_writing"),
        (
            json!({ "writing": writing, "product": "pkg:" }),
            StatusCode::CONFLICT,
            "products.bad_purl",
        ),
    ] {
        let page = tell("confirm", body).await;
        assert_eq!((page.status, &page.json()["key"]), (status, &json!(key)));
    }
}
