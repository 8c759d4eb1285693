//! Ranges that are lists: of RubyGems, of pip, and of nginx's advisories.

use std::cmp::Ordering;

use crate::version::{MAX_LENGTH, Scheme, is_number};

use super::native::Reading;
use super::{Comparator, Constraint};

/// `~> 2.0.8, != 2.0.9` (RubyGems Guides, "Patterns"): all of them hold.
pub(super) fn read_gem(text: &str) -> Option<Reading> {
    let mut all = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.strip_prefix("~>") {
            Some(version) => {
                let version = version.trim();
                all.push(Constraint::new(Comparator::GreaterOrEqual, version));
                all.push(Constraint::new(Comparator::Less, bumped(version)?));
            }
            None => all.push(read_one(part)?),
        }
    }
    Some(Reading::of(vec![all]))
}

/// Without its last number, and the one before that raised: what `~>` and `~=` end before.
fn bumped(version: &str) -> Option<String> {
    let end = version.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let release = version.get(..end.unwrap_or(version.len()))?.trim_end_matches('.');
    let kept = release.rsplit_once('.').map_or(release, |(kept, _)| kept);
    raised(kept)
}

/// With the last number raised by one.
pub(super) fn raised(release: &str) -> Option<String> {
    let (before, last) = match release.rsplit_once('.') {
        Some((before, last)) => (Some(before), last),
        None => (None, release),
    };
    let last = last.parse::<u64>().ok()?.checked_add(1)?;
    Some(before.map_or_else(|| last.to_string(), |before| format!("{before}.{last}")))
}

/// A comparator, which may be missing, and a version.
fn read_one(part: &str) -> Option<Constraint> {
    let (comparator, version) = Comparator::split(part);
    let version = version.trim();
    let sound = !version.is_empty() && !version.contains(char::is_whitespace);
    sound.then(|| Constraint::new(comparator.unwrap_or(Comparator::Equal), version))
}

/// `>=1.0, <2.0, !=1.5.*, ~=1.4.2` (PEP 440, "Version specifiers"): all of them hold.
pub(super) fn read_pypi(text: &str) -> Option<Reading> {
    let mut alternatives = vec![Vec::new()];
    for part in text.split(',').map(str::trim) {
        let more = read_pypi_clause(part)?;
        // Only "not 1.5.*" has two sides, and doubles what there is; nobody writes more than a few.
        if alternatives.len() * more.len() > 64 {
            return None;
        }
        alternatives = product(&alternatives, &more);
    }
    let mut listed: Vec<Constraint> = Vec::new();
    for constraint in alternatives.iter().flatten() {
        if !listed.contains(constraint) {
            listed.push(constraint.clone());
        }
    }
    Some(Reading { alternatives, listed })
}

fn product(one: &[Vec<Constraint>], other: &[Vec<Constraint>]) -> Vec<Vec<Constraint>> {
    let joined = |one: &Vec<Constraint>| {
        let one = one.clone();
        other.iter().map(move |other| one.iter().chain(other).cloned().collect())
    };
    one.iter().flat_map(joined).collect()
}

fn read_pypi_clause(part: &str) -> Option<Vec<Vec<Constraint>>> {
    if let Some(version) = part.strip_prefix("~=") {
        let version = version.trim();
        let sound = version.contains('.');
        let from = Constraint::new(Comparator::GreaterOrEqual, version);
        return Some(vec![vec![
            from,
            Constraint::new(Comparator::Less, bumped(version).filter(|_| sound)?),
        ]]);
    }
    let part = part.strip_prefix("==").and_then(|part| part.strip_prefix('=')).unwrap_or(part);
    let one = read_one(part)?;
    let Some(prefix) = one.version().strip_suffix(".*") else { return Some(vec![vec![one]]) };
    if !prefix.split('.').all(is_number) {
        return None;
    }
    // The first that begins so is its release in development (PEP 440, "Version matching").
    let from = format!("{prefix}.dev0");
    let to = format!("{}.dev0", raised(prefix)?);
    match one.comparator() {
        Comparator::Equal => Some(vec![vec![
            Constraint::new(Comparator::GreaterOrEqual, from),
            Constraint::new(Comparator::Less, to),
        ]]),
        Comparator::NotEqual => Some(vec![
            vec![Constraint::new(Comparator::Less, from)],
            vec![Constraint::new(Comparator::GreaterOrEqual, to)],
        ]),
        _ => None,
    }
}

/// `1.5.0+, 1.4.1+`, `0.7.52-0.8.39`, `all`, as nginx's security advisories write what is and is not vulnerable.
///
/// `1.4.1+` means the rest of a stable branch, whose second number is even; `1.5.0+` everything from there on.
pub(super) fn read_nginx(text: &str) -> Option<Reading> {
    match text.trim() {
        "all" => return Some(Reading::everything()),
        "none" => return Some(Reading::default()),
        _ => {}
    }
    let alternatives = text.split(',').map(|part| read_nginx_part(part.trim()));
    let mut alternatives = alternatives.collect::<Option<Vec<_>>>()?;
    // Advisories name the newest branch first. All of these are numbers with dots, whose order is total.
    let first =
        |all: &[Constraint]| all.first().map(|one| one.version().to_owned()).unwrap_or_default();
    alternatives.sort_by(|one, other| {
        let order = Scheme::IntDot.compare(&first(one), &first(other));
        order.unwrap_or(Ordering::Equal)
    });
    Some(Reading::of(alternatives))
}

fn read_nginx_part(part: &str) -> Option<Vec<Constraint>> {
    let is_version = |text: &str| {
        text.len() <= MAX_LENGTH && text.split('.').count() == 3 && text.split('.').all(is_number)
    };
    if let Some(from) = part.strip_suffix('+') {
        let mut all = vec![Constraint::new(Comparator::GreaterOrEqual, from)];
        let mut numbers = from.split('.').map(|number| number.parse::<u64>().ok());
        let (major, minor) = (numbers.next()??, numbers.next()??);
        if minor % 2 == 0 {
            all.push(Constraint::new(Comparator::Less, format!("{major}.{}.0", minor + 1)));
        }
        return is_version(from).then_some(all);
    }
    if let Some((from, to)) = part.split_once('-') {
        let all = vec![
            Constraint::new(Comparator::GreaterOrEqual, from),
            Constraint::new(Comparator::LessOrEqual, to),
        ];
        return (is_version(from) && is_version(to)).then_some(all);
    }
    is_version(part).then(|| vec![Constraint::new(Comparator::Equal, part)])
}
