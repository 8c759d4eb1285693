//! `show mac address-table`: which card hangs on which port of a switch.
//!
//! Makers and versions put the words in different orders; the header says which. Entries of the switch itself (CPU, Router) are no
//! devices, nor are static ones, which a person wrote or which name a group.

use domain::{Binding, FactsBuilder, Field, MacAddress, Observation, ObservationKind, Place};

use super::gathering::{DeviceFormat, Gathering, Part};
use crate::reader::Head;
use crate::reading::Score;
use crate::terminal;

/// The tables of one maker.
pub(super) struct MacTable {
    kind: &'static str,
    family: &'static str,
    layouts: &'static [Layout],
}

/// The order of words that a header announces.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// The header's words, in lower case.
    header: &'static [&'static str],
    order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// VLAN, card, type, …, port.
    PortLast,
    /// Card, type, VLAN, port.
    CardFirst,
    /// VLAN, card, port, type.
    TypeLast,
    /// VLAN, port, card, what is done, type.
    PortFirst,
    /// Card, port, VLAN perhaps.
    CardPort,
}

pub(super) const CISCO: MacTable = MacTable {
    kind: "cisco-mac-table",
    family: "cisco",
    layouts: &[
        Layout { header: &["vlan", "mac", "address", "type"], order: Order::PortLast },
        Layout {
            header: &["destination", "address", "address", "type", "vlan"],
            order: Order::CardFirst,
        },
        Layout { header: &["vlan", "mac", "address", "port", "type"], order: Order::TypeLast },
    ],
};

pub(super) const ALLIED: MacTable = MacTable {
    kind: "alliedware-plus-mac-table",
    family: "alliedware-plus",
    layouts: &[Layout { header: &["vlan", "port", "mac"], order: Order::PortFirst }],
};

pub(super) const PROCURVE: MacTable = MacTable {
    kind: "procurve-mac-table",
    family: "procurve",
    layouts: &[
        Layout { header: &["mac", "address", "port"], order: Order::CardPort },
        Layout { header: &["mac", "address", "located", "on", "port"], order: Order::CardPort },
    ],
};

impl MacTable {
    fn layout(&self, line: &str) -> Option<Order> {
        // Lists of other tools have such columns too, with marks between them.
        if line.contains(['\t', ',', ';']) {
            return None;
        }
        let lower = line.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '|' | '+'))
            .filter(|word| !word.is_empty())
            .take(8)
            .collect();
        self.layouts
            .iter()
            .find(|layout| words.starts_with(layout.header))
            .map(|layout| layout.order)
    }
}

impl DeviceFormat for MacTable {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn family(&self) -> &'static str {
        self.family
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| {
            if self.layout(&terminal::clean(line)).is_some() { Score::Certain } else { Score::No }
        })
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let mut order = None;
        for line in part.lines() {
            let text = terminal::clean(line.text);
            if text.trim().is_empty() {
                continue;
            }
            if let Some(found) = self.layout(&text) {
                order = Some(found);
                into.reading.skip("title");
                continue;
            }
            match order.and_then(|order| Entry::read(&text, order)) {
                Some(entry) if line.ended || order == Some(Order::PortFirst) => {
                    into.reading.rows += 1;
                    take(entry, line.number, into);
                }
                Some(_) => into.unreadable(line.number, &text),
                None if has_card(&text) => into.unreadable(line.number, &text),
                None => into.reading.skip("title"),
            }
        }
    }
}

/// Whether a line holds a card, so that it should have been an entry.
fn has_card(text: &str) -> bool {
    text.split_whitespace().any(|word| word.len() >= 12 && word.parse::<MacAddress>().is_ok())
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry<'a> {
    mac: MacAddress,
    vlan: Option<&'a str>,
    port: &'a str,
    learned: bool,
}

