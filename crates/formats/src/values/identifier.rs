//! Numbers and words with a fixed form: GTIN, JMDN code, class of the device law, yes and no, counts.

use domain::fold;
use domain::fold::half_width;

use super::text::without_brackets;

/// The GTIN-14 of a JANコード (8 or 13 digits), a GTIN-14, or a GS1 text with `(01)`; `None` where the check digit is wrong.
///
/// GS1 General Specifications, section 7.9: weights 3 and 1 from the right.
pub fn gtin(text: &str) -> Option<String> {
    let text = half_width(text);
    let after_key = text.split_once("(01)").map_or(text.as_str(), |(_, after)| after);
    let until_key = after_key.split('(').next().unwrap_or_default();
    let digits: String = until_key.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A GS1 text without brackets: application identifier 01 and fourteen digits, perhaps followed by others.
    let digits = if digits.len() >= 16 { digits.strip_prefix("01")?.get(..14)? } else { &digits };
    if !matches!(digits.len(), 8 | 12 | 13 | 14) {
        return None;
    }
    let gtin = format!("{digits:0>14}");
    check_digit_holds(&gtin).then_some(gtin)
}

fn check_digit_holds(gtin: &str) -> bool {
    let weighted = gtin.bytes().enumerate().map(|(index, b)| {
        let weight = if index % 2 == 0 { 3 } else { 1 };
        u32::from(b - b'0') * weight
    });
    weighted.sum::<u32>() % 10 == 0
}

/// The eight digits of a JMDN code.
pub fn jmdn(text: &str) -> Option<String> {
    let code = half_width(text).trim().to_owned();
    (code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

/// The class of a medical device, `I` to `IV`; 高度管理 alone is III or IV and so gives none (薬機法 第2条第5項から第7項).
pub fn device_class(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    let bare = without_brackets(&folded);
    let class =
        bare.trim_start_matches("クラス").trim_start_matches("class").trim_end_matches("医療機器");
    match class {
        "i" | "1" | "一般" => Some("I"),
        "ii" | "2" | "管理" => Some("II"),
        "iii" | "3" => Some("III"),
        "iv" | "4" => Some("IV"),
        _ => None,
    }
}

/// `yes` or `no` for ○ and ×, 該当 and 非該当.
pub fn yes_or_no(text: &str) -> Option<&'static str> {
    match fold(text).as_str() {
        "〇" | "◎" | "該当" | "有" | "有リ" | "アリ" | "ハイ" | "対象" | "yes" | "true" | "1"
        | "レ" | "✓" => Some("yes"),
        "×" | "✕" | "非該当" | "無" | "無シ" | "ナシ" | "イイエ" | "対象外" | "no" | "false"
        | "0" => Some("no"),
        _ => None,
    }
}

/// The number a count begins with: `4台`, `6年`, `４`. At most 65,535.
pub fn count(text: &str) -> Option<u16> {
    let text = half_width(text);
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The number of machines that a remark tells: `4台`, `4台分`, `モニタ４台`.
pub fn machines(text: &str) -> Option<u16> {
    if !text.contains('台') {
        return None;
    }
    let text = half_width(text);
    let (before, _) = text.split_once('台')?;
    let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    before[start..].parse().ok()
}

/// Whether a spreadsheet has rounded the number: `1.23457E+13`. What was typed is gone.
pub fn is_damaged(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    exponent.strip_prefix('+').is_some_and(digits)
        && mantissa.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// An Excel error that stands as a text: `#REF!`, `#N/A`.
pub fn is_error_word(text: &str) -> bool {
    matches!(
        text.trim(),
        "#REF!"
            | "#N/A"
            | "#VALUE!"
            | "#NAME?"
            | "#DIV/0!"
            | "#NUM!"
            | "#NULL!"
            | "#SPILL!"
            | "#CALC!"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jan_and_gs1_of_one_item_give_the_same_number() {
        for text in [
            "(01)04912345678904",
            "4912345678904",
            "０４９１２３４５６７８９０４",
            "(01)04912345678904(21)ABC",
            "0104912345678904",
            "4912-345678904",
        ] {
            assert_eq!(gtin(text).as_deref(), Some("04912345678904"), "{text}");
        }
        for text in ["", "4912345678905", "491234567890", "ABC", "12345", "(01)"] {
            assert_eq!(gtin(text), None, "{text}");
        }
    }

    #[test]
    fn classes_are_roman_numbers_one_to_four() {
        for (text, class) in [
            ("Ⅲ", Some("III")),
            ("III", Some("III")),
            ("クラス３", Some("III")),
            ("クラスⅡ", Some("II")),
            ("Class IV", Some("IV")),
            ("管理医療機器", Some("II")),
            ("一般", Some("I")),
            ("高度管理", None),
            ("V", None),
            ("", None),
        ] {
            assert_eq!(device_class(text), class, "{text}");
        }
    }

    #[test]
    fn yes_no_counts_and_codes() {
        for (text, said) in [
            ("○", Some("yes")),
            ("該当", Some("yes")),
            ("非該当", Some("no")),
            ("×", Some("no")),
            ("未", None),
        ] {
            assert_eq!(yes_or_no(text), said, "{text}");
        }
        assert_eq!((count("6年"), count("４台"), count("約6年")), (Some(6), Some(4), None));
        assert_eq!(
            (machines("4台分"), machines("モニタ４台"), machines("数台")),
            (Some(4), Some(4), None)
        );
        assert_eq!((jmdn("13215000").as_deref(), jmdn("1321500")), (Some("13215000"), None));
    }

    #[test]
    fn what_a_spreadsheet_did_to_a_cell_is_seen() {
        assert!(is_damaged("1.23457E+13") && is_damaged("4.9e+12"));
        assert!(!is_damaged("1E13") && !is_damaged("SE+1") && !is_damaged("12345"));
        assert!(is_error_word("#REF!") && !is_error_word("#1"));
    }
}
