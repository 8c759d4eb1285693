//! NET013: the administration of a network device can be reached from outside.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, all, names, setting_subject, value};
use crate::known::Known;
use crate::world::Recorded;

/// One finding for each outside interface on which a way of administration is open.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::AdminAccess) {
        if !is_open(setting) {
            continue;
        }
        let ways = ways(setting);
        let interface = value(setting, Field::SettingName);
        // A service that is bound to no interface is open where filters let it be.
        let (severity, title, reason) = if interface == "any" {
            let title = msg!("NET013.title_any", device = chart.label(), ways = names(&ways));
            (Severity::Warning, title, msg!("NET013.reason_any"))
        } else {
            let title = msg!(
                "NET013.title",
                device = chart.label(),
                interface = interface,
                ways = names(&ways)
            );
            (Severity::Urgent, title, msg!("NET013.reason"))
        };
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity,
                device: Some(chart.device.id),
                title,
                reason,
                remedy: msg!("NET013.remedy"),
                evidence: vec![setting.at],
                rests_on: ways,
            },
        );
    }
}

/// Whether the device can be administered from outside.
pub(super) fn is_open(setting: &Recorded) -> bool {
    value(setting, Field::Side) == "outside" && !ways(setting).is_empty()
}

/// The ways of administration that are open. An echo answer is none.
fn ways(setting: &Recorded) -> Vec<String> {
    let mut ways = all(setting, Field::Access);
    ways.retain(|way| way != "ping");
    ways
}
