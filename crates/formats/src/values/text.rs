//! Texts as a person would have typed them with care.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// `text` with full-width letters and digits made half width, half-width kana made full width, and white space in order.
///
/// Brackets, wave dashes and marks such as `①㈱` stay as they are: this is the value people read, while
/// [`domain::fold()`] is for comparing. A line break inside a Japanese word is dropped; between Latin words it becomes a space.
pub fn tidy(text: &str) -> Cow<'_, str> {
    let trimmed = trimmed(text);
    if is_tidy_ascii(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    let mut tidied = String::with_capacity(trimmed.len());
    let mut rest = trimmed;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c| !is_half_kana(c)).unwrap_or(rest.len());
        if run > 0 {
            tidied.extend(rest[..run].nfkc());
            rest = &rest[run..];
            continue;
        }
        rest = &rest[first.len_utf8()..];
        if first.is_whitespace() {
            let run = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
            let broken = first.is_control() || rest[..run].contains(char::is_control);
            rest = &rest[run..];
            push_gap(&mut tidied, rest, broken);
        } else {
            tidied.push(half(first));
        }
    }
    Cow::Owned(tidied)
}

/// `text` without white space around it, as [`str::trim`] gives it; quick where there is none, as in almost every cell.
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] | [] => text,
        _ => text.trim(),
    }
}

/// `text` without what stands in brackets, trimmed; for values with a note such as `稼働（夜間停止）`.
///
/// The text must be half width, so that there is one kind of round bracket.
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut outside = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '「' => depth += 1,
            ')' | ']' | '】' | '〕' | '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside.trim().to_owned()
}

/// Whether characters were lost before the file reached us: only question marks, a row of them, or replacement characters.
///
/// PowerShell 5.1 writes `?` for every Japanese letter unless told otherwise.
pub fn is_lost(text: &str) -> bool {
    if text.is_ascii() && !text.as_bytes().contains(&b'?') {
        return false;
    }
    let text = text.trim();
    text.contains("???")
        || text.contains('\u{fffd}')
        || (text.len() > 1 && text.bytes().all(|b| b == b'?'))
}

fn is_tidy_ascii(text: &str) -> bool {
    let mut before = b'x';
    for byte in text.bytes() {
        if !(b' '..=b'~').contains(&byte) || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    true
}

fn is_half_kana(c: char) -> bool {
    ('\u{ff61}'..='\u{ff9f}').contains(&c)
}

/// Full-width Latin letters and digits, and the marks that join them in model numbers and addresses.
fn half(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '．'
        | '＿'
        | '／'
        | '：'
        | '＋'
        | '＠'
        | '＃' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '－' | '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        other => other,
    }
}

fn push_gap(tidied: &mut String, rest: &str, broken: bool) {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
    let between_latin = latin(tidied.chars().next_back()) && latin(rest.chars().next());
    if !broken || between_latin {
        tidied.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_white_space_are_put_in_order_and_the_rest_is_left() {
        for (written, tidied) in [
            ("", ""),
            ("  CT-01 ", "CT-01"),
            ("ＣＴ・ＭＲ室", "CT・MR室"),
            ("Ａ社", "A社"),
            ("ﾈｯﾄﾜｰｸﾌﾟﾘﾝﾀ", "ネットワークプリンタ"),
            ("Windows 10 IoT\nLTSC 2019", "Windows 10 IoT LTSC 2019"),
            ("読影端末\n（高精細）", "読影端末（高精細）"),
            ("操作室（髙橋）", "操作室（髙橋）"),
            ("透視装置（更新予定）※", "透視装置（更新予定）※"),
            ("型　式", "型 式"),
            ("a  b", "a b"),
            ("電子カルテ端末〜予備", "電子カルテ端末〜予備"),
            ("①㈱Ｅ社", "①㈱E社"),
        ] {
            assert_eq!(tidy(written), tidied, "{written}");
        }
    }

    #[test]
    fn notes_in_brackets_are_left_out() {
        assert_eq!(without_brackets("10.1.1.5(固定)"), "10.1.1.5");
        assert_eq!(without_brackets("稼働 【夜間】"), "稼働");
        assert_eq!(without_brackets(")a("), "a");
    }

    #[test]
    fn lost_characters_are_seen() {
        for (text, lost) in [
            ("????", true),
            ("??", true),
            ("CT???", true),
            ("a\u{fffd}", true),
            ("?", false),
            ("CT?", false),
        ] {
            assert_eq!(is_lost(text), lost, "{text}");
        }
    }
}
