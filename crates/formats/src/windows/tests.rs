//! Answers of machines as they really look, in other versions and languages, and as somebody might make them up.

use domain::{Field, Message};

use crate::reading::{Input, Reading};
use crate::registry;

fn take(text: &str, machine: Option<&str>) -> Result<Reading, Message> {
    let input = Input { name: "answer.txt", bytes: text.as_bytes(), mapping: None, machine };
    registry::read(&input).map_err(|refusal| refusal.message)
}

/// Kind, every observation with bindings and facts, and the keys of the warnings.
fn told(text: &str, machine: Option<&str>) -> Vec<String> {
    let reading = match take(text, machine) {
        Ok(reading) => reading,
        Err(message) => return vec![format!("refused {}", message.key)],
    };
    let mut told = vec![reading.kind.to_owned()];
    for seen in &reading.observations {
        let bindings = seen.bindings.iter().map(|binding| {
            let mac = binding.mac.map_or("-".to_owned(), |mac| mac.to_string());
            let address = binding.address.map_or("-".to_owned(), |address| address.to_string());
            let prefix = binding.prefix.map_or_else(String::new, |prefix| format!("/{prefix}"));
            format!("{mac}@{address}{prefix}")
        });
        let facts = seen.facts.iter().map(|fact| format!("{}={}", fact.field.key(), fact.value));
        told.push(bindings.chain(facts).collect::<Vec<_>>().join(" "));
    }
    told.extend(reading.warnings.iter().map(|warning| format!("! {}", warning.message.key)));
    told
}

const ENGLISH_11: &str = "\r
Windows IP Configuration\r
\r
   Host Name . . . . . . . . . . . . : NB-01\r
   Primary Dns Suffix  . . . . . . . : minato.local\r
   Node Type . . . . . . . . . . . . : Hybrid\r
   IP Routing Enabled. . . . . . . . : No\r
   WINS Proxy Enabled. . . . . . . . : No\r
   DNS Suffix Search List. . . . . . : minato.local\r
                                       example.jp\r
\r
Ethernet adapter vEthernet (Default Switch):\r
\r
   Connection-specific DNS Suffix  . : \r
   Description . . . . . . . . . . . : Hyper-V Virtual Ethernet Adapter\r
   Physical Address. . . . . . . . . : 00-15-5D-AA-BB-CC\r
   DHCP Enabled. . . . . . . . . . . : No\r
   Autoconfiguration Enabled . . . . : Yes\r
   IPv4 Address. . . . . . . . . . . : 172.20.48.1(Preferred) \r
   Subnet Mask . . . . . . . . . . . : 255.255.240.0\r
   Default Gateway . . . . . . . . . : \r
   NetBIOS over Tcpip. . . . . . . . : Enabled\r
\r
Ethernet adapter Ethernet 2:\r
\r
   Connection-specific DNS Suffix  . : minato.local\r
   Description . . . . . . . . . . . : Realtek USB GbE Family Controller\r
   Physical Address. . . . . . . . . : 00-1B-21-00-03-01\r
   DHCP Enabled. . . . . . . . . . . : Yes\r
   Autoconfiguration Enabled . . . . : Yes\r
   IPv6 Address. . . . . . . . . . . : 2001:db8::25(Preferred) \r
   Temporary IPv6 Address. . . . . . : 2001:db8::a1b2:c3d4(Preferred) \r
   Link-local IPv6 Address . . . . . : fe80::1c2d:3e4f%12(Preferred) \r
   IPv4 Address. . . . . . . . . . . : 192.0.2.25(Preferred) \r
   Subnet Mask . . . . . . . . . . . : 255.255.254.0\r
   Lease Obtained. . . . . . . . . . : Friday, November 20, 2026 8:01:22 AM\r
   Default Gateway . . . . . . . . . : fe80::1%12\r
                                       192.0.2.254\r
   DHCPv6 IAID . . . . . . . . . . . : 117447457\r
   DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2B-AA-BB-CC-00-1B-21-00-03-01\r
   DNS Servers . . . . . . . . . . . : fec0:0:0:ffff::1%1\r
                                       192.0.2.1\r
                                       192.0.2.2\r
