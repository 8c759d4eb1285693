//! `show running-config` of Cisco IOS, and of switches whose configuration is written like it (AlliedWare Plus).
//!
//! Little is read from it: the name, addresses, routes, what is published by address translation, and how it is administered.

use std::net::Ipv4Addr;

use domain::{Field, Place, SettingKind, msg};

use super::gathering::{DeviceFormat, Gathering, Part};
use super::prefix_of_mask;
use crate::reader::Head;
use crate::reading::Score;

/// The format.
pub(super) struct IosConfig;

impl DeviceFormat for IosConfig {
    fn kind(&self) -> &'static str {
        "cisco-config"
    }

    /// Several makers write theirs so.
    fn family(&self) -> &'static str {
        "network"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has = |mark: &str| head.lines().any(|line| line.text.starts_with(mark));
        let has_rule = head.lines().any(|line| line.text.trim_end() == "!");
        let is_named = has("hostname ") && has_rule;
        if is_named && (has("interface ") || has("Current configuration") || has("line ")) {
            Score::Certain
        } else if has("Building configuration") || has("Current configuration :") {
            Score::Likely
        } else {
            Score::No
        }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let mut interface = None;
        let mut terminal = None;
        let mut tunnels: Vec<u32> = Vec::new();
        for line in part.lines() {
            let text = line.text.trim_end();
            if text.is_empty() || text.starts_with('!') {
                continue;
            }
            into.reading.rows += 1;
            let words: Vec<&str> = text.split_whitespace().collect();
            if !text.starts_with(' ') {
                end(interface.take(), into);
                terminal = None;
                tunnels.extend(is_of_tunnels(&words).then_some(line.number));
            }
            match words.as_slice() {
                ["interface", name @ ..] if !text.starts_with(' ') => {
                    into.reading.count("interfaces", 1);
                    interface = Some(Interface::new(line.number, &name.join(" ")));
                }
                ["line", "vty", ..] if !text.starts_with(' ') => terminal = Some(line.number),
                ["transport", "input", ways @ ..] if terminal.is_some() => {
                    access(line.number, "vty", ways, into);
                }
                words => match &mut interface {
                    Some(interface) if text.starts_with(' ') => interface.line(words),
                    _ => global(line.number, words, into),
                },
            }
        }
        end(interface, into);
        if let Some(first) = tunnels.first() {
            let message = msg!("network.tunnels_unread", count = tunnels.len());
            into.reading.warn(Place::line(*first), message);
        }
    }
}

/// Whether a command sets up tunnels or lets people in by them: of these nothing is read, and that must be said.
fn is_of_tunnels(words: &[&str]) -> bool {
    match words {
        ["crypto", part, ..] => {
            matches!(*part, "dynamic-map" | "gdoi" | "ikev2" | "ipsec" | "isakmp" | "map" | "vpn")
        }
        ["interface", name, ..] => {
            name.starts_with("Tunnel") || name.starts_with("Virtual-Template")
        }
        ["l2tp-class" | "pseudowire-class" | "vpdn" | "vpdn-group" | "webvpn", ..] => true,
        _ => false,
    }
}

/// An interface, until the next one begins.
struct Interface {
    line: u32,
    name: String,
    addresses: Vec<(Ipv4Addr, Option<u8>)>,
    description: String,
    is_down: bool,
    is_outside: bool,
}

impl Interface {
    fn new(line: u32, name: &str) -> Self {
        Self {
            line,
            name: name.to_owned(),
            addresses: Vec::new(),
            description: String::new(),
            is_down: false,
            is_outside: false,
        }
    }

    fn line(&mut self, words: &[&str]) {
        match words {
            ["ip", "address", address, rest @ ..] => {
                self.addresses.extend(address_of(address, rest.first()));
            }
            ["description", rest @ ..] => self.description = rest.join(" "),
            ["shutdown"] => self.is_down = true,
            ["ip", "nat", "outside"] | ["pppoe", "enable", ..] => self.is_outside = true,
            _ => {}
        }
    }
}

fn address_of(address: &str, mask: Option<&&str>) -> Option<(Ipv4Addr, Option<u8>)> {
    if let Some((address, prefix)) = address.split_once('/') {
        return Some((address.parse().ok()?, prefix.parse().ok().filter(|prefix| *prefix <= 32)));
    }
    Some((address.parse().ok()?, mask.and_then(|mask| prefix_of_mask(mask))))
}

fn end(interface: Option<Interface>, into: &mut Gathering) {
    let Some(interface) = interface else { return };
    if !interface.is_down {
        for (address, prefix) in &interface.addresses {
            into.bind_address(interface.line, *address, *prefix);
        }
    }
    if interface.is_outside {
        into.set(interface.line, SettingKind::Line, &interface.name, |facts| {
            facts.add(Field::Description, &interface.description).add(Field::Side, "outside");
            facts.add(Field::Enabled, if interface.is_down { "no" } else { "yes" });
        });
    }
}

fn global(line: u32, words: &[&str], into: &mut Gathering) {
    match words {
        ["hostname", name, ..] => {
            // The answer about one interface alone has no name, and is no configuration.
            into.has_configuration = true;
            into.say(line, Field::Hostname, name.trim_matches('"'));
        }
        ["ip", "default-gateway", gateway] => {
            into.also(line, Field::Gateway, gateway);
            route(line, "0.0.0.0/0", gateway, into);
        }
        ["ip", "route", "vrf", ..] => into.reading.skip("other_setting"),
        ["ip", "route", network, rest @ ..] => static_route(line, network, rest, into),
        ["ip", "nat", "inside", "source", "static", rest @ ..] => publication(line, rest, into),
        ["ip", "http", "server"] => access(line, "http", &["http"], into),
        ["ip", "http", "secure-server"] => access(line, "https", &["https"], into),
        _ => into.reading.skip("other_setting"),
    }
}

