//! Small tables, made by hand, so that a test of a rule does not move when the shipped tables do.

use domain::vendor::Block;
use domain::{
    LifecycleTable, ProductKind, RoleTable, SupportEntry, SupportProduct, VendorRole, VendorTable,
};
use engine::Tables;

/// The tables of [`shelf`].
#[derive(Debug)]
pub struct Shelf {
    lifecycle: LifecycleTable,
    vendors: VendorTable,
    roles: RoleTable,
}

impl Shelf {
    /// The tables as rules take them.
    pub fn tables(&self) -> Tables<'_> {
        Tables {
            lifecycle: &self.lifecycle,
            systems: None,
            vendors: &self.vendors,
            roles: &self.roles,
        }
    }
}

/// Products: name, whether more releases can come.
const PRODUCTS: [(&str, bool); 5] =
    [("OldOS", true), ("NewOS", false), ("TwinOS", true), ("DarkOS", true), ("GoneOS", true)];

/// Releases: product, release, edition, end of support (`over` where nobody knows since when), whether the date was compared.
const RELEASES: [(&str, &str, &str, &str, bool); 10] = [
    ("OldOS", "7", "", "2019-01-10", true),
    ("OldOS", "8", "", "2020-01-14", true),
    ("NewOS", "24H2", "", "2026-11-20", true),
    ("NewOS", "25H2", "", "2027-10-12", true),
    ("NewOS", "26H2", "", "2028-10-10", false),
    ("NewOS", "19H2", "", "2021-05-11", false),
    // The edition decides whether support is over: a bare `TwinOS` says nothing.
    ("TwinOS", "", "pro", "2025-10-14", true),
    ("TwinOS", "", "ltsc", "2032-01-13", true),
    ("DarkOS", "1", "", "", false),
    ("GoneOS", "1", "", "over", true),
];

/// Vendors with their 24-bit block and what their things usually are.
const VENDORS: [(&str, u64, Option<VendorRole>); 4] = [
    ("Intel Corporate", 0x00_1b_21, None),
    ("YAMAHA CORPORATION", 0x00_a0_de, Some(VendorRole::Router)),
    ("BUFFALO.INC", 0x00_0d_0b, Some(VendorRole::ConsumerRouter)),
    ("Cisco Systems", 0x00_00_0c, Some(VendorRole::Switch)),
];

/// The tables that tests of rules use.
pub fn shelf() -> Shelf {
    let mut roles = RoleTable::default();
    for (name, _, role) in VENDORS {
        if let Some(role) = role {
            roles.add_name(name, role);
        }
    }
    roles.add_block(Block { bits: 24, prefix: 0xb8_27_eb }, VendorRole::SingleBoardComputer);
    // A block that no vendor registered, and yet known to sit in routers.
    roles.add_block(Block { bits: 24, prefix: 0x00_77_77 }, VendorRole::Router);
    let vendors = VENDORS.map(|(name, prefix, _)| (name, vec![Block { bits: 24, prefix }]));
    Shelf { lifecycle: lifecycle(), vendors: VendorTable::new(vendors), roles }
}

fn lifecycle() -> LifecycleTable {
    let products = PRODUCTS.map(|(name, complete)| SupportProduct {
        name: name.to_owned(),
        spellings: Vec::new(),
        complete,
    });
    let entries = RELEASES.map(|(product, release, edition, eos, verified)| SupportEntry {
        product: product.to_owned(),
        release: release.to_owned(),
        aliases: Vec::new(),
        editions: (!edition.is_empty()).then(|| edition.to_owned()).into_iter().collect(),
        kind: ProductKind::Os,
        eol: None,
        eos: (!eos.is_empty() && eos != "over").then(|| eos.parse().expect("a day")),
        ended: eos == "over",
        extended: None,
        source: format!("table of {product}"),
        checked: None,
        verified,
        note: String::new(),
    });
    LifecycleTable { products: products.into(), entries: entries.into() }
}
