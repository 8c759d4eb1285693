use super::*;
use crate::text::decode;

fn read(text: &str) -> Reading {
    let decoded = decode(text.as_bytes()).unwrap();
    WindowsArp
        .read(
            &Input { name: "arp.txt", bytes: text.as_bytes(), mapping: None, machine: None },
            &decoded,
        )
        .unwrap()
}

/// Hosts, warnings by key, and networks.
fn check(text: &str, hosts: &[&str], warnings: &[&str], networks: &[&str]) -> Reading {
    let reading = read(text);
    let found: Vec<String> = reading
        .observations
        .iter()
        .filter(|seen| seen.kind == ObservationKind::Neighbour)
        .filter_map(|seen| seen.bindings[0].address.map(|address| address.to_string()))
        .collect();
    assert_eq!(found, hosts, "{text}");
    let keys: Vec<&str> = reading.warnings.iter().map(|warning| &*warning.message.key).collect();
    assert_eq!(keys, warnings, "{text}");
    let covered: Vec<String> =
        reading.coverage.iter().map(|look| look.network.to_string()).collect();
    assert_eq!(covered, networks, "{text}");
    reading
}

const HEAD: &str = "Interface: 10.0.0.200 --- 0xc\n  Internet Address  Physical Address  Type\n";

#[test]
fn a_broadcast_address_tells_the_mask_only_together_with_the_hosts() {
    let row = |address: &str| format!("{address} 00-1b-21-00-00-01 dynamic\n");
    let last = |address: &str| format!("{address} ff-ff-ff-ff-ff-ff static\n");
    check(&format!("{HEAD}{}", last("10.0.0.255")), &[], &[], &["10.0.0.0/24"]);
    check(&format!("{HEAD}{}", last("10.0.3.255")), &[], &[], &["10.0.0.0/22"]);
    check(&format!("{HEAD}{}", last("10.0.0.207")), &[], &[], &["10.0.0.192/28"]);
    let narrow = format!("{HEAD}{}{}", row("10.0.0.130"), last("10.0.0.223"));
    check(&narrow, &["10.0.0.130"], &[], &["10.0.0.192/27"]);
    let wide = format!("{HEAD}{}{}", row("10.0.1.5"), last("10.0.1.255"));
    check(&wide, &["10.0.1.5"], &[], &["10.0.0.0/23"]);
    check(&format!("{HEAD}{}", last("255.255.255.255")), &[], &[], &["10.0.0.0/24"]);
}

#[test]
fn a_file_cut_within_a_row_is_truncated() {
    for (half, hosts) in [
        ("  10.0.0.2", &["10.0.0.1"][..]),
        ("  10.0.0.2  00-1b-21-00", &["10.0.0.1"]),
        ("  10.0.0.2  00-1b-21-00-00-02", &["10.0.0.1", "10.0.0.2"]),
        ("  10.0.0.2  00-1b-21-00-00-02   dyn", &["10.0.0.1", "10.0.0.2"]),
        ("  10.0", &["10.0.0.1"]),
        ("\nInterface: 10.0.1", &["10.0.0.1"]),
        ("\nInterf", &["10.0.0.1"]),
    ] {
        let text = format!("{HEAD}  10.0.0.1  00-1b-21-00-00-01  dynamic\n{half}");
        let reading = check(&text, hosts, &["neighbour.cut"], &["10.0.0.0/24"]);
        assert_eq!(reading.coverage[0].completeness, Completeness::Truncated, "{half}");
    }
}

#[test]
fn a_heading_without_rows_is_a_cut_too() {
    for text in [HEAD, "Interface: 10.0.0.200 --- 0xc\n", "Interface: 10.0.0.200 --- 0xc"] {
        let reading = check(text, &[], &["neighbour.cut", "neighbour.no_rows"], &["10.0.0.0/24"]);
        assert_eq!(reading.coverage[0].completeness, Completeness::Truncated, "{text}");
    }
}

#[test]
fn a_missing_line_end_after_a_whole_row_is_no_cut() {
    let text = format!("{HEAD}  10.0.0.1  00-1b-21-00-00-01  dynamic");
    let reading = check(&text, &["10.0.0.1"], &[], &["10.0.0.0/24"]);
    assert_eq!(reading.coverage[0].completeness, Completeness::Neighbours);
}

