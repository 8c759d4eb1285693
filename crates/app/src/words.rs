//! Messages as they are kept: keys and values in JSON, so that they can be said in either language later.

use domain::message::Arg;
use domain::{CalendarDate, Message, Place};
use reference::Catalogue;
use serde_json::{Map, Value, json};

/// The message as JSON.
pub(crate) fn to_json(message: &Message) -> Value {
    let args: Map<String, Value> =
        message.args.iter().map(|(name, arg)| (name.to_string(), arg_to_json(arg))).collect();
    json!({ "key": message.key, "args": args })
}

/// The message in `json`, as far as it can be read; what cannot is left out, and shows as an unfilled placeholder.
pub(crate) fn from_json(json: &Value) -> Message {
    let key = json["key"].as_str().unwrap_or_default().to_owned();
    let mut message = Message::new(key);
    for (name, arg) in json["args"].as_object().into_iter().flatten() {
        if let Some(arg) = arg_from_json(arg) {
            message.args.push((name.clone().into(), arg));
        }
    }
    message
}

/// How a sentence is kept beside its text: for `#[serde(with)]`.
pub(crate) mod kept {
    use domain::Message;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(crate) fn serialize<S: Serializer>(
        message: &Option<Message>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        message.as_ref().map(super::to_json).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Message>, D::Error> {
        let json = Option::<Value>::deserialize(deserializer)?;
        Ok(json.map(|json| super::from_json(&json)))
    }
}

/// Says `text` anew in the language of `texts`, where it is known what it was said of.
pub(crate) fn say_again(texts: &Catalogue, text: &mut String, of: Option<&Message>) {
    if let Some(message) = of {
        *text = texts.say(message);
    }
}

fn arg_to_json(arg: &Arg) -> Value {
    match arg {
        Arg::Date(date) => json!({ "date": date.to_string() }),
        Arg::List(values) => json!({ "list": values.iter().map(arg_to_json).collect::<Vec<_>>() }),
        Arg::Number(number) => json!({ "number": number }),
        Arg::Place(place) => json!({ "place": place.to_string() }),
        Arg::Term(key) => json!({ "term": key }),
        Arg::Text(text) => json!({ "text": text }),
    }
}

fn arg_from_json(json: &Value) -> Option<Arg> {
    let (kind, value) = json.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "date" => Arg::Date(value.as_str()?.parse::<CalendarDate>().ok()?),
        "list" => Arg::List(value.as_array()?.iter().filter_map(arg_from_json).collect()),
        "number" => Arg::Number(value.as_i64()?),
        "place" => Arg::Place(value.as_str()?.parse::<Place>().ok()?),
        "term" => Arg::Term(value.as_str()?.to_owned().into()),
        "text" => Arg::Text(value.as_str()?.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_as_it_was_kept() {
        let message = Message::new("warning.something")
            .with("device", "CT-01 \"{x}\"")
            .with("date", "2014-10".parse::<CalendarDate>().unwrap())
            .with("rows", 4usize)
            .with("place", Place::line(7))
            .with("names", vec!["a", "b"])
            .with("column", domain::Field::Maker);
        let read = from_json(&to_json(&message));
        let mut expected = message.args.clone();
        expected.sort();
        let mut args = read.args.clone();
        args.sort();
        assert_eq!((read.key.as_ref(), args), (message.key.as_ref(), expected));
    }

    #[test]
    fn damaged_json_gives_a_message_that_can_still_be_shown() {
        assert_eq!(
            from_json(&json!({ "key": "x", "args": { "a": 1, "b": { "date": "?" } } })),
            Message::new("x")
        );
        assert_eq!(from_json(&json!(null)), Message::new(""));
    }
}
