//! NET012: a machine inside can be reached from outside.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::{Chart, Known};
use crate::services::{self, Reach};
use crate::world::Recorded;

/// One finding for each inside address and port that a router or firewall publishes.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::Publication) {
        if is_own_tunnel(setting, &chart) || value(setting, Field::Enabled) == "no" {
            continue;
        }
        let (target, service) = (value(setting, Field::Target), value(setting, Field::Service));
        let inside = inside(known, target);
        let reach = services::reach(service);
        let (severity, reason) = match reach {
            Reach::Ordinary => (Severity::Warning, msg!("NET012.reason", device = chart.label())),
            Reach::Legacy | Reach::Control => {
                (Severity::Urgent, msg!("NET012.reason_control", device = chart.label()))
            }
        };
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity,
                device: Some(inside.map_or(chart.device.id, |inside| inside.device.id)),
                title: title(inside, target, service),
                reason,
                remedy: remedy(inside),
                evidence: vec![setting.at],
                rests_on: vec![target.to_owned(), service.to_owned()],
            },
        );
    }
}

fn title(inside: Option<Chart<'_>>, target: &str, service: &str) -> domain::Message {
    let service = services::name(service);
    // One that has no other name than its address is not named twice.
    match inside.map(|inside| inside.label()).filter(|label| label != target) {
        Some(label) => {
            msg!("NET012.title", target = label, address = target, service = service)
        }
        None => msg!("NET012.title_unknown", address = target, service = service),
    }
}

fn remedy(inside: Option<Chart<'_>>) -> domain::Message {
    match inside.is_some_and(|inside| inside.is_medical()) {
        true => msg!("NET012.remedy_medical"),
        false => msg!("NET012.remedy"),
    }
}

/// The one device that has `target` as its fixed address, or was seen there last.
fn inside<'k>(known: &'k Known<'_>, target: &str) -> Option<Chart<'k>> {
    let address = target.parse().ok()?;
    let holds = |chart: &Chart<'_>| {
        chart.fixed_addresses().contains(&address)
            || chart.latest_sightings().iter().any(|seen| seen.address == address)
    };
    let mut holders = known.charts().filter(holds);
    let first = holders.next()?;
    holders.next().is_none().then_some(first)
}

/// A router must let its own tunnels in: key exchange (RFC 7296, clause 2: UDP ports 500 and 4500), ESP and AH, and L2TP within them
/// (RFC 2661, clause 8.1: UDP port 1701).
fn is_own_tunnel(setting: &Recorded, chart: &Chart<'_>) -> bool {
    let own = value(setting, Field::Target).parse::<std::net::Ipv4Addr>();
    let to_itself = own.is_ok_and(|own| chart.addresses().any(|(_, address)| address == own));
    to_itself
        && matches!(
            value(setting, Field::Service),
            "ah" | "esp" | "udp/500" | "udp/1701" | "udp/4500"
        )
}
