//! As much of JSON Schema 2020-12 as the description of the interface uses; whatever else it says fails.

use serde_json::Value;

/// Words of a schema that say nothing about whether a value fits.
const MERE_WORDS: [&str; 4] = ["description", "title", "format", "default"];

/// What is wrong with `value` by `schema`, place by place. Keys that the schema does not name are wrong as well.
pub(crate) fn complaints(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return match schema {
            Value::Bool(true) => Vec::new(),
            other => vec![format!("{at}: the schema is {other}")],
        };
    };
    let mut found = Vec::new();
    for (word, says) in schema {
        match word.as_str() {
            "$ref" => {
                let path = says.as_str().and_then(|path| path.strip_prefix('#')).unwrap();
                let named = document.pointer(path).unwrap_or_else(|| panic!("{path} is nowhere"));
                found.extend(complaints(document, named, value, at));
            }
            "type" if !is_of(says, value) => found.push(format!("{at}: {value} is no {says}")),
            "enum" if !says.as_array().unwrap().contains(value) => {
                found.push(format!("{at}: {value} is none of {says}"));
            }
            "anyOf" => {
                let fits = |one: &Value| complaints(document, one, value, at).is_empty();
                if !says.as_array().unwrap().iter().any(fits) {
                    found.push(format!("{at}: {value} fits none of {says}"));
                }
            }
            "required" => {
                for key in says.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        found.push(format!("{at}: {key} is missing"));
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(complaints(document, says, item, &format!("{at}[{index}]")));
                }
            }
            "minimum" if value.as_f64().is_some_and(|n| Some(n) < says.as_f64()) => {
                found.push(format!("{at}: too small"));
            }
            "maximum" if value.as_f64().is_some_and(|n| Some(n) > says.as_f64()) => {
                found.push(format!("{at}: too large"));
            }
            "properties" | "additionalProperties" | "type" | "enum" | "minimum" | "maximum" => {}
            word if MERE_WORDS.contains(&word) => {}
            word => found.push(format!("{at}: `{word}` is not understood here")),
        }
    }
    found.extend(keys(document, schema, value, at));
    found
}

fn keys(
    document: &Value,
    schema: &serde_json::Map<String, Value>,
    value: &Value,
    at: &str,
) -> Vec<String> {
    let Some(object) = value.as_object().filter(|_| schema.contains_key("type")) else {
        return Vec::new();
    };
    let known = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    let check = |(key, value): (&String, &Value)| {
        let at = format!("{at}.{key}");
        match known.and_then(|known| known.get(key)).or(others) {
            Some(schema) => complaints(document, schema, value, &at),
            None => vec![format!("{at}: nobody described it")],
        }
    };
    object.iter().flat_map(check).collect()
}

fn is_of(says: &Value, value: &Value) -> bool {
    let one = |name: &Value| match name.as_str().unwrap() {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        other => panic!("no such type: {other}"),
    };
    says.as_array().map_or_else(|| one(says), |names| names.iter().any(one))
}

#[test]
fn what_does_not_fit_is_noticed() {
    let document = serde_json::json!({});
    let schema = serde_json::json!({
        "type": "object",
        "properties": { "a": { "type": ["string", "null"] }, "b": { "type": "array", "items": { "type": "integer" } } },
        "required": ["a"],
    });
    let wrong = |value: Value| complaints(&document, &schema, &value, "").len();
    assert_eq!(wrong(serde_json::json!({ "a": null, "b": [1] })), 0);
    assert_eq!(wrong(serde_json::json!({ "a": 1 })), 1);
    assert_eq!(wrong(serde_json::json!({ "b": ["x"] })), 2);
    assert_eq!(wrong(serde_json::json!({ "a": null, "c": 1 })), 1);
}
