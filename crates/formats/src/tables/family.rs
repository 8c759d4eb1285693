//! Which family a table belongs to, by its header alone.

use domain::Field;

use super::Shape;
use crate::backup;
use crate::columns::{self, Column};
use crate::console;
use crate::reading::{Mapping, Score};
use crate::scanners::openvas;
use crate::table::Row;

/// What the rows of a table mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Host, address and remark, and nothing else (reference 8.2).
    AddressTable,
    /// A log of backups: runs of jobs, one a row (reference 9).
    Backup,
    /// A list of a console that looks after malware protection (reference 7).
    Console,
    /// `Get-DhcpServerv4Lease | Export-Csv` (reference 4, item 1).
    DhcpLeases,
    /// The DHCP console's list export (reference 4, item 2).
    DhcpList,
    /// A list that a tool collects by itself: an asset tool with agents, a directory (reference 6).
    Inventory,
    /// A list of devices.
    Ledger,
    /// A list of medical devices (reference 8.3).
    MedicalLedger,
    /// The report of a vulnerability scanner, one result a row (reference 5).
    ScanReport,
    /// Another register that people keep by hand (reference 6).
    Register,
    /// Two tables beside one another under one header row: refused, because rows hold two devices each.
    SideBySide,
    /// None of these.
    Unknown,
}

impl Family {
    /// Which family names the document, where its sheets differ: the lowest wins.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Ledger => 0,
            Self::MedicalLedger => 1,
            Self::Register => 2,
            Self::Inventory => 3,
            Self::Console => 4,
            Self::DhcpLeases | Self::DhcpList => 5,
            Self::AddressTable => 6,
            Self::Backup => 7,
            Self::ScanReport => 8,
            Self::SideBySide | Self::Unknown => 9,
        }
    }

    /// How sure one may be that a document with this header is a table of ours.
    pub fn score(self) -> Score {
        match self {
            Self::DhcpLeases | Self::DhcpList | Self::ScanReport => Score::Certain,
            Self::AddressTable
            | Self::Backup
            | Self::Console
            | Self::Inventory
            | Self::Ledger
            | Self::MedicalLedger
            | Self::Register => Score::Likely,
            Self::SideBySide => Score::Perhaps,
            Self::Unknown => Score::No,
        }
    }

    /// The word of [`crate::reading::TableRead::taken_as`].
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::AddressTable => "ip_table",
            Self::Backup => "backup_log",
            Self::Console => "console",
            Self::DhcpLeases | Self::DhcpList => "dhcp_leases",
            Self::Inventory => "inventory",
            Self::Ledger => "ledger",
            Self::MedicalLedger => "me_device_ledger",
            Self::Register => "register",
            Self::ScanReport => "scan_report",
            Self::SideBySide => "side_by_side",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of a reading whose table is of this family.
    pub(super) fn kind(self, shape: Shape, columns: &[Column]) -> &'static str {
        let of_shape = |csv, tsv, workbook| match shape {
            Shape::Csv => csv,
            Shape::Tsv => tsv,
            Shape::Workbook => workbook,
        };
        match self {
            Self::AddressTable => of_shape("ip-table-csv", "ip-table-tsv", "ip-table-xlsx"),
            Self::Backup => {
                of_shape("backup-session-csv", "backup-session-tsv", "backup-session-xlsx")
            }
            Self::Console => console::words::product(columns)
                .unwrap_or_else(|| of_shape("av-agent-csv", "av-agent-tsv", "av-agent-xlsx")),
            Self::ScanReport => "openvas-csv",
            Self::DhcpLeases => "windows-dhcp-lease-csv",
            Self::DhcpList => "windows-dhcp-mmc-list",
            Self::MedicalLedger => {
                of_shape("me-device-ledger-csv", "me-device-ledger-tsv", "me-device-ledger-xlsx")
            }
            Self::Inventory | Self::Register => tool(columns).map_or_else(
                || of_shape("asset-list-csv", "asset-list", "asset-list"),
                |tool| tool.kind,
            ),
            Self::Ledger | Self::SideBySide | Self::Unknown => {
                of_shape("ledger-csv", "ledger-tsv", "ledger-xlsx")
            }
        }
    }
}

