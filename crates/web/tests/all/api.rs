//! The interface for scripts: it describes itself truly, refuses what it does not know, and does what the command line does.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use reference::{Catalogue, Language};
use serde_json::{Value, json};
use web::{Access, listed, openapi};

use crate::hospital::{Hospital, act};
use crate::schema::complaints;

const JSON: &str = "application/json";

/// Routes for scripts that are no operations of the interface.
const BESIDE: [&str; 2] = ["/api/v1/openapi.json", "/metrics"];

fn document() -> Value {
    openapi(&Catalogue::load(Language::En))
}

/// The schema of what an operation answers.
fn schema_of<'d>(document: &'d Value, method: &str, path: &str) -> &'d Value {
    let schema = &document["paths"][path][method]["responses"]["200"]["content"][JSON]["schema"];
    assert!(!schema.is_null(), "{method} {path} is not described");
    schema
}

#[track_caller]
pub(crate) fn assert_fits(document: &Value, method: &str, path: &str, value: &Value) {
    let found = complaints(document, schema_of(document, method, path), value, path);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_route_for_scripts_is_described_and_nothing_else_is() {
    let document = document();
    let mut described: Vec<(String, String)> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|m| (m.clone(), path.clone())));
    }
    let mut mounted: Vec<(String, String)> = listed()
        .into_iter()
        .filter(|route| matches!(route.access, Access::Script(_)) && !BESIDE.contains(&route.path))
        .map(|route| (route.method.as_str().to_lowercase(), route.path.to_owned()))
        .collect();
    described.sort();
    mounted.sort();
    assert_eq!(described, mounted);
    assert!(mounted.len() >= 27, "{}", mounted.len());
    for (method, path) in &described {
        let operation = &document["paths"][path][method];
        let asks = listed().into_iter().find(|route| {
            route.path == *path && route.method.as_str().eq_ignore_ascii_case(method)
        });
        let Some(Access::Script(permission)) = asks.map(|route| route.access) else { panic!() };
        assert_eq!(operation["x-permission"], permission.key(), "{method} {path}");
        assert!(!operation["summary"].as_str().unwrap().contains('['), "{operation}");
        for param in operation["parameters"].as_array().unwrap() {
            assert!(!param["description"].as_str().unwrap().contains("[web"), "{param}");
        }
    }
}

#[test]
fn every_part_the_description_names_is_in_it() {
    let text = document().to_string();
    let document = document();
    for name in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn answers_of_the_demo_hospital_are_as_described() {
    let hospital = Hospital::with_demo();
    let (document, token) = (document(), hospital.token(Role::Inspector));
    let first = hospital.ask("/api/v1/devices?limit=1", &token).await.json();
    let id = first["devices"][0]["id"].as_str().unwrap().to_owned();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        // Of what the demo hospital has none: `vex`, `parts` and `notices` read these.
        let has_none = ["/api/v1/vex/export", "/api/v1/notices/triage"].contains(&path.as_str())
            || path.starts_with("/api/v1/parts/");
        if methods.get("get").is_none() || has_none {
            continue;
        }
        let address = path.replace("{id}", &id).replace("{code}", "net002");
        let page = hospital.ask(&address, &token).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
        assert_eq!(page.headers[header::CONTENT_TYPE], JSON);
        assert_fits(&document, "get", path, &page.json());
        asked += 1;
    }
    assert!(asked >= 16, "{asked}");
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_refused_everywhere() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Administrator);
    for route in listed().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        if BESIDE.contains(&route.path) {
            continue;
        }
        let path = format!("{}?serch=x", route.path.replace("{id}", "1").replace("{code}", "x"));
        let page = match route.method.as_str() {
            "GET" => hospital.ask(&path, &token).await,
            _ => hospital.tell(&path, &token, JSON, "{}").await,
        };
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}: {}", page.text());
        assert!(page.json()["error"].as_str().unwrap().contains("serch"), "{}", page.text());
    }
    for wrong in ["limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "cursor=x"] {
        let page = hospital.ask(&format!("/api/v1/devices?{wrong}"), &token).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}: {}", page.text());
    }
    let page = hospital.ask("/api/v1/findings?severity=red", &token).await;
    assert!(page.json()["error"].as_str().unwrap().contains("urgent"), "{}", page.text());
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_list_in_parts_is_the_whole_list() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Executive);
    for (path, key, name, limit) in [
        ("/api/v1/devices", "devices", "id", 29),
        ("/api/v1/findings", "findings", "key", 11),
        ("/api/v1/audit", "entries", "seq", 5),
    ] {
        let whole = hospital.ask(&format!("{path}?limit=1000"), &token).await.json();
        assert_eq!(whole["next"], Value::Null, "{path}");
        let names = |page: &Value| -> Vec<Value> {
            page[key].as_array().unwrap().iter().map(|entry| entry[name].clone()).collect()
        };
        let (mut read, mut next, mut parts) = (Vec::new(), String::new(), 0);
        loop {
            let page = hospital.ask(&format!("{path}?limit={limit}{next}"), &token).await.json();
            read.extend(names(&page));
            parts += 1;
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("&cursor={}", encoded(cursor));
        }
        assert_eq!(read, names(&whole), "{path}");
        assert!(parts > 2, "{path}: {parts}");
    }
}

