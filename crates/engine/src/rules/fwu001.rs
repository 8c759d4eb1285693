//! FWU001: the signatures a network device checks traffic with are stale.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, setting_subject, value};
use crate::known::Known;
use crate::protection::day;

/// Older than this when the device was asked, in days. This program's own choice: makers give out new ones every day.
const STALE_AFTER: i32 = 30;

/// One finding for each database of signatures. A device that checks nothing with them loses nothing, but is not what it was bought for.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (setting, chart) in known.settings(SettingKind::SignatureDatabase) {
        let Some(date) = day(value(setting, Field::PatternDate)) else { continue };
        let days = (known.captured_on(setting.at) - date).get_days();
        if days <= STALE_AFTER {
            continue;
        }
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!(
                    "FWU001.title",
                    device = chart.label(),
                    name = value(setting, Field::SettingName),
                    date = date
                ),
                reason: msg!("FWU001.reason", days = days),
                remedy: msg!("FWU001.remedy"),
                evidence: vec![setting.at],
                rests_on: vec![date.to_string()],
            },
        );
    }
}
