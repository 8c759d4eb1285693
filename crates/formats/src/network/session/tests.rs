//! Logs as screens leave them: pagers, corrections, several devices, unknown commands.

use super::super::tests::{read, refusal};

const ARP: &str = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  192.0.2.1               -   0000.0c12.3456  ARPA   Vlan10\nInternet  192.0.2.21             12   001b.2100.0021  ARPA   Vlan10\n";
const MACS: &str = "          Mac Address Table\n-------------------------------------------\n\nVlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n  10    001b.2100.0021    DYNAMIC     Gi1/0/7\n";

#[test]
fn the_answers_of_one_device_are_one_report() {
    let log = format!(
        "CORE>en\nPassword: \nCORE#terminal length 0\nCORE#sh ip arp\n{ARP}CORE#sh mac addr\n{MACS}CORE#show inventory\nNAME: x\nCORE#sh clock\n12:00\nCORE#exit\n"
    );
    let (reading, told) = read(&log);
    assert_eq!(
        (reading.kind, reading.source_hint.as_deref()),
        ("cisco-session", Some("session/CORE"))
    );
    assert_eq!(
        told,
        [
            "6 host_report: hostname=CORE 00-00-0c-12-34-56@192.0.2.1",
            "7 neighbour: 00-1b-21-00-00-21@192.0.2.21",
            "14 port_entry: switch=CORE port=Gi1/0/7 vlan=10 00-1b-21-00-00-21@-",
        ]
    );
    assert_eq!((reading.counts["arp_entries"], reading.counts["dynamic"]), (2, 1));
    let told: Vec<_> = reading.warnings.iter().map(|warning| &warning.message).collect();
    let commands = vec!["sh clock".to_owned(), "show inventory".to_owned()];
    assert_eq!(
        told,
        [&domain::msg!("network.commands_skipped", count = 2u64, commands = commands)]
    );
    assert!(reading.coverage.is_empty(), "no network is known");
}

#[test]
fn an_arp_table_covers_the_networks_that_the_same_log_tells() {
    let config = "Current configuration : 100 bytes\n!\nhostname CORE\n!\ninterface Vlan10\n ip address 192.0.2.1 255.255.255.0\n!\ninterface Vlan20\n ip address 198.51.100.1 255.255.255.0\n!\nend\n";
    let (reading, _) = read(&format!("CORE#show run\n{config}CORE#show arp\n{ARP}CORE#"));
    let looks: Vec<String> = reading
        .coverage
        .iter()
        .map(|look| format!("{} {:?}", look.network, look.vantage))
        .collect();
    assert_eq!(looks, ["192.0.2.0/24 Some(192.0.2.1)"]);
    assert_eq!(reading.source_hint.as_deref(), Some("config/CORE"));
    // A table that was cut shows less than there is.
    let cut = format!(
        "CORE#show run\n{config}CORE#show arp\n{ARP}Internet  192.0.2.22   12   001b.2100.00"
    );
    assert!(read(&cut).0.coverage.is_empty());
}

#[test]
fn what_a_pager_and_corrections_leave_is_not_in_the_way() {
    let log = format!(
        "CORE#sh ip arp\r\n{}CORE#shw\u{8} \u{8}ow mac add\u{7}ress-table\r\n --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}          \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}{}",
        ARP.replace('\n', "\r\n"),
        MACS.replace('\n', "\r\n")
    );
    let (reading, told) = read(&log);
    assert_eq!(
        (reading.kind, told.len(), reading.warnings.len()),
        ("cisco-session", 3, 0),
        "{told:?}"
    );
}

#[test]
fn a_log_of_several_switches_keeps_them_apart() {
    let log = format!(
        "SW-1#show mac address-table\n{MACS}SW-1#exit\nSW-2#show mac address-table\n{}SW-2#exit\n",
        MACS.replace("Gi1/0/7", "Gi1/0/8")
    );
    let (reading, told) = read(&log);
    assert_eq!(reading.source_hint, None);
    assert_eq!(
        told,
        [
            "1 host_report: hostname=SW-1",
            "7 port_entry: switch=SW-1 port=Gi1/0/7 vlan=10 00-1b-21-00-00-21@-",
            "1 host_report: hostname=SW-2",
            "15 port_entry: switch=SW-2 port=Gi1/0/8 vlan=10 00-1b-21-00-00-21@-",
        ]
    );
}

