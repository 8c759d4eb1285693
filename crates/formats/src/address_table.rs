//! Address tables (IPアドレス表): host, address and remark, and nothing else.
//!
//! The form of the JIRA seminar of 2023; rows of dots stand for "and so on".

use std::net::Ipv4Addr;

use domain::fold;
use domain::fold::half_width;
use domain::{Addressing, Binding, FactsBuilder, Field, Observation, ObservationKind, Place, msg};

use crate::columns::Column;
use crate::ledger::addresses::{read_cell, warn_of_duplicates, warn_of_kinds};
use crate::ledger::is_vacant_word;
use crate::table::{Row, SheetInfo};
use crate::tables::book::Book;
use crate::values::text::{is_lost, tidy};
use crate::values::{address, ditto, name, nothing};

/// An address table, while its rows pass.
#[derive(Debug)]
pub(crate) struct AddressTable {
    host: u16,
    host_field: Field,
    address: u16,
    remark: u16,
    /// The network that the title names, for tables that write only the last number.
    network: Option<Ipv4Addr>,
    above_host: String,
    above_address: Option<Ipv4Addr>,
    facts: FactsBuilder,
}

impl AddressTable {
    /// A table with these columns, under these titles.
    pub(crate) fn new<'t>(columns: &[Column], mut titles: impl Iterator<Item = &'t str>) -> Self {
        let column = |field: Field| {
            columns
                .iter()
                .find(|column| column.field == Some(field))
                .map_or(0, |column| column.number)
        };
        let (host, host_field) = match column(Field::Hostname) {
            0 => (column(Field::Name), Field::Name),
            host => (host, Field::Hostname),
        };
        Self {
            host,
            host_field,
            address: column(Field::Address),
            remark: column(Field::Remark),
            network: titles.find_map(titled_network),
            above_host: String::new(),
            above_address: None,
            facts: FactsBuilder::new(),
        }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        if let Some(reason) = self.skips(row) {
            return book.reading.skip(reason);
        }
        let place = row.place(sheet);
        let host = self.host(book, &place, row);
        let above = self.above_address.or(self.network);
        let Some(cell) = read_cell(book, &place, row.cell(self.address), self.address, above)
        else {
            return;
        };
        self.above_address = cell.last_ipv4().or(self.above_address);
        let addressing = cell.addressing;
        let bindings: Vec<Binding> = cell
            .addresses
            .iter()
            .map(|stated| Binding {
                mac: None,
                address: Some(stated.address),
                prefix: stated.prefix,
            })
            .collect();
        if host.is_empty() && cell.range {
            book.warn(place, msg!("ledger.range_without_names", text = row.text(self.address)));
            return book.reading.skip("ranges_without_names");
        }
        book.reading.rows += 1;
        warn_of_kinds(book, &place, &bindings);
        warn_of_duplicates(book, &place, &bindings);
        if host.is_empty() {
            book.reading.count("rows_without_hostname", 1);
        }
        let names = name::several(&host);
        if bindings.len() > 1 && names.len() == bindings.len() {
            for (part, (name, binding)) in (1..).zip(names.iter().zip(bindings)) {
                self.state(book, place.clone().part(part), row, name, (addressing, vec![binding]));
            }
        } else {
            if bindings.len() > 1 {
                book.ask(place.clone(), msg!("ledger.several_addresses", count = bindings.len()));
            }
            self.state(book, place, row, &host, (addressing, bindings));
        }
    }

    /// Why the row names no device.
    fn skips(&self, row: &Row) -> Option<&'static str> {
        if row.is_blank() {
            return Some("blank_rows");
        }
        let texts: Vec<&str> =
            row.cells().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
        if texts.iter().all(|text| is_filler(text)) {
            return Some("filler_rows_ignored");
        }
        if row.full_width || texts.len() == 1 && row.text(self.address).trim().is_empty() {
            let is_note = texts.first().is_some_and(|text| text.starts_with(['※', '注', '*']));
            return Some(if is_note { "footnotes" } else { "section_rows" });
        }
        let (host, remark) = (row.text(self.host).trim(), row.text(self.remark).trim());
        let vacant = is_vacant_word(host)
            || host.is_empty() && (remark.is_empty() || is_vacant_word(remark))
            || nothing::read(host).is_some() && !host.is_empty() && remark.is_empty();
        // The server gives these to whoever asks: they are nobody's.
        let leased = host.is_empty() || is_dynamic(host);
        if leased && (is_dynamic(host) || is_dynamic(remark)) {
            return Some("dynamic_addresses");
        }
        vacant.then_some("vacant_rows")
    }

    fn host(&mut self, book: &mut Book, place: &Place, row: &Row) -> String {
        let text = row.text(self.host).trim();
        if ditto::is_ditto(text) {
            return self.above_host.clone();
        }
        text.clone_into(&mut self.above_host);
        if is_lost(text) {
            let at = place.clone().at_column(self.host);
            book.warn(at, msg!("ledger.lost_characters", field = self.host_field, text = text));
            return String::new();
        }
        if nothing::read(text).is_some() { String::new() } else { text.to_owned() }
    }

    fn state(
        &mut self,
        book: &mut Book,
        place: Place,
        row: &Row,
        host: &str,
        (addressing, bindings): (Addressing, Vec<Binding>),
    ) {
        if !host.is_empty() {
            let tidied = tidy(host);
            let (name, domain) = match self.host_field {
                Field::Hostname => name::host_and_domain(&tidied),
                _ => (&*tidied, None),
            };
            self.facts
                .add_written(self.host_field, name, host)
                .add(Field::Domain, domain.unwrap_or_default());
        }
        self.facts.add(Field::Addressing, addressing.key());
        let remark = row.text(self.remark).trim();
        if nothing::read(remark).is_none() {
            self.facts.add_written(Field::Remark, &tidy(remark), remark);
        }
        book.reading.count("devices", 1);
        let facts = self.facts.finish();
        book.reading.observations.push(Observation {
            place,
            kind: ObservationKind::AddressRow,
            bindings,
            facts,
        });
    }
}

/// The network in a title such as `HIS端末 10.100.10.0/24` or `10.100.10.x`.
fn titled_network(title: &str) -> Option<Ipv4Addr> {
    let half = half_width(title);
    half.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_matches('.');
        let base = word.strip_suffix(".0").unwrap_or(word);
        format!("{base}.0").parse().ok()
    })
}

/// Whether the text says of an address that a server gives it out: `DHCP`, `DHCP範囲`, 自動取得.
fn is_dynamic(text: &str) -> bool {
    let folded = fold(text);
    let bare = ["範囲", "プ-ル", "払出用", "払出", "用", "領域"]
        .iter()
        .fold(folded.as_str(), |text, word| text.trim_end_matches(word));
    address::read(bare, None).addressing == Addressing::Dynamic
}

/// Dots that mean "and so on".
fn is_filler(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '.' | '…' | '‥' | '・' | '：' | ':' | '⋮' | '︙' | '〜' | '～' | '．'))
}