fn access(line: u32, name: &str, ways: &[&str], into: &mut Gathering) {
    let known: Vec<&str> = ways
        .iter()
        .copied()
        .filter(|way| matches!(*way, "telnet" | "ssh" | "http" | "https" | "all"))
        .collect();
    if known.is_empty() {
        return;
    }
    into.set(line, SettingKind::AdminAccess, name, |facts| {
        for way in known {
            facts.add(Field::Access, way);
        }
    });
}

fn static_route(line: u32, network: &str, rest: &[&str], into: &mut Gathering) {
    let (target, gateway) = match (network.contains('/'), rest) {
        (true, [gateway, ..]) => (network.to_owned(), *gateway),
        (false, [mask, gateway, ..]) => match (network.parse::<Ipv4Addr>(), prefix_of_mask(mask)) {
            (Ok(base), Some(prefix)) => (format!("{base}/{prefix}"), *gateway),
            _ => return into.reading.skip("other_setting"),
        },
        _ => return into.reading.skip("other_setting"),
    };
    if target == "0.0.0.0/0" && gateway.parse::<Ipv4Addr>().is_ok() {
        into.also(line, Field::Gateway, gateway);
    }
    route(line, &target, gateway, into);
}

fn route(line: u32, target: &str, gateway: &str, into: &mut Gathering) {
    into.reading.count("routes", 1);
    into.set_once(line, SettingKind::Route, target, |facts| {
        facts.add(Field::Target, target).add(Field::Gateway, gateway);
    });
}

/// `tcp 10.0.0.5 3389 interface Gi0/0 3389` and `10.0.0.5 203.0.113.5`.
fn publication(line: u32, words: &[&str], into: &mut Gathering) {
    let (target, service) = match words {
        [protocol @ ("tcp" | "udp"), target, port, ..] => (*target, format!("{protocol}/{port}")),
        [target, _outside, ..] if target.parse::<Ipv4Addr>().is_ok() => (*target, String::new()),
        _ => return into.reading.skip("other_setting"),
    };
    let name = format!("static {target} {service}");
    into.set(line, SettingKind::Publication, name.trim_end(), |facts| {
        facts.add(Field::Target, target).add(Field::Service, &service);
    });
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn name_addresses_routes_and_what_is_published_are_read() {
        let text = "Building configuration...\n\nCurrent configuration : 2222 bytes\n!\nversion 15.4\nservice password-encryption\nhostname RT-HOSYU\n!\nenable secret 5 $1$abcd$efghijklmnop\nusername vendor privilege 15 password 7 0822455D0A16\n!\ninterface GigabitEthernet0/0\n description to ISP\n ip address 203.0.113.2 255.255.255.252\n ip nat outside\n!\ninterface GigabitEthernet0/1\n ip address 10.102.41.254 255.255.255.0\n ip nat inside\n!\ninterface GigabitEthernet0/2\n ip address 10.9.9.9 255.255.255.0\n shutdown\n!\nip nat inside source static tcp 10.102.41.1 3389 interface GigabitEthernet0/0 3389\nip route 0.0.0.0 0.0.0.0 203.0.113.1\nsnmp-server community Himitsu RO\nline vty 0 4\n password 7 0822455D0A16\n transport input telnet ssh\n!\nend\n";
        let (reading, told) = read(text);
        assert_eq!(
            (reading.kind, reading.source_hint.as_deref()),
            ("cisco-config", Some("config/RT-HOSYU"))
        );
        assert_eq!(
            told,
            [
                "7 host_report: hostname=RT-HOSYU gateway=203.0.113.1 -@203.0.113.2/30 -@10.102.41.254/24",
                "12 setting: setting=line setting_name=GigabitEthernet0/0 description=to ISP side=outside enabled=yes",
                "25 setting: setting=publication setting_name=static 10.102.41.1 tcp/3389 target=10.102.41.1 service=tcp/3389",
                "26 setting: setting=route setting_name=0.0.0.0/0 target=0.0.0.0/0 gateway=203.0.113.1",
                "30 setting: setting=admin_access setting_name=vty access=telnet access=ssh",
            ]
        );
        let masked = String::from_utf8(reading.masked.unwrap()).unwrap();
        for secret in ["Himitsu", "0822455D0A16", "$1$"] {
            assert!(!masked.contains(secret), "{secret}");
        }
    }

    #[test]
    fn tunnels_that_are_not_read_are_told_with_their_place() {
        let body = "Building configuration...\n!\nhostname RT\n!\ncrypto pki trustpoint x\ncrypto isakmp policy 1\n encr aes\ncrypto map M 10 ipsec-isakmp\ninterface Tunnel0\n ip address 10.0.0.1 255.255.255.252\nend\n";
        let (reading, _) = read(body);
        let told: Vec<_> =
            reading.warnings.iter().map(|w| (w.place.row, w.message.clone())).collect();
        assert_eq!(told, [(6, domain::msg!("network.tunnels_unread", count = 3))]);
        let (plain, _) = read("Building configuration...\n!\nhostname RT\n!\ncrypto key x\nend\n");
        assert!(plain.warnings.is_empty());
    }
}
