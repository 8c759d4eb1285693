//! 区分: what kind of thing a ledger says a device is.

use domain::{DeviceKind, fold};

/// The kind that `text` names; `None` for a word we do not know, which is kept as written.
pub fn read(text: &str) -> Option<DeviceKind> {
    let kind = match fold(text).as_str() {
        "端末pc"
        | "端末"
        | "pc"
        | "パソコン"
        | "クライアント"
        | "クライアントpc"
        | "ノ-トpc"
        | "デスクトップ"
        | "デスクトップpc"
        | "ノ-ト"
        | "タブレット"
        | "client"
        | "desktop"
        | "laptop"
        | "notebook" => DeviceKind::Client,
        "部門機器" | "部門システム機器" => DeviceKind::Departmental,
        "iot・設備" | "iot設備" | "iot/設備" | "iot" | "iot機器" | "設備" | "設備機器"
        | "監視カメラ" => DeviceKind::Facility,
        "医療機器" | "me機器" | "モダリティ" | "検査機器" | "medicaldevice" | "modality" => {
            DeviceKind::Medical
        }
        "ネットワ-ク機器"
        | "nw機器"
        | "ネットワ-ク"
        | "ル-タ"
        | "ル-タ-"
        | "スイッチ"
        | "ハブ"
        | "無線ap"
        | "アクセスポイント"
        | "ファイアウォ-ル"
        | "vpn装置"
        | "router"
        | "switch"
        | "firewall"
        | "network" => DeviceKind::Network,
        "プリンタ・複合機"
        | "プリンタ/複合機"
        | "プリンタ"
        | "プリンタ-"
        | "複合機"
        | "printer" => DeviceKind::Printer,
        "サ-バ" | "サ-バ-" | "サ-バ機器" | "server" => DeviceKind::Server,
        _ => return None,
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_ledgers_name_a_kind_and_others_none() {
        for (text, kind) in [
            ("端末PC", Some(DeviceKind::Client)),
            ("ＰＣ", Some(DeviceKind::Client)),
            ("クライアント", Some(DeviceKind::Client)),
            ("サーバ", Some(DeviceKind::Server)),
            ("サーバー", Some(DeviceKind::Server)),
            ("医療機器", Some(DeviceKind::Medical)),
            ("部門機器", Some(DeviceKind::Departmental)),
            ("ネットワーク機器", Some(DeviceKind::Network)),
            ("ルータ", Some(DeviceKind::Network)),
            ("スイッチ", Some(DeviceKind::Network)),
            ("プリンタ・複合機", Some(DeviceKind::Printer)),
            ("ﾌﾟﾘﾝﾀ", Some(DeviceKind::Printer)),
            ("IoT・設備", Some(DeviceKind::Facility)),
            ("その他", None),
            ("", None),
        ] {
            assert_eq!(read(text), kind, "{text}");
        }
    }
}