impl<'a> Entry<'a> {
    fn read(text: &'a str, order: Order) -> Option<Self> {
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| !matches!(*word, "*" | "+" | "|" | "G" | "R" | "C" | "O" | "~"))
            .collect();
        let at =
            words.iter().position(|word| word.len() >= 12 && word.parse::<MacAddress>().is_ok())?;
        let mac = words.get(at)?.parse().ok()?;
        let (before, after) = (words.get(..at)?, words.get(at + 1..)?);
        let kind = words.iter().find_map(|word| type_of(word));
        let vlan_before = before.iter().copied().find(|word| is_vlan(word));
        let entry = |vlan, port, learned| Some(Self { mac, vlan, port, learned });
        match order {
            Order::PortLast => {
                entry(vlan_before, after.iter().copied().rev().find(|word| is_port(word))?, kind?)
            }
            Order::CardFirst => entry(
                after.iter().copied().find(|word| is_vlan(word)),
                after.last().copied().filter(|word| is_port(word))?,
                kind?,
            ),
            Order::TypeLast => entry(vlan_before, after.first().copied()?, kind?),
            Order::PortFirst => entry(vlan_before, before.get(1).copied()?, kind?),
            Order::CardPort => entry(
                after.get(1).copied().filter(|word| is_vlan(word)),
                after.first().copied()?,
                true,
            ),
        }
    }
}

/// Whether a word says that the switch learned the entry by itself.
fn type_of(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "dynamic" | "secure" => Some(true),
        "static" | "self" | "permanent" | "multicast" | "igmp" | "ipx" | "system"
        | "management" => Some(false),
        _ => None,
    }
}

