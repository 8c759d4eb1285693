//! Cases of what configurations, switches and scans show: ways in and out, accounts.

use super::{TODAY, check, silent, values};

/// A router in the ledger, and the beginning of its configuration.
const ROUTER: &str = "ledger 台帳 2026-11-01
   0252 host=Router ip=10.1.254.1 kind=network remote_maintenance=なし contractor=Z社
   0031 host=IJI-01 ip=10.1.1.31
   0041 host=CT-01 ip=10.1.1.41 kind=medical
 config router 2026-11-18
   device host=Router ip=10.1.254.1";

fn with(lines: &str) -> String {
    format!("{ROUTER}\n{lines}")
}

#[test]
fn net012_finds_what_is_published() {
    check(
        "NET012",
        &with(
            "setting setting=publication setting_name=1 target=10.1.254.1 service=udp/500
               setting setting=publication setting_name=2 target=10.1.1.31 service=tcp/3389
               setting setting=publication setting_name=3 target=10.1.1.41 service=tcp/104
               setting setting=publication setting_name=0 target=10.1.254.1 service=esp
               setting setting=publication setting_name=4 target=10.1.9.9 service=tcp/8080",
        ),
        TODAY,
        "Router (0252) publication/2 urgent title reason_control remedy
         Router (0252) publication/3 warning title reason remedy_medical
         Router (0252) publication/4 warning title_unknown reason remedy",
    );
    assert_eq!(
        values(
            "NET012",
            &with("setting setting=publication setting_name=2 target=10.1.1.31 service=tcp/3389"),
            TODAY
        ),
        "target=IJI-01 (0031); address=10.1.1.31; service=[service.rdp]; device=Router (0252)"
    );
}

#[test]
fn net012_keeps_silent() {
    let later = with(
        "setting setting=publication setting_name=2 target=10.1.1.31 service=tcp/3389
        config router 2026-11-19
          device host=Router ip=10.1.254.1",
    );
    silent("NET012", &[("a newer configuration publishes nothing", &later)]);
}

#[test]
fn what_a_later_log_does_not_answer_stays_as_the_earlier_one_said() {
    let first = "session day 2026-11-18
          device host=RT-1 ip=10.1.254.1
          setting setting=publication setting_name=2 target=10.1.1.31 service=tcp/3389
          device host=RT-2 ip=10.1.254.2
          setting setting=publication setting_name=3 target=10.1.1.32 service=tcp/3389";
    let standing = "RT-1 publication/2 urgent title_unknown reason_control remedy
         RT-2 publication/3 urgent title_unknown reason_control remedy";
    for later in ["", "device host=RT-1 ip=10.1.254.1", "device host=RT-3 ip=10.1.254.3"] {
        check("NET012", &format!("{first}\nsession day 2026-11-19\n{later}"), TODAY, standing);
    }
    let answered = "device host=RT-1 ip=10.1.254.1
          setting setting=publication setting_name=4 target=10.1.1.33 service=tcp/3389";
    check(
        "NET012",
        &format!("{first}\nsession day 2026-11-19\n{answered}"),
        TODAY,
        "RT-1 publication/4 urgent title_unknown reason_control remedy
         RT-2 publication/3 urgent title_unknown reason_control remedy",
    );
}

