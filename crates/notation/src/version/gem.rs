//! Ruby's gems: the documentation of `Gem::Version`.

use std::cmp::Ordering;

use super::number::{compare_numbers, is_number, is_zero, split_digits, split_letters};

/// Segments of digits and of letters: words before numbers, zeros at the end without meaning.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (segments(one)?, segments(other)?);
    for at in 0..one.len().max(other.len()) {
        let order = compare_segments(one.get(at).copied(), other.get(at).copied());
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

fn compare_segments(one: Option<&str>, other: Option<&str>) -> Ordering {
    let (one, other) = (one.unwrap_or("0"), other.unwrap_or("0"));
    match (is_number(one), is_number(other)) {
        (true, true) => compare_numbers(one, other),
        (false, false) => one.cmp(other),
        (one_is, other_is) => one_is.cmp(&other_is),
    }
}

/// The segments without zeros before the first word and at the end. A hyphen means `.pre.`.
fn segments(text: &str) -> Option<Vec<&str>> {
    let text = text.trim();
    let (release, pre) =
        text.split_once('-').map_or((text, None), |(release, pre)| (release, Some(pre)));
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let starts = release.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let pre_is_sound = pre.is_none_or(|pre| pre.split(['.', '-']).all(is_word));
    if !starts || !release.split('.').all(is_word) || !pre_is_sound {
        return None;
    }
    let mut segments = Vec::new();
    release.split('.').for_each(|part| push(part, &mut segments));
    if let Some(pre) = pre {
        push("pre", &mut segments);
        pre.split(['.', '-']).for_each(|part| push(part, &mut segments));
    }
    Some(segments)
}

fn push<'a>(part: &'a str, segments: &mut Vec<&'a str>) {
    let mut rest = part;
    while !rest.is_empty() {
        let (digits, after) = split_digits(rest);
        let (segment, next) = if digits.is_empty() { split_letters(rest) } else { (digits, after) };
        if digits.is_empty() && segments.iter().all(|segment| is_number(segment)) {
            drop_zeros(segments);
        }
        segments.push(segment);
        rest = next;
    }
}

fn drop_zeros(segments: &mut Vec<&str>) {
    while segments.last().is_some_and(|last| is_number(last) && is_zero(last)) {
        segments.pop();
    }
}
