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
