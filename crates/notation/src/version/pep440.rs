//! Python's versions: PEP 440, "Version Identification and Dependency Specification".

use std::cmp::Ordering;

use super::number::{compare_numbers, compare_parts, is_number, split_digits, split_while};

/// A version taken apart by the pattern of PEP 440's appendix B.
struct Parts<'a> {
    epoch: &'a str,
    release: &'a str,
    pre: Option<(Phase, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

/// "Pre-releases": alphas before betas before release candidates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

/// "Summary of permitted suffixes and relative ordering".
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (read(one)?, read(other)?);
    let order = compare_numbers(one.epoch, other.epoch)
        .then_with(|| compare_parts(one.release, other.release))
        .then_with(|| one.compare_pre(&other))
        .then_with(|| optional(one.post, other.post, Ordering::Less))
        .then_with(|| optional(one.dev, other.dev, Ordering::Greater))
        .then_with(|| compare_local(one.local, other.local));
    Some(order)
}

impl Parts<'_> {
    /// A version in development without more stands before its pre-releases, a final one after them.
    fn rank(&self) -> u8 {
        match (self.pre, self.post, self.dev) {
            (Some(_), ..) => 1,
            (None, None, Some(_)) => 0,
            _ => 2,
        }
    }

    fn compare_pre(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank()).then_with(|| match (self.pre, other.pre) {
            (Some((phase, number)), Some((other_phase, other_number))) => {
                phase.cmp(&other_phase).then_with(|| compare_numbers(number, other_number))
            }
            _ => Ordering::Equal,
        })
    }
}

/// Numbers, of which a missing one stands as `missing` to any other.
fn optional(one: Option<&str>, other: Option<&str>, missing: Ordering) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => missing,
        (Some(_), None) => missing.reverse(),
        (Some(one), Some(other)) => compare_numbers(one, other),
    }
}

/// "Local version identifiers": segment by segment, numbers above words, more segments above fewer.
fn compare_local(one: Option<&str>, other: Option<&str>) -> Ordering {
    let segments = |local: Option<&'_ str>| local.map(|local| local.split(['.', '-', '_']).count());
    let (Some(one), Some(other)) = (one, other) else {
        return segments(one).is_some().cmp(&segments(other).is_some());
    };
    let (mut one, mut other) = (one.split(['.', '-', '_']), other.split(['.', '-', '_']));
    loop {
        let order = match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => match (is_number(one), is_number(other)) {
                (true, true) => compare_numbers(one, other),
                (one_is, other_is) if one_is != other_is => one_is.cmp(&other_is),
                _ => one
                    .bytes()
                    .map(|b| b.to_ascii_lowercase())
                    .cmp(other.bytes().map(|b| b.to_ascii_lowercase())),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn read(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (text, local) = match text.split_once('+') {
        Some((text, local)) => (text, Some(local)),
        None => (text, None),
    };
    if !local.is_none_or(|local| local.split(['.', '-', '_']).all(is_segment)) {
        return None;
    }
    let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
    let (release, rest) = read_release(text)?;
    let (pre, rest) = read_pre(rest);
    let (post, rest) = read_post(rest);
    let (dev, rest) = read_dev(rest);
    (is_number(epoch) && rest.is_empty()).then_some(Parts { epoch, release, pre, post, dev, local })
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Numbers with dots between them, without a dot at the end.
fn read_release(text: &str) -> Option<(&str, &str)> {
    let (release, _) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
    let release = release.trim_end_matches('.');
    let sound = release.split('.').all(is_number);
    sound.then(|| text.split_at_checked(release.len()))?
}

/// A separator may stand before a suffix, and between its word and its number.
fn separated(text: &str) -> &str {
    text.strip_prefix(['.', '-', '_']).unwrap_or(text)
}

/// The number after a word; a missing one is zero.
fn numbered(text: &str) -> (&str, &str) {
    match split_digits(separated(text)) {
        ("", _) => ("0", text),
        found => found,
    }
}

/// The words of pre-releases, longer ones before those they begin with.
const PRE: [(&str, Phase); 8] = [
    ("alpha", Phase::Alpha),
    ("beta", Phase::Beta),
    ("preview", Phase::Candidate),
    ("pre", Phase::Candidate),
    ("rc", Phase::Candidate),
    ("a", Phase::Alpha),
    ("b", Phase::Beta),
    ("c", Phase::Candidate),
];

fn read_pre(text: &str) -> (Option<(Phase, &str)>, &str) {
    let bare = separated(text);
    let found = PRE.iter().find_map(|(word, phase)| Some((*phase, without(word, bare)?)));
    let Some((phase, rest)) = found else { return (None, text) };
    let (number, rest) = numbered(rest);
    (Some((phase, number)), rest)
}

fn read_post(text: &str) -> (Option<&str>, &str) {
    if let Some(implicit) = text.strip_prefix('-') {
        let (number, rest) = split_digits(implicit);
        if !number.is_empty() {
            return (Some(number), rest);
        }
    }
    let bare = separated(text);
    let found = ["post", "rev", "r"].iter().find_map(|word| without(word, bare));
    let Some(rest) = found else { return (None, text) };
    let (number, rest) = numbered(rest);
    (Some(number), rest)
}

fn read_dev(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = without("dev", separated(text)) else { return (None, text) };
    let (number, rest) = numbered(rest);
    (Some(number), rest)
}

/// What follows a word, if the text begins with it in letters of any case.
fn without<'a>(word: &str, text: &'a str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}
