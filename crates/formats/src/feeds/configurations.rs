//! Configurations of the NVD (API 2.0, `configurations`), which CVE records know as `cpeApplicability` (CVE Record Format 5.1).
//!
//! A configuration joins nodes, a node joins match criteria, each by AND or OR. Criteria that are vulnerable become claims; what
//! stands beside them under an AND becomes their conditions, be it vulnerable or not.

use std::borrow::Cow;

use domain::{
    Claim, Condition, Criterion, ProductName, VersionBound, VersionRange, VersionSet, Versions,
    VexStatus,
};
use serde::Deserialize;

use super::budget::{self, Budget};
use super::gather::Reject;
use super::json::list;

/// A configuration.
#[derive(Debug, Deserialize)]
pub(super) struct Configuration<'a> {
    #[serde(default, borrow)]
    operator: Option<Cow<'a, str>>,
    #[serde(default)]
    negate: Option<bool>,
    #[serde(default, borrow, deserialize_with = "list")]
    nodes: Vec<Node<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    #[serde(default, borrow)]
    operator: Option<Cow<'a, str>>,
    #[serde(default)]
    negate: Option<bool>,
    #[serde(default, deserialize_with = "list")]
    cpe_match: Vec<Match>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    vulnerable: bool,
    criteria: String,
    #[serde(default)]
    version_start_including: Option<String>,
    #[serde(default)]
    version_start_excluding: Option<String>,
    #[serde(default)]
    version_end_including: Option<String>,
    #[serde(default)]
    version_end_excluding: Option<String>,
}

/// What configurations come to.
#[derive(Debug, Default)]
pub(super) struct Applicability {
    /// A claim for each vulnerable criterion.
    pub(super) claims: Vec<Claim>,
    /// Configurations and nodes that are negated: what they rule out cannot be said by claims.
    pub(super) negated: u64,
}

fn is_and(operator: Option<&Cow<'_, str>>) -> bool {
    operator.is_some_and(|operator| operator.eq_ignore_ascii_case("AND"))
}

/// Reads configurations.
pub(super) fn read(
    configurations: &[Configuration<'_>],
    budget: &mut Budget,
) -> Result<Applicability, Reject> {
    let mut read = Applicability::default();
    for configuration in configurations {
        if configuration.negate == Some(true) {
            read.negated += 1;
            continue;
        }
        let all = is_and(configuration.operator.as_ref());
        for (place, node) in configuration.nodes.iter().enumerate() {
            if node.negate == Some(true) {
                read.negated += u64::from(!all);
                continue;
            }
            let mut beside = Vec::new();
            let others =
                configuration.nodes.iter().enumerate().filter(|(other, _)| *other != place);
            for (_, other) in others.filter(|_| all) {
                budget.spend(other.weight())?;
                if !other.conditions(&mut beside) {
                    read.negated += 1;
                }
            }
            node.claims(&beside, &mut read.claims, budget)?;
        }
    }
    Ok(read)
}

impl Node<'_> {
    /// The claims of its vulnerable criteria under `beside`.
    fn claims(
        &self,
        beside: &[Condition],
        claims: &mut Vec<Claim>,
        budget: &mut Budget,
    ) -> Result<(), Reject> {
        let all = is_and(self.operator.as_ref());
        let each = budget::conditions(beside) + if all { self.weight() } else { 0 };
        for (place, criterion) in self.cpe_match.iter().enumerate() {
            if !criterion.vulnerable {
                continue;
            }
            budget.spend(each + criterion.criteria.len())?;
            let mut conditions = Vec::new();
            if all {
                let others = self.cpe_match.iter().enumerate().filter(|(at, _)| *at != place);
                conditions.extend(others.map(|(_, other)| needs(false, vec![other.criterion()])));
            }
            conditions.extend_from_slice(beside);
            claims.push(criterion.claim(conditions));
        }
        Ok(())
    }

    /// What its criteria weigh as conditions.
    fn weight(&self) -> usize {
        self.cpe_match.iter().map(|one| size_of::<Criterion>() + one.criteria.len()).sum()
    }

    /// Adds what must hold for it; `false` where that cannot be said: a negated AND is an OR of negations.
    fn conditions(&self, conditions: &mut Vec<Condition>) -> bool {
        let negated = self.negate == Some(true);
        let mut each = self.cpe_match.iter().map(Match::criterion);
        if !is_and(self.operator.as_ref()) {
            if !self.cpe_match.is_empty() {
                conditions.push(needs(negated, each.collect()));
            }
            return true;
        }
        if negated && self.cpe_match.len() > 1 {
            return false;
        }
        conditions.extend(each.by_ref().map(|one| needs(negated, vec![one])));
        true
    }
}

fn needs(negated: bool, any: Vec<Criterion>) -> Condition {
    Condition { negated, any }
}

impl Match {
    fn criterion(&self) -> Criterion {
        let product = ProductName { cpes: vec![self.criteria.clone()], ..ProductName::default() };
        Criterion { product, versions: self.versions() }
    }

    fn claim(&self, conditions: Vec<Condition>) -> Claim {
        let Criterion { product, versions } = self.criterion();
        Claim {
            status: VexStatus::Affected,
            product,
            versions,
            conditions,
            justification: None,
            note: None,
            // The NVD ends a range with the first version that is mended, where it is known.
            fixed: self.version_end_excluding.iter().cloned().collect(),
        }
    }

