//! `show arp` of AlliedWare Plus (Allied Telesis).
//!
//! ```text
//!  IP Address      MAC Address     Interface    Port        Type
//! 192.0.2.254     0000.cd37.06aa  vlan10       sa1         dynamic
//! ```

use super::{Card, DeviceArp, Holder, Row, begins};

pub(super) const ARP: DeviceArp = DeviceArp {
    kind: "alliedware-plus-arp",
    // Newer versions call the card the link layer's address.
    is_header: |line| {
        let rest = ["Address", "Interface", "Port", "Type"];
        ["MAC", "LL"]
            .iter()
            .any(|card| begins(line, &[&["IP", "Address", *card][..], &rest].concat()))
    },
    is_title: |_| false,
    row,
    is_telling: |_| false,
};

fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    let (address, card) = (words.next()?.parse().ok()?, Card::parse(words.next()?)?);
    let holder = match words.last()? {
        "dynamic" => Holder::Other,
        "static" => Holder::Static,
        // Entries without an answer may end before the type.
        _ if card == Card::Incomplete => Holder::Other,
        _ => return None,
    };
    Some(Row { address, card, holder })
}