\r
Wireless LAN adapter Local Area Connection* 1:\r
\r
   Media State . . . . . . . . . . . : Media disconnected\r
   Description . . . . . . . . . . . : Microsoft Wi-Fi Direct Virtual Adapter\r
   Physical Address. . . . . . . . . : 1E-1B-21-00-03-02\r
\r
Wireless LAN adapter Wi-Fi:\r
\r
   Description . . . . . . . . . . . : Intel(R) Wi-Fi 6E AX211 160MHz\r
   Physical Address. . . . . . . . . : 00-1B-21-00-03-02\r
   DHCP Enabled. . . . . . . . . . . : Yes\r
   Autoconfiguration IPv4 Address. . : 169.254.10.20(Preferred) \r
   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r
\r
PPP adapter VPN:\r
\r
   Description . . . . . . . . . . . : VPN\r
   Physical Address. . . . . . . . . : \r
   DHCP Enabled. . . . . . . . . . . : No\r
   IPv4 Address. . . . . . . . . . . : 198.51.100.9(Preferred) \r
   Subnet Mask . . . . . . . . . . . : 255.255.255.255\r
   Default Gateway . . . . . . . . . : 0.0.0.0\r
";

#[test]
fn a_notebook_with_many_adapters_is_one_machine_with_its_own_cards() {
    assert_eq!(
        told(ENGLISH_11, None),
        [
            "windows-ipconfig",
            "00-1b-21-00-03-01@2001:db8::25 00-1b-21-00-03-01@fe80::1c2d:3e4f 00-1b-21-00-03-01@192.0.2.25/23 00-1b-21-00-03-02@- -@198.51.100.9/32 hostname=NB-01 domain=minato.local gateway=fe80::1 gateway=192.0.2.254 dns_server=192.0.2.1 dns_server=192.0.2.2",
            "! windows.automatic_address",
        ]
    );
    let reading = take(ENGLISH_11, None).unwrap();
    assert_eq!(reading.source_hint.as_deref(), Some("windows-ipconfig/nb-01"));
    assert_eq!((reading.counts["adapters"], reading.counts["connected"]), (5, 4));
}

#[test]
fn an_address_that_another_machine_holds_is_told_and_not_taken() {
    let text = "Windows IP 構成\n\n   ホスト名. . . . .: CT-02\n\nイーサネット アダプター イーサネット:\n\n   物理アドレス. . . . .: 00-1B-21-00-00-01\n   DHCP 有効 . . . . .: いいえ\n   IPv4 アドレス . . . .: 192.0.2.1(重複) \n   サブネット マスク . . .: 255.255.255.0\n";
    assert_eq!(
        told(text, None),
        ["windows-ipconfig", "00-1b-21-00-00-01@- hostname=CT-02", "! windows.address_duplicate"]
    );
}

#[test]
fn windows_xp_and_the_short_answer_are_read() {
    let text = "Windows IP Configuration\r\n\r\n        Host Name . . . . . . . . . . . . : xp-01\r\n\r\nEthernet adapter Local Area Connection:\r\n\r\n        Description . . . . . . . . . . . : Intel(R) PRO/100 VE\r\n        Physical Address. . . . . . . . . : 00-1B-21-00-00-07\r\n        Dhcp Enabled. . . . . . . . . . . : No\r\n        IP Address. . . . . . . . . . . . : 192.0.2.7\r\n        Subnet Mask . . . . . . . . . . . : 255.255.255.0\r\n        Default Gateway . . . . . . . . . : 192.0.2.254\r\n";
    let expected =
        "00-1b-21-00-00-07@192.0.2.7/24 hostname=xp-01 gateway=192.0.2.254 addressing=static";
    assert_eq!(told(text, None), ["windows-ipconfig", expected]);
    let short = "\nWindows IP 構成\n\n\nイーサネット アダプター イーサネット:\n\n   接続固有の DNS サフィックス . . . . .: \n   IPv4 アドレス . . . . . . . . . . . .: 192.0.2.11\n   サブネット マスク . . . . . . . . . .: 255.255.255.0\n";
    assert_eq!(told(short, None), ["windows-ipconfig", "-@192.0.2.11/24"]);
    assert_eq!(told(short, Some("HIS-01"))[1], "-@192.0.2.11/24 hostname=HIS-01");
}

