//! LIF001: the support of a device's operating system has ended.

use std::borrow::Cow;

use domain::message::Arg;
use domain::{ObservationRef, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::lifecycle::OsMatch;

/// One finding for each device, listed or only seen, whose operating system is past its end of support, whichever edition it is.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for (chart, evidence) in with_os(known) {
        let os = chart.os();
        let Some(end) = os.latest_possible_end().filter(|end| today >= *end) else { continue };
        let name = chart.os_name();
        let source = said_by(&os, end);
        let device = chart.label();
        let (title, reason) = if !chart.is_in_a_ledger() {
            (
                msg!("LIF001.title_seen", device = device, os = &name, date = end),
                msg!("LIF001.reason_seen", os = &name, date = end, source = source),
            )
        } else if os.entry().is_some() {
            (
                msg!("LIF001.title", device = device, os = &name, date = end),
                msg!("LIF001.reason", os = &name, date = end, source = source),
            )
        } else {
            (
                msg!("LIF001.title_latest", device = device, os = &name, date = end),
                msg!("LIF001.reason_latest", os = &name, date = end, source = source),
            )
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title,
                reason,
                remedy: if chart.is_medical() {
                    msg!("LIF001.remedy_medical")
                } else {
                    msg!("LIF001.remedy")
                },
                evidence,
                rests_on: vec![name, end.to_string()],
            },
        );
    }
}

/// The devices of which an operating system can be told, each with what tells it.
pub(super) fn with_os<'k>(
    known: &'k Known<'_>,
) -> impl Iterator<Item = (Chart<'k>, Vec<ObservationRef>)> {
    let evidence = |chart: Chart<'k>| (chart, chart.os_evidence());
    known.charts().map(evidence).filter(|(_, evidence)| !evidence.is_empty())
}

/// Who says that support ends on `end`; with the mark of a date that nobody has compared with its source.
pub(super) fn said_by(os: &OsMatch<'_>, end: Date) -> Arg {
    let Some(entry) = os.entries().iter().find(|entry| entry.eos == Some(end)) else {
        return Arg::List(Vec::new());
    };
    let mut said = vec![Arg::from(&entry.source)];
    if os.entries().iter().any(|entry| !entry.verified) {
        said.push(Arg::Term(Cow::Borrowed("lifecycle.unverified")));
    }
    Arg::List(said)
}
