//! What stands around every page: the menu, who is signed in, how fresh what is shown is, and the texts.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use app::FeedsAge;
use domain::{CalendarDate, Message, Permission, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use reference::{Catalogue, Language};

use crate::assets;

/// What the layout shows. Templates ask it for every text.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) texts: Arc<Catalogue>,
    /// Which entry of the menu is the page's, by key.
    pub(crate) here: &'static str,
    /// The address of this page, to come back to after the language was changed.
    pub(crate) path: String,
    /// The name of the hospital.
    pub(crate) facility: String,
    /// Who is signed in.
    pub(crate) person: Option<Person>,
    /// Findings to look at today.
    pub(crate) urgent: usize,
    /// The last round.
    pub(crate) last_round: Option<Date>,
    /// How old what is at hand of vulnerabilities is.
    pub(crate) feeds: Option<FeedsAge>,
    /// What was done just before, by the key of its sentence.
    pub(crate) said: Option<String>,
    pub(crate) today: Date,
}

/// Who is signed in, as the layout shows it.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: Role,
}

/// An entry of the menu.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    pub(crate) address: &'static str,
    pub(crate) asks: Permission,
}

/// The menu, in the order of a morning.
pub(crate) const MENU: &[Entry] = &[
    Entry { key: "today", address: "/", asks: Permission::Look },
    Entry { key: "devices", address: "/devices", asks: Permission::Look },
    Entry { key: "queue", address: "/queue", asks: Permission::Look },
    Entry { key: "weaknesses", address: "/weaknesses", asks: Permission::Look },
    Entry { key: "network", address: "/zones", asks: Permission::Look },
    Entry { key: "systems", address: "/systems", asks: Permission::Look },
    Entry { key: "imports", address: "/imports", asks: Permission::Look },
    Entry { key: "rules", address: "/rules", asks: Permission::Look },
    Entry { key: "settings", address: "/settings", asks: Permission::Keep },
];

impl Frame {
    /// The text of `key`.
    pub(crate) fn t(&self, key: &str) -> Cow<'_, str> {
        self.texts.text(key)
    }

    /// The text of `key` with one value in it.
    pub(crate) fn t1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.say(&Message::new(key.to_owned()).with(name, value.to_string()))
    }

    /// The text of `key` with two values in it.
    pub(crate) fn t2(
        &self,
        key: &str,
        name: &'static str,
        value: impl Display,
        name2: &'static str,
        value2: impl Display,
    ) -> String {
        let message = Message::new(key.to_owned());
        self.say(&message.with(name, value.to_string()).with(name2, value2.to_string()))
    }

    /// A sentence with its values.
    pub(crate) fn say(&self, message: &Message) -> String {
        self.texts.say(message)
    }

    /// A word of a family, such as `severity` and `urgent`.
    pub(crate) fn word(&self, family: &str, key: &str) -> Cow<'_, str> {
        self.texts.text(&format!("{family}.{key}")).into_owned().into()
    }

    /// The code of the language.
    pub(crate) fn lang(&self) -> &'static str {
        self.texts.language().code()
    }

    /// The other language: its code and its own name.
    pub(crate) fn other_lang(&self) -> (&'static str, &'static str) {
        match self.texts.language() {
            Language::Ja => ("en", "English"),
            Language::En => ("ja", "日本語"),
        }
    }

    /// A text as it can stand in the query of an address.
    pub(crate) fn q(&self, text: impl AsRef<str>) -> String {
        text.as_ref().bytes().map(crate::answer::percent_encoded).collect()
    }

    /// The address of an asset.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// A day as the language writes it.
    pub(crate) fn date(&self, day: &Date) -> String {
        self.texts.date(CalendarDate::Day(*day))
    }

    /// A day given as `2026-11-20`; what is no day as it is.
    pub(crate) fn day(&self, written: &str) -> String {
        written.parse::<Date>().map_or_else(|_| written.to_owned(), |day| self.date(&day))
    }

    /// A moment given in RFC 3339, as the clock in the hospital shows it: day and minute.
    pub(crate) fn moment(&self, written: impl AsRef<str>) -> String {
        let written = written.as_ref();
        written.parse::<Timestamp>().map_or_else(|_| written.to_owned(), app::clock_of)
    }

    /// How old what is at hand of vulnerabilities is, in a sentence; none where nobody is signed in.
    pub(crate) fn feeds_text(&self) -> Option<String> {
        let feeds = self.feeds?;
        Some(match feeds.newest.filter(|_| feeds.state == "ready") {
            Some(day) => self.t1("web.feeds.of", "day", self.date(&day)),
            None => self.t("web.feeds.none").into_owned(),
        })
    }

    /// The entries of the menu that the person may use.
    pub(crate) fn menu(&self) -> Vec<Entry> {
        let Some(person) = &self.person else { return Vec::new() };
        MENU.iter().filter(|entry| person.role.may(entry.asks)).copied().collect()
    }

    /// Whether the person may do what asks for the permission of this key.
    pub(crate) fn may(&self, key: &str) -> bool {
        let asked = Permission::from_key(key);
        let person = self.person.as_ref();
        person.zip(asked).is_some_and(|(person, asked)| person.role.may(asked))
    }

    /// The sign that stands with a severity, so that colour is never alone.
    pub(crate) fn mark(&self, severity: &str) -> &'static str {
        match severity {
            "urgent" => "●",
            "warning" => "▲",
            "notice" => "・",
            _ => "?",
        }
    }

    /// The class of a chip for a severity.
    pub(crate) fn tone(&self, severity: &str) -> &'static str {
        match severity {
            "urgent" => "danger",
            "warning" => "warn",
            "notice" => "plain",
            _ => "unknown",
        }
    }

    /// The sentence about what was done just before.
    pub(crate) fn said_text(&self) -> Option<String> {
        let key = format!("web.said.{}", self.said.as_ref()?);
        self.texts.knows(&key).then(|| self.texts.text(&key).into_owned())
    }
}

/// Every template, for tests.
#[cfg(test)]
pub(crate) fn templates() -> Vec<String> {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_a_template_names_is_there_in_both_languages() {
        let spoken = Language::ALL.map(Catalogue::load);
        let mut seen = 0;
        for template in templates() {
            for call in [".t(\"", ".t1(\"", ".t2(\""] {
                for key in template.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    for texts in &spoken {
                        assert!(texts.knows(key), "{key} in {}", texts.language().code());
                    }
                    seen += 1;
                }
            }
        }
        assert!(seen > 10);
    }

    #[test]
    fn no_template_holds_a_sentence_a_script_or_a_style() {
        for template in templates() {
            let mut text = template.clone();
            while let Some(start) = text.find("{#") {
                let end = text[start..].find("#}").map_or(text.len(), |end| start + end + 2);
                text.replace_range(start..end, "");
            }
            assert!(!text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c)), "{text}");
            assert!(
                !text.contains("<script>")
                    && !text.contains("style=\"")
                    && !text.contains("<style"),
                "{text}"
            );
        }
    }
}
