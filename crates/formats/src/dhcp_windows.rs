//! Leases of a Windows DHCP server: `Get-DhcpServerv4Lease | Export-Csv`, and the console's list export.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use domain::{
    Binding, Completeness, Coverage, FactsBuilder, Field, ImportId, MacAddress, Network,
    Observation, ObservationKind, Place, msg,
};
use jiff::Timestamp;

use crate::columns::{self, Column};
use crate::table::{Row, SheetInfo};
use crate::tables::book::Book;
use crate::values::{date, name, text};

/// A lease table, while its rows pass.
#[derive(Debug)]
pub(crate) struct DhcpTable {
    address: u16,
    scope: u16,
    state: u16,
    client: u16,
    host: u16,
    description: u16,
    end: u16,
    server: u16,
    servers: Vec<Ipv4Addr>,
    /// The lowest and highest address of each scope.
    scopes: BTreeMap<Ipv4Addr, (Ipv4Addr, Ipv4Addr)>,
    facts: FactsBuilder,
}

/// What the server says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    ActiveReservation,
    Declined,
    Expired,
    InactiveReservation,
    Offered,
}

impl DhcpTable {
    pub(crate) fn new(columns: &[Column]) -> Self {
        let column = |words: &[&str]| {
            let is = |column: &&Column| {
                words.iter().any(|word| columns::key(word) == columns::key(&column.own))
            };
            columns.iter().find(is).map_or(0, |column| column.number)
        };
        Self {
            address: column(&["IPAddress", "クライアント IP アドレス", "Client IP Address"]),
            scope: column(&["ScopeId"]),
            state: column(&["AddressState"]),
            client: column(&["ClientId", "一意の ID", "Unique ID"]),
            host: column(&["HostName", "名前", "Name"]),
            description: column(&["Description", "説明"]),
            end: column(&["LeaseExpiryTime", "リースの有効期限", "Lease Expiration"]),
            server: column(&["ServerIP"]),
            servers: Vec::new(),
            scopes: BTreeMap::new(),
            facts: FactsBuilder::new(),
        }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        if row.is_blank() {
            return book.reading.skip("blank_rows");
        }
        let place = row.place(sheet);
        let Ok(address) = row.text(self.address).trim().parse::<Ipv4Addr>() else {
            let text = row.text(self.address);
            book.warn(place, msg!("dhcp.address_malformed", text = text));
            return book.reading.skip("rows_without_address");
        };
        let Some(state) = self.state(row) else {
            let text = row.text(self.state);
            book.warn(place, msg!("dhcp.state_unknown", address = address, text = text));
            return book.reading.skip("rows_without_state");
        };
        book.reading.rows += 1;
        book.reading.count("leases", 1);
        self.look_at(row, address);
        self.read(book, &place, row, address, state);
    }

    fn read(&mut self, book: &mut Book, place: &Place, row: &Row, address: Ipv4Addr, state: State) {
        let mac = client_mac(row.text(self.client));
        match state {
            State::Declined => {
                book.reading.count("declined", 1);
                book.warn(place.clone(), msg!("dhcp.address_conflict", address = address));
                self.push(
                    book,
                    place,
                    row,
                    ObservationKind::AddressConflict,
                    address,
                    None,
                    "declined",
                );
            }
            State::ActiveReservation | State::InactiveReservation => {
                book.reading.count("reservations", 1);
                self.push(book, place, row, ObservationKind::Reservation, address, mac, "reserved");
                if state == State::ActiveReservation {
                    self.push(book, place, row, ObservationKind::Lease, address, mac, "active");
                }
            }
            State::Active => {
                book.reading.count("active", 1);
                self.push(book, place, row, ObservationKind::Lease, address, mac, "active");
            }
            // Neither says that anybody is there: one was, the other has not answered yet.
            State::Expired => {
                book.reading.count("expired", 1);
                book.reading.skip("expired_leases");
            }
            State::Offered => {
                book.reading.count("offered", 1);
                book.reading.skip("offered_leases");
            }
        }
        if mac.is_none() && state != State::Declined {
            let text = row.text(self.client);
            book.warn(
                place.clone(),
                msg!("dhcp.client_without_mac", address = address, text = text),
            );
        }
    }

    fn state(&self, row: &Row) -> Option<State> {
        let host = row.text(self.host).trim();
        if host.eq_ignore_ascii_case("BAD_ADDRESS") {
            return Some(State::Declined);
        }
        if self.state == 0 {
            return Some(listed_state(row.text(self.end)));
        }
        match row.text(self.state).trim().to_ascii_lowercase().as_str() {
            "active" => Some(State::Active),
            "activereservation" => Some(State::ActiveReservation),
            "declined" => Some(State::Declined),
            "expired" => Some(State::Expired),
            "inactivereservation" => Some(State::InactiveReservation),
            "offered" => Some(State::Offered),
            _ => None,
        }
    }

