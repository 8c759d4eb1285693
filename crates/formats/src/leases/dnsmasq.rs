//! The lease file of dnsmasq, which many routers and small servers run: `expiry mac address name client-id` a line.
//!
//! After a line `duid …` the leases of DHCPv6 follow.  They name no card and are only counted.

use std::net::{Ipv4Addr, Ipv6Addr};

use domain::{MacAddress, Place, msg};

use super::{Collector, Lease, local_of_epoch};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Line, Text, excerpt};

/// The reader of dnsmasq's lease file.
#[derive(Debug)]
pub struct DnsmasqLeases;

impl Reader for DnsmasqLeases {
    fn kind(&self) -> &'static str {
        "dnsmasq-leases"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let mut leases = 0;
        for line in head.lines().filter(|line| !line.text.trim().is_empty()) {
            match Row::parse(line.text) {
                Some(Row::V4 { .. }) => leases += 1,
                Some(_) => {}
                // The head may end within a line.
                None if !line.ended => {}
                None => return Score::No,
            }
        }
        if leases > 0 { Score::Certain } else { Score::No }
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut leases = Collector::new(self.kind(), 1);
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            match Row::parse(line.text) {
                Some(Row::ServerId) => leases.reading.skip("server_id"),
                Some(Row::V4 { address, mac, expiry, name }) => {
                    add(&mut leases, line, address, mac, (expiry, name));
                }
                Some(Row::V6) => {
                    leases.reading.count("ipv6_rows_after_duid_line", 1);
                    leases.reading.skip("ipv6_leases");
                }
                None => leases.unreadable(Place::line(line.number), line.text),
            }
        }
        leases.finish()
    }
}

#[derive(Debug)]
enum Row<'a> {
    /// The server's own identifier.
    ServerId,
    V4 {
        address: Ipv4Addr,
        mac: &'a str,
        expiry: &'a str,
        name: &'a str,
    },
    V6,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().take(6).collect();
        match words.as_slice() {
            ["duid", _] => Some(Self::ServerId),
            [expiry, mac, address, name, _client] => {
                // A card behind another kind of network has the number of that kind before it: `06-…`.
                let is_card = mac.len() >= 17 && mac.contains(':');
                let is_time =
                    expiry.len() <= 12 && expiry.bytes().all(|byte| byte.is_ascii_digit());
                match address.parse::<Ipv4Addr>() {
                    Ok(address) if is_time && is_card => {
                        Some(Self::V4 { address, mac, expiry, name })
                    }
                    Ok(_) => None,
                    Err(_) => (is_time && address.parse::<Ipv6Addr>().is_ok()).then_some(Self::V6),
                }
            }
            _ => None,
        }
    }
}

fn add(
    leases: &mut Collector,
    line: Line<'_>,
    address: Ipv4Addr,
    mac: &str,
    (expiry, name): (&str, &str),
) {
    let mut lease = Lease::new(Place::line(line.number), address);
    lease.mac = mac.parse::<MacAddress>().ok();
    lease.client = mac.to_owned();
    leases.reading.count("ipv4", 1);
    match name {
        "*" => leases.reading.count("no_hostname", 1),
        name => lease.host = name.to_owned(),
    }
    match expiry {
        "0" => leases.reading.count("infinite", 1),
        expiry => lease.end = local_of_epoch(expiry),
    }
    if expiry != "0" && lease.end.is_none() {
        let message = msg!("dhcp.end_not_read", text = excerpt(expiry));
        leases.reading.warn(lease.place.clone(), message);
    }
    leases.add(lease);
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn a_lease_without_end_or_name_is_a_lease() {
        let text = "1795176000 00:1b:21:00:00:64 192.0.2.100 ofc-01.minato.local 01:00:1b:21:00:00:64\n0 00:26:73:00:00:65 192.0.2.101 * *\n";
        let (reading, seen, told) = read(&DnsmasqLeases, text);
        let expected = [
            "lease 192.0.2.100 00-1b-21-00-00-64 ofc-01 2026-11-20T21:00:00",
            "lease 192.0.2.101 00-26-73-00-00-65 - -",
        ];
        assert_eq!((seen.as_slice(), told.len()), (expected.map(String::from).as_slice(), 0));
        assert_eq!((reading.counts["infinite"], reading.counts["no_hostname"]), (1, 1));
    }

    #[test]
    fn a_card_of_another_kind_of_network_is_none() {
        let (_, seen, told) =
            read(&DnsmasqLeases, "0 20-00:00:00:00:00:00:00:01 192.0.2.9 ib *\nnonsense\n");
        assert_eq!(seen, ["lease 192.0.2.9 - ib -"]);
        assert_eq!(told, ["list.lease_unreadable", "dhcp.client_without_mac"]);
    }

    #[test]
    fn a_half_line_is_told_and_not_read() {
        for half in
            ["179517", "0 00:26:73:00:00:65 192.0.2.1", "0 00:26:73:00:00:65 192.0.2.101 pr"]
        {
            let text = format!("0 00:26:73:00:00:64 192.0.2.100 * *\n{half}");
            let (_, seen, told) = read(&DnsmasqLeases, &text);
            assert_eq!((seen.len(), told), (1, vec!["list.lease_unreadable".to_owned()]), "{half}");
        }
    }

    #[test]
    fn only_a_text_of_such_lines_alone_is_known() {
        let row = "0 00:26:73:00:00:65 192.0.2.101 * *\n";
        let known = |text: &str| DnsmasqLeases.recognise(&Head { text });
        assert_eq!(
            known(&format!("{row}duid 00:01\n1 2 2001:db8::1 a b\n{row}17")),
            Score::Certain
        );
        for text in [
            &format!("# cat leases\n{row}"),
            "duid 00:01\n1 2 2001:db8::1 a b\n",
            "1 2 192.0.2.1 a b\n",
            "one 00:26:73:00:00:65 192.0.2.101 * *\n",
            "",
        ] {
            assert_eq!(known(text), Score::No, "{text}");
        }
    }
}
