//! Ranges of OSV (OSV Schema, `affected[].ranges`): events, paired to ranges.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{VersionBound, VersionRange, VersionSet};
use serde::Deserialize;

use crate::feeds::json::list;

#[derive(Deserialize)]
pub(super) struct Range<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(default, deserialize_with = "list")]
    events: Vec<Event>,
}

#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(default)]
    introduced: Option<String>,
    #[serde(default)]
    fixed: Option<String>,
    #[serde(default)]
    last_affected: Option<String>,
    #[serde(default)]
    limit: Option<String>,
}

/// The end of GitHub's own range.
pub(super) fn known_end(text: &str) -> Option<VersionBound> {
    let (version, included) = match text.trim().strip_prefix("<=") {
        Some(version) => (version, true),
        None => (text.trim().strip_prefix('<')?, false),
    };
    let version = version.trim();
    (!version.is_empty()).then(|| VersionBound { version: version.to_owned(), included })
}

/// The ranges of each order of versions, with where they are mended; the events as a text where they cannot be paired.
pub(super) fn sets(ranges: Vec<Range<'_>>) -> Result<Vec<(VersionSet, Vec<String>)>, String> {
    let mut sets: BTreeMap<Cow<'_, str>, (VersionSet, Vec<String>)> = BTreeMap::new();
    for range in ranges {
        let (ranges, fixed) = pair(&range.events).ok_or_else(|| written(&range.events))?;
        let (set, known) = sets.entry(range.kind).or_default();
        set.ranges.extend(ranges);
        known.extend(fixed);
    }
    let named = |(scheme, (set, fixed)): (Cow<'_, str>, (VersionSet, Vec<String>))| {
        (VersionSet { scheme: Some(scheme.into_owned()), ..set }, fixed)
    };
    Ok(sets.into_iter().map(named).collect())
}

/// Pairs events to ranges. Databases write them in the order of versions; a pair may stand the other way round.
fn pair(events: &[Event]) -> Option<(Vec<VersionRange>, Vec<String>)> {
    let mut ranges = Vec::new();
    let mut fixed = Vec::new();
    let mut open: Option<&str> = None;
    let turned = events.len() == 2 && events.first()?.introduced.is_none();
    let ordered: Vec<&Event> =
        if turned { events.iter().rev().collect() } else { events.iter().collect() };
    for event in ordered {
        let ends = [(&event.fixed, false), (&event.last_affected, true), (&event.limit, false)];
        let mut ends =
            ends.into_iter().filter_map(|(end, included)| Some((end.as_deref()?, included)));
        match (event.introduced.as_deref(), ends.next()) {
            (Some(introduced), None) if open.is_none() => open = Some(introduced),
            (None, Some((end, included))) => {
                ranges.push(range(open.take()?, Some((end, included))));
            }
            _ => return None,
        }
        fixed.extend(event.fixed.clone());
    }
    ranges.extend(open.map(|introduced| range(introduced, None)));
    (!ranges.is_empty()).then_some((ranges, fixed))
}

/// `0` is before every version; a limit of `*` is none (OSV Schema, events).
fn range(introduced: &str, end: Option<(&str, bool)>) -> VersionRange {
    let bound = |version: &str, included| VersionBound { version: version.to_owned(), included };
    let from = (introduced != "0").then(|| bound(introduced, true));
    let to = end.filter(|(end, _)| *end != "*").map(|(end, included)| bound(end, included));
    VersionRange { from, to }
}

fn written(events: &[Event]) -> String {
    let mut parts = Vec::new();
    for event in events {
        let told = [
            ("introduced", &event.introduced),
            ("fixed", &event.fixed),
            ("last_affected", &event.last_affected),
            ("limit", &event.limit),
        ];
        parts.extend(
            told.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_deref()?))),
        );
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a range begins and ends, and whether its end lies in it.
    type Ends = (Option<String>, Option<(String, bool)>);

    fn paired(json: &str) -> Option<Vec<Ends>> {
        let events: Vec<Event> = serde_json::from_str(json).unwrap();
        let (ranges, _) = pair(&events)?;
        let ends = |range: VersionRange| {
            (range.from.map(|from| from.version), range.to.map(|to| (to.version, to.included)))
        };
        Some(ranges.into_iter().map(ends).collect())
    }

    #[test]
    fn events_are_paired_in_their_order() {
        let end = |text: &str, included| Some((text.to_owned(), included));
        assert_eq!(
            paired(
                r#"[{"introduced":"0"},{"fixed":"1.2"},{"introduced":"2.0"},{"last_affected":"2.3"}]"#
            ),
            Some(vec![(None, end("1.2", false)), (Some("2.0".into()), end("2.3", true))])
        );
        assert_eq!(
            paired(r#"[{"fixed":"1.2"},{"introduced":"1.0"}]"#),
            Some(vec![(Some("1.0".into()), end("1.2", false))])
        );
        assert_eq!(paired(r#"[{"introduced":"0"}]"#), Some(vec![(None, None)]));
        for wrong in [
            "[]",
            r#"[{"introduced":"1"},{"introduced":"2"},{"fixed":"3"}]"#,
            r#"[{"introduced":"1"},{"fixed":"2"},{"fixed":"3"}]"#,
            r#"[{"introduced":"1","fixed":"2"}]"#,
            "[{}]",
        ] {
            assert_eq!(paired(wrong), None, "{wrong}");
        }
    }
}
