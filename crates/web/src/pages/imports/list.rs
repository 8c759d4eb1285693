//! Where files are dropped, what waits, and what was imported before.

use app::{DEMO_FILES, ImportOptions, ImportRowView, Intake, NewFile, Upload};
use askama::Template;
use axum::extract::Query;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::HeaderMap;
use domain::msg;
use serde::Deserialize;

use super::{Cut, kind_word, who};
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;

/// Past imports on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "imports/page.html")]
struct ImportsPage {
    frame: Frame,
    uploads: Vec<Upload>,
    past: Vec<PastRow>,
    count: usize,
    cut: Cut,
    asked: Asked,
    may_demo: bool,
    is_empty: bool,
    limit: u64,
    file_limit: u64,
}

impl ImportsPage {
    fn size(&self, bytes: &u64) -> String {
        domain::size::in_words(*bytes)
    }
}

/// A past import, in words.
struct PastRow {
    import: ImportRowView,
    kind: String,
    by: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    state: String,
    page: usize,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let (uploads, imports, may_demo) = visitor
        .read(|app| {
            let mut uploads = app.uploads()?;
            uploads.retain(|upload| upload.state() != app::UploadState::Over);
            Ok((uploads, app.imports()?, app.may_import_demo()?))
        })
        .await?;
    let frame = visitor.frame("imports").await?;
    let is_empty = imports.is_empty();
    let may_demo = may_demo && imports.len() < DEMO_FILES.len();
    let rows = imports.into_iter().rev().map(|import| PastRow {
        kind: kind_word(&frame, &import.kind),
        by: who(&frame, &import.imported_by),
        import,
    });
    let mut past: Vec<PastRow> = rows.filter(|row| asked.fits(row)).collect();
    let count = past.len();
    let cut = Cut::of(count, asked.page, PAGE);
    past = past.drain(cut.from..cut.to).collect();
    let (limit, file_limit) = (app::MAX_UPLOAD_BYTES, app::MAX_FILE_BYTES);
    page(&ImportsPage {
        frame,
        uploads,
        past,
        count,
        cut,
        asked,
        may_demo,
        is_empty,
        limit,
        file_limit,
    })
}

impl Asked {
    fn fits(&self, row: &PastRow) -> bool {
        let of = &row.import;
        let words = [&of.file, &row.kind, &of.source, &row.by, &of.captured_at];
        let text = domain::fold(&words.map(String::as_str).join("\n"));
        self.q.split_whitespace().all(|word| text.contains(&domain::fold(word)))
            && (self.state.is_empty() || self.state == of.state)
    }

    /// The rest of the address of another page of the same list.
    fn beside(&self, page: &usize) -> String {
        let encoded: String = self.q.bytes().map(crate::answer::percent_encoded).collect();
        let state = if self.state == "undone" { "undone" } else { &self.state };
        let state: String = state.bytes().map(crate::answer::percent_encoded).collect();
        format!("/imports?q={encoded}&state={state}&page={page}")
    }
}

/// Brings the demo hospital in.
pub(super) async fn demo(visitor: Visitor) -> Answer {
    visitor
        .change(|app, act| {
            if !app.may_import_demo()? {
                return Err(app::AppError::Upload(msg!("cli.demo_apart")));
            }
            let files = DEMO_FILES.iter().map(|file| NewFile {
                path: file.name.to_owned(),
                bytes: Ok(file.bytes.into()),
                modified: None,
            });
            app.import(files, &ImportOptions::default(), act, &mut |_, _| {})?;
            app.import_demo_feeds(act)
        })
        .await?;
    go_and_say("/imports", "demo_imported")
}

/// Takes files as they come, and writes them into the inbox piece by piece.
pub(super) async fn receive(
    visitor: Visitor,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let id = crate::receive::receive::<Intake>(&visitor, &headers, form).await?;
    visitor.desk.jobs().ring();
    go(&format!("/imports/upload/{id}"))
}
