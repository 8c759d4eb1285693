//! A cell with a moment, as consoles, scanners and backup programs write it.

use domain::CalendarDate;
use domain::fold::half_width;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::date::{self, DateCell, DateNote};
use super::nothing;
use crate::table::CellKind;

/// What a cell with a moment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeCell {
    /// Its day can be read in several ways; nothing is chosen.
    Ambiguous(Vec<CalendarDate>),
    /// A day without a time of day.
    Day(Date),
    /// Not a moment.
    Malformed,
    /// Blank, `－`, `N/A`.
    Nothing,
    /// A time in Japan.
    Time(DateTime),
}

/// Whose time a text without a mark tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Japan's, as nearly every Japanese export writes.
    Local,
    /// Universal time, as the tool is known to write.
    Universal,
}

/// Minutes by which Japan's time is ahead of universal time, all year.
const JAPAN: i64 = 9 * 60;

/// Reads a moment; what is marked as another zone's time (`Z`, `+00:00`, `UTC`) is told as Japan's.
pub fn read(text: &str, unmarked: Clock) -> TimeCell {
    let text = text.trim();
    if nothing::read(text).is_some() {
        return TimeCell::Nothing;
    }
    // A moment is a few words; what is longer is none.
    if text.len() > 80 {
        return TimeCell::Malformed;
    }
    let half = half_width(text);
    let (bare, zone) = without_zone(&half);
    let (day, clock) = split(bare);
    let (year, clock) = year_behind(clock);
    let day = with_numbered_month(&format!("{day} {year}"));
    let date = match date::read(&day, CellKind::Text) {
        DateCell::Date(CalendarDate::Day(date), _) if date::is_never(date) => {
            return TimeCell::Nothing;
        }
        // A bare number such as 31234 is as likely a version as a day.
        DateCell::Date(_, Some(DateNote::SerialNumber)) => return TimeCell::Malformed,
        DateCell::Date(CalendarDate::Day(date), _) => date,
        DateCell::Ambiguous(dates) => return TimeCell::Ambiguous(dates),
        _ => return TimeCell::Malformed,
    };
    if clock.is_empty() {
        return TimeCell::Day(date);
    }
    let ahead = zone.unwrap_or(match unmarked {
        Clock::Local => JAPAN,
        Clock::Universal => 0,
    });
    let local = at(date, clock).and_then(|time| time.checked_add((JAPAN - ahead).minutes()).ok());
    local.map_or(TimeCell::Malformed, TimeCell::Time)
}

impl TimeCell {
    /// The value to store: a day or a local time; none where there is neither.
    pub fn stored(&self) -> Option<String> {
        match self {
            Self::Day(day) => Some(day.to_string()),
            Self::Time(time) => Some(time.to_string()),
            Self::Ambiguous(_) | Self::Malformed | Self::Nothing => None,
        }
    }
}

/// The text before the mark of a zone, and the minutes by which that zone is ahead of universal time.
fn without_zone(text: &str) -> (&str, Option<i64>) {
    for (mark, ahead) in [("UTC", 0), ("GMT", 0), ("JST", JAPAN)] {
        if let Some(bare) = text.strip_suffix(mark) {
            return (bare.trim_end_matches(['(', ' ']), Some(ahead));
        }
        if let Some(bare) = text.strip_suffix(')').and_then(|text| text.strip_suffix(mark)) {
            return (bare.trim_end_matches(['(', ' ']), Some(ahead));
        }
    }
    let after_digit = |bare: &str| bare.ends_with(|c: char| c.is_ascii_digit());
    if let Some(bare) = text.strip_suffix('Z').filter(|bare| after_digit(bare)) {
        return (bare, Some(0));
    }
    // An offset follows a time of day: `09:10:00+09:00`. What a date holds is no offset.
    let Some(colon) = text.find(':') else { return (text, None) };
    let Some(sign) = text.rfind(['+', '-']).filter(|sign| *sign > colon) else {
        return (text, None);
    };
    match offset(text.get(sign + 1..).unwrap_or_default()) {
        Some(minutes) => {
            let ahead = if text[sign..].starts_with('-') { -minutes } else { minutes };
            (text[..sign].trim_end(), Some(ahead))
        }
        None => (text, None),
    }
}

