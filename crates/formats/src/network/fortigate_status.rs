//! `get system status` of FortiGate: what it is, and how old the databases are that it checks traffic with.

use domain::{Field, SettingKind};
use jiff::civil::Date;

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;

/// The format.
pub(super) struct FortigateStatus;

impl DeviceFormat for FortigateStatus {
    fn kind(&self) -> &'static str {
        "fortigate-status"
    }

    fn family(&self) -> &'static str {
        "fortigate"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_version = |line: &str| {
            line.strip_prefix("Version: Forti").is_some_and(|rest| rest.contains(",build"))
        };
        head.best_line(|line| if is_version(line.trim()) { Score::Certain } else { Score::No })
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        for line in part.lines() {
            let text = line.text.trim();
            let Some((label, value)) = text.split_once(':') else { continue };
            into.reading.rows += 1;
            labelled(line.number, label.trim(), value.trim(), into);
        }
    }
}

fn labelled(number: u32, label: &str, value: &str, into: &mut Gathering) {
    match label {
        "Version" => version(number, value, into),
        "Serial-Number" => into.say(number, Field::Serial, value),
        "Hostname" => into.say(number, Field::Hostname, value),
        "System time" => {
            if let Some(time) = super::english_date(value) {
                into.date(number, time);
            }
        }
        _ => database(number, label, value, into),
    }
}

/// `FortiGate-60E v7.0.5,build0304,220208 (GA)`.
fn version(number: u32, value: &str, into: &mut Gathering) {
    let Some((model, rest)) = value.split_once(' ') else { return };
    let mut parts = rest.split([',', ' ']);
    into.say(number, Field::Maker, "Fortinet");
    into.say(number, Field::Model, model);
    into.say(number, Field::Os, "FortiOS");
    into.say(number, Field::OsVersion, parts.next().unwrap_or_default());
    into.say(number, Field::SoftwareVersion, parts.next().unwrap_or_default());
}

/// `Virus-DB: 90.02571(2022-05-23 20:26)`.
fn database(number: u32, label: &str, value: &str, into: &mut Gathering) {
    let Some((version, rest)) = value.split_once('(') else { return };
    let written = rest.trim_end_matches(')');
    let day = written.get(..10).and_then(|day| day.parse::<Date>().ok());
    let Some(day) = day.filter(|_| version.starts_with(|c: char| c.is_ascii_digit())) else {
        return;
    };
    let name = label.to_lowercase().replace(' ', "-");
    into.set_once(number, SettingKind::SignatureDatabase, &name, |facts| {
        facts.add(Field::PatternVersion, version);
        facts.add_written(Field::PatternDate, &day.to_string(), written);
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_firewall_of_another_version_tells_the_same() {
        let text = "Version: FortiGate-100F v6.4.9,build1966,220321 (GA)\nVirus-DB: 1.00000(2018-04-09 18:07)\nIPS-ETDB: 0.00000(2001-01-01 00:00)\nSerial-Number: FG100FTK20000001\nHostname: UTM-02\nSystem time: Fri Nov 20 09:50:11 2026\n";
        let (reading, told) = read(text);
        assert_eq!(
            (reading.kind, reading.source_hint.as_deref()),
            ("fortigate-status", Some("session/UTM-02"))
        );
        assert_eq!(
            told,
            [
                "1 host_report: maker=Fortinet model=FortiGate-100F os=FortiOS os_version=v6.4.9 software_version=build1966 serial=FG100FTK20000001 hostname=UTM-02",
                "2 setting: setting=signature_database setting_name=virus-db pattern_version=1.00000 pattern_date=2018-04-09",
                "3 setting: setting=signature_database setting_name=ips-etdb pattern_version=0.00000 pattern_date=2001-01-01",
            ]
        );
    }
}
