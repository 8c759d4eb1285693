//! 作業: what is to be updated or set otherwise, when that is agreed on, what came of it, and what still waits for evidence.

mod write;

use app::{AppError, MatterStepView, PlannedChangeView};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ChangeOutcome, ChangeResult, ClinicalWindow, Message, Permission, ToldBack};
use jiff::civil::DateTime;

use super::devices::Pairs;
use super::form::{day_in, field, lines_in, number, seen_in, typed};
use super::table::{Asked, Cell, Table, list_page_with};
use super::weaknesses::TABS;
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let (look, work) = (Access::May(Permission::Look), Access::May(Permission::Work));
    vec![
        Route::get("/planned-changes", look, list),
        Route::get("/planned-changes/new", work, write::new),
        Route::post("/planned-changes/new", work, write::plan),
        Route::get("/planned-changes/{number}", look, one),
        Route::get("/planned-changes/{number}/edit", work, write::edit),
        Route::post("/planned-changes/{number}/edit", work, write::replan),
        Route::post("/planned-changes/{number}/agree", work, agree),
        Route::post("/planned-changes/{number}/results", work, results),
        Route::post("/planned-changes/{number}/tell", work, tell),
        Route::post("/planned-changes/{number}/cancel", work, cancel),
    ]
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let changes = visitor.read(move |app| app.planned_changes(&book)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let rows = changes.iter().map(|change| {
        let mark = if change.waiting > 0 { "▲ " } else { "" };
        let state = frame.word("change_state", &change.state);
        let window = change.window.as_ref().map(|window| window.from.clone());
        vec![
            Cell::link(change.number.to_string(), format!("/planned-changes/{}", change.number)),
            Cell::text(format!("{mark}{state}")),
            Cell::text(&change.what),
            Cell::text(&change.product),
            Cell::text(change.devices.len().to_string()),
            Cell::text(window.unwrap_or_default()),
            Cell::text(&change.performer),
            Cell::text(match change.waiting {
                0 => String::new(),
                waiting => frame.t1("web.planned.waiting_count", "count", waiting),
            }),
        ]
    });
    let columns = [
        "column.change",
        "column.change_state",
        "column.change_what",
        "column.product",
        "column.devices",
        "column.change_window",
        "column.performer",
        "column.change_evidence",
    ];
    let table = Table::of("planned-changes", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, None)
}

#[derive(Template)]
#[template(path = "planned_changes/page.html")]
struct ChangePage {
    frame: Frame,
    change: PlannedChangeView,
    /// What somebody else did since the person looked.
    news: Vec<MatterStepView>,
    problem: Option<String>,
    /// What was typed into the form that was not taken.
    typed: Pairs,
}

impl ChangePage {
    fn is(&self, states: &[&str]) -> bool {
        states.contains(&self.change.state.as_str())
    }

    /// What stands in the field `name`: what was typed, else `otherwise`.
    fn value<'v>(&'v self, name: &str, otherwise: &'v str) -> &'v str {
        typed(&self.typed, name, otherwise)
    }

    /// The same for a field of one device.
    fn of<'v>(&'v self, name: &str, row: &usize, otherwise: &'v str) -> &'v str {
        self.value(&format!("{name}.{row}"), otherwise)
    }

    fn outcomes(&self) -> impl Iterator<Item = &'static str> {
        ChangeOutcome::ALL.iter().map(|outcome| outcome.key())
    }

    /// Whether results can be recorded.
    fn is_open(&self) -> bool {
        self.change.window.is_some() && !self.is(&["cancelled"])
    }

    fn has_results(&self) -> bool {
        self.change.devices.iter().any(|device| device.outcome.is_some())
    }
}

async fn one(visitor: Visitor, Path(id): Path<String>) -> Answer {
    show(&visitor, number(&id)?, None, Pairs::new(), None).await
}

async fn show(
    visitor: &Visitor,
    number: u32,
    seen: Option<u32>,
    typed: Pairs,
    problem: Option<Message>,
) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let change = visitor.read(move |app| app.planned_change(number, &book)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let problem = problem.map(|message| frame.say(&message));
    let news = change.history.iter().filter(|step| seen.is_some_and(|seen| step.step > seen));
    page(&ChangePage { news: news.cloned().collect(), frame, change, problem, typed })
}

/// Takes a step that the page asks for. What is refused, or came second, is shown on the page again with what was typed.
async fn step(
    visitor: Visitor,
    number: u32,
    pairs: Pairs,
    said: &'static str,
    work: impl FnOnce(&app::App, &app::Act, Option<u32>) -> Result<(), AppError> + Send + 'static,
) -> Answer {
    let seen = seen_in(&pairs);
    let done = visitor.change(move |app, act| match work(app, act, seen) {
        Err(error @ (AppError::MatterMoved(_) | AppError::Change(_))) => Ok(Some(error.message())),
        done => done.map(|()| None),
    });
    match done.await? {
        None => go_and_say(&format!("/planned-changes/{number}"), said),
        Some(message) => {
            let page = show(&visitor, number, seen, pairs, Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// A moment as browsers write it: `2026-11-20T19:00`.
fn moment_in(pairs: &Pairs, name: &str) -> Result<DateTime, Problem> {
    field(pairs, name).parse().map_err(|_| Problem::bad_form())
}

async fn agree(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let number = number(&id)?;
    let window = ClinicalWindow {
        from: moment_in(&pairs, "from")?,
        to: moment_in(&pairs, "to")?,
        with: field(&pairs, "with").trim().to_owned(),
    };
    step(visitor, number, pairs, "change_agreed", move |app, act, seen| {
        app.agree_change(number, seen, window, act)
    })
    .await
}

/// What came of it. The fields are `outcome.ROW`, `note.ROW`; the row's device is `sign.ROW`. A row without an outcome says nothing.
async fn results(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let (number, on) = (number(&id)?, day_in(&pairs, "on")?);
    let mut results = Vec::new();
    for (name, value) in &pairs {
        let Some(row) = name.strip_prefix("outcome.").filter(|_| !value.is_empty()) else {
            continue;
        };
        let sign = field(&pairs, &format!("sign.{row}"));
        results.push(ChangeResult {
            sign: sign.parse().map_err(|_| Problem::bad_form())?,
            outcome: ChangeOutcome::from_key(value).ok_or_else(Problem::bad_form)?,
            note: field(&pairs, &format!("note.{row}")).trim().to_owned(),
            on,
        });
    }
    step(visitor, number, pairs, "change_recorded", move |app, act, seen| {
        app.record_change(number, seen, results, act)
    })
    .await
}

async fn tell(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let number = number(&id)?;
    let told = ToldBack {
        on: day_in(&pairs, "told_on")?,
        to: field(&pairs, "to_whom").trim().to_owned(),
        text: lines_in(&pairs, "text"),
    };
    step(visitor, number, pairs, "change_told", move |app, act, seen| {
        app.tell_change(number, seen, told, act)
    })
    .await
}

async fn cancel(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let (number, reason) = (number(&id)?, field(&pairs, "reason").trim().to_owned());
    step(visitor, number, pairs, "change_cancelled", move |app, act, seen| {
        app.cancel_change(number, seen, reason, act)
    })
    .await
}
