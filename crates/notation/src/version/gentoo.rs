//! Gentoo's and Alpine's packages, which share their form: `1.2.3b_rc4_p5-r6`.

use std::cmp::Ordering;

use super::number::{compare_numbers, is_number, split_letters, split_while};

/// Suffixes before the release itself.
const BEFORE: [&str; 4] = ["alpha", "beta", "pre", "rc"];
/// Suffixes after it (Package Manager Specification clause 3.2).
const AFTER_GENTOO: [&str; 1] = ["p"];
/// Suffixes after it (apk-package(5)).
const AFTER_ALPINE: [&str; 5] = ["cvs", "svn", "git", "hg", "p"];

/// A version taken apart.
struct Parts<'a> {
    /// Numbers with dots between them.
    numbers: &'a str,
    /// One letter, or nothing.
    letter: &'a str,
    /// From the first underscore to the revision.
    suffixes: &'a str,
    /// The revision's digits, or nothing.
    revision: &'a str,
}

/// Package Manager Specification, algorithm 3.1.
pub(super) fn compare_gentoo(one: &str, other: &str) -> Option<Ordering> {
    compare(one, other, &AFTER_GENTOO)
}

/// apk-tools orders as Gentoo does, with more suffixes.
pub(super) fn compare_alpine(one: &str, other: &str) -> Option<Ordering> {
    compare(one, other, &AFTER_ALPINE)
}

fn compare(one: &str, other: &str, after: &[&str]) -> Option<Ordering> {
    let (one, other) = (read(one, after)?, read(other, after)?);
    let order = compare_components(one.numbers, other.numbers)
        .then_with(|| one.letter.cmp(other.letter))
        .then_with(|| compare_suffixes(one.suffixes, other.suffixes, after))
        .then_with(|| compare_numbers(one.revision, other.revision));
    Some(order)
}

fn read<'a>(text: &'a str, after: &[&str]) -> Option<Parts<'a>> {
    let (text, revision) = match text.rsplit_once("-r") {
        Some((text, revision)) if is_number(revision) => (text, revision),
        _ => (text, ""),
    };
    let (numbers, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let (letter, suffixes) = split_letters(rest);
    let mut each = suffixes.split('_');
    let sound = numbers.split('.').all(is_number)
        && (letter.is_empty()
            || (letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase())))
        && each.next() == Some("")
        && each
            .all(|suffix| rank(split_letters(suffix).0, after).is_some() && ends_in_digits(suffix));
    sound.then_some(Parts { numbers, letter, suffixes, revision })
}

fn ends_in_digits(suffix: &str) -> bool {
    let (_, number) = split_letters(suffix);
    number.is_empty() || is_number(number)
}

/// Algorithms 3.2 and 3.3: the first numbers as numbers; of the others, those with a leading zero as fractions.
fn compare_components(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    let first = compare_numbers(one.next().unwrap_or(""), other.next().unwrap_or(""));
    if first.is_ne() {
        return first;
    }
    loop {
        let order = match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) if one.starts_with('0') || other.starts_with('0') => {
                one.trim_end_matches('0').cmp(other.trim_end_matches('0'))
            }
            (Some(one), Some(other)) => compare_numbers(one, other),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Algorithms 3.5 and 3.6. The release without a suffix stands between those before and those after it.
fn compare_suffixes(one: &str, other: &str, after: &[&str]) -> Ordering {
    let (mut one, mut other) = (one.split('_').skip(1), other.split('_').skip(1));
    loop {
        let (left, right) = (one.next(), other.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let ranked = |suffix: Option<&str>| {
            suffix.map_or(Some(0), |suffix| rank(split_letters(suffix).0, after))
        };
        let order = ranked(left).cmp(&ranked(right)).then_with(|| {
            let left = left.map_or("", |suffix| split_letters(suffix).1);
            let right = right.map_or("", |suffix| split_letters(suffix).1);
            compare_numbers(left, right)
        });
        if order.is_ne() {
            return order;
        }
    }
}

/// Below zero for what precedes the release, above zero for what follows it.
fn rank(word: &str, after: &[&str]) -> Option<i8> {
    let before = BEFORE.iter().position(|known| *known == word).map(|at| at as i8 - 4);
    before.or_else(|| after.iter().position(|known| *known == word).map(|at| at as i8 + 1))
}
