//! Columns of passwords: nothing of them is read, nor kept.
//!
//! Ledgers of small hospitals often have one. Its values must not become the way into every device for whoever finds a copy.

use std::collections::BTreeSet;

use domain::fold::half_width;

use crate::columns::{self, Column};
use crate::table::Row;
use crate::tables::notes;
use crate::values::text::without_brackets;

/// Words that name a secret wherever they stand in a header, folded.
const WORDS: [&str; 18] = [
    "パスワ-ド",
    "パスワ-ト",
    "パスフレ-ズ",
    "暗証番号",
    "暗証コ-ド",
    "合言葉",
    "秘密鍵",
    "事前共有",
    "共有鍵",
    "コミュニティ名",
    "snmpコミュニティ",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "presharedkey",
    "snmpcommunity",
    "communitystring",
];

/// Headers that name one only as a whole, or behind a letter that is not of their own word: `PW`, `ID/PW`, 管理者PW.
const SHORT: [&str; 8] = ["pw", "pwd", "pass", "psk", "pin", "pinコ-ド", "pincode", "secret"];

/// Keys of which a header with キー at its end speaks.
const KEYS: [&str; 13] = [
    "暗号",
    "暗号化",
    "セキュリティ",
    "共有",
    "認証",
    "wep",
    "wpa",
    "wpa2",
    "wpa3",
    "wi-fi",
    "wifi",
    "無線",
    "接続",
];

/// What follows such a word where a column tells something about the secret, and not the secret.
const ABOUT: [&str; 22] = [
    "有無",
    "有効",
    "期限",
    "変更",
    "更新",
    "設定",
    "ポリシ-",
    "桁",
    "ロック",
    "要否",
    "管理",
    "保管",
    "強度",
    "履歴",
    "認証",
    "ノ",
    "policy",
    "expir",
    "lastset",
    "changed",
    "age",
    "length",
];

/// Whether a column with this header holds passwords, keys or communities.
pub(crate) fn is_secret(header: &str) -> bool {
    // A header is a word or two; what is longer is a sentence.
    if header.len() > 120 {
        return false;
    }
    let header = half_width(header);
    let outside = without_brackets(&header);
    let inside = header.split(['(', '[', '【', '〔', '「']).skip(1);
    let inside = inside.filter_map(|part| part.split([')', ']', '】', '〕', '」']).next());
    std::iter::once(outside.as_str()).chain(inside).any(names_a_secret)
}

fn names_a_secret(header: &str) -> bool {
    let key = columns::key(header);
    let key: String = key.chars().filter(|c| !matches!(c, '-' if key.is_ascii())).collect();
    let bare = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let told = WORDS.iter().filter_map(|word| bare.rfind(word).map(|at| at + word.len())).max();
    if let Some(rest) = told.and_then(|end| bare.get(end..)) {
        return !ABOUT.iter().any(|word| rest.contains(word));
    }
    let ends = |end: &str| {
        let before = bare.strip_suffix(end).and_then(|before| before.chars().next_back());
        bare == end || before.is_some_and(|letter| !letter.is_ascii_alphanumeric())
    };
    let key = |stem: &str| KEYS.iter().any(|word| stem.ends_with(word));
    SHORT.iter().any(|end| ends(end)) || bare.strip_suffix("キ-").is_some_and(key)
}

/// Whether the column holds secrets, by its own word or the one over it.
pub(crate) fn is_secret_column(column: &Column) -> bool {
    column.header.split(" / ").chain([column.own.as_str()]).any(is_secret)
}

/// Looks at the first rows of a sheet that is not read: whether one of its columns holds secrets.
#[derive(Debug, Default)]
pub(super) struct Glance {
    rows: u32,
    columns: BTreeSet<u16>,
    found: bool,
}

impl Glance {
    /// Rows that are looked at.
    const ROWS: u32 = 100;

    /// Takes one row; says whether more are wanted.
    pub(super) fn look(&mut self, row: &Row) -> bool {
        self.rows += 1;
        for cell in row.cells().filter(|cell| !cell.text.trim().is_empty()) {
            if is_secret(cell.text) {
                self.columns.insert(cell.column);
            } else {
                self.found |= self.columns.contains(&cell.column);
                self.found |= notes::masked(cell.text).is_some();
            }
        }
        !self.found && self.rows < Self::ROWS
    }

    /// Whether something stands below the header of such a column.
    pub(super) fn found(&self) -> bool {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_secrets_are_known_by_their_header() {
        for header in [
            "パスワード",
            "ﾊﾟｽﾜｰﾄﾞ",
            "ログイン パスワード",
            "管理者パスワード",
            "パスワード(管理者)",
            "認証(パスワード)",
            "BIOSパスワード2",
            "初期パスワード",
            "PW",
            "ＰＷ",
            "ID/PW",
            "管理者PW",
            "Pass",
            "暗証番号",
            "PINコード",
            "Password",
            "Admin password",
            "admin_password",
            "Pre-Shared Key",
            "PSK",
            "SNMPコミュニティ名",
            "コミュニティ名",
            "WPA2キー",
            "無線の暗号化キー",
            "事前共有鍵",
        ] {
            assert!(is_secret(header), "{header}");
        }
    }

    #[test]
    fn columns_about_secrets_and_others_hold_none() {
        for header in [
            "パスワード有効期限",
            "パスワード変更日",
            "パスワードの有無",
            "パスワード管理者",
            "パスワード設定",
            "Password last set",
            "PasswordExpired",
            "PasswordLastSet",
            "Bypass",
            "UPW",
            "承認・認証番号",
            "ライセンスキー",
            "キーボード",
            "機器名",
            "コミュニティ",
            "spin",
            "",
        ] {
            assert!(!is_secret(header), "{header}");
        }
    }

    #[test]
    fn a_sheet_that_is_not_read_is_glanced_at() {
        let row = |number: u32, texts: &[&str]| {
            let mut row = Row::default();
            row.start(number);
            for (column, text) in (1..).zip(texts) {
                row.push(column, text, Default::default(), Default::default());
            }
            row
        };
        let glance = |rows: &[&[&str]]| {
            let mut glance = Glance::default();
            rows.iter().for_each(|texts| assert!(glance.look(&row(1, texts)) || glance.found()));
            glance.found()
        };
        assert!(glance(&[
            &["表題"],
            &["システム", "パスワード"],
            &["電子カルテ", ""],
            &["PACS", "x"]
        ]));
        assert!(!glance(&[&["システム", "パスワード"], &["電子カルテ"]]));
        assert!(!glance(&[&["パスワード", "x"]]));
        assert!(glance(&[&["電子カルテ", "PW: Himitsu1"]]));
    }
}
