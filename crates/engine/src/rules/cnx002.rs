//! CNX002: a tunnel is protected by outdated ciphers.

use domain::{Field, SettingKind, Severity, msg};
use jiff::civil::Date;

use super::{Findings, Said, all, names, setting_subject, value};
use crate::known::Known;

/// Ciphers and digests that must not or should not be used any more: RFC 8221, clauses 5 and 6 (DES and MD5: MUST NOT; 3DES: SHOULD
/// NOT), RFC 7465 (RC4: prohibited).
const OUTDATED: [&str; 5] = ["des", "3des", "md5", "rc4", "null"];

/// One finding for each tunnel and dial-in that is switched on and uses one of them.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let tunnels = known.settings(SettingKind::Tunnel);
    // What is dialled into runs through a tunnel of the same device, where there is one with its ciphers: that one is told.
    let mut dial_ins = known.settings(SettingKind::DialIn);
    dial_ins.retain(|(dial_in, chart)| {
        !tunnels.iter().any(|(tunnel, of)| {
            of.device.id == chart.device.id
                && all(tunnel, Field::Algorithm) == all(dial_in, Field::Algorithm)
        })
    });
    for (setting, chart) in tunnels.into_iter().chain(dial_ins) {
        let mut weak = all(setting, Field::Algorithm);
        weak.retain(|algorithm| is_outdated(algorithm));
        if weak.is_empty() || value(setting, Field::Enabled) == "no" {
            continue;
        }
        let name = match value(setting, Field::Description) {
            "" => value(setting, Field::SettingName),
            described => described,
        };
        findings.add(
            setting_subject(setting, &chart),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!(
                    "CNX002.title",
                    device = chart.label(),
                    name = name,
                    algorithms = names(&weak)
                ),
                reason: msg!("CNX002.reason"),
                remedy: msg!("CNX002.remedy"),
                evidence: vec![setting.at],
                rests_on: weak,
            },
        );
    }
}

/// Whether one of the words of `algorithm` is outdated: `esp-3des`, `3des-cbc`, `des-md5`, `hmac-md5-96`.
fn is_outdated(algorithm: &str) -> bool {
    let lower = algorithm.to_ascii_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| OUTDATED.contains(&word))
}
