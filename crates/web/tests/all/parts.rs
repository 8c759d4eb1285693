//! 部品表: the list of lists, choosing the product, the page of a product, and a comparison.

use app::{ImportOptions, NewFile};
use axum::http::StatusCode;
use domain::Role;
use serde_json::json;

use crate::api::assert_fits;
use crate::hospital::{Hospital, act};

const JSON: &str = "application/json";

const LIST: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
  "metadata": { "timestamp": "2026-05-01T00:00:00Z", "component": { "type": "firmware", "name": "FortiOS", "version": "7.0.5" } },
  "components": [
    { "type": "library", "name": "zlib<b>", "version": "1.2.11" },
    { "type": "library", "name": "openssl", "version": "1.1.1k" }
  ]
}"#;

/// The demo hospital with two lists of FortiOS, and their numbers.
fn hospital() -> (Hospital, u32, u32) {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    let newer = LIST.replace("7.0.5", "7.0.6").replace("1.2.11", "1.3").replace("-05-", "-06-");
    let [old, new] = [LIST.to_owned(), newer].map(|text| {
        let file = NewFile {
            path: "fortios.cdx.json".into(),
            bytes: Ok(text.into_bytes().into()),
            modified: None,
        };
        let view = hospital.app.import([file], &ImportOptions::default(), &act(), &mut |_, _| {});
        view.unwrap().files[0].import.unwrap()
    });
    (hospital, old, new)
}

#[tokio::test]
async fn a_list_is_laid_beside_a_product_on_its_page_and_shown_there() {
    let (hospital, old, new) = hospital();
    let cookie = hospital.signed_in("kato", Role::ClinicalEngineer).await;
    let text = hospital.get("/parts", &cookie).await.text();
    assert!(text.contains(&format!("href=\"/parts/{old}\"")), "{text}");
    assert!(text.contains("どの製品のものか確かめられていない部品表が 2 件あります"), "{text}");
    let page = format!("/parts/{old}");
    let text = hospital.get(&page, &cookie).await.text();
    assert!(
        text.contains("value=\"family:fortios\"") && text.contains("zlib&#60;b&#62;"),
        "{text}"
    );
    let sent = hospital
        .post(&format!("{page}/attach"), &cookie, "to=family%3Afortios&product=&release=&reason=x")
        .await;
    assert_eq!(
        (sent.status, sent.to()),
        (StatusCode::SEE_OTHER, &*format!("{page}?said=parts_attached"))
    );
    let text = hospital.get(sent.to(), &cookie).await.text();
    assert!(
        text.contains("部品表の製品を記録しました")
            && text.contains(&format!("/parts/compare?old={new}&amp;new={old}")),
        "{text}"
    );
    let text = hospital.get("/product?mark=fortios%207.0.5", &cookie).await.text();
    assert!(
        text.contains(&format!("/parts/{old}\"")) && text.contains(&format!("/parts/{new}\"")),
        "{text}"
    );
    assert!(text.contains(&format!("/parts/compare?old={old}&amp;new={new}")), "{text}");
    let text = hospital.get(&format!("/parts/{new}"), &cookie).await.text();
    assert!(text.contains("この部品表は 7.0.6 のもので、使用中の版は 7.0.5、7.4.8 です"), "{text}");
    assert!(text.contains("前の部品表についての記録"), "{text}");
    let text = hospital.get(&format!("/parts/{old}?q=openssl"), &cookie).await.text();
    assert!(text.contains("1.1.1k") && !text.contains("zlib&#60;"), "{text}");
    let text = hospital.get(&format!("/parts/compare?old={old}&new={new}"), &cookie).await.text();
    assert!(text.contains("↑ 新しくなった") && text.contains("同じ部品 1"), "{text}");
    let text = hospital.get("/changes", &cookie).await.text();
    assert!(text.contains("を、FortiOS のものとしました: x"), "{text}");
}

#[tokio::test]
async fn what_does_not_fit_is_said_beside_what_was_typed() {
    let (hospital, old, _) = hospital();
    let cookie = hospital.administrator().await;
    let page = format!("/parts/{old}/attach");
    let sent =
        hospital.post(&page, &cookie, "to=other&product=%3Cb%3EX&release=9&reason=why").await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    let text = sent.text();
    assert!(
        text.contains("role=\"alert\"") && text.contains("value=\"why\"") && !text.contains("<b>X"),
        "{text}"
    );
    for (path, form, status) in [
        (page.as_str(), "to=&reason=x", StatusCode::BAD_REQUEST),
        (page.as_str(), "to=fortios", StatusCode::BAD_REQUEST),
        ("/parts/1/attach", "to=apart", StatusCode::NOT_FOUND),
        ("/parts/99/attach", "to=apart", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(hospital.post(path, &cookie, form).await.status, status, "{path} {form}");
    }
    for path in ["/parts/1", "/parts/x", "/parts/compare?old=1&new=1"] {
        assert_eq!(hospital.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let reader = hospital.signed_in("kansa", Role::Inspector).await;
    let text = hospital.get(&format!("/parts/{old}"), &reader).await.text();
    assert!(!text.contains("/attach\""), "{text}");
    assert_eq!(hospital.post(&page, &reader, "to=apart").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn scripts_list_show_attach_and_compare() {
    let (hospital, old, new) = hospital();
    let token = hospital.token(Role::Operator);
    let document = web::openapi(&reference::Catalogue::load(reference::Language::En));
    let compare = format!("/api/v1/parts/compare?old={old}&new={new}");
    for (path, address) in [
        ("/api/v1/parts", "/api/v1/parts"),
        ("/api/v1/parts/{id}", &*format!("/api/v1/parts/{old}")),
        ("/api/v1/parts/compare", &*compare),
    ] {
        let page = hospital.ask(address, &token).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
        assert_fits(&document, "get", path, &page.json());
    }
    let tell = async |body: serde_json::Value| {
        hospital.tell("/api/v1/parts/attach", &token, JSON, body.to_string()).await
    };
    let page = tell(json!({ "import": old, "product": "FortiOS" })).await;
    assert_fits(&document, "post", "/api/v1/parts/attach", &page.json());
    assert_eq!(page.json()["use_state"], "in_use");
    let page = tell(json!({ "import": old, "product": "X" })).await;
    assert_eq!(
        (page.status, &page.json()["key"]),
        (StatusCode::CONFLICT, &json!("parts.no_own_product"))
    );
    assert_eq!(tell(json!({ "import": 99, "product": null })).await.status, StatusCode::NOT_FOUND);
    assert_eq!(tell(json!({ "import": old, "product": null })).await.json()["state"], "apart");
    let page = hospital.ask("/api/v1/parts/compare?old=0&new=1", &token).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_preview_says_what_a_list_is_of() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let (_, page) = hospital.read(&cookie, &[("x.json", LIST.as_bytes())]).await;
    let page = page.text();
    assert!(
        page.contains("CycloneDX 1.5")
            && page.contains("FortiOS 7.0.5")
            && page.contains("部品 2 個"),
        "{page}"
    );
}
