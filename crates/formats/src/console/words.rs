//! Header words of consoles (reference 0.8 and 7), and what tells a console's list from a ledger.

use std::sync::LazyLock;

use domain::Field;

use crate::columns::{self, Column, Fit, Vocabulary, Words};

/// The words of consoles.
pub(crate) static CONSOLE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(WORDS));

#[rustfmt::skip]
const WORDS: Words = &[
    (Field::Hostname, Fit::Strong, &["コンピュータ名", "コンピューター名", "ホスト名", "エンドポイント名", "製品のホスト/エンドポイント", "product host/endpoint", "computer name", "host name", "hostname", "endpoint name", "device name", "machine name", "dnshostname"]),
    (Field::Hostname, Fit::Plain, &["端末名", "PC名", "クライアント名", "マシン名", "デバイス名", "システム名", "サーバ名", "サーバー名", "コンピュータ", "コンピューター", "エンドポイント", "computer", "endpoint", "system name", "client name", "pscomputername", "host"]),
    (Field::Hostname, Fit::Weak, &["製品のエンティティ/エンドポイント", "product entity/endpoint", "名前", "name", "機器名"]),
    (Field::Address, Fit::Strong, &["IPアドレス", "IPv4アドレス", "IP", "製品/エンドポイントIP", "product/endpoint IP", "ip address", "ip addresses", "ipv4 address", "device ips", "IPv6アドレス", "ipv6 address", "local ip"]),
    (Field::Mac, Fit::Strong, &["MACアドレス", "MAC", "物理アドレス", "製品/エンドポイントMAC", "mac address", "mac addresses"]),
    (Field::Domain, Fit::Strong, &["ドメイン", "ドメイン名", "domain", "domain name", "dns domain"]),
    (Field::Os, Fit::Strong, &["OS", "OS名", "プラットフォーム", "オペレーティングシステム", "operating system", "os name", "os platform", "platform"]),
    (Field::OsVersion, Fit::Strong, &["OSバージョン", "os version", "operating system version"]),
    (Field::OsVersion, Fit::Plain, &["OSビルド", "os build"]),
    (Field::Users, Fit::Plain, &["ログオンユーザー", "ログオンユーザ", "ログオンユーザー名", "ユーザー名", "logged on user", "logon user", "last logged on user", "user name"]),
    (Field::Department, Fit::Plain, &["部署", "所属", "グループ", "グループ名", "group", "group name"]),
    (Field::Serial, Fit::Plain, &["シリアル番号", "製造番号", "serial number"]),
    (Field::ConnectionState, Fit::Strong, &["接続ステータス", "接続状態", "接続状況", "オンライン状態", "connection status", "connection state", "online status", "health status", "sensor health state"]),
    (Field::ConnectionState, Fit::Plain, &["接続", "状態", "ステータス", "エージェントステータス", "agent status", "status", "state", "connection"]),
    (Field::ProtectionState, Fit::Strong, &["エージェント導入", "エージェントの導入", "導入状況", "導入状態", "インストール状態", "インストール状況", "onboarding status", "install status", "installation status", "agent installed"]),
    (Field::ProtectionState, Fit::Plain, &["導入", "エージェント"]),
    (Field::ProtectionProduct, Fit::Strong, &["セキュリティ製品名", "セキュリティ製品", "ウイルス対策ソフト", "ウイルス対策ソフト名", "ウイルス対策製品", "ウィルス対策ソフト", "security product name", "security product", "antivirus product", "protection product"]),
    (Field::ProtectionProduct, Fit::Plain, &["製品", "製品名", "product", "product name"]),
    (Field::EngineVersion, Fit::Strong, &["検索エンジン", "ウイルス検索エンジン", "ウイルス検索エンジン(32ビット)", "ウイルス検索エンジン(64ビット)", "ウイルス検索エンジン(32/64ビット)", "ウィルス検索エンジン", "ウイルススキャンエンジン", "スキャンエンジン", "エンジンバージョン", "エンジンのバージョン", "検索エンジンバージョン", "検索エンジンのバージョン", "virus scan engine", "scan engine", "engine version", "scan engine version", "amengineversion", "antivirus engine version"]),
    (Field::PatternVersion, Fit::Strong, &["ウイルスパターンファイル", "ウィルスパターンファイル", "ウイルスパターン", "パターンファイル", "パターンファイルバージョン", "パターンファイルのバージョン", "パターンバージョン", "パターン番号", "スマートスキャンエージェントパターンファイル", "スマートスキャンパターンファイル", "定義ファイル", "定義ファイルバージョン", "定義ファイルのバージョン", "ウイルス定義", "ウイルス定義ファイル", "ウイルス定義ファイルバージョン", "ウイルス定義バージョン", "ウイルス定義データベース", "検出エンジン", "検出エンジンのバージョン", "検出エンジンバージョン", "DAT", "DATバージョン", "DATのバージョン", "virus pattern", "virus pattern file", "virus pattern version", "pattern file", "pattern file version", "pattern version", "smart scan agent pattern", "smart scan pattern", "virus definitions", "virus definition", "definition version", "definitions version", "signature version", "detection engine", "detection engine version", "dat version", "amcore content version", "security intelligence version", "antivirussignatureversion", "パターンファイル/ルール", "パターンファイル/ルールのバージョン", "pattern/rule", "pattern/rule version"]),
    (Field::PatternDate, Fit::Strong, &["パターン日付", "パターンファイル日付", "パターンファイルの日付", "パターンファイル更新日時", "パターンファイル更新日", "パターン更新日", "パターン更新日時", "パターンリリース日", "定義ファイル日付", "定義ファイルの日付", "定義ファイル更新日", "定義ファイル更新日時", "ウイルス定義日付", "ウイルス定義の日付", "DAT日付", "pattern date", "pattern release date", "definition date", "definitions date", "signature date", "dat date", "virus definition date", "virus definitions date", "ウイルス定義ファイル日付", "ウイルス定義ファイルの日付", "security intelligence last updated", "antivirussignaturelastupdated", "last pattern update"]),
    (Field::PatternDate, Fit::Plain, &["最終アップデート日時", "最終アップデート", "アップデート日時", "最終更新日時", "最終更新", "更新日時", "last updated", "last update", "updated"]),
    (Field::RealtimeProtection, Fit::Strong, &["リアルタイム検索", "リアルタイム保護", "リアルタイムスキャン", "リアルタイム検索ステータス", "リアルタイム監視", "オンアクセススキャン", "オンアクセス検査", "real-time scan", "real-time protection", "realtime scan", "realtime protection", "realtimeprotectionenabled", "on-access scan", "auto-protect", "auto-protect status"]),
    (Field::RealtimeProtection, Fit::Plain, &["protection status", "保護の状態", "保護状態", "保護ステータス"]),
    (Field::LastSeen, Fit::Strong, &["前回の接続日時", "最終接続日時", "最終接続時刻", "最終接続日", "最終接続", "最終通信日時", "最終通信", "最終応答日時", "last connected", "last connection", "last connection time", "last seen", "last check-in", "last checkin", "last communication", "last contact", "last device update"]),
    (Field::Remark, Fit::Strong, &["備考", "コメント", "remark", "remarks", "notes", "comment", "comments"]),
];

