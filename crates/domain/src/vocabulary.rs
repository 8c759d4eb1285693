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

words! {
    /// What kind of setting of a network device an observation tells of.
    SettingKind {
        /// An account: an administrator, or a user who may come in from outside (access `admin` or `vpn`).
        Account = "account",
        /// Administration reachable on an interface.
        AdminAccess = "admin_access",
        /// A line that others dial into (L2TP, PPTP), whoever they are.
        DialIn = "dial_in",
        /// A line to the outside: PPPoE, a WAN interface, a mobile link.
        Line = "line",
        /// A rule of a firewall.
        Policy = "policy",
        /// An inside address and port that is reachable from outside.
        Publication = "publication",
        /// A service that lets people in from outside, such as SSL-VPN.
        RemoteAccess = "remote_access",
        /// A route to another network, or to everywhere.
        Route = "route",
        /// A database of signatures that the device checks traffic with.
        SignatureDatabase = "signature_database",
        /// A tunnel to another site.
        Tunnel = "tunnel",
    }
}

words! {
    /// How a run of a job ended.
    RunResult {
        /// 失敗, 異常終了.
        Failed = "failed",
        /// 成功, 正常終了.
        Success = "success",
        /// 未完了, 実行中: it did not come to its end.
        Unfinished = "unfinished",
        /// A word we do not know: kept as written, and asked about.
        Unrecognised = "unrecognised",
        /// 警告: it ended, and not everything is in it.
        Warning = "warning",
    }
}

words! {
    /// What a backup is written on.
    Medium {
        /// A storage service over the network.
        Cloud = "cloud",
        /// A disk in or at the same machine.
        Disk = "disk",
        /// A disk that can be taken away: USB, RDX.
        Removable = "removable",
        /// Another machine's disk: NAS, a shared folder, a repository.
        Share = "share",
        /// テープ, LTO.
        Tape = "tape",
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
