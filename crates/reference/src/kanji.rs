//! Characters that stand for one another in searches, from `data/kanji.toml`: old forms and the variants that names are written with.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    old_forms: Vec<String>,
    names: Vec<String>,
}

static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    // The file is part of the program; the test below reads it, so what is shipped can be read.
    read(include_str!("../data/kanji.toml"))
        .unwrap_or_else(|error| panic!("data/kanji.toml: {error}"))
});

/// The character that stands for `c` and its variants; `c` itself where it has none.
pub fn common(c: char) -> char {
    // Everything in the table is an ideograph; most letters of a ledger are none.
    if c < '\u{2e80}' { c } else { TABLE.get(&c).copied().unwrap_or(c) }
}

fn read(text: &str) -> Result<HashMap<char, char>, String> {
    let groups: Groups = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut table: HashMap<char, char> = HashMap::new();
    for group in groups.old_forms.iter().chain(&groups.names) {
        let mut members = group.chars();
        let first = members.next().ok_or("an empty group")?;
        // A group may go on from another: 﨑 and 嵜 are both 崎.
        let common = table.get(&first).copied().unwrap_or(first);
        for member in members.filter(|member| *member != common) {
            if table.insert(member, common).is_some_and(|before| before != common) {
                return Err(format!("{member} stands for two characters"));
            }
        }
    }
    match table.values().find(|common| table.contains_key(common)) {
        Some(common) => Err(format!("{common} stands for others, and another stands for it")),
        None => Ok(table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_of_their_forms() {
        for (written, expected) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("齋藤", "斎藤"),
            ("斉藤", "斎藤"),
            ("齊藤", "斎藤"),
            ("澤田", "沢田"),
            ("濵田", "浜田"),
            ("醫療", "医療"),
            ("𠮷野", "吉野"),
        ] {
            assert_eq!(written.chars().map(common).collect::<String>(), expected, "{written}");
        }
    }

    #[test]
    fn other_letters_stay_as_they_are() {
        assert!("CT-01 高橋 サーバ".chars().all(|c| common(c) == c));
    }

    #[test]
    fn a_table_with_a_slip_is_refused() {
        for text in [
            "old_forms=['']\nnames=[]",
            "old_forms=['高髙']\nnames=['隆髙']",
            "old_forms=['辺邊','邊邉']\nnames=['邉辺']\nother=1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