/// Columns of price lists, estimates and orders: what stands there may be bought, but is not there yet.
const PRICED: [&str; 9] = [
    "定価",
    "仕切",
    "仕切価格",
    "見積番号",
    "発注番号",
    "購入申請番号",
    "購入依頼番号",
    "list price",
    "order number",
];

/// Header words of orders and deliveries. Two of them, and nothing that only a device has, are a list of what was bought.
const ORDERED: [&str; 28] = [
    "発注日",
    "発注番号",
    "発注No",
    "発注先",
    "発注数",
    "発注金額",
    "注文日",
    "注文番号",
    "見積日",
    "見積番号",
    "納品日",
    "納品先",
    "納品書番号",
    "納期",
    "納入日",
    "検収日",
    "請求日",
    "請求番号",
    "支払日",
    "単価",
    "数量",
    "金額",
    "小計",
    "税込金額",
    "税抜金額",
    "order date",
    "unit price",
    "amount",
];

/// Fields that tell of a device in use: no list of orders has them.
const IN_USE: [Field; 13] = [
    Field::Address,
    Field::DeviceClass,
    Field::Hostname,
    Field::InspectedOn,
    Field::JmdnCode,
    Field::Location,
    Field::Mac,
    Field::Os,
    Field::RetiredOn,
    Field::Serial,
    Field::SoftwareVersion,
    Field::Status,
    Field::Users,
];

/// Header words by which other readers know their tables: none of these is a list of devices (reference 0.11).
const FOREIGN: &[&str] = &[
    "ifIndex",
    "InterfaceAlias",
    "HotFixID",
    "トランスポート名",
    "システム起動時間",
    "valid_lifetime",
    "CVSS",
    "NVT Name",
    "vulnerabilityName",
    "cveID",
    "QoD",
    "Port Protocol",
];

/// Words of lists of networks: where ネットワークアドレス stands beside one of them, and nothing that only a device has, it means the
/// address of a network.
const NETWORKS: &[&str] = &[
    "VLAN",
    "VLAN ID",
    "VLAN番号",
    "サブネットマスク",
    "ゲートウェイ",
    "デフォルトゲートウェイ",
    "Subnet Mask",
    "Gateway",
    "Default Gateway",
];

/// An asset tool that names itself by its headers (reference 6).
struct Tool {
    kind: &'static str,
    family: Family,
    /// All of these must stand there.
    words: &'static [&'static str],
}

