//! Versions as people write them: `>= 1.0 | < 2.0`, `2.0 and prior`, `6.0 から 6.4.2`, and VERS.
//!
//! What can be read with certainty becomes ranges; everything else stays the text it is. Versions themselves are kept as written.

use domain::{VersionBound, VersionRange, VersionSet, Versions};

/// The longest text that is looked at, in bytes.
const MAX_TEXT: usize = 4096;

/// Texts that say nothing.
const NOTHING: &[&str] = &["", "-", "n/a", "na", "none", "unknown", "unspecified", "not specified"];

/// Texts for all versions.
const ALL: &[&str] = &[
    "*",
    "all",
    "all version",
    "all versions",
    "any version",
    "any versions",
    "すべてのバージョン",
    "全てのバージョン",
    "全バージョン",
    "すべて",
];

/// What may stand before a version and says nothing more.
const BEFORE: &[&str] = &[
    "all versions",
    "firmware versions",
    "firmware version",
    "software versions",
    "software version",
    "versions",
    "version",
    "ver.",
    "ファームウェアバージョン",
    "ファームウェア",
    "バージョン",
];

/// What may stand behind a version and says nothing more.
const BEHIND: &[&str] =
    &["のすべてのバージョン", "のバージョン", "バージョン", " versions", " version"];

/// Words behind a version that end or begin a range there: the comparator each stands for.
const SUFFIXES: &[(&str, &str)] = &[
    ("およびそれ以前", "<="),
    ("及びそれ以前", "<="),
    ("以前", "<="),
    ("以下", "<="),
    ("より前", "<"),
    ("未満", "<"),
    ("およびそれ以降", ">="),
    ("及びそれ以降", ">="),
    ("以降", ">="),
    ("以上", ">="),
    (" and prior", "<="),
    (" and earlier", "<="),
    (" and below", "<="),
    (" and older", "<="),
    (" and lower", "<="),
    (" and previous", "<="),
    (" or prior", "<="),
    (" or earlier", "<="),
    (" or below", "<="),
    (" or older", "<="),
    (" or lower", "<="),
    (" and above", ">="),
    (" and later", ">="),
    (" and newer", ">="),
    (" and higher", ">="),
    (" or above", ">="),
    (" or later", ">="),
    (" or newer", ">="),
    (" or higher", ">="),
];

/// Words before a version that end a range there.
const PREFIXES: &[(&str, &str)] = &[
    ("prior to and including ", "<="),
    ("up to and including ", "<="),
    ("prior to ", "<"),
    ("before ", "<"),
    ("earlier than ", "<"),
    ("lower than ", "<"),
    ("less than ", "<"),
];

/// Reads a text on versions.
pub(super) fn read(text: &str) -> Versions {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is = |words: &[&str]| words.iter().any(|word| plain.eq_ignore_ascii_case(word));
    if is(NOTHING) {
        return Versions::Unstated;
    }
    if plain.len() > MAX_TEXT {
        return Versions::Text(text.trim().to_owned());
    }
    let (scheme, body) = vers(&plain);
    if ALL.iter().any(|word| body.eq_ignore_ascii_case(word)) {
        return Versions::All;
    }
    let listed_apart = plain.starts_with("vers:");
    let set = constraints(body, listed_apart).or_else(|| words(body)).or_else(|| branch(body));
    match set {
        Some(set) => Versions::These(VersionSet { scheme, ..set }),
        None => Versions::Text(text.trim().to_owned()),
    }
}

/// Parts `vers:TYPE/` from its constraints (VERS); `all` and `unknown` are no order of versions.
fn vers(text: &str) -> (Option<String>, &str) {
    let Some((scheme, body)) = text.strip_prefix("vers:").and_then(|rest| rest.split_once('/'))
    else {
        return (None, text);
    };
    let known = !matches!(scheme, "all" | "unknown" | "generic" | "");
    (known.then(|| format!("vers:{scheme}")), body.trim())
}

