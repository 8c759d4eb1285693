//! What is done with a notice on its page: saying what it means, answering it, and ending its embargo.

use app::{AppError, NoticeView, Reader, TriageOf, TriageWord};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Embargo, NoticeAnswer, Role};

use super::super::form::{day_in, field, lines_in, maybe_day_in, number, seen_in};
use super::{Pairs, show};
use crate::answer::{Answer, go_and_say};
use crate::guard::Visitor;
use crate::problem::Problem;

/// What was refused in a way that the person can put right.
fn is_refusal(error: &AppError) -> bool {
    use AppError::{ManyDevices, MatterMoved, NoDevice, Notice};
    matches!(error, MatterMoved(_) | Notice(_) | NoDevice(_) | ManyDevices(..))
}

/// Takes a step that the page asks for. What is refused, or came second, is shown on the page again with what was typed.
async fn step(
    visitor: Visitor,
    number: u32,
    pairs: Pairs,
    said: &'static str,
    work: impl FnOnce(&app::App, &app::Act, (u32, Reader), Option<u32>) -> Result<NoticeView, AppError>
    + Send
    + 'static,
) -> Answer {
    let (seen, reader) = (seen_in(&pairs), visitor.reader());
    let done = visitor.change(move |app, act| match work(app, act, (number, reader), seen) {
        Err(error) if is_refusal(&error) => Ok(Some(error.message())),
        done => done.map(|_| None),
    });
    match done.await? {
        None => go_and_say(&format!("/notices/{number}"), said),
        Some(message) => {
            let page = show(&visitor, number, seen, pairs, Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// Takes the answers to what is proposed. The fields are `verdict.ROW`, beside `what.ROW` and `was.ROW`; only what is said anew counts.
pub(super) async fn triage(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let number = number(&id)?;
    let mut words = Vec::new();
    for (name, value) in &pairs {
        let Some(row) = name.strip_prefix("verdict.").filter(|_| !value.is_empty()) else {
            continue;
        };
        if field(&pairs, &format!("was.{row}")) == value {
            continue;
        }
        let what = field(&pairs, &format!("what.{row}"));
        words.push(TriageWord {
            what: TriageOf::Thing(what.parse().map_err(|_| Problem::bad_form())?),
            is_meant: verdict(value)?,
            reason: String::new(),
        });
    }
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    step(visitor, number, pairs, "notice_triaged", move |app, act, of, seen| {
        app.triage_notice(of, seen, &words, &book, act)
    })
    .await
}

fn verdict(value: &str) -> Result<bool, Problem> {
    match value {
        "meant" => Ok(true),
        "not_meant" => Ok(false),
        _ => Err(Problem::bad_form()),
    }
}

/// Adds a device that a person names.
pub(super) async fn device(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let number = number(&id)?;
    let name = field(&pairs, "device").trim().to_owned();
    let reason = field(&pairs, "device_reason").trim().to_owned();
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    step(visitor, number, pairs, "notice_triaged", move |app, act, of, seen| {
        let what = TriageOf::Device(app.find_device(&name)?);
        app.triage_notice(of, seen, &[TriageWord { what, is_meant: true, reason }], &book, act)
    })
    .await
}

pub(super) async fn none(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, reason) = (number(&id)?, field(&pairs, "none_reason").trim().to_owned());
    step(visitor, number, pairs, "notice_none", move |app, act, of, seen| {
        app.notice_means_none(of, seen, reason, act)
    })
    .await
}

pub(super) async fn answer(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let number = number(&id)?;
    let answer = NoticeAnswer {
        on: day_in(&pairs, "on")?,
        to: field(&pairs, "to_whom").trim().to_owned(),
        done: lines_in(&pairs, "done"),
        text: lines_in(&pairs, "answer"),
    };
    step(visitor, number, pairs, "notice_answered", move |app, act, of, seen| {
        app.answer_notice(of, seen, answer, act)
    })
    .await
}

pub(super) async fn due(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, due) = (number(&id)?, day_in(&pairs, "due")?);
    step(visitor, number, pairs, "notice_due", move |app, act, of, seen| {
        app.set_notice_due(of, seen, due, act)
    })
    .await
}

/// The embargo that the fields `until` and `role` say.
pub(super) fn embargo_in(pairs: &Pairs) -> Result<Embargo, Problem> {
    let roles = pairs.iter().filter(|(name, _)| name == "role");
    let roles = roles.map(|(_, role)| Role::from_key(role).ok_or_else(Problem::bad_form));
    Ok(Embargo { until: maybe_day_in(pairs, "until")?, roles: roles.collect::<Result<_, _>>()? })
}

pub(super) async fn embargo(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, embargo) = (number(&id)?, embargo_in(&pairs)?);
    step(visitor, number, pairs, "notice_embargo", move |app, act, of, seen| {
        app.set_notice_embargo(of, seen, embargo, act)
    })
    .await
}

pub(super) async fn lift(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, reason) = (number(&id)?, field(&pairs, "lift_reason").trim().to_owned());
    step(visitor, number, pairs, "notice_lifted", move |app, act, of, seen| {
        app.lift_notice(of, seen, reason, act)
    })
    .await
}

pub(super) async fn withdraw(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, reason) = (number(&id)?, field(&pairs, "withdraw_reason").trim().to_owned());
    step(visitor, number, pairs, "notice_withdrawn", move |app, act, of, seen| {
        app.withdraw_notice(of, seen, reason, act)
    })
    .await
}