const fn collects(kind: &'static str, words: &'static [&'static str]) -> Tool {
    Tool { kind, family: Family::Inventory, words }
}

const fn is_kept(kind: &'static str, words: &'static [&'static str]) -> Tool {
    Tool { kind, family: Family::Register, words }
}

/// The first that fits counts. GLPI is filled by its agent where it lists components, and by hand where it does not.
const TOOLS: &[Tool] = &[
    collects("ad-computer-csv", &["DistinguishedName", "SamAccountName"]),
    collects("ad-computer-csv", &["DNSHostName", "OperatingSystem", "LastLogonDate"]),
    collects("glpi-computer-csv", &["エンティティ", "コンポーネント - プロセッサ"]),
    collects("glpi-computer-csv", &["Entity", "Components - Processor"]),
    collects("glpi-computer-csv", &["エンティティ", "最終インベントリー日時"]),
    collects("glpi-computer-csv", &["Entity", "Last inventory date"]),
    is_kept("glpi-computer-csv", &["エンティティ", "オペレーティングシステム - 名前"]),
    is_kept("glpi-computer-csv", &["Entity", "Operating System - Name"]),
    collects("intune-device-csv", &["Device ID", "Azure AD Device ID"]),
    collects("intune-device-csv", &["Device ID", "Microsoft Entra Device ID"]),
    collects("intune-device-csv", &["Device ID", "Last check-in"]),
    is_kept("netbox-device-csv", &["Tenant", "Site", "Role"]),
    is_kept("netbox-device-csv", &["Site", "Rack", "Role", "Status"]),
    is_kept("snipeit-asset-csv", &["Asset Tag", "Checked Out"]),
];

/// Fields that no agent can know: where one of them is filled in, people keep the list.
const BY_HAND: &[Field] = &[
    Field::Contractor,
    Field::DeviceClass,
    Field::InspectedOn,
    Field::InspectionDue,
    Field::RemoteMaintenance,
    Field::RetiredOn,
    Field::ServiceContract,
    Field::SupportEnd,
];

/// The family of a table with these header texts, in the order of the columns.
pub fn classify<'a>(header: impl IntoIterator<Item = &'a str>) -> Family {
    let mut row = crate::table::Row::default();
    row.start(1);
    for (index, text) in header.into_iter().take(usize::from(u16::MAX - 1)).enumerate() {
        row.push(index as u16 + 1, text, Default::default(), Default::default());
    }
    of_header(&row, None, None).0
}

/// The family of a table with this header, and its columns in the words of that family.
pub(super) fn of_header(
    child: &Row,
    parent: Option<&Row>,
    mapping: Option<&Mapping>,
) -> (Family, Vec<Column>) {
    let columns = columns::read(child, parent, mapping);
    if let Some(report) = openvas::columns_of(columns.clone()) {
        return (Family::ScanReport, report);
    }
    let own = columns::read_of(&console::words::CONSOLE, child, parent, mapping);
    if !is_strongly_numbered(&columns) && console::words::is_console(&own, kept(&columns)) {
        return (Family::Console, own);
    }
    let log =
        backup::words::with_day(columns::read_of(&backup::words::BACKUP, child, parent, mapping));
    if backup::words::is_backup(&log) {
        return (Family::Backup, log);
    }
    let collected = columns::read_inventory(child, parent, mapping);
    match of_columns(&columns) {
        // Words such as "last seen" tell a tool only beside the words of devices.
        Family::Inventory | Family::Ledger if of_columns(&collected) == Family::Inventory => {
            (Family::Inventory, collected)
        }
        family => (family, columns),
    }
}

/// Whether these header words are those of orders and deliveries.
pub(super) fn lists_orders<'h>(header: impl Iterator<Item = &'h str>) -> bool {
    let keys: Vec<String> = header.map(columns::key).collect();
    ORDERED.iter().filter(|word| keys.contains(&columns::key(word))).count() >= 2
}

/// Whether `text` is a header word of any family.
pub(super) fn is_word(text: &str) -> bool {
    columns::is_known(text)
        || console::words::CONSOLE.knows(text)
        || backup::words::BACKUP.knows(text)
}

/// How many columns tell what only people know of a device: where it stands, since when, who answers.
fn kept(columns: &[Column]) -> usize {
    const KEPT: [Field; 4] = [Field::Location, Field::Maker, Field::Model, Field::Registered];
    let is_kept = |column: &&Column| {
        column.field.is_some_and(|field| KEPT.contains(&field) || BY_HAND.contains(&field))
    };
    columns.iter().filter(is_kept).count()
}

/// Whether a column can only be the hospital's own number.
fn is_strongly_numbered(columns: &[Column]) -> bool {
    columns.iter().any(|column| column.field == Some(Field::AssetNumber) && !column.weak)
}

