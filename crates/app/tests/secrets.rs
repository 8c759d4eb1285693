//! No password, key, community string or hash of a configuration ever reaches the disk, whatever becomes of the file.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use app::{Act, App, FileView, ImportOptions, NewFile};
use domain::{Actor, Digest, Keeping};
use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_8};
use jiff::Timestamp;
use reference::Catalogue;
use reference::texts::Language;

/// A document in which every secret holds the word `Himitsu`, and how it is saved.
struct Planted {
    name: &'static str,
    text: String,
    encoding: &'static Encoding,
    /// How much of it is kept where it is taken in; the others are refused, and that must not tell a secret either.
    kept: Option<Keeping>,
}

fn planted(name: &'static str, text: &str, encoding: &'static Encoding) -> Planted {
    Planted { name, text: text.to_owned(), encoding, kept: Some(Keeping::Masked) }
}

/// One of which no copy without secrets is made.
fn distilled(name: &'static str, text: &str) -> Planted {
    Planted { kept: Some(Keeping::Distilled), ..planted(name, text, UTF_8) }
}

fn refused(name: &'static str, text: &str) -> Planted {
    Planted { kept: None, ..planted(name, text, UTF_8) }
}

const CISCO: &str = "Building configuration...\r\n!\r\nhostname RT-HOSYU\r\n! old: enable password Himitsu01\r\nenable secret 5 $1$Himi$Himitsu02abcdefgh\r\nusername vendor privilege 15 password 7 Himitsu03\r\nsnmp-server community Himitsu04 RO\r\nsnmp-server host 10.1.1.1 version 2c Himitsu05\r\ntacacs-server host 10.1.1.1 key 7 Himitsu06\r\ncrypto isakmp key Himitsu07 address 0.0.0.0\r\ninterface Vlan1\r\n description 保守 パスワード：Himitsu08\r\n ip address 10.1.1.2 255.255.255.0\r\nip route x password Himitsu09\r\nline vty 0 4\r\n password Himitsu10 with spaces Himitsu10\r\n transport input telnet\r\nend\r\n";

const YAMAHA: &str = "# RTX1210 Rev.14.01.38 (Fri Aug 21 16:23:55 2020)\r\n# MAC Address : 00:a0:de:01:02:03\r\n# 旧 login password Himitsu01\r\nadministrator password Himitsu02\r\nlogin user sato Himitsu03\r\nip lan1 address 10.1.1.1/24\r\nip lan1 secondary address 10.9/password Himitsu04\r\npp select anonymous\r\n description pp \"業者 パスワードはHimitsu05\"\r\n pp auth username hosyu \"Himitsu06 x\"\r\n pp auth myname a@example.jp Himitsu07\r\n pp enable anonymous\r\ntunnel select 1\r\n ipsec tunnel 1\r\n  ipsec ike pre-shared-key 1 text Himitsu08Himitsu08Himitsu08Himitsu08Himitsu08H\r\nimitsu08Himitsu08\r\n tunnel enable 1\r\nsnmp community read-only Himitsu09\r\n";

const FORTIGATE: &str = "#config-version=FGT60F-7.4.8-FW-build2795-250523:opmode=0:vdom=0:user=admin\n#private-encryption-key=Himitsu01\nconfig system global\n    set hostname \"UTM-77\"\nend\nconfig system interface\n    edit \"internal\"\n        set ip 10.1.1.3 255.255.255.0\n    next\nend\nconfig system admin\n    edit \"admin\"\n        set password ENC Himitsu02\n    next\nend\nconfig user local\n    edit \"a\"\n        set passwd \"Himi\\\"tsu Himitsu03\n second line Himitsu03 \\\" x\"\n    next\nend\nconfig system snmp community\n    edit 1\n        set name \"Himitsu04\"\n    next\nend\nconfig vpn certificate local\n    edit \"c\"\n        set private-key \"-----BEGIN ENCRYPTED PRIVATE KEY-----\nHimitsu05\n-----END ENCRYPTED PRIVATE KEY-----\"\n    next\nend\nconfig firewall policy\n    edit 1\n        set action accept\n        set comments \"業者 password=Himitsu06\"\n    next\nend\n";

const LEDGER: &str = "病院の台帳,,,,\r\n管理番号,機器名,IPアドレス,管理者パスワード,備考\r\n001,CT,10.1.1.11,Himitsu51,x\r\n002,MR,10.1.1.12,\"Himi\"\"tsu, Himitsu52\",\"a\"\r\n003,US,10.1.1.13,,\r\n,,,Himitsu53,\r\n004,PC,10.1.1.999,〃,\r\n";

