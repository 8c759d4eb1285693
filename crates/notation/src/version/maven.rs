//! Maven's versions: POM reference, "Version Order Specification". "Versions are expected to start with numbers"; what does not
//! is not judged.

use std::cmp::Ordering;

use super::number::{compare_numbers, is_number, is_zero, split_digits};

/// A part of a version, with the separator before it.
#[derive(Clone, Copy)]
struct Token<'a> {
    dot: bool,
    text: &'a str,
    /// Whether a digit follows at once, so that `a`, `b` and `m` are abbreviations.
    before_digit: bool,
}

/// The qualifiers with a meaning, in their order; the release itself is the empty one.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const RELEASE: u8 = 5;

pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let is_version = |text: &str| text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if !is_version(one) || !is_version(other) {
        return None;
    }
    let (one, other) = (tokens(one), tokens(other));
    for at in 0..one.len().max(other.len()) {
        let order = match (one.get(at), other.get(at)) {
            (Some(one), Some(other)) => compare_tokens(one, other),
            (Some(one), None) => compare_tokens(one, &padding(one)),
            (None, Some(other)) => compare_tokens(&padding(other), other),
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// What stands for a missing token: 0 after a dot, the release after a hyphen.
fn padding(token: &Token<'_>) -> Token<'static> {
    let text = if is_number(token.text) { "0" } else { "" };
    Token { dot: token.dot, text, before_digit: false }
}

/// Splits at dots, hyphens, underscores and between digits and letters, then drops what says nothing at the end of each part.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut dot = true;
    for part in text.split_inclusive(['.', '-', '_']) {
        let word = part.trim_end_matches(['.', '-', '_']);
        split_word(word, dot, &mut tokens);
        dot = part.ends_with('.');
    }
    if text.ends_with(['.', '-', '_']) || tokens.is_empty() {
        tokens.push(Token { dot, text: "", before_digit: false });
    }
    trim(&mut tokens);
    tokens
}

fn split_word<'a>(word: &'a str, mut dot: bool, tokens: &mut Vec<Token<'a>>) {
    if word.is_empty() {
        tokens.push(Token { dot, text: "0", before_digit: false });
    }
    let mut rest = word;
    while !rest.is_empty() {
        let (digits, after) = split_digits(rest);
        let end = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let (text, next) = if digits.is_empty() {
            rest.split_at_checked(end).unwrap_or((rest, ""))
        } else {
            (digits, after)
        };
        tokens.push(Token { dot, text, before_digit: digits.is_empty() && !next.is_empty() });
        (dot, rest) = (false, next);
    }
}

/// Drops trailing nulls at the end, and before each hyphen.
fn trim(tokens: &mut Vec<Token<'_>>) {
    let mut at = tokens.len();
    let mut end = tokens.len();
    while at > 1 {
        at -= 1;
        let Some(token) = tokens.get(at).copied() else { return };
        if token.is_null() && at + 1 == end {
            tokens.remove(at);
            end = at;
        } else if !token.dot {
            end = at;
        }
    }
}

impl Token<'_> {
    fn is_null(&self) -> bool {
        if is_number(self.text) { is_zero(self.text) } else { self.rank() == Some(RELEASE) }
    }

    /// The place of a qualifier with a meaning.
    fn rank(&self) -> Option<u8> {
        let is = |word: &str| self.text.eq_ignore_ascii_case(word);
        match self.text.len() {
            1 if self.before_digit && is("a") => Some(0),
            1 if self.before_digit && is("b") => Some(1),
            1 if self.before_digit && is("m") => Some(2),
            2 if is("cr") => Some(3),
            2 if is("ga") => Some(RELEASE),
            5 if is("final") => Some(RELEASE),
            7 if is("release") => Some(RELEASE),
            _ => QUALIFIERS.iter().position(|known| is(known)).map(|at| at as u8),
        }
    }
}

/// `.qualifier` = `-qualifier` < `-number` < `.number`.
fn compare_tokens(one: &Token<'_>, other: &Token<'_>) -> Ordering {
    match (is_number(one.text), is_number(other.text)) {
        (true, true) => one.dot.cmp(&other.dot).then_with(|| compare_numbers(one.text, other.text)),
        (false, false) => compare_qualifiers(one, other),
        (one_is, other_is) => one_is.cmp(&other_is),
    }
}

/// Those with a meaning in their order, then all others by their letters.
fn compare_qualifiers(one: &Token<'_>, other: &Token<'_>) -> Ordering {
    match (one.rank(), other.rank()) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => {
            let lower = |byte: u8| byte.to_ascii_lowercase();
            one.text.bytes().map(lower).cmp(other.text.bytes().map(lower))
        }
    }
}