fn is_vlan(word: &str) -> bool {
    word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word is a port: not the type, nor a flag, an age or a list of protocols.
fn is_port(word: &str) -> bool {
    type_of(word).is_none()
        && !word.contains(',')
        && !matches!(
            word,
            "-" | "F" | "T" | "Yes" | "No" | "NA" | "~~~" | "ip" | "other" | "assigned"
        )
}

/// Whether the port is the switch itself.
fn is_self(port: &str) -> bool {
    let port = port.to_ascii_lowercase();
    ["cpu", "router", "switch", "self", "sup-eth", "vpc", "drop", "stby-switch", "igmp"]
        .iter()
        .any(|own| port.starts_with(own))
}

fn take(entry: Entry<'_>, line: u32, into: &mut Gathering) {
    if is_self(entry.port) {
        into.reading.count("cpu", 1);
        return into.reading.skip("own_entry");
    }
    if !entry.learned {
        into.reading.count("static_entries", 1);
        return into.reading.skip("static_entry");
    }
    into.reading.count("dynamic", 1);
    if entry.mac.is_group() || entry.mac.is_zero() {
        return into.reading.skip("broadcast_multicast");
    }
    if entry.mac.is_virtual_router() {
        return into.reading.skip("virtual_router");
    }
    let mut facts = FactsBuilder::new();
    facts.add_written(Field::Port, &short_port(entry.port), entry.port);
    facts.add(Field::Vlan, entry.vlan.unwrap_or_default());
    into.see(Observation {
        place: Place::line(line),
        kind: ObservationKind::PortEntry,
        bindings: vec![Binding { mac: Some(entry.mac), address: None, prefix: None }],
        facts: facts.finish(),
    });
}

/// The short writing of a Cisco port, by which answers of one switch can be compared: `Te1/1/1` for `TenGigabitEthernet1/1/1`.
pub(super) fn short_port(port: &str) -> String {
    const LONG: [(&str, &str); 11] = [
        ("GigabitEthernet", "Gi"),
        ("TenGigabitEthernet", "Te"),
        ("FastEthernet", "Fa"),
        ("TwoGigabitEthernet", "Tw"),
        ("FiveGigabitEthernet", "Fi"),
        ("TwentyFiveGigE", "Twe"),
        ("FortyGigabitEthernet", "Fo"),
        ("HundredGigE", "Hu"),
        ("Port-channel", "Po"),
        ("port-channel", "Po"),
        ("Ethernet", "Eth"),
    ];
    let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let short = LONG.iter().find_map(|(long, short)| {
        let rest = port.strip_prefix(long).filter(|rest| is_number(rest))?;
        Some(format!("{short}{rest}"))
    });
    short.unwrap_or_else(|| port.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    fn check(text: &str, kind: &str, entries: &[&str]) {
        let (reading, told) = read(text);
        assert_eq!(
            (reading.kind, told.as_slice()),
            (kind, entries.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice()),
            "{text}"
        );
    }

    #[test]
    fn every_layout_of_cisco_gives_the_same_entry() {
        let expected = |line: u32, port: &str| {
            format!("{line} port_entry: port={port} vlan=10 00-1b-21-00-00-21@-")
        };
        for (text, line, port) in [
            (
                "Vlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n  10    001b.2100.0021    DYNAMIC     Gi1/0/7\n",
                3,
                "Gi1/0/7",
            ),
            (
                "Destination Address  Address Type  VLAN  Destination Port\n-------------------  ------------  ----  --------------------\n001b.2100.0021        Dynamic         10     FastEthernet0/24\n",
                3,
                "Fa0/24",
            ),
            (
                "Legend: * - primary entry\n  vlan   mac address     type    learn     age              ports\n------+----------------+--------+-----+----------+--------------------------\n*   10  001b.2100.0021   dynamic  Yes          5   Gi1/1\n*  777  0000.0c07.ac01    static  No           -   Router\n",
                4,
                "Gi1/1",
            ),
            (
                "Unicast Entries\n vlan   mac address     type        protocols               port\n-------+---------------+--------+---------------------+--------------------\n  10    001b.2100.0021   dynamic ip,ipx,assigned,other GigabitEthernet3/1\n",
                4,
                "Gi3/1",
            ),
            (
                "   VLAN     MAC Address      Type      age     Secure NTFY Ports\n---------+-----------------+--------+---------+------+----+------------------\n* 10       001b.2100.0021   dynamic  0         F      F    Eth1/1\nG   -      0000.0c9f.f001   static   -         F      F    sup-eth1(R)\n",
                3,
                "Eth1/1",
            ),
            (
                "  Vlan        Mac Address         Port       Type\n------------ ------------------- ---------- ----------\n     10       00:1b:21:00:00:21     gi7      dynamic\n      1       00:1d:45:00:00:01      0         self\n",
                3,
                "gi7",
            ),
        ] {
            check(text, "cisco-mac-table", &[&expected(line, port)]);
        }
    }

    #[test]
    fn the_tables_of_other_makers() {
        check(
            "VLAN port             mac            fwd\n10   port1.0.7    001b.2100.0021   forward   dynamic\n1    CPU          0000.cd37.0001   forward   static\n",
            "alliedware-plus-mac-table",
            &["2 port_entry: port=port1.0.7 vlan=10 00-1b-21-00-00-21@-"],
        );
        check(
            "\n Status and Counters - Port Address Table\n\n  MAC Address   Port  VLAN\n  ------------- ----- ----\n  001b21-000021 Trk1  10\n",
            "procurve-mac-table",
            &["6 port_entry: port=Trk1 vlan=10 00-1b-21-00-00-21@-"],
        );
    }

    #[test]
    fn the_switch_itself_groups_and_cut_rows_are_no_devices() {
        let head = "Vlan    Mac Address       Type        Ports\n";
        let text = format!(
            "{head} All    0100.0ccc.cccc    STATIC      CPU\n  10    001b.2100.0021    STATIC     Gi1/0/7\n  10    0000.0c07.ac0a    DYNAMIC     Gi1/0/8\n  10    001b.2100.0022    DYNAMIC     Gi1/0"
        );
        let (reading, told) = read(&text);
        assert!(told.is_empty(), "{told:?}");
        assert_eq!((reading.counts["cpu"], reading.counts["static_entries"]), (1, 1));
        let keys: Vec<&str> =
            reading.warnings.iter().map(|warning| &*warning.message.key).collect();
        assert_eq!(keys, ["network.unreadable"]);
    }

    #[test]
    fn a_table_that_does_not_name_its_switch_is_asked_about() {
        let text = "SW1#\nVlan    Mac Address       Type        Ports\n  10    001b.2100.0021    DYNAMIC     Gi1/0/7\n";
        let (reading, _) = read(text);
        assert_eq!(reading.questions.len(), 1);
        let log = format!("CORE-SW1#show mac address-table\n{}CORE-SW1#", &text[5..]);
        let (reading, told) = read(&log);
        assert_eq!(reading.kind, "cisco-session");
        assert_eq!(
            told[1],
            "3 port_entry: switch=CORE-SW1 port=Gi1/0/7 vlan=10 00-1b-21-00-00-21@-"
        );
        assert!(reading.questions.is_empty());
    }

    #[test]
    fn long_and_short_names_of_a_port_are_one() {
        assert_eq!(short_port("TenGigabitEthernet1/1/1"), "Te1/1/1");
        assert_eq!(short_port("Port-channel1"), "Po1");
        assert_eq!(short_port("Ethernet1/1"), "Eth1/1");
        assert_eq!(short_port("port1.0.7"), "port1.0.7");
    }
}