#[test]
fn answers_in_other_languages_are_refused_with_that_reason() {
    for text in [
        "\nWindows-IP-Konfiguration\n\n   Hostname  . . . . . . . . . . . . : PC-01\n   Primäres DNS-Suffix . . . . . . . : \n   Knotentyp . . . . . . . . . . . . : Hybrid\n\nEthernet-Adapter Ethernet:\n\n   Physische Adresse . . . . . . . . : 00-1B-21-00-00-01\n",
        "\nConfiguration IP de Windows\n\n   Nom de l'hôte . . . . . . . . . . : PC-01\n   Type de nœud. . . . . . . . . . . : Hybride\n   Routage IP activé . . . . . . . . : Non\n",
        "Hostname:                                      PC-01\nBetriebssystemname:                            Microsoft Windows 11 Pro\nHotfix(e):                                     2 Hotfix(e) installiert.\n                                               [01]: KB5031005\n",
        "\nAktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          888\n  TCP    0.0.0.0:445            0.0.0.0:0              ABHÖREN          4\n",
    ] {
        assert_eq!(told(text, Some("PC-01")), ["refused windows.other_language"], "{text}");
    }
}

#[test]
fn only_titles_are_nothing_to_read() {
    assert_eq!(told("Windows IP 構成\n\n", None), ["refused windows.nothing_read"]);
    assert_eq!(told("アクティブな接続\n\n", None), ["refused windows.nothing_read"]);
}

#[test]
fn prose_and_tables_that_speak_of_windows_are_not_taken() {
    for text in [
        "Windows 端末 IP 一覧\nホスト名,IPアドレス\nHIS-01,192.0.2.1\nHIS-02,192.0.2.2\n",
        "ホスト名,OS 名,OS バージョン,設置場所\nHIS-01,Windows 10,22H2,外来\nHIS-02,Windows 10,22H2,外来\n",
        "物理アドレス,ホスト名\n00-1b-21-00-00-01,HIS-01\n00-1b-21-00-00-02,HIS-02\n",
    ] {
        let told = told(text, None);
        assert!(
            !told[0].starts_with("windows") && !told[0].contains("refused windows"),
            "{told:?}"
        );
    }
}

#[test]
fn a_workgroup_is_no_domain_and_a_service_pack_is_kept() {
    let text = "\r\nホスト名:               CT-02\r\nOS 名:                  Microsoft Windows 7 Professional \r\nOS バージョン:          6.1.7601 Service Pack 1 ビルド 7601\r\nシステム起動時間:       2026/11/20, 8:12:33\r\nシステム製造元:         To Be Filled By O.E.M.\r\nシステム モデル:        Precision T1700\r\nドメイン:               WORKGROUP\r\nホットフィックス:       3 ホットフィックスがインストールされています。\r\n                        [01]: KB2849697\r\n                        [02]: KB4012212\r\n                        [03]: File 1\r\nネットワーク カード:    2 NIC(s) インストール済みです。\r\n                        [01]: Intel(R) 82579LM Gigabit Network Connection\r\n                              接続名:           ローカル エリア接続\r\n                              IP アドレス\r\n                              [01]: 192.0.2.101\r\n                        [02]: VirtualBox Host-Only Ethernet Adapter\r\n                              接続名:           VirtualBox Host-Only Network\r\n                              IP アドレス\r\n                              [01]: 192.168.56.1\r\n";
    assert_eq!(
        told(text, None),
        [
            "windows-systeminfo",
            "-@192.0.2.101 hostname=CT-02 os=Microsoft Windows 7 Professional os_version=6.1.7601 Service Pack 1 model=Precision T1700 hotfix=KB2849697 hotfix=KB4012212 booted=2026-11-20T08:12:33",
        ]
    );
}

