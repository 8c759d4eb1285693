//! PHP's packages: Composer's documentation, "Versions and constraints"; the parser's classical versions.

use std::cmp::Ordering;

use super::number::{compare_numbers, compare_parts, is_number, split_letters, split_while};

/// How stable a release is, from the least on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stability {
    Dev,
    Alpha,
    Beta,
    Candidate,
    Stable,
    Patch,
}

struct Parts<'a> {
    numbers: &'a str,
    stability: Stability,
    /// What follows the word of stability: numbers with dots between them, or nothing.
    count: &'a str,
    /// `-dev` after another stability: before it.
    dev: bool,
}

/// Branches (`dev-main`) are no versions, and are not judged.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read(one)?, read(other)?);
    let order = compare_parts(one.numbers, other.numbers)
        .then_with(|| one.stability.cmp(&other.stability))
        .then_with(|| compare_counts(one.count, other.count))
        .then_with(|| other.dev.cmp(&one.dev));
    Some(order)
}

fn compare_counts(one: &str, other: &str) -> Ordering {
    if one.contains('.') || other.contains('.') {
        compare_parts(one, other)
    } else {
        compare_numbers(one, other)
    }
}

fn read(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split_once('+').map_or(text, |(text, _)| text);
    let (numbers, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let numbers = if rest.is_empty() { numbers } else { numbers.trim_end_matches('.') };
    if !numbers.split('.').all(is_number) || numbers.split('.').count() > 4 {
        return None;
    }
    let (rest, dev) = without_dev(rest);
    let (word, after) = split_letters(rest.trim_start_matches(['.', '-', '_']));
    let count = after.trim_start_matches(['.', '-']);
    let sound = count.is_empty() || (!word.is_empty() && count.split('.').all(is_number));
    let stability = stability(word)?;
    let (stability, dev) = if dev && stability == Stability::Stable {
        (Stability::Dev, false)
    } else {
        (stability, dev)
    };
    sound.then_some(Parts { numbers, stability, count, dev })
}

fn without_dev(text: &str) -> (&str, bool) {
    let at = text.len().saturating_sub(3);
    match text.split_at_checked(at) {
        Some((before, word)) if word.eq_ignore_ascii_case("dev") => {
            (before.strip_suffix(['.', '-']).unwrap_or(before), true)
        }
        _ => (text, false),
    }
}

fn stability(word: &str) -> Option<Stability> {
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    Some(match () {
        () if is(&["", "stable"]) => Stability::Stable,
        () if is(&["alpha", "a"]) => Stability::Alpha,
        () if is(&["beta", "b"]) => Stability::Beta,
        () if is(&["rc"]) => Stability::Candidate,
        () if is(&["patch", "pl", "p"]) => Stability::Patch,
        () => return None,
    })
}
