//! Header words of backup logs (reference 9), and what tells one from the log of any other job.

use std::sync::LazyLock;

use domain::Field;

use crate::columns::{self, Column, Fit, Vocabulary, Words};

/// The words of backup logs.
pub(crate) static BACKUP: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(WORDS));

#[rustfmt::skip]
const WORDS: Words = &[
    (Field::Job, Fit::Strong, &["ジョブ名", "バックアップジョブ", "バックアップジョブ名", "バックアップ名", "JobName", "job name", "backup job", "backup name"]),
    (Field::Job, Fit::Plain, &["ジョブ", "タスク名", "計画名", "プラン名", "ポリシー名", "job", "task name", "plan name", "policy name"]),
    (Field::System, Fit::Strong, &["システム", "システム名", "対象システム", "対象システム名"]),
    (Field::System, Fit::Plain, &["対象", "対象サーバ", "対象サーバー", "バックアップ対象", "対象機器", "サーバ名", "サーバー名", "コンピュータ名", "コンピューター名", "source", "machine", "machine name", "client", "server", "vm name", "object name"]),
    (Field::Kind, Fit::Strong, &["種別", "種類", "方式", "バックアップ種別", "バックアップ方式", "JobType", "job type", "session type", "backup type"]),
    (Field::Kind, Fit::Plain, &["type"]),
    (Field::Result, Fit::Strong, &["結果", "実行結果", "バックアップ結果", "ジョブ結果", "成否", "判定", "result", "last result", "job result", "session result"]),
    (Field::Result, Fit::Plain, &["ステータス", "状態", "終了状態", "status", "job status", "state"]),
    (Field::StartedAt, Fit::Strong, &["開始日時", "開始時刻", "開始時間", "開始", "実行開始日時", "実行日時", "バックアップ日時", "start time", "started", "start", "start date", "CreationTime", "creation time"]),
    (Field::StartedAt, Fit::Plain, &["日付", "実施日", "実行日", "バックアップ日", "日時", "date"]),
    (Field::EndedAt, Fit::Strong, &["終了日時", "終了時刻", "終了時間", "終了", "完了日時", "完了時刻", "end time", "EndTime", "end", "end date", "finished", "finish time", "completion time"]),
    (Field::Destination, Fit::Strong, &["保存先", "保存先名", "バックアップ先", "格納先", "出力先", "保管先", "保管場所", "destination", "target", "target name", "repository", "repository name", "backup target"]),
    (Field::Medium, Fit::Strong, &["媒体", "媒体種別", "媒体名", "メディア", "メディア種別", "media", "media type", "medium"]),
    (Field::Offline, Fit::Strong, &["オフライン", "オフライン保管", "切り離し", "ネットワークからの切り離し", "offline", "immutable", "イミュータブル"]),
    (Field::Generations, Fit::Strong, &["世代", "世代数", "保持世代", "保持世代数", "復元ポイント", "復元ポイント数", "RestorePoints", "restore points", "generations", "generation"]),
    (Field::Remark, Fit::Strong, &["備考", "コメント", "摘要", "remark", "remarks", "comment", "comments", "notes"]),
    (Field::Remark, Fit::Plain, &["メッセージ", "詳細", "理由", "message", "details", "reason"]),
];

/// Whether a text that no reader knows speaks of backups or of jobs: advice about ledgers would lead nowhere then.
pub(crate) fn speaks_of_backups(text: &str) -> bool {
    const TELLING: [&str; 9] = [
        "acronis",
        "arcserve",
        "backup",
        "jobname",
        "netvault",
        "veeam",
        "ジョブ",
        "バックアップ",
        "リストア",
    ];
    let text = domain::fold(text);
    TELLING.iter().any(|word| text.contains(word))
}

/// Columns that hold a day, to which the times of the other columns belong.
const DAYS: &[&str] = &["日付", "実施日", "実行日", "バックアップ日", "date"];

/// Words for where a backup goes that nothing else has.
const DESTINATIONS: &[&str] = &[
    "保存先",
    "保存先名",
    "バックアップ先",
    "格納先",
    "repository",
    "repository name",
    "backup target",
];

/// Whether the column holds the day of a run.
pub(super) fn is_day(column: &Column) -> bool {
    let own = columns::key(&column.own);
    DAYS.iter().any(|word| columns::key(word) == own)
}

/// The columns of a backup log: the day may stand beside the time at which a run began.
pub(crate) fn with_day(mut columns: Vec<Column>) -> Vec<Column> {
    for column in &mut columns {
        if column.field.is_none() && is_day(column) {
            column.field = Some(Field::StartedAt);
        }
    }
    columns
}

/// Whether these columns, read with the words of backup logs, are one: runs with their end, and something that only backups have.
pub(crate) fn is_backup(columns: &[Column]) -> bool {
    let has = |field: Field| columns.iter().any(|column| column.field == Some(field));
    let keys: Vec<String> = columns.iter().map(|column| columns::key(&column.own)).collect();
    let word = |word: &str| keys.contains(&columns::key(word));
    let veeam = word("JobName") && word("JobType") && word("CreationTime");
    let named = keys.iter().any(|key| key.contains("バックアップ") || key.contains("backup"));
    // A place where things are kept may be a cupboard: only where a job writes to it, or by words of backups, is it a destination.
    let written =
        has(Field::Destination) && (has(Field::Job) || DESTINATIONS.iter().any(|w| word(w)));
    let kept = written || has(Field::Generations) || has(Field::Medium) || has(Field::Offline);
    let of_backups = veeam || named || kept;
    let runs = has(Field::Result) && (has(Field::StartedAt) || has(Field::EndedAt));
    runs && of_backups && (has(Field::Job) || has(Field::System))
}
