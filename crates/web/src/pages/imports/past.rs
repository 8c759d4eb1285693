//! One import of the past: its report, its evidence, and taking it back or up again.

use app::{ImportDetailView, TurnView, WarningView};
use askama::Template;
use axum::extract::{Path, Query};
use domain::{ImportId, msg};
use serde::Deserialize;

use super::{Cut, kind_word, known_word, place_word, who};
use crate::answer::{Answer, download, go, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Warnings on one page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "imports/past.html")]
struct PastPage {
    frame: Frame,
    detail: ImportDetailView,
    kind: String,
    by: String,
    captured_from: String,
    skipped: Vec<(String, u64)>,
    warnings: Vec<WarningView>,
    warning_count: usize,
    cut: Cut,
    /// What an undo or redo just did, as a sentence.
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "imports/change.html")]
struct ChangePage {
    frame: Frame,
    detail: ImportDetailView,
    changes: TurnView,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: usize,
    /// What was just done: `new-changed-gone`.
    done: String,
}

fn number(id: &str) -> Result<ImportId, Problem> {
    id.parse().map(ImportId).map_err(|_| Problem::no_page())
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = number(&id)?;
    let detail = visitor.read(move |app| app.import_detail(id)).await?;
    let frame = visitor.frame("imports").await?;
    let report = detail.report.clone().unwrap_or_default();
    let mut warnings = report.warnings;
    let warning_count = warnings.len();
    let cut = Cut::of(warning_count, asked.page, PAGE);
    warnings = warnings.drain(cut.from..cut.to).collect();
    for warning in &mut warnings {
        warning.place = place_word(&frame, &warning.place);
    }
    let from = report.captured_from.as_deref();
    page(&PastPage {
        kind: kind_word(&frame, &detail.import.kind),
        by: who(&frame, &detail.import.imported_by),
        captured_from: from
            .map(|from| known_word(&frame, "captured_from", from))
            .unwrap_or_default(),
        skipped: report
            .skipped
            .iter()
            .map(|(reason, count)| (known_word(&frame, "skipped", reason), *count))
            .collect(),
        said: said(&frame, &detail, &asked.done),
        detail,
        warnings,
        warning_count,
        cut,
        frame,
    })
}

/// What was just done, as a sentence; only figures come from the address.
fn said(frame: &Frame, detail: &ImportDetailView, done: &str) -> Option<String> {
    let mut figures = done.splitn(3, '-').map(|figure| figure.parse::<u64>().ok());
    let (new, changed, gone) = (figures.next()??, figures.next()??, figures.next()??);
    let message = match detail.import.state.as_str() {
        "undone" => msg!("web.imports.was_undone", new = new, changed = changed, gone = gone),
        _ => msg!("web.imports.was_redone", new = new, changed = changed, gone = gone),
    };
    Some(frame.say(&message))
}

/// Says beforehand what undoing or redoing would change.
pub(super) async fn ask(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    let act = visitor.desk.act(visitor.actor());
    let (detail, changes) = visitor
        .read(move |app| Ok((app.import_detail(id)?, app.rehearse_import_state(id, &act)?)))
        .await?;
    let frame = visitor.frame("imports").await?;
    page(&ChangePage { frame, detail, changes })
}

impl PastPage {
    /// Whether it brought a parts list, and counts.
    fn is_parts_list(&self) -> bool {
        let is_list = self.detail.report.as_ref().is_some_and(|report| report.parts.is_some());
        is_list && self.detail.import.state == "active"
    }
}

impl ChangePage {
    fn is_active(&self) -> bool {
        self.detail.import.state == "active"
    }

    /// What it would change.
    fn sentence(&self) -> String {
        let TurnView { new, changed, gone } = self.changes;
        self.frame.say(&match (self.is_active(), new, gone) {
            (true, 0, _) => msg!("web.imports.would_undo", changed = changed, gone = gone),
            (true, ..) => {
                msg!("web.imports.would_undo_anew", new = new, changed = changed, gone = gone)
            }
            (false, _, 0) => msg!("web.imports.would_redo", new = new, changed = changed),
            (false, ..) => {
                msg!("web.imports.would_redo_anew", new = new, changed = changed, gone = gone)
            }
        })
    }
}

pub(super) async fn undo(visitor: Visitor, Path(id): Path<String>) -> Answer {
    change(visitor, id, false).await
}

pub(super) async fn redo(visitor: Visitor, Path(id): Path<String>) -> Answer {
    change(visitor, id, true).await
}

async fn change(visitor: Visitor, id: String, is_redo: bool) -> Answer {
    let id = number(&id)?;
    let view = visitor
        .change(move |app, act| {
            app.import_detail(id)?;
            if is_redo { app.redo_import(id, act) } else { app.undo_import(id, act) }
        })
        .await?;
    let (new, changed, gone) = (view.devices_new, view.devices_changed, view.devices_gone);
    go(&format!("/imports/{id}?done={new}-{changed}-{gone}"))
}

/// What is kept of the bytes: always to be saved, never shown.
pub(super) async fn evidence(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    let kept = visitor.read(move |app| app.import_evidence(id)).await?;
    let name = if kept.is_masked { format!("masked-{}", kept.file_name) } else { kept.file_name };
    download(&name, "application/octet-stream", kept.bytes)
}
