//! One interface's table: which network it shows.

use std::net::Ipv4Addr;

use domain::{AddressKind, Completeness, Coverage, ImportId, MacAddress, Network};
use jiff::Timestamp;

use super::line::Row;
use crate::neighbours::Outcome;

/// One network card of the machine that looked.
#[derive(Debug)]
pub(super) struct Interface {
    /// The line of its header.
    pub line: u32,
    /// The machine's own address on it.
    pub own: Ipv4Addr,
    /// A row with the broadcast card at an address of the network itself: the network's last address.
    broadcast: Option<Ipv4Addr>,
    /// Lowest and highest address of its neighbours.
    span: Option<(Ipv4Addr, Ipv4Addr)>,
    /// No row was read: Windows prints no header without rows, so the file was cut.
    pub is_empty: bool,
}

impl Interface {
    pub(super) fn new(line: u32, own: Ipv4Addr) -> Self {
        Self { line, own, broadcast: None, span: None, is_empty: true }
    }

    /// Takes from a row what it tells of the network.
    pub(super) fn learn(&mut self, row: &Row<'_>, outcome: Outcome) {
        self.is_empty = false;
        let address = row.address;
        if row.mac == Some(MacAddress::BROADCAST) && AddressKind::of(address).is_unicast() {
            self.broadcast = Some(address);
        }
        if outcome == Outcome::Host && !address.is_link_local() {
            let (low, high) = self.span.unwrap_or((address, address));
            self.span = Some((low.min(address), high.max(address)));
        }
    }

    /// The network it stands in, and how well it was seen; none where the address was made up for want of a DHCP server.
    pub(super) fn coverage(&self, completeness: Completeness) -> Option<Coverage> {
        if self.own.is_link_local() {
            return None;
        }
        let network = self.broadcast.and_then(|last| self.network_ending_at(last));
        Some(Coverage {
            import: ImportId(0),
            // Without a broadcast row nothing tells the mask; /24 is by far the most frequent, and a claim that is too small does no harm.
            network: network.unwrap_or_else(|| Network::of(self.own, 24)),
            vantage: Some(self.own),
            at: Timestamp::UNIX_EPOCH,
            completeness,
        })
    }

    /// The smallest network whose last address is `last`, and that holds the machine itself and all neighbours it knows.
    ///
    /// Half a /24 that ends in 255 is not thought of: it is rare, and its lower half would have to be empty by chance.
    fn network_ending_at(&self, last: Ipv4Addr) -> Option<Network> {
        let narrowest = if last.octets()[3] == 255 { 24 } else { 30 };
        let networks = (8..=narrowest).rev().map(|prefix| Network::of(last, prefix));
        let fitting = networks.filter(|network| network.last() == last && self.stands_in(*network));
        let holds = |network: &Network| {
            self.span.is_none_or(|(low, high)| network.contains(low) && network.contains(high))
        };
        fitting.clone().find(holds).or_else(|| fitting.clone().next())
    }

    /// Whether the machine can have its address in `network`, of which the lowest is nobody's.
    fn stands_in(&self, network: Network) -> bool {
        network.contains(self.own) && network.first() != self.own
    }
}
