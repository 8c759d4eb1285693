//! The rules.

use app::RuleView;
use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::Operation;
use crate::answer::Answer;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<Rules, _, _>("rules", "/api/v1/rules", list),
        Operation::get::<RuleView, _, _>("rule", "/api/v1/rules/{code}", show),
    ]
}

/// Every rule.
#[derive(Serialize, JsonSchema)]
struct Rules {
    /// The rules, by code.
    rules: Vec<RuleView>,
}

async fn list(call: Call) -> Answer {
    call.answer(|app| Ok(Rules { rules: app.rules() })).await
}

async fn show(call: Call, Path(code): Path<String>) -> Answer {
    call.answer(move |app| app.rule(&code)).await
}