fn session() -> String {
    let arp = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\r\nInternet  10.1.1.21             12   001b.2100.0021  ARPA   Vlan10\r\npassword Himitsu11\r\n";
    format!(
        "RT-HOSYU>enable\r\nPassword: Himitsu12\r\nRT-HOSYU#Himitsu13\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}         \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}show running-config\r\n{CISCO}RT-HOSYU#show ip arp\r\n{arp}RT-HOSYU#conf t\r\nRT-HOSYU(config)#enable secret Himitsu14\r\nRT-HOSYU(config)#exit\r\nRT-HOSYU#show snmp secret Himitsu15\r\n% Invalid input\r\nRT-HOSYU#exit\r\n"
    )
}

fn documents() -> Vec<Planted> {
    let environment = |serial: &str| {
        format!(
            "# show environment\nRTX830 Rev.15.02.31 (x)\n  main:  RTX830 ver=00 serial={serial} password Himitsu21\nCPU:   0%(5sec)\nlogin password Himitsu22\n"
        )
    };
    let rows = "LAN1(port1)     192.0.2.2        00:1b:21:00:00:02  1157\n".repeat(2000);
    vec![
        planted("cisco.txt", CISCO, UTF_8),
        planted("cisco-sjis.txt", CISCO, SHIFT_JIS),
        planted("yamaha.txt", YAMAHA, SHIFT_JIS),
        planted("yamaha-euc.txt", YAMAHA, EUC_JP),
        planted("yamaha-utf8.txt", YAMAHA, UTF_8),
        planted("fortigate.conf", FORTIGATE, UTF_8),
        planted("session.log", &session(), UTF_8),
        planted("session-sjis.log", &session(), SHIFT_JIS),
        planted(
            "arp.log",
            "SW#enable\nPassword: Himitsu31\nSW#no snmp-server community Himitsu32\nSW#show ip arp\nProtocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.1.1.22             12   001b.2100.0022  ARPA   Vlan10\n",
            UTF_8,
        ),
        refused("two.log", &(environment("M4B000001") + &environment("M4B000002"))),
        planted("ledger.csv", LEDGER, UTF_8),
        planted("ledger-sjis.csv", LEDGER, SHIFT_JIS),
        planted("ledger.tsv", &LEDGER.replace(',', "\t"), UTF_8),
        planted(
            "scan.nessus",
            "<?xml version=\"1.0\" ?>\n<NessusClientData_v2>\n<Policy><Preferences><PluginsPreferences><item><fullName>SSH settings[password]:SSH password :</fullName><preferenceName>SSH password :</preferenceName><preferenceType>password</preferenceType><selectedValue>Himitsu61</selectedValue></item></PluginsPreferences></Preferences></Policy>\n<Report name=\"r\"><ReportHost name=\"10.1.1.31\"><HostProperties><tag name=\"host-ip\">10.1.1.31</tag></HostProperties><ReportItem port=\"22\" svc_name=\"ssh\" protocol=\"tcp\" severity=\"0\" pluginID=\"1\" pluginName=\"x\"><plugin_output>login a\npassword : Himitsu62</plugin_output></ReportItem></ReportHost></Report></NessusClientData_v2>\n",
            UTF_8,
        ),
        planted(
            "scan.xml",
            "<?xml version=\"1.0\"?>\n<nmaprun scanner=\"nmap\" args=\"nmap --script-args user=a,password=Himitsu63 10.1.1.0/24\" start=\"1795132800\"><host><status state=\"up\"/><address addr=\"10.1.1.32\" addrtype=\"ipv4\"/></host><runstats><finished exit=\"success\"/></runstats></nmaprun>\n",
            UTF_8,
        ),
        planted(
            "scan.gnmap",
            "# Nmap 7.95 scan initiated Fri Nov 20 09:00:00 2026 as: nmap -oG out --script-args user=a,password=Himitsu64 10.1.1.0/24\nHost: 10.1.1.33 ()\tPorts: 22/open/tcp//ssh///\n",
            UTF_8,
        ),
        distilled(
            "ledger.xls",
            "<html><table><tr><td>管理番号<td>機器名<td>IPアドレス<td>パスワード</tr><tr><td>001<td>CT<td>10.1.1.41<td>Himitsu71</tr><tr><td><td><td><td>Himitsu72</tr></table></html>",
        ),
        refused("password.txt", "PW=Himitsu44\nx\n"),
        refused("passwords.csv", "ID,パスワード\nadmin,Himitsu45\nuser,Himitsu46\n"),
        refused("notes.csv", "保守,PW=Himitsu47,x\n業者,PW,Himitsu48\n"),
        refused("unknown.txt", "snmp community Himitsu41\nset password Himitsu42\n"),
        refused(
            "mixed.log",
            &format!(
                "LAN1(port1)     192.0.2.2        00:1b:21:00:00:02  1157\n{rows}interface password Himitsu43\n"
            ),
        ),
    ]
}

