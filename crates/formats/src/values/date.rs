//! A cell with a date, in the Western or the Japanese calendar.

use domain::CalendarDate;
use domain::fold::half_width;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan};

use super::nothing;
use super::text::without_brackets;
use crate::table::CellKind;

/// What a date cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateCell {
    /// It can be read in several ways; nothing is chosen.
    Ambiguous(Vec<CalendarDate>),
    /// A date.
    Date(CalendarDate, Option<DateNote>),
    /// Not a date: month 13, words.
    Malformed,
    /// Blank, `－`, `不明`.
    Nothing,
}

/// How a date was read, where that is not plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateNote {
    /// `吉日` and the like: the day is not known.
    DayUnknown,
    /// A number such as 20141001.
    EightDigits,
    /// A year that the era did not reach, such as 平成31年5月 or 平成35年; converted by counting on.
    EraOverrun,
    /// 年度: April to March.
    FiscalYear,
    /// A bare serial number of a spreadsheet, such as 45352.
    SerialNumber,
}

/// Reads a date cell.
pub fn read(text: &str, kind: CellKind) -> DateCell {
    if let CellKind::Date(date) = kind {
        return DateCell::Date(CalendarDate::Day(date), None);
    }
    if let Some(date) = plain_iso(text) {
        return DateCell::Date(CalendarDate::Day(date), None);
    }
    if nothing::read(text).is_some() {
        return DateCell::Nothing;
    }
    let half = without_brackets(&half_width(text));
    let text = without_time(half.trim());
    let cell = if text.bytes().all(|b| b.is_ascii_digit()) {
        bare_number(text, matches!(kind, CellKind::Number(_)))
    } else {
        era(text).or_else(|| western(text)).or_else(|| short(text)).unwrap_or(DateCell::Malformed)
    };
    if text.is_empty() { DateCell::Nothing } else { cell }
}

/// Whether a day is the one from which a machine counts, which it writes where nothing was ever set: 1970 for Unix, 1900 and 1899 for
/// spreadsheets, 1601 for Windows, 1 for .NET.
pub(crate) fn is_never(date: Date) -> bool {
    const FIRST: [Date; 6] = [
        Date::constant(1970, 1, 1),
        Date::constant(1969, 12, 31),
        Date::constant(1900, 1, 1),
        Date::constant(1899, 12, 30),
        Date::constant(1601, 1, 1),
        Date::constant(1, 1, 1),
    ];
    FIRST.contains(&date)
}

/// A local time such as `2026/11/26 12:15:00`; an hour over 23 runs on into the next day, as backup logs write it.
pub fn local_time(text: &str) -> Option<DateTime> {
    let half = half_width(text);
    let (day, clock) = half.trim().split_once([' ', 'T'])?;
    match read(day, CellKind::Text) {
        DateCell::Date(CalendarDate::Day(date), _) => time_after(date, clock.trim()),
        _ => None,
    }
}

