//! What handlers answer with.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::problem::Problem;

/// The media type of a workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A page, or why there is none.
pub(crate) type Answer = Result<Response, Problem>;

/// A page made of a template.
pub(crate) fn page(template: &impl Template) -> Answer {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "a template could not be filled in");
        Problem::stopped()
    })?;
    Ok(Html(html).into_response())
}

/// Sends the browser on after a form was taken: a reload then repeats nothing.
pub(crate) fn go(to: &str) -> Answer {
    Ok(Redirect::to(to).into_response())
}

/// Sends the browser on, to where the sentence `web.said.{key}` is shown once.
pub(crate) fn go_and_say(to: &str, key: &str) -> Answer {
    let joint = if to.contains('?') { '&' } else { '?' };
    go(&format!("{to}{joint}said={key}"))
}

/// A file to be saved under `name`, which may hold any letters.
pub(crate) fn download(name: &str, media: &'static str, bytes: Vec<u8>) -> Answer {
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
        .collect();
    let encoded: String = name.bytes().map(percent_encoded).collect();
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Problem::bad_form())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

/// A byte as it can stand in an address or a header (RFC 3986, unreserved as it is).
pub(crate) fn percent_encoded(byte: u8) -> String {
    let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_letters_cannot_break_out_of_its_header() {
        let answer = download("台帳\r\nX: \"1\".csv", "text/csv", Vec::new()).unwrap();
        let shown = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(
            shown.ends_with("filename*=UTF-8''%E5%8F%B0%E5%B8%B3%0D%0AX%3A%20%221%22.csv"),
            "{shown}"
        );
        assert!(!shown.contains('\n'));
    }
}
