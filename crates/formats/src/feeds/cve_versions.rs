//! The versions of a product in a CVE record (CVE Record Format 5.1, `versions`; its "Product and version encodings").
//!
//! The first entry that holds of a version decides, and within an entry the last change at or before it. Claims keep that order:
//! later changes stand before earlier ones, and the entry itself behind them.

use std::borrow::Cow;

use domain::{VersionBound, VersionRange, VersionSet, Versions, VexStatus};
use serde::Deserialize;

use super::json::list;
use super::versions;

/// An entry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(default)]
    version: String,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(default, borrow)]
    version_type: Option<Cow<'a, str>>,
    #[serde(default)]
    less_than: Option<String>,
    #[serde(default)]
    less_than_or_equal: Option<String>,
    #[serde(default, borrow, deserialize_with = "list")]
    changes: Vec<Change<'a>>,
}

#[derive(Debug, Deserialize)]
struct Change<'a> {
    at: String,
    #[serde(borrow)]
    status: Cow<'a, str>,
}

/// What some versions are said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: VexStatus,
    pub(super) versions: Versions,
    /// Where it is mended.
    pub(super) fixed: Vec<String>,
}

/// What the record says where no entry holds; `unknown` where it does not say (schema, `defaultStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Default {
    /// This, in so many words.
    Said(VexStatus),
    /// Nothing.
    Unsaid,
}