#[test]
fn several_machines_in_one_list_stay_apart() {
    let one = |name: &str, boot: &str| {
        format!(
            "Host Name:                 {name}\nOS Name:                   Microsoft Windows 11 Pro\nOS Version:                10.0.26100 N/A Build 26100\nSystem Boot Time:          {boot}\n\n"
        )
    };
    let text = one("PC-01", "11/20/2026, 8:00:00 AM") + &one("PC-02", "3/4/2026, 8:00:00 AM");
    assert_eq!(
        told(&text, None),
        [
            "windows-systeminfo",
            "hostname=PC-01 os=Microsoft Windows 11 Pro os_version=10.0.26100 booted=2026-11-20T08:00:00",
            "hostname=PC-02 os=Microsoft Windows 11 Pro os_version=10.0.26100",
            "! windows.date_ambiguous",
        ]
    );
    assert_eq!(take(&text, None).unwrap().source_hint, None);
}

#[test]
fn a_list_of_updates_that_was_cut_is_told() {
    let text = "Host Name: PC-01\nOS Name: Microsoft Windows 11 Pro\nHotfix(s): 4 Hotfix(s) Installed.\n    [01]: KB5031005\n    [02]: KB503";
    let told = told(text, None);
    assert_eq!(told[1], "hostname=PC-01 os=Microsoft Windows 11 Pro hotfix=KB5031005");
    assert_eq!(told[2..], ["! windows.cut"]);
    let whole = text.replace("KB503", "KB5031361\n").replace("KB50313611005", "KB5031005");
    assert_eq!(self::told(&whole, None).last().unwrap(), "! windows.hotfixes_cut");
}

#[test]
fn a_machine_is_named_by_its_cards_in_getmac() {
    let text = "\r\n接続名          ネットワーク アダプ 物理アドレス        トランスポート名                                          \r\n=============== =================== =================== ==========================================================\r\nイーサネット    Intel(R) Ethernet C 00-1B-21-00-01-11   \\Device\\Tcpip_{00000000-0000-0000-0000-000000000001}      \r\nVMware Network  VMware Virtual Ethe 00-50-56-C0-00-08   \\Device\\Tcpip_{00000000-0000-0000-0000-000000000002}      \r\nイーサネット 2  Realtek USB GbE Fam 無効                接続解除                                                  \r\n";
    assert_eq!(told(text, None), ["windows-getmac", "00-1b-21-00-01-11@-"]);
    assert_eq!(told(text, Some("HIS-01"))[1], "00-1b-21-00-01-11@- hostname=HIS-01");
    let bare = "\"Physical Address\",\"Transport Name\"\r\n\"00-1B-21-00-01-11\",\"\\Device\\Tcpip_{1}\"\r\n\"N/A\",\"Hardware not present\"\r\n";
    assert_eq!(told(bare, None), ["windows-getmac-csv", "00-1b-21-00-01-11@-"]);
}

#[test]
fn open_ports_belong_to_the_near_end_of_a_connection() {
    let text = "\r\nActive Connections\r\n\r\n  Proto  Local Address          Foreign Address        State           PID\r\n  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4\r\n [System]\r\n  TCP    127.0.0.1:5354         0.0.0.0:0              LISTENING       900\r\n  TCP    192.0.2.11:49801       192.0.2.1:389          TIME_WAIT       0\r\n  TCP    10.1.1.5:49802         10.1.1.1:445           ESTABLISHED     4\r\n  TCP    [2001:db8::5]:49900    [2606:2800::1]:443     ESTABLISHED     77\r\n  UDP    0.0.0.0:55555          *:*                                    12\r\n  UDP    [::]:123               *:*                                    12\r\n";
    let facts = "service=tcp/445 remote=tcp/[2606:2800::1]:443 service=udp/123";
    assert_eq!(told(text, None), ["windows-netstat", &format!("-@10.1.1.5 -@2001:db8::5 {facts}")]);
    let without = "Active Connections\n\n  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4\n";
    assert_eq!(told(without, None), ["windows-netstat", "! windows.whose"]);
    assert_eq!(told(without, Some("PC-01")), ["windows-netstat", "hostname=PC-01 service=tcp/445"]);
}

