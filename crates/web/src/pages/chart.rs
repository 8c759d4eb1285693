//! A device's chart, and the very row of the evidence that a line of it comes from.

use app::{DeviceView, FindingView, HeardView, RowTextView, RowView, Settling, StoryView};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use domain::{DeviceId, ImportId, Permission, Place, Sign};
use serde::Deserialize;

use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/devices/{id}", Access::May(Permission::Look), show),
        Route::post("/devices/{id}/accept", Access::May(Permission::Work), accept),
        Route::post("/devices/{id}/keep", Access::May(Permission::Work), keep),
        Route::get("/imports/{id}/row", Access::May(Permission::Look), row),
    ]
}

#[derive(Template)]
#[template(path = "chart/page.html")]
struct ChartPage {
    frame: Frame,
    story: StoryView,
    device: DeviceView,
    about: String,
    /// The findings that stand.
    standing: Vec<FindingView>,
    open: usize,
    urgent: usize,
    warning: usize,
    address: Option<String>,
    last_seen: Option<String>,
    /// Antivirus as somebody states it, and in which layer.
    protection: Option<(String, &'static str)>,
    /// Field and value.
    people: Vec<(String, String)>,
    signs: Vec<String>,
    heard: Vec<HeardView>,
    support_tone: &'static str,
    findings_tone: &'static str,
    seen_tone: &'static str,
    drift_tone: &'static str,
    protection_tone: &'static str,
    drift_word: String,
    drift_note: String,
}

#[derive(Template)]
#[template(path = "chart/row.html")]
struct RowPage {
    frame: Frame,
    row: RowView,
}

impl RowPage {
    /// The cell of a column, from 0; empty where the row is shorter.
    fn cell<'r>(&self, row: &'r RowTextView, column: &usize) -> &'r str {
        row.cells.get(*column).map_or("", String::as_str)
    }
}

async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let asked: DeviceId = id.parse().map_err(|_| Problem::no_page())?;
    let today = visitor.desk.today();
    let story = visitor.read(move |app| app.story(asked, today)).await?;
    let own = story.chart.device.id.clone();
    // An id of before leads on.
    if own != id {
        return go(&format!("/devices/{own}"));
    }
    let app = visitor.app();
    let signs = story.chart.signs.iter().filter_map(|sign| sign.parse::<Sign>().ok());
    let signs = signs.map(|sign| app.sign_said(&sign)).collect();
    let frame = visitor.frame("devices").await?;
    page(&chart_page(frame, story, signs))
}

/// The fields that name who answers for a device.
const PEOPLE: [&str; 5] =
    ["department", "users", "contractor", "service_contract", "remote_maintenance"];

/// The fields that say whether it is protected against malware, the best first.
const PROTECTION: [&str; 3] = ["antivirus", "protection_product", "protection_state"];

fn chart_page(frame: Frame, story: StoryView, signs: Vec<String>) -> ChartPage {
    let device = story.chart.device.clone();
    let standing: Vec<FindingView> =
        story.chart.findings.iter().filter(|finding| finding.closed.is_none()).cloned().collect();
    let is_open = |finding: &&FindingView| finding.state == "open";
    let count = |severity: &str| {
        standing.iter().filter(is_open).filter(|finding| finding.severity == severity).count()
    };
    let (urgent, warning) = (count("urgent"), count("warning"));
    let open = standing.iter().filter(is_open).count();
    let sightings = || device.interfaces.iter().flat_map(|interface| &interface.sightings);
    let last_seen = sightings().filter_map(|seen| seen.last_seen.clone()).max();
    let newest = sightings().max_by_key(|seen| (seen.last_seen.clone(), seen.declared));
    let address = newest.map(|seen| seen.address.clone());
    let protection = PROTECTION.iter().find_map(|field| stated(&story, field));
    let people = PEOPLE
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), stated(&story, field)?.0)))
        .collect();
    let (drift_tone, drift_word, drift_note) = drift(&frame, &story);
    ChartPage {
        about: about(&frame, &device),
        support_tone: match device.lifecycle.stage.as_str() {
            "supported" => "ok",
            "limited_support" => "warn",
            "end_of_support" => "danger",
            _ => "unknown",
        },
        findings_tone: match (frame.last_round, urgent, open) {
            (None, ..) => "unknown",
            (Some(_), 1.., _) => "danger",
            (Some(_), 0, 1..) => "warn",
            (Some(_), 0, 0) => "ok",
        },
        seen_tone: if last_seen.is_some() { "ok" } else { "unknown" },
        protection_tone: if protection.is_some() { "" } else { "unknown" },
        frame,
        device,
        standing,
        open,
        urgent,
        warning,
        address,
        last_seen,
        protection,
        people,
        signs,
        drift_tone,
        drift_word,
        drift_note,
        heard: story.chart.heard.clone(),
        story,
    }
}

