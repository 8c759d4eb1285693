//! What is masked, and what must stay readable.

use super::*;

fn check(line: &str, masked: &str) {
    assert_eq!(mask_line(line), masked, "{line}");
    assert_eq!(mask_line(masked), masked, "what is masked stays as it is");
}

#[test]
fn secrets_of_cisco_and_its_like_are_masked() {
    for (line, masked) in [
        ("enable secret 5 $1$abcd$efghijklmnop", "enable secret 5 ****"),
        ("enable secret 9 $9$abc$def", "enable secret 9 ****"),
        ("enable password Sakura", "enable password ****"),
        (
            "username vendor privilege 15 password 7 0822455D0A16",
            "username vendor privilege 15 password 7 ****",
        ),
        ("username x secret my long pass", "username x secret **** **** ****"),
        ("snmp-server community Himitsu RO 10", "snmp-server community **** **** ****"),
        ("snmp-server community RO", "snmp-server community ****"),
        ("no snmp-server community Himitsu", "no snmp-server community ****"),
        (
            "snmp-server host 10.0.0.1 version 2c Himitsu",
            "snmp-server host 10.0.0.1 version 2c ****",
        ),
        (
            "snmp-server user u g v3 auth md5 Himitsu priv des Geheim",
            "snmp-server user u g v3 auth md5 **** **** **** ****",
        ),
        (
            "tacacs-server host 10.0.0.1 key 7 0822455D0A16",
            "tacacs-server host 10.0.0.1 key 7 ****",
        ),
        ("radius-server key Himitsu", "radius-server key ****"),
        (" key Himitsu", " key ****"),
        ("crypto isakmp key Himitsu address 203.0.113.1", "crypto isakmp key **** **** ****"),
        (
            " ip ospf message-digest-key 10 md5 7 0822455D0A16",
            " ip ospf message-digest-key 10 md5 7 ****",
        ),
        (" standby 1 authentication Himitsu", " standby 1 authentication ****"),
        (" wpa-psk ascii 0 Himitsu", " wpa-psk ascii 0 ****"),
        ("! old: enable secret Himitsu", "! old: enable secret ****"),
        (" path ftp://user:Himitsu@10.0.0.1/x", " path ftp://user:****"),
        (
            "password manager user-name \"a\" sha1 \"0123456789abcdef\"",
            "password **** **** \"****\" **** \"****\"",
        ),
        ("snmp-server community \"Himi tsu\" operator", "snmp-server community \"****\" ****"),
        ("Community name: Himitsu", "Community name: ****"),
        ("Password: Himitsu", "Password: ****"),
        ("password=Himitsu", "password=****"),
    ] {
        check(line, masked);
    }
}

#[test]
fn secrets_of_yamaha_are_masked() {
    for (line, masked) in [
        ("login password Himitsu", "login password ****"),
        ("login password encrypted aAbBcC", "login password encrypted ****"),
        ("administrator password *", "administrator password *"),
        ("login user sato Himitsu", "login user sato ****"),
        ("login user sato encrypted aAbB", "login user sato **** ****"),
        (" pp auth username hosyu1 Himitsu", " pp auth username hosyu1 ****"),
        (" pp auth username hosyu1 *", " pp auth username hosyu1 *"),
        (" pp auth myname a@isp.example Himitsu", " pp auth myname a@isp.example ****"),
        ("  ipsec ike pre-shared-key 11 text Himitsu", "  ipsec ike pre-shared-key 11 text ****"),
        ("  ipsec ike pre-shared-key 1 0x0123abcd", "  ipsec ike pre-shared-key 1 ****"),
        ("snmp community read-only Himitsu", "snmp community read-only ****"),
        (" l2tp tunnel auth on Himitsu", " l2tp tunnel auth on ****"),
        ("sshd host key generate 12345", "sshd host key generate ****"),
        ("# pp auth username hosyu1 Himitsu", "# pp auth username hosyu1 ****"),
        ("auth user 1 hosyu1 Himitsu", "auth user 1 hosyu1 ****"),
        ("snmpv3 usm user 1 admin auth md5 Himitsu", "snmpv3 usm user 1 admin auth md5 ****"),
        (
            " description tunnel \"保守 パスワード：Himitsu\"",
            " description tunnel \"保守 パスワード：****\"",
        ),
    ] {
        check(line, masked);
    }
}

#[test]
fn secrets_of_fortigate_are_masked() {
    for (line, masked) in [
        ("        set password ENC AK1abc==", "        set password ENC ****"),
        ("        set passwd \"Himi\\\"tsu\"", "        set passwd \"****\""),
        ("        set psksecret ENC x", "        set psksecret ENC ****"),
        ("        set comments \"password: Himitsu\"", "        set comments \"password: ****\""),
        ("#private-encryption-key=Himitsu", "#private-encryption-key=****"),
        ("FGT (local) # set passwd Himitsu", "FGT (local) # set passwd ****"),
        ("FGT (community) # set name Himitsu", "FGT (community) # set name ****"),
        ("        set type password", "        set type password"),
        ("        set auth-pwd ENC x", "        set auth-pwd ENC ****"),
    ] {
        check(line, masked);
    }
}

