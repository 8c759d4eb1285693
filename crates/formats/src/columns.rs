//! Header words, and which field a column holds.
//!
//! A column is taken for a field only where its header is one of the words below; every other column stays unmapped and is
//! listed as such, so that a person can say what it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::{Field, fold};

use crate::reading::Mapping;
use crate::table::Row;
use crate::tables::secrets;

/// How well a word names a field. A strong word wins over a plain one, and a plain one over a weak one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Names the field only if nothing in the table does so better, such as `No` beside 管理番号.
    Weak,
    /// Names it.
    Plain,
    /// Can mean nothing else.
    Strong,
}

/// A header cell and what it was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// From 1.
    pub number: u16,
    /// The header as written; the parent first where it has two levels.
    pub header: String,
    /// The header's own cell, to know it again where it is repeated on the next printed page.
    pub own: String,
    /// The field, where it is known.
    pub field: Option<Field>,
    /// The word only just fits, such as `No`: its values may be mere row numbers.
    pub weak: bool,
}

/// Words by field, each with how well they name it.
pub(crate) type Words = &'static [(Field, Fit, &'static [&'static str])];

/// The words of one family of tables: the same header can mean another field in another family.
#[derive(Debug)]
pub(crate) struct Vocabulary(HashMap<String, Vec<(Fit, Field)>>);

impl Vocabulary {
    /// The vocabulary of these words.
    pub(crate) fn new(words: Words) -> Self {
        Self::of(&[words])
    }

    /// The vocabulary of several lists; where two give a header different fields equally well, the earlier list wins.
    pub(crate) fn of(lists: &[Words]) -> Self {
        let mut map: HashMap<String, Vec<(Fit, Field)>> = HashMap::new();
        for (field, fit, words) in lists.iter().copied().flatten() {
            for word in *words {
                let choices = map.entry(key(word)).or_default();
                if !choices.iter().any(|(_, known)| known == field) {
                    choices.push((*fit, *field));
                }
            }
        }
        for choices in map.values_mut() {
            choices.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        }
        Self(map)
    }

    /// Whether `header` is a word for some field.
    pub(crate) fn knows(&self, header: &str) -> bool {
        !self.choices(header).is_empty()
    }

    /// The fields that `header` can name, the best first.
    fn choices(&self, header: &str) -> &[(Fit, Field)] {
        // A header is a word or two; what is longer is a title or data.
        if header.len() > 120 {
            return &[];
        }
        let whole = key(header);
        if let Some(found) = self.0.get(&whole) {
            return found;
        }
        // `IPアドレス2`, `MACアドレス①`.
        let bare = whole.trim_end_matches(|c: char| c.is_ascii_digit());
        if bare != whole
            && let Some(found) = self.0.get(bare)
        {
            return found;
        }
        let outside =
            key(&crate::values::text::without_brackets(&domain::fold::half_width(header)));
        self.0.get(&outside).map_or(&[], Vec::as_slice)
    }

    /// The header to show and what it can mean, from a column's own word and the word over it.
    fn two_levels(&self, own: &str, over: &str) -> (String, &[(Fit, Field)]) {
        if over.is_empty() || over == own {
            return (own.to_owned(), self.choices(own));
        }
        if own.is_empty() {
            return (over.to_owned(), self.choices(over));
        }
        let shown = format!("{over} / {own}");
        let joined = self.choices(&format!("{over}{own}"));
        let (own_key, over_key) = (key(own), key(over));
        let partial = PARTIAL.contains(&own_key.as_str());
        let neutral = NEUTRAL_PARENTS.contains(&over_key.as_str());
        let found = match (joined.is_empty(), partial && !neutral) {
            (false, _) => joined,
            // What is partly named under a parent we do not know could be anything.
            (true, true) => &[],
            (true, false) => self.choices(own),
        };
        (shown, found)
    }
}

/// Words of headers (reference 0.8 and 8.3), by field. A word may stand at several fields; then the best fit that is free wins.
#[rustfmt::skip]
const WORDS: Words = &[
    (Field::AssetNumber, Fit::Strong, &["管理番号", "管理No", "資産番号", "資産No", "資産管理番号", "asset tag", "asset no", "asset number", "asset id"]),
    (Field::AssetNumber, Fit::Plain, &["機器番号", "機器No", "台帳番号", "物品番号", "備品番号", "ME番号", "ME No", "機器管理番号", "登録No", "登録番号"]),
    (Field::AssetNumber, Fit::Weak, &["No", "№", "番号", "項番", "id"]),
    (Field::Name, Fit::Strong, &["機器名", "機器名称", "医療機器名", "医療機器名称", "装置名", "装置名称", "asset name", "設備名"]),
    (Field::Name, Fit::Plain, &["品名", "名称", "販売名", "製品名", "device name", "name", "名前", "機種", "プリンタ名", "プリンター名", "カメラ名"]),
    (Field::Name, Fit::Weak, &["端末名", "PC名", "description"]),
    (Field::GenericName, Fit::Strong, &["一般的名称", "一般名称", "JMDN名称"]),
    (Field::Kind, Fit::Strong, &["区分", "機器種別", "機器区分", "機器分類"]),
    (Field::Kind, Fit::Plain, &["種別", "分類", "カテゴリ", "カテゴリー", "category", "role", "device type"]),
    (Field::Kind, Fit::Weak, &["type", "タイプ"]),
    (Field::Maker, Fit::Strong, &["メーカー", "メーカ", "メーカー名", "メーカ名", "製造元", "製造販売業者", "製造業者", "製造会社", "manufacturer"]),
    (Field::Maker, Fit::Plain, &["ベンダー", "ベンダー名", "vendor", "maker"]),
    (Field::Model, Fit::Strong, &["型式", "型番", "型名", "機種名", "モデル", "モデル名", "model", "型式型番", "型式・型番"]),
    (Field::Model, Fit::Weak, &["機種", "model no", "model number"]),
    (Field::Serial, Fit::Strong, &["製造番号", "シリアル番号", "シリアル", "シリアルNo", "製造番号S/N", "serial number", "serial no"]),
    (Field::Serial, Fit::Plain, &["S/N", "SN", "機番", "製番", "serial", "製造No"]),
    (Field::Os, Fit::Strong, &["OS", "OS名", "OS名称", "OS種別", "基本ソフト", "オペレーティングシステム", "オペレーティングシステム-名前", "オペレーティングシステム - 名前", "operating system", "operating system - name", "os name", "OS情報"]),
    (Field::Os, Fit::Plain, &["プラットフォーム", "platform", "os platform"]),
    (Field::OsVersion, Fit::Strong, &["OSバージョン", "OS Ver", "OS版数", "os version", "operating system version", "OSビルド"]),
    (Field::OsVersion, Fit::Plain, &["ビルド", "build", "os build"]),
    (Field::OsVersion, Fit::Weak, &["サービスパック", "SP"]),
    (Field::Software, Fit::Strong, &["ソフトウェア", "ソフトウエア", "ソフトウェア名", "ソフトウェア名称", "ソフト名", "導入システム", "導入ソフト", "software"]),
    (Field::Software, Fit::Plain, &["アプリ", "アプリケーション", "application"]),
    (Field::SoftwareVersion, Fit::Strong, &["ソフトウェアバージョン", "ソフトウエアバージョン", "ソフトウェアVer", "ソフトバージョン", "ソフトウェア版数", "software version"]),
    (Field::SoftwareVersion, Fit::Plain, &["Ver", "バージョン", "版数", "version"]),
    (Field::Address, Fit::Strong, &["IPアドレス", "IP", "IPv4", "IPv4アドレス", "ip address", "ipv4address", "製品/エンドポイントIP", "IPv6アドレス", "ipv4 address", "ipv6 address", "クライアントIPアドレス"]),
    (Field::Address, Fit::Plain, &["アドレス", "ネットワークアドレス", "address"]),
    (Field::Mac, Fit::Strong, &["MACアドレス", "MAC", "物理アドレス", "イーサネットアドレス", "mac address", "linklayeraddress", "clientid", "hwaddr", "Wi-Fi MAC", "無線MAC", "有線MAC", "ethernet mac"]),
    (Field::Hostname, Fit::Strong, &["コンピュータ名", "コンピューター名", "ホスト名", "hostname", "host name", "エンドポイント名", "computer name", "dnshostname"]),
    (Field::Hostname, Fit::Plain, &["端末名", "PC名", "ハードウェア名", "クライアント名", "ホスト", "host", "device name"]),
    (Field::Location, Fit::Strong, &["設置場所", "設置部署", "配置場所", "設置室", "location"]),
    (Field::Location, Fit::Plain, &["場所", "配置", "保管場所", "部屋", "フロア"]),
    (Field::Department, Fit::Strong, &["所管部門", "所管部署", "管理部署", "管理部門", "所属部署", "所管", "department"]),
    (Field::Department, Fit::Plain, &["部署", "部門", "所属", "診療科", "グループ", "グループ名", "所管課"]),
    (Field::Users, Fit::Strong, &["利用者", "使用者", "利用者名", "使用者名", "primary user"]),
    (Field::Users, Fit::Plain, &["ログオンユーザー", "ログオンユーザー名", "user", "担当者", "primary user upn"]),
    (Field::Users, Fit::Weak, &["管理者"]),
    (Field::Registered, Fit::Strong, &["登録日", "資産登録日", "登録年月日"]),
    (Field::Registered, Fit::Plain, &["導入日", "導入年月日", "購入日", "購入年月日", "取得日", "取得年月日", "設置日", "設置年月日", "purchased", "purchase date", "enrollment date"]),
    (Field::Status, Fit::Strong, &["状態", "稼働状況", "稼働状態", "使用状況", "ステータス", "status"]),
    (Field::Status, Fit::Plain, &["状況", "貸出状況"]),
    (Field::SupportEnd, Fit::Strong, &["サポート終了日", "サポート終了", "サポート期限", "保守終了", "保守終了日", "供給終了", "EOS", "end of support"]),
    (Field::SupportEnd, Fit::Plain, &["EOL"]),
    (Field::Antivirus, Fit::Strong, &["ウイルス対策", "ウイルス対策ソフト", "ウィルス対策", "ウィルス対策ソフト", "AV", "エンドポイント保護", "antivirus"]),
    (Field::RemoteMaintenance, Fit::Strong, &["リモート保守", "リモートメンテナンス", "リモートメンテ", "遠隔保守", "保守回線"]),
    (Field::Contractor, Fit::Strong, &["保守業者", "保守会社", "保守業者名", "委託先", "販売店"]),
    (Field::Contractor, Fit::Plain, &["ベンダ", "業者", "納入業者"]),
    (Field::ServiceContract, Fit::Strong, &["保守契約", "保守契約有無", "保守契約の有無"]),
    (Field::DeviceClass, Fit::Strong, &["クラス分類", "医療機器クラス", "医療機器クラス分類"]),
    (Field::SpecialMaintenance, Fit::Strong, &["特定保守", "特定保守管理", "特定保守管理医療機器", "特管"]),
    (Field::InstallationManaged, Fit::Strong, &["設置管理", "設置管理医療機器"]),
    (Field::ApprovalNumber, Fit::Strong, &["承認番号", "認証番号", "届出番号", "承認番号等", "承認認証届出番号", "承認・認証番号", "薬事承認番号", "医療機器承認番号"]),
    (Field::JmdnCode, Fit::Strong, &["JMDNコード", "JMDN", "一般的名称コード"]),
    (Field::Gtin, Fit::Strong, &["JANコード", "UDI-DI", "JANコード/UDI-DI", "JAN", "UDI", "GTIN", "GS1コード"]),
    (Field::InspectedOn, Fit::Strong, &["最終点検日", "前回点検日", "点検日", "定期点検日", "last pm"]),
    (Field::InspectionDue, Fit::Strong, &["次回点検予定日", "次回点検日", "次回点検", "点検予定日", "next pm"]),
    (Field::ConfirmedOn, Fit::Strong, &["棚卸日", "棚卸実施日", "現物確認日", "実査日"]),
    (Field::Presence, Fit::Strong, &["棚卸結果", "現物確認", "現物有無"]),
    (Field::About, Fit::Strong, &["手がかり"]),
    (Field::DurableYears, Fit::Strong, &["耐用年数", "耐用期間"]),
    (Field::RetiredOn, Fit::Strong, &["廃棄日", "廃棄年月日", "除却日", "除却年月日", "撤去日"]),
    (Field::NetworkConnection, Fit::Strong, &["ネットワーク接続", "ネットワーク接続有無", "ネットワーク接続の有無", "NW接続"]),
    (Field::Quantity, Fit::Strong, &["台数", "数量", "員数", "quantity"]),
    (Field::LastSeen, Fit::Plain, &["最終起動日時", "最終稼働日", "最終通信日時", "最終接続", "最終接続日時", "前回の接続日時", "last check-in", "lastlogondate"]),
    (Field::Remark, Fit::Strong, &["備考", "摘要", "注記", "comment", "comments", "remarks", "remark", "notes"]),
    (Field::Remark, Fit::Plain, &["説明", "メモ"]),
    (Field::Remark, Fit::Weak, &["description"]),
];

/// Words that other words complete: under a parent such as ソフトウェア they mean something of the parent.
const PARTIAL: &[&str] = &[
    "名称",
    "名",
    "名前",
    "バージョン",
    "ver",
    "version",
    "番号",
    "no",
    "種別",
    "アドレス",
    "日付",
    "製品名",
    "name",
];

/// Parents that stand for the device itself.
const NEUTRAL_PARENTS: &[&str] = &[
    "機器",
    "機器情報",
    "装置",
    "本体",
    "基本情報",
    "端末",
    "pc",
    "ハ-ドウェア",
    "ハ-ド",
    "資産",
    "資産情報",
];

/// The words of ledgers, which are also those of any list of devices.
pub(crate) static LEDGER: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(WORDS));