/// The local time `clock` on `date`: `6:15`, `25:10` (ten past one of the next day), `翌6:15`.
pub fn time_after(date: Date, clock: &str) -> Option<DateTime> {
    let half = half_width(clock);
    let (clock, mut days) = match half.trim().strip_prefix('翌') {
        Some(rest) => (rest.trim_start_matches('日').trim(), 1i64),
        None => (half.trim(), 0),
    };
    let mut parts = clock.split(':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    // Fractions of a second and a zone mark are of no use to a ledger.
    let second: i8 = match parts.next() {
        Some(text) => text.get(..2).unwrap_or(text).parse().ok()?,
        None => 0,
    };
    if !(0..48).contains(&hour) || parts.next().is_some() {
        return None;
    }
    days += hour / 24;
    let time = Time::new((hour % 24) as i8, minute, second, 0).ok()?;
    let span: Span = days.days();
    Some(date.checked_add(span).ok()?.to_datetime(time))
}

/// The first whole day that stands in a title such as `医療情報機器台帳（令和8年11月20日現在）`.
pub fn find_day(text: &str) -> Option<Date> {
    let half = half_width(text);
    let begins = |c: char| c.is_ascii_digit() || "明大昭平令MTSHR".contains(c);
    let starts = half.char_indices().take(200).filter(|(_, c)| begins(*c));
    let mut after_digit = usize::MAX;
    for (start, first) in starts {
        // The middle of a number is not the start of one.
        let inside = after_digit == start;
        if first.is_ascii_digit() {
            after_digit = start + 1;
        }
        if !inside && let Some(date) = day_at(&half[start..]) {
            return Some(date);
        }
    }
    None
}

/// The longest date at the start of `text`.
fn day_at(text: &str) -> Option<Date> {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(14).collect();
    ends.into_iter().rev().find_map(|end| match read(&text[..end], CellKind::Text) {
        DateCell::Date(CalendarDate::Day(date), None) if end >= 6 => Some(date),
        _ => None,
    })
}

/// `2026-11-20` at once, for the long tables that machines write.
fn plain_iso(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    Date::new(digits(0..4)?, digits(5..7)? as i8, digits(8..10)? as i8).ok()
}

fn without_time(text: &str) -> &str {
    let has_clock = |rest: &str| rest.contains(':');
    match text.split_once([' ', 'T']) {
        Some((day, rest)) if has_clock(rest) => day.trim_end(),
        _ => text,
    }
}

fn bare_number(digits: &str, is_number: bool) -> DateCell {
    let number: i64 = digits.parse().unwrap_or(0);
    let note = is_number.then_some(DateNote::EightDigits);
    match digits.len() {
        8 => day(number / 10_000, number / 100 % 100, number % 100, note),
        // Days since 30 December 1899, as spreadsheets count; this range is 1982 to 2064.
        5 if (30_000..=60_000).contains(&number) => Date::constant(1899, 12, 30)
            .checked_add(number.days())
            .map_or(DateCell::Malformed, |date| {
                DateCell::Date(CalendarDate::Day(date), Some(DateNote::SerialNumber))
            }),
        4 if (1900..=2100).contains(&number) => {
            DateCell::Date(CalendarDate::Year(number as i16), None)
        }
        _ => DateCell::Malformed,
    }
}

fn day(year: i64, month: i64, day: i64, note: Option<DateNote>) -> DateCell {
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return DateCell::Malformed };
    match Date::new(year, month, day) {
        Ok(date) => DateCell::Date(CalendarDate::Day(date), note),
        Err(_) => DateCell::Malformed,
    }
}

struct Era {
    /// Names, the longest first: `令和` before `令`.
    names: [&'static str; 3],
    /// Year 1 of the era is this plus one.
    base: i16,
    start: Date,
    /// The first day of the next era.
    next: Date,
}

/// Eras and their first days (元号法 and the edicts before it).
const ERAS: [Era; 5] = [
    Era::new(["令和", "令", "R"], 2018, Date::constant(2019, 5, 1), Date::MAX),
    Era::new(["平成", "平", "H"], 1988, Date::constant(1989, 1, 8), Date::constant(2019, 5, 1)),
    Era::new(["昭和", "昭", "S"], 1925, Date::constant(1926, 12, 25), Date::constant(1989, 1, 8)),
    Era::new(["大正", "大", "T"], 1911, Date::constant(1912, 7, 30), Date::constant(1926, 12, 25)),
    Era::new(["明治", "明", "M"], 1867, Date::constant(1868, 1, 25), Date::constant(1912, 7, 30)),
];

impl Era {
    const fn new(names: [&'static str; 3], base: i16, start: Date, next: Date) -> Self {
        Self { names, base, start, next }
    }

    /// Whether no day of `date` lies in the era.
    fn misses(&self, date: CalendarDate) -> bool {
        date.first_day() >= self.next || date.last_day() < self.start
    }
}

fn era(text: &str) -> Option<DateCell> {
    let (era, rest) = ERAS.iter().find_map(|era| {
        let strip = |name: &&str| {
            let head = text.get(..name.len())?;
            head.eq_ignore_ascii_case(name)
                .then(|| text[name.len()..].trim_start_matches(['.', ' ']))
        };
        era.names.iter().find_map(strip).map(|rest| (era, rest))
    })?;
    let parts = Parts::read(rest)?;
    let cell = parts.date(era.base.checked_add(parts.year)?);
    Some(match cell {
        DateCell::Date(date, note) if era.misses(date) => {
            DateCell::Date(date, Some(note.unwrap_or(DateNote::EraOverrun)))
        }
        other => other,
    })
}

fn western(text: &str) -> Option<DateCell> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 {
        return None;
    }
    let parts = Parts::read(text)?;
    Some(parts.date(parts.year))
}

/// The parts of a date after the era, or with a year of four digits.
struct Parts {
    year: i16,
    fiscal: bool,
    month: Option<i64>,
    day: Option<i64>,
    day_unknown: bool,
}

impl Parts {
    fn read(text: &str) -> Option<Self> {
        let (year, rest) = match text.strip_prefix('元') {
            Some(rest) => (1, rest),
            None => take_number(text)?,
        };
        let mut parts = Self {
            year: i16::try_from(year).ok()?,
            fiscal: false,
            month: None,
            day: None,
            day_unknown: false,
        };
        if rest.trim() == "年度" {
            parts.fiscal = true;
            return Some(parts);
        }
        let rest = after_separator(rest, '年')?;
        if rest.is_empty() {
            return Some(parts);
        }
        let (month, rest) = take_number(rest)?;
        parts.month = Some(month);
        let rest = after_separator(rest, '月')?;
        if rest.is_empty() {
            return Some(parts);
        }
        parts.read_day(rest).then_some(parts)
    }

