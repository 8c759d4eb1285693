//! Imports: those that were done, doing one, taking one back.

use app::{FileView, ImportOptions, ImportRowView, ImportView, NewFile};
use axum::extract::{Path, Request};
use domain::{ImportId, Permission, msg};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, bad};
use super::operation::{Kind, Operation, Param};
use super::upload::{self, Most};
use crate::answer::Answer;

const NAME: Param = Param::of("name", Kind::Text);
const DRY_RUN: Param = Param::of("dry_run", Kind::Flag);
const CAPTURED_AT: Param = Param::of("captured_at", Kind::Moment);
const SOURCE: Param = Param::of("source", Kind::Text);

pub(super) fn operations() -> Vec<Operation> {
    let (path, keep) = ("/api/v1/imports", Permission::Keep);
    vec![
        Operation::get::<Imports, _, _>("imports", path, list),
        Operation::post::<ImportView, _, _>("import", path, Permission::Work, bring)
            .asking(&[NAME, DRY_RUN, CAPTURED_AT, SOURCE])
            .taking_files(),
        Operation::post::<FileView, _, _>("undo", "/api/v1/imports/{id}/undo", keep, undo),
        Operation::post::<FileView, _, _>("redo", "/api/v1/imports/{id}/redo", keep, redo),
    ]
}

/// Every import.
#[derive(Serialize, JsonSchema)]
struct Imports {
    /// The imports, in the order they happened.
    imports: Vec<ImportRowView>,
}

async fn list(call: Call) -> Answer {
    call.answer(|app| Ok(Imports { imports: app.imports()? })).await
}

async fn bring(call: Call, request: Request) -> Answer {
    let delivery = upload::receive(&call, request, &Most::IMPORTED).await?;
    let mapping = delivery
        .mapping
        .as_deref()
        .map(|json| app::mapping_from_json(json).ok_or_else(|| bad(msg!("web.api.bad_mapping"))));
    let options = ImportOptions {
        dry_run: call.flag("dry_run"),
        captured_at: call.text("captured_at").and_then(|moment| moment.parse().ok()),
        source: call.text("source").map(str::to_owned),
        mapping: mapping.transpose()?,
    };
    call.change(move |app, act| {
        // One file after the other comes back into memory.
        let files = delivery.files.into_iter().map(|parcel| NewFile {
            path: parcel.name.clone(),
            bytes: parcel.read().map(Into::into),
            modified: None,
        });
        app.import(files, &options, act, &mut |_, _| {})
    })
    .await
}

fn number(id: &str) -> Result<ImportId, crate::problem::Problem> {
    id.parse().map(ImportId).map_err(|_| crate::problem::Problem::no_page())
}

async fn undo(call: Call, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    call.change(move |app, act| app.undo_import(id, act)).await
}

async fn redo(call: Call, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    call.change(move |app, act| app.redo_import(id, act)).await
}
