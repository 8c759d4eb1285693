//! Who registered the first half of a MAC address, and what such a maker's equipment usually is.
//!
//! Both are hints for a person who looks for a machine; neither is ever a sign of identity.

use std::collections::BTreeMap;

use crate::MacAddress;
use crate::vocabulary::words;

words! {
    /// What a card of this maker usually sits in.
    VendorRole {
        /// A router for homes and small offices, often with wireless.
        ConsumerRouter = "consumer_router",
        /// A firewall or VPN gateway.
        Firewall = "firewall",
        /// A telephone.
        Phone = "phone",
        /// A printer or multi-function machine.
        Printer = "printer",
        /// A router for businesses.
        Router = "router",
        /// A single-board computer.
        SingleBoardComputer = "single_board_computer",
        /// A switch, router or access point for businesses.
        Switch = "switch",
        /// A virtual machine.
        VirtualMachine = "virtual_machine",
        /// A wireless access point.
        WirelessAccessPoint = "wireless_access_point",
    }
}

/// The lengths of blocks the IEEE registers, longest first: MA-S and IAB, MA-M, MA-L.
pub const BLOCK_BITS: [u8; 3] = [36, 28, 24];

/// A block of addresses: its leading bits, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    /// How many bits are fixed: 24, 28 or 36.
    pub bits: u8,
    /// Those bits, right-aligned.
    pub prefix: u64,
}

impl Block {
    /// The block of `bits` bits that holds `mac`.
    pub fn of(mac: MacAddress, bits: u8) -> Self {
        let [a, b, c, d, e, f] = mac.0;
        let address = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        Self { bits, prefix: address >> 48u8.saturating_sub(bits) }
    }

    /// It as one number: how many bits, before the bits.
    fn number(self) -> u64 {
        u64::from(self.bits) << 48 | self.prefix
    }
}

/// Which vendor registered which block.
#[derive(Debug, Clone, Default)]
pub struct VendorTable {
    /// The names one after the other, and where each ends.
    names: String,
    ends: Vec<u32>,
    /// The blocks as numbers, sorted; and of each which of the names holds it. There are fifty thousand.
    blocks: Box<[u64]>,
    holders: Box<[u16]>,
}

impl VendorTable {
    /// The table of these vendors with their blocks. At most 65,536 vendors are kept.
    pub fn new<N: AsRef<str>>(vendors: impl IntoIterator<Item = (N, Vec<Block>)>) -> Self {
        let (mut names, mut ends, mut held) = (String::new(), Vec::new(), Vec::new());
        for ((name, blocks), number) in vendors.into_iter().zip(0..=u16::MAX) {
            names.push_str(name.as_ref());
            ends.push(names.len() as u32);
            held.extend(blocks.into_iter().map(|block| (block.number(), number)));
        }
        held.sort_unstable();
        names.shrink_to_fit();
        ends.shrink_to_fit();
        let (blocks, holders): (Vec<u64>, Vec<u16>) = held.into_iter().unzip();
        Self { names, ends, blocks: blocks.into(), holders: holders.into() }
    }

    /// The vendor that registered the narrowest block around `mac`; `None` for random, virtual-router and unregistered addresses.
    pub fn vendor(&self, mac: MacAddress) -> Option<&str> {
        if !mac.is_stable() {
            return None;
        }
        BLOCK_BITS.iter().find_map(|bits| self.holder(Block::of(mac, *bits)))
    }

    /// How many blocks the table holds.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    fn holder(&self, block: Block) -> Option<&str> {
        let at = self.blocks.binary_search(&block.number()).ok()?;
        self.name(usize::from(*self.holders.get(at)?))
    }

    fn name(&self, number: usize) -> Option<&str> {
        let before =
            number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.names.get(before as usize..*self.ends.get(number)? as usize)
    }
}

/// What the equipment of a maker usually is, by its block or by its name.
#[derive(Debug, Clone, Default)]
pub struct RoleTable {
    blocks: BTreeMap<Block, VendorRole>,
    /// Folded beginnings of vendor names.
    names: Vec<(Box<str>, VendorRole)>,
}

impl RoleTable {
    /// Says that the cards of a block usually sit in such a thing. Stronger than the name.
    pub fn add_block(&mut self, block: Block, role: VendorRole) {
        self.blocks.insert(block, role);
    }

    /// Says that the cards of vendors whose name begins so usually sit in such a thing.
    pub fn add_name(&mut self, beginning: &str, role: VendorRole) {
        self.names.push((crate::fold(beginning).into(), role));
    }

    /// What a thing with this card usually is. A hint, never an identity.
    ///
    /// Virtual machines are told by block only, some of which are locally administered (QEMU's 52-54-00).
    pub fn role(&self, mac: MacAddress, vendors: &VendorTable) -> Option<VendorRole> {
        let by_block = BLOCK_BITS.iter().find_map(|bits| self.blocks.get(&Block::of(mac, *bits)));
        if let Some(role) = by_block {
            return Some(*role);
        }
        let vendor = crate::fold(vendors.vendor(mac)?);
        let known = self.names.iter().find(|(beginning, _)| vendor.starts_with(beginning.as_ref()));
        known.map(|(_, role)| *role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(text: &str) -> MacAddress {
        text.parse().unwrap()
    }

    fn vendors() -> VendorTable {
        VendorTable::new([
            ("Wide Inc.", vec![Block { bits: 24, prefix: 0x00a0de }]),
            ("Narrow Inc.", vec![Block { bits: 36, prefix: 0x00a0de123 }]),
        ])
    }

    #[test]
    fn the_narrowest_block_wins() {
        assert_eq!(vendors().vendor(mac("00-a0-de-12-34-56")), Some("Narrow Inc."));
        assert_eq!(vendors().vendor(mac("00-a0-de-12-44-56")), Some("Wide Inc."));
        assert_eq!(vendors().vendor(mac("00-a0-df-12-34-56")), None);
    }

    #[test]
    fn a_random_address_has_no_vendor() {
        assert_eq!(vendors().vendor(mac("02-a0-de-12-34-56")), None);
    }

    #[test]
    fn a_block_says_more_than_a_name() {
        let mut roles = RoleTable::default();
        roles.add_name("wide", VendorRole::Printer);
        roles.add_block(Block { bits: 24, prefix: 0x525400 }, VendorRole::VirtualMachine);
        let vendors = vendors();
        assert_eq!(roles.role(mac("00-a0-de-12-44-56"), &vendors), Some(VendorRole::Printer));
        assert_eq!(
            roles.role(mac("52-54-00-00-00-01"), &vendors),
            Some(VendorRole::VirtualMachine)
        );
        assert_eq!(roles.role(mac("00-a0-de-12-34-56"), &vendors), None);
    }
}