    /// Remembers which scope and server the row speaks of.
    fn look_at(&mut self, row: &Row, address: Ipv4Addr) {
        if let Ok(scope) = row.text(self.scope).trim().parse::<Ipv4Addr>() {
            let (low, high) = self.scopes.entry(scope).or_insert((address, address));
            *low = address.min(*low);
            *high = address.max(*high);
        }
        if let Ok(server) = row.text(self.server).trim().parse::<Ipv4Addr>()
            && !self.servers.contains(&server)
        {
            self.servers.push(server);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one statement of a lease has these parts")]
    fn push(
        &mut self,
        book: &mut Book,
        place: &Place,
        row: &Row,
        kind: ObservationKind,
        address: Ipv4Addr,
        mac: Option<MacAddress>,
        state: &str,
    ) {
        self.facts.add(Field::LeaseState, state);
        if kind != ObservationKind::AddressConflict {
            let written = row.text(self.host).trim();
            let (host, domain) = name::host_and_domain(written);
            if !host.is_empty() {
                self.facts.add_written(Field::Hostname, host, written);
            }
            self.facts.add(Field::Domain, domain.unwrap_or_default());
        }
        if kind == ObservationKind::Lease {
            self.add_end(book, place, row);
        }
        self.facts.add(Field::Remark, &text::tidy(row.text(self.description)));
        let binding = Binding { mac, address: Some(IpAddr::V4(address)), prefix: None };
        let facts = self.facts.finish();
        let observation =
            Observation { place: place.clone(), kind, bindings: vec![binding], facts };
        book.reading.observations.push(observation);
    }

    fn add_end(&mut self, book: &mut Book, place: &Place, row: &Row) {
        let written = row.text(self.end).trim();
        if written.is_empty() || written.starts_with("予約") || written.starts_with("Reservation")
        {
            return;
        }
        match date::local_time(written) {
            Some(end) => drop(self.facts.add_written(Field::LeaseEnd, &end.to_string(), written)),
            None => book.warn(place.clone(), msg!("dhcp.end_not_read", text = written)),
        }
    }

    /// The table is done: which networks the server speaks for, and which server it was.
    pub(crate) fn end(self, book: &mut Book) {
        if let [server] = self.servers.as_slice() {
            book.reading.source_hint = Some(format!("dhcp/{server}"));
        } else if self.servers.len() > 1 {
            book.warn(
                Place::DOCUMENT,
                msg!("dhcp.several_servers", servers = self.servers.clone()),
            );
        }
        let vantage = self.servers.first().copied().filter(|_| self.servers.len() == 1);
        for (scope, (low, high)) in self.scopes {
            book.reading.coverage.push(Coverage {
                import: ImportId(0),
                network: scope_network(scope, low, high),
                vantage,
                at: Timestamp::UNIX_EPOCH,
                completeness: Completeness::Leases,
            });
        }
    }
}

/// The smallest network that starts at the scope's id and holds its addresses, but no smaller than a /24.
///
/// The export does not tell the mask. Where the id is no base of such a network, only what it can be the base of.
fn scope_network(scope: Ipv4Addr, low: Ipv4Addr, high: Ipv4Addr) -> Network {
    let spanning = Network::spanning(scope, high.max(low)).prefix().min(24);
    let starts_here = |prefix: &u8| Network::of(scope, *prefix).first() == scope;
    let prefix = (spanning..=32).find(starts_here).unwrap_or(32);
    Network::of(scope, prefix)
}

/// The state of a row in the console's list, which tells it in the column of the lease's end.
fn listed_state(end: &str) -> State {
    let end = text::tidy(end);
    let reserved = end.starts_with("予約") || end.starts_with("Reservation");
    let inactive = end.contains("非アクティブ") || end.contains("inactive");
    match (reserved, inactive) {
        (true, true) => State::InactiveReservation,
        (true, false) => State::ActiveReservation,
        _ => State::Active,
    }
}

/// The card of a client id: six bytes, or seven that begin with hardware type 1 (RFC 2132 section 9.14). Anything else is none.
pub(crate) fn client_mac(text: &str) -> Option<MacAddress> {
    let text = text.trim();
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ':' | '.' | ' ')).collect();
    let digits = match digits.len() {
        12 => digits.as_str(),
        14 => digits.strip_prefix("01")?,
        _ => return None,
    };
    digits.parse::<MacAddress>().ok().filter(|mac| !mac.is_group() && !mac.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_bytes_are_a_card() {
        for (text, mac) in [
            ("00-00-0e-92-0e-df", Some("00-00-0e-92-0e-df")),
            ("01-00-00-0e-92-0e-df", Some("00-00-0e-92-0e-df")),
            ("001b21000064", Some("00-1b-21-00-00-64")),
            ("42-41-44-5f-41-44-44-52", None),
            ("c70200c0", None),
            ("ff-00-00-0e-92-0e-df", None),
            ("", None),
        ] {
            assert_eq!(client_mac(text).map(|mac| mac.to_string()).as_deref(), mac, "{text}");
        }
    }

    #[test]
    fn a_scope_is_at_least_a_24_and_grows_with_its_addresses() {
        let network = |scope: [u8; 4], low: [u8; 4], high: [u8; 4]| {
            scope_network(scope.into(), low.into(), high.into()).to_string()
        };
        assert_eq!(network([10, 1, 1, 0], [10, 1, 1, 20], [10, 1, 1, 30]), "10.1.1.0/24");
        assert_eq!(network([10, 1, 2, 0], [10, 1, 2, 20], [10, 1, 3, 30]), "10.1.2.0/23");
        assert_eq!(network([10, 1, 1, 128], [10, 1, 1, 130], [10, 1, 1, 140]), "10.1.1.128/25");
    }

    #[test]
    fn the_consoles_list_tells_reservations_in_the_column_of_the_end() {
        assert_eq!(listed_state("予約 (アクティブ)"), State::ActiveReservation);
        assert_eq!(listed_state("予約 (非アクティブ)"), State::InactiveReservation);
        assert_eq!(listed_state("2026/11/28 9:12:44"), State::Active);
    }
}
