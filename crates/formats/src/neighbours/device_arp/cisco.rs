//! `show ip arp` of Cisco IOS and IOS XE.
//!
//! ```text
//! Protocol  Address          Age (min)  Hardware Addr   Type   Interface
//! Internet  192.0.2.1               -   0000.0c12.3456  ARPA   Vlan10
//! ```

use super::{Card, DeviceArp, Holder, Row, begins};

pub(super) const ARP: DeviceArp = DeviceArp {
    kind: "cisco-ip-arp",
    is_header: |line| begins(line, &["Protocol", "Address"]) && line.contains("Age"),
    is_title: |line| line.trim_start().starts_with("Total number of entries"),
    row,
    is_telling: |_| false,
};

/// `Internet address age card type interface`; the interface is missing where nobody answered.
fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    if words.next()? != "Internet" {
        return None;
    }
    let (address, age, card) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
    // A word must follow the card: without one the line was cut.
    let (_, interface) = (words.next()?, words.next());
    let card = Card::parse(card)?;
    // An entry does not age where it is the device's own, or where a person wrote it: that one stands on no interface.
    let holder = match (age, interface) {
        ("-", Some(_)) => Holder::Own,
        ("-", None) => Holder::Unplaced,
        _ if is_age(age) => Holder::Other,
        _ => return None,
    };
    Some(Row { address, card, holder })
}

/// Minutes, or a time such as `00:12:31`.
fn is_age(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}
