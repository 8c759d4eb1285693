//! Addresses and cards of a ledger row, and how they belong together.

use std::net::Ipv4Addr;

use domain::{AddressKind, Addressing, Binding, Field, MacAddress, Place, msg};

use crate::table::{Cell, CellKind, Row};
use crate::tables::book::Book;
use crate::values::address::{self, AddressCell, AddressNote};
use crate::values::mac::{self, MacNote};
use crate::values::{ditto, identifier};

/// How a row's device is reached.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// Cards and addresses, one entry for each pair.
    pub(crate) bindings: Vec<Binding>,
    /// How it gets its address; `None` where the ledger has no such column.
    pub(crate) addressing: Option<Addressing>,
    /// How many addresses there are.
    pub(crate) addresses: usize,
    /// They come from a range: each is a machine of its own.
    pub(crate) range: bool,
    /// Every address has a card.
    pub(crate) paired: bool,
    /// What the next row's `.25` leans on.
    pub(crate) last_ipv4: Option<Ipv4Addr>,
    written: String,
}

impl Reach {
    /// The cell as written, where it says more than the value.
    pub(super) fn written(&self, addressing: Addressing) -> &str {
        if self.written.is_empty() { addressing.key() } else { &self.written }
    }
}

/// Reads these address and MAC columns of a row whose rows stand for themselves.
pub(crate) fn read(
    book: &mut Book,
    place: &Place,
    row: &Row,
    addresses: &[u16],
    macs: &[u16],
) -> Reach {
    read_from(book, place, row, (addresses, macs), None)
}

/// Reads all address and MAC columns of a row; `above` is the address of the row above, for `.25`.
pub(super) fn read_from(
    book: &mut Book,
    place: &Place,
    row: &Row,
    (addresses, cards): (&[u16], &[u16]),
    above: Option<Ipv4Addr>,
) -> Reach {
    let mut reach = Reach::default();
    let mut stated = Vec::new();
    for column in addresses {
        let Some(cell) = read_cell(book, place, row.cell(*column), *column, above) else {
            reach.addressing = reach.addressing.or(Some(Addressing::Invalid));
            continue;
        };
        reach.range |= cell.range;
        reach.last_ipv4 = cell.last_ipv4().or(reach.last_ipv4);
        reach.addressing = Some(stronger(reach.addressing, cell.addressing));
        if says_more(&cell, row.text(*column)) && reach.written.is_empty() {
            row.text(*column).trim().clone_into(&mut reach.written);
        }
        stated.extend(cell.addresses);
    }
    let macs = read_macs(book, place, row, cards);
    reach.addresses = stated.len();
    reach.paired = !macs.is_empty() && (macs.len() == stated.len() || macs.len() == 1);
    reach.bindings = pair(book, place, &stated, &macs, reach.range);
    warn_of_kinds(book, place, &reach.bindings);
    reach
}

/// The address cell; `None` where the spreadsheet broke it.
pub(crate) fn read_cell(
    book: &mut Book,
    place: &Place,
    cell: Option<Cell<'_>>,
    column: u16,
    above: Option<Ipv4Addr>,
) -> Option<AddressCell> {
    let text = cell.map_or("", |cell| cell.text);
    let at = place.clone().at_column(column);
    if cell.is_some_and(|cell| cell.kind == CellKind::Error) || identifier::is_error_word(text) {
        book.warn(at, msg!("ledger.cell_error", field = Field::Address, text = text));
        return None;
    }
    if ditto::is_ditto(text) {
        book.warn(at, msg!("ledger.ditto_identity"));
        return None;
    }
    let read = address::read(text, above);
    for note in &read.notes {
        tell(book, &at, text, *note);
    }
    if read.addressing == Addressing::Placeholder {
        book.warn(at, msg!("value.address_placeholder", text = text));
    }
    Some(read)
}

fn tell(book: &mut Book, at: &Place, text: &str, note: AddressNote) {
    let at = at.clone();
    match note {
        AddressNote::Abbreviated(address) => {
            book.ask(at, msg!("value.address_abbreviated", text = text, address = address));
        }
        AddressNote::LeadingZeros(address) => {
            book.warn(at, msg!("value.address_zeros", text = text, address = address));
        }
        AddressNote::Malformed => book.warn(at, msg!("value.address_malformed", text = text)),
        AddressNote::RangeNotRead => book.warn(at, msg!("value.address_range", text = text)),
        AddressNote::Repaired(address) => {
            book.warn(at, msg!("value.address_repaired", text = text, address = address));
        }
    }
}

/// Of two columns the one that states an address wins, then the one that says anything.
fn stronger(one: Option<Addressing>, other: Addressing) -> Addressing {
    let rank = |addressing: Addressing| match addressing {
        Addressing::Static => 0,
        Addressing::Dynamic => 1,
        Addressing::Invalid => 2,
        Addressing::Placeholder => 3,
        Addressing::None => 4,
        Addressing::Unknown => 5,
    };
    one.map_or(other, |one| if rank(one) <= rank(other) { one } else { other })
}

