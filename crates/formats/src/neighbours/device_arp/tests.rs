//! What each maker's table reads as, and what is none.

use super::super::tests::check;
use super::*;
use crate::registry;

fn kind_of(text: &str) -> Result<&'static str, String> {
    let read = registry::read(&Input {
        name: "x.log",
        bytes: text.as_bytes(),
        mapping: None,
        machine: None,
    });
    read.map(|reading| reading.kind).map_err(|refusal| refusal.message.key.to_string())
}

const CISCO_HEADER: &str =
    "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n";

fn cisco(rows: &str) -> String {
    format!("{CISCO_HEADER}{rows}")
}

#[test]
fn cisco_tells_its_own_addresses_and_static_entries_apart() {
    let text = cisco(
        "Internet  192.0.2.1    -   0000.0c12.3456  ARPA   Vlan10\nInternet  198.51.100.1    -   0000.0c12.3457  ARPA   Vlan20\nInternet  192.0.2.9    -   0026.7300.0009  ARPA\nInternet  192.0.2.21   12   001b.2100.0021  ARPA   Vlan10\nInternet  192.0.2.66   0   Incomplete      ARPA\n",
    );
    let hosts = [
        "192.0.2.1 00-00-0c-12-34-56",
        "192.0.2.9 00-26-73-00-00-09",
        "192.0.2.21 00-1b-21-00-00-21",
    ];
    let reading = check(&cisco::ARP, &text, &hosts, &[]);
    let observer = &reading.observations[0];
    assert_eq!((observer.kind, observer.bindings.len()), (ObservationKind::Observer, 2));
    let figures = ["entries", "self", "static", "incomplete"].map(|word| reading.counts[word]);
    assert_eq!(figures, [4, 2, 1, 1]);
    assert_eq!(reading.source_hint.as_deref(), Some("arp/192.0.2.1"));
}

#[test]
fn what_the_terminal_left_between_the_rows_is_no_row() {
    let text = format!(
        "SW#terminal length 24\nSW#shw\u{8} \u{8}ow ip arp\n{}Internet  192.0.2.21   12   001b.2100.0021  ARPA   Vlan10\n --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}          \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}Internet  192.0.2.22   12   001b.2100.0022  ARPA   Vlan10\n --More-- \r          \rInternet  192.0.2.23   12   001b.2100.0023  ARPA   Vlan10\nSW#",
        CISCO_HEADER.replace("Age (min)", "Age(min)"),
    );
    let hosts = ["21", "22", "23"].map(|n| format!("192.0.2.{n} 00-1b-21-00-00-{n}"));
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    check(&cisco::ARP, &text, &hosts, &[]);
    assert_eq!(kind_of(&text), Ok("cisco-ip-arp"));
}

#[test]
fn rows_that_are_cut_or_written_in_another_way_are_told() {
    for row in [
        "Internet  192.0.2.21   12   001b.2100.002\n",
        "Internet  192.0.2.21   12   001b.2100.0021",
        "Internet  192.0.2.21   -   001b.2100.0021  ARPA",
        "Internet  192.0.2.256   12   001b.2100.0021  ARPA   Vlan10\n",
        "AppleTalk  40.2   12   001b.2100.0021  ARPA   Vlan10\n",
        "Internet  192.0.2.21   soon   001b.2100.0021  ARPA   Vlan10\n",
    ] {
        let told = ["neighbour.unreadable", "neighbour.no_rows"];
        check(&cisco::ARP, &cisco(row), &[], &told);
    }
}

#[test]
fn logs_with_other_commands_are_no_list() {
    let row = cisco("Internet  192.0.2.21   12   001b.2100.0021  ARPA   Vlan10\n");
    let macs = "Vlan    Mac Address       Type        Ports\n";
    for text in [
        format!("SW#show version\nCisco IOS XE Software\nSW#show ip arp\n{row}"),
        format!("SW#show ip arp\n{row}SW#show mac address-table\n{macs}"),
    ] {
        assert_eq!(kind_of(&text), Ok("cisco-session"), "{text}");
    }
    // Without prompts nobody can tell where one answer ends.
    let text = format!("{row}          Mac Address Table\n");
    assert_eq!(kind_of(&text), Err("refusal.unknown_format".to_owned()), "{text}");
    // Beyond the beginning, where nobody looks before reading.
    let rows = "Internet  192.0.2.21   12   001b.2100.0021  ARPA   Vlan10\n".repeat(2000);
    let long = cisco(&rows) + "          Mac Address Table\n";
    assert_eq!(kind_of(&long), Err("list.mixed".to_owned()));
    let long = format!("SW#show ip arp\n{}SW#show mac address-table\n{macs}", cisco(&rows));
    assert_eq!(kind_of(&long), Ok("cisco-session"));
}

