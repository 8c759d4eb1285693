//! `show version` of Cisco IOS, IOS XE and NX-OS, and of switches that answer like them.

use domain::Field;
use jiff::civil::DateTime;

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;

/// The format.
pub(super) struct CiscoVersion;

/// Words that only this answer begins a line with.
const MARKS: [&str; 5] = [
    "Cisco IOS XE Software",
    "Cisco IOS Software",
    "IOS (tm) ",
    "Cisco Internetwork Operating System Software",
    "Cisco Nexus Operating System (NX-OS) Software",
];

impl DeviceFormat for CiscoVersion {
    fn kind(&self) -> &'static str {
        "cisco-version"
    }

    fn family(&self) -> &'static str {
        "cisco"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        // A neighbour's description quotes the first line; what follows it there is never the uptime.
        let is_marked =
            head.lines().any(|line| MARKS.iter().any(|mark| line.text.starts_with(mark)));
        let is_whole = head.lines().any(|line| {
            line.text.contains(" uptime is ")
                || line.text.starts_with("Processor board ID")
                || line.text.starts_with("ROM: ")
        });
        let is_neighbour = head.lines().any(|line| {
            line.text.starts_with("Device ID:") || line.text.starts_with("Chassis id:")
        });
        if is_marked && is_whole && !is_neighbour { Score::Certain } else { Score::No }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let mut stack = 0;
        for line in part.lines() {
            let text = line.text.trim();
            if text.is_empty() {
                continue;
            }
            into.reading.rows += 1;
            // Members of a stack follow the first, each with a card and number of its own.
            if text.starts_with("Switch ")
                && text.ends_with(|c: char| c.is_ascii_digit())
                && text.split_whitespace().count() == 2
            {
                stack += 1;
            }
            if stack == 0 {
                read(line.number, text, into);
            }
        }
        if stack > 0 {
            into.reading.count("stack_members", stack);
        }
    }
}

fn read(number: u32, text: &str, into: &mut Gathering) {
    if MARKS.iter().any(|mark| text.starts_with(mark)) {
        into.say(number, Field::Maker, "Cisco");
        into.say(number, Field::Os, system(text));
    }
    if let Some(version) = version(text) {
        into.say(number, Field::OsVersion, version);
    }
    if let Some((name, uptime)) = text.split_once(" uptime is ") {
        // A name is one word; a sentence of another answer is none.
        if !name.contains(' ') {
            into.say(number, Field::Hostname, name);
            days(uptime).into_iter().for_each(|days| into.reading.count("uptime_days", days));
        }
    }
    if let Some(time) = text.strip_prefix("System restarted at ").and_then(restarted) {
        into.say(number, Field::Booted, &time.to_string());
    }
    labelled(number, text, into);
}

/// Lines of a label and a value, and the line of the processor.
fn labelled(number: u32, text: &str, into: &mut Gathering) {
    let lower = text.to_ascii_lowercase();
    let value = || text.split_once(':').map_or("", |(_, value)| value.trim());
    if lower.starts_with("model number") {
        into.say(number, Field::Model, value());
    } else if lower.starts_with("system serial number") {
        into.say(number, Field::Serial, value());
    } else if lower.starts_with("base ethernet mac address") {
        if let Ok(mac) = value().parse() {
            into.bind_card(number, mac);
        }
    } else if lower.starts_with("device name:") {
        into.say(number, Field::Hostname, value());
    } else if let Some(serial) = text.strip_prefix("Processor board ID ") {
        // Of a switch this may be its main board's; its own number follows, and then counts.
        let serial = serial.split([',', ' ']).next().unwrap_or_default();
        if into.said(Field::Serial).is_none() {
            into.board = Some((number, serial.to_owned()));
        }
    } else if let Some(model) = processor(text) {
        into.say(number, Field::Model, model);
    }
}

/// The name of the system in the line that marks it.
fn system(text: &str) -> &'static str {
    if text.contains("IOS XE") || text.contains("IOS-XE") || text.contains("IOSXE") {
        "Cisco IOS XE"
    } else if text.contains("NX-OS") {
        "Cisco NX-OS"
    } else {
        "Cisco IOS"
    }
}

