//! NET013: the administration of a network device can be reached from outside.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, all, names, setting_subject, value};
use crate::known::Known;

/// One finding for each outside interface on which a way of administration is open.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::AdminAccess) {
        let mut ways = all(setting, Field::Access);
        // An echo answer is no administration.
        ways.retain(|way| way != "ping");
        if value(setting, Field::Side) != "outside" || ways.is_empty() {
            continue;
        }
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!(
                    "NET013.title",
                    device = chart.label(),
                    interface = value(setting, Field::SettingName),
                    ways = names(&ways)
                ),
                reason: msg!("NET013.reason"),
                remedy: msg!("NET013.remedy"),
                evidence: vec![setting.at],
                rests_on: ways,
            },
        );
    }
}