#[test]
fn alliedware_rows_end_with_their_type() {
    let text = " IP Address      LL Address      Interface    Port        Type\n192.0.2.254     0000.cd37.06aa  vlan10       sa1         dynamic\n192.0.2.30      0026.7300.0030  vlan10       port1.0.9   static\n192.0.2.31      (incomplete)    vlan10\n192.0.2.32      0026.7300.0032  vlan10       port1.0.9   dyn\n";
    let hosts = ["192.0.2.254 00-00-cd-37-06-aa", "192.0.2.30 00-26-73-00-00-30"];
    let reading = check(&allied::ARP, text, &hosts, &["neighbour.unreadable"]);
    assert_eq!((reading.counts["static"], reading.counts["incomplete"]), (1, 1));
    assert_eq!(kind_of(text), Ok("alliedware-plus-arp"));
}

#[test]
fn yamaha_labels_are_read_in_both_languages_and_every_encoding() {
    let rows = "LAN1(port1)     192.0.2.2        00:1b:21:00:00:02  1157\nLAN2            198.51.100.1     00:00:0c:00:00:01  permanent\n";
    let hosts = ["192.0.2.2 00-1b-21-00-00-02", "198.51.100.1 00-00-0c-00-00-01"];
    let japanese =
        "# show arp\nカウント数: 2\nインタフェース  IPアドレス       MACアドレス        TTL(秒)\n";
    let english =
        "Number of entries: 2\nInterface       IP address       MAC address        TTL(second)\n";
    for head in [japanese, english, "\n"] {
        let text = format!("{head}{rows}");
        check(&yamaha::ARP, &text, &hosts, &[]);
        assert_eq!(kind_of(&text), Ok("yamaha-arp"), "{head}");
    }
    let text = format!("{japanese}{rows}");
    for (encoding, label) in [(encoding_rs::EUC_JP, "euc-jp"), (encoding_rs::SHIFT_JIS, "cp932")] {
        let (bytes, _, _) = encoding.encode(&text);
        let reading =
            registry::read(&Input { name: "x", bytes: &bytes, mapping: None, machine: None })
                .unwrap();
        assert_eq!((reading.encoding, reading.kind), (Some(label), "yamaha-arp"));
        assert_eq!((reading.observations.len(), reading.warnings.len()), (2, 0));
    }
    let whole = "LAN1  192.0.2.2  00:1b:21:00:00:02  permanent";
    check(&yamaha::ARP, whole, &hosts[..1], &[]);
    check(
        &yamaha::ARP,
        "LAN1  192.0.2.2  00:1b:21:00:00:02  perm",
        &[],
        &["neighbour.unreadable", "neighbour.no_rows"],
    );
}

#[test]
fn fortigate_and_procurve_are_read_at_their_prompts() {
    let text = "FGT60F # get system arp\nAddress           Age(min)   Hardware Addr      Interface\n192.0.2.4         0          00:1b:21:00:00:04 lan\n192.0.2.5         0          00:1b:21:00:00:05\n\nFGT60F # ";
    check(&fortigate::ARP, text, &["192.0.2.4 00-1b-21-00-00-04"], &["neighbour.unreadable"]);
    assert_eq!(kind_of(text), Ok("fortigate-arp"));
    let text = "HP-2530# show arp\n\n IP ARP table\n\n  IP Address      MAC Address       Type    Port\n  --------------- ----------------- ------- ----\n  192.0.2.11      0015b2-a45078     dynamic 2\n-- MORE --, next page: Space, next line: Enter, quit: Control-C\n  192.0.2.12      0015b2-a4507\n";
    check(&procurve::ARP, text, &["192.0.2.11 00-15-b2-a4-50-78"], &["neighbour.unreadable"]);
    assert_eq!(kind_of(text), Ok("procurve-arp"));
}

#[test]
fn a_header_alone_is_a_table_without_rows() {
    check(&cisco::ARP, CISCO_HEADER, &[], &["neighbour.no_rows"]);
}
