//! The fields a device can have, one word for each, from ledger to API.

/// A field of a device.
///
/// The numbers are written into stored observations: a new field takes a new number, and a number is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[rustfmt::skip]
pub enum Field {
    /// 管理番号: the number on the hospital's label.
    AssetNumber = 1,
    /// 機器名: what people call it.
    Name = 2,
    /// 区分: see [`crate::DeviceKind`]; the value is its key, the writing is the ledger's own word.
    Kind = 3,
    /// メーカー.
    Maker = 4,
    /// 型式.
    Model = 5,
    /// 製造番号.
    Serial = 6,
    /// OS, with edition.
    Os = 7,
    /// OSバージョン.
    OsVersion = 8,
    /// ソフトウェア.
    Software = 9,
    /// ソフトウェアバージョン.
    SoftwareVersion = 10,
    /// コンピュータ名.
    Hostname = 11,
    /// 設置場所.
    Location = 12,
    /// 所管部門.
    Department = 13,
    /// 利用者, several joined by `、`.
    Users = 14,
    /// 登録日 (or 導入日, 購入日): a [`crate::CalendarDate`].
    Registered = 15,
    /// 状態: see [`crate::Status`]; the value is its key, the writing is the ledger's own word.
    Status = 16,
    /// サポート終了日 as the ledger states it: a [`crate::CalendarDate`].
    SupportEnd = 17,
    /// ウイルス対策, as the ledger states it.
    Antivirus = 18,
    /// リモート保守, as the ledger states it.
    RemoteMaintenance = 19,
    /// 保守業者.
    Contractor = 20,
    /// クラス分類 of the device law: `I` to `IV`.
    DeviceClass = 21,
    /// 特定保守管理医療機器: `yes` or `no`.
    SpecialMaintenance = 22,
    /// 承認・認証・届出番号.
    ApprovalNumber = 23,
    /// 備考.
    Remark = 24,
    /// 台数: how many machines one row stands for.
    Quantity = 25,
    /// 廃棄日: a [`crate::CalendarDate`].
    RetiredOn = 26,
    /// How it gets its address: see [`crate::Addressing`].
    Addressing = 27,
    /// 一般的名称 (JMDN).
    GenericName = 28,
    /// JMDNコード, eight digits.
    JmdnCode = 29,
    /// GTIN-14 of a JANコード or UDI-DI.
    Gtin = 30,
    /// 最終点検日: a [`crate::CalendarDate`].
    InspectedOn = 31,
    /// 次回点検予定日: a [`crate::CalendarDate`].
    InspectionDue = 32,
    /// 耐用年数, in years.
    DurableYears = 33,
    /// 保守契約.
    ServiceContract = 34,
    /// 設置管理医療機器: `yes` or `no`.
    InstallationManaged = 35,
    /// ネットワーク接続, as the ledger states it.
    NetworkConnection = 36,
    /// State of a lease: `active`, `reserved`, `declined`, `expired` or `offered`.
    LeaseState = 37,
    /// When a lease ends, local time.
    LeaseEnd = 38,
    /// When the source itself saw it last, local time.
    LastSeen = 39,
    /// DNS domain of the host name, where one was written.
    Domain = 40,
    /// IPアドレス, as a column's meaning: what stands there becomes bindings, never a fact.
    Address = 41,
    /// MACアドレス, as a column's meaning: what stands there becomes bindings, never a fact.
    Mac = 42,
    /// Product that protects against malware, as its console names it.
    ProtectionProduct = 43,
    /// Whether such a product is there: `installed` or `absent`.
    ProtectionState = 44,
    /// 検索エンジン: its version.
    EngineVersion = 45,
    /// パターンファイル, 定義ファイル: its version.
    PatternVersion = 46,
    /// When the pattern is of: a [`crate::CalendarDate`] or a local time.
    PatternDate = 47,
    /// リアルタイム保護: `on` or `off`.
    RealtimeProtection = 48,
    /// What its console says of the connection: `online` or `offline`.
    ConnectionState = 49,
    /// When it was started last, local time.
    Booted = 50,
    /// An update that is installed, such as `KB5031361`; as often as there are. The writing may carry its date.
    Hotfix = 51,
    /// Day of the newest update that is installed: a [`crate::CalendarDate`].
    UpdatedOn = 52,
    /// A port that is open, as `tcp/445`; as often as there are. The writing may carry the product.
    Service = 53,
    /// Default gateway, an address; as often as there are.
    Gateway = 54,
    /// Name server, an address; as often as there are.
    DnsServer = 55,
    /// Other end of an open connection, as `tcp/198.51.100.77:443`; as often as there are.
    Remote = 56,
    /// Name of the switch that a card hangs on.
    Switch = 57,
    /// Port of that switch, as the switch writes it: `Gi1/0/9`.
    Port = 58,
    /// VLAN of that port.
    Vlan = 59,
    /// What a neighbour says it is, by CDP or LLDP: `Router Switch`.
    Capabilities = 60,
    /// What kind of setting it is: see [`crate::SettingKind`].
    Setting = 61,
    /// What the configuration calls it: `pp 1`, `tunnel 11`, `policy 1`, a user's name.
    SettingName = 62,
    /// Other end of a line or tunnel: an address, or `any`.
    Peer = 63,
    /// Inside address that a setting publishes, or the network that a route leads to.
    Target = 64,
    /// Cipher or digest in use, such as `3des-cbc`; as often as there are.
    Algorithm = 65,
    /// Way of administration that is open, such as `https`; as often as there are.
    Access = 66,
    /// Whether a second factor is asked for: `yes` or `no`.
    SecondFactor = 67,
    /// Whether an account may only come from named addresses: `yes` or `no`.
    TrustedHosts = 68,
    /// Whether a rule writes a log: `yes` or `no`.
    Logging = 69,
    /// Whether it is switched on: `yes` or `no`.
    Enabled = 70,
    /// Which side of the hospital an interface faces: `outside` or `inside`.
    Side = 71,
    /// What people wrote beside it in the configuration.
    Description = 72,
    /// Name of a backup job.
    Job = 73,
    /// How a run ended: see [`crate::RunResult`].
    Result = 74,
    /// When it began, local time.
    StartedAt = 75,
    /// When it ended, local time.
    EndedAt = 76,
    /// Where a backup goes, as written.
    Destination = 77,
    /// What it is written on: see [`crate::Medium`].
    Medium = 78,
    /// Whether the copy is off the network: `yes` or `no`.
    Offline = 79,
    /// How many generations are kept.
    Generations = 80,
    /// The system it belongs to, such as 電子カルテ.
    System = 81,
    /// What a scanner says of what it found: `info`, `low`, `medium`, `high` or `critical`.
    ScanSeverity = 82,
    /// A vulnerability by its CVE number; as often as there are.
    Cve = 83,
    /// The scanner's own number of the check: a plugin id, an NVT OID.
    CheckId = 84,
    /// What the scanner calls what it found.
    Title = 85,
    /// The scanner: `nmap`, `nessus`, `openvas`.
    ScanTool = 86,
    /// 棚卸日: when somebody last looked for it with their own eyes, a [`crate::CalendarDate`].
    ConfirmedOn = 87,
    /// 棚卸結果: whether it was there then: `yes` or `no`.
    Presence = 88,
    /// 手がかり: the sign of the device that a statement is about, as [`crate::Sign`] writes it.
    About = 89,
    /// A program that a scanner heard answer, with its version: its CPE name as the scanner writes it, else name and version; as often as
    /// there are. The writing carries the port and the whole banner.
    ServiceProduct = 90,
    /// 名乗り: what a program or the device said of itself, as [`crate::Banner`] writes it; as often as there are. The writing carries the
    /// port, where it was one program.
    Banner = 91,
}

