//! `show system` of AlliedWare Plus (Allied Telesis).

use domain::Field;
use jiff::ToSpan;
use jiff::civil::DateTime;

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;

/// The format.
pub(super) struct AlliedSystem;

impl DeviceFormat for AlliedSystem {
    fn kind(&self) -> &'static str {
        "alliedware-plus-system"
    }

    fn family(&self) -> &'static str {
        "alliedware-plus"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has = |mark: &str| head.lines().any(|line| line.text.trim_start().starts_with(mark));
        let is_whole = has("Board") && has("Software version");
        if has("System Status") && is_whole { Score::Certain } else { Score::No }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let mut dated: Option<DateTime> = None;
        let mut is_name = false;
        for line in part.lines() {
            let text = line.text.trim();
            into.reading.rows += u64::from(!text.is_empty());
            if is_name {
                // An unset name is an empty line.
                into.say(
                    line.number,
                    Field::Hostname,
                    text.split_whitespace().next().unwrap_or_default(),
                );
                is_name = false;
            }
            if let Some(time) = text.strip_prefix("System Status").and_then(super::english_date) {
                dated = Some(time);
                into.date(line.number, time);
            }
            is_name |= text == "System Name";
            row(line.number, text, dated, into);
        }
    }
}

fn row(number: u32, text: &str, dated: Option<DateTime>, into: &mut Gathering) {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        // The first base is the unit itself; expansions and members of a stack follow.
        ["Base", _, model, .., serial] if words.len() >= 4 => {
            into.say(number, Field::Maker, "Allied Telesis");
            into.say(number, Field::Model, model);
            if into.said(Field::Serial).is_none() {
                into.say(number, Field::Serial, serial);
            }
        }
        ["Software", "version", ":", version, ..] => {
            into.say(number, Field::Os, "AlliedWare Plus");
            into.say(number, Field::OsVersion, version);
        }
        ["Uptime", ":", days, "days" | "day", clock, ..] => {
            uptime(number, days, clock, dated, into);
        }
        _ => {}
    }
}

fn uptime(number: u32, days: &str, clock: &str, dated: Option<DateTime>, into: &mut Gathering) {
    let Ok(days) = days.parse::<i64>() else { return };
    into.reading.count("uptime_days", days.unsigned_abs());
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default().clamp(0, 59);
    let (hours, minutes, seconds) = (next(), next(), next());
    let days = days.clamp(0, 36_500);
    let span = days.days().hours(hours).minutes(minutes).seconds(seconds);
    if let Some(booted) = dated.and_then(|dated| dated.checked_sub(span).ok()) {
        into.say(number, Field::Booted, &booted.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_unit_without_a_name_is_known_by_its_number() {
        let text = "System Status                                   Fri Nov 20 09:30:29 2026\n\nBoard       ID  Bay   Board Name                         Rev   Serial number\n--------------------------------------------------------------------------------\nBase       467        AT-x230-28GT                       B-0   A00000001\nExpansion  306  Bay1  AT-StackXG                         A-0   N/A\n--------------------------------------------------------------------------------\nUptime             : 3 days 09:30:30\nSoftware version   : 5.4.9-2.3\n\nSystem Name\n awplus\n";
        let (reading, told) = read(text);
        assert_eq!(reading.source_hint.as_deref(), Some("session/A00000001"));
        assert_eq!(
            told,
            [
                "5 host_report: maker=Allied Telesis model=AT-x230-28GT serial=A00000001 booted=2026-11-16T23:59:59 os=AlliedWare Plus os_version=5.4.9-2.3 hostname=awplus"
            ]
        );
    }
}
