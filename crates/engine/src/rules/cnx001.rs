//! CNX001: somebody can dial in, and the ledger knows of no remote maintenance there.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::{Chart, Known};

/// One finding for each way in whose device the ledger gives no remote maintenance, or says nothing of it.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let ways = [SettingKind::DialIn, SettingKind::RemoteAccess];
    for (setting, chart) in ways.into_iter().flat_map(|kind| known.settings(kind)) {
        if value(setting, Field::Enabled) == "no" || is_declared(&chart) {
            continue;
        }
        let described = value(setting, Field::Description);
        let name = match described {
            "" => value(setting, Field::SettingName),
            described => described,
        };
        let reason = match chart.declared(Field::RemoteMaintenance) {
            Some(said) => msg!("CNX001.reason", word = said.shown()),
            None => msg!("CNX001.reason_unlisted"),
        };
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("CNX001.title", device = chart.label(), name = name),
                reason,
                remedy: msg!("CNX001.remedy"),
                evidence: vec![setting.at],
                rests_on: vec![name.to_owned()],
            },
        );
    }
}

fn is_declared(chart: &Chart<'_>) -> bool {
    chart
        .declared(Field::RemoteMaintenance)
        .is_some_and(|said| super::cnx004::says_yes(said.shown()))
}