/// `09:00`, `0900`, `09` in minutes.
fn offset(digits: &str) -> Option<i64> {
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None => digits.split_at_checked(2)?,
    };
    let hours: i64 = hours.parse().ok().filter(|hours| (0..=14).contains(hours))?;
    let minutes: i64 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (0..60).contains(&minutes).then_some(hours * 60 + minutes)
}

/// The day and the time of day, which begins at the word that holds the first `:` or 時, or at the words before it that belong to it.
fn split(text: &str) -> (&str, &str) {
    let Some(mark) = text.find([':', '時']) else { return (text.trim(), "") };
    let head = &text[..mark];
    let digits = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let marked = ["午前", "午後", "翌日", "翌"]
        .iter()
        .fold(digits.trim_end(), |head, word| head.trim_end_matches(word).trim_end());
    let marked = marked.trim_end_matches(['T', ' ', ',']);
    let clock = text.get(marked.len()..).unwrap_or_default();
    (marked.trim(), clock.trim_start_matches(['T', ' ', ',']).trim())
}

/// The year that follows the time of day in `Fri Nov 20 10:10:00 2026`, and the time of day.
fn year_behind(clock: &str) -> (&str, &str) {
    match clock.rsplit_once(' ') {
        Some((clock, year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            (year, clock)
        }
        _ => ("", clock),
    }
}

/// The time `clock` on `date`: `15:04`, `15:04:05.123`, `3:04 PM`, `午後3時4分`, `翌6:15`, `25:10`.
fn at(date: Date, clock: &str) -> Option<DateTime> {
    let plain = clock.replace(['時', '分'], ":").replace('秒', "");
    let plain = plain.trim().trim_end_matches(':');
    let plain = if plain.contains(':') { plain.to_owned() } else { format!("{plain}:00") };
    let upper = plain.to_ascii_uppercase();
    let stripped = |marks: [&str; 3]| {
        marks.iter().find_map(|mark| upper.strip_suffix(mark).or_else(|| upper.strip_prefix(mark)))
    };
    if let Some(rest) = stripped(["PM", "P.M.", "午後"]) {
        return halved(date, rest.trim(), 12);
    }
    match stripped(["AM", "A.M.", "午前"]) {
        Some(rest) => halved(date, rest.trim(), 0),
        None => date::time_after(date, &plain),
    }
}

/// A time of the twelve-hour clock; `added` is 12 after noon.
fn halved(date: Date, clock: &str, added: i8) -> Option<DateTime> {
    let time = date::time_after(date, clock)?;
    if time.date() != date || time.hour() > 12 {
        return None;
    }
    time.with().hour(time.hour() % 12 + added).build().ok()
}

/// Names of months, by their first three letters.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day whose month is a word, with numbers alone: `Nov 20, 2026`, `20-Nov-2026`, `2026 11月 20`, `Fri Nov 20 2026`.
fn with_numbered_month(day: &str) -> String {
    let words = day.split([' ', ',', '-', '.', '/']).filter(|word| !word.is_empty());
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        match (word.parse::<u32>(), number_of_month(word)) {
            (Ok(number), _) => numbers.push(number),
            (_, Some(number)) if month.is_none() => month = Some(number),
            _ if is_weekday(word) => {}
            _ => return day.to_owned(),
        }
    }
    match (month, numbers.as_slice()) {
        (Some(month), [year @ 1000..=9999, day] | [day, year @ 1000..=9999]) => {
            format!("{year}-{month}-{day}")
        }
        _ => day.to_owned(),
    }
}

fn number_of_month(word: &str) -> Option<usize> {
    if let Some(number) = word.strip_suffix('月') {
        return number.parse().ok();
    }
    let start = word.get(..3)?.to_ascii_lowercase();
    let whole = word.bytes().all(|b| b.is_ascii_alphabetic());
    MONTHS.iter().position(|month| whole && *month == start).map(|index| index + 1)
}

