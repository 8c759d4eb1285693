//! Ranges that are intervals in brackets: of Maven and NuGet.

use super::native::Reading;
use super::{Comparator, Constraint};

/// `[1.0,2.0),[3.0]` (Maven's POM reference, "Dependency Version Requirement Specification"). A version alone is a wish, not a
/// range, and is read as that version.
pub(super) fn read_maven(text: &str) -> Option<Reading> {
    read(text, Comparator::Equal)
}

/// `[1.0,2.0)` (NuGet, "Version ranges"). A version alone is the least.
pub(super) fn read_nuget(text: &str) -> Option<Reading> {
    read(text, Comparator::GreaterOrEqual)
}

fn read(text: &str, alone: Comparator) -> Option<Reading> {
    let text = text.trim();
    if !text.contains(['[', '(', ']', ')', ',']) && !text.is_empty() {
        return Some(Reading::of(vec![vec![Constraint::new(alone, text)]]));
    }
    let mut alternatives = Vec::new();
    let mut rest = text;
    loop {
        let (interval, after) = rest.split_at_checked(rest.find([']', ')'])? + 1)?;
        alternatives.push(read_interval(interval)?);
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
    let everything = alternatives.iter().any(Vec::is_empty);
    Some(if everything { Reading::everything() } else { Reading::of(alternatives) })
}

/// One interval with its brackets. Without a bound on a side it has no end there.
fn read_interval(text: &str) -> Option<Vec<Constraint>> {
    let closed = (text.starts_with('['), text.ends_with(']'));
    let inside = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    if inside.contains(['[', '(']) {
        return None;
    }
    let Some((from, to)) = inside.split_once(',') else {
        let version = inside.trim();
        let sound = closed == (true, true) && !version.is_empty();
        return sound.then(|| vec![Constraint::new(Comparator::Equal, version)]);
    };
    let lower = if closed.0 { Comparator::GreaterOrEqual } else { Comparator::Greater };
    let upper = if closed.1 { Comparator::LessOrEqual } else { Comparator::Less };
    let bounds = [(lower, from.trim()), (upper, to.trim())];
    let given = bounds.into_iter().filter(|(_, version)| !version.is_empty());
    Some(given.map(|(comparator, version)| Constraint::new(comparator, version)).collect())
}
