//! `show environment` of Yamaha routers, in Japanese and in English.

use domain::Field;
use domain::fold::half_width;
use jiff::civil::DateTime;

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;
use crate::values::date;

/// The format.
pub(super) struct YamahaEnvironment;

impl DeviceFormat for YamahaEnvironment {
    fn kind(&self) -> &'static str {
        "yamaha-environment"
    }

    fn family(&self) -> &'static str {
        "yamaha"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_headed =
            head.lines().any(|line| !line.text.starts_with('#') && release(line.text).is_some());
        let has_load = head.lines().any(|line| {
            line.text.trim_start().starts_with("CPU:") || line.text.contains("BootROM")
        });
        if is_headed && has_load { Score::Certain } else { Score::No }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        for (number, text) in unwrapped(part) {
            if !text.trim().is_empty() {
                into.reading.rows += 1;
                head_line(number, &text, into);
                clock_line(number, &half_width(&text), into);
            }
        }
    }
}

/// The lines, joined where the screen wrapped them at its eightieth column. A remark's mark is not part of what goes on.
pub(super) fn unwrapped(part: Part<'_>) -> Vec<(u32, String)> {
    let mut joined: Vec<(u32, String)> = Vec::new();
    let mut is_open = false;
    for line in part.lines() {
        let text = line.text.trim_end_matches(['\r', '\n']);
        let width: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        match joined.last_mut() {
            Some((_, before)) if is_open && goes_on(text) && before.len() < 4096 => {
                let rest = if before.starts_with('#') {
                    text.strip_prefix("# ").unwrap_or(text)
                } else {
                    text
                };
                before.push_str(rest);
            }
            _ => joined.push((line.number, text.to_owned())),
        }
        is_open = matches!(width, 79 | 80) && text.contains("MAC-Addr");
    }
    joined
}

/// Whether a line is the rest of one that lists cards: `ess=00:a0:de:…`, or the end of a card alone.
fn goes_on(text: &str) -> bool {
    let first = text.trim_start_matches("# ").split_whitespace().next().unwrap_or_default();
    let is_card_end = first.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    first.contains('=') || (is_card_end && !first.is_empty())
}

/// Model and release of `RTX1210 Rev.14.01.38 (…)`.
pub(super) fn release(text: &str) -> Option<(&str, &str)> {
    let mut words = text.trim().trim_start_matches("# ").split_whitespace();
    let (model, release) = (words.next()?, words.next()?);
    let is_model = ["RTX", "NVR", "FWX", "SRT", "RT", "vRX", "SWX", "WLX", "UTX"]
        .iter()
        .any(|start| model.starts_with(start));
    (is_model && release.starts_with("Rev.")).then_some((model, release))
}

/// What the answer and the head of a configuration both tell: model, release, number and cards.
pub(super) fn head_line(number: u32, text: &str, into: &mut Gathering) {
    if let Some((model, release)) = release(text) {
        into.say(number, Field::Maker, "Yamaha");
        into.say(number, Field::Model, model);
        into.say(number, Field::OsVersion, release.trim_end_matches(','));
    }
    for word in text.split_whitespace() {
        if let Some(serial) = word.strip_prefix("serial=") {
            into.say(number, Field::Serial, serial.trim_end_matches(','));
        }
        if let Some(Ok(mac)) = word.strip_prefix("MAC-Address=").map(str::parse) {
            into.bind_card(number, mac);
        }
    }
}

/// When it was started, and what time it is.
fn clock_line(number: u32, text: &str, into: &mut Gathering) {
    let Some((label, value)) = text.split_once(':') else { return };
    let label = label.trim().to_lowercase();
    let value = value.trim();
    match label.as_str() {
        "起動時刻" | "boot time" | "booted time" => {
            if let Some(time) = local(value) {
                into.say(number, Field::Booted, &time.to_string());
            }
        }
        "現在の時刻" | "current time" => {
            if let Some(time) = local(value) {
                into.date(number, time);
            }
        }
        "起動からの経過時間" | "elapsed time from boot" => {
            let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
            if let (Ok(days), true) = (digits.parse(), value.contains(['日', 'd'])) {
                into.reading.count("uptime_days", days);
            }
        }
        _ => {}
    }
}

/// `2025/02/11 03:12:44 +09:00`.
fn local(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let (day, clock) = (words.next()?, words.next()?);
    if words.next().is_some_and(|zone| zone != "+09:00") {
        return None;
    }
    date::local_time(&format!("{} {clock}", day.replace('/', "-")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_newer_router_tells_the_same_in_english() {
        let text = "RTX830 BootROM Ver. 1.01\nRTX830 Rev.15.02.31 (Thu May 16 18:52:16 2024)\n  main:  RTX830 ver=00 serial=M4B000001 MAC-Address=00:a0:de:44:3b:56 MAC-Addre\nss=00:a0:de:44:3b:57\nCPU:   0%(5sec)   0%(1min)   0%(5min)    Memory: 30% used\nBoot time: 2026/11/01 10:00:00 +09:00\nCurrent time: 2026/11/20 09:41:10 +09:00\nElapsed time from boot: 18days 23:41:10\n";
        let (reading, told) = read(text);
        assert_eq!(reading.kind, "yamaha-environment");
        assert_eq!(reading.counts["uptime_days"], 18);
        assert_eq!(
            told,
            [
                "2 host_report: maker=Yamaha model=RTX830 os_version=Rev.15.02.31 serial=M4B000001 booted=2026-11-01T10:00:00 00-a0-de-44-3b-56@- 00-a0-de-44-3b-57@-"
            ]
        );
    }

    #[test]
    fn a_clock_that_was_never_set_dates_nothing() {
        let text = "RTX1200 Rev.10.01.71 (Tue Nov 24 18:51:35 2015)\nCPU:   0%(5sec)\n現在の時刻: 1980/01/01 00:10:10 +09:00\n";
        let (reading, _) = read(text);
        assert_eq!(reading.dated, None);
        assert_eq!(&*reading.warnings[0].message.key, "network.clock_unset");
    }
}