/// The status of a word of the schema; none where it is not one. `unknown` never becomes "affected" or "not affected".
pub(super) fn status(word: &str) -> Option<VexStatus> {
    Some(match word {
        "affected" => VexStatus::Affected,
        "unaffected" => VexStatus::NotAffected,
        "unknown" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

impl Default {
    pub(super) fn of(word: Option<&str>) -> Option<Self> {
        match word {
            None => Some(Self::Unsaid),
            Some(word) => Some(Self::Said(status(word)?)),
        }
    }
}

/// Whether entries are commits of a repository, which have no order that could be judged.
pub(super) fn are_commits(entries: &[Entry<'_>]) -> bool {
    let commit = |entry: &Entry<'_>| {
        entry.version_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("git"))
    };
    !entries.is_empty() && entries.iter().all(commit)
}

/// Reads the entries of one product; none where a status is no word of the schema.
pub(super) fn read(entries: Vec<Entry<'_>>, default: Default) -> Option<Vec<Said>> {
    let mut said = Vec::new();
    let listed = !entries.is_empty();
    for entry in entries {
        entry.read(default, &mut said)?;
    }
    match default {
        Default::Said(status) => {
            let versions = if listed { Versions::Others } else { Versions::All };
            let unknown = status == VexStatus::UnderInvestigation;
            let versions = if unknown && !listed { Versions::Unstated } else { versions };
            said.push(Said { status, versions, fixed: Vec::new() });
        }
        Default::Unsaid if !listed => {
            let status = VexStatus::UnderInvestigation;
            said.push(Said { status, versions: Versions::Unstated, fixed: Vec::new() });
        }
        Default::Unsaid => {}
    }
    Some(said)
}

impl Entry<'_> {
    fn read(mut self, default: Default, said: &mut Vec<Said>) -> Option<()> {
        let base = status(&self.status)?;
        let scheme = self.version_type.take().map(Cow::into_owned).filter(|kind| !kind.is_empty());
        for end in [&mut self.less_than, &mut self.less_than_or_equal] {
            *end = end.take().filter(|end| !end.trim().is_empty());
        }
        if self.less_than.is_none() && self.less_than_or_equal.is_none() {
            add(said, base, single(self.version, scheme), None);
            return Some(());
        }
        if let Some(text) = self.muddled() {
            add(said, base, Versions::Text(text), None);
            return Some(());
        }
        let to = self.end();
        let mut fixed = None;
        for change in self.changes.drain(..).rev() {
            let status = status(&change.status)?;
            let ends_there = to.as_ref().is_some_and(|to| !to.included && to.version == change.at);
            if base == VexStatus::Affected && status == VexStatus::NotAffected {
                fixed = Some(change.at.clone());
            }
            if !ends_there {
                let from = Some(VersionBound { version: change.at, included: true });
                add(said, status, range(from, to.clone(), &scheme), None);
            }
        }
        let mended = default == Default::Said(VexStatus::NotAffected);
        if base == VexStatus::Affected && mended && fixed.is_none() {
            fixed = to.as_ref().filter(|to| !to.included).map(|to| to.version.clone());
        }
        let from = (!is_open(&self.version))
            .then(|| VersionBound { version: self.version.trim().to_owned(), included: true });
        add(said, base, range(from, to, &scheme), fixed);
        Some(())
    }

    /// Its words, where an end is none: `9.1 < 9.1.14-h4` in `lessThan`.
    fn muddled(&self) -> Option<String> {
        let (name, end) = match (&self.less_than, &self.less_than_or_equal) {
            (Some(end), _) => ("lessThan", end),
            (None, end) => ("lessThanOrEqual", end.as_ref()?),
        };
        let is = is_muddled(end) || !is_open(&self.version) && is_muddled(&self.version);
        is.then(|| format!("{} {name} {end}", self.version))
    }

    /// Its upper end; none where that is `*`, without end.
    fn end(&mut self) -> Option<VersionBound> {
        let included = self.less_than.is_none();
        let version = self.less_than.take().or_else(|| self.less_than_or_equal.take())?;
        let version = version.trim();
        (version != "*").then(|| VersionBound { version: version.to_owned(), included })
    }
}

/// Whether a text is no single version: it has signs or several parts, or begins with a word (`Orchestrator 9.3.x`).
fn is_muddled(text: &str) -> bool {
    let text = text.trim();
    let word = text.split_once(char::is_whitespace).map_or("0", |(first, _)| first);
    text.contains(['<', '>', '=', ',', ';', '|', '≤', '≥'])
        || !word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a range that begins here has no beginning: `0` is the earliest version by the schema, the others are what converters
/// from CVE JSON 4 wrote for none.
fn is_open(version: &str) -> bool {
    let version = version.trim();
    ["", "0", "*", "-", "n/a", "unspecified", "unknown"]
        .iter()
        .any(|word| version.eq_ignore_ascii_case(word))
}

fn range(
    from: Option<VersionBound>,
    to: Option<VersionBound>,
    scheme: &Option<String>,
) -> Versions {
    if from.is_none() && to.is_none() {
        return Versions::All;
    }
    let ranges = vec![VersionRange { from, to }];
    Versions::These(VersionSet { scheme: scheme.clone(), listed: Vec::new(), ranges })
}

/// An entry without a range: one version, or a text that many authorities write there instead (`< 1.2.3`, `All versions`).
///
/// `0` by itself is the beginning of a range whose end is missing, so it is a text that nobody can compare.
fn single(version: String, scheme: Option<String>) -> Versions {
    if version.trim() == "0" {
        return Versions::Text(version);
    }
    match versions::read(&version) {
        Versions::These(set) => Versions::These(VersionSet { scheme, ..set }),
        // One word with a digit in it is a version, however odd.
        Versions::Text(text) if is_word(&text) => {
            Versions::These(VersionSet { scheme, listed: vec![text], ranges: Vec::new() })
        }
        other => other,
    }
}

fn is_word(text: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || "<>=!*|,".contains(letter);
    text.len() <= 100
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.contains(odd)
        && !versions::is_span(text)
        && !text.to_ascii_lowercase().split('.').any(|part| part == "x")
}

/// Adds to what is said; versions of one status and order that follow one another are one claim.
fn add(said: &mut Vec<Said>, status: VexStatus, versions: Versions, fixed: Option<String>) {
    if let Versions::These(set) = &versions
        && let Some(Said { status: same, versions: Versions::These(last), fixed: known }) =
            said.last_mut()
        && *same == status
        && last.scheme == set.scheme
    {
        last.listed.extend(set.listed.iter().cloned());
        last.ranges.extend(set.ranges.iter().cloned());
        known.extend(fixed.filter(|fixed| known.last() != Some(fixed)));
        return;
    }
    said.push(Said { status, versions, fixed: fixed.into_iter().collect() });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str, default: Option<&str>) -> Vec<String> {
        let entries: Vec<Entry<'_>> = serde_json::from_str(json).unwrap();
        let read = read(entries, Default::of(default).unwrap()).unwrap();
        let end = |bound: &Option<VersionBound>| {
            let Some(bound) = bound else { return "-".to_owned() };
            format!("{}{}", bound.version, if bound.included { "!" } else { "" })
        };
        let told = |said: &Said| {
            let versions = match &said.versions {
                Versions::These(set) => {
                    let ranges =
                        set.ranges.iter().map(|r| format!("{}~{}", end(&r.from), end(&r.to)));
                    set.listed.iter().cloned().chain(ranges).collect::<Vec<_>>().join(" ")
                }
                other => format!("{other:?}"),
            };
            let fixed = if said.fixed.is_empty() {
                String::new()
            } else {
                format!(" fixed {}", said.fixed.join(","))
            };
            format!("{}: {versions}{fixed}", said.status.key())
        };
        read.iter().map(told).collect()
    }

    #[test]
    fn an_entry_with_a_range_begins_and_ends_as_the_schema_says() {
        let one =
            |rest: &str| said(&format!("[{{\"status\":\"affected\",{rest}}}]"), None).remove(0);
        for (rest, expected) in [
            ("\"version\":\"0\",\"lessThan\":\"1.2\"", "affected: -~1.2"),
            ("\"version\":\"unspecified\",\"lessThanOrEqual\":\"1.2\"", "affected: -~1.2!"),
            ("\"version\":\"1\",\"lessThan\":\"*\"", "affected: 1!~-"),
            ("\"version\":\"5.4\",\"lessThanOrEqual\":\"5.4.*\"", "affected: 5.4!~5.4.*!"),
            ("\"version\":\"0\",\"lessThan\":\"*\"", "affected: All"),
            (
                "\"version\":\"9.1\",\"lessThan\":\"9.1 < 9.1.4\"",
                "affected: Text(\"9.1 lessThan 9.1 < 9.1.4\")",
            ),
            (
                "\"version\":\"0\",\"lessThanOrEqual\":\"previous versions\"",
                "affected: Text(\"0 lessThanOrEqual previous versions\")",
            ),
            ("\"version\":\"0\",\"lessThan\":\"V17 Update 7\"", "affected: -~V17 Update 7"),
            ("\"version\":\"*\"", "affected: All"),
            ("\"version\":\"n/a\"", "affected: Unstated"),
            ("\"version\":\"0\"", "affected: Text(\"0\")"),
            ("\"version\":\">= 1.0, < 1.3\"", "affected: 1.0!~1.3"),
            ("\"version\":\"SGOS-6.7.4\"", "affected: SGOS-6.7.4"),
            ("\"version\":\"some builds\"", "affected: Text(\"some builds\")"),
        ] {
            assert_eq!(one(rest), expected, "{rest}");
        }
    }

    #[test]
    fn changes_come_before_what_they_change() {
        let json = r#"[{"version":"8.1","status":"affected","lessThan":"8.1.*","changes":
            [{"at":"8.1.4","status":"unaffected"},{"at":"8.1.6","status":"affected"}]},
            {"version":"9.0","status":"unaffected"}]"#;
        assert_eq!(
            said(json, Some("unknown")),
            [
                "affected: 8.1.6!~8.1.*",
                "not_affected: 8.1.4!~8.1.*",
                "affected: 8.1!~8.1.* fixed 8.1.4",
                "not_affected: 9.0",
                "under_investigation: Others",
            ]
        );
        let same = r#"[{"version":"0","status":"affected","lessThan":"2","changes":[{"at":"2","status":"unaffected"}]}]"#;
        assert_eq!(said(same, None), ["affected: -~2 fixed 2"]);
    }

    #[test]
    fn the_default_is_for_all_others_and_unknown_stays_unknown() {
        let json = r#"[{"version":"1","status":"affected","lessThan":"2"}]"#;
        assert_eq!(
            said(json, Some("unaffected")),
            ["affected: 1!~2 fixed 2", "not_affected: Others"]
        );
        assert_eq!(said(json, None), ["affected: 1!~2"]);
        assert_eq!(said("[]", Some("affected")), ["affected: All"]);
        assert_eq!(said("[]", None), ["under_investigation: Unstated"]);
        assert_eq!(said("[]", Some("unknown")), ["under_investigation: Unstated"]);
        assert_eq!(Default::of(Some("fine")), None);
    }
}
