//! Moments as Windows writes them in the form of its region: `2026/04/12, 3:10:05`, `3/28/2026, 2:34:44 PM`, `19/11/2026 07:02:10`.

use domain::CalendarDate;
use domain::fold::half_width;
use jiff::civil::{Date, DateTime, Time};

use crate::table::CellKind;
use crate::values::date::{self, DateCell};

/// Which of two small numbers is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `28/3/2026`.
    DayFirst,
    /// `3/28/2026`.
    MonthFirst,
}

/// What a writing of a moment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The day is not clear: `3/4/2026`.
    Ambiguous,
    /// A day without a time.
    Day(Date),
    /// A day and a time.
    Local(DateTime),
    /// Nothing stands there, or a value that means never (1601, year 1).
    Never,
    /// No moment.
    Unreadable,
}

impl Moment {
    /// The day, where it is known.
    pub(super) fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Local(time) => Some(time.date()),
            _ => None,
        }
    }

    /// As facts write it.
    pub(super) fn stored(self) -> Option<String> {
        match self {
            Self::Day(day) => Some(day.to_string()),
            Self::Local(time) => Some(time.to_string()),
            _ => None,
        }
    }
}

/// The order that the dates among `texts` show; none where none of them shows it, or they contradict each other.
pub(super) fn order<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Order> {
    let mut found = None;
    for text in texts {
        let half = half_width(text);
        let Some(one) = numbers(day_part(half.trim())).and_then(shown_order) else { continue };
        if found.is_some_and(|found| found != one) {
            return None;
        }
        found = Some(one);
    }
    found
}

/// Reads a moment; `order` says how the same machine writes its dates.
pub(super) fn read(text: &str, order: Option<Order>) -> Moment {
    let half = half_width(text);
    let half: String = half.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}')).collect();
    let text = half.trim();
    if text.is_empty() || text.starts_with("0001") || day_part(text).ends_with("/0001") {
        return Moment::Never;
    }
    let day = match day(day_part(text), order) {
        Ok(day) => day,
        Err(moment) => return moment,
    };
    if day.year() <= 1601 {
        return Moment::Never;
    }
    let rest =
        text.get(day_part(text).len()..).unwrap_or_default().trim_start_matches([',', 'T', ' ']);
    if rest.is_empty() {
        return Moment::Day(day);
    }
    clock(rest).map_or(Moment::Unreadable, |time| Moment::Local(day.to_datetime(time)))
}

/// The date at the beginning: up to a comma, a blank or the `T` of ISO 8601.
fn day_part(text: &str) -> &str {
    let end = text.find(|c: char| c == ',' || c == 'T' || c.is_whitespace()).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn day(text: &str, order: Option<Order>) -> Result<Date, Moment> {
    match (date::read(text, CellKind::Text), numbers(text), order) {
        (DateCell::Date(CalendarDate::Day(day), _), ..) => Ok(day),
        (DateCell::Ambiguous(_), Some((a, b, year)), Some(order)) => {
            let (month, day) = if order == Order::MonthFirst { (a, b) } else { (b, a) };
            Date::new(year, month, day).map_err(|_| Moment::Unreadable)
        }
        (DateCell::Ambiguous(_), ..) => Err(Moment::Ambiguous),
        (DateCell::Nothing, ..) => Err(Moment::Never),
        _ => Err(Moment::Unreadable),
    }
}

/// The three numbers of `3/28/2026`.
fn numbers(text: &str) -> Option<(i8, i8, i16)> {
    let mut parts = text.split(['/', '-', '.']);
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_year = year.len() == 4 && parts.next().is_none();
    is_year.then(|| Some((a.parse().ok()?, b.parse().ok()?, year.parse().ok()?)))?
}

fn shown_order((a, b, _): (i8, i8, i16)) -> Option<Order> {
    match (a > 12, b > 12) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// `3:10:05`, `2:34:44 PM`, `午後 2:34:44`, `04:12:09.0000000`.
fn clock(text: &str) -> Option<Time> {
    let lower = text.to_lowercase();
    let (noon, bare) =
        [("am", 0), ("pm", 12), ("a.m.", 0), ("p.m.", 12), ("午前", 0), ("午後", 12)]
            .into_iter()
            .find_map(|(mark, noon)| {
                let bare = lower.strip_prefix(mark).or_else(|| lower.strip_suffix(mark))?;
                Some((Some(noon), bare.trim().to_owned()))
            })
            .unwrap_or((None, lower));
    let mut parts = bare.split(':');
    let hour: i8 = parts.next()?.trim().parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    let hour = match noon {
        // Twelve o'clock is 0 before noon and 12 after it.
        Some(noon) if (1..=12).contains(&hour) => hour % 12 + noon,
        Some(_) => return None,
        None => hour,
    };
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str, order: Option<Order>) -> String {
        let moment = read(text, order);
        moment.stored().unwrap_or_else(|| format!("{moment:?}"))
    }

    #[test]
    fn moments_read_as_their_region_writes_them() {
        for (text, expected) in [
            ("2026/04/12, 3:10:05", "2026-04-12T03:10:05"),
            ("2026/10/10 4:12:09", "2026-10-10T04:12:09"),
            ("3/28/2026, 2:34:44 PM", "2026-03-28T14:34:44"),
            ("3/28/2026 12:00:00\u{202f}AM", "2026-03-28T00:00:00"),
            ("19/11/2026 07:02:10", "2026-11-19T07:02:10"),
            ("2026/11/20 午後 1:02:03", "2026-11-20T13:02:03"),
            ("2026-10-10T04:12:09.1234567", "2026-10-10T04:12:09"),
            ("4/4/2026 1:00:00 AM", "2026-04-04T01:00:00"),
            ("2026/11/12", "2026-11-12"),
            ("3/4/2026, 2:34:44 PM", "Ambiguous"),
            ("", "Never"),
            ("1601/01/01 9:00:00", "Never"),
            ("1/1/0001 12:00:00 AM", "Never"),
            ("2026/13/01 1:00:00", "Unreadable"),
            ("2026/11/20 25:00:00", "Unreadable"),
            ("yesterday", "Unreadable"),
        ] {
            assert_eq!(stored(text, None), expected, "{text}");
        }
    }

    #[test]
    fn one_date_over_twelve_tells_the_order_of_all() {
        let order_of = |texts: &[&str]| order(texts.iter().copied());
        assert_eq!(order_of(&["12/13/2018, 1:15:48 AM", "3/4/2026"]), Some(Order::MonthFirst));
        assert_eq!(order_of(&["19/11/2026 07:02", "3/4/2026"]), Some(Order::DayFirst));
        assert_eq!(order_of(&["19/11/2026", "3/28/2026"]), None);
        assert_eq!(order_of(&["2026/04/12", "3/4/2026"]), None);
        assert_eq!(stored("3/4/2026, 2:34:44 PM", Some(Order::MonthFirst)), "2026-03-04T14:34:44");
        assert_eq!(stored("3/4/2026", Some(Order::DayFirst)), "2026-04-03");
    }
}
