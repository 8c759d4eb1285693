//! Inquiries to vendors.

use app::{App, AppError, InquiryView, NewInquiry};
use domain::{InquiryItem, ItemAnswer, Permission, Sending, msg};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::Operation;
use crate::answer::Answer;
use crate::problem::Problem;

pub(super) fn operations() -> Vec<Operation> {
    let work = Permission::Work;
    let (all, mark) = ("/api/v1/inquiries", "/api/v1/inquiries/sent");
    let (answers, due) = ("/api/v1/inquiries/answers", "/api/v1/inquiries/due");
    let withdrawn = "/api/v1/inquiries/withdraw";
    vec![
        Operation::get::<Inquiries, _, _>("inquiries", all, list),
        Operation::post::<InquiryView, _, _>("inquiry_draft", all, work, draft).taking::<Draft>(),
        Operation::post::<InquiryView, _, _>("inquiry_sent", mark, work, sent).taking::<WasSent>(),
        Operation::post::<InquiryView, _, _>("inquiry_due", due, work, set_due).taking::<NewDue>(),
        Operation::post::<InquiryView, _, _>("inquiry_answers", answers, work, answer)
            .taking::<Answers>(),
        Operation::post::<InquiryView, _, _>("inquiry_withdraw", withdrawn, work, withdraw)
            .taking::<Withdrawal>(),
    ]
}

/// Inquiries to vendors.
#[derive(Serialize, JsonSchema)]
struct Inquiries {
    /// The inquiries: what is late first, then what waits, drafts, and what is done.
    inquiries: Vec<InquiryView>,
}

/// A letter; written anew where it says of which inquiry.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    /// The inquiry whose letter is written anew; none for a new one.
    #[serde(default)]
    number: Option<u32>,
    /// How many steps of it were seen; where somebody took another one since, nothing is changed.
    #[serde(default)]
    seen: Option<u32>,
    /// The product's mark, as `weaknesses` gives it.
    mark: String,
    /// The vulnerabilities that are asked about.
    vulnerabilities: Vec<String>,
    /// To whom.
    vendor: String,
    /// Who asks, and where an answer reaches them.
    contact: String,
    /// What the hospital adds.
    #[serde(default)]
    note: String,
    /// Until when an answer is asked for (`2026-11-20`).
    due: String,
}

/// That a person sent an inquiry.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WasSent {
    /// The inquiry.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// On which day (`2026-11-20`).
    on: String,
    /// To whom.
    to: String,
    /// How.
    way: String,
}

/// Another day for the answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewDue {
    /// The inquiry.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// The day (`2026-11-20`).
    due: String,
}

/// What a vendor answered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answers {
    /// The inquiry.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// The answers.
    answers: Vec<OneAnswer>,
}

/// What a vendor says of one item of one vulnerability.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneAnswer {
    /// The vulnerability.
    id: String,
    /// The item, by key.
    item: String,
    /// The vendor's words.
    text: String,
}

/// That an answer is waited for no more.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// The inquiry.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// Why.
    reason: String,
}

fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| bad(msg!("web.api.bad_day", name = name)))
}

async fn list(call: Call) -> Answer {
    let today = call.today();
    call.answer(move |app: &App| Ok(Inquiries { inquiries: app.inquiries(today)? })).await
}

async fn draft(call: Call, Sent(sent): Sent<Draft>) -> Answer {
    let (number, seen) = (sent.number, sent.seen);
    let new = NewInquiry {
        due: day("due", &sent.due)?,
        mark: sent.mark,
        vulnerabilities: sent.vulnerabilities,
        vendor: sent.vendor,
        contact: sent.contact,
        note: sent.note,
    };
    call.change(move |app, act| match number {
        None => app.draft_inquiry(&new, act),
        Some(number) => app.redraft_inquiry(number, seen, &new, act),
    })
    .await
}

async fn sent(call: Call, Sent(sent): Sent<WasSent>) -> Answer {
    let sending = Sending { on: day("on", &sent.on)?, to: sent.to, way: sent.way };
    call.change(move |app, act| app.mark_inquiry_sent(sent.number, sent.seen, sending, act)).await
}

async fn set_due(call: Call, Sent(sent): Sent<NewDue>) -> Answer {
    let due = day("due", &sent.due)?;
    call.change(move |app, act| app.set_inquiry_due(sent.number, sent.seen, due, act)).await
}

async fn answer(call: Call, Sent(sent): Sent<Answers>) -> Answer {
    let answers = sent.answers.into_iter().map(OneAnswer::read).collect::<Result<Vec<_>, _>>()?;
    call.change(move |app, act| app.answer_inquiry(sent.number, sent.seen, answers, act)).await
}

async fn withdraw(call: Call, Sent(sent): Sent<Withdrawal>) -> Answer {
    let work = move |app: &App, act: &app::Act| -> Result<InquiryView, AppError> {
        app.withdraw_inquiry(sent.number, sent.seen, sent.reason, act)
    };
    call.change(work).await
}

impl OneAnswer {
    fn read(self) -> Result<ItemAnswer, Problem> {
        let item = InquiryItem::from_key(&self.item).ok_or_else(|| {
            let known: Vec<&str> = InquiryItem::ALL.iter().map(|item| item.key()).collect();
            bad(msg!("web.api.bad_word", name = "item", known = known))
        })?;
        Ok(ItemAnswer { id: self.id, item, text: self.text })
    }
}