#[test]
fn what_is_no_secret_stays() {
    for line in [
        "hostname CORE-SW1",
        "service password-encryption",
        "ip address 10.0.0.1 255.255.255.0",
        "username x nopassword",
        "  ipsec sa policy 11 11 esp 3des-cbc md5-hmac",
        "ipsec ike remote address 11 any",
        "nat descriptor masquerade static 1000 2 10.100.1.31 tcp 3389",
        "Internet  10.100.254.11           -   0000.0c6e.f462  ARPA   Vlan254",
        " description \"パスワード管理サーバ\"",
        "    set two-factor fortitoken",
        "# show status dhcp",
        "key chain OSPF",
        "    set hostname \"VPN-01\"",
        "10.100.254.11     0          00:00:0c:6e:f4:62 internal",
    ] {
        check(line, line);
    }
}

#[test]
fn a_secret_in_quotes_goes_on_over_line_ends() {
    let text = "    set private-key \"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIabc\n-----END ENCRYPTED PRIVATE KEY-----\"\n    set name \"x\"\n";
    let masked = mask(text);
    assert_eq!(masked.text, "    set private-key \"****\n****\n****\"\n    set name \"x\"\n");
    assert_eq!(masked.secrets, 1);
    let text = "-----BEGIN RSA PRIVATE KEY-----\r\nMIIabc\r\nMIIdef\r\n-----END RSA PRIVATE KEY-----\r\nend\r\n";
    assert_eq!(
        mask(text).text,
        "-----BEGIN RSA PRIVATE KEY-----\r\n****\r\n****\r\n-----END RSA PRIVATE KEY-----\r\nend\r\n"
    );
    // One quote too many on a switch is part of its password, and hides nothing of what follows.
    assert_eq!(
        mask("enable password \"x\nhostname SW\n").text,
        "enable password \"****\nhostname SW\n"
    );
}

#[test]
fn the_names_of_communities_are_secrets() {
    let text = "config system snmp community\n    edit 1\n        set name \"Himitsu\"\n        config hosts\n            edit 1\n                set ip 10.0.0.1 255.255.255.255\n            next\n        end\n    next\nend\nconfig system zone\n    edit 1\n        set name \"lan\"\n";
    let masked = mask(text).text;
    assert!(!masked.contains("Himitsu") && masked.contains("set name \"lan\""), "{masked}");
}

#[test]
fn a_secret_that_the_screen_wrapped_is_masked_to_its_end() {
    let start = "  ipsec ike pre-shared-key 1 text ";
    let secret = "x".repeat(100);
    let whole = format!("{start}{secret}");
    let (first, second) = whole.split_at(80);
    let masked = mask(&format!("{first}\n{second}\n  ipsec ike remote address 1 any\n")).text;
    assert_eq!(masked, format!("{start}****\n****\n  ipsec ike remote address 1 any\n"));
}

#[test]
fn what_a_screen_hid_is_not_kept() {
    let text = "SW#Himitsu\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}       \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}show ver\n";
    assert!(!mask(text).text.contains("Himitsu"));
}

#[test]
fn a_line_of_which_the_screen_kept_nothing_stays_a_line() {
    assert_eq!(mask("show arp\r\n --More-- \u{8}\u{8}").text, "show arp\r\n ");
    let masked = mask("show arp\r\u{8}\nend\n");
    assert_eq!(masked.text, "show arp\r\rend\n");
}

#[test]
fn keys_of_routing_and_snmp_and_what_people_note_down_are_masked() {
    for line in [
        "snmpv3 usm user 3 k3 md5 PLANTED des-cbc PLANTED2",
        "snmpv3 usm user 2 k2 sha PLANTED",
        "ip lan1 ospf area 0 authkey=PLANTED",
        "ip lan1 ospf area 0 md5key=1,PLANTED",
        "banner motd ^C pass = PLANTED ^C",
        "snmp host 192.0.2.9 PLANTED",
        "snmp trap host 192.0.2.9 PLANTED",
        "snmpv2c host any PLANTED",
        "snmpv3 usm user 1 u group 1 hmac-sha-96 PLANTED aes128-cfb PLANTED",
        "ip lan1 vrrp 1 192.0.2.1 auth=PLANTED",
        "heartbeat2 transmit 1 auth PLANTED",
        "mobile pin code usb1 PLANTED",
        " authentication text PLANTED",
        "snmp mib community-map PLANTED",
        " key-octet-string 7 PLANTED",
        "    set authkey PLANTED",
        "    set sae-pass PLANTED",
        "新しいパスワード: PLANTED",
        "事前共有鍵：PLANTED",
        " description uplink pw:PLANTED",
    ] {
        let masked = mask(line).text;
        assert!(!masked.contains("PLANTED"), "{masked}");
    }
    // A filter's `pass` announces nothing, and neither does an address of IPv6 or a time.
    for line in ["ip filter 1 pass * 10.0.0.0/8", "ipv6 lan1 address 2001:db8::1/64", "up 10:20:30"]
    {
        assert_eq!(mask(line).text, line);
    }
}

