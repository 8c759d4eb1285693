//! Cases of identity that must come right.

use engine::derive;
use testkit::Hospital;

/// Derives `hospital` and compares its devices: each line names the members of one device as `SOURCE:ROW`, in any order.
#[track_caller]
fn check(hospital: &str, expected: &str) {
    let hospital = Hospital::read(hospital);
    let world = hospital.world();
    let derivation = derive(&world, None);
    let name = |at| {
        let name = hospital.name(at);
        let (source, rest) = name.split_once('@').unwrap();
        let newest_only =
            hospital.imports.iter().filter(|import| import.source.as_str() == source).count() == 1;
        let (day, row) = rest.split_once(':').unwrap();
        if newest_only { format!("{source}:{row}") } else { format!("{source}@{day}:{row}") }
    };
    let mut found: Vec<String> = derivation
        .devices()
        .map(|device| {
            device.members.iter().map(|at| name(*at)).collect::<std::collections::BTreeSet<_>>()
        })
        .map(|names| names.into_iter().collect::<Vec<_>>().join(" "))
        .collect();
    let doubts: std::collections::BTreeSet<String> = derivation
        .doubts()
        .map(|doubt| {
            format!(
                "doubt {} {} by {} against {}",
                doubt.one,
                doubt.other,
                doubt.link,
                doubt.against.key()
            )
        })
        .collect();
    found.sort();
    found.extend(doubts);
    let mut expected: Vec<String> = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            if line.starts_with("doubt") {
                return line.to_owned();
            }
            line.split_whitespace()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let is_doubt = |line: &String| line.starts_with("doubt");
    expected.sort_by_key(|line| (is_doubt(line), line.clone()));
    assert_eq!(found, expected);
}

#[test]
fn no_mac_in_the_ledger_at_all() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=HIS-01 ip=10.1.1.1
           0002 host=HIS-02 ip=10.1.1.2
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-1b-21-00-00-01
           10.1.1.2 00-1b-21-00-00-02
           10.1.1.9 00-1b-21-00-00-09",
        "ledger/台帳:1 arp/10.1.1.70:2
         ledger/台帳:2 arp/10.1.1.70:3
         arp/10.1.1.70:1
         arp/10.1.1.70:4",
    );
}

#[test]
fn one_address_on_two_rows_with_the_wire_telling_which_is_which() {
    check(
        "ledger 台帳 2026-11-01
           0148 host=CT-01 ip=10.1.1.1 mac=00-22-58-00-00-01
           0149 host=CT-02 ip=10.1.1.1 mac=00-22-58-00-00-02
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-22-58-00-00-01
           10.1.1.2 00-22-58-00-00-02",
        "ledger/台帳:1 arp/10.1.1.70:2
         ledger/台帳:2 arp/10.1.1.70:3
         arp/10.1.1.70:1",
    );
}

#[test]
fn one_address_on_two_rows_and_nothing_to_tell_them_apart_is_a_doubt() {
    check(
        "ledger 台帳 2026-11-01
           0148 host=CT-01 ip=10.1.1.1
           0149 host=CT-02 ip=10.1.1.1
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-22-58-00-00-01",
        "ledger/台帳:1
         ledger/台帳:2
         arp/10.1.1.70:1
         arp/10.1.1.70:2
         doubt asset:ledger/台帳/0148 mac:00-22-58-00-00-01 by address:0/10.1.1.1 against ambiguous
         doubt asset:ledger/台帳/0149 mac:00-22-58-00-00-01 by address:0/10.1.1.1 against ambiguous",
    );
}

#[test]
fn a_moved_device_is_found_by_its_card() {
    check(
        "ledger 台帳 2026-11-01
           0153 host=US-03 ip=10.1.1.23 mac=00-22-58-0c-ea-49
         arp 10.1.1.70 2026-11-20
           10.1.1.29 00-22-58-0c-ea-49",
        "ledger/台帳:1 arp/10.1.1.70:2
         arp/10.1.1.70:1",
    );
}

#[test]
fn a_swapped_network_card_stays_the_declared_device() {
    check(
        "ledger 台帳 2026-11-01
           0023 host=HIS-23 ip=10.1.1.23 mac=00-00-4c-eb-ad-dc
         arp 10.1.1.70 2026-11-20
           10.1.1.23 00-1b-21-f0-34-45",
        "ledger/台帳:1 arp/10.1.1.70:2
         arp/10.1.1.70:1",
    );
}

