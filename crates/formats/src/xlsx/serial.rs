//! Excel's day numbers.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What a day number means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Moment {
    /// A day and a time of it, to the second.
    At(DateTime),
    /// 29 February 1900, which never was. Excel counts it as day 60 for the sake of Lotus 1-2-3.
    Phantom,
}

/// The day and time of `serial`; `None` outside Excel's calendar (1900-01-01 or 1904-01-01 to 9999-12-31).
///
/// ECMA-376 part 1, 18.17.4.1: day 1 is 1900-01-01, or with `date1904` day 0 is 1904-01-01.
pub(super) fn moment(serial: f64, date1904: bool) -> Option<Moment> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // Rounded as a whole, so that 23:59:59.7 becomes the next day and not the same day at 24:00.
    let seconds = (serial * DAY).round() as i64;
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let first = first_day(days, date1904);
    let Some(first) = first else { return (days == 60).then_some(Moment::Phantom) };
    let day = first.checked_add(days.days()).ok()?;
    let time = day.to_datetime(jiff::civil::Time::midnight());
    Some(Moment::At(time.checked_add(seconds.seconds()).ok()?))
}

/// What to count from: day 0, or before Excel's false leap day the day before it. `None` where there is no such day.
fn first_day(days: i64, date1904: bool) -> Option<Date> {
    match days {
        _ if date1904 => Some(date(1904, 1, 1)),
        1..=59 => Some(date(1899, 12, 31)),
        ..=60 => None,
        _ => Some(date(1899, 12, 30)),
    }
}

/// Hours, minutes and seconds of `serial`; with `elapsed` the hours of whole days are counted in.
pub(super) fn clock(serial: f64, elapsed: bool) -> Option<(i64, i64, i64)> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * DAY).round() as i64;
    let seconds = if elapsed { seconds } else { seconds % 86_400 };
    Some((seconds / 3_600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(serial: f64, date1904: bool) -> String {
        match moment(serial, date1904) {
            Some(Moment::At(time)) => time.to_string(),
            Some(Moment::Phantom) => "phantom".to_owned(),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn day_numbers_are_read_as_excel_shows_them() {
        for (serial, date1904, expected) in [
            (0.0, false, "none"),
            (1.0, false, "1900-01-01T00:00:00"),
            (59.0, false, "1900-02-28T00:00:00"),
            (60.0, false, "phantom"),
            (61.0, false, "1900-03-01T00:00:00"),
            (43_586.0, false, "2019-05-01T00:00:00"),
            (44_166.5, false, "2020-12-01T12:00:00"),
            (44_166.999_999_9, false, "2020-12-02T00:00:00"),
            (0.0, true, "1904-01-01T00:00:00"),
            (42_704.0, true, "2020-12-01T00:00:00"),
            (2_958_465.0, false, "9999-12-31T00:00:00"),
            (2_958_466.0, false, "none"),
            (2_958_465.999_999_9, false, "none"),
            (-1.0, false, "none"),
            (f64::NAN, false, "none"),
            (f64::INFINITY, true, "none"),
        ] {
            assert_eq!(written(serial, date1904), expected, "{serial} {date1904}");
        }
    }

    #[test]
    fn elapsed_hours_go_beyond_a_day() {
        assert_eq!(clock(1.25, true), Some((30, 0, 0)));
        assert_eq!(clock(1.25, false), Some((6, 0, 0)));
    }
}
