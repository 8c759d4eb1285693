//! FWU005: a change is recorded as done, and what it was to replace is still seen.

use std::collections::BTreeSet;

use domain::{DeviceId, ObservationRef, PlannedChange, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// Longer than this after the day it was done, in days, evidence should be in. This program's own choice: where lists and
/// configurations are drawn anew once a week, there were two occasions.
const WAITS: i32 = 14;

/// One finding for each change of a product whose devices still show the version before.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for change in known.changes.iter().filter(|change| change.cancelled.is_none()) {
        let Some(waiting) = Waiting::of(known, change, today) else { continue };
        let plan = &change.plan;
        findings.add(
            Subject::Change(change.number),
            Said {
                severity: Severity::Warning,
                device: match &waiting.devices[..] {
                    [only] => Some(*only),
                    _ => None,
                },
                title: msg!(
                    "FWU005.title",
                    number = change.number,
                    what = &plan.what,
                    devices = names(&waiting.labels),
                    product = &plan.product
                ),
                reason: msg!(
                    "FWU005.reason",
                    on = waiting.since,
                    days = (today - waiting.since).get_days()
                ),
                remedy: match waiting.is_medical {
                    false => msg!("FWU005.remedy"),
                    true => msg!("FWU005.remedy_medical"),
                },
                evidence: waiting.evidence.into_iter().collect(),
                rests_on: waiting.labels,
            },
        );
    }
}

/// The devices of a change that are late with their evidence.
#[derive(Default)]
struct Waiting {
    devices: Vec<DeviceId>,
    labels: Vec<String>,
    since: Date,
    is_medical: bool,
    evidence: BTreeSet<ObservationRef>,
}

impl Waiting {
    fn of(known: &Known<'_>, change: &PlannedChange, today: Date) -> Option<Self> {
        let weaknesses = known.weaknesses()?;
        let mut waiting = Self { since: today, ..Self::default() };
        for (device, on) in change.done().filter(|(_, on)| (today - *on).get_days() > WAITS) {
            let chart = known.chart(DeviceId::of(device.sign.key()));
            let id = chart.map(|chart| chart.device.id);
            let holder = id.and_then(|id| weaknesses.holder(&change.plan.mark, id));
            let Some(holder) = holder else { continue };
            waiting.devices.push(holder.device);
            waiting.labels.push(holder.label.clone());
            waiting.since = waiting.since.min(on);
            waiting.is_medical |= holder.is_medical;
            waiting.evidence.extend(holder.evidence.iter().copied());
        }
        (!waiting.devices.is_empty()).then_some(waiting)
    }
}
