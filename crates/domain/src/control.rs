//! Controls (対策): what is done where the fault itself cannot be mended.

use crate::vocabulary::words;

words! {
    /// A compensating control (補完的対策): 手引書 4.3 and 4.5, IMDRF/CYBER WG/N60 and N70.
    Control {
        /// ネットワークのセグメント分け.
        NetworkSegmentation = "network_segmentation",
        /// 機器の前のファイアウォール.
        FirewallInFront = "firewall_in_front",
        /// ネットワークからの取外し.
        NetworkDisconnect = "network_disconnect",
        /// 通信を制限するネットワークアクセスコントロール.
        NetworkAccessControl = "network_access_control",
        /// ユーザーアクセスの制限.
        UserAccessRestriction = "user_access_restriction",
        /// 医療機器のユーザー設定の変更.
        SettingChange = "setting_change",
        /// ネットワーク監視.
        NetworkMonitoring = "network_monitoring",
        /// セキュリティ試験.
        SecurityTesting = "security_testing",
        /// 物理的アクセス制限.
        PhysicalAccess = "physical_access",
        /// 携帯型メディアの制限.
        RemovableMedia = "removable_media",
        /// リモートアクセス機能の停止・撤去.
        RemoteAccessRemoval = "remote_access_removal",
        /// VPN の利用.
        Vpn = "vpn",
        /// マルウェア対策, after asking the manufacturer.
        AntiMalware = "anti_malware",
        /// 無人放置時のセッションタイムアウト.
        SessionTimeout = "session_timeout",
        /// 多要素認証.
        MultiFactor = "multi_factor",
        /// バックアップと復旧手順.
        BackupRestore = "backup_restore",
        /// 職員教育.
        Training = "training",
        /// 代替機器の確保.
        SubstituteDevice = "substitute_device",
    }
}
