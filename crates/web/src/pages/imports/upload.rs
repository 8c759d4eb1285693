//! One upload: what each file was read as, row by row, before it counts.

use std::collections::BTreeMap;

use app::{
    DocumentHead, FileState, MissingRow, PartsHeadView, PreviewView, Step, Upload, UploadFile,
    UploadState, Which,
};
use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::mapping::MappingForm;
use super::rows::{Only, RowView, Rows};
use super::{Cut, kind_word, known_word, place_word};
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Cards on one page.
const CARDS: usize = 24;

/// Sentences that are not about a row, on one page.
const MOST_SAID: usize = 50;

#[derive(Template)]
#[template(path = "imports/upload.html")]
struct UploadPage {
    frame: Frame,
    upload: Upload,
    state: UploadState,
    /// What is being done, in words.
    doing: String,
    cards: Vec<Card>,
    card_count: usize,
    card_cut: Cut,
    ready: usize,
    refused: usize,
    /// What was changed since it was compared.
    is_stale: bool,
    chosen: Option<Chosen>,
}

/// A document as a card shows it.
struct Card {
    key: String,
    path: String,
    /// What it was read as, with its figures.
    what: String,
    sign: &'static str,
    tone: &'static str,
    word: String,
    is_chosen: bool,
}

/// The document that is shown row by row.
struct Chosen {
    key: String,
    number: u32,
    head: DocumentHead,
    kind: String,
    state: FileState,
    is_importable: bool,
    captured_from: String,
    /// Sentences about the document as a whole.
    said: Vec<String>,
    questions: Vec<(String, String)>,
    skipped: Vec<(String, u64)>,
    sheets: Vec<(String, String, u64)>,
    rows: Rows,
    preview: PreviewView,
    only: Only,
    mapping: Option<MappingForm>,
    /// Documents in the same file, which are accepted together.
    siblings: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    doc: String,
    page: usize,
    cards: usize,
    only: String,
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (upload, mark) = visitor.read(move |app| Ok((app.upload(&id)?, app.list_mark()?))).await?;
    let wanted = chosen_key(&upload, &asked.doc);
    let preview = match wanted {
        Some((number, index)) => {
            let id = upload.id.clone();
            visitor.read(move |app| app.upload_preview(&id, number, index)).await.ok()
        }
        None => None,
    };
    let frame = visitor.frame("imports").await?;
    let state = upload.state();
    let doing = doing(&visitor, &frame, &upload);
    let all: Vec<(u32, usize)> = keys(&upload).collect();
    let at = wanted.and_then(|wanted| all.iter().position(|key| *key == wanted)).unwrap_or(0);
    let card_page = if asked.cards > 0 { asked.cards } else { at / CARDS + 1 };
    let card_cut = Cut::of(all.len(), card_page, CARDS);
    let shown = all.get(card_cut.from..card_cut.to).unwrap_or_default();
    let cards = shown.iter().filter_map(|key| card(&frame, &upload, *key, wanted)).collect();
    let chosen = wanted.and_then(|key| chosen(&frame, &upload, key, preview, &asked));
    let documents = || upload.files.iter().flat_map(|file| &file.documents);
    page(&UploadPage {
        state,
        doing,
        cards,
        card_count: all.len(),
        card_cut,
        ready: upload.ready().count(),
        refused: documents().filter(|document| document.error.is_some()).count(),
        is_stale: state == UploadState::Ready && upload.read_mark != mark,
        chosen,
        frame,
        upload,
    })
}

/// Every document of an upload that was read, by file and place in it.
fn keys(upload: &Upload) -> impl Iterator<Item = (u32, usize)> {
    let of = |file: &UploadFile| {
        (0..file.documents.len()).map(|index| (file.number, index)).collect::<Vec<_>>()
    };
    upload.files.iter().flat_map(of)
}

/// The document that was asked for, or the first that a person should look at.
fn chosen_key(upload: &Upload, asked: &str) -> Option<(u32, usize)> {
    let parsed = asked
        .split_once('-')
        .and_then(|(number, index)| Some((number.parse().ok()?, index.parse().ok()?)));
    let document = |(number, index): (u32, usize)| {
        upload.file(number).and_then(|file| file.documents.get(index))
    };
    if let Some(key) = parsed.filter(|key| document(*key).is_some()) {
        return Some(key);
    }
    let readable = |key: &(u32, usize)| document(*key).is_some_and(|head| head.kind.is_some());
    keys(upload).find(readable).or_else(|| keys(upload).next())
}

