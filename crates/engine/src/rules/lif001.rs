//! LIF001: the support of a device's operating system has ended.

use std::borrow::Cow;

use domain::message::Arg;
use domain::{Message, ObservationRef, Severity, Subject, SupportEntry, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::lifecycle::OsMatch;

/// One finding for each device, listed or only seen, whose operating system is past its end of support, whichever edition it is;
/// also where nobody knows since when.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for (chart, evidence) in with_os(known) {
        let os = chart.os();
        if !os.is_over(today) {
            continue;
        }
        let name = chart.os_name();
        let (title, reason, end) = told(&chart, &os, &name);
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
                rests_on: vec![name, end.map_or_else(|| "over".to_owned(), |end| end.to_string())],
            },
        );
    }
}

/// What is said of a system whose support is over, and the day from which that is sure, where one is known.
fn told(chart: &Chart<'_>, os: &OsMatch<'_>, name: &str) -> (Message, Message, Option<Date>) {
    let (device, seen) = (chart.label(), !chart.is_in_a_ledger());
    let Some(end) = os.latest_possible_end() else {
        let source = said_of(os, |entry| entry.eos.is_none());
        let (title, reason) = if seen {
            (
                msg!("LIF001.title_seen_undated", device = device, os = name),
                msg!("LIF001.reason_seen_undated", os = name, source = source),
            )
        } else {
            (
                msg!("LIF001.title_undated", device = device, os = name),
                msg!("LIF001.reason_undated", os = name, source = source),
            )
        };
        return (title, reason, None);
    };
    let source = said_by(os, end);
    let (title, reason) = if seen {
        (
            msg!("LIF001.title_seen", device = device, os = name, date = end),
            msg!("LIF001.reason_seen", os = name, date = end, source = source),
        )
    } else if os.entry().is_some() {
        (
            msg!("LIF001.title", device = device, os = name, date = end),
            msg!("LIF001.reason", os = name, date = end, source = source),
        )
    } else {
        (
            msg!("LIF001.title_latest", device = device, os = name, date = end),
            msg!("LIF001.reason_latest", os = name, date = end, source = source),
        )
    };
    (title, reason, Some(end))
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
    said_of(os, |entry| entry.eos == Some(end))
}

/// Who wrote the first row that `is_meant`.
fn said_of(os: &OsMatch<'_>, is_meant: impl Fn(&SupportEntry) -> bool) -> Arg {
    let Some(entry) = os.entries().iter().find(|entry| is_meant(entry)) else {
        return Arg::List(Vec::new());
    };
    let mut said = vec![Arg::from(&entry.source)];
    if os.entries().iter().any(|entry| !entry.verified) {
        said.push(Arg::Term(Cow::Borrowed("lifecycle.unverified")));
    }
    Arg::List(said)
}
