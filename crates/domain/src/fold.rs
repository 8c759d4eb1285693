//! Folding text for comparison and search, never for display.

use unicode_normalization::UnicodeNormalization;

/// Folds `text` so that writings which a Japanese reader takes for the same become equal.
///
/// NFKC (so full width, half-width kana, ligatures and circled digits unify), lower case, katakana for hiragana,
/// all long marks and hyphens to `-`, wave dashes to `~`, circles that stand for "something" to `〇`, and white space
/// dropped. The result is for comparing and searching; what is shown is always the original.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

/// Adds `text`, folded, to the end of `folded`: see [`fold()`].
pub fn fold_onto(folded: &mut String, text: &str) {
    if text.is_ascii() {
        let start = folded.len();
        let white = |c: char| c.is_ascii_whitespace() || c == '\x0b';
        text.split(white).for_each(|piece| folded.push_str(piece));
        if let Some(own) = folded.get_mut(start..) {
            own.make_ascii_lowercase();
        }
        return;
    }
    if text.chars().all(is_settled) {
        let kept = text.chars().filter(|c| !c.is_whitespace());
        folded.extend(kept.map(|c| fold_char(c.to_ascii_lowercase())));
        return;
    }
    fold_any(folded, text);
}

fn fold_any(folded: &mut String, text: &str) {
    let lower = text.nfkc().flat_map(char::to_lowercase);
    folded.extend(lower.filter(|c| !c.is_whitespace()).map(fold_char));
}

/// Whether NFKC leaves the letter as it is, beside others like it: so it is with most that stands in a Japanese ledger.
fn is_settled(c: char) -> bool {
    c.is_ascii() || matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='\u{9fff}')
}

/// NFKC without the rest: half width for everything that has one, white space and case kept.
pub fn half_width(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfkc().map(unify_mark).collect() }
}

fn fold_char(c: char) -> char {
    match unify_mark(c) {
        // Hiragana stands 0x60 below katakana in Unicode.
        kana @ 'ぁ'..='ゖ' => char::from_u32(kana as u32 + 0x60).unwrap_or(kana),
        'ー' => '-',
        'ヶ' => 'ケ',
        other => other,
    }
}

/// Marks that are typed for one another: dashes, wave dashes, circles.
fn unify_mark(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{fe63}' | '\u{2043}' => '-',
        '\u{301c}' | '\u{ff5e}' | '\u{223c}' | '\u{02dc}' => '~',
        '\u{25cb}' | '\u{25ef}' | '\u{3007}' => '〇',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_word_become_equal() {
        for (one, other) in [
            ("ＩＰアドレス", "IPｱﾄﾞﾚｽ"),
            ("電子カルテ端末〜予備", "電子カルテ端末～予備"),
            ("ネットワーク", "ねっとわーく"),
            ("HIS−01", "his-01"),
            ("HIS‐01", "HIS－01"),
            ("型　式", "型式"),
            ("192.168.〇.〇", "192.168.○.○"),
            ("㈱Ｅ社", "(株)E社"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn settled_letters_fold_as_all_others_do() {
        let check = |text: &str| {
            let mut slowly = String::new();
            fold_any(&mut slowly, text);
            assert_eq!(fold(text), slowly, "{text:?}");
        };
        let settled: Vec<char> = ('\0'..='\u{ffff}').filter(|c| is_settled(*c)).collect();
        assert!(settled.len() > 20_000);
        settled.chunks(7).for_each(|chunk| check(&chunk.iter().collect::<String>()));
        settled.iter().for_each(|c| check(&format!("が{c}ﾊ")));
        ["か\u{3099}", "ﾊﾟ", "A\u{a0}B", "ヷー", "\u{f900}"].into_iter().for_each(check);
    }

    #[test]
    fn different_words_stay_different() {
        assert_ne!(fold("HIS-01"), fold("HIS-10"));
        assert_ne!(fold("髙橋"), fold("高橋橋"));
    }

    #[test]
    fn half_width_keeps_case_and_kana() {
        assert_eq!(half_width("ＣＴ－０１　ほげ"), "CT-01 ほげ");
    }
}
