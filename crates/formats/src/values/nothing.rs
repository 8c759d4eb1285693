//! Words that say that there is nothing, and words that say that nobody knows.

use domain::fold;

use super::text::trimmed;

/// What a cell without a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// There is none: `－`, `なし`, `該当なし`, `N/A`.
    Absent,
    /// Nobody knows: `不明`, `未設定`, `？`.
    Unknown,
}

/// What `text` says about there being nothing; `None` where it holds a value. Blank text is unknown.
pub fn read(text: &str) -> Option<Nothing> {
    let text = trimmed(text);
    if text.is_ascii() {
        return read_ascii(text);
    }
    // The longest word of the list has five letters; brackets and spaces may stand around it.
    if text.chars().count() > 12 {
        return None;
    }
    let folded = fold(text);
    match folded.trim_matches(['(', ')', '[', ']', '【', '】']) {
        "ナシ" | "無シ" | "無" | "該当ナシ" | "該当無シ" | "対象外" | "n/a" => {
            Some(Nothing::Absent)
        }
        "不明" | "フメイ" | "未設定" | "未定" | "未確認" | "調査中" | "確認中" | "要確認" | "?"
        | "" => Some(Nothing::Unknown),
        word if word.chars().all(|c| matches!(c, '-' | '―' | '─' | 'ー')) => {
            Some(Nothing::Absent)
        }
        _ => None,
    }
}

fn read_ascii(text: &str) -> Option<Nothing> {
    if text.len() > 9 {
        return None;
    }
    let bare = text.trim_matches(['(', ')', '[', ']']);
    let is = |words: &[&str]| words.iter().any(|word| bare.eq_ignore_ascii_case(word));
    if is(&["-", "--", "---", "n/a", "none", "null", "nil"]) {
        Some(Nothing::Absent)
    } else if is(&["", "?", "unknown", "tbd"]) {
        Some(Nothing::Unknown)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_unknown_are_kept_apart() {
        for word in
            ["－", "-", "―", "ー", "なし", "無", "無し", "該当なし", "N/A", "Ｎ／Ａ", "ナシ"]
        {
            assert_eq!(read(word), Some(Nothing::Absent), "{word}");
        }
        for word in ["", " ", "不明", "ﾌﾒｲ", "未設定", "（未設定）", "？", "?", "未定", "要確認"]
        {
            assert_eq!(read(word), Some(Nothing::Unknown), "{word}");
        }
        for word in ["CT-01", "0", "なしの木", "無線", "不明な機器の一覧を見ること", "A"]
        {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