    /// Its range, or the version of its name: `*` is all; `-`, none, says nothing (NISTIR 7695, 5.3.2).
    fn versions(&self) -> Versions {
        let from = bound(&self.version_start_including, &self.version_start_excluding);
        let to = bound(&self.version_end_including, &self.version_end_excluding);
        if from.is_some() || to.is_some() {
            let ranges = vec![VersionRange { from, to }];
            return Versions::These(VersionSet { ranges, ..VersionSet::default() });
        }
        match cpe_version(&self.criteria) {
            Some(version) if version == "*" => Versions::All,
            Some(version) if version != "-" => {
                let listed = vec![version];
                Versions::These(VersionSet { listed, ..VersionSet::default() })
            }
            _ => Versions::Unstated,
        }
    }
}

fn bound(including: &Option<String>, excluding: &Option<String>) -> Option<VersionBound> {
    let included = including.is_some();
    let version = including.as_ref().or(excluding.as_ref())?.clone();
    Some(VersionBound { version, included })
}

/// The version in a CPE name, without its escapes: of 2.3 (NISTIR 7695, 6.2.2) or of 2.2 (`cpe:/`).
pub(super) fn cpe_version(name: &str) -> Option<String> {
    if let Some(uri) = name.strip_prefix("cpe:/") {
        return uri.split(':').nth(3).filter(|version| !version.is_empty()).map(unescaped);
    }
    let mut parts = 0;
    let mut version = String::new();
    let mut letters = name.strip_prefix("cpe:2.3:")?.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' => parts += 1,
            '\\' => {
                let escaped = letters.next()?;
                if parts == 3 {
                    version.push(escaped);
                }
            }
            _ if parts == 3 => version.push(letter),
            _ => {}
        }
        if parts > 3 {
            break;
        }
    }
    (!version.is_empty()).then_some(version)
}

/// Undoes `%21` and the like.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let code = (byte == b'%').then(|| {
            let mut ahead = bytes.clone();
            let digits = [ahead.next()?, ahead.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        });
        plain.push(match code.flatten() {
            Some(code) => {
                bytes.nth(1);
                code
            }
            None => byte,
        });
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> (Vec<String>, u64) {
        let configurations: Vec<Configuration<'_>> = serde_json::from_str(json).unwrap();
        let read = read(&configurations, &mut Budget::new(1)).unwrap();
        let one = |criterion: &Criterion| criterion.product.cpes[0].clone();
        let condition = |condition: &Condition| {
            let any: Vec<_> = condition.any.iter().map(one).collect();
            format!("{}({})", if condition.negated { "not" } else { "" }, any.join("|"))
        };
        let told = read.claims.iter().map(|claim| {
            let conditions: Vec<_> = claim.conditions.iter().map(condition).collect();
            format!("{} {}", claim.product.cpes[0], conditions.join("&"))
        });
        (told.collect(), read.negated)
    }

    #[test]
    fn what_stands_beside_a_criterion_under_and_is_its_condition() {
        let node = |operator: &str, negate: bool, names: &[(&str, bool)]| {
            let matches: Vec<String> = names
                .iter()
                .map(|(name, hit)| format!("{{\"vulnerable\":{hit},\"criteria\":\"{name}\"}}"))
                .collect();
            let matches = matches.join(",");
            format!("{{\"operator\":\"{operator}\",\"negate\":{negate},\"cpeMatch\":[{matches}]}}")
        };
        let all = |nodes: &[String]| {
            format!("[{{\"operator\":\"AND\",\"nodes\":[{}]}}]", nodes.join(","))
        };
        let hit = node("OR", false, &[("a", true), ("b", true)]);
        let platform = node("OR", false, &[("x", false), ("y", false)]);
        let (told, negated) = claims(&all(&[hit.clone(), platform.clone()]));
        assert_eq!((told, negated), (vec!["a (x|y)".into(), "b (x|y)".into()], 0));
        let other = node("OR", false, &[("c", true)]);
        let (told, _) = claims(&all(&[hit.clone(), other]));
        assert_eq!(told, ["a (c)", "b (c)", "c (a|b)"]);
        let both = node("AND", false, &[("a", true), ("x", false)]);
        let (told, _) = claims(&format!("[{{\"nodes\":[{both}]}}]"));
        assert_eq!(told, ["a (x)"]);
        let (told, _) = claims(&all(&[hit.clone(), node("OR", true, &[("x", false)])]));
        assert_eq!(told, ["a not(x)", "b not(x)"]);
        let (told, negated) =
            claims(&all(&[hit, node("AND", true, &[("x", false), ("y", false)])]));
        assert_eq!((told, negated), (vec!["a ".into(), "b ".into()], 1));
    }

    #[test]
    fn the_version_of_a_name_is_read_without_its_escapes() {
        for (name, version) in [
            ("cpe:2.3:a:v:p:1.2\\(3\\):*:*:*:*:*:*:*", Some("1.2(3)")),
            ("cpe:2.3:o:v\\:w:p:-:*:*:*:*:*:*:*", Some("-")),
            ("cpe:2.3:a:v:p", None),
            ("cpe:/a:v:p:1.0%2b2", Some("1.0+2")),
            ("cpe:/a:v:p", None),
            ("cpe:/a:v:p:%", Some("%")),
            ("x", None),
        ] {
            assert_eq!(cpe_version(name).as_deref(), version, "{name}");
        }
    }
}
