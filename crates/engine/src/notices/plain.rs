//! Prose made plain enough to look names up in it, and the numbers of vulnerabilities in it.

use std::collections::BTreeSet;

use domain::fold::half_width;
use domain::maker::spaced;

/// Names shorter than this, in characters, stand in any text by chance.
const LEAST_NAME: usize = 3;

/// Numbers that are read from one text at most.
const MOST_NUMBERS: usize = 200;

/// A text in lower case and half width, one blank for everything between words and numbers.
pub(super) struct Plain(String);

/// What kinds of letters cannot stand on both sides of a name's end.
#[derive(PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Katakana,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'ァ'..='ヺ' | 'ー' => Class::Katakana,
        c if c.is_ascii_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        Self(plain(text))
    }

    /// Whether `name` stands in the text as words of its own: `LOGIQ e` does not stand in `LOGIQ E10`, nor `7.0.5` in `7.0.50`.
    pub(super) fn holds(&self, name: &str) -> bool {
        let name = plain(name);
        name.chars().count() >= LEAST_NAME && self.stands(&name)
    }

    /// Whether the maker stands in the text, with or without the form of its company.
    pub(super) fn names_maker(&self, maker: &str) -> bool {
        let name = plain(&spaced(maker));
        name.chars().count() >= 2 && self.stands(&name)
    }

    fn stands(&self, name: &str) -> bool {
        self.0.match_indices(name).any(|(at, found)| self.is_whole(at, at + found.len()))
    }

    fn is_whole(&self, start: usize, end: usize) -> bool {
        let (before, rest) = (self.0.get(..start), self.0.get(start..));
        let joined = |one: Option<char>, other: Option<char>| {
            let both = one.map(class).zip(other.map(class));
            both.is_some_and(|(one, other)| one == other && one != Class::Other)
        };
        let dotted = |next: &str| next.strip_prefix('.').and_then(|rest| rest.chars().next());
        let (Some(before), Some(rest)) = (before, rest) else { return false };
        let (own, after) = (self.0.get(start..end), self.0.get(end..));
        let (Some(own), Some(after)) = (own, after) else { return false };
        let begins = !joined(before.chars().next_back(), rest.chars().next());
        let goes_on = before.ends_with('.') && rest.starts_with(|c: char| c.is_ascii_digit());
        let last = own.chars().next_back();
        let ends = !joined(last, after.chars().next()) && !joined(last, dotted(after));
        // `FortiOS7` is a FortiOS, but E10 is no model E.
        let last_word = own.rsplit(' ').next().map_or(0, |word| word.chars().count());
        let is_glued = last_word < LEAST_NAME && after.starts_with(|c: char| c.is_ascii_digit());
        begins && !goes_on && ends && !is_glued
    }
}

fn plain(text: &str) -> String {
    let text = half_width(text).to_lowercase();
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let is_point = c == '.'
            && plain.ends_with(|c: char| c.is_ascii_digit())
            && letters.peek().is_some_and(char::is_ascii_digit);
        if c.is_alphanumeric() || c == 'ー' || is_point {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The CVE numbers in `text`, each once, in order: `CVE-`, a year, and four digits or more (CVE Numbering Authority rules 4.2,
/// "CVE ID"). Full width and other hyphens are read too; nothing is made of what only looks like one.
pub fn numbers(text: &str) -> Vec<String> {
    let text = half_width(text).to_uppercase();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (at, head) in text.match_indices("CVE") {
        let glued = text
            .get(..at)
            .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()));
        let Some(rest) = text.get(at + head.len()..).filter(|_| !glued) else { continue };
        let Some(number) = number(rest) else { continue };
        if seen.insert(number.clone()) && found.len() < MOST_NUMBERS {
            found.push(number);
        }
    }
    found
}

/// The number whose year and digits stand at the beginning of `rest`.
fn number(rest: &str) -> Option<String> {
    let (year, rest) = digits(hyphen(rest)?);
    let (serial, rest) = digits(hyphen(rest)?);
    let is_number = year.len() == 4 && (4..=19).contains(&serial.len());
    let is_whole = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    (is_number && is_whole).then(|| format!("CVE-{year}-{serial}"))
}

fn hyphen(text: &str) -> Option<&str> {
    text.strip_prefix(['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}', 'ー'])
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_their_hyphens_are_written() {
        for (text, expected) in [
            ("CVE-2022-40684 と cve-2022-40684", &["CVE-2022-40684"][..]),
            ("ＣＶＥ－２０２２－４０６８４。", &["CVE-2022-40684"]),
            ("CVE\u{2010}2022\u{2013}40684、CVE-2021-44228", &["CVE-2022-40684", "CVE-2021-44228"]),
            ("CVE-2022-40684の影響を受けます", &["CVE-2022-40684"]),
            ("CVE-2022-406 CVE-22-40684 XCVE-2022-40684 CVE-2022-4068a", &[]),
            ("CVE CVE- CVE-2022 CVE-2022-", &[]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
        let many: String = (0..300).map(|n| format!("CVE-2022-{:05} ", n + 10_000)).collect();
        assert_eq!(numbers(&many).len(), MOST_NUMBERS);
    }

    #[test]
    fn a_name_stands_as_words_of_its_own() {
        for (text, name, expected) in [
            ("FortiOS 7.0.5 以前", "FortiOS", true),
            ("ＦｏｒｔｉＯＳ７．０．５以前", "fortios", true),
            ("FortiOS 7.0.5 以前", "7.0.5", true),
            ("FortiOS 7.0.50", "7.0.5", false),
            ("FortiOS 17.0.5", "7.0.5", false),
            ("FortiOS 7.0.5.1", "7.0.5", false),
            ("FortiOS 7.0.5.", "7.0.5", true),
            ("LOGIQ E10", "LOGIQ e", false),
            ("LOGIQ e 装置", "LOGIQ e", true),
            ("LOGIQ Expert", "LOGIQ e", false),
            ("FortiGate-60F をお使いの方", "FortiGate 60F", true),
            ("フォーティネット社", "フォーティ", false),
            ("フォーティネット社", "フォーティネット", true),
            ("CT の話", "CT", false),
        ] {
            assert_eq!(Plain::of(text).holds(name), expected, "{name} in {text}");
        }
    }

    #[test]
    fn a_maker_stands_without_the_form_of_its_company() {
        for (text, maker, expected) in [
            ("キヤノンメディカルシステムズの装置", "キヤノンメディカルシステムズ(株)", true),
            ("GE の装置", "GE Co., Ltd.", true),
            ("Fortinet 製品", "Fortinet, Inc.", true),
            ("有沢製作所の装置", "有沢製作所", true),
            ("沢製作所の装置", "有沢製作所", false),
            ("株式会社からのお知らせ", "株式会社", false),
            ("Fortinet 製品", "シスコ", false),
            ("なにか", "", false),
        ] {
            assert_eq!(Plain::of(text).names_maker(maker), expected, "{maker} in {text}");
        }
    }
}