#[test]
fn a_later_card_at_a_declared_address_is_a_change_of_hardware_not_a_new_device() {
    check(
        "ledger 台帳 2026-11-01
           0023 host=HIS-23 ip=10.1.1.23
         arp 10.1.1.70 2026-11-10
           10.1.1.23 00-1b-21-00-00-01
         arp 10.1.1.70 2026-11-20
           10.1.1.23 00-1b-21-00-00-02",
        "ledger/台帳:1 arp/10.1.1.70@2026-11-10:2 arp/10.1.1.70@2026-11-20:2
         arp/10.1.1.70@2026-11-10:1 arp/10.1.1.70@2026-11-20:1",
    );
}

#[test]
fn a_stranger_at_the_address_of_a_device_that_moved_away_is_a_stranger() {
    check(
        "ledger 台帳 2026-11-01
           0023 host=HIS-23 ip=10.1.1.23 mac=00-1b-21-00-00-01
         arp 10.1.1.70 2026-11-20
           10.1.1.99 00-1b-21-00-00-01
           10.1.1.23 00-1b-21-00-00-02",
        "ledger/台帳:1 arp/10.1.1.70:2
         arp/10.1.1.70:3
         arp/10.1.1.70:1
         doubt asset:ledger/台帳/0023 mac:00-1b-21-00-00-02 by address:0/10.1.1.23 against seen_elsewhere",
    );
}

#[test]
fn two_devices_that_swapped_addresses_keep_their_cards() {
    check(
        "ledger 台帳 2026-11-01
           0001 ip=10.1.1.1
           0002 ip=10.1.1.2
         arp 10.1.1.70 2026-11-10
           10.1.1.1 00-1b-21-00-00-01
           10.1.1.2 00-1b-21-00-00-02
         arp 10.1.1.70 2026-11-20
           10.1.1.2 00-1b-21-00-00-01
           10.1.1.1 00-1b-21-00-00-02",
        "ledger/台帳:1 arp/10.1.1.70@2026-11-10:2 arp/10.1.1.70@2026-11-20:2
         ledger/台帳:2 arp/10.1.1.70@2026-11-10:3 arp/10.1.1.70@2026-11-20:3
         arp/10.1.1.70@2026-11-10:1 arp/10.1.1.70@2026-11-20:1",
    );
}

#[test]
fn two_cards_of_one_machine_meet_by_name() {
    check(
        "ledger 台帳 2026-11-01
           0087 host=NB-01 mac=00-1b-21-00-00-01
         leases 10.1.1.254 2026-11-20
           10.1.2.30 00-1b-21-00-00-01 host=NB-01
           10.1.3.30 00-1b-21-00-00-02 host=nb-01.minato.local",
        "ledger/台帳:1 leases/10.1.1.254:1 leases/10.1.1.254:2",
    );
}

#[test]
fn a_gateway_that_answers_in_many_segments_is_one_device() {
    check(
        "ledger 台帳 2026-11-01
           0238 host=CORE-SW1 ip=10.100.254.11 mac=00-00-0c-6e-f4-62
         table アドレス表 2026-11-01
           ip=10.1.2.254 remark=ゲートウェイ
         arp 10.1.1.70 2026-11-20
           10.1.1.254 00-00-0c-6e-f4-62
         arp 10.1.2.70 2026-11-20
           10.1.2.254 00-00-0c-6e-f4-62",
        "ledger/台帳:1 table/アドレス表:1 arp/10.1.1.70:2 arp/10.1.2.70:2
         arp/10.1.1.70:1
         arp/10.1.2.70:1",
    );
}

#[test]
fn a_virtual_router_joins_nothing() {
    check(
        "ledger 台帳 2026-11-01
           0238 host=RT-01 ip=10.1.1.252 mac=00-a0-de-00-00-01
           0239 host=RT-02 ip=10.1.1.253 mac=00-a0-de-00-00-02
         arp 10.1.1.70 2026-11-20
           10.1.1.252 00-a0-de-00-00-01
           10.1.1.253 00-a0-de-00-00-02
           10.1.1.254 00-00-5e-00-01-0a
         arp 10.1.2.70 2026-11-20
           10.1.2.254 00-00-5e-00-01-0a",
        "ledger/台帳:1 arp/10.1.1.70:2
         ledger/台帳:2 arp/10.1.1.70:3
         arp/10.1.1.70:4
         arp/10.1.2.70:2
         arp/10.1.1.70:1
         arp/10.1.2.70:1",
    );
}

