//! From a stored number to what a person sees.

use std::fmt::Write as _;

use jiff::civil::DateTime;

use super::number_format::NumberFormat;
use super::serial::{self, Moment};
use crate::table::CellKind;

/// Adds the stored number `raw` to `text` as `format` shows it. What is no number at all is text as it stands.
pub(super) fn write(
    raw: &str,
    format: &NumberFormat,
    date1904: bool,
    text: &mut String,
) -> CellKind {
    let Ok(value) = raw.parse::<f64>() else {
        text.push_str(raw);
        return CellKind::Text;
    };
    let shown = match format {
        NumberFormat::General => false,
        NumberFormat::Mask(masks) => masks.write(value, text),
        NumberFormat::Date { time } => match serial::moment(value, date1904) {
            Some(Moment::At(moment)) => return date(moment, *time, text),
            Some(Moment::Phantom) => {
                text.push_str("1900-02-29");
                true
            }
            None => false,
        },
        NumberFormat::Time { elapsed } => clock(value, *elapsed, text),
    };
    if !shown {
        general(raw, value, text);
    }
    CellKind::Number(value)
}

/// Adds a date as ISO 8601, with the time of day after a space.
pub(super) fn date(moment: DateTime, time: bool, text: &mut String) -> CellKind {
    let _ = write!(text, "{}", moment.date());
    if time {
        let _ = write!(text, " {:02}:{:02}:{:02}", moment.hour(), moment.minute(), moment.second());
    }
    CellKind::Date(moment.date())
}

fn clock(value: f64, elapsed: bool, text: &mut String) -> bool {
    let Some((hours, minutes, seconds)) = serial::clock(value, elapsed) else { return false };
    write!(text, "{hours:02}:{minutes:02}:{seconds:02}").is_ok()
}

/// Adds a number as Excel shows those without a format, but with all the digits that are stored, up to 15.
///
/// A number stored with an exponent (`1.23457E+13`) stays so: its digits are lost, and the person should see that.
fn general(raw: &str, value: f64, text: &mut String) {
    if is_short(raw) || raw.contains("E+") || raw.contains("e+") || !value.is_finite() {
        text.push_str(raw);
        return;
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent @ -10..15) => {
            let decimals = usize::try_from(14 - exponent).unwrap_or_default();
            text.push_str(without_tail(&format!("{value:.decimals$}")));
        }
        _ => {
            let _ = write!(text, "{}E{exponent}", without_tail(mantissa));
        }
    }
}

/// Whether `raw` is already the shortest way to write its number: at most 15 digits, no zeros to drop.
fn is_short(raw: &str) -> bool {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "1"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    let room = if digits.contains('.') { digits.len() <= 16 } else { digits.len() <= 20 };
    plain(whole) && plain(decimals) && !leading && !decimals.ends_with('0') && room && raw != "-0"
}

fn without_tail(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_keep_their_digits() {
        for (raw, expected) in [
            ("0", "0"),
            ("-0", "-0"),
            ("45352", "45352"),
            ("280000", "280000"),
            ("4912345678904", "4912345678904"),
            ("12345678901234567", "12345678901234567"),
            ("2.0", "2"),
            ("2.1000000000000001", "2.1"),
            ("0.30000000000000004", "0.3"),
            ("5.0000000000000003E-2", "0.05"),
            ("1.23457E+13", "1.23457E+13"),
            ("1.0000000000000001E-15", "1E-15"),
            ("12.50", "12.5"),
        ] {
            let mut text = String::new();
            let kind = write(raw, &NumberFormat::General, false, &mut text);
            assert_eq!(text, expected);
            assert!(matches!(kind, CellKind::Number(_)));
        }
    }

    #[test]
    fn date_formats_make_dates_and_times() {
        let shown = |raw: &str, code: &str| {
            let mut text = String::new();
            let kind = write(raw, &NumberFormat::parse(code), false, &mut text);
            (text, matches!(kind, CellKind::Date(_)))
        };
        assert_eq!(
            shown("43586", "[$-411]ggge\"年\"m\"月\"d\"日\""),
            ("2019-05-01".to_owned(), true)
        );
        assert_eq!(shown("46346.75", "yyyy/m/d h:mm"), ("2026-11-20 18:00:00".to_owned(), true));
        assert_eq!(shown("60", "yyyy/m/d"), ("1900-02-29".to_owned(), false));
        assert_eq!(shown("1.0423611111111111", "[h]:mm"), ("25:01:00".to_owned(), false));
        assert_eq!(shown("-5", "yyyy/m/d"), ("-5".to_owned(), false));
        assert_eq!(shown("20141001", "yyyy/m/d"), ("20141001".to_owned(), false));
    }
}
