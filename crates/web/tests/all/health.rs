//! Whether the desk says how it is, and tells figures without telling of patients.

use axum::http::StatusCode;
use domain::{Actor, Role};
use jiff::{SignedDuration, ToSpan};

use crate::hospital::{Hospital, act, clock};

#[tokio::test]
async fn a_desk_that_can_work_says_so_to_anybody() {
    let hospital = Hospital::founded();
    let live = hospital.get("/health/live", "").await;
    assert_eq!((live.status, live.text().as_str()), (StatusCode::OK, r#"{"live":true}"#));
    let ready = hospital.get("/health/ready", "").await;
    assert_eq!((ready.status, ready.json()["ready"].as_bool()), (StatusCode::OK, Some(true)));
}

#[tokio::test]
async fn a_clock_that_jumped_back_is_told_and_loses_nothing() {
    let hospital = Hospital::founded();
    let ahead = app::Act {
        actor: Actor("console:test".into()),
        now: clock() + SignedDuration::from_hours(3),
    };
    hospital.app.set_facility_name("みなと", &ahead).unwrap();
    let ready = hospital.get("/health/ready", "").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    let problem = &ready.json()["problems"][0];
    assert_eq!(problem["key"], "web.health.clock");
    assert!(problem["error"].as_str().unwrap().contains("2026-11-22 08:00"), "{problem}");
    // People go on working: an hour that somebody set wrongly once must not lock a hospital out.
    hospital.app.set_facility_name("みなと中央", &act()).unwrap();
    assert!(hospital.app.verify_audit(&[]).unwrap().whole);
}

#[tokio::test]
async fn a_certificate_that_ended_is_told() {
    let hospital = Hospital::founded();
    hospital.desk.note_certificate(clock() - 1.hour());
    let ready = hospital.get("/health/ready", "").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["problems"][0]["key"], "web.health.certificate");
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_in_a_sentence() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    // The file is there, and is no database any more.
    for end in ["", "-wal", "-shm"] {
        let file = hospital.app.folder().join(format!("mimawari.sqlite3{end}"));
        std::fs::write(file, "x".repeat(65536)).unwrap();
    }
    let ready = hospital.get("/health/ready", "").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{}", ready.text());
    assert!(ready.json()["problems"][0]["error"].as_str().unwrap().ends_with('。'));
    let page = hospital.get("/", &cookie).await;
    assert!(page.status.is_server_error());
    assert!(page.text().contains("<h1") && page.text().contains('。'), "{}", page.text());
    assert_eq!(hospital.get("/health/live", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn figures_are_told_to_who_may_look_and_tell_of_nobody() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let token = hospital.token(Role::Inspector);
    assert_eq!(hospital.get("/metrics", "").await.status, StatusCode::UNAUTHORIZED);
    hospital.get("/nowhere?q=%E5%B1%B1%E7%94%B0", &cookie).await;
    hospital.ask("/api/v1/devices/CT-01", &token).await;
    let page = hospital.ask("/metrics", &token).await;
    let text = page.text();
    assert!(
        page.headers["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4")
    );
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} is not told in\n{text}")).trim().parse().unwrap()
    };
    assert_eq!(value("mimawari_sessions "), 1.0);
    let board = hospital.app.board("2026-11-22".parse().unwrap()).unwrap();
    assert_eq!(value("mimawari_findings{severity=\"urgent\"}"), board.urgent() as f64);
    assert!(value("mimawari_imports{state=\"active\"}") > 3.0);
    assert_eq!(value("mimawari_round_age_seconds "), 0.0);
    assert!(value("mimawari_database_bytes ") > 100_000.0 && value("mimawari_free_bytes ") > 0.0);
    assert!(!text.contains("backup_age"), "no backup was made: a zero would lie");
    assert!(value("mimawari_requests_total{method=\"GET\",route=\"none\",status=\"404\"}") >= 1.0);
    assert!(text.contains("route=\"/api/v1/devices/{id}\"") && !text.contains("CT-01"));
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("mimawari_") && value.parse::<f64>().is_ok(), "{line}");
    }
}