/// Comparators and versions, or versions alone, with `|`, commas or `and` between them.
///
/// In VERS, `<5.0|>=6.0` is two ranges. People write `< 1.2, >= 1.0` for one, so elsewhere that order is not certain.
fn constraints(text: &str, is_vers: bool) -> Option<VersionSet> {
    let text = without(text, BEFORE);
    let mut set = VersionSet::default();
    let mut from: Option<VersionBound> = None;
    let mut ended = false;
    let parts = text.split(['|', ',', '、']).flat_map(|part| part.split(" and "));
    for part in parts.flat_map(at_comparators) {
        let (sign, version) = comparator(part);
        match sign {
            ">" | ">=" if from.is_none() && (is_vers || !set.ranges.iter().any(has_no_start)) => {
                from = Some(bound(version, sign == ">=")?);
            }
            "<" | "<=" if from.is_some() || !ended => {
                let to = upper(version, sign == "<=")?;
                set.ranges.push(VersionRange { from: from.take(), to: Some(to) });
                ended = true;
            }
            "" | "=" | "==" if from.is_none() => {
                set.listed.push(token(version)?.to_owned());
                ended = true;
            }
            _ => return None,
        }
    }
    if from.is_some() {
        set.ranges.push(VersionRange { from, to: None });
    }
    Some(set)
}

fn has_no_start(range: &VersionRange) -> bool {
    range.from.is_none()
}

/// Parts a text before each comparator: `>= V3.1 < V3.3` is two.
fn at_comparators(part: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut inside = false;
    for (at, letter) in part.char_indices() {
        let sign = matches!(letter, '<' | '>' | '=' | '≤' | '≥' | '!');
        if sign && !inside && !part[start..at].trim().is_empty() {
            parts.push(part[start..at].trim());
            start = at;
        }
        inside = sign;
    }
    parts.push(part[start..].trim());
    parts
}

/// The comparator at the beginning of a text, and the rest.
fn comparator(text: &str) -> (&'static str, &str) {
    let signs = [
        ("<=", "<="),
        (">=", ">="),
        ("≤", "<="),
        ("≥", ">="),
        ("<", "<"),
        (">", ">"),
        ("==", "=="),
        ("=", "="),
    ];
    let found =
        signs.into_iter().find_map(|(sign, is)| Some((is, text.strip_prefix(sign)?.trim())));
    found.unwrap_or(("", text))
}

/// Words around one or two versions.
fn words(text: &str) -> Option<VersionSet> {
    let range = between(text).or_else(|| {
        let text = without(text, BEFORE);
        let (sign, version) = prefixed(text).or_else(|| suffixed(text))?;
        one_sided(sign, version)
    })?;
    Some(VersionSet { ranges: vec![range], ..VersionSet::default() })
}

fn one_sided(sign: &str, version: &str) -> Option<VersionRange> {
    let version = without(version, BEFORE);
    Some(match sign {
        ">=" => VersionRange { from: Some(bound(version, true)?), to: None },
        _ => VersionRange { from: None, to: Some(upper(version, sign == "<=")?) },
    })
}

fn prefixed(text: &str) -> Option<(&'static str, &str)> {
    PREFIXES.iter().find_map(|(word, sign)| Some((*sign, strip_start(text, word)?)))
}

fn suffixed(text: &str) -> Option<(&'static str, &str)> {
    let text = BEHIND.iter().find_map(|word| strip_end(text, word)).unwrap_or(text);
    SUFFIXES.iter().find_map(|(word, sign)| Some((*sign, strip_end(text, word)?)))
}

