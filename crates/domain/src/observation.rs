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
        /// One run of a backup job, or one copy it left. Names no device.
        BackupRun = "backup_run",
        /// A row of the console that looks after malware protection.
        ConsoleRow = "console_row",
        /// A person's own entry.
        Hand = "hand",
        /// What a machine says of itself: ipconfig, systeminfo, show version, the head of a configuration.
        HostReport = "host_report",
        /// A row of a tool that collects by itself: an asset tool with agents, a directory, a management service.
        InventoryRow = "inventory_row",
        /// A lease that a DHCP server gave.
        Lease = "lease",
        /// A row of a ledger.
        LedgerRow = "ledger_row",
        /// A neighbour that a network device knows by CDP or LLDP.
        LinkNeighbour = "link_neighbour",
        /// Another machine, seen in a neighbour table (ARP, ND).
        Neighbour = "neighbour",
        /// The machine that looked: its own addresses, which no neighbour table lists.
        Observer = "observer",
        /// A card on a port of a switch: an entry of its MAC address table.
        PortEntry = "port_entry",
        /// A row of another register that people keep by hand (NetBox, Snipe-IT): a declaration, but not the ledger the ministry asks for.
        RegisterRow = "register_row",
        /// An address that a DHCP server keeps for one machine.
        Reservation = "reservation",
        /// One trial of bringing a backup back. Names no device.
        RestoreTest = "restore_test",
        /// A host that a scanner found, with its open ports.
        ScanHost = "scan_host",
        /// One thing that a scanner says of the host before it in the same document. Names no device.
        ScanItem = "scan_item",
        /// One setting of the device whose report stands before it in the same document. Names no device.
        Setting = "setting",
    }
}

impl ObservationKind {
    /// Whether such a statement is of a device of its own. The others tell of an address, a job, or of the device whose
    /// [`ObservationKind::is_head`] stands before them in the same document.
    pub fn names_a_device(self) -> bool {
        !matches!(
            self,
            Self::AddressConflict
                | Self::BackupRun
                | Self::RestoreTest
                | Self::ScanItem
                | Self::Setting
        )
    }

    /// Whether what follows it in the same document may tell of it: settings follow their device, scan items their host.
    pub fn is_head(self) -> bool {
        matches!(self, Self::HostReport | Self::ScanHost)
    }

    /// Whether somebody met the device on the network, or the device itself reported. A console or a directory only remembers it.
    pub fn is_sighting(self) -> bool {
        matches!(
            self,
            Self::HostReport
                | Self::Lease
                | Self::LinkNeighbour
                | Self::Neighbour
                | Self::Observer
                | Self::PortEntry
                | Self::ScanHost
        )
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