#[test]
fn a_row_broken_by_a_narrow_window_is_put_together() {
    let text = format!(
        "{HEAD}  10.0.0.1  00-1b-21-00-00-01\n static\n  10.0.0.2\n 00-1b-21-00-00-02 dynamic\n"
    );
    let reading = check(&text, &["10.0.0.1", "10.0.0.2"], &[], &["10.0.0.0/24"]);
    assert_eq!(reading.counts["static"], 1);
}

#[test]
fn lost_words_are_not_guessed() {
    let text = "????????: 10.0.0.200 --- 0xc\n ?????? ???? ??\n 10.0.0.1 00-1b-21-00-00-01 ??\n 10.0.0.255 ff-ff-ff-ff-ff-ff ??\n";
    let reading = check(text, &["10.0.0.1"], &["neighbour.state_unread"], &["10.0.0.0/24"]);
    assert_eq!(reading.counts.get("static"), None);
    assert_eq!(decode(text.as_bytes()).unwrap().lost, Some(1));
}

#[test]
fn several_commands_in_one_file_are_told_apart() {
    let text = format!(
        "C:\\Users\\x>arp -a\n\n{HEAD}  10.0.0.1  00-1b-21-00-00-01  dynamic\n\nC:\\Users\\x>ipconfig\n\nWindows IP 構成\n   IPv4 アドレス . . . .: 10.0.0.200\n10.0.0.0 255.255.255.0\n\nC:\\Users\\x>arp -a\n\n{HEAD}  10.0.0.1  00-1b-21-00-00-01  dynamic\n  10.0.0.2  00-1b-21-00-00-02  dynamic\n\nC:\\Users\\x>"
    );
    let reading = check(&text, &["10.0.0.1", "10.0.0.2"], &[], &["10.0.0.0/24"]);
    assert_eq!(reading.skipped["prompt"], 4);
    assert_eq!(reading.skipped["other_text"], 3);
    assert_eq!(reading.skipped["repeated"], 1);
    assert_eq!(reading.counts["interfaces"], 1);
}

#[test]
fn verbose_rows_without_a_card_are_counted() {
    let text = "Interface: 127.0.0.1 --- 0x1\n  Internet Address Physical Address Type\n  224.0.0.22                static\n\nインターフェイス: 10.0.0.200 --- 0xc\n  インターネット アドレス 物理アドレス 種類\n  10.0.0.9             無効\n  10.0.0.1  00-1b-21-00-00-01  動的\n";
    let reading = check(text, &["10.0.0.1"], &[], &["10.0.0.0/24"]);
    assert_eq!(reading.counts["invalid"], 1);
    assert_eq!(reading.counts["multicast_broadcast_ignored"], 1);
    assert_eq!(reading.counts["interfaces"], 1);
    assert_eq!(reading.skipped["loopback"], 1);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let text = format!(
        "{HEAD}  10.0.0.1  00-1b-21-00-00-O1  dynamic\n  10.0.0.2  00-1b-21-00-00-02  dynamic\n  10.0.0.300 00-1b-21-00-00-03  dynamic\n"
    );
    let reading = check(
        &text,
        &["10.0.0.2"],
        &["neighbour.unreadable", "neighbour.unreadable"],
        &["10.0.0.0/24"],
    );
    assert_eq!(reading.warnings[0].place, Place::line(3));
    assert_eq!(reading.warnings[1].place, Place::line(5));
}

#[test]
fn rows_without_a_heading_claim_no_network() {
    let reading = check(
        "10.0.0.1 00-1b-21-00-00-01 dynamic\n",
        &["10.0.0.1"],
        &["neighbour.header_missing"],
        &[],
    );
    assert_eq!(reading.source_hint, None);
}

#[test]
fn full_width_and_long_dashes_of_documents_are_read() {
    let text = "インターフェイス： １０．０．０．２００ — ０ｘｃ\n　１０．０．０．１　００－１ｂ－２１－００－００－０１　動的\n";
    check(text, &["10.0.0.1"], &[], &["10.0.0.0/24"]);
}

#[test]
fn an_empty_table_says_that_nothing_was_there() {
    check("No ARP Entries Found.\r\n", &[], &["neighbour.no_rows"], &[]);
}
