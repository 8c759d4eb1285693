//! 状態: what state a ledger says a device is in.

use domain::{Status, fold};

use super::text::without_brackets;

/// The state that `text` names; a word we do not know is [`Status::Unrecognised`], to be kept as written and asked about.
pub fn read(text: &str) -> Status {
    let folded = fold(text);
    word(&folded).or_else(|| word(&without_brackets(&folded))).unwrap_or(Status::Unrecognised)
}

/// Words after folding, so in katakana.
fn word(folded: &str) -> Option<Status> {
    let status = match folded {
        "稼働" | "稼動" | "稼働中" | "稼動中" | "使用中" | "使用" | "利用中" | "運用中"
        | "運用" | "現用" | "貸出中" | "〇" | "◎" | "active" | "deployed" | "inuse" | "online"
        | "アリ" | "true" => Status::InUse,
        "停止"
        | "停止中"
        | "使用停止"
        | "休止"
        | "休止中"
        | "メンテナンス"
        | "メンテナンス中"
        | "修理中"
        | "修理"
        | "故障"
        | "故障中"
        | "点検中"
        | "inrepair"
        | "underrepair"
        | "maintenance"
        | "offline"
        | "false" => Status::Stopped,
        "予備" | "予備機" | "在庫" | "保管" | "保管中" | "返却済" | "返却済ミ" | "待機"
        | "spare" | "instock" | "inventory" => Status::Spare,
        "廃棄" | "廃棄済" | "廃棄済ミ" | "除却" | "除却済" | "滅却" | "処分" | "処分済"
        | "撤去" | "撤去済" | "×" | "✕" | "✖" | "retired" | "disposed" | "decommissioned"
        | "scrapped" => Status::Retired,
        _ => return None,
    };
    Some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: Status, words: &[&str]) {
        for text in words {
            assert_eq!(read(text), status, "{text}");
        }
    }

    #[test]
    fn words_of_the_ward_name_a_state() {
        check(
            Status::InUse,
            &["稼働", "稼動", "使用中", "運用中", "○", "〇", "Active", "deployed", "In use"],
        );
        check(Status::Stopped, &["停止", "休止", "メンテナンス", "ﾒﾝﾃﾅﾝｽ", "修理中"]);
        check(Status::Spare, &["予備", "在庫", "保管", "返却済"]);
        check(Status::Retired, &["廃棄", "除却", "滅却", "処分", "撤去", "×", "廃棄（R3）"]);
    }

    #[test]
    fn an_unknown_word_is_not_guessed() {
        check(Status::Unrecognised, &["試験運用", "廃棄予定", "Decommissioning", "要確認", "１"]);
    }
}
