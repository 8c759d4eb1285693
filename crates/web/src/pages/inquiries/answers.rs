//! What a vendor answered: typed, or read back from the sheet, which is shown before it counts.

use app::{AnswersPreview, AppError, InquiryView, MOST_SHEET_BYTES};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{InquiryItem, ItemAnswer, msg};

use super::super::form::{field, form_of, number};
use super::{Pairs, step};
use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Takes what was typed. The fields are `a.ROW.ITEM`; the row's vulnerability is `id.ROW`.
pub(super) async fn typed(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let number = number(&id)?;
    let answers: Vec<ItemAnswer> =
        pairs.iter().filter_map(|(name, value)| answer(&pairs, name, value)).collect();
    step(visitor, number, pairs, "inquiry_answered", move |app, act, seen| {
        app.answer_inquiry(number, seen, answers, act)
    })
    .await
}

fn answer(pairs: &Pairs, name: &str, value: &str) -> Option<ItemAnswer> {
    let (row, item) = name.strip_prefix("a.")?.split_once('.')?;
    let item = InquiryItem::from_key(item)?;
    let id = field(pairs, &format!("id.{row}")).to_owned();
    let text = value.replace("\r\n", "\n").trim().to_owned();
    (!text.is_empty()).then_some(ItemAnswer { id, item, text })
}

#[derive(Template)]
#[template(path = "inquiries/preview.html")]
struct PreviewPage {
    frame: Frame,
    inquiry: InquiryView,
    preview: AnswersPreview,
    name: String,
    /// The file itself: nothing of it is kept before the person says so.
    file: String,
}

/// Reads the sheet that came back and shows what would be taken in.
pub(super) async fn read(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let (number, today) = (number(&id)?, visitor.desk.today());
    let Ok(mut form) = form else { return Err(Problem::bad_form()) };
    let large = || msg!("answer_sheet.large", limit = MOST_SHEET_BYTES / 1024);
    let (_, file) = form_of(&mut form, MOST_SHEET_BYTES, large).await?;
    let (name, bytes) = file.ok_or_else(Problem::bad_form)?;
    let file = URL_SAFE_NO_PAD.encode(&bytes);
    let (inquiry, preview) = visitor
        .read(move |app| Ok((app.inquiry(number, today)?, app.preview_answers(number, &bytes)?)))
        .await?;
    let frame = visitor.frame("weaknesses").await?;
    page(&PreviewPage { frame, inquiry, preview, name, file })
}

/// Takes in what was shown.
pub(super) async fn take(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let number = number(&id)?;
    let bytes = URL_SAFE_NO_PAD.decode(field(&pairs, "file")).map_err(|_| Problem::bad_form())?;
    let name = field(&pairs, "name").to_owned();
    // The file is no field of the page that shows what came second.
    let pairs: Pairs = pairs.into_iter().filter(|(field, _)| field == "seen").collect();
    step(visitor, number, pairs, "inquiry_answered", move |app, act, seen| {
        let taken: Result<_, AppError> = app.take_answers(number, seen, (&name, &bytes), act);
        taken
    })
    .await
}
