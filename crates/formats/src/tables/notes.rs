//! Passwords that somebody wrote into the free text of a cell: 「PW: …」 among the remarks.
//!
//! Only what is plainly one is masked: a word for a password, a colon or an equals sign, and a value in Latin letters, digits and marks.
//! What merely speaks of passwords (「パスワードは金庫」, 「PASS期限」, 「パスワード：別紙」) is left as it is.

use crate::network::mask::STARS;
use crate::table::Row;

/// Words for a password in Japanese, as they are typed.
const JAPANESE: [&str; 7] =
    ["パスワード", "パスワ－ド", "ﾊﾟｽﾜｰﾄﾞ", "ﾊﾟｽﾜ-ﾄﾞ", "パスフレーズ", "暗証番号", "暗証コード"];

/// The same in English, the longer before those that they begin with.
const ENGLISH: [&str; 7] = ["password", "passphrase", "passcode", "passwd", "pass", "pwd", "pw"];

/// What stands in place of a value where there is none to tell, or where something was checked.
const NO_VALUES: [&str; 16] = [
    "none", "null", "nil", "n/a", "na", "unknown", "yes", "no", "same", "see", "blank", "empty",
    "passed", "failed", "fail", "tbd",
];

/// Letters of a value at least: what is shorter is an answer (OK, NG) and no password.
const SHORTEST: usize = 3;

/// Letters of a value by which it is judged: a cell may hold a megabyte, and such words again and again.
const LOOKED_AT: usize = 64;

/// Letters of what may stand in brackets between the word and the colon: 「パスワード(管理者)：」.
const BRACKETED: usize = 16;

/// Masks what the cells of a row note of passwords; gives the columns in which it did.
pub(super) fn mask(row: &mut Row) -> Vec<u16> {
    let found: Vec<(u16, String)> =
        row.cells().filter_map(|cell| Some((cell.column, masked(cell.text)?))).collect();
    found.iter().for_each(|(column, text)| row.replace(*column, text));
    found.into_iter().map(|(column, _)| column).collect()
}

/// Whether a row may hold such a word at all: looked at for every row of every table.
pub(super) fn may_hold(row: &Row) -> bool {
    row.cells().any(|cell| may_be_noted(cell.text))
}

fn may_be_noted(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Letters and marks of the other width begin with this byte in UTF-8.
    let wide = memchr::memchr(0xef, bytes).is_some();
    let is_separated =
        memchr::memchr2(b':', b'=', bytes).is_some() || wide && text.contains(['：', '＝']);
    let is_named = || {
        memchr::memchr2(b'p', b'P', bytes).is_some()
            || wide && text.contains(['ｐ', 'Ｐ'])
            || !text.is_ascii() && JAPANESE.iter().any(|word| text.contains(word))
    };
    is_separated && is_named()
}

/// The text with the values of passwords masked; `None` where there are none.
pub(crate) fn masked(text: &str) -> Option<String> {
    if !may_be_noted(text) {
        return None;
    }
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut copy = String::with_capacity(text.len());
    let (mut at, mut done) = (0, 0);
    while at < letters.len() {
        let Some((from, to)) = value_after(&letters, at) else {
            at += 1;
            continue;
        };
        let place = |at: usize| letters.get(at).map_or(text.len(), |(place, _)| *place);
        copy.push_str(text.get(done..place(from)).unwrap_or_default());
        copy.push_str(STARS);
        done = place(to);
        at = to;
    }
    if done == 0 {
        return None;
    }
    copy.push_str(text.get(done..).unwrap_or_default());
    Some(copy)
}

/// Where the value stands that is noted behind a word for a password at `at`.
fn value_after(letters: &[(usize, char)], at: usize) -> Option<(usize, usize)> {
    let letter = |at: usize| letters.get(at).map(|(_, c)| plain(*c));
    let skip = |mut at: usize, is: fn(char) -> bool, most: usize| {
        let end = at + most;
        while at < end && letter(at).is_some_and(is) {
            at += 1;
        }
        at
    };
    let mut next = word_at(letters, at)?;
    next = skip(next, |c| c.is_ascii_digit(), 2);
    next = skip(next, is_blank, 4);
    if letter(next) == Some('(') {
        let close = (next..next + BRACKETED).find(|at| letter(*at) == Some(')'))?;
        next = skip(close + 1, is_blank, 4);
    }
    letter(next).filter(|c| matches!(c, ':' | '='))?;
    next = skip(next + 1, |c| matches!(c, ':' | '=' | '>'), 2);
    next = skip(next, |c| is_blank(c) || matches!(c, '「' | '『' | '【'), 8);
    let end = skip(next, |c| c.is_ascii_graphic(), LOOKED_AT);
    let value: String = letters.get(next..end)?.iter().map(|(_, c)| plain(*c)).collect();
    let rest = || skip(end, |c| c.is_ascii_graphic(), letters.len());
    let after = letter(end).filter(|_| end - next < LOOKED_AT);
    is_value(&value, after).then(|| (next, rest()))
}

