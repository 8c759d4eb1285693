//! Ranges of npm: the documentation of node-semver, "Ranges".

use super::native::Reading;
use super::{Comparator, Constraint};

/// A version of which parts may be missing or `x`.
struct Partial<'a> {
    /// As far as they are given.
    numbers: [Option<u64>; 3],
    pre: Option<&'a str>,
    /// Whether a part was written as `x`, `X` or `*`, rather than left out.
    wild: bool,
}

/// What a comparator with a version means, and what VERS lists for it.
struct Meaning {
    exact: Vec<Constraint>,
    listed: Vec<Constraint>,
}

/// `||` between alternatives, blanks between comparators that all hold.
pub(super) fn read(text: &str) -> Option<Reading> {
    let mut reading = Reading::default();
    for alternative in text.split("||").map(str::trim) {
        let Meaning { exact, listed } = read_alternative(alternative)?;
        if exact.is_empty() {
            return Some(Reading::everything());
        }
        reading.alternatives.push(exact);
        reading.listed.extend(listed);
    }
    Some(reading)
}

fn read_alternative(text: &str) -> Option<Meaning> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (Partial::read(from.trim())?, Partial::read(to.trim())?);
        return Some(from_to(&from, to.at_most()));
    }
    let mut meaning = Meaning { exact: Vec::new(), listed: Vec::new() };
    let mut rest = text;
    while !rest.is_empty() {
        let operator_end = rest.find(|letter: char| !"<>=~^".contains(letter))?;
        let (operator, after) = rest.split_at_checked(operator_end)?;
        let after = after.trim_start();
        let end = after.find(|letter: char| letter.is_whitespace() || "<>=~^".contains(letter));
        let (version, next) = after.split_at_checked(end.unwrap_or(after.len()))?;
        let one = meaning_of(operator, &Partial::read(version)?)?;
        meaning.exact.extend(one.exact);
        meaning.listed.extend(one.listed);
        rest = next.trim_start();
    }
    Some(meaning)
}

impl<'a> Partial<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(['v', '=']);
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (core, pre) =
            text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
        let mut partial = Self { numbers: [None; 3], pre, wild: false };
        let mut parts = core.split('.');
        for number in &mut partial.numbers {
            match parts.next() {
                Some("x" | "X" | "*") => partial.wild = true,
                Some(_) if partial.wild => return None,
                Some(part) => *number = Some(part.parse().ok()?),
                None => break,
            }
        }
        let whole = partial.numbers[2].is_some();
        (parts.next().is_none() && (whole || pre.is_none())).then_some(partial)
    }

    /// With zeros for what is missing.
    fn lowest(&self) -> String {
        let [major, minor, patch] = self.numbers.map(Option::unwrap_or_default);
        match self.pre {
            Some(pre) => format!("{major}.{minor}.{patch}-{pre}"),
            None => format!("{major}.{minor}.{patch}"),
        }
    }

    /// How many numbers are given.
    fn given(&self) -> usize {
        self.numbers.iter().flatten().count()
    }

    /// The first release with a higher number at a place.
    fn next(&self, place: usize) -> Option<String> {
        let mut numbers = self.numbers.map(Option::unwrap_or_default);
        let raised = numbers.get_mut(place)?;
        *raised = raised.checked_add(1)?;
        numbers.iter_mut().skip(place + 1).for_each(|lower| *lower = 0);
        let [major, minor, patch] = numbers;
        Some(format!("{major}.{minor}.{patch}"))
    }

    /// Up to and with this version, and all that it is a part of.
    fn at_most(&self) -> Bound {
        let place = self.given().checked_sub(1).filter(|last| *last < 2);
        match place.and_then(|last| self.next(last)) {
            Some(next) => before(&next),
            None => Bound::same(Constraint::new(Comparator::LessOrEqual, self.lowest())),
        }
    }
}

/// An upper end, as it is meant and as VERS lists it.
struct Bound {
    exact: Constraint,
    listed: Constraint,
}

impl Bound {
    fn same(constraint: Constraint) -> Self {
        Self { listed: constraint.clone(), exact: constraint }
    }
}

/// Before a release and its pre-releases: node-semver's `<2.0.0-0`, which the examples of VERS list as `<2.0.0`.
fn before(release: &str) -> Bound {
    Bound {
        exact: Constraint::new(Comparator::Less, format!("{release}-0")),
        listed: Constraint::new(Comparator::Less, release),
    }
}

/// From a version to an upper end.
fn from_to(from: &Partial<'_>, to: Bound) -> Meaning {
    Meaning { exact: vec![at_least(from), to.exact], listed: vec![at_least(from), to.listed] }
}

fn at_least(partial: &Partial<'_>) -> Constraint {
    Constraint::new(Comparator::GreaterOrEqual, partial.lowest())
}

fn meaning_of(operator: &str, partial: &Partial<'_>) -> Option<Meaning> {
    let Some(last) = partial.given().checked_sub(1) else { return meaning_of_any(operator) };
    match operator {
        "" | "=" => equal(partial, last),
        "~" | "~>" => tilde(partial, last),
        "^" => {
            let place = partial.numbers.iter().position(|number| *number != Some(0)).unwrap_or(2);
            Some(from_to(partial, before(&partial.next(place.min(last))?)))
        }
        ">=" if partial.wild => Some(Meaning {
            exact: vec![at_least(partial)],
            listed: from_to(partial, before(&partial.next(last)?)).listed,
        }),
        ">=" => both(vec![at_least(partial)]),
        "<" => both(vec![Constraint::new(Comparator::Less, partial.lowest())]),
        "<=" => Some(Meaning {
            exact: vec![partial.at_most().exact],
            listed: vec![Constraint::new(Comparator::LessOrEqual, partial.lowest())],
        }),
        ">" if last < 2 => {
            both(vec![Constraint::new(Comparator::GreaterOrEqual, partial.next(last)?)])
        }
        ">" => both(vec![Constraint::new(Comparator::Greater, partial.lowest())]),
        _ => None,
    }
}

/// Of `*`: more or less than everything is nothing.
fn meaning_of_any(operator: &str) -> Option<Meaning> {
    match operator {
        "" | "=" | ">=" | "<=" | "~" | "~>" | "^" => both(Vec::new()),
        "<" | ">" => both(vec![Constraint::new(Comparator::Less, "0.0.0-0")]),
        _ => None,
    }
}

fn both(constraints: Vec<Constraint>) -> Option<Meaning> {
    Some(Meaning { listed: constraints.clone(), exact: constraints })
}

/// `2.1` and `2.1.x` are all of 2.1; the examples of VERS list the first of them as 2.1.0.
fn equal(partial: &Partial<'_>, last: usize) -> Option<Meaning> {
    let one = Constraint::new(Comparator::Equal, partial.lowest());
    if last == 2 {
        return both(vec![one]);
    }
    let Meaning { exact, listed } = from_to(partial, before(&partial.next(last)?));
    Some(Meaning { exact, listed: if partial.wild { listed } else { vec![one] } })
}

/// `~1.2.3` is 1.2 from there on. The examples of VERS list a pre-release (`~0.8.0-pre`) as if only its own release followed.
fn tilde(partial: &Partial<'_>, last: usize) -> Option<Meaning> {
    let mut meaning = from_to(partial, before(&partial.next(last.min(1))?));
    if partial.pre.is_some() {
        let release = Partial { pre: None, ..*partial };
        let to = Constraint::new(Comparator::Less, release.lowest());
        let next = before(&partial.next(2)?).listed;
        meaning.listed = vec![at_least(partial), to, at_least(&release), next];
    }
    Some(meaning)
}
