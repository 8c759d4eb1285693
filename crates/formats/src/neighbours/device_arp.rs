//! The ARP tables of routers, switches and firewalls: a header, and one entry a line.
//!
//! They differ in the header and in the order of the words, one file for each.  Rows are read word by word, never by column.
//! A log in which other commands were given too is none of these lists.

mod allied;
mod cisco;
mod fortigate;
mod procurve;
mod yamaha;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use domain::fold::half_width;
use domain::{Binding, Facts, MacAddress, Observation, ObservationKind, Place, msg};

use super::{Collector, Entry, Outcome, Words};
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::terminal;
use crate::text::{Line, Text, excerpt};

/// The ARP table of one maker's devices.
#[derive(Debug)]
pub struct DeviceArp {
    kind: &'static str,
    /// Whether a line is the header.
    is_header: fn(&str) -> bool,
    /// Whether a line is a title, a rule or a sum.
    is_title: fn(&str) -> bool,
    /// The entry of a line.
    row: fn(&str) -> Option<Row>,
    /// Whether rows without a header are still this maker's.
    is_telling: fn(&str) -> bool,
}

/// Every maker we know.
pub static ALL: [DeviceArp; 5] =
    [cisco::ARP, allied::ARP, yamaha::ARP, fortigate::ARP, procurve::ARP];

const WORDS: Words =
    Words { v4: "entries", v6: "entries", group: "multicast_ignored", no_card: "incomplete" };

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    address: Ipv4Addr,
    card: Card,
    holder: Holder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Card {
    Known(MacAddress),
    /// Asked for, and nobody answered.
    Incomplete,
}

impl Card {
    fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().trim_matches(['(', ')', '<', '>']) {
            "incomplete" => Some(Self::Incomplete),
            _ => word.parse().ok().map(Self::Known),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// Another machine, which answered.
    Other,
    /// Another machine, which a person wrote down.
    Static,
    /// As [`Holder::Static`], told by nothing following: at a cut end the row may be the device's own.
    Unplaced,
    /// The device itself.
    Own,
}

impl Reader for DeviceArp {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let score = head.best_line(|line| {
            let line = shown(line);
            match (self.is_header)(&line) {
                true => Score::Certain,
                false if (self.is_telling)(&line) => Score::Likely,
                false => Score::No,
            }
        });
        if score == Score::No || terminal::is_mixed(head, "arp", |line| self.is_own(line)) {
            return Score::No;
        }
        score
    }

    fn secrets(&self) -> Secrets {
        Secrets::WhereFound
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind, 1, WORDS);
        let mut own = Vec::new();
        for line in text.lines() {
            let written = shown(line.text);
            let line = Line { text: &written, ..line };
            if written.trim().is_empty() {
                continue;
            }
            match (self.row)(&written) {
                Some(row) if line.ended || row.holder != Holder::Unplaced => {
                    take(&mut table, &mut own, row, line.number);
                }
                Some(_) => table.unreadable(Place::line(line.number), &written),
                None => self.other(&mut table, line, input)?,
            }
        }
        finish(table, own)
    }
}

impl DeviceArp {
    fn is_own(&self, line: &str) -> bool {
        let line = shown(line);
        (self.is_header)(&line) || (self.is_title)(&line) || (self.row)(&line).is_some()
    }

    /// A line that is no entry.
    fn other(
        &self,
        table: &mut Collector,
        line: Line<'_>,
        input: &Input<'_>,
    ) -> Result<(), Refusal> {
        if (self.is_header)(line.text) || (self.is_title)(line.text) {
            table.reading.skip("title");
        } else if terminal::is_foreign(line.text, "arp") {
            // Beyond the beginning of a long log, where `recognise` did not look.
            let (file, line) = (excerpt(input.name), excerpt(line.text));
            return Err(Refusal { message: msg!("list.mixed", file = file, line = line) });
        } else if terminal::command(line.text).is_some() {
            table.reading.skip("prompt");
        } else {
            table.unreadable(Place::line(line.number), line.text);
        }
        Ok(())
    }
}

/// The line as the screen showed it, in half width.
fn shown(line: &str) -> Cow<'_, str> {
    let line = terminal::clean(line);
    if line.is_ascii() { line } else { Cow::Owned(half_width(&line)) }
}

fn take(table: &mut Collector, own: &mut Vec<(u32, Binding)>, row: Row, number: u32) {
    let (mac, dead) = match row.card {
        Card::Known(mac) => (Some(mac), None),
        Card::Incomplete => (None, Some("incomplete")),
    };
    let address = Some(IpAddr::V4(row.address));
    if row.holder == Holder::Own {
        let mac = mac.filter(|mac| !mac.is_group() && !mac.is_zero());
        let binding = Binding { mac, address, prefix: None };
        table.reading.rows += 1;
        if super::is_group(IpAddr::V4(row.address)) || own.iter().any(|(_, had)| *had == binding) {
            return table.reading.skip("repeated");
        }
        table.reading.count("entries", 1);
        table.reading.count("self", 1);
        // No device has more addresses of its own than this; what bounds the search above.
        if own.len() < 4096 {
            own.push((number, binding));
        }
        return;
    }
    let place = Place::line(number);
    let outcome = table.add(Entry { place, address, mac, name: None, dead });
    if outcome == Outcome::Host && matches!(row.holder, Holder::Static | Holder::Unplaced) {
        table.reading.count("static", 1);
    }
}

/// The device that was asked comes first, with all its addresses.
fn finish(mut table: Collector, own: Vec<(u32, Binding)>) -> Result<Reading, Refusal> {
    if let Some((line, first)) = own.first() {
        table.reading.source_hint = first.address.map(|address| format!("arp/{address}"));
        let observer = Observation {
            place: Place::line(*line),
            kind: ObservationKind::Observer,
            bindings: own.iter().map(|(_, binding)| *binding).collect(),
            facts: Facts::default(),
        };
        table.reading.observations.insert(0, observer);
    }
    table.finish()
}

/// Whether the words of `line` begin with `expected`, in any case.
fn begins(line: &str, expected: &[&str]) -> bool {
    let mut words = line.split_whitespace();
    expected.iter().all(|word| words.next().is_some_and(|found| found.eq_ignore_ascii_case(word)))
}

/// Whether a line holds nothing but rules of `-`.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '-' | ' '))
}

/// Reads any bytes as the ARP table of every maker.
pub fn fuzz(bytes: &[u8]) {
    ALL.iter().for_each(|reader| super::fuzz_reader(reader, bytes));
}

#[cfg(test)]
mod tests;
