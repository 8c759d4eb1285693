//! Cells of a text table that a spreadsheet would take for something else: a formula, a number, a day.
//!
//! [`mark()`] writes them so that Excel shows what is meant and computes nothing; [`unmark()`] takes the mark off again, so that a table
//! which was exported comes back without loss.
//!
//! - What begins like a formula gets an apostrophe before it: `'=1+1` (OWASP, CSV Injection; full width counts too, since a Japanese
//!   input method turns `=` into `＝` and Excel takes either).
//! - What Excel or LibreOffice would change into another number or a day is written as a formula that gives exactly this text: `="0012"`.

use std::borrow::Cow;

/// Letters with which a formula begins.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as it may stand in a cell of a text table.
pub fn mark(text: &str) -> Cow<'_, str> {
    if is_like_a_formula(text) || unmark(text) != text {
        return format!("'{text}").into();
    }
    if is_changed(text) { format!("=\"{text}\"").into() } else { text.into() }
}

/// The text that a cell means.
pub fn unmark(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('\'') {
        let bare = rest.trim_start_matches('\'');
        let marked = is_like_a_formula(bare) || constant(bare).is_some();
        return if marked { rest } else { text };
    }
    constant(text).unwrap_or(text)
}

/// Whether it begins like a formula. A mark that stands alone, such as 「－」 for "none", computes nothing.
fn is_like_a_formula(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| BEGINNINGS.contains(&first)) && letters.next().is_some()
}

/// What `="…"` means, where it is nothing but that.
fn constant(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("=\"")?.strip_suffix('"')?;
    is_changed(inside).then_some(inside)
}

/// Whether Excel or LibreOffice, opening the table in Japan, would take the text for something else and show or keep it otherwise:
/// zeros at the beginning or the end are dropped, long numbers rounded, and `1-2`, `17.9.4`, `R7.1.2`, `MAR-01` and `4月1日` become
/// days.
fn is_changed(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    matches!(text.as_str(), "true" | "false")
        || is_another_number(&text)
        || is_date_or_time(&text)
        || is_era_date(&text)
        || is_month(&text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number that is not written as Excel writes it.
fn is_another_number(text: &str) -> bool {
    if let Some((number, power)) = text.split_once('e') {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        return is_digits(power) && is_decimal(number);
    }
    if let Some((first, rest)) = text.split_once(',') {
        let in_threes = rest.split(',').all(|part| part.len() == 3 && is_digits(part));
        return is_digits(first) && first.len() <= 3 && in_threes;
    }
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let has_zeros = whole.is_empty() || whole.len() > 1 && whole.starts_with('0');
    let ends = fraction.is_some_and(|digits| digits.is_empty() || digits.ends_with('0'));
    is_decimal(text) && (has_zeros || ends || text.len() > 11)
}

/// `2`, `2.0`, `2.`, `.5`.
fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fits = |digits: &str| digits.is_empty() || is_digits(digits);
    fits(whole) && fits(fraction) && !(whole.is_empty() && fraction.is_empty()) && !text.is_empty()
}

/// `1-2`, `12/3`, `2026/4/1`, `1:30`, `1 1/2`, `4月1日`, `令和5年4月`.
fn is_date_or_time(text: &str) -> bool {
    let parts = |mark: char| {
        let parts: Vec<&str> = text.split(mark).collect();
        let (first, rest) =
            parts.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        // A number before a fraction stands apart.
        let first = first.rsplit(' ').next().filter(|_| mark == '/').unwrap_or(first);
        let is_short = is_digits(first) && first.len() <= 4;
        is_short && matches!(rest.len(), 1 | 2) && rest.iter().all(|part| is_digits(part))
    };
    ['-', '/', ':'].into_iter().any(parts) || is_dotted_date(text) || is_japanese_date(text)
}

/// `17.9.4`: a version to its maker, a day to LibreOffice.
fn is_dotted_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let fits = |part: &&str| is_digits(part) && part.len() <= 4;
    parts.len() == 3 && parts.iter().all(fits)
}

fn is_japanese_date(text: &str) -> bool {
    const ERAS: [&str; 5] = ["明治", "大正", "昭和", "平成", "令和"];
    let rest = ERAS.iter().find_map(|era| text.strip_prefix(era)).unwrap_or(text);
    let rest =
        rest.split_once('年').filter(|(year, _)| is_digits(year)).map_or(rest, |(_, rest)| rest);
    let Some((month, rest)) = rest.split_once('月') else { return false };
    is_digits(month) && (rest.is_empty() || rest.strip_suffix('日').is_some_and(is_digits))
}