#[test]
fn a_dock_seen_under_many_laptops_joins_none_of_them() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=NB-01 mac=00-1b-21-00-00-01
           0002 host=NB-02 mac=00-1b-21-00-00-02
         leases 10.1.1.254 2026-11-10
           10.1.2.50 00-50-b6-00-00-99 host=NB-01
         leases 10.1.1.254 2026-11-20
           10.1.2.50 00-50-b6-00-00-99 host=NB-02",
        "ledger/台帳:1 leases/10.1.1.254@2026-11-10:1
         ledger/台帳:2 leases/10.1.1.254@2026-11-20:1",
    );
}

#[test]
fn a_renamed_machine_is_still_one() {
    check(
        "leases 10.1.1.254 2026-11-10
           10.1.2.50 00-1b-21-00-00-01 host=DESKTOP-1
         leases 10.1.1.254 2026-11-20
           10.1.2.50 00-1b-21-00-00-01 host=HIS-77",
        "leases/10.1.1.254@2026-11-10:1 leases/10.1.1.254@2026-11-20:1",
    );
}

#[test]
fn a_random_mac_is_one_phone_within_its_network_only() {
    check(
        "leases 10.1.1.254 2026-11-10
           10.1.2.50 7a-11-c4-03-9e-5f host=iPhone
           10.1.2.51 7a-11-c4-03-9e-60 host=iPhone
         leases 10.1.1.254 2026-11-20
           10.1.2.99 7a-11-c4-03-9e-5f host=iPhone",
        "leases/10.1.1.254@2026-11-10:1 leases/10.1.1.254@2026-11-20:1
         leases/10.1.1.254@2026-11-10:2",
    );
}

#[test]
fn cloned_serials_name_nobody() {
    check(
        "ledger 台帳 2026-11-01
           0001 maker=A社 serial=SN-0001 host=HIS-01
           0002 maker=A社 serial=SN-0001 host=HIS-02
         ledger 資産 2026-11-01
           host=HIS-01 maker=A社 serial=SN-0001",
        "ledger/台帳:1 ledger/資産:1
         ledger/台帳:2",
    );
}

#[test]
fn a_serial_number_that_says_nothing_joins_nobody() {
    check(
        "ledger 台帳 2026-11-01
           0001 maker=A社 serial=－
         ledger 資産 2026-11-01
           maker=A社 serial=－ name=輸液ポンプ",
        "ledger/台帳:1
         ledger/資産:1",
    );
}

#[test]
fn the_observer_is_the_machine_that_declares_its_address() {
    check(
        "ledger 台帳 2026-11-01
           0070 host=HIS-70 ip=10.1.1.70
         arp 10.1.1.70 2026-11-19
         arp 10.1.1.70 2026-11-20
         arp 10.1.1.71 2026-11-20
           10.1.1.70 00-1b-21-00-00-70",
        "ledger/台帳:1 arp/10.1.1.70@2026-11-19:1 arp/10.1.1.70@2026-11-20:1 arp/10.1.1.71:2
         arp/10.1.1.71:1",
    );
}

#[test]
fn an_undeclared_observer_is_the_host_others_see_at_its_address() {
    check(
        "arp 10.1.1.70 2026-11-19
         arp 10.1.1.70 2026-11-20
         arp 10.1.1.71 2026-11-20
           10.1.1.70 00-1b-21-00-00-70",
        "arp/10.1.1.70@2026-11-19:1 arp/10.1.1.70@2026-11-20:1 arp/10.1.1.71:2
         arp/10.1.1.71:1",
    );
}

