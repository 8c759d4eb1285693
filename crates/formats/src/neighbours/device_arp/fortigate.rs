//! `get system arp` of FortiGate.
//!
//! ```text
//! Address           Age(min)   Hardware Addr      Interface
//! 192.0.2.4         0          00:1b:21:00:00:04 lan
//! ```

use super::{Card, DeviceArp, Holder, Row, begins};

pub(super) const ARP: DeviceArp = DeviceArp {
    kind: "fortigate-arp",
    is_header: |line| begins(line, &["Address", "Age(min)", "Hardware", "Addr"]),
    is_title: |_| false,
    row,
    is_telling: |_| false,
};

fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    let (address, age) = (words.next()?.parse().ok()?, words.next()?);
    let card = Card::parse(words.next()?)?;
    // The interface must follow the card: without it the line was cut.
    words.next()?;
    let holder = match age {
        "-" => Holder::Static,
        _ if age.bytes().all(|byte| byte.is_ascii_digit()) => Holder::Other,
        _ => return None,
    };
    Some(Row { address, card, holder })
}