/// `R7.1.2`, `H30-4-1`: a version to its maker, a day to Excel.
fn is_era_date(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['m', 't', 's', 'h', 'r']) else { return false };
    ['.', '-', '/'].into_iter().any(|mark| {
        let parts: Vec<&str> = rest.split(mark).collect();
        parts.len() == 3 && parts.iter().all(|part| is_digits(part) && part.len() <= 2)
    })
}

/// `MAR-01`, `SEP1`, `1-DEC`, `5 May 2026`: the name of a month with numbers.
fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const REST: [&str; 12] =
        ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"];
    let apart = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let before = &text[..text.len() - apart.len()];
    let apart = if before.is_empty() { apart } else { apart.trim_start_matches(['-', '/', ' ']) };
    let month = MONTHS.iter().zip(REST).find_map(|(month, rest)| {
        let tail = apart.strip_prefix(month)?;
        // `sept` is one of Excel's own.
        let tail =
            tail.strip_prefix(rest).or_else(|| tail.strip_prefix('t').filter(|_| *month == "sep"));
        Some(tail.unwrap_or_else(|| &apart[month.len()..]))
    });
    let Some(tail) = month else { return false };
    let tail = tail.trim_start_matches(['-', '/', ' ', ',']);
    let is_number = |text: &str| is_digits(text) && text.len() <= 4;
    match (before.is_empty(), tail.is_empty()) {
        (true, true) => false,
        (true, false) => {
            is_number(tail)
                || tail.split([' ', '-', ',']).filter(|part| !part.is_empty()).all(is_number)
        }
        (false, true) => is_number(before),
        (false, false) => is_number(before) && is_number(tail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_change_is_marked() {
        for (text, expected) in [
            ("CT-01", "CT-01"),
            ("0012", "=\"0012\""),
            ("12", "12"),
            ("1-2", "=\"1-2\""),
            ("12/3", "=\"12/3\""),
            ("2.0", "=\"2.0\""),
            ("1.10", "=\"1.10\""),
            ("1.1", "1.1"),
            ("0.5", "0.5"),
            (".5", "=\".5\""),
            ("3.1.2", "=\"3.1.2\""),
            ("17.9.4", "=\"17.9.4\""),
            ("17.9.4a", "17.9.4a"),
            ("5.10.16299", "5.10.16299"),
            ("1,234", "=\"1,234\""),
            ("1,23", "1,23"),
            ("1e+5", "=\"1e+5\""),
            ("1 1/2", "=\"1 1/2\""),
            ("R7.1.2", "=\"R7.1.2\""),
            ("R7.10.23b", "R7.10.23b"),
            ("H30-4-1", "=\"H30-4-1\""),
            ("HIS-4-1", "HIS-4-1"),
            ("MAR-01", "=\"MAR-01\""),
            ("Sept1", "=\"Sept1\""),
            ("1-DEC", "=\"1-DEC\""),
            ("5 May 2026", "=\"5 May 2026\""),
            ("may", "may"),
            ("MARS-01", "MARS-01"),
            ("DECT-1", "DECT-1"),
            ("4月1日", "=\"4月1日\""),
            ("令和5年4月1日", "=\"令和5年4月1日\""),
            ("4月の入れ替え", "4月の入れ替え"),
            ("TRUE", "=\"TRUE\""),
            ("Rev.14.01.38", "Rev.14.01.38"),
            ("1E5", "=\"1E5\""),
            ("04912345678904", "=\"04912345678904\""),
            ("10.100.10.1", "10.100.10.1"),
            ("=1+1", "'=1+1"),
            ("-2+3", "'-2+3"),
            ("+81-3", "'+81-3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t=1"),
            ("－", "－"),
            ("-", "-"),
            ("'=1", "''=1"),
            ("it's", "it's"),
            ("", ""),
        ] {
            assert_eq!(mark(text), expected);
            assert_eq!(unmark(expected), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[-'=+@＝\"\\t\\n0-9aE/:., あ月日Rmay]{0,12}") {
            let marked = mark(&text);
            prop_assert_eq!(unmark(&marked), text.as_str());
        }

        #[test]
        fn nothing_that_is_written_computes(text in "[-'=+@＝\"\\t0-9aE/あ]{0,12}") {
            let marked = mark(&text);
            prop_assert!(!is_like_a_formula(&marked) || constant(&marked).is_some(), "{}", marked);
        }
    }
}