#[tokio::test]
async fn a_list_that_moved_is_told_and_not_guessed() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Operator);
    for path in ["/api/v1/devices?cursor=dev-0", "/api/v1/findings?cursor=gone"] {
        let page = hospital.ask(path, &token).await;
        assert!(
            matches!(page.status, StatusCode::GONE | StatusCode::BAD_REQUEST),
            "{path}: {}",
            page.text()
        );
    }
    let first = hospital.ask("/api/v1/devices?limit=1", &token).await.json();
    let cursor = first["next"].as_str().unwrap();
    for import in hospital.app.imports().unwrap() {
        hospital.app.undo_import(domain::ImportId(import.id), &act()).unwrap();
    }
    let page = hospital.ask(&format!("/api/v1/devices?cursor={cursor}"), &token).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(page.json()["key"], "app.list_moved");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Operator);
    for path in ["/api/v1/zones", "/api/v1/findings?limit=3", "/api/v1/rules/NET002"] {
        let first = hospital.ask(path, &token).await;
        let tag = first.headers[header::ETAG].clone();
        let again = |tag: axum::http::HeaderValue| {
            Request::get(path)
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header(header::IF_NONE_MATCH, tag)
                .body(Body::empty())
                .unwrap()
        };
        let page = hospital.send(again(tag.clone())).await;
        assert_eq!((page.status, page.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        hospital.app.round("2026-11-22".parse().unwrap(), &act()).unwrap();
        let page = hospital.send(again(tag.clone())).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_ne!(page.headers[header::ETAG], tag);
    }
}

#[tokio::test]
async fn scripts_do_what_the_command_line_does() {
    let hospital = Hospital::with_demo();
    let (document, token) = (document(), hospital.token(Role::Operator));
    let tell = async |path: &str, template: &str, body: Value| {
        let page = hospital.tell(path, &token, JSON, body.to_string()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        assert_fits(&document, "post", template, &page.json());
        page.json()
    };
    let findings = hospital.ask("/api/v1/findings?state=open", &token).await.json();
    let key = findings["findings"][0]["key"].as_str().unwrap().to_owned();
    let decide = "/api/v1/findings/decide";
    let decided = tell(
        decide,
        decide,
        json!({ "key": key, "state": "accepted", "until": "2026-12-31", "reason": "試験" }),
    )
    .await;
    assert_eq!(decided["decision"]["by"], "token:試験", "the record names the token");
    let zones = "/api/v1/zones";
    let named = json!({ "name": "検査", "networks": ["10.102.9.0/24"], "kind": "laboratory" });
    let set = tell(zones, zones, named).await;
    let has =
        |zones: &Value| zones["zones"].as_array().unwrap().iter().any(|z| z["name"] == "検査");
    assert!(has(&set));
    let remove = "/api/v1/zones/remove";
    assert!(!has(&tell(remove, remove, json!({ "name": "検査" })).await));
    let round = tell("/api/v1/rounds", "/api/v1/rounds", json!({})).await;
    assert_eq!(round["date"], "2026-11-22");
    let undone = tell("/api/v1/imports/1/undo", "/api/v1/imports/{id}/undo", json!({})).await;
    assert_eq!(undone["import"], 1);
    tell("/api/v1/imports/1/redo", "/api/v1/imports/{id}/redo", json!({})).await;
    let backups = "/api/v1/backups";
    let made = tell(backups, backups, json!({ "passphrase": "とても長い合言葉をここに" })).await;
    assert_eq!(made["encrypted"], true);
    assert!(made["file"].as_str().unwrap().starts_with(hospital.app.folder().to_str().unwrap()));
}

#[tokio::test]
async fn devices_are_merged_and_parted_again() {
    let hospital = Hospital::with_demo();
    let (document, token) = (document(), hospital.token(Role::ClinicalEngineer));
    let list = hospital.ask("/api/v1/devices?limit=2", &token).await.json();
    let id = |index: usize| list["devices"][index]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/devices/{}/merge", id(0));
    let page = hospital.tell(&path, &token, JSON, json!({ "other": id(1) }).to_string()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_fits(&document, "post", "/api/v1/devices/{id}/merge", &page.json());
    let undone = hospital.tell("/api/v1/identity/undo", &token, JSON, "").await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    let nothing = hospital.tell("/api/v1/identity/undo", &token, JSON, "").await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
    let same = hospital.tell(&path, &token, JSON, json!({ "other": id(0) }).to_string()).await;
    assert_eq!(same.status, StatusCode::CONFLICT);
    let path = format!("/api/v1/devices/{}/split", id(0));
    let page = hospital.tell(&path, &token, JSON, r#"{"signs":["mac:nobody"]}"#).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_sentence_and_changes_nothing() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Administrator);
    let before = hospital.app.moment().unwrap();
    let deep = "[".repeat(100_000);
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(300_000));
    for (path, media, body, status) in [
        ("/api/v1/zones", "text/plain", "{}", 415),
        ("/api/v1/zones", JSON, "", 400),
        ("/api/v1/zones", JSON, "{}", 400),
        ("/api/v1/zones", JSON, deep.as_str(), 400),
        ("/api/v1/zones", JSON, long.as_str(), 413),
        ("/api/v1/zones", JSON, r#"{"name":"a","networks":[]}"#, 400),
        ("/api/v1/zones", JSON, r#"{"name":" ","networks":["10.0.0.0/8"]}"#, 400),
        ("/api/v1/zones", JSON, r#"{"name":"a","networks":["10.0.0.0/99"]}"#, 400),
        ("/api/v1/zones", JSON, r#"{"name":"a","networks":["10.0.0.0/8"],"kind":"x"}"#, 400),
        ("/api/v1/zones", JSON, r#"{"name":"a","networks":["10.0.0.0/8"],"tpyo":1}"#, 400),
        ("/api/v1/zones/remove", JSON, r#"{"name":"nowhere"}"#, 404),
        ("/api/v1/findings/decide", JSON, r#"{"key":"x","state":"open","reason":"y"}"#, 404),
        ("/api/v1/findings/decide", JSON, r#"{"key":"x","state":"red","reason":"y"}"#, 400),
        ("/api/v1/rounds?date=2026-11-01", JSON, "", 409),
        ("/api/v1/rounds?date=2027-01-01", JSON, "", 409),
        ("/api/v1/imports/99/undo", JSON, "", 404),
        ("/api/v1/imports/x/undo", JSON, "", 404),
        ("/api/v1/imports/1/redo", JSON, "", 409),
        ("/api/v1/devices/nowhere/merge", JSON, r#"{"other":"x"}"#, 404),
        ("/api/v1/backups", JSON, r#"{"passphrase":"short"}"#, 400),
    ] {
        let page = hospital.tell(path, &token, media, body.to_owned()).await;
        let problem = page.json();
        assert_eq!(page.status, status, "{path}: {problem}");
        let sentence = problem["error"].as_str().unwrap();
        assert!(sentence.ends_with('。') && problem["key"].is_string(), "{path}: {problem}");
    }
    assert_eq!(hospital.app.moment().unwrap(), before);
    let page = hospital.ask("/api/v1/devices/nowhere", &token).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_works_for_scripts_alone_and_ends() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Inspector);
    assert_eq!(hospital.ask("/metrics", &token).await.status, StatusCode::OK);
    assert_eq!(hospital.ask("/", &token).await.status, StatusCode::SEE_OTHER);
    assert_eq!(hospital.ask("/api/v1/rules", "mmw_0").await.status, StatusCode::UNAUTHORIZED);
    let refused = hospital.tell("/api/v1/rounds", &token, JSON, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let digest = hospital.app.tokens().unwrap()[0].digest.clone();
    hospital.app.remove_token(&digest, &act()).unwrap();
    assert_eq!(hospital.ask("/api/v1/rules", &token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn whoever_must_change_the_password_first_asks_nothing_before() {
    let hospital = Hospital::founded();
    let new = crate::hospital::account("abe", Role::Operator);
    let first = hospital.app.add_account(&new, &act()).unwrap();
    let page = hospital.post("/login", "", &format!("login=abe&password={first}")).await;
    let cookie =
        page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = hospital.get("/api/v1/rules", &cookie).await;
    assert_eq!(
        (page.status, page.json()["key"].as_str()),
        (StatusCode::FORBIDDEN, Some("web.problem.must_change"))
    );
}

#[tokio::test]
async fn people_read_what_scripts_can_ask() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let page = hospital.get("/api", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for route in listed().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        assert!(BESIDE.contains(&route.path) || text.contains(route.path), "{}", route.path);
    }
}