/// The family of a table with these columns.
fn of_columns(columns: &[Column]) -> Family {
    let keys: Vec<String> = columns.iter().map(|column| columns::key(&column.own)).collect();
    let has = |word: &str| keys.contains(&columns::key(word));
    let mapped = |field: Field| columns.iter().any(|column| column.field == Some(field));
    if has("ScopeId") && has("AddressState") && has("IPAddress") && has("ClientId") {
        return Family::DhcpLeases;
    }
    let listed = [("一意の ID", "リースの有効期限"), ("Unique ID", "Lease Expiration")];
    if listed.iter().any(|(client, end)| has(client) && has(end)) {
        return Family::DhcpList;
    }
    let strongly_numbered = is_strongly_numbered(columns);
    let lists_networks = (has("ネットワークアドレス") || has("Network Address"))
        && NETWORKS.iter().any(|word| has(word))
        && !mapped(Field::Mac)
        && !mapped(Field::Hostname)
        && !strongly_numbered;
    let named = [Field::Hostname, Field::Address, Field::Mac, Field::Serial].map(mapped);
    let is_priced = PRICED.iter().any(|word| has(word));
    if is_priced && !strongly_numbered && !named.contains(&true) {
        return Family::Unknown;
    }
    if lists_orders(columns.iter().map(|column| column.own.as_str()))
        && !IN_USE.iter().any(|field| mapped(*field))
    {
        return Family::Unknown;
    }
    if lists_networks || FOREIGN.iter().any(|word| has(word)) {
        return Family::Unknown;
    }
    if side_by_side(columns, &keys) {
        return Family::SideBySide;
    }
    let known = columns.iter().filter(|column| column.field.is_some()).count();
    let identified = IDENTIFYING.iter().any(|field| mapped(*field)) || strongly_numbered;
    // A name alone could be a list of anything: software, people, updates.
    let described = mapped(Field::Name) && DESCRIBING.iter().any(|field| mapped(*field));
    if known < 2 || !(identified || described) {
        return Family::Unknown;
    }
    if is_address_table(columns) {
        return Family::AddressTable;
    }
    let medical = MEDICAL.iter().filter(|field| mapped(**field)).count();
    if medical >= 2 && !mapped(Field::Address) && !mapped(Field::Hostname) {
        return Family::MedicalLedger;
    }
    if let Some(tool) = tool(columns) {
        return tool.family;
    }
    let watches = mapped(Field::LastSeen) && !BY_HAND.iter().any(|field| mapped(*field));
    if watches { Family::Inventory } else { Family::Ledger }
}

/// Fields of which a list of devices has at least one.
const IDENTIFYING: &[Field] =
    &[Field::GenericName, Field::Hostname, Field::Address, Field::Mac, Field::Serial];

/// Fields that make a list of names a list of devices.
const DESCRIBING: &[Field] =
    &[Field::Kind, Field::Location, Field::Maker, Field::Model, Field::Os, Field::Registered];

/// Fields that only lists of medical devices have.
const MEDICAL: &[Field] = &[
    Field::GenericName,
    Field::JmdnCode,
    Field::DeviceClass,
    Field::SpecialMaintenance,
    Field::ApprovalNumber,
    Field::Gtin,
    Field::InspectedOn,
    Field::InspectionDue,
];

fn is_address_table(columns: &[Column]) -> bool {
    let allowed = |column: &Column| match column.field {
        Some(Field::Address | Field::Hostname | Field::Name | Field::Remark) => true,
        Some(Field::AssetNumber) | None => {
            column.weak || column.field.is_none() && is_count(&column.own)
        }
        Some(_) => false,
    };
    let has = |field: Field| columns.iter().filter(|column| column.field == Some(field)).count();
    let named = has(Field::Hostname) + has(Field::Name);
    has(Field::Address) == 1 && named == 1 && columns.iter().all(allowed)
}

fn is_count(header: &str) -> bool {
    matches!(columns::key(header).as_str(), "no" | "番号" | "項番")
}

/// The same header words twice, one of them naming a device; `機器名２` is the same word as `機器名`.
fn side_by_side(columns: &[Column], keys: &[String]) -> bool {
    let bare = |key: &String| key.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let keys: Vec<String> = keys.iter().map(bare).collect();
    let mut twice = 0;
    let mut names_a_device = false;
    for (index, key) in keys.iter().enumerate() {
        let known = columns.get(index).is_some_and(|column| columns::is_known(&column.own));
        if known && keys.iter().take(index).any(|earlier| earlier == key) {
            twice += 1;
            names_a_device |= columns::names_a_device(key);
        }
    }
    twice >= 2 && names_a_device
}

