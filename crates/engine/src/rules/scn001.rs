//! SCN001: a security diagnosis found something serious on a device.

use std::collections::BTreeMap;

use domain::{DeviceId, Field, ObservationKind, ObservationRef, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, all, names, value};
use crate::known::Known;

/// What a scanner says of one device.
#[derive(Default)]
struct Diagnosis {
    critical: bool,
    titles: Vec<String>,
    cves: Vec<String>,
    evidence: Vec<ObservationRef>,
}

/// One finding for each device of which a scan in force reports something of severity high or critical.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut devices: BTreeMap<DeviceId, Diagnosis> = BTreeMap::new();
    for (item, chart) in known.statements(ObservationKind::ScanItem) {
        let severity = value(item, Field::ScanSeverity);
        let Some(chart) = chart.filter(|_| matches!(severity, "high" | "critical")) else {
            continue;
        };
        let of = devices.entry(chart.device.id).or_default();
        of.critical |= severity == "critical";
        of.titles.push(value(item, Field::Title).to_owned());
        of.cves.extend(all(item, Field::Cve));
        of.evidence.push(item.at);
    }
    for (id, mut said) in devices {
        let Some(chart) = known.chart(id) else { continue };
        said.titles.sort();
        said.cves.sort();
        said.cves.dedup();
        findings.add(
            Subject::Device(id),
            Said {
                severity: if said.critical { Severity::Urgent } else { Severity::Warning },
                device: Some(id),
                title: msg!("SCN001.title", device = chart.label(), count = said.titles.len()),
                reason: match said.cves.is_empty() {
                    true => msg!("SCN001.reason", titles = names(&said.titles)),
                    false => msg!(
                        "SCN001.reason_cves",
                        titles = names(&said.titles),
                        cves = names(&said.cves)
                    ),
                },
                remedy: match chart.is_medical() {
                    true => msg!("SCN001.remedy_medical"),
                    false => msg!("SCN001.remedy"),
                },
                evidence: said.evidence,
                rests_on: said.titles,
            },
        );
    }
}