#[test]
fn the_same_vendor_network_twice_is_two_networks() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=MNT-A ip=192.168.0.10
         arp 192.168.0.5 2026-11-19
           192.168.0.1 00-a0-de-00-00-01
           192.168.0.10 00-22-58-00-00-01
         arp 192.168.0.7 2026-11-20
           192.168.0.1 00-a0-de-00-00-02
           192.168.0.10 00-22-58-00-00-02",
        &format!(
            "ledger/台帳:1
             arp/192.168.0.5:1
             arp/192.168.0.5:2
             arp/192.168.0.5:3
             arp/192.168.0.7:1
             arp/192.168.0.7:2
             arp/192.168.0.7:3
             {}",
            ["00-22-58-00-00-01 by address:0", "00-22-58-00-00-02 by address:CONTEXT"]
                .map(|mac| format!(
                    "doubt asset:ledger/台帳/0001 mac:{mac}/192.168.0.10 against ambiguous"
                ))
                .join("\n")
        )
        .replace("CONTEXT", &foreign_context("arp/192.168.0.7").to_string()),
    );
}

/// The number of a network context is made of its source's name.
fn foreign_context(source: &str) -> u16 {
    let domain::Digest(bytes) = domain::Digest::of(source.as_bytes());
    u16::from_be_bytes([bytes[0], bytes[1]]).max(1)
}

#[test]
fn a_retired_device_alive_is_found_by_its_card() {
    check(
        "ledger 廃棄済 2026-11-01
           R007 host=OLD-07 ip=10.1.1.107 mac=00-1b-21-8d-6d-dc status=retired
           R008 host=OLD-08 ip=10.1.1.108 status=retired
         arp 10.1.1.70 2026-11-20
           10.1.1.107 00-1b-21-8d-6d-dc
           10.1.1.108 00-1b-21-00-00-08",
        "ledger/廃棄済:1 arp/10.1.1.70:2
         ledger/廃棄済:2
         arp/10.1.1.70:3
         arp/10.1.1.70:1
         doubt asset:ledger/廃棄済/r008 mac:00-1b-21-00-00-08 by address:0/10.1.1.108 against retired",
    );
}

#[test]
fn two_rows_of_one_ledger_are_never_one_device() {
    check(
        "ledger 台帳 2026-11-01
           016 name=AI解析サーバー host=AI-SV
           016 name=プリンタ host=PRN-R1",
        "ledger/台帳:1
         ledger/台帳:2",
    );
}

#[test]
fn a_card_that_two_rows_claim_follows_the_address() {
    check(
        "ledger 台帳 2026-11-01
           001 ip=10.1.1.1 mac=00-1b-21-aa-00-01
           013 ip=10.1.1.18 mac=00-1b-21-aa-00-01
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-1b-21-aa-00-01",
        "ledger/台帳:1 arp/10.1.1.70:2
         ledger/台帳:2
         arp/10.1.1.70:1",
    );
}

#[test]
fn editions_of_one_ledger_meet_by_number_and_a_new_machine_of_the_same_name_is_another() {
    check(
        "ledger 台帳 2025-11-01
           0001 host=HIS-01 serial=A1234
           0002 host=HIS-02 serial=B1234
         ledger 台帳 2026-11-01
           0001 host=HIS-01 serial=A1234
           0301 host=HIS-02 serial=C1234",
        "ledger/台帳@2025-11-01:1 ledger/台帳@2026-11-01:1
         ledger/台帳@2025-11-01:2
         ledger/台帳@2026-11-01:2
         doubt asset:ledger/台帳/0002 asset:ledger/台帳/0301 by host:his-02 against serials",
    );
}

#[test]
fn a_machine_whose_own_number_is_not_the_one_written_down_is_still_that_machine() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=CORE-SW1 serial=A1234 mac=00-1b-21-00-00-01
           0002 host=VPN-01 serial=A1235
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-1b-21-00-00-01 serial=B1234
           10.1.1.2 host=VPN-01 serial=B1235",
        "arp/10.1.1.70:1
         ledger/台帳:1 arp/10.1.1.70:2
         ledger/台帳:2 arp/10.1.1.70:3",
    );
    // An address alone is too little for that, and two machines are two.
    check(
        "ledger 台帳 2026-11-01
           0001 ip=10.1.1.1 serial=A1234
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-1b-21-00-00-01 serial=B1234
         arp 10.1.1.71 2026-11-20
           10.1.1.3 host=VPN-01 serial=B1235
         arp 10.1.1.72 2026-11-20
           10.1.1.4 host=VPN-01 serial=B1236",
        "ledger/台帳:1
         arp/10.1.1.70:1
         arp/10.1.1.70:2
         arp/10.1.1.71:1
         arp/10.1.1.71:2
         arp/10.1.1.72:1
         arp/10.1.1.72:2
         doubt asset:ledger/台帳/0001 serial:/b1234 by address:0/10.1.1.1 against serials
         doubt serial:/b1235 serial:/b1236 by host:vpn-01 against serials",
    );
}

