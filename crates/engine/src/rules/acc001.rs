//! ACC001: somebody can come in from outside with a password alone.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::Known;

/// One finding for each user of a way in from outside who is not asked for a second factor.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::Account) {
        let outside = value(setting, Field::Access) == "vpn";
        let without = value(setting, Field::SecondFactor) == "no";
        if !outside || !without || value(setting, Field::Enabled) == "no" {
            continue;
        }
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!(
                    "ACC001.title",
                    device = chart.label(),
                    user = value(setting, Field::SettingName)
                ),
                reason: msg!("ACC001.reason"),
                remedy: msg!("ACC001.remedy"),
                evidence: vec![setting.at],
                rests_on: vec!["no".to_owned()],
            },
        );
    }
}