/// What a tool that collects by itself says besides: there a name of a product is no declaration but what was found.
#[rustfmt::skip]
const COLLECTED: Words = &[
    (Field::ProtectionProduct, Fit::Strong, &["ウイルス対策ソフト", "ウイルス対策ソフト名", "ウィルス対策ソフト", "ウイルス対策", "antivirus", "antivirus product"]),
    (Field::EngineVersion, Fit::Strong, &["検索エンジン", "ウイルス検索エンジン", "エンジンバージョン", "engine version"]),
    (Field::PatternVersion, Fit::Strong, &["パターンファイル", "ウイルスパターンファイル", "パターンファイルバージョン", "パターンバージョン", "定義ファイル", "定義ファイルバージョン", "pattern version", "virus definitions"]),
    (Field::PatternDate, Fit::Strong, &["パターン日付", "パターンファイル日付", "パターンファイル更新日", "定義ファイル日付", "定義ファイル更新日", "pattern date", "definition date"]),
    (Field::LastSeen, Fit::Plain, &["最終ログオン日時", "最終インベントリー日時", "最終インベントリ日時", "最終収集日時", "最終収集日", "最終インベントリ収集日時", "最終インベントリー収集日時", "最終インベントリ収集日", "インベントリ収集日時", "last inventory", "last inventory date", "last logon", "last logon date", "last seen", "last contact"]),
];

