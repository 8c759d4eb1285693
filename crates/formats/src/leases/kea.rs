//! The lease file of Kea's memfile backend (Kea Administrator Reference Manual, "Memfile"): a CSV that only grows, and in which
//! the last row of an address counts.
//!
//! No cell is quoted: a comma within one is written `&#x2c`.

use std::net::Ipv4Addr;

use domain::{Place, msg};

use super::{Collector, Lease, State, local_of_epoch};
use crate::dhcp_windows::client_mac;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};

/// The reader of Kea's lease file for IPv4.
#[derive(Debug)]
pub struct KeaLeases;

impl Reader for KeaLeases {
    fn kind(&self) -> &'static str {
        "kea-memfile-lease4"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let first = head.lines().find(|line| !line.text.trim().is_empty());
        let is_ours = first.is_some_and(|line| Columns::of(line.text).is_some());
        if is_ours { Score::Certain } else { Score::No }
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut leases = Collector::new(self.kind(), 1);
        let mut columns = Columns::default();
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            // Files that were joined have the header again.
            if let Some(found) = Columns::of(line.text) {
                columns = found;
                leases.reading.skip("title");
                continue;
            }
            let place = Place::line(line.number);
            let cells: Vec<&str> = line.text.split(',').take(64).collect();
            match columns.lease(&mut leases, place.clone(), &cells) {
                Some(lease) => leases.add(lease),
                None => leases.unreadable(place, line.text),
            }
        }
        let figures = [
            ("unique", leases.unique()),
            ("declined", leases.with_state(State::Conflict)),
            ("expired_reclaimed", leases.with_state(RECLAIMED)),
        ];
        figures.into_iter().for_each(|(word, figure)| leases.reading.count(word, figure));
        leases.finish()
    }
}

/// Expired, and taken back by the server.
const RECLAIMED: State = State::Gone("expired_leases");

/// Where each column stands; newer versions have more of them.
#[derive(Debug, Default)]
struct Columns {
    count: usize,
    hwaddr: usize,
    client_id: usize,
    valid_lifetime: usize,
    expire: usize,
    hostname: usize,
    state: Option<usize>,
}

impl Columns {
    /// The columns of a header.
    fn of(line: &str) -> Option<Self> {
        let names: Vec<&str> = line.trim().split(',').take(64).collect();
        let at = |name| names.iter().position(|found| *found == name);
        if !line.starts_with("address,hwaddr,") {
            return None;
        }
        Some(Self {
            count: names.len(),
            hwaddr: at("hwaddr")?,
            client_id: at("client_id")?,
            valid_lifetime: at("valid_lifetime")?,
            expire: at("expire")?,
            hostname: at("hostname")?,
            state: at("state"),
        })
    }

    /// The lease of a row; none where it is short of a cell or holds no address.
    fn lease(&self, leases: &mut Collector, place: Place, cells: &[&str]) -> Option<Lease> {
        let address = cells.first()?.trim().parse::<Ipv4Addr>().ok()?;
        if cells.len() < self.count || self.count == 0 {
            return None;
        }
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().trim();
        let (card, client) = (cell(self.hwaddr), cell(self.client_id));
        let mut lease = Lease::new(place, address);
        lease.mac = client_mac(card).or_else(|| client_mac(client));
        lease.client = if card.is_empty() { client } else { card }.to_owned();
        lease.host = unescaped(cell(self.hostname));
        lease.end = local_of_epoch(cell(self.expire));
        if lease.end.is_none() {
            let message = msg!("dhcp.end_not_read", text = excerpt(cell(self.expire)));
            leases.reading.warn(lease.place.clone(), message);
        }
        lease.state = match self.state.map_or("0", cell) {
            "0" | "" => State::Active,
            "1" => State::Conflict,
            "2" => RECLAIMED,
            "3" => State::Gone("released_leases"),
            word => {
                let message = msg!("dhcp.state_unknown", address = address, text = excerpt(word));
                leases.reading.warn(lease.place.clone(), message);
                State::Gone("rows_without_state")
            }
        };
        // A lifetime of 0 is how the file says that the lease was deleted.
        if lease.state == State::Active && cell(self.valid_lifetime) == "0" {
            lease.state = State::Gone("deleted_leases");
        }
        Some(lease)
    }
}

/// `&#x2c` and its like, two hexadecimal digits each, as the characters they stand for.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("&#x");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (code, part.get(2..)) {
            (Some(code), Some(rest)) if code.is_ascii_graphic() || code == b' ' => {
                plain.push(char::from(code));
                plain.push_str(rest);
            }
            _ => {
                plain.push_str("&#x");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    const HEADER: &str = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";

    #[test]
    fn the_last_row_of_an_address_counts_and_a_lifetime_of_0_deletes() {
        let text = HEADER.to_owned()
            + "192.0.2.1,00:1b:21:00:00:01,,3600,1795046400,1,0,0,a,0,\n192.0.2.2,00:1b:21:00:00:02,,3600,1795046400,1,0,0,b&#x2c1.minato.local.,0,\n192.0.2.1,00:1b:21:00:00:01,,0,1795046400,1,0,0,a,0,\n"
            + HEADER
            + "192.0.2.3,,01:00:1b:21:00:00:03,3600,1795046400,1,0,0,,0,\n";
        let (reading, seen, told) = read(&KeaLeases, &text);
        let expected = [
            "lease 192.0.2.2 00-1b-21-00-00-02 b,1.minato.local 2026-11-19T09:00:00",
            "lease 192.0.2.3 00-1b-21-00-00-03 - 2026-11-19T09:00:00",
        ];
        assert_eq!((seen.as_slice(), told.len()), (expected.map(String::from).as_slice(), 0));
        assert_eq!((reading.skipped["superseded"], reading.skipped["deleted_leases"]), (1, 1));
    }

    #[test]
    fn what_is_declined_is_a_conflict_and_an_unknown_state_is_told() {
        let text = HEADER.to_owned()
            + "192.0.2.1,00:1b:21:00:00:01,,86400,1795132800,1,0,0,,1,\n192.0.2.2,,,86400,1795132800,1,0,0,,7,\n192.0.2.3,00:1b:21:00:00:03,,86400,17951\n";
        let (_, seen, told) = read(&KeaLeases, &text);
        assert_eq!(seen, ["address_conflict 192.0.2.1 - - -"]);
        assert_eq!(told, ["dhcp.state_unknown", "list.lease_unreadable", "dhcp.address_conflict"]);
    }

    #[test]
    fn old_files_without_a_state_are_read() {
        let text = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname\n192.0.2.1,00:1b:21:00:00:01,,3600,1795046400,1,0,0,pc\n";
        let (_, seen, _) = read(&KeaLeases, text);
        assert_eq!(seen, ["lease 192.0.2.1 00-1b-21-00-00-01 pc 2026-11-19T09:00:00"]);
    }

    #[test]
    fn escapes_stand_for_one_character_each() {
        for (written, plain) in [
            ("prn&#x2c09", "prn,09"),
            ("a&#x", "a&#x"),
            ("a&#x0ab", "a&#x0ab"),
            ("&#x2受", "&#x2受"),
        ] {
            assert_eq!(unescaped(written), plain);
        }
    }

    #[test]
    fn other_tables_are_not_known() {
        for text in
            ["address,hwaddr\n", "address,duid,valid_lifetime,expire\n", "IPAddress,ScopeId\n", ""]
        {
            assert_eq!(KeaLeases.recognise(&Head { text }), Score::No, "{text}");
        }
        assert_eq!(KeaLeases.recognise(&Head { text: HEADER }), Score::Certain);
    }
}