/// Whether the writing tells more than the address that was read.
fn says_more(cell: &AddressCell, text: &str) -> bool {
    match cell.addresses.as_slice() {
        [one] if one.prefix.is_none() && cell.notes.is_empty() => {
            text.trim().len() > 15 || text.trim() != one.address.to_string()
        }
        _ => !text.trim().is_empty(),
    }
}

fn read_macs(book: &mut Book, place: &Place, row: &Row, cards: &[u16]) -> Vec<MacAddress> {
    let mut macs = Vec::new();
    for column in cards {
        let text = row.text(*column);
        let at = || place.clone().at_column(*column);
        if ditto::is_ditto(text) {
            book.warn(at(), msg!("ledger.ditto_identity"));
            continue;
        }
        let cell = mac::read(text);
        for note in &cell.notes {
            tell_mac(book, at(), text, *note);
        }
        macs.extend(cell.macs);
    }
    macs
}

fn tell_mac(book: &mut Book, at: Place, text: &str, note: MacNote) {
    match note {
        MacNote::LooksLike(mac) => {
            book.ask(at, msg!("value.mac_looks_like", text = text, mac = mac));
        }
        MacNote::Malformed => book.warn(at, msg!("value.mac_malformed", text = text)),
        MacNote::NotADevice(mac) => book.warn(at, msg!("value.mac_not_a_device", mac = mac)),
    }
}

/// Pairs cards with addresses: in order where there are as many, one card with all addresses where there is one.
fn pair(
    book: &mut Book,
    place: &Place,
    addresses: &[address::Stated],
    macs: &[MacAddress],
    range: bool,
) -> Vec<Binding> {
    let binding = |mac: Option<MacAddress>, stated: Option<&address::Stated>| Binding {
        mac,
        address: stated.map(|stated| stated.address),
        prefix: stated.and_then(|stated| stated.prefix),
    };
    match macs {
        [] => addresses.iter().map(|stated| binding(None, Some(stated))).collect(),
        [one] if range && addresses.len() > 1 => {
            book.warn(place.clone(), msg!("ledger.range_with_one_mac", mac = *one));
            addresses.iter().map(|stated| binding(None, Some(stated))).collect()
        }
        [one] if !addresses.is_empty() => {
            addresses.iter().map(|stated| binding(Some(*one), Some(stated))).collect()
        }
        _ if macs.len() == addresses.len() => macs
            .iter()
            .zip(addresses)
            .map(|(mac, stated)| binding(Some(*mac), Some(stated)))
            .collect(),
        _ if addresses.len() == 1 => {
            let first = macs.first().map(|mac| binding(Some(*mac), addresses.first()));
            let others = macs.iter().skip(1).map(|mac| binding(Some(*mac), None));
            first.into_iter().chain(others).collect()
        }
        _ => {
            let cards = macs.iter().map(|mac| binding(Some(*mac), None));
            addresses.iter().map(|stated| binding(None, Some(stated))).chain(cards).collect()
        }
    }
}

/// Addresses that belong to somebody on the internet, or that a machine gave itself.
pub(crate) fn warn_of_kinds(book: &mut Book, place: &Place, bindings: &[Binding]) {
    for address in bindings.iter().filter_map(Binding::ipv4) {
        match AddressKind::of(address) {
            AddressKind::Public => {
                book.warn(place.clone(), msg!("ledger.address_public", address = address));
                book.reading.count("non_private_ip", 1);
            }
            AddressKind::LinkLocal => {
                book.warn(place.clone(), msg!("ledger.address_link_local", address = address));
            }
            _ => {}
        }
    }
}

/// Addresses and cards that another row of this document states too.
pub(crate) fn warn_of_duplicates(book: &mut Book, place: &Place, bindings: &[Binding]) {
    for binding in bindings {
        if let Some(address) = binding.ipv4()
            && let Some(first) = book.duplicates.address(address, place.row)
        {
            book.warn(
                place.clone(),
                msg!("ledger.duplicate_address", address = address, first = first),
            );
            book.reading.count("duplicate_addresses", 1);
        }
        if let Some(mac) = binding.mac.filter(|mac| !mac.is_virtual_router())
            && let Some(first) = book.duplicates.mac(mac, place.row)
        {
            book.warn(place.clone(), msg!("ledger.duplicate_mac", mac = mac, first = first));
            book.reading.count("duplicate_macs", 1);
        }
    }
}

/// How many devices have no fixed address, and why.
pub(super) fn count(book: &mut Book, reach: &Reach) {
    let word = match reach.addressing {
        Some(Addressing::Dynamic) => "dhcp",
        Some(Addressing::None) => "not_connected",
        Some(Addressing::Placeholder) => "ip_placeholder",
        Some(Addressing::Invalid) => "ip_invalid",
        Some(Addressing::Unknown) => "ip_unknown",
        Some(Addressing::Static) | None => return,
    };
    book.reading.count(word, 1);
}