/// The words of tools that collect by themselves.
static INVENTORY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::of(&[COLLECTED, WORDS]));

/// The form in which headers are compared: folded, without brackets and the marks that people put between words.
pub fn key(header: &str) -> String {
    let dropped = |c: char| {
        matches!(
            c,
            '(' | ')'
                | '['
                | ']'
                | '【'
                | '】'
                | '「'
                | '」'
                | '・'
                | '_'
                | '※'
                | '*'
                | '.'
                | ':'
                | '●'
                | '■'
                | '□'
        )
    };
    let mut key = fold(header);
    key.retain(|c| !dropped(c));
    key
}

/// Whether `header` is a word for some field.
pub fn is_known(header: &str) -> bool {
    LEDGER.knows(header)
}

/// Whether `header` could stand in the second row of a header: a word for a field, or one that its parent completes.
pub fn is_header_word(header: &str) -> bool {
    is_known(header) || (header.len() < 40 && PARTIAL.contains(&key(header).as_str()))
}

/// Whether the header with this [`key`] names a device: its name, its number or its host name.
pub(crate) fn names_a_device(key: &str) -> bool {
    let names = |(_, field): &(Fit, Field)| {
        matches!(field, Field::AssetNumber | Field::Hostname | Field::Name | Field::Serial)
    };
    LEDGER.0.get(key).is_some_and(|choices| choices.iter().any(names))
}