/// Two versions with a range between: `A through B`, `A から B まで`, `A (including) and B (excluding)`.
fn between(text: &str) -> Option<VersionRange> {
    let including = |one: &str| strip_end(one, "(including)").map(|one| (one.to_owned(), true));
    let excluding = |one: &str| strip_end(one, "(excluding)").map(|one| (one.to_owned(), false));
    if let Some((first, last)) = text.split_once(" and ")
        && let Some((first, from_included)) = including(first).or_else(|| excluding(first))
        && let Some((last, included)) = including(last).or_else(|| excluding(last))
    {
        let (from, to) = (
            bound(without(&first, BEFORE), from_included)?,
            bound(without(&last, BEFORE), included)?,
        );
        return Some(VersionRange { from: Some(from), to: Some(to) });
    }
    let text = strip_start(text, "from ").unwrap_or(text);
    let (first, last) = [" through ", " to ", " - ", "から", "以上"]
        .iter()
        .find_map(|word| text.split_once(word))?;
    let last = strip_end(last, "まで").unwrap_or(last.trim());
    let (sign, last) = suffixed(last).unwrap_or(("<=", last));
    let from = bound(without(first, BEFORE), true)?;
    let to = upper(without(last, BEFORE), sign == "<=")?;
    sign.starts_with('<').then_some(VersionRange { from: Some(from), to: Some(to) })
}

/// A whole branch: `7.0 all versions`, `12.x`.
fn branch(text: &str) -> Option<VersionSet> {
    let name = ["all versions", " all", "の全てのバージョン", "のすべてのバージョン"]
        .iter()
        .find_map(|word| strip_end(text, word))
        .or_else(|| wildcard(without(text, BEFORE)))?;
    let name = token(without(name, BEFORE))?;
    let from = Some(VersionBound { version: name.to_owned(), included: true });
    let to = Some(VersionBound { version: format!("{name}.*"), included: true });
    Some(VersionSet { ranges: vec![VersionRange { from, to }], ..VersionSet::default() })
}

/// What stands before `.x` or `.x.x` at the end.
fn wildcard(text: &str) -> Option<&str> {
    let mut name = text;
    while let Some(rest) = name
        .strip_suffix(".x")
        .or_else(|| name.strip_suffix(".X"))
        .or_else(|| name.strip_suffix(".*"))
    {
        name = rest;
    }
    (name.len() < text.len()).then_some(name)
}

fn bound(text: &str, included: bool) -> Option<VersionBound> {
    Some(VersionBound { version: token(text)?.to_owned(), included })
}

/// An upper end, which may be a whole branch: up to and including `12.2.x` is up to `12.2.*`.
fn upper(text: &str, included: bool) -> Option<VersionBound> {
    match wildcard(text).filter(|_| included) {
        Some(name) => Some(VersionBound { version: format!("{}.*", token(name)?), included }),
        None => bound(text, included),
    }
}

/// A version as written, where it is surely one: it begins with a word that has a digit, each further word has one or says which
/// update it is, and nothing in it stands for several versions.
fn token(text: &str) -> Option<&str> {
    let text = text.trim();
    let digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+~:-() #".contains(&byte);
    let update = |word: &str| {
        [
            "build", "update", "upd", "patch", "hotfix", "service", "pack", "sp", "hf", "if", "mr",
            "bn", "rev",
        ]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
    };
    let mut parts = text.split(' ');
    let whole = text.len() <= 100
        && text.bytes().all(plain)
        && digit(parts.next()?)
        && parts.all(|word| update(word) || digit(word) && !word.starts_with('('))
        && !is_span(text)
        && !text.split(['.', '-', ' ']).any(|part| part.eq_ignore_ascii_case("x"));
    whole.then_some(text)
}

/// Whether a text looks like two versions, `13.1.0-13.1.2`, which may be a range or one version with its release.
pub(super) fn is_span(text: &str) -> bool {
    let dotted = |part: &str| {
        part.contains('.') && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    text.split_once('-').is_some_and(|(first, last)| dotted(first) && dotted(last))
}

fn without<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let text = text.trim();
    words.iter().find_map(|word| strip_start(text, word)).unwrap_or(text)
}

/// The rest behind `word`, in whatever case it is written.
fn strip_start<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then(|| rest.trim())
}

/// The rest before `word`, in whatever case it is written.
fn strip_end<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    (end.eq_ignore_ascii_case(word) && !rest.trim().is_empty()).then(|| rest.trim())
}

#[cfg(test)]
mod tests;
