//! The facility's name, when the round runs, and what the disk holds.

use app::{DiskView, RetentionView};
use askama::Template;
use axum::Form;
use axum::response::IntoResponse;
use domain::{Permission, msg};
use serde::Deserialize;

use super::{Tab, bytes, tabs};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// A disk that is full within so many days is a warning.
const SOON_FULL: u64 = 90;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings", Access::May(Permission::Keep), show),
        Route::post("/settings/facility", Access::May(Permission::Administer), name),
        Route::post("/settings/round", Access::May(Permission::Administer), round),
        Route::post("/settings/retention", Access::May(Permission::Administer), retention),
    ]
}

#[derive(Template)]
#[template(path = "settings/facility.html")]
struct FacilityPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    name: String,
    hour: i8,
    hours: Vec<i8>,
    /// Years that can be chosen, and those that are.
    years: Vec<i16>,
    kept_for: Option<i16>,
    over: String,
    disk: DiskView,
    /// Free, size and growth as they are said.
    room: Vec<(String, String)>,
    forecast: String,
    is_short: bool,
    used: u64,
    problem: Option<String>,
}

impl FacilityPage {
    fn is_at(&self, hour: &i8) -> bool {
        self.hour == *hour
    }

    fn is_kept_for(&self, years: &i16) -> bool {
        self.kept_for == Some(*years)
    }
}

async fn show(visitor: Visitor) -> Answer {
    facility_page(&visitor, None, None).await
}

async fn facility_page(
    visitor: &Visitor,
    typed: Option<String>,
    problem: Option<Problem>,
) -> Answer {
    let act = visitor.desk.act(visitor.actor());
    let (name, hour, disk, kept) = visitor
        .read(move |app| {
            let kept = app.retention(act.now)?;
            Ok((app.facility_name()?, app.round_hour()?, app.disk(&act)?, kept))
        })
        .await?;
    let frame = visitor.frame("settings").await?;
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let used = disk.total.zip(disk.free).and_then(|(total, free)| {
        (total.saturating_sub(free)).checked_mul(100)?.checked_div(total)
    });
    let shown = page(&FacilityPage {
        tabs: tabs(&frame),
        tab: "facility",
        name: typed.unwrap_or(name),
        hour,
        hours: (0..24).collect(),
        years: choices(kept.years),
        kept_for: kept.years,
        over: over(&frame, &kept),
        room: room(&frame, &disk),
        forecast: forecast(&frame, &disk),
        is_short: disk.full_in.is_some_and(|days| days < SOON_FULL),
        used: used.unwrap_or_default(),
        disk,
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status, shown).into_response())
}

/// The years that are offered, with the one that is set.
fn choices(set: Option<i16>) -> Vec<i16> {
    let mut years = vec![2, 3, 5, 7, 10, 20];
    years.extend(set);
    years.sort_unstable();
    years.dedup();
    years
}

fn over(frame: &Frame, kept: &RetentionView) -> String {
    match (kept.years, kept.documents) {
        (None, _) => String::new(),
        (Some(_), 0) => frame.t("web.retention.none").into_owned(),
        (Some(_), documents) => frame.say(&msg!(
            "web.retention.over",
            documents = i64::try_from(documents).unwrap_or(i64::MAX),
            bytes = bytes(kept.bytes)
        )),
    }
}

fn room(frame: &Frame, disk: &DiskView) -> Vec<(String, String)> {
    let unknown = || frame.t("web.today.unknown").into_owned();
    let say = |key: &str, value: Option<u64>| {
        (frame.t(key).into_owned(), value.map_or_else(unknown, bytes))
    };
    vec![
        say("web.disk.size", Some(disk.size)),
        say("web.disk.free", disk.free),
        say("web.disk.per_day", disk.per_day),
    ]
}

fn forecast(frame: &Frame, disk: &DiskView) -> String {
    frame.say(&match (disk.per_day, disk.full_in) {
        (None, _) => msg!("web.disk.too_early"),
        (Some(_), Some(days)) if days > 3650 => msg!("web.disk.long"),
        (Some(_), Some(days)) => {
            msg!("web.disk.full_in", days = i64::try_from(days).unwrap_or_default())
        }
        (Some(0), None) => msg!("web.disk.still"),
        (Some(_), None) => msg!("web.disk.no_free"),
    })
}

#[derive(Deserialize)]
struct NameForm {
    name: String,
}

async fn name(visitor: Visitor, Form(form): Form<NameForm>) -> Answer {
    let typed = form.name.clone();
    match visitor.change(move |app, act| app.set_facility_name(&form.name, act)).await {
        Ok(()) => go_and_say("/settings", "facility"),
        Err(problem) => facility_page(&visitor, Some(typed), Some(problem)).await,
    }
}

#[derive(Deserialize)]
struct RoundForm {
    hour: i8,
}

async fn round(visitor: Visitor, Form(form): Form<RoundForm>) -> Answer {
    match visitor.change(move |app, act| app.set_round_hour(form.hour, act)).await {
        Ok(()) => go_and_say("/settings", "round_hour"),
        Err(problem) => facility_page(&visitor, None, Some(problem)).await,
    }
}

#[derive(Deserialize)]
struct RetentionForm {
    /// Empty: for ever.
    years: String,
}

async fn retention(visitor: Visitor, Form(form): Form<RetentionForm>) -> Answer {
    let years = match form.years.as_str() {
        "" => None,
        // What is no number is out of bounds.
        years => Some(years.parse().unwrap_or(0)),
    };
    match visitor.change(move |app, act| app.set_retention(years, act)).await {
        Ok(()) => go_and_say("/settings", "retention"),
        Err(problem) => facility_page(&visitor, None, Some(problem)).await,
    }
}
