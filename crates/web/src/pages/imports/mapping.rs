//! What a person answers about a file: which column is which, when it was so, and to which series it belongs.

use app::{Answers, DocumentHead, UploadFile};
use axum::extract::{Form, Path};
use domain::Field;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, go};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Columns that can be asked about; a table of more is none that people fill in.
const MOST_COLUMNS: usize = 80;

/// Free lines for headers of a table whose header was not found.
const FREE_LINES: usize = 4;

/// The fields that a column of a list kept by people can hold.
fn fields() -> impl Iterator<Item = Field> {
    const LISTED: usize = 36;
    Field::ALL.into_iter().take(LISTED).chain([Field::Remark, Field::Address, Field::Mac])
}

/// The form, as it stands.
pub(super) struct MappingForm {
    pub(super) columns: Vec<ColumnForm>,
    /// Whether headers are typed, because none was found.
    pub(super) is_free: bool,
    pub(super) header_row: Option<u64>,
    pub(super) sheet: String,
    pub(super) sheets: Vec<String>,
    /// Local time, as the browser's field takes it.
    pub(super) captured: String,
    pub(super) source: String,
    pub(super) fields: Vec<(&'static str, String)>,
    /// Whether the document is a table at all.
    pub(super) is_table: bool,
}

/// A column with what it was read as and what was answered.
pub(super) struct ColumnForm {
    pub(super) header: String,
    /// What it is read as now, in words.
    pub(super) read_as: String,
    /// The answer: empty for none, `-` for left alone, or a field.
    pub(super) answer: String,
}

impl MappingForm {
    pub(super) fn of(frame: &Frame, file: &UploadFile, head: &DocumentHead) -> Self {
        let answers = &file.answers;
        let known = answers.mapping.as_deref().and_then(app::mapping_from_json);
        let answered = |header: &str| {
            let columns = known.as_ref().map(|mapping| mapping.columns.as_slice());
            let found = columns.unwrap_or_default().iter().find(|(known, _)| known == header);
            found.map_or("", |(_, field)| field.map_or("-", Field::key)).to_owned()
        };
        let mut columns: Vec<ColumnForm> = Vec::new();
        for column in head.tables.iter().flat_map(|table| &table.columns) {
            let is_there = columns.iter().any(|known| known.header == column.header);
            if !column.header.is_empty() && !is_there && columns.len() < MOST_COLUMNS {
                let read_as =
                    column.field.as_deref().map(|field| frame.word("field", field).into_owned());
                columns.push(ColumnForm {
                    answer: answered(&column.header),
                    header: column.header.clone(),
                    read_as: read_as
                        .unwrap_or_else(|| frame.t("web.upload.left_alone").into_owned()),
                });
            }
        }
        let is_free = head.error.is_some() && columns.is_empty();
        if is_free {
            let blank = || ColumnForm {
                header: String::new(),
                read_as: String::new(),
                answer: String::new(),
            };
            columns.extend((0..FREE_LINES).map(|_| blank()));
        }
        let captured = answers.captured_at.map(app::clock_of).unwrap_or_default();
        Self {
            is_table: is_free || !columns.is_empty(),
            is_free,
            columns,
            header_row: known.as_ref().and_then(|mapping| mapping.header_row).map(u64::from),
            sheet: known.and_then(|mapping| mapping.sheet).unwrap_or_default(),
            sheets: head.tables.iter().filter_map(|table| table.sheet.clone()).collect(),
            captured: captured.replace(' ', "T"),
            source: answers.source.clone().unwrap_or_default(),
            fields: fields()
                .map(|field| (field.key(), frame.word("field", field.key()).into_owned()))
                .collect(),
        }
    }
}

/// Takes the answers, and has everything read again.
pub(super) async fn answer(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let value =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let number: u32 =
        value("file").and_then(|text| text.parse().ok()).ok_or_else(Problem::bad_form)?;
    let captured_at = match value("captured_at").filter(|text| !text.is_empty()) {
        Some(text) => Some(local(text).ok_or_else(Problem::bad_form)?),
        None => None,
    };
    let source = value("source").filter(|text| !text.is_empty() && text.chars().count() <= 100);
    let answers =
        Answers { captured_at, source: source.map(str::to_owned), mapping: mapping(&pairs)? };
    let to = format!("/imports/upload/{id}?doc={number}-0");
    visitor.read(move |app| app.answer_upload(&id, number, answers)).await?;
    visitor.desk.jobs().ring();
    go(&to)
}

fn local(text: &str) -> Option<Timestamp> {
    app::moment_of_clock(text)
}

/// The mapping of the form, as it is remembered; none where nothing was answered.
fn mapping(pairs: &[(String, String)]) -> Result<Option<String>, Problem> {
    let mut columns = Vec::new();
    let mut header = None;
    let mut mapping = Map::new();
    for (key, value) in pairs {
        match (key.as_str(), value.trim()) {
            ("header", _) => header = Some(value.clone()),
            ("column", answer) => {
                let Some(header) = header.take().filter(|header| !header.trim().is_empty()) else {
                    continue;
                };
                match answer {
                    "" => {}
                    "-" => columns.push(json!([header, null])),
                    field => columns.push(json!([header, field])),
                }
            }
            ("sheet", sheet) if !sheet.is_empty() => {
                drop(mapping.insert("sheet".to_owned(), json!(sheet)));
            }
            ("header_row", row) if !row.is_empty() => {
                let row: u32 = row.parse().map_err(|_| Problem::bad_form())?;
                mapping.insert("header_row".to_owned(), json!(row));
            }
            _ => {}
        }
    }
    if columns.is_empty() && mapping.is_empty() {
        return Ok(None);
    }
    mapping.insert("columns".to_owned(), Value::Array(columns));
    Ok(Some(Value::Object(mapping).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_was_answered_becomes_a_mapping() {
        assert_eq!(mapping(&pairs(&[("header", "OS"), ("column", "")])).unwrap(), None);
        let answered = pairs(&[
            ("header", "端末"),
            ("column", "hostname"),
            ("header", "備考2"),
            ("column", "-"),
            ("header_row", "3"),
        ]);
        let json = mapping(&answered).unwrap().unwrap();
        let read = app::mapping_from_json(&json).unwrap();
        let expected = [("端末".to_owned(), Some(Field::Hostname)), ("備考2".to_owned(), None)];
        assert_eq!((read.header_row, read.columns.as_slice()), (Some(3), expected.as_slice()));
        assert!(mapping(&pairs(&[("header_row", "x")])).is_err());
    }
}
