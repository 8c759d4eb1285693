//! Marks that say "the same as above".

/// Whether `text` repeats the cell above.
pub fn is_ditto(text: &str) -> bool {
    matches!(
        text.trim(),
        "〃" | "″" | "\"" | "''" | "”" | "＂" | "〝" | "同上" | "同" | "々" | "↑" | "上に同じ"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_known_and_words_are_not() {
        for mark in ["〃", "″", "\"", "''", "同上", " 同上 ", "同", "々", "↑", "上に同じ"]
        {
            assert!(is_ditto(mark), "{mark}");
        }
        for word in ["", "同室", "'", "佐々木", "-"] {
            assert!(!is_ditto(word), "{word}");
        }
    }
}