    fn read_day(&mut self, rest: &str) -> bool {
        if matches!(rest, "吉日" | "上旬" | "中旬" | "下旬" | "頃" | "末" | "末日" | "某日" | "日")
        {
            self.day_unknown = true;
            return true;
        }
        let Some((day, rest)) = take_number(rest) else { return false };
        self.day = Some(day);
        matches!(rest.trim(), "" | "日")
    }

    fn date(&self, year: i16) -> DateCell {
        let note = self.day_unknown.then_some(DateNote::DayUnknown);
        match (self.month, self.day) {
            _ if self.fiscal => {
                DateCell::Date(CalendarDate::FiscalYear(year), Some(DateNote::FiscalYear))
            }
            (Some(month), Some(number)) => day(year.into(), month, number, note),
            (Some(month), None) => i8::try_from(month)
                .ok()
                .and_then(|month| CalendarDate::month(year, month))
                .map_or(DateCell::Malformed, |date| DateCell::Date(date, note)),
            _ if (1..=9999).contains(&year) => DateCell::Date(CalendarDate::Year(year), None),
            _ => DateCell::Malformed,
        }
    }
}

fn take_number(text: &str) -> Option<(i64, &str)> {
    let text = text.trim_start();
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(end);
    if end > 4 {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// What follows `word` or one of the usual marks; also nothing at all.
fn after_separator(text: &str, word: char) -> Option<&str> {
    let text = text.trim_start();
    if text.is_empty() {
        return Some(text);
    }
    text.strip_prefix([word, '/', '.', '-']).map(str::trim)
}

/// `26/10/1`, `3/28/2026`: which number is the year or the month is not written.
fn short(text: &str) -> Option<DateCell> {
    let numbers: Option<Vec<i64>> = text
        .split(['/', '.', '-'])
        .map(|part| part.trim().parse().ok().filter(|n| (0..10_000).contains(n)))
        .collect();
    match numbers?.as_slice() {
        [a, b, year] if *year >= 1000 => Some(month_or_day_first(*a, *b, *year)),
        [year, month, number] if *year < 100 => Some(short_year(*year, *month, *number)),
        _ => None,
    }
}

/// A value above 12 tells which of the two is the day (US or day-first order).
fn month_or_day_first(a: i64, b: i64, year: i64) -> DateCell {
    choose([day(year, a, b, None), day(year, b, a, None)])
}

fn short_year(year: i64, month: i64, number: i64) -> DateCell {
    // Era years that are still being written today, and the century that a two-digit year means in a ledger of machines.
    let reiwa =
        if year <= 18 { day(year + 2018, month, number, None) } else { DateCell::Malformed };
    let heisei =
        if year <= 31 { day(year + 1988, month, number, None) } else { DateCell::Malformed };
    let century = if year < 80 { 2000 } else { 1900 };
    let found = choose([reiwa, heisei, day(century + year, month, number, None)]);
    match found {
        // One reading alone is still a guess between era and century.
        DateCell::Date(date, _) => DateCell::Ambiguous(vec![date]),
        other => other,
    }
}

fn choose<const N: usize>(readings: [DateCell; N]) -> DateCell {
    let mut dates = Vec::with_capacity(N);
    for reading in readings {
        if let DateCell::Date(date, _) = reading
            && !dates.contains(&date)
        {
            dates.push(date);
        }
    }
    match dates.as_slice() {
        [] => DateCell::Malformed,
        [one] => DateCell::Date(*one, None),
        _ => DateCell::Ambiguous(dates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(cell: &DateCell) -> String {
        match cell {
            DateCell::Date(date, None) => date.to_string(),
            DateCell::Date(date, Some(note)) => format!("{date} {note:?}"),
            DateCell::Ambiguous(dates) => {
                dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
            }
            other => format!("{other:?}"),
        }
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(show(&read(text, CellKind::Text)), expected, "{text}");
    }

    #[test]
    fn western_dates() {
        for text in [
            "2020/12/1",
            "2020-12-01",
            "2020.12.1",
            "2020年12月1日",
            "20201201",
            "2020/12/01 08:12:33",
            "２０２０／１２／１",
        ] {
            check(text, "2020-12-01");
        }
        check("2014年10月", "2014-10");
        check("2027/6", "2027-06");
        check("2014", "2014");
        check("2014年", "2014");
        check("2020年度", "FY2020 FiscalYear");
        check("2026年10月吉日", "2026-10 DayUnknown");
    }

    #[test]
    fn era_dates() {
        for text in [
            "令和5年3月1日",
            "R5.3.1",
            "R05/03/01",
            "令5.3.1",
            "㋿5年3月1日",
            "R５．３．１",
            "Ｒ5-3-1",
            "令和 5年 3月 1日",
            "r5.3.1",
        ] {
            check(text, "2023-03-01");
        }
        check("平成26年10月吉日", "2014-10 DayUnknown");
        check("H26.10", "2014-10");
        check("令和元年5月", "2019-05");
        check("R1.5", "2019-05");
        check("R2年度", "FY2020 FiscalYear");
        check("S63.4.1", "1988-04-01");
        check("S61.3.1", "1986-03-01");
        check("大正15年1月1日", "1926-01-01");
        check("H31.4.30", "2019-04-30");
        check("平成31年度", "FY2019 FiscalYear");
    }

    #[test]
    fn an_era_that_was_over_is_counted_on_and_said() {
        check("平成31年5月1日", "2019-05-01 EraOverrun");
        check("平成35年1月", "2023-01 EraOverrun");
        check("昭和64年1月7日", "1989-01-07");
        check("昭和64年1月8日", "1989-01-08 EraOverrun");
    }

    #[test]
    fn an_ambiguous_date_is_not_guessed() {
        check("26/10/1", "2014-10-01 or 2026-10-01");
        check("5.3.1", "2023-03-01 or 1993-03-01 or 2005-03-01");
        check("45/10/1", "2045-10-01");
        check("3/4/2026", "2026-03-04 or 2026-04-03");
    }

    #[test]
    fn a_value_above_twelve_tells_the_order() {
        check("3/28/2026", "2026-03-28");
        check("19/11/2026", "2026-11-19");
        check("3/3/2026", "2026-03-03");
    }

    #[test]
    fn what_is_no_date_is_said() {
        for text in [
            "2021-13-01",
            "R6.13.1",
            "2021/2/30",
            "春ごろ",
            "2021/",
            "99999",
            "R",
            "令和",
            "2020/12/1/1",
            "123",
        ] {
            let cell = read(text, CellKind::Text);
            assert!(matches!(cell, DateCell::Malformed) || text == "2021/", "{text} {cell:?}");
        }
        for text in ["", "不明", "－", "未定", "(不明)"] {
            check(text, "Nothing");
        }
    }

    #[test]
    fn numbers_in_date_columns() {
        let number = |text: &str, value: f64| show(&read(text, CellKind::Number(value)));
        assert_eq!(number("45352", 45352.0), "2024-03-01 SerialNumber");
        assert_eq!(number("20141001", 20_141_001.0), "2014-10-01 EightDigits");
        assert_eq!(number("29999", 29_999.0), "Malformed");
        let date = Date::constant(2019, 5, 1);
        assert_eq!(show(&read("2019-05-01", CellKind::Date(date))), "2019-05-01");
    }

    #[test]
    fn times_run_on_into_the_next_day() {
        let shown = |text: &str| local_time(text).map(|time| time.to_string());
        assert_eq!(shown("2026/11/26 12:15:00").as_deref(), Some("2026-11-26T12:15:00"));
        assert_eq!(shown("2026/11/25 8:15:00").as_deref(), Some("2026-11-25T08:15:00"));
        assert_eq!(shown("2026/11/20 25:10").as_deref(), Some("2026-11-21T01:10:00"));
        assert_eq!(shown("2026-11-19 23:10:11.0000000").as_deref(), Some("2026-11-19T23:10:11"));
        assert_eq!(
            (shown("2026/11/20"), shown("2026/11/20 99:00"), shown("x y")),
            (None, None, None)
        );
        let next = time_after(Date::constant(2026, 11, 20), "翌6:15").map(|time| time.to_string());
        assert_eq!(next.as_deref(), Some("2026-11-21T06:15:00"));
    }

    #[test]
    fn a_day_is_found_in_a_title() {
        for (title, day) in [
            ("医療情報機器台帳（令和8年11月20日現在）", Some("2026-11-20")),
            ("作成日：R8.4.1　　作成者：放射線科 髙橋　　㊞", Some("2026-04-01")),
            ("基準日：2026年4月1日", Some("2026-04-01")),
            ("令和８年度　医療情報機器台帳", None),
            ("病床数：200床", None),
        ] {
            assert_eq!(find_day(title).map(|date| date.to_string()).as_deref(), day, "{title}");
        }
    }
}