#[test]
fn the_newest_update_is_told_only_where_all_dates_are_clear() {
    let header = "Source        Description      HotFixID      InstalledBy          InstalledOn\n------        -----------      --------      -----------          -----------\n";
    let rows =
        "PC-01         Update           KB5066131     NT AUTHORITY\\SYSTEM  4/3/2026 12:00:00 AM\n";
    assert_eq!(
        told(&format!("{header}{rows}"), None),
        ["windows-hotfix-table", "hostname=PC-01 hotfix=KB5066131", "! windows.date_ambiguous"]
    );
    let clear = "PC-01         Security Update  KB5068861                          11/13/2026 12:00:00 AM\nPC-02         Update           KB5066999\n";
    assert_eq!(
        told(&format!("{header}{rows}{clear}"), None),
        [
            "windows-hotfix-table",
            "hostname=PC-01 hotfix=KB5066131 hotfix=KB5068861 updated_on=2026-11-13",
            "hostname=PC-02 hotfix=KB5066999",
        ]
    );
    let wmic = "\nNode,Caption,CSName,Description,FixComments,HotFixID,InstallDate,InstalledBy,InstalledOn,Name,ServicePackInEffect,Status\nCT-02,http://support.microsoft.com/?kbid=2849697,CT-02,Update,,KB2849697,,CT-02\\admin,11/20/2014,,,\n";
    assert_eq!(
        told(wmic, None),
        ["windows-hotfix-csv", "hostname=CT-02 hotfix=KB2849697 updated_on=2014-11-20"]
    );
}

#[test]
fn defender_beside_another_product_says_nothing_of_protection() {
    let status = |mode: &str| {
        format!(
            "{{\"AMEngineVersion\":\"1.1\",\"AMRunningMode\":\"{mode}\",\"AntivirusEnabled\":true,\"AntivirusSignatureAge\":4294967295,\"AntivirusSignatureLastUpdated\":\"2026-11-19T23:30:00.1234567Z\",\"AntivirusSignatureVersion\":\"1.2\",\"RealTimeProtectionEnabled\":false,\"PSComputerName\":null}}"
        )
    };
    assert_eq!(
        told(&status("Normal"), Some("PC-01")),
        [
            "defender-status-json",
            "hostname=PC-01 protection_product=Microsoft Defender engine_version=1.1 pattern_version=1.2 pattern_date=2026-11-20T08:30:00 realtime_protection=off",
        ]
    );
    assert_eq!(
        told(&status("Passive Mode"), Some("PC-01")),
        ["defender-status-json", "hostname=PC-01", "! windows.defender_passive"]
    );
    assert_eq!(told(&status("Normal"), None), ["defender-status-json", "! windows.whose"]);
    assert!(take(&status("Normal"), None).unwrap().counts.is_empty());
    assert_eq!(told(&status("Normal")[..240], None), ["refused windows.json_broken"]);
}

#[test]
fn defender_lists_of_several_machines_and_us_dates_are_read() {
    let one = |name: &str, date: &str| {
        format!(
            "AMEngineVersion                  : 1.1\nAMRunningMode                    : Normal\nAntivirusSignatureLastUpdated    : {date}\nAntivirusSignatureVersion        : 1.2\nRealTimeProtectionEnabled        : True\nPSComputerName                   : {name}\n\n"
        )
    };
    let text = one("PC-01", "11/20/2026 4:12:09 PM") + &one("PC-02", "4/3/2026 4:12:09 PM");
    let told = told(&text, None);
    assert!(
        told[1].contains("hostname=PC-01") && told[1].contains("pattern_date=2026-11-20T16:12:09")
    );
    assert!(told[2].contains("hostname=PC-02") && !told[2].contains("pattern_date"));
    assert_eq!(told[3..], ["! windows.date_ambiguous"]);
}

