//! 照会: what vendors were asked about vulnerabilities, what went out, and what they answered.

mod answers;
mod write;

use app::{AppError, InquiryView, MatterStepView};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Message, Permission, Sending};
use reference::Language;
use serde::Deserialize;

use super::devices::Pairs;
use super::form::{day_in, field, number, seen_in, typed};
use super::table::{Asked, Cell, Table, list_page_with};
use super::weaknesses::TABS;
use crate::answer::{Answer, XLSX, download, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let (look, work) = (Access::May(Permission::Look), Access::May(Permission::Work));
    vec![
        Route::get("/inquiries", look, list),
        Route::get("/inquiries/new", work, write::new),
        Route::post("/inquiries/new", work, write::draft),
        Route::get("/inquiries/{number}", look, one),
        Route::get("/inquiries/{number}/edit", work, write::edit),
        Route::post("/inquiries/{number}/edit", work, write::redraft),
        Route::post("/inquiries/{number}/sent", work, sent),
        Route::post("/inquiries/{number}/due", work, due),
        Route::post("/inquiries/{number}/withdraw", work, withdraw),
        Route::post("/inquiries/{number}/answers", work, answers::typed),
        Route::post("/inquiries/{number}/read", work, answers::read),
        Route::post("/inquiries/{number}/take", work, answers::take),
        Route::get("/inquiries/{number}/letter", look, letter),
        Route::get("/inquiries/{number}/sheet.xlsx", look, sheet),
        Route::get("/inquiries/{number}/file/{step}", look, file),
    ]
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let today = visitor.desk.today();
    let inquiries = visitor.read(move |app| app.inquiries(today)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let rows = inquiries.iter().map(|inquiry| {
        let mark = if inquiry.overdue { "▲ " } else { "" };
        let state = frame.word("inquiry_state", &inquiry.state);
        let waits = ["draft", "sent", "answered_in_part"].contains(&inquiry.state.as_str());
        vec![
            Cell::link(inquiry.number.to_string(), format!("/inquiries/{}", inquiry.number)),
            Cell::text(format!("{mark}{state}")),
            Cell::text(&inquiry.vendor),
            Cell::text(&inquiry.product),
            Cell::lines(inquiry.asked.iter().map(|asked| asked.id.as_str())),
            Cell::text(if waits { frame.day(&inquiry.due) } else { String::new() }),
            Cell::text(inquiry.missing.to_string()),
        ]
    });
    let columns = [
        "column.inquiry",
        "column.inquiry_state",
        "column.inquiry_vendor",
        "column.product",
        "column.vulnerability",
        "column.answer_due",
        "column.answers_missing",
    ];
    let table = Table::of("inquiries", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, None)
}

#[derive(Template)]
#[template(path = "inquiries/page.html")]
struct InquiryPage {
    frame: Frame,
    inquiry: InquiryView,
    /// What somebody else did since the person looked.
    news: Vec<MatterStepView>,
    problem: Option<String>,
    /// What was typed into the form that was not taken.
    typed: Pairs,
}

impl InquiryPage {
    fn is(&self, states: &[&str]) -> bool {
        states.contains(&self.inquiry.state.as_str())
    }

    /// What stands in the field `name`: what was typed, else `otherwise`.
    fn value<'v>(&'v self, name: &str, otherwise: &'v str) -> &'v str {
        typed(&self.typed, name, otherwise)
    }

    fn cell<'v>(&'v self, row: &usize, item: &'v app::ItemView) -> &'v str {
        let known = item.answer.as_ref().map_or("", |answer| &answer.text);
        self.value(&format!("a.{row}.{}", item.item), known)
    }

    fn rating(&self, asked: &app::AskedView) -> String {
        rating(&self.frame, asked)
    }
}

/// Severity and score of what is asked about, as it was known when the letter was written.
fn rating(frame: &Frame, asked: &app::AskedView) -> String {
    let word = frame.word("cvss_severity", &asked.severity);
    match asked.score {
        Some(score) => format!("{word} {score:.1}"),
        None => word.into_owned(),
    }
}

async fn one(visitor: Visitor, Path(id): Path<String>) -> Answer {
    show(&visitor, number(&id)?, None, Pairs::new(), None).await
}

/// The page of an inquiry; with what is new since step `seen`, where somebody else was quicker.
async fn show(
    visitor: &Visitor,
    number: u32,
    seen: Option<u32>,
    typed: Pairs,
    problem: Option<Message>,
) -> Answer {
    let today = visitor.desk.today();
    let inquiry = visitor.read(move |app| app.inquiry(number, today)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let problem = problem.map(|message| frame.say(&message));
    let news = inquiry.history.iter().filter(|step| seen.is_some_and(|seen| step.step > seen));
    page(&InquiryPage { news: news.cloned().collect(), frame, inquiry, problem, typed })
}

/// Takes a step that the page asks for. What is refused, or came second, is shown on the page again with what was typed.
async fn step(
    visitor: Visitor,
    number: u32,
    pairs: Pairs,
    said: &'static str,
    work: impl FnOnce(&app::App, &app::Act, Option<u32>) -> Result<InquiryView, AppError>
    + Send
    + 'static,
) -> Answer {
    let seen = seen_in(&pairs);
    let done = visitor.change(move |app, act| match work(app, act, seen) {
        Err(error @ (AppError::MatterMoved(_) | AppError::Inquiry(_))) => Ok(Some(error.message())),
        done => done.map(|_| None),
    });
    match done.await? {
        None => go_and_say(&format!("/inquiries/{number}"), said),
        Some(message) => {
            let page = show(&visitor, number, seen, pairs, Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

async fn sent(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let number = number(&id)?;
    let sending = Sending {
        on: day_in(&pairs, "on")?,
        to: field(&pairs, "to").trim().to_owned(),
        way: field(&pairs, "way").trim().to_owned(),
    };
    step(visitor, number, pairs, "inquiry_sent", move |app, act, seen| {
        app.mark_inquiry_sent(number, seen, sending, act)
    })
    .await
}

async fn due(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let (number, due) = (number(&id)?, day_in(&pairs, "due")?);
    step(visitor, number, pairs, "inquiry_due", move |app, act, seen| {
        app.set_inquiry_due(number, seen, due, act)
    })
    .await
}

async fn withdraw(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let (number, reason) = (number(&id)?, field(&pairs, "reason").trim().to_owned());
    step(visitor, number, pairs, "inquiry_withdrawn", move |app, act, seen| {
        app.withdraw_inquiry(number, seen, reason, act)
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
struct InLanguage {
    #[serde(default)]
    language: String,
}

#[derive(Template)]
#[template(path = "inquiries/letter.html")]
struct LetterPage {
    frame: Frame,
    inquiry: InquiryView,
    letter: String,
    language: Language,
    other: Language,
}

/// The letter by itself, to be printed or copied.
async fn letter(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<InLanguage>,
) -> Answer {
    let (number, today) = (number(&id)?, visitor.desk.today());
    let language = Language::from_code(&asked.language).unwrap_or(visitor.language);
    let (inquiry, letter) = visitor
        .read(move |app| Ok((app.inquiry(number, today)?, app.inquiry_letter(number, language)?)))
        .await?;
    let frame = visitor.frame("weaknesses").await?;
    let other = if language == Language::Ja { Language::En } else { Language::Ja };
    page(&LetterPage { frame, inquiry, letter, language, other })
}

async fn sheet(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let number = number(&id)?;
    let bytes = visitor.read(move |app| app.inquiry_sheet(number)).await?;
    let name = visitor.app().catalogue().text("inquiry.sheet.name").into_owned();
    download(&format!("{name}-{number}.xlsx"), XLSX, bytes)
}

async fn file(visitor: Visitor, Path((id, step)): Path<(String, String)>) -> Answer {
    let (number, step) = (number(&id)?, super::form::number(&step)?);
    let (name, bytes) = visitor.read(move |app| app.inquiry_file(number, step)).await?;
    download(&name, "application/octet-stream", bytes)
}