#[test]
fn net013_finds_administration_on_the_outside() {
    check(
        "NET013",
        &with("setting setting=admin_access setting_name=wan1 side=outside access=https access=ssh access=ping
               setting setting=admin_access setting_name=wan2 side=outside access=ping
               setting setting=admin_access setting_name=lan side=inside access=https
               setting setting=admin_access setting_name=any side=outside access=ssh
               setting setting=admin_access setting_name=dmz access=https"),
        TODAY,
        "Router (0252) admin_access/any warning title_any reason_any remedy
         Router (0252) admin_access/wan1 urgent title reason remedy",
    );
}

#[test]
fn net014_finds_a_rule_that_lets_everything_through() {
    check(
        "NET014",
        &with(
            "setting setting=policy setting_name=1 peer=any target=any service=any logging=no
               setting setting=policy setting_name=2 peer=any target=any service=any logging=yes
               setting setting=policy setting_name=3 peer=any target=any service=HTTPS
               setting setting=policy setting_name=4 peer=any target=any service=any enabled=no",
        ),
        TODAY,
        "Router (0252) policy/1 warning title reason_silent remedy
         Router (0252) policy/2 warning title reason remedy",
    );
}

#[test]
fn net001_knows_the_providers_end_of_a_line() {
    let hospital = with(
        "arp 10.1.254.1 2026-11-18
         198.51.100.1 00-00-0c-aa-bb-01
         10.1.254.99 00-00-0c-aa-bb-02",
    );
    check(
        "NET001",
        &hospital,
        TODAY,
        "198.51.100.1 notice title_nameless reason_vendor remedy
         10.1.254.99 warning title_nameless reason_vendor remedy",
    );
}

/// A switch with two devices of the ledger on port 9.
const SWITCH: &str = "ledger 台帳 2026-11-01
   0238 host=SW-1 ip=10.1.254.11 kind=network
   0001 host=CT-01 kind=medical mac=00-22-58-00-00-01
   0002 host=PC-01 mac=00-22-58-00-00-02
   0003 host=PC-02 mac=00-22-58-00-00-03
 switch SW-1 2026-11-18
   device host=SW-1 ip=10.1.254.11
   port=Gi1/0/9 00-22-58-00-00-01
   port=Gi1/0/9 00-22-58-00-00-02";

#[test]
fn net015_finds_a_port_with_several_devices() {
    check(
        "NET015",
        &format!("{SWITCH}\n port=Gi1/0/9 00-a0-de-00-00-09"),
        TODAY,
        "SW-1 (0238) Gi1/0/9 urgent title reason_unlisted remedy_medical",
    );
    check(
        "NET015",
        &format!("{SWITCH}\n port=Gi1/0/9 00-22-58-00-00-03"),
        TODAY,
        "SW-1 (0238) Gi1/0/9 warning title reason remedy_medical",
    );
}

#[test]
fn net015_keeps_silent() {
    let link = format!(
        "{SWITCH}\n port=Gi1/0/9 00-22-58-00-00-03\n link host=SW-2 port=GigabitEthernet1/0/9"
    );
    let bundle = SWITCH.replace("Gi1/0/9", "Po1") + "\n port=Po1 00-22-58-00-00-03";
    let two_addresses = "ledger 台帳 2026-11-01\n 0238 host=SW-1 ip=10.1.254.11
        switch SW-1 2026-11-18\n device host=SW-1 ip=10.1.254.11
        port=Gi1/0/5 vlan=31 00-50-56-00-00-01\n port=Gi1/0/5 vlan=41 00-50-56-00-00-01";
    let trunk_of_two = SWITCH.replace("port=Gi1/0/9", "port=Gi1/0/9 vlan=10")
        + "\n port=Gi1/0/9 vlan=20 00-a0-de-00-00-09";
    let own = format!("{SWITCH}\n port=Gi1/0/9 host=SW-1 00-22-58-00-00-77");
    let trunk = (10..20).fold(SWITCH.to_owned(), |text, number| {
        format!("{text}\n port=Gi1/0/9 00-a0-de-00-00-{number}")
    });
    silent(
        "NET015",
        &[
            ("a telephone and a PC, both listed", SWITCH),
            ("another switch is at its end", &link),
            ("a trunk of two networks", &trunk_of_two),
            ("a bundle of links", &bundle),
            ("one card in two networks", two_addresses),
            ("the switch itself", &own),
            ("so many are another switch", &trunk),
        ],
    );
}

#[test]
fn net016_finds_services_that_are_used_to_take_machines_over() {
    let hospital = "ledger 台帳 2026-11-01
          0001 host=CT-02 ip=10.1.41.2 kind=medical
          0002 host=PC-01 ip=10.1.41.3
        scan nmap 2026-11-18
          10.1.41.2 00-22-58-00-00-02 service=tcp/445 service=tcp/3389 service=tcp/104
          10.1.41.3 00-22-58-00-00-03 service=tcp/22
          10.1.41.4 00-22-58-00-00-04 service=tcp/80
          10.1.41.252 00-a0-de-00-00-05 service=tcp/1723";
    check(
        "NET016",
        hospital,
        TODAY,
        "CT-02 (0001) warning title reason remedy_medical
         PC-01 (0002) warning title reason remedy
         10.1.41.252 urgent title reason_gate remedy_gate",
    );
    silent(
        "NET016",
        &[("nothing dangerous is open", "scan nmap 2026-11-18\n 10.1.41.3 service=tcp/443")],
    );
}

#[test]
fn net017_finds_a_medical_device_among_visitors() {
    let guests = "ledger 台帳 2026-11-01
          0207 host=TE-03 kind=medical mac=00-22-58-e1-80-2c
          0208 host=TE-04 kind=medical mac=00-22-58-e1-80-2d
        leases 10.9.90.1 2026-11-18
          10.9.90.30 e6-32-10-aa-01-11
          10.9.90.31 e6-32-10-aa-02-11
          10.9.90.32 e6-32-10-aa-03-11
          10.9.90.60 00-22-58-e1-80-2c host=TE-03
          10.9.91.61 00-22-58-e1-80-2d host=TE-04";
    check("NET017", guests, TODAY, "TE-03 (0207) urgent title reason_looks remedy");
    silent(
        "NET017",
        &[
            ("somebody said what the network is for", &format!("zone 病棟 10.9.90.0/24\n{guests}")),
            (
                "two telephones are no crowd",
                "ledger 台帳 2026-11-01\n 0207 host=TE-03 kind=medical mac=00-22-58-e1-80-2c
                 leases 10.9.90.1 2026-11-18\n 10.9.90.30 e6-32-10-aa-01-11\n 10.9.90.31 e6-32-10-aa-02-11
                 10.9.90.60 00-22-58-e1-80-2c",
            ),
        ],
    );
}

#[test]
fn net018_finds_two_gateways_in_one_network() {
    let hospital = "host PC-01 2026-11-18\n host=PC-01 10.1.1.1 gateway=10.1.1.254
        host PC-02 2026-11-18\n host=PC-02 10.1.1.2 gateway=10.1.1.254
        host PC-03 2026-11-18\n host=PC-03 10.1.1.3 gateway=10.1.1.253
        host PC-04 2026-11-18\n host=PC-04 10.1.2.4 gateway=10.1.2.254";
    check("NET018", hospital, TODAY, "network:10.1.1.0/24 warning title reason remedy");
    assert_eq!(
        values("NET018", hospital, TODAY),
        "network=10.1.1.0/24; gateways=10.1.1.253, 10.1.1.254; gateway=10.1.1.253; devices=PC-03"
    );
}

#[test]
fn cnx001_finds_a_way_in_that_the_ledger_denies() {
    check(
        "CNX001",
        &with(
            "setting setting=dial_in setting_name=\"pp anonymous\" description=業者保守
               setting setting=dial_in setting_name=old enabled=no",
        ),
        TODAY,
        "Router (0252) dial_in/pp anonymous urgent title reason remedy",
    );
    let unlisted = "config router 2026-11-18\n device host=RT-9 10.1.254.9
        setting setting=remote_access setting_name=ssl side=outside";
    check("CNX001", unlisted, TODAY, "RT-9 remote_access/ssl urgent title reason_unlisted remedy");
    let declared = with("setting setting=dial_in setting_name=11").replace("なし", "あり");
    silent("CNX001", &[("the ledger has remote maintenance there", &declared)]);
}

#[test]
fn cnx002_finds_outdated_ciphers() {
    check(
        "CNX002",
        &with(
            "setting setting=tunnel setting_name=1 algorithm=aes-cbc algorithm=sha-hmac
               setting setting=tunnel setting_name=11 algorithm=3des-cbc algorithm=md5-hmac
               setting setting=tunnel setting_name=12 algorithm=des-cbc enabled=no",
        ),
        TODAY,
        "Router (0252) tunnel/11 warning title reason remedy",
    );
}

#[test]
fn cnx003_finds_a_gate_and_says_what_is_not_known_of_it() {
    let gate = "setting setting=remote_access setting_name=ssl-vpn side=outside service=tcp/10443
                setting setting=remote_access setting_name=inner side=inside service=tcp/10443";
    check(
        "CNX003",
        &with(gate),
        TODAY,
        "Router (0252) remote_access/ssl-vpn notice title reason remedy",
    );
    let ended = with(gate).replace("kind=network", "kind=network os=NewOS os_version=24H2");
    check(
        "CNX003",
        &ended,
        TODAY,
        "Router (0252) remote_access/ssl-vpn urgent title reason_ended remedy",
    );
}

#[test]
fn cnx004_finds_remote_maintenance_without_a_contractor() {
    let hospital = "ledger 台帳 2026-11-01
          0001 host=A remote_maintenance=あり
          0002 host=B remote_maintenance=あり contractor=X社
          0003 host=C remote_maintenance=なし
          0004 host=D remote_maintenance=L2TP contractor=不明";
    check("CNX004", hospital, TODAY, "source:ledger/台帳 warning title reason remedy");
    assert_eq!(
        values("CNX004", hospital, TODAY),
        "source=ledger/台帳; count=2; devices=A (0001), D (0004)"
    );
}

#[test]
fn acc001_finds_users_without_a_second_factor() {
    check(
        "ACC001",
        &with(
            "setting setting=account setting_name=hosyu-g access=vpn second_factor=no
               setting setting=account setting_name=hosyu-h access=vpn second_factor=yes
               setting setting=account setting_name=old access=vpn second_factor=no enabled=no
               setting setting=account setting_name=admin access=admin second_factor=no",
        ),
        TODAY,
        "Router (0252) account/hosyu-g warning title reason remedy",
    );
}

#[test]
fn acc002_finds_administrators_from_anywhere() {
    check(
        "ACC002",
        &with(
            "setting setting=account setting_name=admin access=admin trusted_hosts=no
               setting setting=account setting_name=vendor access=admin trusted_hosts=no
               setting setting=account setting_name=safe access=admin trusted_hosts=yes",
        ),
        TODAY,
        "Router (0252) warning title reason remedy",
    );
}

#[test]
fn acc003_finds_accounts_of_the_desk_without_a_second_factor() {
    let hospital = "account hanako administrator without_factor
          account t.sato operator
          account jimu executive without_factor
          account kyu administrator without_factor disabled
          account kensa inspector without_factor until=2026-11-19
          account kensa2 inspector without_factor until=2026-11-20";
    check(
        "ACC003",
        hospital,
        TODAY,
        "account:hanako warning title reason remedy
         account:jimu notice title reason remedy
         account:kensa2 notice title reason remedy",
    );
    silent(
        "ACC003",
        &[("nobody has an account", ""), ("a factor is enrolled", "account a operator")],
    );
}
