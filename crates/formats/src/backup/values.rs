//! The words in which backup logs tell how a run ended and where it went.

use domain::{Medium, RunResult, fold};

use crate::values::text::without_brackets;

/// How a run ended; a word we do not know is [`RunResult::Unrecognised`], to be kept as written and asked about.
pub(super) fn result(text: &str) -> RunResult {
    let folded = fold(text);
    if let Some(result) = word_of_result(&folded) {
        return result;
    }
    let bare = without_brackets(&folded);
    match word_of_result(&bare) {
        // 成功(警告3件): what stands in the brackets takes something away.
        Some(RunResult::Success) if tells_of_trouble(&folded) => RunResult::Warning,
        Some(result) => result,
        None => RunResult::Unrecognised,
    }
}

/// Words after folding: lower case, katakana, no spaces.
fn word_of_result(folded: &str) -> Option<RunResult> {
    Some(match folded {
        "成功"
        | "正常終了"
        | "正常"
        | "正常完了"
        | "完了"
        | "〇"
        | "◎"
        | "ok"
        | "success"
        | "successful"
        | "succeeded"
        | "completed"
        | "completedsuccessfully"
        | "done" => RunResult::Success,
        "警告"
        | "警告アリ"
        | "警告終了"
        | "警告付キ完了"
        | "一部成功"
        | "部分的ニ成功"
        | "一部失敗"
        | "△"
        | "warning"
        | "warnings"
        | "partial"
        | "partiallysuccessful"
        | "completedwithwarnings"
        | "completedwithexceptions"
        | "completedwitherrors" => RunResult::Warning,
        "失敗" | "異常終了" | "異常" | "エラ-" | "×" | "✕" | "✖" | "ng" | "failed" | "failure"
        | "error" | "unsuccessful" => RunResult::Failed,
        "未完了" | "実行中" | "処理中" | "待機中" | "中断" | "中止" | "キャンセル" | "取消"
        | "未実施" | "未実行" | "スキップ" | "none" | "running" | "inprogress" | "working"
        | "pending" | "cancelled" | "canceled" | "stopped" | "aborted" | "skipped"
        | "incomplete" | "missed" | "notrun" => RunResult::Unfinished,
        _ => return None,
    })
}

fn tells_of_trouble(folded: &str) -> bool {
    let trouble = ["警告", "エラ-", "失敗", "warning", "error"];
    let none = ["ナシ", "無シ", "0件", "no", ":0"];
    trouble.iter().any(|word| folded.contains(word))
        && !none.iter().any(|word| folded.contains(word))
}

/// What a backup is written on, where the words say one thing and not two.
pub(super) fn medium(text: &str) -> Option<Medium> {
    let text = text.trim();
    if text.starts_with("\\\\") || text.starts_with("¥¥") || text.starts_with("//") {
        return Some(Medium::Share);
    }
    let folded = fold(text);
    let told: Vec<Medium> = MEDIA
        .iter()
        .filter(|(_, kana, latin)| {
            kana.iter().any(|word| folded.contains(word))
                || latin.iter().any(|word| has_token(text, word))
        })
        .map(|(medium, ..)| *medium)
        .collect();
    match told.as_slice() {
        [] => is_disk(text, &folded).then_some(Medium::Disk),
        [one] => Some(*one),
        _ => None,
    }
}

/// Words of media: Japanese ones anywhere (folded), Latin ones as a word of their own, perhaps with a number.
#[rustfmt::skip]
const MEDIA: &[(Medium, &[&str], &[&str])] = &[
    (Medium::Cloud, &["クラウド", "オブジェクトストレ-ジ"], &["cloud", "s3", "azure", "aws", "blob", "wasabi", "gcs"]),
    (Medium::Removable, &["外付", "リム-バブル"], &["usb", "rdx", "removable", "external"]),
    (Medium::Share, &["共有", "リポジトリ", "ネットワ-クドライブ"], &["nas", "share", "nfs", "smb", "cifs", "repository"]),
    (Medium::Tape, &["テ-プ"], &["lto", "tape", "dds"]),
];

/// `D:\Repo1`, 内蔵ディスク: a disk in or at the machine.
fn is_disk(text: &str, folded: &str) -> bool {
    let drive = matches!(text.as_bytes(), [letter, b':', rest @ ..]
        if letter.is_ascii_alphabetic() && matches!(rest, [] | [b'\\' | b'/', ..] | [0xc2, 0xa5, ..]));
    drive
        || ["ディスク", "内蔵", "ロ-カル"].iter().any(|word| folded.contains(word))
        || ["hdd", "ssd", "disk", "local"].iter().any(|word| has_token(text, word))
}

