//! Configurations of other versions, with virtual domains, and what they must not give away.

use super::super::tests::read;

const VDOMS: &str = "#config-version=FGT100F-7.4.8-FW-build2795-250523:opmode=0:vdom=1:user=admin\n#conf_file_ver=1\n#private-encryption-key=Himitsu0\nconfig vdom\nedit root\nnext\nedit guest\nnext\nend\nconfig global\nconfig system global\n    set hostname \"UTM-01\"\n    set two-factor-ftk-expiry 60\nend\nconfig system interface\n    edit \"port1\"\n        set vdom \"root\"\n        set mode pppoe\n        set password ENC Himitsu1\n        set allowaccess ping fgfm\n        set alias \"光回線\"\n    next\n    edit \"port2\"\n        set ip 10.100.254.250 255.255.255.0\n        set allowaccess ping https http\n        set secondary-IP enable\n        config secondaryip\n            edit 1\n                set ip 10.100.253.250 255.255.255.0\n            next\n        end\n    next\nend\nconfig system admin\n    edit \"admin\"\n        set trusthost1 10.100.1.0 255.255.255.0\n        set two-factor fortitoken\n        set password ENC Himitsu2\n    next\n    edit \"radius-admin\"\n        set remote-auth enable\n        set trusthost1 0.0.0.0 0.0.0.0\n    next\nend\nconfig system snmp community\n    edit 1\n        set name \"Himitsu3\"\n    next\nend\nend\nconfig vdom\nedit root\nconfig vpn certificate local\n    edit \"x\"\n        set private-key \"-----BEGIN ENCRYPTED PRIVATE KEY-----\nHimitsu4\n-----END ENCRYPTED PRIVATE KEY-----\"\n    next\nend\nconfig vpn ipsec phase1-interface\n    edit \"hq\"\n        set interface \"port1\"\n        set proposal 3des-md5 aes256-sha256\n        set dhgrp 2 14\n        set remote-gw 203.0.113.9\n        set psksecret ENC Himitsu5\n    next\n    edit \"dialup\"\n        set type dynamic\n        set interface \"port1\"\n        set proposal aes128-sha256\n    next\nend\nconfig firewall vip\n    edit \"rdp\"\n        set extip 198.51.100.2\n        set mappedip \"10.100.1.31\"\n        set extintf \"port1\"\n        set portforward enable\n        set extport 13389\n        set mappedport 3389\n    next\n    edit \"old\"\n        set mappedip \"10.100.1.32\"\n    next\nend\nconfig firewall vipgrp\n    edit \"pub\"\n        set member \"rdp\"\n    next\nend\nconfig firewall policy\n    edit 3\n        set srcintf \"port1\"\n        set dstintf \"port2\"\n        set action accept\n        set srcaddr \"all\"\n        set dstaddr \"pub\"\n        set service \"RDP\" \"HTTPS\"\n        set logtraffic all\n        set comments \"業者 password Himitsu6\"\n    next\n    edit 4\n        set srcintf \"port2\"\n        set dstintf \"port1\"\n        set srcaddr \"all\"\n        set dstaddr \"all\"\n    next\n    edit 5\n        set status disable\n        set srcintf \"port2\"\n        set action accept\n        set srcaddr \"all\"\n        set dstaddr \"all\"\n        set service \"ALL\"\n    next\nend\nconfig router static\n    edit 1\n        set gateway 198.51.100.1\n        set device \"port1\"\n    next\n    edit 2\n        set dst 10.200.0.0 255.255.0.0\n        set device \"hq\"\n    next\nend\nend\nconfig vdom\nedit guest\nconfig user local\n    edit \"visitor\"\n        set type ldap\n    next\nend\nend\n";

#[test]
fn virtual_domains_tunnels_publications_and_routes_are_read() {
    let (reading, told) = read(VDOMS);
    assert_eq!(
        (reading.kind, reading.source_hint.as_deref()),
        ("fortigate-config", Some("config/UTM-01"))
    );
    let expected = [
        "host_report: maker=Fortinet model=FortiGate-100F os=FortiOS os_version=v7.4.8 software_version=build2795 hostname=UTM-01 gateway=198.51.100.1 -@10.100.254.250/24 -@10.100.253.250/24",
        "setting: setting=line setting_name=port1 description=光回線 side=outside service=pppoe enabled=yes",
        "setting: setting=admin_access setting_name=port2 side=inside access=https access=http enabled=yes",
        "setting: setting=account setting_name=admin access=admin second_factor=yes trusted_hosts=yes enabled=yes",
        "setting: setting=account setting_name=radius-admin access=admin trusted_hosts=no enabled=yes",
        "setting: setting=tunnel setting_name=root/hq description=port1 peer=203.0.113.9 algorithm=3des algorithm=md5 algorithm=aes256 algorithm=sha256 algorithm=dh-group-2 algorithm=dh-group-14 enabled=yes",
        "setting: setting=tunnel setting_name=root/dialup description=port1 peer=any algorithm=aes128 algorithm=sha256 enabled=yes",
        "setting: setting=account setting_name=guest/visitor access=vpn enabled=yes",
        "setting: setting=publication setting_name=root/rdp target=10.100.1.31 service=tcp/3389 enabled=yes",
        "setting: setting=publication setting_name=root/old target=10.100.1.32 service=any enabled=no",
        "setting: setting=policy setting_name=root/policy 3 description=業者 password **** side=outside peer=any target=pub service=RDP service=HTTPS logging=yes enabled=yes",
        "setting: setting=policy setting_name=root/policy 5 side=inside peer=any target=any service=any enabled=no",
        "setting: setting=route setting_name=root/static 1 target=0.0.0.0/0 gateway=198.51.100.1 enabled=yes",
        "setting: setting=route setting_name=root/static 2 target=10.200.0.0/16 gateway=hq enabled=yes",
    ];
    let tails: Vec<&str> = told.iter().map(|told| told.split_once(' ').unwrap().1).collect();
    assert_eq!(tails, expected);
    let masked = String::from_utf8(reading.masked.unwrap()).unwrap();
    assert!(!masked.contains("Himitsu"), "{masked}");
    assert_eq!(reading.skipped["denying_rule"], 1);
}

#[test]
fn an_old_configuration_has_neither_roles_nor_a_status() {
    let text = "#config-version=FGT3KB-4.00-FW-build513-120130:opmode=0:vdom=0\nconfig system interface\n    edit \"wan1\"\n        set ip 198.51.100.2 255.255.255.248\n        set allowaccess ping https telnet\n    next\n    edit \"internal\"\n        set ip 192.168.1.99 255.255.255.0\n    next\nend\nconfig vpn ipsec phase1\n    edit \"x\"\n        set remote-gw 203.0.113.9\n        set proposal des-md5\n    next\nend\n";
    let (reading, told) = read(text);
    assert_eq!(reading.source_hint.as_deref(), Some("config/192.168.1.99"));
    assert_eq!(
        told,
        [
            "1 host_report: maker=Fortinet model=FGT3KB os=FortiOS os_version=v4.00 software_version=build513 -@198.51.100.2/29 -@192.168.1.99/24",
            "3 setting: setting=line setting_name=wan1 side=outside enabled=yes",
            "3 setting: setting=admin_access setting_name=wan1 side=outside access=https access=telnet enabled=yes",
            "12 setting: setting=tunnel setting_name=x peer=203.0.113.9 algorithm=des algorithm=md5 enabled=yes",
        ]
    );
}
