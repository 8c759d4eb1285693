//! 製品の書き方: all that the hospital writes for products, and which product a person says that it means.

use app::{AppError, MeantProductView, WritingAnswer, WritingChoice, WritingView};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Message, Permission, What, fold};
use serde::Deserialize;

use super::devices::Pairs;
use super::form::field;
use super::pager::Pager;
use super::table::{EACH, Tab, tabs};
use super::weaknesses::{TABS, notice};
use crate::answer::{Answer, go, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// The states of writings, in the order of their lists: what waits for a person first.
const STATES: [&str; 4] = ["open", "confirmed", "refused", "sure"];

/// That it was kept, as it is said on the next page.
pub(super) const SETTLED: &str = "writing_settled";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/writings", Access::May(Permission::Look), list),
        Route::post("/writings/settle", Access::May(Permission::Work), settle),
    ]
}

#[derive(Template)]
#[template(path = "weaknesses/writings.html")]
struct WritingsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// What must be known before all else: nothing can be judged.
    notice: Option<String>,
    /// Each state, and how many writings are in it.
    states: Vec<(&'static str, usize)>,
    asked: Asked,
    writings: Vec<WritingView>,
    /// How many in this state hold what was searched for.
    found: usize,
    pager: Pager,
    settling: Settling,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    q: String,
    page: Option<usize>,
}

impl Asked {
    /// The state that is asked for; what waits for a person where none is.
    fn state(&self) -> &'static str {
        STATES.into_iter().find(|state| *state == self.state).unwrap_or(STATES[0])
    }

    /// The address of the list, but for its page.
    fn address(&self, frame: &Frame) -> String {
        let state = self.state();
        match self.q.as_str() {
            "" => format!("/writings?state={state}"),
            typed => format!("/writings?state={state}&q={}", frame.q(typed)),
        }
    }
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    show(&visitor, asked, Settling::default()).await
}

async fn show(visitor: &Visitor, asked: Asked, settling: Settling) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let notice = notice(&frame, book.state());
    let mut writings = visitor.read(move |app| app.writings(&book)).await?;
    let count = |state| writings.iter().filter(|writing| writing.state == state).count();
    let states = STATES.map(|state| (state, count(state))).to_vec();
    let words: Vec<String> = asked.q.split_whitespace().map(fold).collect();
    writings.retain(|writing| writing.state == asked.state() && holds(writing, &words));
    let found = writings.len();
    let pager = Pager::new(asked.page.unwrap_or(1), found, EACH, asked.address(&frame));
    let writings = writings.into_iter().skip(pager.skip()).take(EACH).collect();
    let tabs = tabs(&TABS, "writings");
    page(&WritingsPage { tabs, notice, states, asked, writings, found, pager, settling, frame })
}

/// Whether a writing, or a product that it means or may mean, holds every word.
fn holds(writing: &WritingView, words: &[String]) -> bool {
    let products = writing.meant.iter().chain(&writing.candidates);
    let names = products.map(|one| one.name.as_str());
    let text: Vec<String> =
        std::iter::once(writing.shown.as_str()).chain(names).map(fold).collect();
    let text = text.join("\n");
    words.iter().all(|word| text.contains(word.as_str()))
}

async fn settle(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    let asked = Asked {
        state: field(&pairs, "state").to_owned(),
        q: field(&pairs, "q").to_owned(),
        page: field(&pairs, "page").parse().ok(),
    };
    match settled(&visitor, &pairs).await? {
        None => {
            let frame = visitor.frame("weaknesses").await?;
            let page = asked.page.unwrap_or(1);
            go(&format!("{}&page={page}&said={SETTLED}", asked.address(&frame)))
        }
        Some(message) => {
            refused(show(&visitor, asked, Settling::of(&visitor, pairs, message).await?).await)
        }
    }
}

/// The page with what was typed, and why it was not taken.
pub(super) fn refused(page: Answer) -> Result<Response, Problem> {
    Ok((StatusCode::CONFLICT, page?).into_response())
}

/// Keeps what the form of a writing says; gives why where it does not fit.
pub(super) async fn settled(visitor: &Visitor, pairs: &Pairs) -> Result<Option<Message>, Problem> {
    let choice = choice(pairs)?;
    let keep = move |app: &app::App, act: &app::Act| match app.settle_writing(&choice, act) {
        Err(AppError::Writing(message)) => Ok(Some(message)),
        done => done.map(|_| None),
    };
    visitor.change(keep).await
}

/// What the form says: `to` is `none`, `open`, `other` with a name in `product`, or the name of a candidate.
fn choice(pairs: &Pairs) -> Result<WritingChoice, Problem> {
    let text = |name| field(pairs, name).to_owned();
    let answer = match field(pairs, "to") {
        "none" => WritingAnswer::Refuse(None),
        "open" => WritingAnswer::Reopen,
        "other" => WritingAnswer::Confirm(Some(text("product"))),
        to => {
            let name = to.strip_prefix("is:").ok_or_else(Problem::bad_form)?;
            WritingAnswer::Confirm(Some(name.to_owned()))
        }
    };
    let what = Some(What::from_key(field(pairs, "what")).ok_or_else(Problem::bad_form)?);
    Ok(WritingChoice { writing: text("text"), what, answer, reason: text("reason") })
}

/// The form of a writing: where it is sent, with what beside, and what was typed before it was refused.
#[derive(Debug, Default)]
pub(super) struct Settling {
    pub(super) typed: Pairs,
    pub(super) problem: Option<String>,
}

impl Settling {
    /// What was typed, and why it was not taken.
    pub(super) async fn of(visitor: &Visitor, typed: Pairs, why: Message) -> Result<Self, Problem> {
        let frame = visitor.frame("weaknesses").await?;
        Ok(Self { typed, problem: Some(frame.say(&why)) })
    }

    /// What was typed for this writing before it was refused.
    pub(super) fn value(&self, writing: &WritingView, name: &str) -> &str {
        match self.is_typed(writing) {
            true => field(&self.typed, name),
            false => "",
        }
    }

    pub(super) fn is_typed(&self, writing: &WritingView) -> bool {
        let is = |name, value: &str| field(&self.typed, name) == value;
        is("what", &writing.what) && is("text", &writing.text)
    }

    /// Whether the choice `to` is the one that was made; where none was, the only candidate, or another product where there is none.
    pub(super) fn is_chosen(&self, writing: &WritingView, to: &str) -> bool {
        let listed: Vec<&MeantProductView> = self.listed(writing);
        match (self.value(writing, "to"), listed.as_slice()) {
            ("", [only]) if writing.said.is_none() => to.strip_prefix("is:") == Some(&only.name),
            ("", []) if writing.said.is_none() => to == "other",
            ("", _) => false,
            (chosen, _) => chosen == to,
        }
    }

    /// The candidates that can be confirmed.
    pub(super) fn listed<'w>(&self, writing: &'w WritingView) -> Vec<&'w MeantProductView> {
        writing.candidates.iter().filter(|one| one.listed).collect()
    }
}