/// Reads the header rows of a table: `child` holds the column names, `parent` the row above where the header has two levels.
pub fn read(child: &Row, parent: Option<&Row>, mapping: Option<&Mapping>) -> Vec<Column> {
    read_list(&LEDGER, child, parent, mapping)
}

/// Reads the header rows of a list that a tool collected.
pub(crate) fn read_inventory(
    child: &Row,
    parent: Option<&Row>,
    mapping: Option<&Mapping>,
) -> Vec<Column> {
    read_list(&INVENTORY, child, parent, mapping)
}

fn read_list(
    words: &Vocabulary,
    child: &Row,
    parent: Option<&Row>,
    mapping: Option<&Mapping>,
) -> Vec<Column> {
    let (mut columns, said) = read_in(words, child, parent, mapping);
    read_directory(&mut columns, &said);
    read_medical(&mut columns, &said);
    columns
}

/// Reads the header rows of a table with the words of its family.
pub(crate) fn read_of(
    words: &Vocabulary,
    child: &Row,
    parent: Option<&Row>,
    mapping: Option<&Mapping>,
) -> Vec<Column> {
    read_in(words, child, parent, mapping).0
}

/// The columns, and for each whether a person said what it is.
fn read_in(
    words: &Vocabulary,
    child: &Row,
    parent: Option<&Row>,
    mapping: Option<&Mapping>,
) -> (Vec<Column>, Vec<bool>) {
    let last = [Some(child), parent].into_iter().flatten().filter_map(|row| row.cells().last());
    let width = last.map(|cell| cell.column).max().unwrap_or(0);
    let mut columns = Vec::new();
    let mut wanted: Vec<&[(Fit, Field)]> = Vec::new();
    for number in 1..=width {
        let own = child.text(number).trim();
        let over = parent.map_or("", |row| row.text(number)).trim();
        if own.is_empty() && over.is_empty() {
            continue;
        }
        let (header, choices) = words.two_levels(own, over);
        let own = if own.is_empty() { over } else { own };
        columns.push(Column { number, header, own: own.to_owned(), field: None, weak: false });
        wanted.push(choices);
    }
    let said = say(&mut columns, mapping);
    assign(&mut columns, &wanted, &said);
    // Whatever a person says: no value of such a column becomes a fact.
    let named = columns.iter_mut().filter(|column| column.field.is_some());
    for column in named.filter(|column| secrets::is_secret_column(column)) {
        column.field = None;
    }
    (columns, said)
}

