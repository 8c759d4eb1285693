//! Rounds: those that were done, and doing one.

use app::{RoundRowView, RoundView};
use domain::Permission;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::{Kind, Operation, Param};
use crate::answer::Answer;

const DATE: Param = Param::of("date", Kind::Day);

pub(super) fn operations() -> Vec<Operation> {
    let path = "/api/v1/rounds";
    vec![
        Operation::get::<Rounds, _, _>("rounds", path, list),
        Operation::post::<RoundView, _, _>("round", path, Permission::Work, run).asking(&[DATE]),
    ]
}

/// Every round that was done.
#[derive(Serialize, JsonSchema)]
struct Rounds {
    /// The rounds, the earliest day first.
    rounds: Vec<RoundRowView>,
}

async fn list(call: Call) -> Answer {
    call.answer(|app| Ok(Rounds { rounds: app.rounds()? })).await
}

async fn run(call: Call) -> Answer {
    let date = call.text("date").and_then(|day| day.parse().ok()).unwrap_or(call.today());
    call.change(move |app, act| app.round(date, act)).await
}
