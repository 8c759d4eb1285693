//! Debian's and RPM's packages: `epoch:version-release`.

use std::cmp::Ordering;

use super::number::{compare_numbers, is_number, split_digits, split_letters, split_while};

/// Debian Policy clause 5.6.12.
pub(super) fn compare_debian(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_debian(one)?, read_debian(other)?);
    let order = compare_numbers(one.0, other.0)
        .then_with(|| compare_debian_part(one.1, other.1))
        .then_with(|| compare_debian_part(one.2, other.2));
    Some(order)
}

/// Epoch, upstream version, revision. A missing epoch is 0; so is a missing revision, "0" being equal to none.
fn read_debian(text: &str) -> Option<(&str, &str, &str)> {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+~-:".contains(&byte);
    let sound = is_number(epoch)
        && !upstream.is_empty()
        && !revision.is_empty()
        && upstream.bytes().all(is_allowed)
        && revision.bytes().all(|byte| is_allowed(byte) && byte != b':');
    sound.then_some((epoch, upstream, revision))
}

/// Alternately what is no digit, in the order of [`weight`], and numbers.
fn compare_debian_part(mut one: &str, mut other: &str) -> Ordering {
    while !one.is_empty() || !other.is_empty() {
        let (word, rest) = split_while(one, |byte| !byte.is_ascii_digit());
        let (other_word, other_rest) = split_while(other, |byte| !byte.is_ascii_digit());
        let (number, rest) = split_digits(rest);
        let (other_number, other_rest) = split_digits(other_rest);
        let order = compare_debian_words(word, other_word)
            .then_with(|| compare_numbers(number, other_number));
        if order.is_ne() {
            return order;
        }
        (one, other) = (rest, other_rest);
    }
    Ordering::Equal
}

fn compare_debian_words(one: &str, other: &str) -> Ordering {
    let length = one.len().max(other.len());
    let weights = |word: &str, at: usize| word.as_bytes().get(at).map_or(0, |byte| weight(*byte));
    let orders = (0..length).map(|at| weights(one, at).cmp(&weights(other, at)));
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// A tilde before the end, the end before letters, letters before everything else.
fn weight(byte: u8) -> i16 {
    match byte {
        b'~' => -1,
        byte if byte.is_ascii_alphabetic() => byte.into(),
        byte => i16::from(byte) + 256,
    }
}

/// rpm-version(7). Where the versions are the same and only one side has a release, nothing can be said: `1.0` without its
/// release may be any of `1.0-1`, `1.0-2`.
pub(super) fn compare_rpm(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_rpm(one)?, read_rpm(other)?);
    let order = compare_numbers(one.0, other.0).then_with(|| compare_rpm_part(one.1, other.1));
    match (one.2, other.2) {
        _ if order.is_ne() => Some(order),
        (None, None) => Some(order),
        (Some(one), Some(other)) => Some(compare_rpm_part(one, other)),
        _ => None,
    }
}

/// Epoch (0 where it is missing), version, release.
fn read_rpm(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let (version, release) = match rest.rsplit_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._+~^%{}".contains(&byte);
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_allowed);
    let sound = is_number(epoch) && is_part(version) && release.is_none_or(is_part);
    sound.then_some((epoch, version, release))
}

/// Segments of digits or of letters; what stands between them means nothing, but `~` (before the end) and `^` (after it).
fn compare_rpm_part<'a>(mut one: &'a str, mut other: &'a str) -> Ordering {
    loop {
        one = one.trim_start_matches(is_rpm_separator);
        other = other.trim_start_matches(is_rpm_separator);
        match (mark(one), mark(other)) {
            (None, None) if one.is_empty() || other.is_empty() => {
                return (!one.is_empty()).cmp(&!other.is_empty());
            }
            (None, None) => {
                let (order, rest, other_rest) = compare_rpm_segment(one, other);
                if order.is_ne() {
                    return order;
                }
                (one, other) = (rest, other_rest);
            }
            (mark, other_mark) if mark == other_mark => {
                (one, other) = (one.get(1..).unwrap_or(""), other.get(1..).unwrap_or(""));
            }
            (Some(b'~'), _) => return Ordering::Less,
            (_, Some(b'~')) => return Ordering::Greater,
            // A caret is more than the end, and less than anything else.
            (Some(_), _) => {
                return if other.is_empty() { Ordering::Greater } else { Ordering::Less };
            }
            (None, Some(_)) => {
                return if one.is_empty() { Ordering::Less } else { Ordering::Greater };
            }
        }
    }
}

fn is_rpm_separator(letter: char) -> bool {
    !letter.is_ascii_alphanumeric() && letter != '~' && letter != '^'
}

fn mark(text: &str) -> Option<u8> {
    text.bytes().next().filter(|byte| matches!(byte, b'~' | b'^'))
}

/// The order of the first segments, and what follows them. Numbers are newer than letters.
fn compare_rpm_segment<'a>(one: &'a str, other: &'a str) -> (Ordering, &'a str, &'a str) {
    let (number, rest) = split_digits(one);
    let (other_number, other_rest) = split_digits(other);
    match (number.is_empty(), other_number.is_empty()) {
        (false, false) => (compare_numbers(number, other_number), rest, other_rest),
        (true, true) => {
            let (word, rest) = split_letters(one);
            let (other_word, other_rest) = split_letters(other);
            (word.cmp(other_word), rest, other_rest)
        }
        (one_is_word, other_is_word) => (other_is_word.cmp(&one_is_word), rest, other_rest),
    }
}
