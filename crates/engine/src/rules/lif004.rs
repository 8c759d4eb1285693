//! LIF004: a device runs an older release of the same software than its siblings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::{Field, ObservationRef, Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known};

/// One finding for each software of which listed devices run different releases that can be put in order.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut families: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        if let Some((family, member)) = member(&chart) {
            families.entry(family).or_default().push(member);
        }
    }
    for (family, mut members) in families {
        members.sort_by(|one, other| {
            compare(&one.release, &other.release).then_with(|| one.label.cmp(&other.label))
        });
        let Some(newest) = members.last().map(|member| member.release.clone()) else { continue };
        let older: Vec<&Member> =
            members.iter().filter(|member| compare(&member.release, &newest).is_lt()).collect();
        if older.is_empty() {
            continue;
        }
        let told: Vec<String> =
            older.iter().map(|member| format!("{} {}", member.label, member.written)).collect();
        let (software, written) = (&members[0].software, &members[members.len() - 1].written);
        findings.add(
            Subject::Product(family),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!(
                    "LIF004.title",
                    software = software,
                    devices = told.len(),
                    newest = written
                ),
                reason: msg!("LIF004.reason", devices = names(&told)),
                remedy: if older.iter().any(|member| member.medical) {
                    msg!("LIF004.remedy_medical")
                } else {
                    msg!("LIF004.remedy")
                },
                evidence: older.iter().map(|member| member.at).collect(),
                rests_on: older
                    .iter()
                    .map(|member| member.mark.clone())
                    .chain([written.clone()])
                    .collect(),
            },
        );
    }
}

struct Member {
    label: String,
    /// The device and its release, as a decision knows them.
    mark: String,
    software: String,
    written: String,
    release: Vec<u64>,
    medical: bool,
    at: ObservationRef,
}

/// The family a device's software belongs to: its name, and for equipment with built-in software also maker and model, since
/// 「装置制御ソフト」 of two models is not one software.
fn member(chart: &Chart<'_>) -> Option<(String, Member)> {
    let software = chart.declared(Field::Software)?.shown().to_owned();
    let written = chart.declared(Field::SoftwareVersion)?.shown().to_owned();
    let release = release(&written)?;
    let built_in = chart.is_medical()
        || !matches!(
            chart.kind(),
            None | Some(domain::DeviceKind::Client | domain::DeviceKind::Server)
        );
    let mut family = fold(&software);
    let mut named = software;
    if built_in {
        for field in [Field::Model, Field::Maker] {
            let shown = chart.declared(field)?.shown();
            family = format!("{}/{family}", fold(shown));
            named = format!("{shown} {named}");
        }
    }
    let at = chart.listings().next()?.0;
    Some((
        family,
        Member {
            label: chart.label(),
            mark: format!("{} {written}", chart.mark()),
            software: named,
            written,
            release,
            medical: chart.is_medical(),
            at,
        },
    ))
}

/// The numbers of a release such as `V2.2` or `5.0.1`; `None` for anything else, which cannot be put in order.
fn release(written: &str) -> Option<Vec<u64>> {
    let text = fold(written);
    let text = text
        .strip_prefix("version")
        .or_else(|| text.strip_prefix("ver."))
        .or_else(|| text.strip_prefix("ver"))
        .unwrap_or(&text);
    let text = text.strip_prefix('v').unwrap_or(text);
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Compares releases number by number; a missing number counts as 0.
fn compare(one: &[u64], other: &[u64]) -> Ordering {
    let at = |numbers: &[u64], index: usize| numbers.get(index).copied().unwrap_or(0);
    (0..one.len().max(other.len()))
        .map(|index| at(one, index).cmp(&at(other, index)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_compared_number_by_number() {
        for (one, other, order) in [
            ("V2.2", "V7.9", Ordering::Less),
            ("1.10", "1.9", Ordering::Greater),
            ("2.0", "2", Ordering::Equal),
            ("Ver.3.1", "３.１", Ordering::Equal),
        ] {
            assert_eq!(
                compare(&release(one).unwrap(), &release(other).unwrap()),
                order,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn what_is_no_release_is_not_compared() {
        for written in ["2025年版", "R4-b", "", "v", "1..2"] {
            assert_eq!(release(written), None, "{written}");
        }
    }
}
