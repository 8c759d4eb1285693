//! Cells of a text table that a spreadsheet would take for something else: a formula, a number, a day.
//!
//! [`mark()`] writes them so that Excel shows what is meant and computes nothing; [`unmark()`] takes the mark off again, so that a table
//! which was exported comes back without loss.
//!
//! - What begins like a formula gets an apostrophe before it: `'=1+1` (OWASP, CSV Injection; full width counts too, since a Japanese
//!   input method turns `=` into `＝` and Excel takes either).
//! - What Excel would change into another number or a day is written as a formula that gives exactly this text: `="0012"`.

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

/// Whether Excel would show another value: zeros at the beginning are dropped, long numbers rounded, `1-2` becomes a day.
fn is_changed(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        return text.len() > 11 || text.len() > 1 && text.starts_with('0');
    }
    let Some(at) = text.find(|c: char| !c.is_ascii_digit()) else { return false };
    let (first, rest) = text.split_at(at);
    let Some(mark) = rest.chars().next() else { return false };
    let parts: Vec<&str> = rest[mark.len_utf8()..].split(mark).collect();
    let numbers = digits(first) && first.len() <= 4 && parts.iter().all(|part| digits(part));
    match mark {
        '-' | '/' => numbers && parts.len() <= 2,
        'e' | 'E' => digits(first) && parts.len() == 1 && numbers,
        ':' => numbers && parts.len() <= 2,
        _ => false,
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
        fn every_text_comes_back(text in "[-'=+@＝\"\\t\\n0-9aE/:あ]{0,12}") {
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
