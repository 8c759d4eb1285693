//! Observations (見えたこと): what one row, answer or lease says.

use std::net::IpAddr;

use crate::vocabulary::words;
use crate::{Facts, ImportId, MacAddress, Place};

words! {
    /// What kind of statement an observation is; the layer table of `reference` says what each feeds.
    ObservationKind {
        /// A DHCP server found an address taken by somebody it does not know (BAD_ADDRESS, a declined lease). Names no device.
        AddressConflict = "address_conflict",
        /// A row of an address table: host, address, remark.
        AddressRow = "address_row",
        /// A person's own entry.
        Hand = "hand",
        /// A lease that a DHCP server gave.
        Lease = "lease",
        /// A row of a ledger.
        LedgerRow = "ledger_row",
        /// Another machine, seen in a neighbour table (ARP, ND).
        Neighbour = "neighbour",
        /// The machine that looked: its own addresses, which no neighbour table lists.
        Observer = "observer",
        /// An address that a DHCP server keeps for one machine.
        Reservation = "reservation",
    }
}

/// A MAC and an address that were stated together; either may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Binding {
    /// The network card.
    pub mac: Option<MacAddress>,
    /// Its address.
    pub address: Option<IpAddr>,
    /// Prefix length that was written with the address.
    pub prefix: Option<u8>,
}

impl Binding {
    /// The address, where it is IPv4.
    pub fn ipv4(&self) -> Option<std::net::Ipv4Addr> {
        match self.address {
            Some(IpAddr::V4(address)) => Some(address),
            _ => None,
        }
    }
}

/// What one place of a document says of one device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Observation {
    /// Where it says so.
    pub place: Place,
    /// What kind of statement it is.
    pub kind: ObservationKind,
    /// Cards and addresses, one entry for each pair.
    pub bindings: Vec<Binding>,
    /// Everything else.
    pub facts: Facts,
}

/// Names an observation: an import, and the place in the order of its reading, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObservationRef {
    /// The import it came with.
    pub import: ImportId,
    /// Its number in that import.
    pub seq: u32,
}
