//! Which family a table belongs to, by its header alone.

use domain::Field;

use super::Shape;
use crate::columns::{self, Column};
use crate::reading::Score;

/// What the rows of a table mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Host, address and remark, and nothing else (reference 8.2).
    AddressTable,
    /// `Get-DhcpServerv4Lease | Export-Csv` (reference 4, item 1).
    DhcpLeases,
    /// The DHCP console's list export (reference 4, item 2).
    DhcpList,
    /// A list of devices.
    Ledger,
    /// A list of medical devices (reference 8.3).
    MedicalLedger,
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
            Self::DhcpLeases | Self::DhcpList => 2,
            Self::AddressTable => 3,
            Self::SideBySide | Self::Unknown => 4,
        }
    }

    /// How sure one may be that a document with this header is a table of ours.
    pub fn score(self) -> Score {
        match self {
            Self::DhcpLeases | Self::DhcpList => Score::Certain,
            Self::AddressTable | Self::Ledger | Self::MedicalLedger => Score::Likely,
            Self::SideBySide => Score::Perhaps,
            Self::Unknown => Score::No,
        }
    }

    /// The word of [`crate::reading::TableRead::taken_as`].
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::AddressTable => "ip_table",
            Self::DhcpLeases | Self::DhcpList => "dhcp_leases",
            Self::Ledger => "ledger",
            Self::MedicalLedger => "me_device_ledger",
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
            Self::DhcpLeases => "windows-dhcp-lease-csv",
            Self::DhcpList => "windows-dhcp-mmc-list",
            Self::MedicalLedger => {
                of_shape("me-device-ledger-csv", "me-device-ledger-tsv", "me-device-ledger-xlsx")
            }
            Self::Ledger | Self::SideBySide | Self::Unknown => tool(shape, columns)
                .unwrap_or_else(|| of_shape("ledger-csv", "ledger-tsv", "ledger-xlsx")),
        }
    }
}

/// Header words by which other readers know their tables: none of these is a list of devices (reference 0.11).
const FOREIGN: &[&str] = &[
    "ifIndex",
    "InterfaceAlias",
    "HotFixID",
    "トランスポート名",
    "システム起動時間",
    "valid_lifetime",
    "JobName",
    "ジョブ名",
    "CVSS",
    "NVT Name",
    "vulnerabilityName",
    "cveID",
    "QoD",
    "Port Protocol",
];

/// Words of antivirus consoles (reference 0.8 and 7). Beside an asset number they are one column of an asset list.
const ANTIVIRUS: &[&str] = &[
    "ウイルスパターンファイル",
    "パターンファイル",
    "ウイルス検索エンジン",
    "検索エンジン",
    "検出エンジンのバージョン",
    "検出エンジン",
    "定義ファイル",
    "定義ファイル日付",
    "パターンファイル/ルール",
    "Security intelligence version",
    "Onboarding Status",
    "リアルタイム検索",
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

/// Asset tools that name themselves by their headers: all words of a line must stand there (reference 6).
const TOOLS: &[(&str, &[&str])] = &[
    ("ad-computer-csv", &["DistinguishedName", "SamAccountName"]),
    ("glpi-computer-csv", &["エンティティ", "オペレーティングシステム - 名前"]),
    ("intune-device-csv", &["Device ID", "Azure AD Device ID"]),
    ("intune-device-csv", &["Device ID", "Last check-in"]),
    ("netbox-device-csv", &["Tenant", "Site", "Role"]),
    ("snipeit-asset-csv", &["Asset Tag", "Checked Out"]),
];

/// The family of a table with these header texts, in the order of the columns.
pub fn classify<'a>(header: impl IntoIterator<Item = &'a str>) -> Family {
    let mut row = crate::table::Row::default();
    row.start(1);
    for (index, text) in header.into_iter().take(usize::from(u16::MAX - 1)).enumerate() {
        row.push(index as u16 + 1, text, Default::default(), Default::default());
    }
    of_columns(&columns::read(&row, None, None))
}

/// The family of a table with these columns.
pub(super) fn of_columns(columns: &[Column]) -> Family {
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
    let strongly_numbered =
        columns.iter().any(|column| column.field == Some(Field::AssetNumber) && !column.weak);
    let is_console = ANTIVIRUS.iter().any(|word| has(word)) && !strongly_numbered;
    let lists_networks = (has("ネットワークアドレス") || has("Network Address"))
        && NETWORKS.iter().any(|word| has(word))
        && !mapped(Field::Mac)
        && !mapped(Field::Hostname)
        && !strongly_numbered;
    if is_console || lists_networks || FOREIGN.iter().any(|word| has(word)) {
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
    Family::Ledger
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
fn tool(shape: Shape, columns: &[Column]) -> Option<&'static str> {
    let keys: Vec<String> = columns.iter().map(|column| columns::key(&column.own)).collect();
    let has = |word: &&str| keys.contains(&columns::key(word));
    let named = TOOLS.iter().find(|(_, words)| words.iter().all(has)).map(|(kind, _)| *kind);
    let watches = columns.iter().any(|column| column.field == Some(Field::LastSeen));
    let unnamed = if shape == Shape::Csv { "asset-list-csv" } else { "asset-list" };
    named.or(watches.then_some(unnamed))
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
            "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,IP Address,ID",
            "No,機器名,IPアドレス,サブネットマスク,ゲートウェイ,設置場所",
            "管理番号,機器名,ネットワークアドレス,サブネットマスク",
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
            "コンピュータ名,ウイルスパターンファイル,検索エンジン,状態",
            "エンドポイント名,IPアドレス,MACアドレス,ドメイン,接続ステータス,プラットフォーム,ウイルス検索エンジン,ウイルスパターンファイル",
            "製品のエンティティ/エンドポイント,オペレーティングシステム,製品/エンドポイントIP,パターンファイル/ルール",
            "コンピューター名,IPアドレス,最終接続時刻,検出エンジンのバージョン,OS名",
            "Device ID,Device Name,Domain,OS Platform,OS Version,Device IPs,Onboarding Status,Security intelligence version",
            "ジョブ名,種別,開始日時,終了日時,結果,対象,保存先,世代,備考",
            "JobName,JobType,Result,CreationTime",
            "IP,Hostname,Port,Port Protocol,CVSS,Severity,QoD",
            "address,hwaddr,client_id,valid_lifetime,expire,hostname",
            "VLAN ID,名称,ネットワークアドレス,ゲートウェイ,備考",
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
    fn asset_tools_are_named() {
        let kind = |header: &str| {
            let mut row = crate::table::Row::default();
            row.start(1);
            for (index, text) in header.split(',').enumerate() {
                row.push(index as u16 + 1, text, Default::default(), Default::default());
            }
            Family::Ledger.kind(Shape::Csv, &columns::read(&row, None, None))
        };
        assert_eq!(kind("Name,Status,Tenant,Site,Location,Rack,Role"), "netbox-device-csv");
        assert_eq!(kind("登録No,コンピューター名,最終稼働日"), "asset-list-csv");
        assert_eq!(kind("管理番号,機器名"), "ledger-csv");
    }
}