#[test]
fn a_name_from_the_factory_joins_nobody_and_leaves_no_doubt() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=Router ip=10.1.1.1
           0002 host=CORE-SW1 ip=10.1.1.2
         table アドレス表 2026-11-01
           ip=10.1.1.1 host=Router
           ip=10.1.1.2
         arp 10.1.1.70 2026-11-20
           10.1.9.9 00-1b-21-00-00-01 host=Router",
        "ledger/台帳:1 table/アドレス表:1
         ledger/台帳:2 table/アドレス表:2
         arp/10.1.1.70:1
         arp/10.1.1.70:2",
    );
}

#[test]
fn a_renumbered_machine_is_known_by_its_serial_number() {
    check(
        "ledger 台帳 2025-11-01
           0002 host=HIS-02 maker=B社 serial=B1234
         ledger 台帳 2026-11-01
           A-0002 host=HIS-02 maker=B社 serial=B1234",
        "ledger/台帳@2025-11-01:1 ledger/台帳@2026-11-01:1",
    );
}

#[test]
fn a_host_that_calls_itself_otherwise_is_not_the_declared_device() {
    check(
        "ledger 台帳 2026-11-01
           0005 host=HIS-05 ip=10.1.2.5
         leases 10.1.1.254 2026-11-20
           10.1.2.5 00-1b-21-00-00-05 host=DESKTOP-7Q2K9LM",
        "ledger/台帳:1
         leases/10.1.1.254:1
         doubt asset:ledger/台帳/0005 mac:00-1b-21-00-00-05 by address:0/10.1.2.5 against names",
    );
}

#[test]
fn rows_without_any_sign_are_found_again_by_their_words() {
    check(
        "ledger 台帳 2025-11-01
           name=輸液ポンプ model=TE-281 location=中央材料室
         ledger 台帳 2026-11-01
           name=輸液ポンプ model=TE-281 location=中央材料室
           name=人工呼吸器 model=VN-7 location=ICU",
        "ledger/台帳@2025-11-01:1 ledger/台帳@2026-11-01:1
         ledger/台帳@2026-11-01:2",
    );
}

#[test]
fn people_can_merge_and_split() {
    let hospital = "ledger 台帳 2026-11-01
           0001 host=HIS-01 ip=10.1.1.1
         arp 10.1.1.70 2026-11-20
           10.1.1.1 00-1b-21-00-00-01
           10.1.1.9 00-1b-21-00-00-09";
    let apart = "ledger/台帳:1
         arp/10.1.1.70:1
         arp/10.1.1.70:2
         arp/10.1.1.70:3";
    check(&format!("{hospital}\nnot_same asset:ledger/台帳/0001 mac:00-1b-21-00-00-01"), apart);
    check(
        &format!("{hospital}\nsame asset:ledger/台帳/0001 mac:00-1b-21-00-00-09"),
        "ledger/台帳:1 arp/10.1.1.70:3
         arp/10.1.1.70:2
         arp/10.1.1.70:1
         doubt asset:ledger/台帳/0001 mac:00-1b-21-00-00-01 by address:0/10.1.1.1 against seen_elsewhere",
    );
    check(
        &format!(
            "{hospital}
not_same asset:ledger/台帳/0001 mac:00-1b-21-00-00-01
same asset:ledger/台帳/0001 mac:00-1b-21-00-00-01"
        ),
        "ledger/台帳:1 arp/10.1.1.70:2
         arp/10.1.1.70:1
         arp/10.1.1.70:3",
    );
}

#[test]
fn a_split_takes_a_sign_from_the_row_that_carries_it() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=HIS-01 mac=00-1b-21-00-00-01
         arp 10.1.1.70 2026-11-20
           10.1.1.9 00-1b-21-00-00-01
not_same asset:ledger/台帳/0001 mac:00-1b-21-00-00-01",
        "ledger/台帳:1
         arp/10.1.1.70:2
         arp/10.1.1.70:1",
    );
}