impl Field {
    /// Every field, in the order people expect to read them.
    #[rustfmt::skip]
    pub const ALL: [Self; 91] = [
        Self::AssetNumber, Self::Kind, Self::Name, Self::GenericName, Self::Maker, Self::Model, Self::Serial,
        Self::Os, Self::OsVersion, Self::Software, Self::SoftwareVersion, Self::Addressing, Self::Hostname, Self::Domain,
        Self::Location, Self::Department, Self::Users, Self::Registered, Self::Status, Self::RetiredOn, Self::SupportEnd,
        Self::Antivirus, Self::RemoteMaintenance, Self::Contractor, Self::ServiceContract, Self::DeviceClass,
        Self::SpecialMaintenance, Self::InstallationManaged, Self::ApprovalNumber, Self::JmdnCode, Self::Gtin,
        Self::InspectedOn, Self::InspectionDue, Self::ConfirmedOn, Self::Presence, Self::DurableYears, Self::NetworkConnection, Self::Quantity,
        Self::LeaseState, Self::LeaseEnd, Self::LastSeen,
        Self::ProtectionProduct, Self::ProtectionState, Self::EngineVersion, Self::PatternVersion, Self::PatternDate,
        Self::RealtimeProtection, Self::ConnectionState, Self::Booted, Self::Hotfix, Self::UpdatedOn,
        Self::Service, Self::ServiceProduct, Self::Banner, Self::Gateway, Self::DnsServer, Self::Remote, Self::Switch,
        Self::Port, Self::Vlan, Self::Capabilities, Self::Setting, Self::SettingName,
        Self::Peer, Self::Target, Self::Algorithm, Self::Access, Self::SecondFactor,
        Self::TrustedHosts, Self::Logging, Self::Enabled, Self::Side, Self::Description,
        Self::Job, Self::Result, Self::StartedAt, Self::EndedAt, Self::Destination,
        Self::Medium, Self::Offline, Self::Generations, Self::System, Self::ScanSeverity,
        Self::Cve, Self::CheckId, Self::Title, Self::ScanTool,
        Self::Remark, Self::Address, Self::Mac, Self::About,
    ];

