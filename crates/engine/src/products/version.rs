//! The version that a text gives, in the form its product uses.

use std::ops::Range;

use domain::VersionRule;
use notation::version::Scheme;

use super::find::Text;
use crate::lifecycle::token::{Token, folded};

/// The version of a product in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    /// The version.
    pub(super) version: Option<String>,
    /// The version as it was written, where part of it is the update.
    pub(super) whole: Option<String>,
    /// The service pack, as the NVD writes it: `sp1`.
    pub(super) update: Option<String>,
    /// Where it stands in the text.
    pub(super) range: Option<Range<usize>>,
    /// Whether the version lacks numbers, so that it is a line of versions and not one.
    pub(super) coarse: bool,
    /// What looks like a version and is none of the product's.
    pub(super) unread: Option<String>,
    /// What was written after the version and belongs to it, but is no part of it: `U3`.
    pub(super) rest: Option<String>,
}

/// The scheme a row's word means. What no word means is judged as far as dotted numbers go.
pub(super) fn scheme(word: &str) -> Scheme {
    match word {
        "cisco-ios" => Scheme::CiscoIos,
        "fortios" => Scheme::FortiOs,
        "loose" => Scheme::Loose,
        "maven" => Scheme::Maven,
        "openssl" => Scheme::OpenSsl,
        "windows" => Scheme::Windows,
        "yamaha" => Scheme::Yamaha,
        _ => Scheme::Generic,
    }
}

/// The version that `rule` finds in `text` after the name, which ends at `name_end`.
pub(super) fn read(text: &Text, name_end: usize, rule: &VersionRule, scheme: Scheme) -> Read {
    match rule {
        VersionRule::Build(build) => with_revision(text, build),
        VersionRule::Fixed(version) => {
            let update = service_pack(text).or_else(|| cumulative_update(text));
            Read { version: Some(version.clone()), update, ..Read::default() }
        }
        VersionRule::Kernel(kernel) => Read {
            version: kernel_version(text, kernel),
            update: service_pack(text),
            ..Read::default()
        },
        VersionRule::Beside => written(text, name_end, scheme),
        VersionRule::Release { numbers, tail } => {
            release(written(text, name_end, scheme).of(*numbers), *numbers, tail)
        }
        VersionRule::Update(numbers) => with_tail(written(text, name_end, scheme)).of(*numbers),
        VersionRule::Written(numbers) => written(text, name_end, scheme).of(*numbers),
    }
}

impl Read {
    /// Coarse where it has fewer numbers than its product's versions have.
    fn of(self, numbers: usize) -> Self {
        let has = self.version.as_ref().map(|version| version.split('.').count());
        Self { coarse: has.is_some_and(|has| has < numbers), ..self }
    }
}

/// The release that a version belongs to, as the NVD writes it.
fn release(read: Read, numbers: usize, tail: &str) -> Read {
    let cut = |version: &String| {
        let parts: Vec<&str> = version.split('.').take(numbers).collect();
        parts.join(".") + tail
    };
    Read { whole: read.version.clone(), version: read.version.as_ref().map(cut), ..read }
}

/// `8.2p1` as `8.2` and its update `p1`, as the NVD writes it.
fn with_tail(read: Read) -> Read {
    let Some(version) = &read.version else { return read };
    let Some(at) = version.find(|c: char| c.is_ascii_alphabetic()) else { return read };
    let (numbers, tail) = version.split_at(at);
    let (update, whole) = (Some(tail.to_owned()), Some(version.clone()));
    Read {
        version: Some(numbers.trim_end_matches(['-', '_', '.']).to_owned()),
        update,
        whole,
        ..read
    }
}

fn numbers(text: &Text) -> impl Iterator<Item = &str> {
    text.tokens.iter().filter_map(|token| match token {
        Token::Number(number) => Some(number.as_str()),
        Token::Word(_) => None,
    })
}