#[test]
fn the_id_stays_when_a_stranger_is_entered_into_the_ledger() {
    let before = Hospital::read("arp 10.1.1.70 2026-11-20\n  10.1.1.9 00-1b-21-00-00-09");
    let after = Hospital::read(
        "arp 10.1.1.70 2026-11-20
  10.1.1.9 00-1b-21-00-00-09
ledger 台帳 2026-11-25
  0400 host=NEW-01 mac=00-1b-21-00-00-09",
    );
    let id_of = |hospital: &Hospital| {
        let world = hospital.world();
        let derivation = derive(&world, None);
        let device = derivation
            .devices()
            .find(|device| device.interfaces.iter().any(|i| i.mac.is_some()))
            .unwrap();
        (device.id, device.aliases.clone())
    };
    let (old, _) = id_of(&before);
    let (new, aliases) = id_of(&after);
    assert_ne!(old, new);
    assert!(aliases.contains(&old), "the id it had leads on");
}

#[test]
fn what_a_person_enters_goes_to_the_device_they_entered_it_for() {
    // By number, by card, by address alone, and by a name.
    check(
        "ledger 台帳 2026-11-01
           0001 host=CT-01 ip=10.1.1.1 serial=AB-1234
         arp 10.1.1.70 2026-11-20
           10.1.1.30 00-1b-21-00-00-30
         scan nmap 2026-11-20
           10.1.1.40
         hand one 2026-11-21
           about=asset:ledger/台帳/0001 location=CT室 hostname=CT-99 serial=ZZ-9999
           about=mac:00-1b-21-00-00-30 location=受付
           about=address:0/10.1.1.40 name=時計",
        "ledger/台帳:1 hand/one:1
         arp/10.1.1.70:1
         arp/10.1.1.70:2 hand/one:2
         scan/nmap:1 hand/one:3",
    );
}

#[test]
fn what_is_seen_at_cards_and_addresses_that_a_person_entered_is_that_device() {
    check(
        "ledger 台帳 2026-11-01
           0001 name=CT
           0002 name=MR
           0003 name=US
         arp 10.1.1.70 2026-11-20
           10.1.1.30 00-1b-21-00-00-30
           10.1.1.40 00-1b-21-00-00-40
         hand one 2026-11-21
           about=asset:ledger/台帳/0001 mac=00-1b-21-00-00-30
           about=asset:ledger/台帳/0002 ip=10.1.1.40",
        "ledger/台帳:1 arp/10.1.1.70:2 hand/one:1
         ledger/台帳:2 arp/10.1.1.70:3 hand/one:2
         ledger/台帳:3
         arp/10.1.1.70:1",
    );
}

#[test]
fn an_entry_for_a_device_that_is_no_more_joins_nothing() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=CT-01 ip=10.1.1.1
         hand one 2026-11-21
           about=asset:ledger/台帳/0002 hostname=CT-01",
        "ledger/台帳:1
         hand/one:1",
    );
}

#[test]
fn a_ledger_that_was_exported_comes_back_to_its_devices() {
    // Under another name, with a new number and a new computer name: the sign that went with each row tells which device it is.
    check(
        "ledger 台帳 2026-11-01
           0001 host=CT-01 ip=10.1.1.1
           0002 name=ポンプ
         ledger 書出 2026-11-21
           0001 host=CT-01 ip=10.1.1.1 about=asset:ledger/台帳/0001
           0099 name=輸液ポンプ about=asset:ledger/台帳/0002
         ledger 再 2026-11-22
           0099 name=輸液ポンプ about=asset:ledger/台帳/0002",
        "ledger/台帳:1 ledger/書出:1
         ledger/台帳:2 ledger/書出:2 ledger/再:1",
    );
}

#[test]
fn two_rows_of_one_edition_stay_two_devices_whatever_sign_they_repeat() {
    check(
        "ledger 台帳 2026-11-01
           0001 host=CT-01
           0002 host=CT-02
         ledger 書出 2026-11-21
           0001 host=CT-01 about=asset:ledger/台帳/0001
           0002 host=CT-02 about=asset:ledger/台帳/0001",
        "ledger/台帳:1 ledger/書出:1
         ledger/台帳:2 ledger/書出:2",
    );
}
