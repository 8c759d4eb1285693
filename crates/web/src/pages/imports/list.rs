//! Where files are dropped, what waits, and what was imported before.

use app::{DEMO_FILES, ImportOptions, ImportRowView, Intake, NewFile, Upload};
use askama::Template;
use axum::extract::Query;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::http::{HeaderMap, StatusCode, header};
use domain::msg;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Cut, kind_word, who};
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Past imports on one page.
const PAGE: usize = 50;

/// How much of a file is handed over to be written at once.
const PIECE: usize = 1 << 20;

/// How much of a refused upload is still taken and thrown away, so that the browser reads the answer.
const MOST_DRAINED: u64 = 4 << 30;

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
    let Ok(mut form) = form else { return Err(Problem::bad_form()) };
    let expected = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let expected: Option<u64> = expected.and_then(|length| length.parse().ok());
    let name = visitor.who()?.name.clone();
    let act = visitor.desk.act(visitor.actor());
    let begun = visitor.read(move |app| app.begin_upload(expected, &name, &act)).await;
    let received = match begun {
        Ok(intake) => take_files(&visitor, &mut form, intake).await,
        Err(problem) => Err(problem),
    };
    match received {
        Ok(id) => {
            visitor.desk.jobs().ring();
            go(&format!("/imports/upload/{id}"))
        }
        Err(problem) => {
            drain(&mut form).await;
            // What an upload is refused for is its size, unless the server itself failed.
            let status = match problem.status {
                StatusCode::CONFLICT => StatusCode::PAYLOAD_TOO_LARGE,
                other => other,
            };
            Err(Problem { status, ..problem })
        }
    }
}

/// Takes every file of the form.
async fn take_files(
    visitor: &Visitor,
    form: &mut Multipart,
    mut intake: Intake,
) -> Result<String, Problem> {
    let mut modified = None;
    while let Some(field) = form.next_field().await.map_err(|_| Problem::bad_form())? {
        match (field.name(), field.file_name()) {
            // A small module of ours says when the next file was changed; forms alone do not.
            (Some("modified"), None) => modified = moment(field).await,
            (Some("file"), Some(name)) => {
                let (name, at) = (name.to_owned(), modified.take());
                let begin = move |_: &app::App| intake.begin(&name, at).map(|is| (intake, is));
                let is_taken;
                (intake, is_taken) = visitor.read(begin).await?;
                intake = take_file(visitor, field, intake, is_taken).await?;
            }
            _ => {}
        }
    }
    visitor.read(move |_| intake.finish()).await.map_err(|problem| match problem.status {
        StatusCode::CONFLICT => Problem { status: StatusCode::BAD_REQUEST, ..problem },
        _ => problem,
    })
}

async fn take_file(
    visitor: &Visitor,
    mut field: Field<'_>,
    mut intake: Intake,
    is_taken: bool,
) -> Result<Intake, Problem> {
    let mut piece = Vec::new();
    loop {
        let more = field.chunk().await.map_err(|_| Problem::bad_form())?;
        let is_end = more.is_none();
        if is_taken {
            piece.extend_from_slice(more.as_deref().unwrap_or_default());
        }
        if piece.len() >= PIECE || (is_end && !piece.is_empty()) {
            let bytes = std::mem::take(&mut piece);
            intake = visitor.read(move |_| intake.write(&bytes).map(|()| intake)).await?;
        }
        if is_end {
            return Ok(intake);
        }
    }
}

/// Milliseconds since 1970, as browsers say when a file was changed.
async fn moment(mut field: Field<'_>) -> Option<Timestamp> {
    let mut text = Vec::new();
    while let Ok(Some(piece)) = field.chunk().await {
        if text.len() + piece.len() > 20 {
            return None;
        }
        text.extend_from_slice(&piece);
    }
    Timestamp::from_millisecond(std::str::from_utf8(&text).ok()?.parse().ok()?).ok()
}

/// Takes what still comes and throws it away: a browser reads no answer while it is sending.
async fn drain(form: &mut Multipart) {
    let mut drained = 0;
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(piece)) = field.chunk().await {
            drained += piece.len() as u64;
            if drained > MOST_DRAINED {
                return;
            }
        }
    }
}
