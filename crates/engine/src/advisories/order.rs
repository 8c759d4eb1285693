//! How the versions of a product are ordered.

use notation::cpe::{Attribute, Cpe, Key as CpeKey};
use notation::version::{Plain, Scheme};

use super::key::{Key, Naming};

/// How the versions of a product are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By this scheme and no other.
    Own(Scheme),
    /// By what the party names, by what dotted numbers say beyond doubt, and last by a guess.
    Open,
    /// As [`Order::Open`], of products that only people's words name: where a version should stand, makers of devices put model
    /// numbers, which say nothing of a version.
    Written,
}

impl Order {
    /// By the type of a package; by a maker's own rules, where they are written down.
    pub(super) fn of(key: &Key) -> Self {
        let mut parts = key.text().split(['/', ':']);
        match key.naming() {
            Naming::Package => {
                parts.next().and_then(Scheme::for_type).map_or(Self::Open, Self::Own)
            }
            Naming::Cpe => of_maker(parts.nth(1), parts.next()),
            Naming::Name if is_windows(key.text()) => Self::Own(Scheme::Windows),
            Naming::Model | Naming::Name => Self::Written,
        }
    }

    /// The scheme by which dotted numbers are ordered; none where it does not compare them as such.
    pub(super) fn plain(self) -> Option<Scheme> {
        let scheme = match self {
            Self::Own(scheme) => scheme,
            Self::Open | Self::Written => Scheme::Generic,
        };
        is_of_numbers(scheme).then_some(scheme)
    }

    /// The place of a version that is nothing but dotted numbers: see [`Plain::rank`].
    pub(super) fn rank(self, version: &str) -> Option<u64> {
        Plain::read(version)?.rank(self.plain()?)
    }
}

/// Whether a folded name is that of a Windows whose builds are told with a revision: without it they have no order among each other.
fn is_windows(name: &str) -> bool {
    ["windows10", "windows11", "windowsserver"].iter().any(|known| name.starts_with(known))
}

/// Whether dotted numbers are what the scheme compares.
pub(super) fn is_of_numbers(scheme: Scheme) -> bool {
    Plain::read("1.0.0").is_some_and(|plain| plain.rank(scheme).is_some())
}

/// The scheme of a product whose maker's own rules are written down.
pub(crate) fn scheme_of_maker(name: &Cpe) -> Option<Scheme> {
    let plain = |key| match name.get(key) {
        Attribute::Value(value) => Some(value.plain()),
        _ => None,
    };
    let (vendor, product) = (plain(CpeKey::Vendor)?, plain(CpeKey::Product)?);
    match of_maker(Some(&vendor), Some(&product)) {
        Order::Own(scheme) => Some(scheme),
        Order::Open | Order::Written => None,
    }
}

fn of_maker(vendor: Option<&str>, product: Option<&str>) -> Order {
    match (vendor.unwrap_or_default(), product.unwrap_or_default()) {
        ("fortinet", "fortios") => Order::Own(Scheme::FortiOs),
        ("cisco", "ios" | "ios_xe") => Order::Own(Scheme::CiscoIos),
        ("microsoft", product) if product.starts_with("windows") => Order::Own(Scheme::Windows),
        ("yamaha", _) => Order::Own(Scheme::Yamaha),
        ("openssl", "openssl") => Order::Own(Scheme::OpenSsl),
        _ => Order::Open,
    }
}