/// The build with the revision that was written: `19045.3803` is `10.0.19045.3803`. Another build contradicts the release.
fn with_revision(text: &Text, build: &str) -> Read {
    let last = build.rsplit('.').next().unwrap_or(build);
    let rest = |number: &str| {
        let rest = number.strip_prefix(build).or_else(|| number.strip_prefix(last))?;
        (rest.is_empty() || rest.starts_with('.')).then(|| format!("{build}{rest}"))
    };
    let is_build = |number: &&str| number.matches('.').count() >= 2;
    if let Some(version) = numbers(text).filter_map(rest).max_by_key(String::len) {
        return Read { version: Some(version), ..Read::default() };
    }
    match numbers(text).find(is_build) {
        Some(other) => Read { unread: Some(other.to_owned()), ..Read::default() },
        None => Read { version: Some(build.to_owned()), ..Read::default() },
    }
}

/// A number below `kernel`, be its build in the same word or the next: `6.1.7601`, `6.1 (7601)`.
fn kernel_version(text: &Text, kernel: &str) -> Option<String> {
    let below =
        |number: &&str| number.strip_prefix(kernel).is_some_and(|rest| rest.starts_with('.'));
    if let Some(number) = numbers(text).find(below) {
        return Some(number.to_owned());
    }
    let all: Vec<&str> = numbers(text).collect();
    let pair =
        all.windows(2).find(|pair| matches!(pair, [a, b] if *a == kernel && b.len() >= 4))?;
    Some(pair.join("."))
}

/// The number after a word.
fn numbered<'a>(text: &'a Text, word: &str) -> Option<&'a str> {
    text.tokens.windows(2).find_map(|pair| match pair {
        [own, Token::Number(number)] if own.is_word(word) => Some(number.as_str()),
        _ => None,
    })
}

/// `SP1`, as the NVD writes it in the names of Windows and Office: `sp1`.
fn service_pack(text: &Text) -> Option<String> {
    numbered(text, "sp").map(|number| format!("sp{number}"))
}

/// `CU23`, as the NVD writes it in the names of Exchange: `cumulative_update_23`.
fn cumulative_update(text: &Text) -> Option<String> {
    numbered(text, "cu").map(|number| format!("cumulative_update_{number}"))
}

/// What was written in the version's cell, or else after the name.
fn written(text: &Text, name_end: usize, scheme: Scheme) -> Read {
    let cell = name_end.max(text.split);
    let has_digit = |from: usize| {
        text.folded.get(from..).is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()))
    };
    let from = if has_digit(cell) { cell } else { name_end };
    let found = candidates(&text.folded, from);
    let written = |one: &Stretch| text.folded.get(one.range.clone()).unwrap_or_default().to_owned();
    let known = found.iter().filter(|one| scheme.knows(&form(&written(one), scheme)));
    match known.min_by_key(|one| (!one.marked, one.range.start)) {
        Some(best) => Read {
            version: Some(form(&written(best), scheme)),
            range: Some(best.range.clone()),
            rest: rest(text, best.range.end),
            ..Read::default()
        },
        None => Read {
            unread: found.first().map(written),
            range: found.first().map(|one| one.range.clone()),
            ..Read::default()
        },
    }
}

/// The update that was written after a version: the `U3` of `7.0 U3`.
fn rest(text: &Text, version_end: usize) -> Option<String> {
    let after = text.pieces.iter().skip_while(|piece| piece.start < version_end);
    let after: Vec<_> = after.collect();
    let pair = after.windows(2).find(|pair| {
        let words = ["u", "update", "sp", "cu", "patch", "hotfix"];
        matches!(pair, [a, b] if b.token.is_number() && words.iter().any(|word| a.token.is_word(word)))
    })?;
    text.folded.get(pair.first()?.start..pair.last()?.end).map(str::to_owned)
}

