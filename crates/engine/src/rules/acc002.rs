//! ACC002: an administrator may sign in from anywhere.

use std::collections::BTreeMap;

use domain::{DeviceId, Field, ObservationRef, SettingKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names, value};
use crate::known::Known;

/// One finding for each device: its administrators that are not held to named addresses.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut devices: BTreeMap<DeviceId, Vec<(String, ObservationRef)>> = BTreeMap::new();
    for (setting, chart) in known.settings(SettingKind::Account) {
        let admin = value(setting, Field::Access) == "admin";
        if admin && value(setting, Field::TrustedHosts) == "no" {
            let name = value(setting, Field::SettingName).to_owned();
            devices.entry(chart.device.id).or_default().push((name, setting.at));
        }
    }
    for (id, accounts) in devices {
        let Some(chart) = known.chart(id) else { continue };
        let users: Vec<String> = accounts.iter().map(|(name, _)| name.clone()).collect();
        findings.add(
            Subject::Device(id),
            Said {
                severity: Severity::Warning,
                device: Some(id),
                title: msg!("ACC002.title", device = chart.label(), users = names(&users)),
                reason: msg!("ACC002.reason"),
                remedy: msg!("ACC002.remedy"),
                evidence: accounts.iter().map(|(_, at)| *at).collect(),
                rests_on: users,
            },
        );
    }
}