/// Whether the column marks medical devices with a yes, beside or instead of a column of kinds.
pub(crate) fn is_medical_mark(column: &Column) -> bool {
    column.field == Some(Field::Kind) && is_medical_word(&column.own)
}

fn is_medical_word(header: &str) -> bool {
    const WORDS: [&str; 6] = [
        "医療機器",
        "医療機器該当",
        "医療機器の該当",
        "医療機器に該当",
        "医療機器か",
        "medical device",
    ];
    WORDS.iter().any(|word| key(word) == key(header))
}

/// A column of medical devices tells the kind; unlike other fields it may stand beside a column of kinds.
fn read_medical(columns: &mut [Column], said: &[bool]) {
    for (column, said) in columns.iter_mut().zip(said) {
        if !said && column.field.is_none() && is_medical_word(&column.own) {
            column.field = Some(Field::Kind);
        }
    }
}

/// In a list of a Windows domain's computers, "Enabled" is the state; elsewhere it can be said of anything.
fn read_directory(columns: &mut [Column], said: &[bool]) {
    let of_domain =
        columns.iter().any(|column| matches!(&*key(&column.own), "samaccountname" | "dnshostname"));
    if !of_domain || columns.iter().any(|column| column.field == Some(Field::Status)) {
        return;
    }
    for (column, said) in columns.iter_mut().zip(said) {
        if !said && key(&column.own) == "enabled" {
            column.field = Some(Field::Status);
        }
    }
}

/// Fields that a person named; returns for each column whether a person said something of it.
fn say(columns: &mut [Column], mapping: Option<&Mapping>) -> Vec<bool> {
    let mut said = vec![false; columns.len()];
    let Some(mapping) = mapping else { return said };
    for (header, field) in &mapping.columns {
        let wanted = key(header);
        let named = |column: &Column| key(&column.header) == wanted || key(&column.own) == wanted;
        for (column, said) in columns.iter_mut().zip(&mut said) {
            if named(column) {
                column.field = *field;
                *said = true;
            }
        }
    }
    said
}

/// Fields that several columns may hold: a device has several cards, an agent several patterns of which one is filled.
fn repeats(field: Field) -> bool {
    matches!(field, Field::Address | Field::Mac | Field::EngineVersion | Field::PatternVersion)
}

