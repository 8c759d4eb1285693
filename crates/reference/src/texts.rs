//! The sentences of the program, in Japanese and English.
//!
//! The sentences of `data/texts/ja` and `data/texts/en` are embedded, read when the program is built; rooms name a sentence by its key ([`domain::msg!`]) and give the
//! words that go into it. Nothing here can fail: a key nobody wrote a sentence for is shown in brackets, a placeholder without a
//! value stays visible. Tests keep both from happening.

use std::borrow::Cow;

use domain::message::Arg;
use domain::{CalendarDate, Message, Place};

mod write;

// `JA` and `EN`: key and text of every sentence of the two folders, in the order of keys, written by `build.rs`; `JA_FILES` and `EN_FILES`
// for tests: name and content of every file.
include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A language the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English.
    En,
    /// 日本語.
    #[default]
    Ja,
}

impl Language {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The code of ISO 639: `ja` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language with this [`Language::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    fn texts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::En => EN,
            Self::Ja => JA,
        }
    }

    #[cfg(test)]
    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::En => EN_FILES,
            Self::Ja => JA_FILES,
        }
    }
}

/// All sentences of one language.
#[derive(Debug, Clone)]
pub struct Catalogue {
    language: Language,
}

impl Catalogue {
    /// The sentences of `language` that ship with the program.
    pub fn load(language: Language) -> Self {
        Self { language }
    }

    /// Which language it speaks.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of `key` as it stands, placeholders included; the key in brackets where there is none.
    pub fn text<'a>(&'a self, key: &str) -> Cow<'a, str> {
        match self.find(key) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(format!("[{key}]")),
        }
    }

    /// Whether there is a text for `key`.
    pub fn knows(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&'static str> {
        let texts = self.language.texts();
        let at = texts.binary_search_by(|(known, _)| (*known).cmp(key)).ok()?;
        texts.get(at).map(|(_, text)| *text)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.language.texts().iter().map(|(key, _)| *key)
    }

    /// The sentence, with its values filled in.
    pub fn say(&self, message: &Message) -> String {
        fill(&self.text(&message.key), |name| {
            let (_, value) = message.args.iter().find(|(known, _)| known == name)?;
            Some(self.value(value))
        })
    }

    /// A value as the language writes it.
    pub fn value(&self, value: &Arg) -> String {
        match value {
            Arg::Date(date) => self.date(*date),
            Arg::List(values) => {
                let values: Vec<_> = values.iter().map(|value| self.value(value)).collect();
                values.join(&self.text("list.joiner"))
            }
            Arg::Number(number) => number.to_string(),
            Arg::Place(place) => self.place(place),
            Arg::Said(message) => self.say(message),
            Arg::Term(key) => self.text(key).into_owned(),
            Arg::Text(text) => text.clone(),
        }
    }

    /// A date, with the precision it has: `2026年11月20日`, `October 2014`, `2020年度`.
    pub fn date(&self, date: CalendarDate) -> String {
        match self.language {
            Language::En => write::english_date(date),
            Language::Ja => write::japanese_date(date),
        }
    }

    /// A place, as a person would point to it: `「機器台帳」シートの5行目`, `E5`, `5行目(2台目)`.
    pub fn place(&self, place: &Place) -> String {
        let row = place.row.to_string();
        let within = match (place.row, place.column) {
            (0, _) => None,
            (_, 0) => Some(self.fill("place.row", &[("row", &row)])),
            (_, column) => {
                let column = write::column_letters(column);
                Some(self.fill("place.cell", &[("row", &row), ("column", &column)]))
            }
        };
        let place_text = match (&place.sheet, within) {
            (None, None) => self.text("place.document").into_owned(),
            (None, Some(within)) => within,
            (Some(sheet), None) => self.fill("place.sheet", &[("sheet", sheet)]),
            (Some(sheet), Some(within)) => {
                self.fill("place.in_sheet", &[("sheet", sheet), ("place", &within)])
            }
        };
        if place.part == 0 {
            return place_text;
        }
        self.fill("place.part", &[("place", &place_text), ("part", &place.part.to_string())])
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(&self.text(key), |name| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }
}

/// Puts values for the `{placeholders}` of `text`; what goes in is never searched for placeholders again.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_placeholder(rest) {
        filled.push_str(before);
        match value(name) {
            Some(value) => filled.push_str(&value),
            None => {
                filled.push('{');
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The text before the next placeholder, its name, and the text after it.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('{')?;
        let inside = text.get(open + 1..)?;
        let length = inside.find(|c: char| !is_name(c)).unwrap_or(inside.len());
        if length > 0 && inside[length..].starts_with('}') {
            return Some((&text[..open], &inside[..length], &inside[length + 1..]));
        }
        from = open + 1;
    }
}

/// Whether `c` may stand in the name of a placeholder.
fn is_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

#[cfg(test)]
mod tests;
