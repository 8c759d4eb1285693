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
}

impl Field {
    /// Every field, in the order people expect to read them.
    #[rustfmt::skip]
    pub const ALL: [Self; 42] = [
        Self::AssetNumber, Self::Kind, Self::Name, Self::GenericName, Self::Maker, Self::Model, Self::Serial,
        Self::Os, Self::OsVersion, Self::Software, Self::SoftwareVersion, Self::Addressing, Self::Hostname, Self::Domain,
        Self::Location, Self::Department, Self::Users, Self::Registered, Self::Status, Self::RetiredOn, Self::SupportEnd,
        Self::Antivirus, Self::RemoteMaintenance, Self::Contractor, Self::ServiceContract, Self::DeviceClass,
        Self::SpecialMaintenance, Self::InstallationManaged, Self::ApprovalNumber, Self::JmdnCode, Self::Gtin,
        Self::InspectedOn, Self::InspectionDue, Self::DurableYears, Self::NetworkConnection, Self::Quantity,
        Self::LeaseState, Self::LeaseEnd, Self::LastSeen, Self::Remark, Self::Address, Self::Mac,
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
const BY_NUMBER: [Option<Field>; 64] = {
    let mut table = [None; 64];
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
