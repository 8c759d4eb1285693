//! Semantic Versioning 2.0.0, and those who use it with small differences: npm, Go and NuGet.

use std::cmp::Ordering;

use super::number::{compare_numbers, compare_parts, is_number};

/// A version taken apart. What follows `+` has no part in the order (clause 10).
struct Parts<'a> {
    /// Numbers with dots between them.
    core: &'a str,
    /// What follows the first hyphen (clause 9).
    pre: Option<&'a str>,
}

/// What differs between those who use Semantic Versioning.
struct Dialect {
    /// How many numbers there may be.
    numbers: std::ops::RangeInclusive<usize>,
    /// Whether `01` is a number (clause 2 forbids it).
    leading_zeros: bool,
}

const STRICT: Dialect = Dialect { numbers: 3..=3, leading_zeros: false };
const NPM: Dialect = Dialect { numbers: 1..=3, leading_zeros: true };
const GO: Dialect = Dialect { numbers: 1..=3, leading_zeros: false };
const NUGET: Dialect = Dialect { numbers: 1..=4, leading_zeros: true };

/// Clause 11.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    Some(order(&read(one, &STRICT)?, &read(other, &STRICT)?, Ord::cmp))
}

/// node-semver: `v` and `=` before a version mean nothing.
pub(super) fn compare_npm(one: &str, other: &str) -> Option<Ordering> {
    const NOTHING: [char; 3] = ['v', '=', ' '];
    let one = read(one.trim_start_matches(NOTHING), &NPM)?;
    let other = read(other.trim_start_matches(NOTHING), &NPM)?;
    Some(order(&one, &other, Ord::cmp))
}

/// Go Modules Reference, "Versions".
pub(super) fn compare_go(one: &str, other: &str) -> Option<Ordering> {
    let one = read(one.strip_prefix('v').unwrap_or(one), &GO)?;
    let other = read(other.strip_prefix('v').unwrap_or(other), &GO)?;
    Some(order(&one, &other, Ord::cmp))
}

/// NuGet, "Package versioning": letters of labels are of one case.
pub(super) fn compare_nuget(one: &str, other: &str) -> Option<Ordering> {
    Some(order(&read(one, &NUGET)?, &read(other, &NUGET)?, ignoring_case))
}

fn read<'a>(text: &'a str, dialect: &Dialect) -> Option<Parts<'a>> {
    let (text, build) =
        text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    let zeros = |number: &str| dialect.leading_zeros || number == "0" || !number.starts_with('0');
    let is_core = |number: &str| is_number(number) && zeros(number);
    let is_pre = |label: &str| is_label(label) && (!is_number(label) || zeros(label));
    let sound = dialect.numbers.contains(&core.split('.').count())
        && core.split('.').all(is_core)
        && pre.is_none_or(|pre| pre.split('.').all(is_pre))
        && build.is_none_or(|build| build.split('.').all(is_label));
    sound.then_some(Parts { core, pre })
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn order(one: &Parts<'_>, other: &Parts<'_>, words: fn(&str, &str) -> Ordering) -> Ordering {
    compare_parts(one.core, other.core).then_with(|| match (one.pre, other.pre) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(one), Some(other)) => compare_labels(one, other, words),
    })
}

/// Clause 11.4: numbers below words, and a longer list above a shorter one that it begins with.
fn compare_labels(one: &str, other: &str, words: fn(&str, &str) -> Ordering) -> Ordering {
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    loop {
        let order = match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => match (is_number(one), is_number(other)) {
                (true, true) => compare_numbers(one, other),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => words(one, other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn ignoring_case(one: &str, other: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(lower).cmp(other.bytes().map(lower))
}