#[test]
fn a_line_longer_than_any_command_is_masked_whole_and_quickly() {
    let line = format!("{}user snmp", "key ".repeat(500_000));
    assert_eq!(mask(&line).text, "****");
}

#[test]
fn rare_commands_with_secrets_are_masked() {
    for line in [
        "        set http-headers \"Authorization: Basic PLANTED\"",
        "        set headers \"X-Token: PLANTED\"",
        "                set value \"Bearer PLANTED\"",
        "        set passwd-x PLANTED",
        "        set seed PLANTED",
        "        set client-secret PLANTED",
        "        set activation-code PLANTED",
        "        set key2 PLANTED",
        " path scp://backup:PLAN@TED@192.0.2.1/$h",
        " path scp://sato@hosp.example:PLANTED@192.0.2.1/$h",
        " cli copy running-config ftp://a:PLANTED@192.0.2.1/x",
        " action 1.0 mail server \"alert:PLANTED@192.0.2.25\" to \"a@b.example\" from \"c@d.example\"",
        " action 2.0 cli command \"username x password PLANTED\"",
        "http url http://dyn.example/nic/update?hostname=<h>&password=PLANTED",
        "ip ddns url http://ddns.example/?user=a&pw=PLANTED&x=1",
        "curl -H Authorization: Bearer PLANTED",
        "ID/PW admin PLANTED",
        "ＰＷ：PLANTED",
        "PW=PLANTED",
        "ｐａｓｓｗｏｒｄ PLANTED",
        "nmap --script-args user=a,password=PLANTED 10.0.0.0/24",
        "nmap --script-args=http-auth.username=a,http-auth.password=PLANTED 10.0.0.0/24",
        "hydra smb.pw=PLANTED",
    ] {
        let masked = mask_line(line);
        assert!(!masked.contains("PLANTED") && !masked.contains("TED"), "{masked}");
        assert_eq!(mask_line(&masked), masked);
    }
    for line in [
        "mailto:sato@hosp.example",
        "sip:100@192.0.2.1",
        "2001:db8::1",
        "http://192.0.2.1:8080/index.html",
        "00:1b:21:aa:00:01",
        "aaa authorization exec default group tacacs+ local",
        "set type value",
    ] {
        assert_eq!(mask_line(line), line);
    }
}

#[test]
fn what_a_script_types_as_a_password_is_masked() {
    let text = " action 1.0 cli command \"enable\" pattern \"assword\"\n action 1.1 cli command \"Himitsu\"\n action 1.2 cli command \"show arp\"\n";
    let masked = mask(text).text;
    assert!(!masked.contains("Himitsu") && masked.contains("show arp"), "{masked}");
}

#[test]
fn private_keys_are_masked_wherever_they_stand() {
    for text in [
        "private_key = \"-----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY-----\"\nname = x\n",
        "x -----BEGIN RSA PRIVATE KEY-----PLANTED-----END RSA PRIVATE KEY----- y\nname = x\n",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nPLANTED\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\nname = x\n",
        "Private-Lines: 2\nPLANTED\nPLANTED\nPrivate-MAC: 00\nname = x\n",
        "> -----BEGIN OPENSSH PRIVATE KEY-----\n> PLANTED\n> -----END OPENSSH PRIVATE KEY-----\nname = x\n",
    ] {
        let masked = mask(text);
        assert!(
            !masked.text.contains("PLANTED") && masked.text.ends_with("name = x\n"),
            "{}",
            masked.text
        );
        assert_eq!((masked.secrets, mask(&masked.text).text), (1, masked.text.clone()));
    }
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIabc\n-----END CERTIFICATE-----\n";
    assert_eq!(mask(certificate).text, certificate);
}

#[test]
fn a_screen_may_wrap_a_line_anywhere_and_at_any_width() {
    let whole = "crypto isakmp key HIMITSUHIMITSUHIMITSU address 192.0.2.1 description of the other side of it all";
    for width in [80, 100, 132] {
        for lead in 0..60 {
            // The line stands so that the screen's edge falls on each of its letters.
            let line = format!("{}{whole}", "x ".repeat(width).get(..width - lead).unwrap());
            let (first, second) = line.split_at(width);
            let full = "y".repeat(width);
            let text = format!(
                "{full}\nz{}\n{}\n{second}\ninterface Vlan1\n",
                full.get(1..).unwrap(),
                first.trim_end()
            );
            let masked = mask(&text).text;
            let kept = masked.lines().nth(3).unwrap();
            let rest = second.split_whitespace().next().unwrap();
            let is_secret = rest.chars().all(|c| "HIMTSU".contains(c));
            assert!(!is_secret || !kept.contains(rest), "{width} {lead}: {masked}");
            assert!(masked.ends_with("\ninterface Vlan1\n"), "{masked}");
        }
    }
}
