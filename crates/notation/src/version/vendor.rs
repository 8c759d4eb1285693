//! Makers whose products hospitals have, each with its own way of numbering.

use std::cmp::Ordering;

use super::number::{
    compare_numbers, compare_parts, is_number, split_digits, split_letters, split_while,
};

/// Builds of Windows. A build without its revision (the last number) may be any revision: equal builds of which only one
/// names it are not judged.
pub(super) fn compare_windows(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_windows(one)?, read_windows(other)?);
    for at in 0..4 {
        let order = match (one[at], other[at]) {
            ("", "") => Ordering::Equal,
            ("", _) | (_, "") => return None,
            (one, other) => compare_numbers(one, other),
        };
        if order.is_ne() {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

/// Major, minor, build, revision. `19045.3803` is how `winver` shows 10.0.19045.3803.
fn read_windows(text: &str) -> Option<[&str; 4]> {
    let text = text.trim();
    if !text.split('.').all(is_number) {
        return None;
    }
    let mut parts = text.split('.');
    let mut next = || parts.next().unwrap_or("");
    let read = [next(), next(), next(), next()];
    match text.split('.').count() {
        1 | 2 if compare_numbers(read[0], "10240").is_ge() => Some(["10", "0", read[0], read[1]]),
        3 | 4 => Some(read),
        _ => None,
    }
}

/// FortiOS: `7.2.5`, `v7.2.5,build1517`, `v7.2.5 build1517 (GA)`.
pub(super) fn compare_fortios(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_fortios(one)?, read_fortios(other)?);
    let order = compare_parts(one.0, other.0);
    let builds = match (one.1, other.1) {
        (Some(one), Some(other)) => compare_numbers(one, other),
        _ => Ordering::Equal,
    };
    Some(order.then(builds))
}

fn read_fortios(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim();
    let text = text.strip_prefix("FortiOS").map_or(text, str::trim_start);
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (version, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    if version.split('.').count() != 3 || !version.split('.').all(is_number) {
        return None;
    }
    if rest.is_empty() {
        return Some((version, None));
    }
    let rest = rest.strip_prefix([',', ' '])?.trim_start().strip_prefix("build")?;
    let (build, rest) = split_digits(rest);
    let ends = rest.is_empty() || rest.starts_with([' ', ',', '(']);
    (ends && !build.is_empty()).then_some((version, Some(build)))
}

/// A version of IOS or IOS XE.
struct Ios<'a> {
    /// IOS XE has numbers with dots; IOS has parentheses.
    xe: bool,
    /// The release: `15.2` or, of IOS XE, all numbers.
    release: &'a str,
    /// In parentheses: `7` or `7a`.
    maintenance: (&'a str, &'a str),
    /// Letters of the train: `E`, `SE`, `M`, or none for the mainline.
    train: &'a str,
    /// After the train: `3` or `3a`.
    rebuild: (&'a str, &'a str),
}

/// IOS and IOS XE. Trains are developed side by side, so versions of two trains have no order.
pub(super) fn compare_ios(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_ios(one)?, read_ios(other)?);
    if one.xe != other.xe || !one.train.eq_ignore_ascii_case(other.train) {
        return None;
    }
    let order = compare_parts(one.release, other.release)
        .then_with(|| compare_rebuilds(one.maintenance, other.maintenance))
        .then_with(|| compare_rebuilds(one.rebuild, other.rebuild));
    Some(order)
}

fn compare_rebuilds(one: (&str, &str), other: (&str, &str)) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    compare_numbers(one.0, other.0)
        .then_with(|| one.1.bytes().map(lower).cmp(other.1.bytes().map(lower)))
}

fn read_ios(text: &str) -> Option<Ios<'_>> {
    let text = text.trim();
    let Some((release, rest)) = text.split_once('(') else { return read_ios_xe(text) };
    let (inside, after) = rest.split_once(')')?;
    let maintenance = read_rebuild(inside)?;
    let (train, after) = split_letters(after);
    let rebuild = if after.is_empty() { ("", "") } else { read_rebuild(after)? };
    let sound = release.split('.').count() == 2 && release.split('.').all(is_number);
    sound.then_some(Ios { xe: false, release, maintenance, train, rebuild })
}

/// `17.3.4a`, `16.12.05`, `3.16.5S`, `03.16.05.S`.
fn read_ios_xe(text: &str) -> Option<Ios<'_>> {
    let (release, rest) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let release = if rest.is_empty() { release } else { release.trim_end_matches('.') };
    let sound = (2..=4).contains(&release.split('.').count()) && release.split('.').all(is_number);
    let (letters, after) = split_letters(rest);
    let is_rebuild = letters.len() == 1 && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    let (train, rebuild) = if is_rebuild { ("", ("", letters)) } else { (letters, ("", "")) };
    let ends = after.is_empty() && letters.len() <= 3;
    sound.then_some(())?;
    ends.then_some(Ios { xe: true, release, maintenance: ("", ""), train, rebuild })
}

/// A number, and perhaps one letter.
fn read_rebuild(text: &str) -> Option<(&str, &str)> {
    let (number, letter) = split_digits(text);
    let one =
        letter.is_empty() || (letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_alphabetic()));
    (!number.is_empty() && one).then_some((number, letter))
}

/// Yamaha: `Rev.14.01.38`. The first number names the series of devices, and two series have no common order.
pub(super) fn compare_yamaha(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read_yamaha(one)?, read_yamaha(other)?);
    let series = |text: &str| text.split_once('.').map_or(0, |(series, _)| series.len());
    let (one_series, other_series) = (one.get(..series(one))?, other.get(..series(other))?);
    let same = compare_numbers(one_series, other_series).is_eq();
    same.then(|| compare_parts(one, other))
}

fn read_yamaha(text: &str) -> Option<&str> {
    let text = text.trim();
    let bare = match text.split_at_checked(4) {
        Some((rev, rest)) if rev.eq_ignore_ascii_case("rev.") => rest.trim_start(),
        _ => text,
    };
    let sound = bare.split('.').count() == 3 && bare.split('.').all(is_number);
    sound.then_some(bare)
}
