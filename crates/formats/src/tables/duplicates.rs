//! What was stated twice in one document, by small keys.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::Hasher;
use std::net::Ipv4Addr;
use std::sync::Arc;

use domain::{MacAddress, Place, fold};

/// Numbers, addresses and cards seen so far, each with the row that stated it first.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    sheets: Vec<Option<Arc<str>>>,
    addresses: HashMap<u32, Seen>,
    macs: HashMap<u64, Seen>,
    numbers: HashMap<u64, Seen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    sheet: u16,
    row: u32,
}

/// Where a number was stated before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nowhere.
    Never,
    /// On another sheet.
    OtherSheet(Place),
    /// On this sheet.
    ThisSheet(Place),
}

impl Duplicates {
    /// A sheet begins.
    pub(crate) fn start_sheet(&mut self, name: Option<Arc<str>>) {
        self.sheets.push(name);
    }

    /// Where `address` was stated before; a row does not count against itself.
    pub(crate) fn address(&mut self, address: Ipv4Addr, row: u32) -> Option<Place> {
        let here = self.here(row);
        let seen = first(self.addresses.entry(u32::from(address)), here)?;
        Some(self.place(seen))
    }

    /// Where `mac` was stated before.
    pub(crate) fn mac(&mut self, mac: MacAddress, row: u32) -> Option<Place> {
        let [a, b, c, d, e, f] = mac.0;
        let here = self.here(row);
        let seen = first(self.macs.entry(u64::from_be_bytes([0, 0, a, b, c, d, e, f])), here)?;
        Some(self.place(seen))
    }

    /// Where the asset number `number` was stated before.
    pub(crate) fn number(&mut self, number: &str, row: u32) -> Before {
        let here = self.here(row);
        match first(self.numbers.entry(number_key(number)), here) {
            None => Before::Never,
            Some(seen) if seen.sheet == here.sheet => Before::ThisSheet(self.place(seen)),
            Some(seen) => Before::OtherSheet(self.place(seen)),
        }
    }

    fn here(&self, row: u32) -> Seen {
        Seen { sheet: self.sheets.len() as u16, row }
    }

    fn place(&self, seen: Seen) -> Place {
        let sheet = usize::from(seen.sheet).checked_sub(1).and_then(|index| self.sheets.get(index));
        Place::row(sheet.cloned().flatten(), seen.row)
    }
}

/// What was there before, where it was another row.
fn first<K>(entry: Entry<'_, K, Seen>, here: Seen) -> Option<Seen> {
    match entry {
        Entry::Occupied(seen) => Some(*seen.get()).filter(|seen| *seen != here),
        Entry::Vacant(free) => {
            free.insert(here);
            None
        }
    }
}

/// A short key of the folded number: two numbers that differ have the same key once in 10^19.
fn number_key(number: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    if number.bytes().all(|b| b.is_ascii_graphic()) {
        for byte in number.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
    } else {
        for byte in fold(number).bytes() {
            hasher.write_u8(byte);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_is_told_and_a_row_does_not_count_against_itself() {
        let mut seen = Duplicates::default();
        seen.start_sheet(Some(Arc::from("台帳")));
        let address = Ipv4Addr::new(10, 1, 1, 1);
        assert_eq!((seen.address(address, 7), seen.address(address, 7)), (None, None));
        assert_eq!(seen.address(address, 9).map(|p| p.to_string()).as_deref(), Some("台帳!7"));
    }

    #[test]
    fn numbers_are_compared_folded_and_sheets_are_told_apart() {
        let mut seen = Duplicates::default();
        seen.start_sheet(None);
        assert_eq!(seen.number("A-01", 2), Before::Never);
        assert_eq!(seen.number("Ａ－０１", 3), Before::ThisSheet(Place::line(2)));
        seen.start_sheet(None);
        assert_eq!(seen.number("a-01", 2), Before::OtherSheet(Place::line(2)));
    }
}
