//! Ranges in VERS (`vers:TYPE/CONSTRAINT|CONSTRAINT…`, package-url/vers-spec) as the ends they list.
//!
//! No two versions are compared here: the specification has constraints sorted, and what stands beside each other belongs together.

use domain::{VersionBound, VersionRange, VersionSet, Versions};

/// How many constraints a range may have.
const MAX_CONSTRAINTS: usize = 10_000;

/// What a range says; the text itself where it is no VERS.
pub(super) fn read(text: &str) -> Versions {
    ranges(text).unwrap_or_else(|| Versions::Text(text.to_owned()))
}

fn ranges(text: &str) -> Option<Versions> {
    let (kind, constraints) = text.strip_prefix("vers:")?.split_once('/')?;
    if constraints.trim() == "*" {
        return Some(Versions::All);
    }
    let mut gathered = Gathered::default();
    for (at, constraint) in constraints.split('|').enumerate() {
        let constraint = constraint.trim();
        if at >= MAX_CONSTRAINTS || constraint.is_empty() {
            return None;
        }
        gathered.take(constraint)?;
    }
    gathered.close();
    let VersionSet { listed, ranges, .. } = gathered.set;
    Some(Versions::These(VersionSet { scheme: Some(format!("vers:{kind}")), listed, ranges }))
}

/// Ranges while their constraints are read.
#[derive(Default)]
struct Gathered {
    set: VersionSet,
    /// A lower end without its upper one.
    from: Option<VersionBound>,
    /// Whether the last constraint was an upper end.
    ended: bool,
}

impl Gathered {
    fn take(&mut self, constraint: &str) -> Option<()> {
        let mark = constraint.find(|c| !matches!(c, '<' | '>' | '=' | '!'))?;
        let (comparator, version) = constraint.split_at(mark);
        let version = decoded(version.trim())?;
        let bound = |included| Some(VersionBound { version: version.clone(), included });
        match comparator {
            "" | "=" => self.set.listed.push(version),
            // Of two lower ends in a row the first holds, of two upper ends the last (vers-spec, "Version constraints simplification").
            ">" | ">=" if self.from.is_none() => self.from = bound(comparator == ">="),
            ">" | ">=" => {}
            "<" | "<=" => {
                let last = self.ended.then(|| self.set.ranges.pop()).flatten();
                let from = last.map_or_else(|| self.from.take(), |last| last.from);
                self.set.ranges.push(VersionRange { from, to: bound(comparator == "<=") });
            }
            // All but one: what ends before it, and what begins behind it.
            "!=" => {
                let from = self.from.take();
                self.set.ranges.push(VersionRange { from, to: bound(false) });
                self.from = bound(false);
            }
            _ => return None,
        }
        self.ended = matches!(comparator, "<" | "<=");
        Some(())
    }

    fn close(&mut self) {
        if let Some(from) = self.from.take() {
            self.set.ranges.push(VersionRange { from: Some(from), to: None });
        }
    }
}

/// Versions are percent-encoded (vers-spec, "URI").
pub(super) fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranges as intervals, for reading: `[1.0,2.0)`, `=1.5`.
    fn told(text: &str) -> Vec<String> {
        let Versions::These(set) = read(text) else { return vec![format!("{:?}", read(text))] };
        let end = |end: &Option<VersionBound>, open: char, closed: char| match end {
            Some(VersionBound { version, included: true }) => (closed, version.clone()),
            Some(VersionBound { version, .. }) => (open, version.clone()),
            None => (open, String::new()),
        };
        let ranges = set.ranges.iter().map(|range| {
            let ((left, from), (right, to)) =
                (end(&range.from, '(', '['), end(&range.to, ')', ']'));
            format!("{left}{from},{to}{right}")
        });
        ranges.chain(set.listed.iter().map(|version| format!("={version}"))).collect()
    }

    #[test]
    fn neighbours_belong_together() {
        assert_eq!(told("vers:generic/>=2.9|<=4.1"), ["[2.9,4.1]"]);
        assert_eq!(told("vers:semver/2.7.0|<2.8.11.1"), ["(,2.8.11.1)", "=2.7.0"]);
        assert_eq!(told("vers:npm/<1|>=2|<3|4|>5"), ["(,1)", "[2,3)", "(5,)", "=4"]);
        assert_eq!(told("vers:deb/>=1|>=2|<3|<4"), ["[1,4)"]);
        assert_eq!(told("vers:pypi/!=1.5"), ["(,1.5)", "(1.5,)"]);
        assert_eq!(told("vers:pypi/>=1|!=1.5|<2"), ["[1,1.5)", "(1.5,2)"]);
        assert_eq!(told("vers:deb/1%3A2.0"), ["=1:2.0"]);
        assert_eq!(read("vers:npm/*"), Versions::All);
    }

    #[test]
    fn what_is_no_vers_stays_a_text() {
        for text in [
            "",
            "1.0 - 2.0",
            "vers:npm",
            "vers:npm/",
            "vers:npm/1||2",
            "vers:npm/=>1",
            "vers:npm/%zz",
        ] {
            assert_eq!(read(text), Versions::Text(text.to_owned()), "{text}");
        }
    }
}
