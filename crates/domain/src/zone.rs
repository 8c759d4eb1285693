//! Zones (区画): the hospital's network segments, and how they may be probed.

use crate::Network;
use crate::vocabulary::words;

words! {
    /// What a zone is for.
    ZoneKind {
        /// 電子カルテ・部門システムの端末.
        Clinical = "clinical",
        /// 事務.
        Office = "office",
        /// 来訪者・患者用の無線.
        Guest = "guest",
        /// 画像診断.
        Imaging = "imaging",
        /// 検査.
        Laboratory = "laboratory",
        /// 生体情報モニタ・ME機器.
        Monitoring = "monitoring",
        /// ネットワーク機器の管理.
        Management = "management",
        /// 外部との境界・保守回線.
        Perimeter = "perimeter",
        /// サーバ.
        Servers = "servers",
        /// まだ決めていない.
        Unclassified = "unclassified",
    }
}

words! {
    /// How the devices of a zone may be probed. Medical devices are never probed unless their zone allows it.
    Probe {
        /// Well-formed packets, slowly.
        Gentle = "gentle",
        /// As any office network.
        Normal = "normal",
        /// Listen only.
        Passive = "passive",
    }
}

/// A network segment as people named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its name, unique in the facility.
    pub name: String,
    /// Its address ranges.
    pub networks: Vec<Network>,
    /// What it is for.
    pub kind: ZoneKind,
    /// How it may be probed.
    pub probe: Probe,
}
