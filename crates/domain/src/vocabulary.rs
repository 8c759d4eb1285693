//! The closed lists of words: what kind of thing a device is, what state it is in, how it gets its address.

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$inner])* $variant,)*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word of JSON values, stored facts and texts, in `snake_case`.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }

            /// The value with this key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.key() == key)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// 区分: what kind of thing a device is.
    ///
    /// サーバ, 端末PC and ネットワーク機器 are the ministry's words (チェックリストマニュアル 用語の解説); the others are what hospitals add.
    DeviceKind {
        /// 端末PC.
        Client = "client",
        /// 部門機器: equipment of a department that is not a medical device by law, such as a dispensing machine.
        Departmental = "departmental",
        /// IoT・設備: loggers, cameras, kiosks, building equipment.
        Facility = "facility",
        /// 医療機器, by the device law.
        Medical = "medical",
        /// ネットワーク機器.
        Network = "network",
        /// プリンタ・複合機.
        Printer = "printer",
        /// サーバ.
        Server = "server",
    }
}

words! {
    /// 状態: what state the ledger says a device is in.
    Status {
        /// 稼働, 使用中, 運用中.
        InUse = "in_use",
        /// 廃棄, 除却, 撤去: no longer the hospital's.
        Retired = "retired",
        /// 予備, 在庫, 保管.
        Spare = "spare",
        /// 停止, 休止, メンテナンス, 修理中: expected to be silent.
        Stopped = "stopped",
        /// A word we do not know: kept as written, and asked about.
        Unrecognised = "unrecognised",
    }
}

words! {
    /// How a declared device gets its address.
    Addressing {
        /// DHCP, 自動取得.
        Dynamic = "dynamic",
        /// The cell could not be read as an address.
        Invalid = "invalid",
        /// 未接続, スタンドアロン, －: it has none.
        None = "none",
        /// `192.168.〇.〇`: a sample was left standing; the address was not entered.
        Placeholder = "placeholder",
        /// A fixed address is stated.
        Static = "static",
        /// Blank, 不明, 未設定: nobody knows.
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_from_its_key() {
        for kind in DeviceKind::ALL {
            assert_eq!(DeviceKind::from_key(kind.key()), Some(*kind));
        }
        assert_eq!(Status::from_key("retired"), Some(Status::Retired));
        assert_eq!(Addressing::from_key("稼働"), None);
    }
}
