//! What forms of matters bring: their fields as they were typed, numbers in addresses, and a file.

use axum::extract::multipart::{Field, Multipart};
use axum::http::StatusCode;
use domain::Message;
use jiff::civil::Date;

use super::devices::Pairs;
use crate::problem::Problem;

/// A number in an address.
pub(super) fn number(text: &str) -> Result<u32, Problem> {
    text.parse().map_err(|_| Problem::no_page())
}

/// What a form brought beside its own fields: how many steps the person saw.
pub(super) fn seen_in(pairs: &Pairs) -> Option<u32> {
    field(pairs, "seen").parse().ok()
}

/// The field `name`; empty where the form has none.
pub(super) fn field<'p>(pairs: &'p Pairs, name: &str) -> &'p str {
    typed(pairs, name, "")
}

/// What was typed into the field `name`, else `otherwise`.
pub(super) fn typed<'v>(pairs: &'v Pairs, name: &str, otherwise: &'v str) -> &'v str {
    pairs.iter().find(|(known, _)| known == name).map_or(otherwise, |(_, value)| value)
}

/// The field `name` as text of several lines. Browsers send CRLF.
pub(super) fn lines_in(pairs: &Pairs, name: &str) -> String {
    field(pairs, name).replace("\r\n", "\n").trim().to_owned()
}

/// The field `name` as a day.
pub(super) fn day_in(pairs: &Pairs, name: &str) -> Result<Date, Problem> {
    field(pairs, name).parse().map_err(|_| Problem::bad_form())
}

/// The field `name` as a day; none where it is empty.
pub(super) fn maybe_day_in(pairs: &Pairs, name: &str) -> Result<Option<Date>, Problem> {
    match field(pairs, name) {
        "" => Ok(None),
        _ => day_in(pairs, name).map(Some),
    }
}

/// A file that came with a form: its name and its bytes.
pub(super) type Uploaded = (String, Vec<u8>);

/// The fields of a form and its file `file`, which may be of `most` bytes; `large` says that it is larger.
pub(super) async fn form_of(
    form: &mut Multipart,
    most: usize,
    large: impl Fn() -> Message,
) -> Result<(Pairs, Option<Uploaded>), Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, large());
    let (mut pairs, mut file) = (Pairs::new(), None);
    while let Some(field) = form.next_field().await.map_err(|_| Problem::bad_form())? {
        let (name, called) =
            (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
        let bytes = bytes_of(field, most, &too_large).await?;
        match called {
            Some(called) if name == "file" && !called.is_empty() => file = Some((called, bytes)),
            Some(_) => {}
            None => {
                pairs.push((name, String::from_utf8(bytes).map_err(|_| Problem::bad_form())?));
            }
        }
    }
    Ok((pairs, file))
}

async fn bytes_of(
    mut field: Field<'_>,
    most: usize,
    too_large: impl Fn() -> Problem,
) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    loop {
        match field.chunk().await {
            Ok(None) => return Ok(bytes),
            Ok(Some(piece)) if bytes.len() + piece.len() <= most => {
                bytes.extend_from_slice(&piece);
            }
            Ok(Some(_)) => return Err(too_large()),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Err(too_large());
            }
            Err(_) => return Err(Problem::bad_form()),
        }
    }
}
