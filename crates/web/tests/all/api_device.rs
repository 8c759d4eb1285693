//! A device's JSON: the same whether it was at hand or had to be read first, never older than the record, and for nobody who was let go.

use app::App;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use reference::{Catalogue, Language};
use serde_json::Value;

use crate::hospital::{Hospital, act};

/// A device of the demo with findings.
async fn device(hospital: &Hospital, token: &str) -> Value {
    let list = hospital.ask("/api/v1/devices?search=CT-01", token).await.json();
    list["devices"][0].clone()
}

#[tokio::test]
async fn a_device_is_told_alike_at_hand_and_read_first_by_its_id_and_by_its_number() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Executive);
    let device = device(&hospital, &token).await;
    let by_id = format!("/api/v1/devices/{}", device["id"].as_str().unwrap());
    let by_number = format!("/api/v1/devices/{}", device["asset_number"].as_str().unwrap());
    // A change of the record: what all devices rest on must be read again.
    hospital.app.set_facility_name("みなと病院", &act()).unwrap();
    let first = hospital.ask(&by_id, &token).await;
    assert!(!first.json()["findings"].as_array().unwrap().is_empty());
    for path in [&by_id, &by_number] {
        let again = hospital.ask(path, &token).await;
        assert_eq!(again.text(), first.text(), "{path}");
        assert_eq!(again.headers[header::ETAG], first.headers[header::ETAG], "{path}");
        let tagged = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::IF_NONE_MATCH, &first.headers[header::ETAG]);
        let unchanged = hospital.send(tagged.body(Body::empty()).unwrap()).await;
        assert_eq!((unchanged.status, unchanged.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
    let nobody = hospital.ask("/api/v1/devices/000000000000", &token).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_decided_a_moment_ago_is_in_the_answer() {
    let hospital = Hospital::with_demo();
    let token = hospital.token(Role::Operator);
    let path =
        format!("/api/v1/devices/{}", device(&hospital, &token).await["id"].as_str().unwrap());
    let before = hospital.ask(&path, &token).await;
    assert_eq!(before.text(), hospital.ask(&path, &token).await.text());
    let finding = before.json()["findings"][0].clone();
    assert_eq!(finding["state"], "open");
    let choice = app::Choice {
        state: domain::FindingState::InHand,
        until: None,
        reason: "交換を頼んだ".to_owned(),
    };
    hospital.app.decide(finding["key"].as_str().unwrap(), choice, &act()).unwrap();
    for _ in 0..2 {
        let after = hospital.ask(&path, &token).await;
        assert_eq!(after.json()["findings"][0]["state"], "in_hand");
        assert_ne!(after.headers[header::ETAG], before.headers[header::ETAG]);
    }
}

#[tokio::test]
async fn whoever_is_let_go_by_another_program_on_the_same_data_is_told_nothing_more() {
    let hospital = Hospital::with_demo();
    let (token, cookie) =
        (hospital.token(Role::Executive), hospital.signed_in("abe", Role::Operator).await);
    let path =
        format!("/api/v1/devices/{}", device(&hospital, &token).await["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(hospital.ask(&path, &token).await.status, StatusCode::OK);
        assert_eq!(hospital.get(&path, &cookie).await.status, StatusCode::OK);
    }
    let texts = Catalogue::load(Language::Ja);
    let other = App::open(hospital.app.folder(), "main", texts).unwrap();
    let digest = other.tokens().unwrap().remove(0).digest;
    other.remove_token(&digest, &act()).unwrap();
    other.change_account(&crate::hospital::account("abe", Role::Operator), true, &act()).unwrap();
    assert_eq!(hospital.ask(&path, &token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(hospital.get(&path, &cookie).await.status, StatusCode::UNAUTHORIZED);
}
