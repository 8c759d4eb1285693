//! Configurations of other models, saved files, and other encodings.

use super::super::tests::read;
use crate::reading::Input;
use crate::registry;

const RTX830: &str = "# RTX830 Rev.15.02.31 (Thu May 16 18:52:16 2024)\n# MAC Address : 00:a0:de:44:3b:56, 00:a0:de:44:3b:57\n# Memory 256Mbytes, 2LAN\n# main:  RTX830 ver=00 serial=M4B000001 MAC-Address=00:a0:de:44:3b:56 MAC-Addre\n# ss=00:a0:de:44:3b:57\n# Reporting Date: Nov 20 09:41:20 2026\n#\n# 保守用 パスワード Himitsu\n#\nadministrator password Himitsu1\nlogin user sato Himitsu2\nip route default gateway pp 1 filter 500000 gateway tunnel 1\nip lan1 address 192.168.100.1/255.255.255.0\nip lan2 address dhcp\npp select 1\n description pp \"光回線\"\n pppoe use lan2\n pp auth myname a@isp.example Himitsu3\n ip pp nat descriptor 200\n pp enable 1\npp select anonymous\n pp bind tunnel2-tunnel3\n pp auth username sato Himitsu4\n pp auth username suzuki Himitsu5\n pp enable anonymous\nno tunnel enable all\ntunnel select 1\n ipsec tunnel 101\n  ipsec sa policy 101 1 esp aes256-cbc sha256-hmac\n  ipsec ike encryption 1 aes256-cbc\n  ipsec ike group 1 modp2048\n  ipsec ike pre-shared-key 1 text Himitsu6\n  ipsec ike remote address 1 203.0.113.10\n tunnel enable 1\ntunnel select 2\n tunnel encapsulation l2tp\n tunnel enable 2\nnat descriptor type 200 masquerade\nnat descriptor masquerade static 200 1 192.168.100.10 tcp 8080=80\nnat descriptor masquerade static 200 2 192.168.100.1 esp\nnat descriptor masquerade static 200 3 192.168.100.11 udp 5000-5010\nnat descriptor static 300 1 203.0.113.20=192.168.100.20 2\ntelnetd service on\nsshd service on\nsshd host lan1\nhttpd host any\ndhcp scope 1 192.168.100.2-192.168.100.191/24\ndhcp scope bind 1 192.168.100.50 ethernet 00:1b:21:00:00:50\ndns server 192.168.100.5 192.168.100.6\nsnmp community read-only Himitsu7\n";

#[test]
fn a_saved_configuration_is_read_whole_and_keeps_no_secret() {
    let (reading, told) = read(RTX830);
    assert_eq!(
        (reading.kind, reading.source_hint.as_deref()),
        ("yamaha-config", Some("config/192.168.100.1"))
    );
    let expected = [
        "1 host_report: maker=Yamaha model=RTX830 os_version=Rev.15.02.31 serial=M4B000001 dns_server=192.168.100.5 dns_server=192.168.100.6 00-a0-de-44-3b-57@- 00-a0-de-44-3b-56@192.168.100.1/24",
        "12 setting: setting=route setting_name=0.0.0.0/0 target=0.0.0.0/0 gateway=pp 1 gateway=tunnel 1",
        "48 setting: setting=admin_access setting_name=any side=outside access=telnet access=http",
        "50 setting: setting=admin_access setting_name=lan1 side=inside access=ssh",
        "16 setting: setting=line setting_name=pp 1 description=光回線 side=outside service=pppoe enabled=yes",
        "22 setting: setting=dial_in setting_name=pp anonymous side=outside service=l2tp enabled=yes",
        "23 setting: setting=account setting_name=sato access=vpn second_factor=no enabled=yes",
        "24 setting: setting=account setting_name=suzuki access=vpn second_factor=no enabled=yes",
        "28 setting: setting=tunnel setting_name=tunnel 1 peer=203.0.113.10 algorithm=aes256-cbc algorithm=sha256-hmac algorithm=modp2048 enabled=yes",
        "36 setting: setting=tunnel setting_name=tunnel 2 service=l2tp enabled=yes",
        "39 setting: setting=publication setting_name=nat 200 1 target=192.168.100.10 service=tcp/80 enabled=yes",
        "40 setting: setting=publication setting_name=nat 200 2 target=192.168.100.1 service=esp enabled=yes",
        "41 setting: setting=publication setting_name=nat 200 3 target=192.168.100.11 service=udp/5000-5010 enabled=yes",
        "42 setting: setting=publication setting_name=nat 300 1 target=192.168.100.20 enabled=no",
        "42 setting: setting=publication setting_name=nat 300 1 (2) target=192.168.100.21 enabled=no",
        "48 reservation: lease_state=reserved 00-1b-21-00-00-50@192.168.100.50",
    ];
    for line in expected {
        let tail = line.split_once(' ').unwrap().1;
        assert!(told.iter().any(|told| told.ends_with(tail)), "{line}\n{}", told.join("\n"));
    }
    assert_eq!(told.len(), expected.len(), "{}", told.join("\n"));
    let masked = String::from_utf8(reading.masked.unwrap()).unwrap();
    assert!(!masked.contains("Himitsu"), "{masked}");
}

#[test]
fn every_encoding_gives_the_same() {
    let (whole, told) = read(RTX830);
    for encoding in [encoding_rs::EUC_JP, encoding_rs::SHIFT_JIS] {
        let (bytes, _, _) = encoding.encode(RTX830);
        let reading =
            registry::read(&Input { name: "x", bytes: &bytes, mapping: None, machine: None })
                .unwrap();
        assert_eq!(reading.observations, whole.observations, "{told:?}");
        assert!(!String::from_utf8(reading.masked.unwrap()).unwrap().contains("Himitsu"));
    }
}

#[test]
fn a_configuration_without_anything_of_its_own_is_asked_about() {
    let (reading, told) = read(
        "pp select 1\n pppoe use lan2\n pp enable 1\nip route default gateway pp 1\nnat descriptor type 1 masquerade\n",
    );
    assert!(told.is_empty(), "{told:?}");
    assert_eq!((reading.questions.len(), reading.skipped["without_device"]), (1, 2));
}
