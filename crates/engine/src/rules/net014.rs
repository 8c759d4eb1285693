//! NET014: a rule of a firewall lets everything through.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::Known;
use crate::world::Recorded;

/// One finding for each rule in force that allows any service from anywhere to anywhere.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::Policy).into_iter() {
        if !is_open(setting) || value(setting, Field::Enabled) == "no" {
            continue;
        }
        let silent = value(setting, Field::Logging) == "no";
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!(
                    "NET014.title",
                    device = chart.label(),
                    policy = value(setting, Field::SettingName)
                ),
                reason: if silent { msg!("NET014.reason_silent") } else { msg!("NET014.reason") },
                remedy: msg!("NET014.remedy"),
                evidence: vec![setting.at],
                rests_on: vec![value(setting, Field::Logging).to_owned()],
            },
        );
    }
}

fn is_open(setting: &Recorded) -> bool {
    [Field::Peer, Field::Target, Field::Service]
        .into_iter()
        .all(|field| value(setting, field) == "any")
}
