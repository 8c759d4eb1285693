//! Shapes of JSON, written as JSON, so that a contract reads like the document it speaks of.
//!
//! A shape is `"text"`, `"number"` or `"flag"`; a `?` behind it allows null; `"a|b"` is one of these words; `[shape]` a list of any
//! length; `{"*": shape}` an object with any keys; any other object must have these keys, and may have more.

use serde_json::Value;

/// Checks `value`, and everything in it.
pub(crate) fn check(value: &Value, shape: &Value) {
    at("$", value, shape);
}

fn at(path: &str, value: &Value, shape: &Value) {
    match shape {
        Value::String(word) => scalar(path, value, word),
        Value::Array(item) => {
            let values = value.as_array().unwrap_or_else(|| panic!("{path} is no list: {value}"));
            for (index, value) in values.iter().enumerate() {
                at(&format!("{path}[{index}]"), value, &item[0]);
            }
        }
        Value::Object(keys) => {
            let object =
                value.as_object().unwrap_or_else(|| panic!("{path} is no object: {value}"));
            if let Some(shape) = keys.get("*") {
                return object
                    .iter()
                    .for_each(|(key, value)| at(&format!("{path}.{key}"), value, shape));
            }
            for (key, shape) in keys {
                let value =
                    object.get(key).unwrap_or_else(|| panic!("{path} has no key `{key}`: {value}"));
                at(&format!("{path}.{key}"), value, shape);
            }
        }
        other => panic!("{other} is no shape"),
    }
}

fn scalar(path: &str, value: &Value, word: &str) {
    let fits = match word.strip_suffix('?') {
        Some(_) if value.is_null() => return,
        Some(word) => fits(value, word),
        None => fits(value, word),
    };
    assert!(fits, "{path} is {value}, not {word}");
}

fn fits(value: &Value, word: &str) -> bool {
    match word {
        "flag" => value.is_boolean(),
        "number" => value.is_u64(),
        "text" => value.is_string(),
        words => value.as_str().is_some_and(|value| words.split('|').any(|word| word == value)),
    }
}
