//! Which products what the hospital writes means.

use app::{App, WritingAnswer, WritingChoice, WritingView};
use domain::{Permission, What, msg};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::Operation;
use crate::answer::Answer;

pub(super) fn operations() -> Vec<Operation> {
    let work = Permission::Work;
    let [confirmed, refused, reopened] =
        ["/api/v1/writings/confirm", "/api/v1/writings/refuse", "/api/v1/writings/reopen"];
    vec![
        Operation::get::<Writings, _, _>("writings", "/api/v1/writings", list),
        Operation::post::<WritingView, _, _>("writings_confirm", confirmed, work, confirm)
            .taking::<About>(),
        Operation::post::<WritingView, _, _>("writings_refuse", refused, work, refuse)
            .taking::<About>(),
        Operation::post::<WritingView, _, _>("writings_reopen", reopened, work, reopen)
            .taking::<Reopened>(),
    ]
}

/// What the hospital writes for products.
#[derive(Serialize, JsonSchema)]
struct Writings {
    /// What is open first, then what people said, then what is sure; what most devices have first, and machines by their models last.
    writings: Vec<WritingView>,
}

/// What is said of a writing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct About {
    /// The writing, by its `text` or as it is written.
    writing: String,
    /// `hardware`, `firmware`, `os` or `software`, where the same is written for several.
    what: Option<String>,
    /// The product: the name of a candidate, a CPE name, a package URL, or a name of the table of products. None: the only candidate is
    /// confirmed, all candidates are refused.
    product: Option<String>,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// A writing that is opened again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reopened {
    /// The writing, by its `text` or as it is written.
    writing: String,
    /// `hardware`, `firmware`, `os` or `software`, where the same is written for several.
    what: Option<String>,
    /// Why.
    #[serde(default)]
    reason: String,
}

async fn list(call: Call) -> Answer {
    let today = call.today();
    let listed = move |app: &App| app.writings(&app.weaknesses(today)?);
    call.answer(move |app| Ok(Writings { writings: listed(app)? })).await
}

async fn confirm(call: Call, Sent(sent): Sent<About>) -> Answer {
    let answer = WritingAnswer::Confirm(sent.product);
    settle(call, sent.writing, sent.what, answer, sent.reason).await
}

async fn refuse(call: Call, Sent(sent): Sent<About>) -> Answer {
    let answer = WritingAnswer::Refuse(sent.product);
    settle(call, sent.writing, sent.what, answer, sent.reason).await
}

async fn reopen(call: Call, Sent(sent): Sent<Reopened>) -> Answer {
    settle(call, sent.writing, sent.what, WritingAnswer::Reopen, sent.reason).await
}

async fn settle(
    call: Call,
    writing: String,
    what: Option<String>,
    answer: WritingAnswer,
    reason: String,
) -> Answer {
    let what = match what.as_deref().map(What::from_key) {
        Some(None) => return Err(bad(msg!("web.api.writing_what"))),
        Some(known) => known,
        None => None,
    };
    let choice = WritingChoice { writing, what, answer, reason };
    call.change(move |app, act| app.settle_writing(&choice, act)).await
}
