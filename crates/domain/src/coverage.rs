//! Coverage: which network was looked at, from where, how completely. Only inside it may one say "not seen".

use std::net::Ipv4Addr;

use jiff::Timestamp;

use crate::vocabulary::words;
use crate::{ImportId, Network};

words! {
    /// How much of the network the look could show.
    Completeness {
        /// Who a router or switch had forwarded for lately: it forgets the silent within minutes, so what is missing says nothing.
        Gateway = "gateway",
        /// Every holder of an address that a server gave out: says nothing of machines with fixed addresses.
        Leases = "leases",
        /// The neighbours one machine had spoken to lately: a sleeping machine is not in it.
        Neighbours = "neighbours",
        /// Every host that answered a scanner which asked the whole network and came to its end.
        Scan = "scan",
        /// The file was cut short: nothing may be concluded from what is missing.
        Truncated = "truncated",
    }
}

/// One look at one network.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coverage {
    /// Which import; readers leave it at 0 and `app` fills it in.
    pub import: ImportId,
    /// The network looked at.
    pub network: Network,
    /// The address it was looked at from.
    pub vantage: Option<Ipv4Addr>,
    /// When; readers leave it at the epoch and `app` fills in the capture time.
    pub at: Timestamp,
    /// How completely.
    pub completeness: Completeness,
}
