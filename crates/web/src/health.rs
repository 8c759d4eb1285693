//! Whether the desk lives, whether it can do its work, and figures for whoever watches over many machines.

use std::fmt::Write as _;

use app::{App, Figures};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Message, Permission, Severity, msg};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::Desk;
use crate::answer::Answer;
use crate::guard::{TABLE, Visitor};
use crate::routes::{Access, Route};

/// A clock that stands this much before the record's last entry has jumped back; less is the usual setting right.
const JUMP: SignedDuration = SignedDuration::from_mins(5);

/// Fewer free bytes than this are as good as none.
const LEAST_FREE: u64 = 64 << 20;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/health/live", Access::Open, live),
        Route::get("/health/ready", Access::Open, ready),
        Route::get("/metrics", Access::Script(Permission::Look), metrics),
    ]
}

/// The program answers. Nothing else is asked.
async fn live() -> Response {
    Json(json!({ "live": true })).into_response()
}

/// Whether all that work needs is there; what is not is told in sentences.
async fn ready(visitor: Visitor) -> Response {
    let troubles = troubles(&visitor.desk, &visitor).await;
    let texts = visitor.app().texts();
    let told: Vec<_> = troubles
        .iter()
        .map(|message| json!({ "error": texts.say(message), "key": message.key }))
        .collect();
    let status = match told.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(json!({ "ready": told.is_empty(), "problems": told }))).into_response()
}

async fn troubles(desk: &Desk, visitor: &Visitor) -> Vec<Message> {
    let mut troubles = Vec::new();
    let now = desk.now();
    match visitor.read(|app| Ok((app.last_entry()?, app.free_bytes()))).await {
        Err(problem) => troubles.push(problem.message),
        Ok((last, free)) => {
            if let Some(last) = last.filter(|last| now.duration_since(*last) < -JUMP) {
                let (now, last) = (app::clock_of(now), app::clock_of(last));
                troubles.push(msg!("web.health.clock", now = now, last = last));
            }
            if free.is_some_and(|free| free < LEAST_FREE) {
                troubles.push(msg!("web.health.disk"));
            }
        }
    }
    if let Some(end) = desk.certificate_end().filter(|end| *end <= now) {
        troubles.push(msg!("web.health.certificate", day = app::day_of(end)));
    }
    troubles
}

/// Figures in the text format of Prometheus.
async fn metrics(visitor: Visitor) -> Answer {
    let desk = &visitor.desk;
    let board = desk.board(0).await?;
    let figures = visitor.read(App::figures).await?;
    let mut text = String::with_capacity(16 * 1024);
    desk.meter().write(&TABLE, &mut text);
    gauge(&mut text, "sessions", "People signed in.", desk.sessions().all(desk.now()).len() as f64);
    tell_findings(&mut text, &board);
    tell_figures(&mut text, &figures, desk.now());
    if let Some(end) = desk.certificate_end() {
        let seconds = end.duration_since(desk.now()).as_secs_f64();
        gauge(
            &mut text,
            "certificate_seconds_left",
            "Seconds until the certificate ends.",
            seconds,
        );
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn tell_findings(text: &mut String, board: &app::Board) {
    head(text, "findings", "Findings about which nothing is decided, by severity.");
    for severity in Severity::ALL {
        let count = board.open().filter(|row| row.severity == *severity).count();
        let _ = writeln!(text, "mimawari_findings{{severity=\"{}\"}} {count}", severity.key());
    }
}

/// What is not known is left out: a missing figure can be alarmed on, a zero would lie.
fn tell_figures(text: &mut String, figures: &Figures, now: Timestamp) {
    head(text, "imports", "Imports by state.");
    let _ = writeln!(text, "mimawari_imports{{state=\"active\"}} {}", figures.imports_active);
    let _ = writeln!(text, "mimawari_imports{{state=\"undone\"}} {}", figures.imports_undone);
    let age = |moment: Timestamp| now.duration_since(moment).as_secs_f64();
    if let Some(last) = figures.last_round {
        gauge(text, "round_age_seconds", "Seconds since the last round.", age(last));
    }
    if let Some(last) = figures.last_backup {
        gauge(text, "backup_age_seconds", "Seconds since the last backup.", age(last));
    }
    let bytes = figures.database_bytes as f64;
    gauge(text, "database_bytes", "Bytes of the database with its log.", bytes);
    if let Some(free) = figures.free_bytes {
        gauge(text, "free_bytes", "Bytes free on the disk of the data folder.", free as f64);
    }
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP mimawari_{name} {help}\n# TYPE mimawari_{name} gauge");
}

fn gauge(text: &mut String, name: &str, help: &str, value: f64) {
    head(text, name, help);
    let _ = writeln!(text, "mimawari_{name} {value}");
}
