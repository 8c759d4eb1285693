//! JSON, field by field of its root: a long list is never held whole, and texts are borrowed.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Break;
use super::bounds::MAX_NODES;
use super::node::{Node, Sink, Want};

/// Gives every field of the root object to `sink`.
///
/// Objects stand at most 128 deep in one another, as `serde_json` bounds them.
pub(super) fn walk<S: Sink>(text: &str, sink: &mut S) -> Result<(), Break> {
    let left = Cell::new(MAX_NODES);
    let mut source = serde_json::Deserializer::from_str(text);
    let walked = source
        .deserialize_any(Root { sink, left: &left, wrapped: false })
        .and_then(|()| source.end());
    walked.map_err(|error| {
        let deep = error.to_string().starts_with("recursion limit");
        match (left.get(), sink.is_full()) {
            (0, _) | (_, true) => Break::Large,
            _ if deep => Break::Deep,
            _ => Break::Syntax { line: u32::try_from(error.line()).unwrap_or(u32::MAX) },
        }
    })
}

/// The root object.
struct Root<'s, S> {
    sink: &'s mut S,
    left: &'s Cell<u32>,
    /// Whether another object is around it.
    wrapped: bool,
}

impl<'de, S: Sink> DeserializeSeed<'de> for Root<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Root<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(Key)? {
            self.left.set(MAX_NODES);
            match self.sink.want(&field) {
                Want::Skip => {
                    map.next_value::<IgnoredAny>()?;
                }
                Want::Inside if self.wrapped => {
                    map.next_value::<IgnoredAny>()?;
                }
                Want::Inside => {
                    map.next_value_seed(Root { sink: self.sink, left: self.left, wrapped: true })?;
                }
                Want::Whole => {
                    let node = map.next_value_seed(Value(self.left))?;
                    self.sink.take(&field, &node);
                }
                Want::Each => {
                    map.next_value_seed(Each { sink: self.sink, field: &field, left: self.left })?;
                }
            }
            if self.sink.is_full() {
                return Err(A::Error::custom("full"));
            }
        }
        Ok(())
    }
}

/// A list of the root, element by element; anything else as one piece.
struct Each<'s, S> {
    sink: &'s mut S,
    field: &'s str,
    left: &'s Cell<u32>,
}

impl<'de, S: Sink> DeserializeSeed<'de> for Each<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Each<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(node) = list.next_element_seed(Value(self.left))? {
            self.sink.take(self.field, &node);
            self.left.set(MAX_NODES);
            if self.sink.is_full() {
                return Err(A::Error::custom("full"));
            }
        }
        Ok(())
    }

    // Anything else is told; an object may be the one element that was meant.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.sink.is_no_list(self.field);
        let node = Value(self.left).visit_map(map)?;
        self.sink.take(self.field, &node);
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        self.sink.take(self.field, &Node::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.sink.is_no_list(self.field);
        Ok(())
    }
}

/// The name of a field.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Any value; `.0` is how many more may be held.
#[derive(Clone, Copy)]
struct Value<'s>(&'s Cell<u32>);

impl Value<'_> {
    fn spend<E: Error>(self) -> Result<(), E> {
        let left = self.0.get();
        if left == 0 {
            return Err(E::custom("too many values"));
        }
        self.0.set(left - 1);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Node<'de>, D::Error> {
        self.spend()?;
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Node<'de>, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            entries.push((key, map.next_value_seed(self)?));
        }
        Ok(Node::Map(entries))
    }
}