fn card(
    frame: &Frame,
    upload: &Upload,
    key: (u32, usize),
    chosen: Option<(u32, usize)>,
) -> Option<Card> {
    let file = upload.file(key.0)?;
    let head = file.documents.get(key.1)?;
    let (sign, tone, word) = verdict(frame, file, head);
    let what = match &head.kind {
        Some(kind) => {
            let rows = match &head.parts {
                Some(parts) => format!("{} · {}", product_of(frame, parts), count_of(frame, parts)),
                None => frame.t1("web.upload.rows", "count", head.rows),
            };
            let encoding = head.encoding.as_deref().map(str::to_uppercase);
            let parts = [Some(kind_word(frame, kind)), encoding, Some(rows)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        None => head.error.clone().unwrap_or_default(),
    };
    let key_text = format!("{}-{}", key.0, key.1);
    Some(Card {
        key: key_text,
        path: head.path.clone(),
        what,
        sign,
        tone,
        word,
        is_chosen: chosen == Some(key),
    })
}

/// The product that a parts list is of.
fn product_of(frame: &Frame, parts: &PartsHeadView) -> String {
    let version = parts.version.as_deref().unwrap_or_default();
    match parts.full_name() {
        name if name.is_empty() => frame.t("web.parts.of_nothing").into_owned(),
        name => format!("{name} {version}").trim_end().to_owned(),
    }
}

fn count_of(frame: &Frame, parts: &PartsHeadView) -> String {
    frame.t1("web.parts.count", "count", parts.components)
}

/// Sign, colour and word for how a document stands.
fn verdict(
    frame: &Frame,
    file: &UploadFile,
    head: &DocumentHead,
) -> (&'static str, &'static str, String) {
    let text = |key: &str| frame.t(key).into_owned();
    match file.state {
        _ if head.error.is_some() => ("✕", "danger", text("web.upload.refused")),
        FileState::Left => ("–", "unknown", text("web.upload.left")),
        _ if head.already.is_some() => ("=", "unknown", text("web.upload.already")),
        FileState::Done => ("✓", "ok", text("web.upload.done")),
        FileState::Wanted => ("…", "plain", text("web.upload.wanted")),
        _ if head.questions > 0 => {
            ("▲", "warn", frame.t1("web.upload.questions", "count", head.questions))
        }
        _ if head.warnings > 0 => {
            ("▲", "warn", frame.t1("web.upload.warnings", "count", head.warnings))
        }
        _ => ("✓", "ok", text("web.upload.clean")),
    }
}

fn chosen(
    frame: &Frame,
    upload: &Upload,
    key: (u32, usize),
    preview: Option<PreviewView>,
    asked: &Asked,
) -> Option<Chosen> {
    let file = upload.file(key.0)?;
    let head = file.documents.get(key.1)?.clone();
    let preview = preview.unwrap_or_default();
    let only = Only::of(&asked.only);
    let is_whole = |place: &str| place == "0" || place.ends_with("!0");
    let warnings = preview.file.warnings.iter();
    let said = warnings.filter(|warning| is_whole(&warning.place));
    let questions = preview.file.questions.iter();
    let skipped: BTreeMap<&String, &u64> = preview.file.skipped.iter().collect();
    let sheets = head.tables.iter().map(|table| {
        let taken = known_word(frame, "taken_as", &table.taken_as);
        (table.sheet.clone().unwrap_or_default(), taken, table.devices)
    });
    let mapping = (file.state == FileState::Read && file.documents.len() == 1)
        .then(|| MappingForm::of(frame, file, &head));
    Some(Chosen {
        key: format!("{}-{}", key.0, key.1),
        number: key.0,
        kind: head.kind.as_deref().map(|kind| kind_word(frame, kind)).unwrap_or_default(),
        state: file.state,
        is_importable: file.state == FileState::Read && file.is_importable(),
        captured_from: head
            .captured_from
            .as_deref()
            .map(|from| known_word(frame, "captured_from", from))
            .unwrap_or_default(),
        said: said.map(|warning| warning.message.clone()).take(MOST_SAID).collect(),
        questions: questions
            .map(|question| (place_word(frame, &question.place), question.message.clone()))
            .take(MOST_SAID)
            .collect(),
        skipped: skipped
            .into_iter()
            .map(|(reason, count)| (known_word(frame, "skipped", reason), *count))
            .collect(),
        sheets: sheets.filter(|(sheet, ..)| !sheet.is_empty()).collect(),
        rows: Rows::of(frame, &preview, only, asked.page),
        preview,
        only,
        mapping,
        siblings: file.documents.len(),
        head,
    })
}

impl UploadPage {
    /// The address of this page with another document.
    fn to(&self, key: &str) -> String {
        format!("/imports/upload/{}?doc={key}#rows", self.upload.id)
    }

    /// The address of this document with another filter and page.
    fn rows_at(&self, key: &str, only: &str, page: impl std::fmt::Display) -> String {
        format!("/imports/upload/{}?doc={key}&only={only}&page={page}#rows", self.upload.id)
    }

    fn is_working(&self) -> bool {
        matches!(self.state, UploadState::Reading | UploadState::Importing)
    }

    /// Where a device of the edition before stood, in words.
    fn place(&self, row: &MissingRow) -> String {
        place_word(&self.frame, &row.place)
    }

    /// What a parts list is, of what, and of how many components.
    fn parts_said(&self, parts: &PartsHeadView) -> String {
        let supplier = parts.supplier.as_deref().unwrap_or_default();
        let product = product_of(&self.frame, parts);
        let said = [&parts.notation(), &product, supplier, &count_of(&self.frame, parts)];
        let told: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        told.join(" · ")
    }

    fn tone_of_row(&self, row: &RowView) -> &'static str {
        row.tone
    }
}

/// What is being done with an upload, in words.
fn doing(visitor: &Visitor, frame: &Frame, upload: &Upload) -> String {
    let word = match upload.state() {
        UploadState::Importing => "web.upload.importing",
        _ => "web.upload.reading",
    };
    match visitor.desk.jobs().progress(&upload.id) {
        Some(working) if working.step == Step::Joining && working.done + 1 >= working.of => {
            frame.t("web.upload.joining").into_owned()
        }
        Some(working) => frame.t2(word, "done", working.done, "of", working.of),
        None => frame.t("web.upload.waiting").into_owned(),
    }
}

/// How far the work on an upload is, for our own module.
pub(super) async fn state(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let upload = visitor.read(move |app| app.upload(&id)).await?;
    let frame = visitor.plain_frame("imports").await?;
    let working = visitor.desk.jobs().progress(&upload.id);
    let body = json!({
        "state": upload.state().key(),
        "done": working.as_ref().map(|working| working.done),
        "of": working.as_ref().map(|working| working.of),
        "said": doing(&visitor, &frame, &upload),
    });
    Ok(axum::Json(body).into_response())
}

#[derive(Deserialize)]
pub(super) struct WhichForm {
    /// The number of a file, or `all`.
    file: String,
}

impl WhichForm {
    fn which(&self) -> Result<Which, Problem> {
        match self.file.as_str() {
            "all" => Ok(Which::All),
            number => number.parse().map(Which::One).map_err(|_| Problem::bad_form()),
        }
    }
}

pub(super) async fn accept(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<WhichForm>,
) -> Answer {
    let (which, to) = (form.which()?, format!("/imports/upload/{id}"));
    let act = visitor.desk.act(visitor.actor());
    visitor.read(move |app| app.want_upload(&id, which, &act)).await?;
    visitor.desk.jobs().ring();
    go(&to)
}

pub(super) async fn leave(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<WhichForm>,
) -> Answer {
    let (which, back) = (form.which()?, format!("/imports/upload/{id}"));
    let is_over = visitor
        .read(move |app| {
            app.leave_upload(&id, which)?;
            Ok(app.upload(&id)?.state() == UploadState::Over)
        })
        .await?;
    go_and_say(if is_over { "/imports" } else { &back }, "upload_left")
}

pub(super) async fn again(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let to = format!("/imports/upload/{id}");
    visitor.read(move |app| app.reread_upload(&id)).await?;
    visitor.desk.jobs().ring();
    go(&to)
}
