//! CNX003: a gate that lets people in from outside is open on a device without support.

use domain::{Field, SettingKind, Severity, Stage, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::Known;
use crate::services;
use crate::world::Recorded;

/// One finding for each service that lets people in from outside: urgent where the device's software has no support any more.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::RemoteAccess) {
        if !is_open(setting) {
            continue;
        }
        let os = chart.os();
        let ended = os.stage(today) == Stage::EndOfSupport;
        let (severity, reason) = match ended {
            true => (Severity::Urgent, msg!("CNX003.reason_ended", os = chart.os_name())),
            false => (Severity::Notice, msg!("CNX003.reason", os = chart.os_name())),
        };
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity,
                device: Some(chart.device.id),
                title: msg!(
                    "CNX003.title",
                    device = chart.label(),
                    name = value(setting, Field::SettingName),
                    service = services::name(value(setting, Field::Service))
                ),
                reason,
                remedy: msg!("CNX003.remedy"),
                evidence: vec![setting.at],
                rests_on: vec![chart.os_name()],
            },
        );
    }
}

/// Whether the service lets people in from outside.
pub(super) fn is_open(setting: &Recorded) -> bool {
    value(setting, Field::Enabled) != "no" && value(setting, Field::Side) != "inside"
}
