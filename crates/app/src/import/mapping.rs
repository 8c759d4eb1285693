//! Which column is which, as people write it and as it is remembered.

use formats::reading::Mapping;
use serde_json::json;

pub(crate) fn mapping_to_json(mapping: &Mapping) -> String {
    let columns: Vec<_> = mapping
        .columns
        .iter()
        .map(|(header, field)| json!([header, field.map(domain::Field::key)]))
        .collect();
    json!({ "sheet": mapping.sheet, "header_row": mapping.header_row, "columns": columns })
        .to_string()
}

/// The mapping in `json`, as `--mapping` takes it and as it is remembered; `None` where it is not one.
pub fn mapping_from_json(json: &str) -> Option<Mapping> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    let object = value.as_object()?;
    let mut mapping = Mapping::default();
    for (key, value) in object {
        match key.as_str() {
            // A kept mapping says null where nothing was said.
            "sheet" | "header_row" if value.is_null() => {}
            "sheet" => mapping.sheet = Some(value.as_str()?.to_owned()),
            "header_row" => mapping.header_row = Some(u32::try_from(value.as_u64()?).ok()?),
            "columns" => mapping.columns = columns_from_json(value)?,
            _ => return None,
        }
    }
    Some(mapping)
}

/// `{"header": "field"}` as people write it, or `[["header", "field"], …]` as it is kept in order.
fn columns_from_json(value: &serde_json::Value) -> Option<Vec<(String, Option<domain::Field>)>> {
    let pair = |header: &str, field: &serde_json::Value| match field {
        serde_json::Value::Null => Some((header.to_owned(), None)),
        field => Some((header.to_owned(), Some(domain::Field::from_key(field.as_str()?)?))),
    };
    match value {
        serde_json::Value::Object(columns) => {
            columns.iter().map(|(header, field)| pair(header, field)).collect()
        }
        serde_json::Value::Array(columns) => {
            columns.iter().map(|column| pair(column.get(0)?.as_str()?, column.get(1)?)).collect()
        }
        _ => None,
    }
}
