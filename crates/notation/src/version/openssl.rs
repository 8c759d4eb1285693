//! OpenSSL: `1.0.2zk` before 3.0, `3.0.13` since (OpenSSL's "Release Strategy" and its earlier numbering).

use std::cmp::Ordering;

use super::number::{compare_numbers, compare_parts, is_number, split_letters, split_while};

struct Parts<'a> {
    numbers: &'a str,
    /// Letters of the patch: none, a, b, …, z, za, zb, …
    letters: &'a str,
    /// Rank and number of a pre-release.
    pre: Option<(u8, &'a str)>,
}

/// The words of pre-releases, in their order.
const PRE: [&str; 4] = ["dev", "alpha", "beta", "pre"];

pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read(one)?, read(other)?);
    let order = compare_parts(one.numbers, other.numbers)
        .then_with(|| one.letters.cmp(other.letters))
        .then_with(|| compare_pre(one.pre, other.pre));
    Some(order)
}

fn compare_pre(one: Option<(u8, &str)>, other: Option<(u8, &str)>) -> Ordering {
    match (one, other) {
        (Some((rank, number)), Some((other_rank, other_number))) => {
            rank.cmp(&other_rank).then_with(|| compare_numbers(number, other_number))
        }
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

/// What distributors append (`-fips`) is not OpenSSL's, and is not judged.
fn read(text: &str) -> Option<Parts<'_>> {
    let (version, pre) = match text.split_once('-') {
        Some((version, pre)) => (version, Some(read_pre(pre)?)),
        None => (text, None),
    };
    let (numbers, letters) = split_while(version, |byte| byte.is_ascii_digit() || byte == b'.');
    let sound = numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    sound.then_some(Parts { numbers, letters, pre })
}

fn read_pre(text: &str) -> Option<(u8, &str)> {
    let (word, number) = split_letters(text);
    let rank = PRE.iter().position(|known| *known == word)?;
    (number.is_empty() || is_number(number)).then_some((rank as u8, number))
}