/// A stretch that may be a version.
#[derive(Debug)]
struct Stretch {
    range: Range<usize>,
    /// Whether a word before it says so: `v`, `Ver.`, `Rev.`.
    marked: bool,
}

/// Stretches from `from` on that begin with a digit and go on as versions do.
fn candidates(folded: &str, from: usize) -> Vec<Stretch> {
    let part_of = |c: char| c.is_ascii_alphanumeric() || "._+-()~".contains(c);
    let mut found = Vec::new();
    let mut at = from;
    while let Some(rest) = folded.get(at..) {
        let Some(start) = rest.find(|c: char| c.is_ascii_digit()) else { break };
        let start = at + start;
        let tail = folded.get(start..).unwrap_or_default();
        let end = start + tail.find(|c| !part_of(c)).unwrap_or(tail.len());
        let end = start + trimmed(folded.get(start..end).unwrap_or_default()).len();
        let before = folded.get(from..start).unwrap_or_default();
        found.push(Stretch { range: start..end, marked: is_mark(before) });
        at = end.max(start + 1);
    }
    found
}

/// Without what ends a sentence, or a bracket that was opened before it.
fn trimmed(stretch: &str) -> &str {
    let mut rest = stretch.trim_end_matches(['.', '_', '+', '-', '(', '~']);
    while rest.ends_with(')') && rest.matches(')').count() > rest.matches('(').count() {
        rest = rest.trim_end_matches([')', '.']);
    }
    rest
}

/// Words that say that the number behind them is a version.
const MARKS: [&str; 7] = ["version", "ver", "v", "rev", "リビジョン", "バージョン", "r"];

/// Whether what stands before a number says that it is a version.
fn is_mark(before: &str) -> bool {
    cut_mark(before).is_some()
}

/// What stands before a number without the word that says that it is a version; none where no such word stands there.
fn cut_mark(before: &str) -> Option<&str> {
    let before = before.trim_end_matches([' ', '.', ':', '：']);
    MARKS.iter().find_map(|mark| {
        let rest = before.strip_suffix(mark);
        rest.filter(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

/// The same, whether such a word stands there or not.
pub(super) fn without_mark(before: &str) -> &str {
    cut_mark(before).unwrap_or(before)
}

/// A name, folded, without the version at its end; and that version: numbers with dots between them, or a number behind a word that
/// says so.
pub(super) fn stem(name: &str) -> (String, String) {
    let name = folded(name.trim());
    let last = candidates(&name, 0).pop();
    let ends = |one: &Stretch| {
        name.get(one.range.end..).is_some_and(|rest| rest.trim_matches([')', ' ']).is_empty())
    };
    let cut = last.filter(ends).and_then(|last| {
        let version = name.get(last.range.clone())?;
        let stem = without_mark(name.get(..last.range.start)?);
        let stem = stem.trim_end_matches([' ', '(', '-', '_', '/']);
        let is_version = (last.marked || version.contains('.')) && !stem.is_empty();
        is_version.then(|| (stem.to_owned(), version.to_owned()))
    });
    cut.unwrap_or((name, String::new()))
}

/// As the maker writes it: IOS XE shows `17.09.04` on its console and is called 17.9.4 everywhere else.
fn form(version: &str, scheme: Scheme) -> String {
    if scheme != Scheme::CiscoIos || version.contains('(') {
        return version.to_owned();
    }
    let plain = |part: &str| match part.trim_start_matches('0') {
        rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ if part.starts_with('0') => format!("0{}", part.trim_start_matches('0')),
        _ => part.to_owned(),
    };
    version.split('.').map(plain).collect::<Vec<_>>().join(".")
}

/// What looks like a version in a cell of its own, of a product whose order nobody knows.
pub(super) fn bare(cell: &str) -> Option<String> {
    let cell = cell.trim();
    let short = cell.chars().count() <= 80;
    (short && cell.contains(|c: char| c.is_numeric())).then(|| cell.to_owned())
}