fn import(app: &App, planted: &Planted, dry_run: bool) -> FileView {
    let (bytes, _, _) = planted.encoding.encode(&planted.text);
    let file = NewFile {
        path: planted.name.to_owned(),
        bytes: Ok(Cow::Owned(bytes.into_owned())),
        modified: None,
    };
    let act = Act {
        actor: Actor("佐藤".to_owned()),
        now: "2026-11-20T12:00:00+09:00".parse::<Timestamp>().unwrap(),
    };
    let options = ImportOptions { dry_run, ..ImportOptions::default() };
    let view = app.import([file], &options, &act, &mut |_, _| {}).unwrap();
    view.files.into_iter().next().unwrap()
}

/// Whether any of the forms in which the word may stand on the disk is in `bytes`.
fn holds_a_secret(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "Himitsu".encode_utf16().flat_map(u16::to_le_bytes).collect();
    [b"Himitsu".as_slice(), b"Himi\\\"tsu", &wide]
        .iter()
        .any(|secret| bytes.windows(secret.len()).any(|window| window == *secret))
}

fn on_disk(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

#[test]
fn no_secret_reaches_the_disk_nor_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(folder.path(), "main", Catalogue::load(Language::Ja)).unwrap();
    for planted in documents() {
        for dry_run in [true, false] {
            let view = import(&app, &planted, dry_run);
            assert_eq!(view.kind.is_some(), planted.kept.is_some(), "{}: {view:?}", planted.name);
            let told = serde_json::to_string(&view).unwrap();
            assert!(!told.contains("Himitsu"), "{}: {told}", planted.name);
        }
        // Before the log is folded into the database, and the database as it is then.
        for (path, bytes) in on_disk(folder.path()) {
            assert!(!holds_a_secret(&bytes), "{path} after {}", planted.name);
        }
    }
    let record = serde_json::to_string(&app.audit(1000).unwrap()).unwrap();
    assert!(!record.contains("Himitsu"), "{record}");
    let state = app.verify_audit(&[]).unwrap();
    assert!(state.whole, "{:?}", state.problem);
    drop(app);
    for (path, bytes) in on_disk(folder.path()) {
        assert!(!holds_a_secret(&bytes), "{path} at the end");
    }
}

#[test]
fn a_masked_copy_stands_under_the_digest_of_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(folder.path(), "main", Catalogue::load(Language::Ja)).unwrap();
    let read: Vec<Planted> =
        documents().into_iter().filter(|planted| planted.kept.is_some()).collect();
    for (planted, number) in read.iter().zip(1..) {
        assert_eq!(import(&app, planted, false).import, Some(number), "{}", planted.name);
        // The same bytes again are known by their own digest, though they were never kept.
        assert_eq!(import(&app, planted, false).already, Some(number), "{}", planted.name);
    }
    drop(app);
    let store = store::Store::open(folder.path(), store::Options::default()).unwrap();
    let facility = store.facility("main").unwrap();
    for (planted, number) in read.iter().zip(1..) {
        let (bytes, _, _) = planted.encoding.encode(&planted.text);
        let digest = Digest::of(&bytes);
        let import = facility.read(|view| view.import(domain::ImportId(number))).unwrap();
        assert_eq!((import.evidence, import.size), (digest, bytes.len() as u64));
        assert_eq!(Some(import.keeping), planted.kept, "{}", planted.name);
        // What is kept is packed: a search of the disk would not see it.
        let kept = facility.read(|view| view.evidence(digest)).unwrap();
        let Some(kept) = kept else {
            assert_eq!(import.keeping, Keeping::Distilled, "{}", planted.name);
            continue;
        };
        assert!(!holds_a_secret(&kept), "{}", String::from_utf8_lossy(&kept));
        assert_eq!(
            String::from_utf8_lossy(&kept).lines().count(),
            planted.text.lines().count(),
            "line for line"
        );
    }
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}
