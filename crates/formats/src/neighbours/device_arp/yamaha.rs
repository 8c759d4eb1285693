//! `show arp` of Yamaha routers, whose labels are Japanese or English by `console character`.
//!
//! ```text
//! カウント数: 3
//! インタフェース  IPアドレス       MACアドレス        TTL(秒)
//! LAN1(port1)     192.0.2.2        00:1b:21:00:00:02  1157
//! ```

use super::{Card, DeviceArp, Holder, Row};

pub(super) const ARP: DeviceArp =
    DeviceArp { kind: "yamaha-arp", is_header, is_title, row, is_telling };

/// Interface, address, card and time to live, in the words of either language.
fn is_header(line: &str) -> bool {
    let line = line.to_lowercase();
    let begins = ["インタフェース", "インターフェース", "interface"]
        .iter()
        .any(|word| line.trim_start().starts_with(word));
    begins && ["ip", "mac", "ttl"].iter().all(|word| line.contains(word))
}

/// The number of entries: `カウント数: 3`.
fn is_title(line: &str) -> bool {
    line.rsplit_once(':').is_some_and(|(label, number)| {
        let number = number.trim();
        let is_count = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_count
            && ["カウント", "count", "number of"]
                .iter()
                .any(|word| label.to_lowercase().contains(word))
    })
}

fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    let _interface = words.next()?;
    let (address, card) = (words.next()?.parse().ok()?, Card::parse(words.next()?)?);
    let holder = match words.next()? {
        "permanent" => Holder::Static,
        seconds if seconds.bytes().all(|byte| byte.is_ascii_digit()) => Holder::Other,
        _ => return None,
    };
    Some(Row { address, card, holder })
}

/// Rows on `LAN1` and its like are Yamaha's even where the labels were lost.
fn is_telling(line: &str) -> bool {
    let lan = line.trim_start().strip_prefix("LAN");
    lan.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) && row(line).is_some()
}
