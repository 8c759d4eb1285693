//! The IEEE's registry of MAC addresses, and what the equipment of some makers usually is.

use std::io::Read;
use std::sync::LazyLock;

use domain::vendor::Block;
use domain::{MacAddress, RoleTable, VendorRole, VendorTable};
use flate2::read::ZlibDecoder;

/// See `data/oui/SOURCES.md`; made by `examples/oui_table.rs`.
const VENDORS: &[u8] = include_bytes!("../data/oui/vendors.txt.z");
const ROLES: &str = include_str!("../data/oui/roles.csv");

/// The unpacked table has 1.1 MB; more than this would be another file.
const MOST_BYTES: u64 = 8 << 20;

static VENDOR_TABLE: LazyLock<VendorTable> = LazyLock::new(|| read_vendors(VENDORS));
static ROLE_TABLE: LazyLock<RoleTable> = LazyLock::new(|| read_roles(ROLES));

/// The table of registered blocks. Unpacked when first asked for.
pub fn table() -> &'static VendorTable {
    &VENDOR_TABLE
}

/// The table of what equipment usually is.
pub fn roles() -> &'static RoleTable {
    &ROLE_TABLE
}

/// Who registered the block `mac` stands in; `None` for random, virtual-router and unregistered addresses. A hint, never an identity.
pub fn vendor(mac: MacAddress) -> Option<&'static str> {
    VENDOR_TABLE.vendor(mac)
}

/// What a thing with this card usually is. A hint, never an identity.
pub fn role(mac: MacAddress) -> Option<VendorRole> {
    ROLE_TABLE.role(mac, &VENDOR_TABLE)
}

fn read_vendors(packed: &[u8]) -> VendorTable {
    let mut text = String::new();
    // A damaged table gives no hints; a test reads the one that ships.
    if ZlibDecoder::new(packed).take(MOST_BYTES).read_to_string(&mut text).is_err() {
        return VendorTable::default();
    }
    VendorTable::new(text.lines().filter_map(|line| {
        let (name, blocks) = line.split_once('\t')?;
        Some((name, blocks.split(' ').filter_map(read_block).collect()))
    }))
}

/// Rows of `block,B8-27-EB,role` and `name,BUFFALO,role`.
fn read_roles(text: &str) -> RoleTable {
    let mut table = RoleTable::default();
    for row in csv::Reader::from_reader(text.as_bytes()).records().flatten() {
        let (Some(by), Some(what), Some(role)) = (row.get(0), row.get(1), row.get(2)) else {
            continue;
        };
        let Some(role) = VendorRole::from_key(role) else { continue };
        match (by, read_block(&what.replace('-', ""))) {
            ("block", Some(block)) => table.add_block(block, role),
            ("name", _) => table.add_name(what, role),
            _ => {}
        }
    }
    table
}

/// Reads the leading hexadecimal digits of a block.
fn read_block(digits: &str) -> Option<Block> {
    let bits = u8::try_from(digits.len() * 4).ok()?;
    let prefix = u64::from_str_radix(digits, 16).ok()?;
    domain::vendor::BLOCK_BITS.contains(&bits).then_some(Block { bits, prefix })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn mac(text: &str) -> MacAddress {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_registry_is_whole() {
        assert!(table().len() > 45_000, "{}", table().len());
        assert!(VENDORS.len() < 600 << 10, "{}", VENDORS.len());
    }

    #[test]
    fn vendors_of_known_cards_are_named() {
        for (address, name) in [
            ("00-a0-de-12-34-56", "YAMAHA CORPORATION"),
            ("b8-27-eb-00-00-01", "Raspberry Pi Foundation"),
            ("00-50-56-37-23-cc", "VMware, Inc."),
            ("00-1b-21-aa-00-01", "Intel Corporate"),
        ] {
            assert_eq!(vendor(mac(address)), Some(name), "{address}");
        }
    }

    #[test]
    fn nobody_is_named_for_random_group_and_hidden_addresses() {
        for address in
            ["3e-91-5a-0c-77-12", "ff-ff-ff-ff-ff-ff", "00-00-5e-00-01-0a", "00-00-00-00-00-00"]
        {
            assert_eq!(vendor(mac(address)), None, "{address}");
        }
    }

    #[test]
    fn roles_of_known_cards_are_hinted() {
        for (address, role_of) in [
            ("00-a0-de-12-34-56", Some(VendorRole::Router)),
            ("b8-27-eb-00-00-01", Some(VendorRole::SingleBoardComputer)),
            ("dc-a6-32-00-00-01", Some(VendorRole::SingleBoardComputer)),
            ("e4-5f-01-00-00-01", Some(VendorRole::SingleBoardComputer)),
            ("00-50-56-37-23-cc", Some(VendorRole::VirtualMachine)),
            ("52-54-00-11-22-33", Some(VendorRole::VirtualMachine)),
            ("10-6f-3f-00-00-01", Some(VendorRole::ConsumerRouter)),
            ("34-76-c5-00-00-01", Some(VendorRole::ConsumerRouter)),
            ("00-09-0f-00-00-01", Some(VendorRole::Firewall)),
            ("00-00-cd-00-00-01", Some(VendorRole::Switch)),
            ("00-00-0c-00-00-01", Some(VendorRole::Switch)),
            ("00-00-48-00-00-01", Some(VendorRole::Printer)),
            ("00-80-77-00-00-01", Some(VendorRole::Printer)),
            ("00-00-85-00-00-01", Some(VendorRole::Printer)),
            ("00-1b-21-aa-00-01", None),
        ] {
            assert_eq!(role(mac(address)), role_of, "{address}");
        }
    }

    #[test]
    fn every_row_of_roles_is_understood_and_meets_a_registered_vendor() {
        let names: Vec<_> = names().iter().map(|name| domain::fold(name)).collect();
        for row in csv::Reader::from_reader(ROLES.as_bytes()).records() {
            let row = row.unwrap();
            assert!(VendorRole::from_key(&row[2]).is_some(), "{row:?}");
            match &row[0] {
                "block" => assert!(read_block(&row[1].replace('-', "")).is_some(), "{row:?}"),
                "name" => {
                    let beginning = domain::fold(&row[1]);
                    assert!(names.iter().any(|name| name.starts_with(&beginning)), "{row:?}");
                }
                other => panic!("{other}"),
            }
        }
    }

    #[test]
    fn a_damaged_table_gives_no_hints() {
        assert!(read_vendors(&VENDORS[..1000]).is_empty());
        assert!(read_vendors(b"no zlib").is_empty());
    }

    /// The names of the registry.
    pub(crate) fn names() -> Vec<String> {
        let mut text = String::new();
        ZlibDecoder::new(VENDORS).read_to_string(&mut text).unwrap();
        text.lines().filter_map(|line| Some(line.split_once('\t')?.0.to_owned())).collect()
    }
}