/// The version of `…, Version 17.9.4, RELEASE SOFTWARE (fc5)`, and of NX-OS's `NXOS: version 9.3(10)`.
fn version(text: &str) -> Option<&str> {
    // The packages' own number, written with zeros, stands before the system's.
    if text.starts_with("Cisco IOS XE Software, Version") {
        return None;
    }
    let is_system = text.contains("Software") && text.contains(", Version ");
    let is_nexus = ["NXOS: version ", "system: version ", "system:    version "]
        .iter()
        .any(|mark| text.starts_with(mark));
    let after = match (is_system, is_nexus) {
        (true, _) => text.split_once(", Version ")?.1,
        (_, true) => text.split_once("version ")?.1,
        _ => return None,
    };
    after
        .split([',', ' '])
        .next()
        .filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// The model of `cisco WS-C2960-24TT-L (PowerPC405) processor …`.
fn processor(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("cisco ").or_else(|| text.strip_prefix("Cisco "))?;
    let is_one =
        rest.contains(" processor") || rest.contains("bytes of memory") || rest.contains("hassis");
    let mut words = rest
        .split_whitespace()
        .filter(|word| !matches!(*word, "Nexus" | "Nexus9000" | "Nexus7000" | "Nexus5000"));
    words.next().filter(|word| is_one && word.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Whole days of `1 year, 20 weeks, 3 days, 2 hours`.
fn days(uptime: &str) -> Option<u64> {
    let mut days = 0u64;
    for part in uptime.split(',') {
        let (number, unit) = part.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        let unit = match unit.trim_end_matches('s') {
            "year" => 365,
            "week" => 7,
            "day" => 1,
            _ => 0,
        };
        days = days.saturating_add(number.saturating_mul(unit));
    }
    Some(days)
}

/// `03:12:44 JST Tue Feb 11 2025`; other zones than Japan's are not converted, and so not read.
fn restarted(text: &str) -> Option<DateTime> {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let [clock, "JST", _, month, day, year] = words.as_slice() else { return None };
    super::english_time(month, day, clock, year)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn an_older_switch_tells_its_own_number_and_card() {
        let text = "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE5, RELEASE SOFTWARE (fc1)\nROM: Bootstrap program is C2960 boot loader\nSW-3F uptime is 4 years, 2 weeks, 1 day, 3 hours, 5 minutes\nSystem restarted at 03:12:44 JST Tue Feb 11 2025\ncisco WS-C2960-24TT-L (PowerPC405) processor (revision D0) with 65536K bytes of memory.\nProcessor board ID FOC1234X5YZ\nBase ethernet MAC Address       : 00:1B:54:AA:BB:CC\nModel number                    : WS-C2960-24TT-L\nSystem serial number            : FOC1234Z9ZZ\n";
        let (reading, told) = read(text);
        assert_eq!(reading.kind, "cisco-version");
        assert_eq!(
            told,
            [
                "1 host_report: maker=Cisco os=Cisco IOS os_version=12.2(55)SE5 hostname=SW-3F booted=2025-02-11T03:12:44 model=WS-C2960-24TT-L serial=FOC1234Z9ZZ 00-1b-54-aa-bb-cc@-"
            ]
        );
        assert_eq!(reading.counts["uptime_days"], 4 * 365 + 15);
        assert_eq!(reading.source_hint.as_deref(), Some("session/SW-3F"));
    }

    #[test]
    fn routers_and_nexus_are_read_too() {
        let text = "IOS (tm) C2600 Software (C2600-IK9S-M), Version 12.3(6), RELEASE SOFTWARE (fc3)\nRT1 uptime is 3 days, 2 hours\nCisco 2611 (MPC860) processor (revision 0x100) with 61440K/4096K bytes of memory.\nProcessor board ID JAD06410ABC (1234567890)\n";
        let (_, told) = read(text);
        assert_eq!(
            told,
            [
                "1 host_report: maker=Cisco os=Cisco IOS os_version=12.3(6) hostname=RT1 model=2611 serial=JAD06410ABC"
            ]
        );
        let text = "Cisco Nexus Operating System (NX-OS) Software\n  NXOS: version 9.3(10)\n  cisco Nexus9000 C93180YC-EX chassis \n  Processor Board ID FDO00000AAA\n  Device name: N9K-1\nProcessor board ID FDO00000AAA\n";
        let (_, told) = read(text);
        assert_eq!(
            told,
            [
                "1 host_report: maker=Cisco os=Cisco NX-OS os_version=9.3(10) model=C93180YC-EX hostname=N9K-1 serial=FDO00000AAA"
            ]
        );
    }
}
