//! Vulnerability data that scripts bring: taken in as what the page takes, with the same bounds.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use reference::{Catalogue, Language};
use serde_json::{Value, json};

use crate::hospital::{Hospital, Page};
use crate::imports::{MULTIPART, multipart, work};
use crate::schema::complaints;

const NVD: &[u8] = include_bytes!("../../../../testdata/demo-feeds/nvd-fortios.json");
const KEV: &[u8] = include_bytes!("../../../../testdata/demo-feeds/kev-fortios.json");
const PATH: &str = "/api/v1/feeds";

impl Hospital {
    async fn brings(&self, token: &str, files: &[(&str, &[u8])]) -> Page {
        self.tell(PATH, token, MULTIPART, multipart(files)).await
    }

    fn deliveries(&self) -> usize {
        std::fs::read_dir(self.app.folder().join("deliveries")).map_or(0, Iterator::count)
    }
}

fn assert_described(method: &str, path: &str, view: &Value) {
    let document = web::openapi(&Catalogue::load(Language::En));
    let schema = &document["paths"][path][method]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    let found = complaints(&document, schema, view, "");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn refused(page: &Page, status: StatusCode, key: &str) {
    assert_eq!((page.status, &page.json()["key"]), (status, &json!(key)), "{}", page.text());
}

#[tokio::test]
async fn what_a_script_brings_is_taken_in_and_judged_with() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Operator);
    let page = hospital.brings(&token, &[("nvd.json", NVD), ("memo.txt", b"Hello")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let brought = page.json();
    assert_described("post", PATH, &brought);
    assert_eq!((&brought["state"], &brought["count"]), (&json!("waiting"), &json!(2)));
    let asked = "/api/v1/feeds/deliveries";
    let waiting = hospital.ask(asked, &token).await;
    work(&hospital.desk).await;
    let over = hospital.ask(asked, &token).await;
    assert_described("get", asked, &over.json());
    assert_ne!(waiting.headers[header::ETAG], over.headers[header::ETAG], "it went on");
    let told = &over.json()["deliveries"][0];
    assert_eq!((&told["id"], &told["state"]), (&brought["id"], &json!("taken")));
    let files = told["files"].as_array().unwrap();
    assert!(files[0]["error"].is_string() && files[1]["records"] == 3, "{told}");
    assert_eq!(hospital.ask(PATH, &token).await.json()["state"], "ready");
    let found = hospital.ask("/api/v1/weaknesses", &token).await.text();
    assert!(found.contains("CVE-2022-40684"), "{found}");
    let record = hospital.app.audit(3).unwrap();
    assert!(
        record.iter().any(|entry| entry.actor == "token:試験" && entry.act.starts_with("feeds."))
    );
}

#[tokio::test]
async fn a_body_with_a_name_is_one_file() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Administrator);
    let json = "application/json";
    refused(
        &hospital.tell(PATH, &token, json, KEV).await,
        StatusCode::BAD_REQUEST,
        "web.api.name_needed",
    );
    let page = hospital.tell(&format!("{PATH}?name=kev.json"), &token, json, KEV).await;
    assert_eq!((page.status, &page.json()["first"]), (StatusCode::OK, &json!("kev.json")));
    work(&hospital.desk).await;
    assert_eq!(hospital.app.feeds(crate::hospital::clock()).unwrap().state, "ready");
}

#[tokio::test]
async fn what_is_too_large_or_no_upload_leaves_nothing() {
    let bounds = app::Bounds { file: 1 << 20, upload: 2 << 20, ..app::Bounds::of_deliveries() };
    let hospital = Hospital::founded().delivering_within(bounds);
    let token = hospital.token(Role::Operator);
    let large = vec![b' '; (1 << 20) + 1];
    let page = hospital.brings(&token, &[("nvd.json", NVD), ("b.json", &large)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("b.json") && page.text().contains("1 MiB"), "{}", page.text());
    let named = format!("{PATH}?name=b.json");
    let page = hospital.tell(&named, &token, "application/json", large).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", page.text());
    let announced = Request::post(&named)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_LENGTH, 3 << 20);
    let page = hospital.send(announced.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "its length is known before");
    assert_eq!(hospital.brings(&token, &[]).await.status, StatusCode::BAD_REQUEST);
    let mut cut = multipart(&[("nvd.json", NVD)]);
    cut.truncate(cut.len() - 40);
    let page = hospital.tell(PATH, &token, MULTIPART, cut).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "it was cut on its way");
    let page = hospital.tell(PATH, &token, "multipart/form-data", "x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "no boundary");
    assert_eq!(hospital.deliveries(), 0);
}

#[tokio::test]
async fn nothing_is_taken_while_the_disk_has_no_room() {
    let bounds = app::Bounds { free: |_| Some(900 << 20), ..app::Bounds::of_deliveries() };
    let hospital = Hospital::founded().delivering_within(bounds);
    let token = hospital.token(Role::Operator);
    for page in [
        hospital.brings(&token, &[("nvd.json", NVD)]).await,
        hospital.tell(&format!("{PATH}?name=nvd.json"), &token, "application/json", NVD).await,
    ] {
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(
            page.text().contains("900 MiB") && page.text().contains("2 GiB"),
            "{}",
            page.text()
        );
    }
    assert_eq!(hospital.deliveries(), 0);
}

#[tokio::test]
async fn who_may_not_brings_nothing_and_everybody_may_look() {
    let hospital = Hospital::founded();
    for role in [Role::ClinicalEngineer, Role::Executive, Role::Inspector] {
        let token = hospital.token(role);
        let page = hospital.brings(&token, &[("nvd.json", NVD)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", role.key());
        let page = hospital.ask("/api/v1/feeds/deliveries", &token).await;
        assert_eq!(page.json(), json!({ "deliveries": [] }), "{}", role.key());
    }
    let page = hospital.brings("none", &[("nvd.json", NVD)]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(hospital.deliveries(), 0);
}
