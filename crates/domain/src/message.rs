//! What the program has to say, before it is said in a language.
//!
//! Rooms below `app` never hold a sentence: they name it by a key and give the words that go into it.
//! The sentences stand in `crates/reference/data/texts/` in Japanese and English; `cargo xtask texts` compares
//! every key used in the source with both.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use crate::{CalendarDate, Field, MacAddress, Network, Place};

/// A sentence to be said: its key in the catalogue and the values of its `{placeholders}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    /// The catalogue's key, such as `warning.address_octet`.
    pub key: Cow<'static, str>,
    /// Placeholder and value, in the order given.
    pub args: Vec<(Cow<'static, str>, Arg)>,
}

/// A value that goes into a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arg {
    /// A date, written as the language writes dates.
    Date(CalendarDate),
    /// Several values, joined as the language joins them.
    List(Vec<Arg>),
    /// A whole number.
    Number(i64),
    /// A place in a document, written as the language writes it.
    Place(Place),
    /// A sentence that goes before or after another one.
    Said(Box<Message>),
    /// A key of the catalogue whose text goes here.
    Term(Cow<'static, str>),
    /// Text as it is, usually from a file: data, never markup.
    Text(String),
}

impl Message {
    /// The sentence named `key`, with nothing to fill in.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// The same with `value` for the placeholder `name`.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Arg>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }
}

/// Names a sentence of the catalogue: `msg!("warning.octet", text = cell, row = 7)`.
///
/// The key must be a literal, so that the texts can be checked against the source.
#[macro_export]
macro_rules! msg {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::Message::new($key)$(.with(stringify!($name), $value))*
    };
}

/// Something a reader wants a person to know about one place of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// What.
    pub message: Message,
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<CalendarDate> for Arg {
    fn from(date: CalendarDate) -> Self {
        Self::Date(date)
    }
}

impl From<jiff::civil::Date> for Arg {
    fn from(date: jiff::civil::Date) -> Self {
        Self::Date(CalendarDate::Day(date))
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Said(Box::new(message))
    }
}

impl From<Place> for Arg {
    fn from(place: Place) -> Self {
        Self::Place(place)
    }
}

impl From<Field> for Arg {
    fn from(field: Field) -> Self {
        Self::Term(Cow::Owned(format!("field.{}", field.key())))
    }
}

impl From<MacAddress> for Arg {
    fn from(mac: MacAddress) -> Self {
        Self::Text(mac.to_string())
    }
}

impl From<Ipv4Addr> for Arg {
    fn from(address: Ipv4Addr) -> Self {
        Self::Text(address.to_string())
    }
}

impl From<Network> for Arg {
    fn from(network: Network) -> Self {
        Self::Text(network.to_string())
    }
}

impl<T: Into<Arg>> From<Vec<T>> for Arg {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

macro_rules! number {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Arg {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}

number!(i32, i64, u8, u16, u32, u64, usize);
