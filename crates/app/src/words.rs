//! Messages as they are kept: keys and values in JSON, so that they can be said in either language later.

use std::borrow::Cow;
use std::fmt;

use domain::message::Arg;
use domain::{CalendarDate, Message, Place};
use reference::Catalogue;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// The message as JSON.
pub(crate) fn to_json(message: &Message) -> Value {
    let args: Map<String, Value> =
        message.args.iter().map(|(name, arg)| (name.to_string(), arg_to_json(arg))).collect();
    json!({ "key": message.key, "args": args })
}

/// A message as it is read from where it is kept, without making a tree of it first: a device has several for each finding. What
/// cannot be read is left out, and shows as an unfilled placeholder.
#[derive(Debug, Clone)]
pub(crate) struct Kept(pub(crate) Message);

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        to_json(&self.0).serialize(serializer)
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self(Message::new(""))
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Parts {
            key: String,
            args: Args,
        }
        let Parts { key, args } = Option::<Parts>::deserialize(deserializer)?.unwrap_or_default();
        Ok(Self(Message { key: key.into(), args: args.0 }))
    }
}

/// The values of a message by their names, in the order in which they are kept.
#[derive(Default)]
struct Args(Vec<(Cow<'static, str>, Arg)>);

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ArgsVisitor)
    }
}

struct ArgsVisitor;

impl<'de> Visitor<'de> for ArgsVisitor {
    type Value = Args;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of a message")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Args, M::Error> {
        let mut args = Vec::with_capacity(map.size_hint().unwrap_or(4));
        while let Some((name, KeptArg(arg))) = map.next_entry::<String, KeptArg>()? {
            args.extend(arg.map(|arg| (name.into(), arg)));
        }
        Ok(Args(args))
    }
}

/// A value, where it is one that is known.
struct KeptArg(Option<Arg>);

/// What a value is kept as.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Kind {
    Date,
    List,
    Number,
    Place,
    Said,
    Term,
    Text,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for KeptArg {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgVisitor)
    }
}

struct ArgVisitor;

impl<'de> Visitor<'de> for ArgVisitor {
    type Value = KeptArg;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a message")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<KeptArg, M::Error> {
        let Some(kind) = map.next_key()? else { return Ok(KeptArg(None)) };
        let arg = match kind {
            Kind::Date => map.next_value::<String>()?.parse::<CalendarDate>().ok().map(Arg::Date),
            Kind::List => {
                let values = map.next_value::<Vec<KeptArg>>()?;
                Some(Arg::List(values.into_iter().filter_map(|KeptArg(value)| value).collect()))
            }
            Kind::Number => Some(Arg::Number(map.next_value()?)),
            Kind::Place => map.next_value::<String>()?.parse::<Place>().ok().map(Arg::Place),
            Kind::Said => Some(map.next_value::<Kept>()?.0.into()),
            Kind::Term => Some(Arg::Term(map.next_value::<String>()?.into())),
            Kind::Text => Some(Arg::Text(map.next_value()?)),
            Kind::Unknown => map.next_value::<IgnoredAny>().map(|_| None)?,
        };
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(KeptArg(arg))
    }

    fn visit_u64<E>(self, _: u64) -> Result<KeptArg, E> {
        Ok(KeptArg(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<KeptArg, E> {
        Ok(KeptArg(None))
    }

    fn visit_unit<E>(self) -> Result<KeptArg, E> {
        Ok(KeptArg(None))
    }
}

/// How a sentence is kept beside its text: for `#[serde(with)]`.
pub(crate) mod kept {
    use domain::Message;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        message: &Option<Message>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        message.as_ref().map(super::to_json).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Message>, D::Error> {
        let kept = Option::<super::Kept>::deserialize(deserializer)?;
        Ok(kept.map(|super::Kept(message)| message))
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
        Arg::Said(message) => json!({ "said": to_json(message) }),
        Arg::Term(key) => json!({ "term": key }),
        Arg::Text(text) => json!({ "text": text }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_json(json: &Value) -> Message {
        serde_json::from_str::<Kept>(&json.to_string()).unwrap().0
    }

    #[test]
    fn a_message_reads_back_as_it_was_kept() {
        let message = Message::new("warning.something")
            .with("device", "CT-01 \"{x}\"")
            .with("date", "2014-10".parse::<CalendarDate>().unwrap())
            .with("rows", 4usize)
            .with("place", Place::line(7))
            .with("names", vec!["a", "b"])
            .with("column", domain::Field::Maker)
            .with("reason", Message::new("weak.x").with("rows", 4usize));
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
            from_json(&json!({ "key": "x", "args": {
                "a": 1, "b": { "date": "?" }, "c": { "colour": ["red"] }, "d": {}, "e": "text",
                "f": null, "n": { "number": 7, "of": {} }
            } })),
            Message::new("x").with("n", 7usize)
        );
        assert_eq!(from_json(&json!(null)), Message::new(""));
    }
}