    /// The word of JSON keys, mappings and texts, in `snake_case`.
    #[rustfmt::skip]
    pub fn key(self) -> &'static str {
        match self {
            Self::AssetNumber => "asset_number",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Maker => "maker",
            Self::Model => "model",
            Self::Serial => "serial",
            Self::Os => "os",
            Self::OsVersion => "os_version",
            Self::Software => "software",
            Self::SoftwareVersion => "software_version",
            Self::Hostname => "hostname",
            Self::Location => "location",
            Self::Department => "department",
            Self::Users => "users",
            Self::Registered => "registered",
            Self::Status => "status",
            Self::SupportEnd => "support_end",
            Self::Antivirus => "antivirus",
            Self::RemoteMaintenance => "remote_maintenance",
            Self::Contractor => "contractor",
            Self::DeviceClass => "device_class",
            Self::SpecialMaintenance => "special_maintenance",
            Self::ApprovalNumber => "approval_number",
            Self::Remark => "remark",
            Self::Quantity => "quantity",
            Self::RetiredOn => "retired_on",
            Self::Addressing => "addressing",
            Self::GenericName => "generic_name",
            Self::JmdnCode => "jmdn_code",
            Self::Gtin => "gtin",
            Self::InspectedOn => "inspected_on",
            Self::InspectionDue => "inspection_due",
            Self::DurableYears => "durable_years",
            Self::ServiceContract => "service_contract",
            Self::InstallationManaged => "installation_managed",
            Self::NetworkConnection => "network_connection",
            Self::LeaseState => "lease_state",
            Self::LeaseEnd => "lease_end",
            Self::LastSeen => "last_seen",
            Self::Domain => "domain",
            Self::Address => "address",
            Self::Mac => "mac",
            Self::ProtectionProduct => "protection_product",
            Self::ProtectionState => "protection_state",
            Self::EngineVersion => "engine_version",
            Self::PatternVersion => "pattern_version",
            Self::PatternDate => "pattern_date",
            Self::RealtimeProtection => "realtime_protection",
            Self::ConnectionState => "connection_state",
            Self::Booted => "booted",
            Self::Hotfix => "hotfix",
            Self::UpdatedOn => "updated_on",
            Self::Service => "service",
            Self::ServiceProduct => "service_product",
            Self::Banner => "banner",
            Self::Gateway => "gateway",
            Self::DnsServer => "dns_server",
            Self::Remote => "remote",
            Self::Switch => "switch",
            Self::Port => "port",
            Self::Vlan => "vlan",
            Self::Capabilities => "capabilities",
            Self::Setting => "setting",
            Self::SettingName => "setting_name",
            Self::Peer => "peer",
            Self::Target => "target",
            Self::Algorithm => "algorithm",
            Self::Access => "access",
            Self::SecondFactor => "second_factor",
            Self::TrustedHosts => "trusted_hosts",
            Self::Logging => "logging",
            Self::Enabled => "enabled",
            Self::Side => "side",
            Self::Description => "description",
            Self::Job => "job",
            Self::Result => "result",
            Self::StartedAt => "started_at",
            Self::EndedAt => "ended_at",
            Self::Destination => "destination",
            Self::Medium => "medium",
            Self::Offline => "offline",
            Self::Generations => "generations",
            Self::System => "system",
            Self::ScanSeverity => "scan_severity",
            Self::Cve => "cve",
            Self::CheckId => "check_id",
            Self::Title => "title",
            Self::ScanTool => "scan_tool",
            Self::ConfirmedOn => "confirmed_on",
            Self::Presence => "presence",
            Self::About => "about",
        }
    }

    /// The field with this [`Field::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    /// The field with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        BY_NUMBER.get(usize::from(number)).copied().flatten()
    }
}

/// Every fact that is read asks for its field.
const BY_NUMBER: [Option<Field>; 256] = {
    let mut table = [None; 256];
    let mut index = 0;
    while index < Field::ALL.len() {
        table[Field::ALL[index] as usize] = Some(Field::ALL[index]);
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_is_listed_once_with_a_key_and_a_number_of_its_own() {
        let keys: BTreeSet<_> = Field::ALL.iter().map(|field| field.key()).collect();
        let numbers: BTreeSet<_> = Field::ALL.iter().map(|field| *field as u8).collect();
        assert_eq!((keys.len(), numbers.len()), (Field::ALL.len(), Field::ALL.len()));
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(field));
            assert_eq!(Field::from_number(field as u8), Some(field));
        }
    }
}