#[test]
fn a_name_from_the_factory_tells_nobody() {
    let (reading, told) = read(&format!("Switch#show mac address-table\n{MACS}Switch#\n"));
    assert_eq!(told, ["7 port_entry: port=Gi1/0/7 vlan=10 00-1b-21-00-00-21@-"]);
    assert_eq!(reading.questions.len(), 1);
}

#[test]
fn answers_of_two_devices_under_one_prompt_are_refused() {
    let one = |serial: &str| {
        format!(
            "# show environment\nRTX830 Rev.15.02.31 (Thu May 16 18:52:16 2024)\n  main:  RTX830 ver=00 serial={serial} MAC-Address=00:a0:de:44:3b:56\nCPU:   0%(5sec)\n"
        )
    };
    let message = refusal(&format!("{}{}", one("M4B000001"), one("M4B000002")));
    assert_eq!(message.key, "network.two_devices");
}

#[test]
fn remarks_of_a_configuration_are_no_prompts() {
    let (reading, told) = read(
        "# show config\n# RTX830 Rev.15.02.31 (Thu May 16 18:52:16 2024)\n# MAC Address : 00:a0:de:44:3b:56, 00:a0:de:44:3b:57\n# Reporting Date: Nov 20 09:41:20 2026\n#\n# LAN\n#\nip lan1 address 192.168.100.1/24\n#\n# Internet\n#\npp select 1\n pppoe use lan2\n pp enable 1\n# show arp\nCount: 1\nInterface       IP address       MAC address        TTL(second)\nLAN1(port1)     192.168.100.2    00:1b:21:00:00:02  1157\n# \n",
    );
    assert_eq!(reading.kind, "yamaha-session");
    assert_eq!(
        told,
        [
            "2 host_report: maker=Yamaha model=RTX830 os_version=Rev.15.02.31 00-a0-de-44-3b-57@- 00-a0-de-44-3b-56@192.168.100.1/24",
            "13 setting: setting=line setting_name=pp 1 side=outside service=pppoe enabled=yes",
            "18 neighbour: 00-1b-21-00-00-02@192.168.100.2",
        ]
    );
    assert_eq!(reading.coverage.len(), 1);
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
}

#[test]
fn a_log_keeps_no_secret_wherever_it_stands() {
    let log = "FGT # config user local\nFGT (local) # edit x\nFGT (x) # set passwd Himitsu1\nFGT (x) # end\nFGT # show system admin\nconfig system admin\n    edit \"admin\"\n        set password ENC Himitsu2\n    next\nend\nFGT # get system arp\nAddress           Age(min)   Hardware Addr      Interface\n192.0.2.4         0          00:1b:21:00:00:04 lan\n password Himitsu3\nFGT # show snmp Himitsu secret Himitsu4\nx\nFGT # \n".to_string();
    let (reading, _) = read(&log);
    let masked = String::from_utf8(reading.masked.clone().unwrap()).unwrap();
    for text in [masked, format!("{:?}", reading.warnings), format!("{:?}", reading.observations)] {
        for number in 1..=4 {
            assert!(!text.contains(&format!("Himitsu{number}")), "{text}");
        }
    }
}

#[test]
fn other_peoples_logs_are_not_taken() {
    for text in [
        "user@pc:~$ ls\na\nuser@pc:~$ ip -4 addr\nx\n",
        "C:\\Users\\a>dir\nx\n",
        "# show\n# get\n",
        "SW#show clock\n12:00\nSW#show inventory\nx\n",
    ] {
        assert_eq!(refusal(text).key, "refusal.unknown_format", "{text}");
    }
}