/// What is said of `field`, the declaration first.
fn stated(story: &StoryView, field: &str) -> Option<(String, &'static str)> {
    let line = story.lines.iter().find(|line| line.field == field)?;
    let declared = line.declared.first().map(|claim| (claim.shown.clone(), "declared"));
    declared.or_else(|| line.observed.first().map(|claim| (claim.shown.clone(), "observed")))
}

/// How the two layers stand to each other: tone, word and a note.
fn drift(frame: &Frame, story: &StoryView) -> (&'static str, String, String) {
    let declared = story.lines.iter().any(|line| !line.declared.is_empty());
    let observed = story.lines.iter().any(|line| !line.observed.is_empty());
    let unsettled = story.lines.iter().filter(|line| line.differs && line.kept.is_none()).count();
    let said = |word: &str, note: &str| {
        (
            frame.word("web.chart.drift", word).into_owned(),
            frame.word("web.chart.drift", note).into_owned(),
        )
    };
    let (tone, (word, note)) = match (declared, observed, unsettled) {
        (false, ..) => ("warn", said("unlisted", "unlisted_note")),
        (true, false, _) => ("unknown", said("unseen", "unseen_note")),
        (true, true, 0) => ("ok", said("same", "same_note")),
        (true, true, count) => {
            let word = frame.t1("web.chart.drift_count", "count", count);
            ("warn", (word, frame.word("web.chart.drift", "note").into_owned()))
        }
    };
    (tone, word, note)
}

/// The line under the name: what it is, whose, where.
fn about(frame: &Frame, device: &DeviceView) -> String {
    let word = |family: &str, key: &Option<String>| {
        key.as_ref().map(|key| frame.word(family, key).into_owned())
    };
    let model = [device.maker.clone(), device.model.clone()].into_iter().flatten();
    let model: Vec<String> = model.collect();
    let parts = [
        device.asset_number.as_ref().map(|number| frame.t1("web.chart.number", "number", number)),
        word("kind", &device.kind),
        device.name.clone(),
        Some(model.join(" ")),
        device.location.clone(),
        device.zone.clone(),
        word("status", &device.status),
    ];
    let known: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    known.join(" · ")
}

#[derive(Deserialize)]
struct Difference {
    field: String,
    value: String,
}

async fn accept(visitor: Visitor, Path(id): Path<String>, Form(form): Form<Difference>) -> Answer {
    settle(visitor, &id, form, Settling::Accept).await
}

async fn keep(visitor: Visitor, Path(id): Path<String>, Form(form): Form<Difference>) -> Answer {
    settle(visitor, &id, form, Settling::Keep).await
}

async fn settle(visitor: Visitor, id: &str, form: Difference, settling: Settling) -> Answer {
    let device: DeviceId = id.parse().map_err(|_| Problem::no_page())?;
    visitor
        .change(move |app, act| {
            app.settle_difference(device, &form.field, &form.value, settling, act)
        })
        .await?;
    let said = if settling == Settling::Accept { "accepted" } else { "kept" };
    go_and_say(&format!("/devices/{device}"), said)
}

#[derive(Deserialize)]
struct AskedRow {
    place: String,
}

async fn row(visitor: Visitor, Path(id): Path<u32>, Query(asked): Query<AskedRow>) -> Answer {
    let place: Place = asked.place.parse().map_err(|_| Problem::no_page())?;
    let row = visitor.read(move |app| app.row(ImportId(id), &place)).await?;
    let frame = visitor.frame("imports").await?;
    page(&RowPage { frame, row })
}
