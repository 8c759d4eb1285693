//! Planned changes.

use app::{Act, App, AppError, NewChange, PlannedChangeView, day_of};
use domain::{
    ChangeKind, ChangeOutcome, ChangeResult, ClinicalWindow, DeviceId, Permission, ToldBack, msg,
};
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::Operation;
use crate::answer::Answer;
use crate::problem::Problem;

pub(super) fn operations() -> Vec<Operation> {
    type View = PlannedChangeView;
    let work = Permission::Work;
    let (all, agreed) = ("/api/v1/changes", "/api/v1/changes/agree");
    let (done, told) = ("/api/v1/changes/results", "/api/v1/changes/tell");
    let cancelled = "/api/v1/changes/cancel";
    vec![
        Operation::get::<Changes, _, _>("changes", all, list),
        Operation::post::<View, _, _>("change_plan", all, work, plan).taking::<Plan>(),
        Operation::post::<View, _, _>("change_agree", agreed, work, agree).taking::<Window>(),
        Operation::post::<View, _, _>("change_results", done, work, record).taking::<Results>(),
        Operation::post::<View, _, _>("change_tell", told, work, tell).taking::<Told>(),
        Operation::post::<View, _, _>("change_cancel", cancelled, work, cancel)
            .taking::<Cancellation>(),
    ]
}

/// Planned changes.
#[derive(Serialize, JsonSchema)]
struct Changes {
    /// The changes: what is under way first.
    changes: Vec<PlannedChangeView>,
}

/// A plan.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// `update` or `setting`.
    kind: String,
    /// What is done, in a sentence.
    what: String,
    /// The mark of the product that is replaced, as `weaknesses` gives it; none where no product is.
    #[serde(default)]
    mark: String,
    /// The vulnerabilities it is to mend.
    #[serde(default)]
    vulnerabilities: Vec<String>,
    /// The devices, by id.
    devices: Vec<String>,
    /// Who does it.
    performer: String,
    /// Under which instruction of the maker; needed before a medical device is done.
    #[serde(default)]
    instruction: String,
    /// The inquiry that was answered with it.
    #[serde(default)]
    inquiry: Option<u32>,
}

/// When a change is done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Window {
    /// The change.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// From (`2026-11-20T19:00`), by the clock of the hospital.
    from: String,
    /// To.
    to: String,
    /// With whom it is agreed.
    with: String,
}

/// What came of a change.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Results {
    /// The change.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// On which day (`2026-11-20`).
    on: String,
    /// The results.
    results: Vec<OneResult>,
}

/// What came of a change on one device.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneResult {
    /// The device's sign, as the change gives it.
    sign: String,
    /// `done`, `failed` or `not_needed`.
    outcome: String,
    /// In words.
    #[serde(default)]
    note: String,
}

/// What the vendor was told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Told {
    /// The change.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// On which day (`2026-11-20`).
    on: String,
    /// Whom.
    to: String,
    /// What.
    text: String,
}

/// That a change will not be done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancellation {
    /// The change.
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

fn moment(name: &'static str, text: &str) -> Result<DateTime, Problem> {
    text.parse().map_err(|_| bad(msg!("web.api.bad_moment", name = name)))
}

fn word<T>(
    name: &'static str,
    key: &str,
    from_key: fn(&str) -> Option<T>,
    known: Vec<&'static str>,
) -> Result<T, Problem> {
    from_key(key).ok_or_else(|| bad(msg!("web.api.bad_word", name = name, known = known)))
}

async fn list(call: Call) -> Answer {
    let today = call.today();
    let listed = move |app: &App| app.planned_changes(&app.weaknesses(today)?);
    call.answer(move |app: &App| Ok(Changes { changes: listed(app)? })).await
}

/// The change as it is after the act.
fn after(app: &App, number: u32, act: &Act) -> Result<PlannedChangeView, AppError> {
    app.planned_change(number, &app.weaknesses(day_of(act.now))?)
}

async fn plan(call: Call, Sent(sent): Sent<Plan>) -> Answer {
    let kinds = ChangeKind::ALL.iter().map(|kind| kind.key()).collect();
    let kind = word("kind", &sent.kind, ChangeKind::from_key, kinds)?;
    let id = |id: &String| {
        id.parse::<DeviceId>().map_err(|_| Problem::from(AppError::NoDevice(id.clone())))
    };
    let new = NewChange {
        kind,
        devices: sent.devices.iter().map(id).collect::<Result<_, _>>()?,
        what: sent.what,
        mark: sent.mark,
        vulnerabilities: sent.vulnerabilities,
        performer: sent.performer,
        instruction: sent.instruction,
        inquiry: sent.inquiry,
    };
    call.change(move |app, act| {
        app.plan_change(&new, act).and_then(|number| after(app, number, act))
    })
    .await
}

async fn agree(call: Call, Sent(sent): Sent<Window>) -> Answer {
    let window = ClinicalWindow {
        from: moment("from", &sent.from)?,
        to: moment("to", &sent.to)?,
        with: sent.with,
    };
    call.change(move |app, act| {
        app.agree_change(sent.number, sent.seen, window, act)?;
        after(app, sent.number, act)
    })
    .await
}

async fn record(call: Call, Sent(sent): Sent<Results>) -> Answer {
    let on = day("on", &sent.on)?;
    let result = |one: OneResult| {
        let outcomes = ChangeOutcome::ALL.iter().map(|outcome| outcome.key()).collect();
        let planned = domain::ChangeRefusal::NotPlanned(one.sign.clone());
        Ok::<_, Problem>(ChangeResult {
            sign: one.sign.parse().map_err(|_| bad(planned.message()))?,
            outcome: word("outcome", &one.outcome, ChangeOutcome::from_key, outcomes)?,
            note: one.note,
            on,
        })
    };
    let results = sent.results.into_iter().map(result).collect::<Result<Vec<_>, _>>()?;
    call.change(move |app, act| {
        app.record_change(sent.number, sent.seen, results, act)?;
        after(app, sent.number, act)
    })
    .await
}

async fn tell(call: Call, Sent(sent): Sent<Told>) -> Answer {
    let told = ToldBack { on: day("on", &sent.on)?, to: sent.to, text: sent.text };
    call.change(move |app, act| {
        app.tell_change(sent.number, sent.seen, told, act)?;
        after(app, sent.number, act)
    })
    .await
}

async fn cancel(call: Call, Sent(sent): Sent<Cancellation>) -> Answer {
    call.change(move |app, act| {
        app.cancel_change(sent.number, sent.seen, sent.reason, act)?;
        after(app, sent.number, act)
    })
    .await
}
