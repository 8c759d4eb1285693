//! Writing the letter of an inquiry: from the page of a product or of a vulnerability, and anew while it is not sent.

use app::{AppError, InquiryView, NewInquiry, ProductPageView};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Inquiry, Message};
use jiff::ToSpan;
use serde::Deserialize;

use super::super::form::{day_in, field, lines_in, number, seen_in};
use super::Pairs;
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Days that a vendor is given to answer, unless the person says otherwise. This program's own choice.
const USUAL_DAYS: i32 = 14;

#[derive(Debug, Deserialize)]
pub(super) struct Of {
    mark: String,
    /// The one vulnerability, where the person comes from its page.
    #[serde(default)]
    id: String,
}

/// A vulnerability that can be asked about.
struct Choice {
    id: String,
    /// Severity and score, or why it could not be judged.
    about: String,
    exploited: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "inquiries/write.html")]
struct WritePage {
    frame: Frame,
    /// The inquiry that is written anew, and how many steps of it the person sees.
    again: Option<(u32, u32)>,
    product: ProductPageView,
    choices: Vec<Choice>,
    vendor: String,
    contact: String,
    note: String,
    due: String,
    problem: Option<String>,
    /// What somebody else did meanwhile.
    news: Vec<app::MatterStepView>,
    most: usize,
}

pub(super) async fn new(visitor: Visitor, Query(of): Query<Of>) -> Answer {
    let today = visitor.desk.today();
    // Who asked last asks again, most often.
    let before = visitor.read(move |app| app.inquiries(today)).await?;
    let last = before.into_iter().max_by_key(|inquiry| inquiry.number);
    let due = today.saturating_add(USUAL_DAYS.days());
    let mut pairs = vec![("mark".to_owned(), of.mark), ("due".to_owned(), due.to_string())];
    pairs.extend(last.map(|last| ("contact".to_owned(), last.contact)));
    let one = (!of.id.is_empty()).then(|| ("vulnerability".to_owned(), of.id));
    let chooses = one.is_some();
    pairs.extend(one);
    form(&visitor, pairs, chooses, None, None).await
}

pub(super) async fn edit(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let (number, today) = (number(&id)?, visitor.desk.today());
    let inquiry = visitor.read(move |app| app.inquiry(number, today)).await?;
    let pairs = pairs_of(&inquiry);
    form(&visitor, pairs, true, Some(&inquiry), None).await
}

/// The fields of the form as they were drafted.
fn pairs_of(inquiry: &InquiryView) -> Pairs {
    let mut pairs: Pairs = [
        ("mark", &inquiry.mark),
        ("vendor", &inquiry.vendor),
        ("contact", &inquiry.contact),
        ("note", &inquiry.note),
        ("due", &inquiry.due),
    ]
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .to_vec();
    pairs.push(("seen".to_owned(), inquiry.steps.to_string()));
    pairs.extend(inquiry.asked.iter().map(|asked| ("vulnerability".to_owned(), asked.id.clone())));
    pairs
}

/// The form, filled with `pairs`; where nothing was chosen yet, with all that surely concerns the product.
async fn form(
    visitor: &Visitor,
    pairs: Pairs,
    chooses: bool,
    again: Option<&InquiryView>,
    problem: Option<Message>,
) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let product = book.product(field(&pairs, "mark"), &frame.texts).ok_or_else(Problem::no_page)?;
    let choices = choices(&frame, &product, &pairs, chooses);
    let seen = seen_in(&pairs);
    let history = again.iter().flat_map(|inquiry| &inquiry.history);
    let news = history.filter(|step| seen.is_some_and(|seen| step.step > seen)).cloned().collect();
    page(&WritePage {
        again: again.map(|inquiry| (inquiry.number, inquiry.steps)),
        choices,
        vendor: field(&pairs, "vendor").to_owned(),
        contact: field(&pairs, "contact").to_owned(),
        note: field(&pairs, "note").to_owned(),
        due: field(&pairs, "due").to_owned(),
        problem: problem.map(|message| frame.say(&message)),
        news,
        product,
        frame,
        most: Inquiry::MOST_ASKED,
    })
}

fn choices(frame: &Frame, product: &ProductPageView, pairs: &Pairs, chooses: bool) -> Vec<Choice> {
    let chosen =
        |id: &str| pairs.iter().any(|(name, value)| name == "vulnerability" && value == id);
    let mut first = Inquiry::MOST_ASKED;
    let mut choices: Vec<Choice> = Vec::new();
    for found in &product.matches {
        let weakness = &found.weakness;
        let is_sure = weakness.confidence != "candidate" && first > 0;
        first -= usize::from(is_sure);
        choices.push(Choice {
            about: super::super::weaknesses::severity(frame, weakness),
            exploited: super::super::weaknesses::exploited(frame, weakness),
            is_chosen: if chooses { chosen(&weakness.id) } else { is_sure },
            id: weakness.id.clone(),
        });
    }
    choices.extend(product.open.iter().map(|(id, reason)| Choice {
        id: id.clone(),
        about: reason.clone(),
        exploited: String::new(),
        is_chosen: chooses && chosen(id),
    }));
    choices
}

fn wanted(pairs: &Pairs) -> Result<NewInquiry, Problem> {
    let text = |name| field(pairs, name).to_owned();
    let chosen = pairs.iter().filter(|(name, _)| name == "vulnerability");
    Ok(NewInquiry {
        mark: text("mark"),
        vulnerabilities: chosen.map(|(_, id)| id.clone()).collect(),
        vendor: text("vendor"),
        contact: text("contact"),
        note: lines_in(pairs, "note"),
        due: day_in(pairs, "due")?,
    })
}

pub(super) async fn draft(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    let new = wanted(&pairs)?;
    let done = visitor.change(move |app, act| refusable(app.draft_inquiry(&new, act)));
    match done.await? {
        Ok(number) => go_and_say(&format!("/inquiries/{number}"), "inquiry_drafted"),
        Err(message) => {
            let page = form(&visitor, pairs, true, None, Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

pub(super) async fn redraft(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, new, seen) = (number(&id)?, wanted(&pairs)?, seen_in(&pairs));
    let done =
        visitor.change(move |app, act| refusable(app.redraft_inquiry(number, seen, &new, act)));
    match done.await? {
        Ok(number) => go(&format!("/inquiries/{number}")),
        Err(message) => {
            let today = visitor.desk.today();
            let inquiry = visitor.read(move |app| app.inquiry(number, today)).await?;
            let page = form(&visitor, pairs, true, Some(&inquiry), Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// The number; or the sentence, where the person can put it right.
fn refusable(done: Result<InquiryView, AppError>) -> Result<Result<u32, Message>, AppError> {
    match done {
        Err(error @ (AppError::MatterMoved(_) | AppError::Inquiry(_))) => Ok(Err(error.message())),
        done => done.map(|inquiry| Ok(inquiry.number)),
    }
}
