//! `show ip route` of Yamaha routers: where they send what, and, by the routes of their own networks, which addresses they have.

use std::net::Ipv4Addr;

use domain::fold::half_width;
use domain::{Field, Network, SettingKind};

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;

/// The format.
pub(super) struct YamahaRoute;

impl DeviceFormat for YamahaRoute {
    fn kind(&self) -> &'static str {
        "yamaha-ip-route"
    }

    fn family(&self) -> &'static str {
        "yamaha"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| if is_header(line) { Score::Certain } else { Score::No })
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        for line in part.lines() {
            let text = line.text.trim();
            if text.is_empty() {
                continue;
            }
            if is_header(text) {
                into.reading.skip("title");
            } else if !row(line.number, text, into) {
                into.unreadable(line.number, text);
            }
        }
    }
}

/// Destination, gateway, interface, kind and additional information, in either language.
fn is_header(line: &str) -> bool {
    let line = half_width(line).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    has(&["destination", "宛先"])
        && has(&["gateway", "ゲートウェイ"])
        && has(&["interface", "インタフェース"])
        && has(&["kind", "種別"])
}

fn row(number: u32, text: &str, into: &mut Gathering) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [destination, gateway, interface, kind, ..] = words.as_slice() else { return false };
    let target = if *destination == "default" { "0.0.0.0/0" } else { destination };
    let Ok(network) = target.parse::<Network>() else { return false };
    into.reading.rows += 1;
    into.reading.count("routes", 1);
    match (*kind, gateway.parse::<Ipv4Addr>()) {
        // The gateway of one's own network is oneself.
        ("implicit", Ok(own)) => {
            into.bind_address(number, own, Some(network.prefix()));
            into.reading.skip("own_network");
        }
        ("static", gateway_address) => {
            let way = interface_name(interface);
            let way = gateway_address.map_or(way, |address| address.to_string());
            into.set_once(number, SettingKind::Route, target, |facts| {
                facts.add(Field::Target, target);
                facts.add_written(
                    Field::Gateway,
                    &way,
                    if *gateway == "-" { interface } else { gateway },
                );
            });
        }
        _ => into.reading.skip("dynamic_route"),
    }
    true
}

/// The interface as the configuration names it: `PP[01]` is `pp 1`.
fn interface_name(interface: &str) -> String {
    let lower = interface.to_lowercase();
    match lower.split_once('[') {
        Some((name, number)) => {
            let number = number.trim_end_matches(']').trim_start_matches('0');
            format!("{name} {number}").trim_end().to_owned()
        }
        None => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn own_networks_tell_own_addresses_in_japanese_too() {
        let text = "宛先ネットワーク    ゲートウェイ     インタフェース  種別  付加情報\ndefault             -                    PP[01]    static\n10.200.0.0/16       192.0.2.254            LAN1  static\n192.0.2.0/24        192.0.2.1            LAN1  implicit\n10.9.0.0/16       192.0.2.254            LAN1  OSPF  cost=1\n???\n";
        let (reading, told) = read(text);
        assert_eq!(
            told,
            [
                "4 host_report: -@192.0.2.1/24",
                "2 setting: setting=route setting_name=0.0.0.0/0 target=0.0.0.0/0 gateway=pp 1",
                "3 setting: setting=route setting_name=10.200.0.0/16 target=10.200.0.0/16 gateway=192.0.2.254",
            ]
        );
        assert_eq!((reading.counts["routes"], reading.skipped["dynamic_route"]), (4, 1));
        assert_eq!(reading.warnings.len(), 1);
    }
}