/// Behind a word for a password that begins at `at` and is no part of a longer Latin word.
fn word_at(letters: &[(usize, char)], at: usize) -> Option<usize> {
    let stands = |word: &str| {
        let mut letters = letters.iter().skip(at).map(|(_, c)| *c);
        word.chars().all(|c| letters.next().is_some_and(|own| own == c || plain(own) == c))
    };
    let before = at.checked_sub(1).and_then(|before| letters.get(before)).map(|(_, c)| plain(*c));
    let goes_before = before.is_some_and(|c| c.is_ascii_alphanumeric());
    let english = ENGLISH.iter().filter(|_| !goes_before);
    let word = JAPANESE.iter().chain(english).find(|word| stands(word))?;
    Some(at + word.chars().count())
}

/// Whether what stands behind the colon is a password and no remark about one; `after` is the letter behind it.
fn is_value(value: &str, after: Option<char>) -> bool {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    let bare = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let says_nothing = bare.len() < SHORTEST
        || NO_VALUES.contains(&bare)
        || bare.starts_with("http://")
        || bare.starts_with("https://")
        || is_day(bare);
    // What goes on in Japanese is a sentence (「Windowsと同じ」), unless it mixes letters and digits as no word does.
    let goes_on = after.is_some_and(char::is_alphanumeric);
    !says_nothing && (!goes_on || has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit))
}

/// Whether it is a day or a month: when a password was changed, and not the password.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let are_digits =
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    are_digits && matches!(parts.len(), 2 | 3) && parts.iter().any(|part| part.len() == 4)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}')
}

/// A letter in the usual width and small.
fn plain(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
        other => other.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_a_password_is_masked_and_the_rest_stays() {
        for (text, expected) in [
            ("PW: Kanri123", "PW: ****"),
            ("password=Himitsu!9, 2階", "password=**** 2階"),
            ("管理者ＰＷ：ｋａｎｒｉ１２３　予備機", "管理者ＰＷ：****　予備機"),
            ("ID/PASS: admin/Kanri123", "ID/PASS: ****"),
            ("保守用。パスワード：abcd1234。鍵は事務", "保守用。パスワード：****。鍵は事務"),
            ("ﾊﾟｽﾜｰﾄﾞ=「Xy-9_z」", "ﾊﾟｽﾜｰﾄﾞ=「****」"),
            (
                "パスワード(管理者): root00 / パスワード2:guest",
                "パスワード(管理者): **** / パスワード2:****",
            ),
            ("暗証番号：1234", "暗証番号：****"),
            ("pwd:=s3cret\nPwd = other", "pwd:=****\nPwd = ****"),
            ("pass: Kanri123です", "pass: ****です"),
            ("Passphrase : correct-horse", "Passphrase : ****"),
        ] {
            assert_eq!(masked(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_only_speaks_of_passwords_stays() {
        for text in [
            "パスワードは金庫",
            "パスワード：金庫",
            "パスワード：別紙参照",
            "パスワード: なし",
            "パスワード：",
            "PW: ****",
            "PW: -",
            "PW: N/A",
            "pass: OK",
            "PASS: passed",
            "PASS期限",
            "PASS期限: 2027-03-31",
            "PW変更: 2026/04",
            "パスワード: 2026/04/01変更",
            "パスワード: Windowsと同じ",
            "PWR1",
            "PWR: 100V",
            "UPW: 1234",
            "bypass: 1234",
            "compass=north",
            "passport: AB1234567",
            "password: https://intra/keys",
            "PASS 1234",
            "http://a/?p=1",
            "MAC: 00:13:1B:00:00:01",
            "",
        ] {
            assert_eq!(masked(text), None, "{text}");
        }
    }

    #[test]
    fn a_cell_as_long_as_a_file_takes_no_longer_than_its_length() {
        assert_eq!(masked(&("pw=".repeat(300_000) + "同じ")).as_deref(), Some("pw=****同じ"));
        assert_eq!(masked(&"pw=同".repeat(100_000)), None);
        assert_eq!(masked(&"パスワード(".repeat(100_000)), None);
    }

    #[test]
    fn what_was_masked_has_nothing_more_to_mask() {
        let once = masked("PW: a1b2c3 パスワード=ｱ pass=zzz9").unwrap();
        assert_eq!((once.as_str(), masked(&once)), ("PW: **** パスワード=ｱ pass=****", None));
    }

    #[test]
    fn a_row_is_looked_at_only_where_such_a_word_can_stand() {
        let row = |text: &str| {
            let mut row = Row::default();
            row.start(1);
            row.push(1, text, Default::default(), Default::default());
            row
        };
        assert!(may_hold(&row("備考 PW: x")) && may_hold(&row("暗証番号：1")));
        assert!(!may_hold(&row("CT-01")) && !may_hold(&row("10.1.1.1:80")));
    }
}
