//! Parts lists.

use app::{App, AppError, PartsChoice, PartsComparisonView, PartsListPageView, PartsListView};
use axum::extract::Path;
use domain::{ImportId, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent};
use super::operation::{Kind, Operation, Param};
use crate::answer::Answer;
use crate::problem::Problem;

const OLD: Param = Param { name: "old", kind: Kind::Number(u32::MAX as u64), required: true };
const NEW: Param = Param { name: "new", kind: Kind::Number(u32::MAX as u64), required: true };

pub(super) fn operations() -> Vec<Operation> {
    type Page = PartsListPageView;
    type Compared = PartsComparisonView;
    let attached = "/api/v1/parts/attach";
    vec![
        Operation::get::<Lists, _, _>("parts", "/api/v1/parts", list),
        Operation::get::<Page, _, _>("parts_list", "/api/v1/parts/{id}", one),
        Operation::get::<Compared, _, _>("parts_compare", "/api/v1/parts/compare", compare)
            .asking(&[OLD, NEW]),
        Operation::post::<PartsListView, _, _>("parts_attach", attached, Permission::Work, attach)
            .taking::<Attached>(),
    ]
}

/// Parts lists.
#[derive(Serialize, JsonSchema)]
struct Lists {
    /// The lists: those of which nobody said to what they belong first, then by product, the newest first.
    lists: Vec<PartsListView>,
}

/// To which product a parts list belongs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Attached {
    /// The number of the list's import.
    import: u32,
    /// The product, by its `family` or as people call it; none: it belongs to no product of the hospital.
    product: Option<String>,
    /// The release it is of, where that is another than the list says.
    #[serde(default)]
    release: String,
    /// Why.
    #[serde(default)]
    reason: String,
}

async fn list(call: Call) -> Answer {
    let today = call.today();
    let listed = move |app: &App| app.parts_lists(&app.weaknesses(today)?);
    call.answer(move |app| Ok(Lists { lists: listed(app)? })).await
}

async fn one(call: Call, Path(id): Path<String>) -> Answer {
    let (id, today) = (id.parse().map(ImportId).map_err(|_| Problem::no_page())?, call.today());
    call.answer(move |app| app.parts_list(id, &app.weaknesses(today)?)).await
}

async fn compare(call: Call) -> Answer {
    let today = call.today();
    // The table of parameters lets in only numbers.
    let number = |name| ImportId(call.text(name).and_then(|text| text.parse().ok()).unwrap_or(0));
    let (old, new) = (number("old"), number("new"));
    call.answer(move |app| app.compare_parts(old, new, &app.weaknesses(today)?)).await
}

async fn attach(call: Call, Sent(sent): Sent<Attached>) -> Answer {
    let today = call.today();
    let id = ImportId(sent.import);
    let choice = PartsChoice { product: sent.product, release: sent.release, reason: sent.reason };
    call.change(move |app, act| {
        app.attach_parts(id, &choice, act)?;
        Ok::<_, AppError>(app.parts_list(id, &app.weaknesses(today)?)?.list)
    })
    .await
}