fn is_weekday(word: &str) -> bool {
    let short = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    word.get(..3).is_some_and(|start| short.iter().any(|day| start.eq_ignore_ascii_case(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_from_which_machines_count_says_that_nothing_was_set() {
        for text in [
            "1970/01/01 09:00:00",
            "1970-01-01",
            "1969-12-31T15:00:00Z",
            "1601/01/01 00:00:00",
            "0001-01-01 00:00:00",
            "1900/1/1",
        ] {
            assert_eq!(read(text, Clock::Local), TimeCell::Nothing, "{text}");
        }
        assert_ne!(read("1970-01-02", Clock::Local), TimeCell::Nothing);
    }

    fn stored(text: &str) -> Option<String> {
        read(text, Clock::Local).stored()
    }

    #[test]
    fn moments_are_read_in_the_writings_of_real_tools() {
        for (text, expected) in [
            ("2026/11/20 9:10", "2026-11-20T09:10:00"),
            ("2026-11-20 09:10:05.123", "2026-11-20T09:10:05"),
            ("2026 11月 20 09:10:00", "2026-11-20T09:10:00"),
            ("2026 8月 20 17:00:00", "2026-08-20T17:00:00"),
            ("2026 Nov 20 09:10:00", "2026-11-20T09:10:00"),
            ("Nov 20, 2026 3:04:05 PM", "2026-11-20T15:04:05"),
            ("20-Nov-2026 12:04 AM", "2026-11-20T00:04:00"),
            ("11/20/2026 12:04:00 PM", "2026-11-20T12:04:00"),
            ("Fri Nov 20 10:10:00 2026", "2026-11-20T10:10:00"),
            ("2026年11月20日 午後3時4分", "2026-11-20T15:04:00"),
            ("2026年11月20日 9時10分05秒", "2026-11-20T09:10:05"),
            ("2026/11/20 午前 9:10:00", "2026-11-20T09:10:00"),
            ("R8.11.13 2:00", "2026-11-13T02:00:00"),
            ("2026/11/20 25:10", "2026-11-21T01:10:00"),
            ("2026/11/20 翌6:15", "2026-11-21T06:15:00"),
            ("2026/11/20 翌日 6:15", "2026-11-21T06:15:00"),
            ("2026-11-19T20:00:00Z", "2026-11-20T05:00:00"),
            ("2026-11-20T09:10:00+09:00", "2026-11-20T09:10:00"),
            ("2026-11-20T00:10:00.0000000+0000", "2026-11-20T09:10:00"),
            ("2026-11-19 19:10:00 -0500", "2026-11-20T09:10:00"),
            ("2026-11-20 00:10 UTC", "2026-11-20T09:10:00"),
            ("2026-11-20 00:10:00 (UTC)", "2026-11-20T09:10:00"),
            ("2026/11/20", "2026-11-20"),
            ("November 20, 2026", "2026-11-20"),
            ("2026-11-20", "2026-11-20"),
        ] {
            assert_eq!(stored(text).as_deref(), Some(expected), "{text}");
        }
        let universal = read("2026-11-19 23:10:11", Clock::Universal).stored();
        assert_eq!(universal.as_deref(), Some("2026-11-20T08:10:11"));
    }

    #[test]
    fn what_is_doubtful_or_no_moment_is_said() {
        assert!(matches!(read("11/3/2026 9:10", Clock::Local), TimeCell::Ambiguous(_)));
        for text in ["", "－", "N/A", "未"] {
            assert_eq!(stored(text), None, "{text}");
        }
        for text in [
            "never",
            "2026/11/20 9",
            "2026/13/20 9:10",
            "2026/11/20 49:10",
            "2026/11/20 13:10 PM",
            "3 days ago",
            "31234",
            "12:30",
            "2026 13月 20 09:10",
            "時:",
            "::",
        ] {
            assert_eq!(read(text, Clock::Local), TimeCell::Malformed, "{text}");
        }
    }
}
