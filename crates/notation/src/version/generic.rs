//! Versions of makers without a written rule.

use std::cmp::Ordering;

use super::number::{compare_numbers, is_number, is_zero, split_digits, split_letters};

/// Words that stand before a release, in their order. `pre` and `preview` are one.
const BEFORE: [&str; 9] = ["dev", "snapshot", "alpha", "a", "beta", "b", "pre", "preview", "rc"];

/// What dotted numbers say beyond doubt.
///
/// Judged are: numbers against numbers; zeros at the end (which mean nothing); a single letter or the same word after the
/// same numbers; alpha, beta and rc among each other. A suffix on one side only is not judged: `2.0b` may be a beta or a
/// patch of 2.0.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (mut one, mut other) = (Tokens::of(one), Tokens::of(other));
    loop {
        match (one.next()?, other.next()?) {
            ("", "") => return Some(Ordering::Equal),
            (left, "") => return one.rest_against_nothing(left),
            ("", right) => return other.rest_against_nothing(right).map(Ordering::reverse),
            (left, right) => {
                let order = compare_tokens(left, right)?;
                if order.is_ne() {
                    return Some(order);
                }
            }
        }
    }
}

fn compare_tokens(one: &str, other: &str) -> Option<Ordering> {
    match (is_number(one), is_number(other)) {
        (true, true) => Some(compare_numbers(one, other)),
        (false, false) if one.eq_ignore_ascii_case(other) => Some(Ordering::Equal),
        (false, false) => match (phase(one), phase(other)) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ if one.len() == 1 && other.len() == 1 => {
                Some(one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The place of a word that stands before a release, if it is written out.
fn phase(word: &str) -> Option<usize> {
    let at = BEFORE.iter().position(|known| known.len() > 1 && known.eq_ignore_ascii_case(word))?;
    Some(if at == 7 { 6 } else { at })
}

/// Runs of digits and of letters; dots, hyphens, underscores and blanks stand between them.
struct Tokens<'a>(&'a str);

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let is_version = bare.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        // A text that begins with anything else is none that we could judge.
        Self(if is_version { bare } else { "\0" })
    }

    /// The next run; empty at the end. `None` for a letter that stands in no version.
    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start_matches(['.', '-', '_', ' ']);
        let (digits, after) = split_digits(text);
        let (run, rest) = if digits.is_empty() { split_letters(text) } else { (digits, after) };
        self.0 = rest;
        (!run.is_empty() || rest.is_empty()).then_some(run)
    }

    /// How this side stands to one that ended before `first`.
    fn rest_against_nothing(mut self, first: &str) -> Option<Ordering> {
        let mut token = first;
        while !token.is_empty() {
            match is_number(token) {
                false => return None,
                true if !is_zero(token) => return Some(Ordering::Greater),
                true => token = self.next()?,
            }
        }
        Some(Ordering::Equal)
    }
}

/// A total order for the match criteria of the NVD, whose own is not written down: parts between separators, numbers as
/// numbers and above words, words of pre-releases before nothing, other words after it.
pub(super) fn compare_loosely(one: &str, other: &str) -> Ordering {
    let is_between = |letter: char| !letter.is_alphanumeric();
    let (mut one, mut other) = (one.split(is_between), other.split(is_between));
    loop {
        let (left, right) = (one.next(), other.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = compare_loose_parts(left.unwrap_or(""), right.unwrap_or(""));
        if order.is_ne() {
            return order;
        }
    }
}

/// Runs of digits and of other letters, one after the other.
fn compare_loose_parts(mut one: &str, mut other: &str) -> Ordering {
    while !one.is_empty() || !other.is_empty() {
        let (run, rest) = first_run(one);
        let (other_run, other_rest) = first_run(other);
        let (rank, other_rank) = (loose_rank(run), loose_rank(other_run));
        let order = rank.cmp(&other_rank).then_with(|| match rank {
            NOTHING => Ordering::Equal,
            NUMBER => compare_numbers(run, other_run),
            _ => {
                let lower = |byte: u8| byte.to_ascii_lowercase();
                run.bytes().map(lower).cmp(other_run.bytes().map(lower))
            }
        });
        if order.is_ne() {
            return order;
        }
        (one, other) = (rest, other_rest);
    }
    Ordering::Equal
}

fn first_run(text: &str) -> (&str, &str) {
    let (digits, rest) = split_digits(text);
    if !digits.is_empty() {
        return (digits, rest);
    }
    let end = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The rank of nothing, and of zero, which means as much.
const NOTHING: u8 = 1;
/// The rank of a number.
const NUMBER: u8 = 3;

/// Words of pre-releases, then nothing, then other words, then numbers.
fn loose_rank(run: &str) -> u8 {
    match run {
        run if run.is_empty() || (is_number(run) && is_zero(run)) => NOTHING,
        run if is_number(run) => NUMBER,
        run if phase(run).is_some() => 0,
        _ => 2,
    }
}