/// Whether `word`, perhaps with a number behind it, is one of the Latin words of `text`.
fn has_token(text: &str, word: &str) -> bool {
    let half = domain::fold::half_width(text);
    let mut tokens = half.split(|c: char| !c.is_ascii_alphanumeric());
    tokens.any(|token| {
        token.eq_ignore_ascii_case(word)
            || token.trim_end_matches(|c: char| c.is_ascii_digit()).eq_ignore_ascii_case(word)
    })
}

/// Whether words say that a copy is off the network: taken out, disconnected, or made unchangeable. Silence says nothing.
pub(super) fn is_offline(text: &str) -> bool {
    let folded = fold(text);
    let said = [
        "取リ外シ",
        "取外シ",
        "取リ外シタ",
        "取リ出シ",
        "取出シ",
        "抜キ取リ",
        "抜取",
        "切リ離シ",
        "切離シ",
        "金庫",
        "オフライン",
        "院外保管",
        "イミュ-タブル",
        "書キ換エ不可",
        "エアギャップ",
        "immutable",
        "offline",
        "ejected",
        "airgap",
        "air-gap",
        "worm",
        "takenout",
        "disconnected",
    ];
    // 未取り外し, 取り外し忘れ, 取り出し予定: said of what is not so.
    let denied = ["未", "忘", "ナイ", "予定", "ズ", "失敗", "不可能", "デキ", "not", "non", "待チ"];
    said.iter().any(|word| folded.contains(word))
        && !denied.iter().any(|word| folded.contains(word))
}

/// Whether a run brought something back instead of saving it. What its kind says wins over what it is called.
pub(super) fn is_restore(kind: &str, job: &str) -> bool {
    let (kind, job) = (fold(kind), fold(job));
    let restores = |text: &str| {
        [
            "surebackup",
            "リストア",
            "復元",
            "復旧",
            "restore",
            "recoverytest",
            "recoveryverification",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    let saves = |text: &str| text.contains("バックアップ") || text.contains("backup");
    if restores(&kind) || kind == "drv" {
        return true;
    }
    if saves(&kind) {
        return false;
    }
    job.contains("surebackup") || restores(&job) && !saves(&job)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_by_their_words() {
        for (text, expected) in [
            ("成功", RunResult::Success),
            ("正常終了", RunResult::Success),
            ("○", RunResult::Success),
            ("成功（警告なし）", RunResult::Success),
            ("成功(警告3件)", RunResult::Warning),
            ("△", RunResult::Warning),
            ("Completed with warnings", RunResult::Warning),
            ("異常終了(E3712)", RunResult::Failed),
            ("×", RunResult::Failed),
            ("ｴﾗｰ", RunResult::Failed),
            ("未完了", RunResult::Unfinished),
            ("None", RunResult::Unfinished),
            ("要確認", RunResult::Unrecognised),
            ("0x80070005", RunResult::Unrecognised),
        ] {
            assert_eq!(result(text), expected, "{text}");
        }
    }

    #[test]
    fn media_are_read_by_words_and_two_of_them_are_none() {
        for (text, expected) in [
            ("LTO（金庫保管）", Some(Medium::Tape)),
            ("LTO8 Library", Some(Medium::Tape)),
            ("LTO: MON-W2 (取り出し済)", Some(Medium::Tape)),
            ("外付けHDD", Some(Medium::Removable)),
            ("RDX-1", Some(Medium::Removable)),
            ("NAS01", Some(Medium::Share)),
            ("NAS3", Some(Medium::Share)),
            ("\\\\NAS01\\pacs", Some(Medium::Share)),
            ("D:\\Repo1", Some(Medium::Disk)),
            ("固定ディスク ラベル付き E:", Some(Medium::Disk)),
            ("AWS S3 東京", Some(Medium::Cloud)),
            ("NASとクラウド", None),
            ("第2サーバ室", None),
            ("隔離環境", None),
            ("PLATO", None),
            ("", None),
        ] {
            assert_eq!(medium(text), expected, "{text}");
        }
    }

    #[test]
    fn a_copy_is_offline_only_where_words_say_so() {
        for text in [
            "取り外し",
            "LTO: MON-W2 (取り出し済)",
            "金庫保管",
            "Immutable 14 days",
            "オフライン保管",
        ] {
            assert!(is_offline(text), "{text}");
        }
        for text in
            ["", "NAS01", "未取り外し", "取り外し忘れ", "取り出し予定", "オンライン", "not offline"]
        {
            assert!(!is_offline(text), "{text}");
        }
    }

    #[test]
    fn restores_are_told_from_backups() {
        for (kind, job, expected) in [
            ("SureBackup", "EHR-DB", true),
            ("RestoreSession", "EHR-DB", true),
            ("リストア", "電子カルテ", true),
            ("", "電子カルテ 復旧テスト", true),
            ("Backup", "RESTORE-TEST EHR-DB", false),
            ("", "復元用バックアップ", false),
            ("増分", "電子カルテDB 日次", false),
        ] {
            assert_eq!(is_restore(kind, job), expected, "{kind} {job}");
        }
    }
}
