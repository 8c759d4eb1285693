//! `show arp` of HP ProCurve and ArubaOS-Switch.
//!
//! ```text
//!   IP Address      MAC Address       Type    Port
//!   --------------- ----------------- ------- ----
//!   192.0.2.11      0015b2-a45078     dynamic 2
//! ```

use super::{Card, DeviceArp, Holder, Row, begins, is_rule};

pub(super) const ARP: DeviceArp = DeviceArp {
    kind: "procurve-arp",
    is_header: |line| begins(line, &["IP", "Address", "MAC", "Address", "Type", "Port"]),
    is_title: |line| is_rule(line) || begins(line, &["IP", "ARP", "table"]),
    row,
    is_telling: |_| false,
};

fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    let (address, card) = (words.next()?.parse().ok()?, Card::parse(words.next()?)?);
    let holder = match words.next()? {
        "dynamic" => Holder::Other,
        "permanent" | "static" => Holder::Static,
        _ => return None,
    };
    Some(Row { address, card, holder })
}