/// The tool whose export this is.
fn tool(columns: &[Column]) -> Option<&'static Tool> {
    let keys: Vec<String> = columns.iter().map(|column| columns::key(&column.own)).collect();
    let has = |word: &&str| keys.contains(&columns::key(word));
    TOOLS.iter().find(|tool| tool.words.iter().all(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, family: Family) {
        assert_eq!(classify(header.split(',')), family, "{header}");
    }

    #[test]
    fn ledgers_are_known_by_their_words() {
        for header in [
            "管理番号,メーカー,OS,ソフトウェア,ソフトウェアバージョン,IPアドレス,コンピュータ名,設置場所,利用者,登録日,状態",
            "番号,機器名,OS名,ＩＰ,ＭＡＣ,設置場所,導入年月日",
            "管理番号,機器名,コンピュータ名,OS,IPアドレス,MACアドレス,廃棄日",
            "Asset Tag,Serial,Manufacturer,Model,Description,Location,Department,IP Address,MAC Address,OS,Firmware,Owner,Last PM,Next PM,Risk,FDA Class,PO,Cost,Status,Notes",
            "No,機器名,IPアドレス,サブネットマスク,ゲートウェイ,設置場所",
            "管理番号,機器名,ネットワークアドレス,サブネットマスク",
            "管理番号,機器名,メーカー,型式,設置場所,納品日,単価,数量",
            "管理番号,機器名,製造番号,発注日,納品日",
            "管理番号,機器名,メーカー,数量",
        ] {
            check(header, Family::Ledger);
        }
        check(
            "機器番号,一般的名称,JMDNコード,販売名,製造販売業者,型式,製造番号(S/N),クラス分類",
            Family::MedicalLedger,
        );
    }

    #[test]
    fn an_address_table_has_host_address_and_remark_only() {
        check("ホスト名,IPアドレス,備考", Family::AddressTable);
        check("No,ホスト名,IPアドレス,備考", Family::AddressTable);
        check("ホスト名,IPアドレス", Family::AddressTable);
        check("ホスト名,IPアドレス,MACアドレス,備考", Family::Ledger);
        check("管理番号,機器名,IPアドレス", Family::Ledger);
    }

    #[test]
    fn leases_are_known_by_the_servers_words() {
        check(
            "IPAddress,ScopeId,AddressState,ClientId,HostName,LeaseExpiryTime,ServerIP",
            Family::DhcpLeases,
        );
        check(
            "クライアント IP アドレス,名前,リースの有効期限,種類,一意の ID,説明",
            Family::DhcpList,
        );
    }

    #[test]
    fn tables_of_other_families_are_left_to_their_readers() {
        for header in [
            "区分,説明",
            "Name,Version",
            "ID,Name,Department,User",
            "",
            "a,b,c",
            "ifIndex,InterfaceAlias,IPAddress,LinkLayerAddress,State,PolicyStore",
            "PSComputerName,InstalledOn,Description,HotFixID,InstalledBy",
            "接続名,ネットワーク アダプター,物理アドレス,トランスポート名",
            "ジョブ名,種別,開始日時,終了日時,結果,対象",
            "TaskName,Status,Next Run Time",
            "IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD",
            "Name,Severity,NVT Name,QoD",
            "address,hwaddr,client_id,valid_lifetime,expire,hostname",
            "VLAN ID,名称,ネットワークアドレス,ゲートウェイ,備考",
            "品番,品名,メーカー,定価,仕切,在庫",
            "購入申請番号,品名,メーカー,数量,金額,部署",
            "管理番号,品名,メーカー,型番,発注日,納品日,単価,数量",
            "登録番号,品名,型番,数量,単価,備考",
            "No,機器名,メーカー,発注先,納品日,金額",
            "ホスト名,OS 名,OS バージョン,OS 製造元,システム起動時間",
        ] {
            check(header, Family::Unknown);
        }
    }

    #[test]
    fn two_tables_side_by_side_are_seen() {
        check("ホスト名,IPアドレス,備考,,ホスト名,IPアドレス,備考", Family::SideBySide);
        check("No,機器名,設置場所,No,機器名,設置場所", Family::SideBySide);
        check("機器名,IP,場所,機器名２,IP２,場所２", Family::SideBySide);
        check("機器名,IPアドレス1,IPアドレス2,MACアドレス1,MACアドレス2", Family::Ledger);
        check("ホスト名,IPアドレス,備考,備考", Family::Ledger);
    }

    #[test]
    fn consoles_are_known_by_their_words() {
        for header in [
            "コンピュータ名,ウイルスパターンファイル,検索エンジン,状態",
            "エンドポイント名,IPアドレス,MACアドレス,ドメイン,接続ステータス,プラットフォーム,ウイルス検索エンジン,ウイルスパターンファイル",
            "製品のエンティティ/エンドポイント,オペレーティングシステム,製品/エンドポイントIP,パターンファイル/ルール",
            "コンピューター名,IPアドレス,最終接続時刻,検出エンジンのバージョン,OS名",
            "Device ID,Device Name,Domain,OS Platform,OS Version,Device IPs,Onboarding Status,Security intelligence version",
            "端末名,設置場所,ウイルス対策ソフト,パターンファイル,更新日時,備考",
            "Computer Name,IP Address,Virus Definitions,Definition Date,Auto-Protect Status",
            "Computer name,IP address,Virus Definition Date,Auto-Protect Status",
            "コンピューター名,保護の状態,最終接続日時",
        ] {
            check(header, Family::Console);
        }
        for header in [
            "管理番号,機器名,IPアドレス,ウイルス対策ソフト,パターンファイル",
            "No,機器名,メーカー,型式,設置場所,OS,IPアドレス,ウイルス対策ソフト,パターンファイル,購入日,備考",
        ] {
            check(header, Family::Ledger);
        }
        check("製品,パターンファイル,更新日時", Family::Unknown);
    }

    #[test]
    fn logs_of_backups_are_told_from_logs_of_other_jobs() {
        for header in [
            "ジョブ名,種別,開始日時,終了日時,結果,対象,保存先,世代,備考",
            "JobName,JobType,Result,CreationTime",
            "日付,システム名,バックアップ結果,媒体",
            "Task name,Machine,Status,Start time,Finish time,Backup size",
        ] {
            check(header, Family::Backup);
        }
        check("管理番号,機器名,設置場所,状態,保管場所,登録日", Family::Ledger);
        check("日付,コンピュータ名,機器名,状態,保管場所,備考", Family::Ledger);
        check("Date,Machine,Status,Target", Family::Unknown);
    }

    #[test]
    fn lists_that_tools_collect_are_told_from_those_that_people_keep() {
        for header in [
            "登録No,コンピューター名,最終稼働日",
            "コンピューター名,IPアドレス,OS,最終インベントリ収集日時",
            "DistinguishedName,DNSHostName,Enabled,IPv4Address,Name,OperatingSystem,SamAccountName",
            "Name,DNSHostName,OperatingSystem,LastLogonDate",
            "名前,エンティティ,製造元,オペレーティングシステム - 名前,コンポーネント - プロセッサ",
            "Device ID,Device name,Last check-in,OS version,Serial number",
        ] {
            check(header, Family::Inventory);
        }
        for header in [
            "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,IP Address,ID",
            "ID,Company,Asset Name,Asset Tag,Model,Serial Number,Checked Out",
            "名前,エンティティ,製造元,シリアル番号,オペレーティングシステム - 名前",
        ] {
            check(header, Family::Register);
        }
        check("管理番号,機器名,コンピュータ名,保守業者,最終稼働日", Family::Ledger);
    }

    #[test]
    fn asset_tools_are_named() {
        let kind = |header: &str| {
            let mut row = crate::table::Row::default();
            row.start(1);
            for (index, text) in header.split(',').enumerate() {
                row.push(index as u16 + 1, text, Default::default(), Default::default());
            }
            let (family, columns) = of_header(&row, None, None);
            family.kind(Shape::Csv, &columns)
        };
        assert_eq!(kind("Name,Status,Tenant,Site,Location,Rack,Role,Serial"), "netbox-device-csv");
        assert_eq!(kind("登録No,コンピューター名,最終稼働日"), "asset-list-csv");
        assert_eq!(kind("管理番号,機器名"), "ledger-csv");
    }
}
