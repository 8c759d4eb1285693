//! Lines of a label and a value, and which label is which, in Japanese and English.

use domain::fold;

/// What a label of `ipconfig` or `systeminfo` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    AutoAddress,
    Booted,
    Card,
    Description,
    Dhcp,
    Dns,
    DnsSuffix,
    Domain,
    Gateway,
    HostName,
    HotFixes,
    Installed,
    Ip,
    Lease,
    Maker,
    Mask,
    Media,
    Model,
    Networks,
    OsName,
    OsVersion,
    TemporaryIp,
}

/// The labels of either language and of every version since XP; folded, without dots.
const LABELS: &[(&str, Label)] = &[
    // ipconfig
    ("hostname", Label::HostName),
    ("ホスト名", Label::HostName),
    ("primarydnssuffix", Label::DnsSuffix),
    ("プライマリdnsサフィックス", Label::DnsSuffix),
    ("description", Label::Description),
    ("説明", Label::Description),
    ("physicaladdress", Label::Card),
    ("物理アドレス", Label::Card),
    ("dhcpenabled", Label::Dhcp),
    ("dhcp有効", Label::Dhcp),
    ("dhcpガ有効", Label::Dhcp),
    ("mediastate", Label::Media),
    ("メディアノ状態", Label::Media),
    ("ipaddress", Label::Ip),
    ("ipアドレス", Label::Ip),
    ("ipv4address", Label::Ip),
    ("ipv4アドレス", Label::Ip),
    ("ipv6address", Label::Ip),
    ("ipv6アドレス", Label::Ip),
    ("link-localipv6address", Label::Ip),
    ("リンクロ-カルipv6アドレス", Label::Ip),
    ("site-localipv6address", Label::Ip),
    ("サイトロ-カルipv6アドレス", Label::Ip),
    ("temporaryipv6address", Label::TemporaryIp),
    ("一時ipv6アドレス", Label::TemporaryIp),
    ("autoconfigurationipv4address", Label::AutoAddress),
    ("autoconfigurationipaddress", Label::AutoAddress),
    ("自動構成ipv4アドレス", Label::AutoAddress),
    ("自動構成ipアドレス", Label::AutoAddress),
    ("subnetmask", Label::Mask),
    ("サブネットマスク", Label::Mask),
    ("defaultgateway", Label::Gateway),
    ("デフォルトゲ-トウェイ", Label::Gateway),
    ("dnsservers", Label::Dns),
    ("dnsサ-バ-", Label::Dns),
    ("dnsサ-バ", Label::Dns),
    ("leaseobtained", Label::Lease),
    ("リ-ス取得", Label::Lease),
    // systeminfo
    ("osname", Label::OsName),
    ("os名", Label::OsName),
    ("osversion", Label::OsVersion),
    ("osバ-ジョン", Label::OsVersion),
    ("originalinstalldate", Label::Installed),
    ("最初ノインスト-ル日付", Label::Installed),
    ("systemboottime", Label::Booted),
    ("システム起動時間", Label::Booted),
    ("システムノ起動時間", Label::Booted),
    ("systemmanufacturer", Label::Maker),
    ("システム製造元", Label::Maker),
    ("systemmodel", Label::Model),
    ("システムモデル", Label::Model),
    ("domain", Label::Domain),
    ("ドメイン", Label::Domain),
    ("hotfixs", Label::HotFixes),
    ("ホットフィックス", Label::HotFixes),
    ("修正プログラム", Label::HotFixes),
    ("networkcards", Label::Networks),
    ("ネットワ-クカ-ド", Label::Networks),
];

/// What a label stands for, whatever dots and brackets stand in it.
pub(super) fn label(written: &str) -> Option<Label> {
    // Labels are a few words; what is longer is no label.
    if written.len() > 200 {
        return None;
    }
    let mut key = fold(written);
    key.retain(|c| !matches!(c, '.' | '(' | ')' | ':' | '·'));
    LABELS.iter().find(|(known, _)| *known == key).map(|(_, label)| *label)
}

/// Label and value of `   IPv4 アドレス . . . . . . : 192.0.2.11`: the first colon after dots.
pub(super) fn dotted(line: &str) -> Option<(&str, &str)> {
    let (before, value) = line.split_once(':')?;
    let label = before.trim_end().strip_suffix('.')?;
    Some((label.trim_matches([' ', '.', '\t']), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_tell_a_label_from_an_address() {
        assert_eq!(dotted("   説明. . . . .: Intel(R) X"), Some(("説明", "Intel(R) X")));
        assert_eq!(
            dotted("   Default Gateway . . . : fe80::1%12"),
            Some(("Default Gateway", "fe80::1%12"))
        );
        assert_eq!(dotted("   DNS Suffix  . : "), Some(("DNS Suffix", "")));
        for line in ["        2001:db8::1", "Ethernet adapter Ethernet:", "192.0.2.2", ""] {
            assert_eq!(dotted(line), None, "{line}");
        }
    }

    #[test]
    fn labels_of_all_versions_are_known() {
        for (written, expected) in [
            ("デフォルト ゲートウェイ", Some(Label::Gateway)),
            ("IPv4 Address", Some(Label::Ip)),
            ("Hotfix(s)", Some(Label::HotFixes)),
            ("Network Card(s)", Some(Label::Networks)),
            ("DNS サーバー", Some(Label::Dns)),
            ("システム起動時間", Some(Label::Booted)),
            ("IPv4-Adresse", None),
        ] {
            assert_eq!(label(written), expected, "{written}");
        }
    }
}