#[test]
fn only_the_address_that_was_asked_can_answer() {
    let text = "\nPinging 192.0.2.7 with 32 bytes of data:\nReply from 192.0.2.7: bytes=32 time<1ms TTL=128\nReply from 192.0.2.7: bytes=32 time<1ms TTL=128\n\nPinging 192.0.2.8 with 32 bytes of data:\nReply from 192.0.2.2: Destination host unreachable.\n\nPinging PC-09 [192.0.2.9] with 32 bytes of data:\nReply from 192.0.2.9: bytes=32 time=3ms TTL=64\n\nPinging 192.0.2.10 with 32 bytes of data:\nRequest timed out.\n\nPinging 192.0.2.11 with 32 bytes of data:\nReply from 192.0.2.1: TTL expired in transit.\nReply from 192.0.2.1: bytes=32 ti";
    assert_eq!(
        told(text, None),
        ["windows-ping", "-@192.0.2.7 scan_tool=ping", "-@192.0.2.9 scan_tool=ping"]
    );
    assert_eq!(take(text, None).unwrap().counts["dead"], 3);
    assert_eq!(take(text, None).unwrap().coverage, []);
}

#[test]
fn the_build_is_read_where_the_machine_is_known() {
    let text = "\r\nMicrosoft Windows [Version 10.0.19045.5011]\r\n";
    assert_eq!(
        told(text, Some("PC-01")),
        ["windows-ver", "hostname=PC-01 os_version=10.0.19045.5011"]
    );
    assert_eq!(told(text, None), ["windows-ver", "! windows.whose"]);
}

#[test]
fn a_second_answer_in_the_same_file_is_told() {
    let list = "Host Name: PC-02\nOS Name: Microsoft Windows 11 Pro\n";
    let told = told(&format!("{ENGLISH_11}\n{list}"), None);
    assert!(told[1].contains("hostname=NB-01"));
    assert_eq!(told[3..], ["! windows.other_answer"]);
}

#[test]
fn made_up_answers_cost_neither_memory_nor_time() {
    let many =
        "  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4\n".repeat(20_000);
    let connections: String = (0..20_000u32)
        .map(|n| format!("  TCP 10.0.0.1:445 8.{}.{}.9:443 ESTABLISHED 4\n", n >> 8 & 255, n & 255))
        .collect();
    let reading = take(&(many + &connections), Some("PC-01")).unwrap();
    assert!(reading.observations[0].facts.iter().count() <= 4200);
    let adapters = "Windows IP Configuration\n\n".to_owned()
        + &"Ethernet adapter X:\n\n   IPv4 Address. . : 10.0.0.1\n".repeat(5_000);
    assert_eq!(take(&adapters, None).unwrap().observations[0].bindings.len(), 1);
    let deep = "[\"AMEngineVersion\", \"AntivirusSignatureLastUpdated\", ".to_owned()
        + &"[".repeat(100_000);
    assert_eq!(take(&deep, None).unwrap_err().key, "windows.json_broken");
}

#[test]
fn an_answer_cut_anywhere_never_invents_a_fact() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/windows");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "md") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let read = |bytes| {
            let input = Input { name: "cut", bytes, mapping: None, machine: Some("PC-01") };
            registry::read(&input)
        };
        let facts = |reading: &Reading| -> std::collections::BTreeSet<String> {
            let seen = reading.observations.iter();
            let facts = seen.clone().flat_map(|seen| seen.facts.iter()).filter(|fact| {
                // What is the newest, or the same in all, may differ while the rest is missing.
                !matches!(fact.field, Field::UpdatedOn | Field::Addressing | Field::Hostname)
            });
            let facts = facts.map(|fact| format!("{}={}", fact.field.key(), fact.value));
            let ends = seen.flat_map(|seen| &seen.bindings);
            facts.chain(ends.map(|b| format!("{:?} {:?}", b.mac, b.address))).collect()
        };
        let whole = facts(&read(&bytes).unwrap());
        for length in (1..bytes.len()).step_by(11) {
            let Ok(cut) = read(&bytes[..length]) else { continue };
            for fact in facts(&cut) {
                let without_card = fact.contains("Some") && fact.ends_with("None");
                let without_address = fact.starts_with("None ");
                let is_part = without_card || without_address;
                assert!(whole.contains(&fact) || is_part, "{} at {length}: {fact}", path.display());
            }
        }
    }
}
