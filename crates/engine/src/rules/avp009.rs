//! AVP009: a pattern is far behind the newest in a list that gives no dates.

use std::collections::BTreeMap;

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::protection::{Report, numbers};

/// So many numbers behind count as stale: one or two come out in a day, so this is about a week. This program's own choice.
const STALE_AFTER: u64 = 14;

/// One finding for each device whose list names patterns and no days.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut lists: BTreeMap<_, Vec<(Chart<'_>, Report<'_>, &str)>> = BTreeMap::new();
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let Some(report) = Report::of(&chart).filter(|report| report.pattern_day().is_none())
        else {
            continue;
        };
        let pattern = report.value(Field::PatternVersion).filter(|text| numbers(text).len() > 1);
        let Some(pattern) = pattern else { continue };
        let product = report.value(Field::ProtectionProduct).unwrap_or_default();
        lists.entry((report.at.import, product)).or_default().push((chart, report, pattern));
    }
    for list in lists.into_values() {
        let newest = list.iter().max_by_key(|(.., pattern)| numbers(pattern));
        let Some((.., newest)) = newest else { continue };
        for (chart, report, pattern) in &list {
            let Some(behind) = behind(pattern, newest).filter(|by| *by > STALE_AFTER) else {
                continue;
            };
            findings.add(
                Subject::Device(chart.device.id),
                Said {
                    severity: Severity::Warning,
                    device: Some(chart.device.id),
                    title: msg!("AVP009.title", device = chart.label(), pattern = *pattern),
                    reason: msg!("AVP009.reason", newest = *newest, behind = behind),
                    remedy: match chart.is_medical() {
                        true => msg!("AVP009.remedy_medical"),
                        false => msg!("AVP009.remedy"),
                    },
                    evidence: vec![report.at],
                    rests_on: vec![(*pattern).to_owned()],
                },
            );
        }
    }
}

/// How many numbers `pattern` is behind `newest`: `20.462.00` is 184 behind `20.646.00`. `None` where the series differ.
fn behind(pattern: &str, newest: &str) -> Option<u64> {
    let (one, other) = (numbers(pattern), numbers(newest));
    let same_series = one.first() == other.first() && one.len() == other.len();
    same_series.then(|| other.get(1)?.checked_sub(*one.get(1)?)).flatten()
}
