//! NET016: a scan found a service open by which a machine can be taken over, or which is out of date.

use domain::{Field, ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, all};
use crate::known::{Chart, Known};
use crate::services::{self, Reach};
use crate::world::Recorded;

/// One finding for each device, from the scans in force.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for host in known.of_kind(ObservationKind::ScanHost) {
        let mut open = all(host, Field::Service);
        open.retain(|service| services::reach(service) > Reach::Ordinary);
        let Some(chart) = known.chart_of(host.at).filter(|_| !open.is_empty()) else { continue };
        findings.add(Subject::Device(chart.device.id), said(host, &chart, open));
    }
}

fn said(host: &Recorded, chart: &Chart<'_>, open: Vec<String>) -> Said {
    let services = domain::message::Arg::List(open.iter().map(|one| services::name(one)).collect());
    let gate = !chart.is_declared() && open.iter().any(|service| service == "tcp/1723");
    let (reason, remedy) = match (gate, chart.is_medical()) {
        (true, _) => (msg!("NET016.reason_gate"), msg!("NET016.remedy_gate")),
        (false, true) => (msg!("NET016.reason"), msg!("NET016.remedy_medical")),
        (false, false) => (msg!("NET016.reason"), msg!("NET016.remedy")),
    };
    Said {
        severity: if gate { Severity::Urgent } else { Severity::Warning },
        device: Some(chart.device.id),
        title: msg!("NET016.title", device = chart.label(), services = services),
        reason,
        remedy,
        evidence: vec![host.at],
        rests_on: open,
    }
}
