//! IPv4 networks and what an address range means (RFC 1918, RFC 5735, RFC 6598).

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// An IPv4 network: an address with its host bits cleared, and a prefix length of 0 to 32 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    base: u32,
    prefix: u8,
}

/// The text is not `a.b.c.d/n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is written a.b.c.d/n with n from 0 to 32")]
pub struct NetworkError;

impl Network {
    /// The network of `prefix` bits that holds `address`; a prefix over 32 counts as 32.
    pub fn of(address: Ipv4Addr, prefix: u8) -> Self {
        let prefix = prefix.min(32);
        Self { base: u32::from(address) & mask(prefix), prefix }
    }

    /// The smallest network that holds both addresses.
    pub fn spanning(one: Ipv4Addr, other: Ipv4Addr) -> Self {
        let differing = u32::from(one) ^ u32::from(other);
        Self::of(one, differing.leading_zeros() as u8)
    }

    /// Whether `address` lies inside.
    pub fn contains(self, address: Ipv4Addr) -> bool {
        u32::from(address) & mask(self.prefix) == self.base
    }

    /// The number of leading bits that all members share.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// The lowest address.
    pub fn first(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base)
    }

    /// The highest address.
    pub fn last(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base | !mask(self.prefix))
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first(), self.prefix)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = text.trim().split_once('/').ok_or(NetworkError)?;
        let address: Ipv4Addr = address.parse().map_err(|_| NetworkError)?;
        let prefix: u8 = prefix.parse().map_err(|_| NetworkError)?;
        if prefix > 32 {
            return Err(NetworkError);
        }
        Ok(Self::of(address, prefix))
    }
}

/// What kind of address this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressKind {
    /// The limited broadcast address, or 0.0.0.0: nobody's own address.
    Broadcast,
    /// Reserved for documents (RFC 5737).
    Documentation,
    /// The host itself (RFC 5735).
    Loopback,
    /// Given by the host to itself when DHCP failed (RFC 3927).
    LinkLocal,
    /// A group (RFC 5771), or reserved (240/4).
    Multicast,
    /// For use inside an organisation (RFC 1918, RFC 6598).
    Private,
    /// Routed on the internet and registered to somebody.
    Public,
}

impl AddressKind {
    /// The kind of `address`.
    pub fn of(address: Ipv4Addr) -> Self {
        match address.octets() {
            [0, ..] | [255, 255, 255, 255] => Self::Broadcast,
            [127, ..] => Self::Loopback,
            [169, 254, ..] => Self::LinkLocal,
            [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Self::Documentation,
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Self::Private,
            [224..=255, ..] => Self::Multicast,
            _ => Self::Public,
        }
    }

    /// Whether one machine can hold such an address.
    pub fn is_unicast(self) -> bool {
        !matches!(self, Self::Broadcast | Self::Multicast | Self::Loopback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_first_and_last_address_only() {
        let network: Network = "10.100.11.7/23".parse().unwrap();
        assert_eq!(network.to_string(), "10.100.10.0/23");
        assert!(
            network.contains(Ipv4Addr::new(10, 100, 10, 0)) && network.contains(network.last())
        );
        assert!(!network.contains(Ipv4Addr::new(10, 100, 12, 0)));
    }

    #[test]
    fn the_whole_internet_and_one_host_are_networks_too() {
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains(Ipv4Addr::BROADCAST));
        assert_eq!("10.1.1.5/32".parse::<Network>().unwrap().last(), Ipv4Addr::new(10, 1, 1, 5));
    }

    #[test]
    fn two_addresses_span_the_smallest_network_that_holds_both() {
        let network =
            Network::spanning(Ipv4Addr::new(10, 100, 10, 70), Ipv4Addr::new(10, 100, 11, 255));
        assert_eq!(network.to_string(), "10.100.10.0/23");
    }

    #[test]
    fn a_malformed_network_is_refused() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "a/8"] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError), "{text}");
        }
    }

    #[test]
    fn address_kinds_follow_the_registries() {
        use AddressKind::*;
        for (address, kind) in [
            ("10.1.2.3", Private),
            ("172.31.0.1", Private),
            ("172.32.0.1", Public),
            ("11.200.31.1", Public),
            ("100.64.0.1", Private),
            ("192.0.2.1", Documentation),
            ("169.254.1.1", LinkLocal),
            ("224.0.0.22", Multicast),
            ("255.255.255.255", Broadcast),
            ("0.0.0.0", Broadcast),
        ] {
            assert_eq!(AddressKind::of(address.parse().unwrap()), kind, "{address}");
        }
    }
}