/// Gives each column the best field that is still free: strong words first, then from left to right.
fn assign(columns: &mut [Column], wanted: &[&[(Fit, Field)]], said: &[bool]) {
    for fit in [Fit::Strong, Fit::Plain, Fit::Weak] {
        for index in 0..columns.len() {
            let is_open = !said.get(index).copied().unwrap_or(true)
                && columns.get(index).is_some_and(|column| column.field.is_none());
            let choices = wanted.get(index).copied().unwrap_or_default();
            if !is_open {
                continue;
            }
            let free = |field: Field| {
                repeats(field) || !columns.iter().any(|column| column.field == Some(field))
            };
            let found = choices.iter().find(|(grade, field)| *grade == fit && free(*field));
            if let (Some((grade, field)), Some(column)) = (found, columns.get_mut(index)) {
                column.field = Some(*field);
                column.weak = *grade == Fit::Weak;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{CellKind, Marks};

    fn row(texts: &[&str]) -> Row {
        let mut row = Row::default();
        row.start(1);
        for (index, text) in texts.iter().enumerate() {
            row.push(index as u16 + 1, text, CellKind::Text, Marks::default());
        }
        row
    }

    fn fields(texts: &[&str]) -> Vec<Option<Field>> {
        read(&row(texts), None, None).into_iter().map(|column| column.field).collect()
    }

    fn keys(texts: &[&str]) -> Vec<&'static str> {
        fields(texts).into_iter().map(|field| field.map_or("-", Field::key)).collect()
    }

    #[test]
    fn every_word_of_the_reference_names_its_field() {
        for (field, _, words) in WORDS {
            for word in *words {
                let named: Vec<_> = LEDGER.choices(word).iter().map(|(_, field)| *field).collect();
                assert!(named.contains(field), "{word}");
            }
        }
    }

    #[test]
    fn words_are_known_in_any_writing() {
        for (header, field) in [
            ("ＩＰアドレス", Field::Address),
            ("ソフトウェア\nバージョン", Field::SoftwareVersion),
            ("型　式", Field::Model),
            ("製造番号(S/N)", Field::Serial),
            ("承認・認証・届出番号", Field::ApprovalNumber),
            ("承認（認証・届出）番号", Field::ApprovalNumber),
            ("IP_Address", Field::Address),
            ("IPアドレス2", Field::Address),
            ("設置場所（必須）", Field::Location),
            ("資産No.", Field::AssetNumber),
        ] {
            assert_eq!(fields(&[header]), [Some(field)], "{header}");
        }
    }

    #[test]
    fn unknown_headers_stay_unmapped() {
        for header in [
            "Risk",
            "PO",
            "Owner",
            "取得価額",
            "Firmware",
            "FDA Class",
            "Device ID",
            "UserPrincipalName",
            "",
        ] {
            assert!(!is_known(header), "{header}");
        }
    }

    #[test]
    fn a_weak_word_gives_way_to_a_better_one() {
        assert_eq!(keys(&["No", "管理番号", "機器名"]), ["-", "asset_number", "name"]);
        assert_eq!(keys(&["№", "機器名"]), ["asset_number", "name"]);
        assert_eq!(keys(&["ID", "Asset Name", "Asset Tag"]), ["-", "name", "asset_number"]);
        assert_eq!(keys(&["端末名", "コンピュータ名"]), ["name", "hostname"]);
        assert_eq!(keys(&["Device name"]), ["name"]);
        assert_eq!(keys(&["登録No", "管理No"]), ["-", "asset_number"]);
        assert_eq!(keys(&["IPアドレス", "IPアドレス2"]), ["address", "address"]);
        assert_eq!(keys(&["備考", "備考"]), ["remark", "-"]);
    }

    #[test]
    fn two_levels_are_joined_and_the_child_is_preferred() {
        let parent = row(&["№", "機器", "機器", "OS", "OS", "ネットワーク", "保証", "状態"]);
        let child =
            row(&["", "機器名", "メーカー", "名称", "バージョン", "IPアドレス", "番号", "状態"]);
        let columns = read(&child, Some(&parent), None);
        let read: Vec<_> =
            columns.iter().map(|column| column.field.map_or("-", Field::key)).collect();
        assert_eq!(
            read,
            ["asset_number", "name", "maker", "os", "os_version", "address", "-", "status"]
        );
        assert_eq!(columns[5].header, "ネットワーク / IPアドレス");
    }

    #[test]
    fn the_mark_of_medical_devices_may_stand_beside_their_kinds() {
        assert_eq!(keys(&["機器名", "医療機器"]), ["name", "kind"]);
        assert_eq!(keys(&["機器名", "区分", "医療機器該当"]), ["name", "kind", "kind"]);
    }

    #[test]
    fn a_person_has_the_last_word() {
        let mapping = Mapping {
            columns: vec![("Owner".into(), Some(Field::Users)), ("OS".into(), None)],
            ..Mapping::default()
        };
        let columns = read(&row(&["Owner", "OS", "利用者"]), None, Some(&mapping));
        let fields: Vec<_> = columns.iter().map(|column| column.field).collect();
        assert_eq!(fields, [Some(Field::Users), None, None]);
    }
}