/// Columns that hold the name of a component, and its version in another column: one row for each host and component.
const COMPONENTS: &[&str] = &["パターンファイル/ルール", "pattern/rule"];

/// Columns that only consoles have, though nothing is read from them.
const MARKS: &[&str] = &[
    "センサーのバージョン",
    "センサーバージョン",
    "sensor version",
    "sensor status",
    "antivirus status",
];

/// Whether a column holds names of components.
pub(super) fn names_components(column: &Column) -> bool {
    let own = columns::key(&column.own);
    COMPONENTS.iter().any(|word| columns::key(word) == own)
}

/// Whether these columns, read with the words of consoles, are a console's list; `kept` is how many of them only people fill in.
pub(crate) fn is_console(columns: &[Column], kept: usize) -> bool {
    let has = |field: Field| columns.iter().any(|column| column.field == Some(field));
    let marks = columns.iter().any(|column| {
        let own = columns::key(&column.own);
        MARKS.iter().any(|word| columns::key(word) == own)
    });
    let named = has(Field::Hostname) || has(Field::Address) || has(Field::Mac);
    let evident = EVIDENT.iter().any(|field| has(*field)) || marks;
    let protective = PROTECTIVE.iter().filter(|field| has(**field)).count() + usize::from(marks);
    named && evident && protective > kept
}

/// Fields that no other list has.
const EVIDENT: &[Field] = &[
    Field::EngineVersion,
    Field::PatternVersion,
    Field::ProtectionState,
    Field::RealtimeProtection,
];

/// Fields that speak of the protection, not of the device.
const PROTECTIVE: &[Field] = &[
    Field::ConnectionState,
    Field::EngineVersion,
    Field::PatternDate,
    Field::PatternVersion,
    Field::ProtectionProduct,
    Field::ProtectionState,
    Field::RealtimeProtection,
];

/// The console whose export this is, where its words tell.
pub(crate) fn product(columns: &[Column]) -> Option<&'static str> {
    let keys: Vec<String> = columns.iter().map(|column| columns::key(&column.own)).collect();
    let has = |word: &&str| keys.contains(&columns::key(word));
    PRODUCTS.iter().find(|(_, words)| words.iter().all(has)).map(|(kind, _)| *kind)
}

/// Consoles that name themselves by their headers: all words of a line must stand there.
const PRODUCTS: &[(&str, &[&str])] = &[
    ("apexcentral-pattern-csv", &["パターンファイル/ルール"]),
    ("apexcentral-pattern-csv", &["Pattern/Rule"]),
    ("defender-endpoint-csv", &["Onboarding Status", "Device Name"]),
    ("eset-protect-csv", &["検出エンジンのバージョン"]),
    ("eset-protect-csv", &["Detection Engine Version"]),
    ("eset-protect-csv", &["検出エンジン", "セキュリティ製品名"]),
    ("eset-protect-csv", &["Detection Engine", "Security Product Name"]),
];
