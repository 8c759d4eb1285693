//! `arp -a` of Windows, from XP on, in Japanese and English, from a console, a redirect or PowerShell.
//!
//! ```text
//! インターフェイス: 10.100.10.70 --- 0xc
//!   インターネット アドレス 物理アドレス           種類
//!   10.100.10.1           00-00-4c-c5-96-6d     動的
//! ```
//!
//! Rows are read word by word, never by column: the padding counts double-width letters, and copies in documents lose it.

mod interface;
mod line;

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use domain::fold::half_width;
use domain::{AddressKind, Binding, Completeness, Facts, Observation, ObservationKind, Place, msg};

use self::interface::Interface;
use self::line::{Header, Kind, Row, State, continues_row, is_cut_label};
use super::{Collector, Entry, Outcome, Words};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Line, Text, excerpt};

/// The reader of `arp -a`.
#[derive(Debug)]
pub struct WindowsArp;

const WORDS: Words = Words {
    v4: "unicast_hosts",
    v6: "unicast_hosts",
    group: "multicast_broadcast_ignored",
    no_card: "invalid",
};

impl Reader for WindowsArp {
    fn kind(&self) -> &'static str {
        "windows-arp"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| match Kind::of(&half_width_line(line)) {
            Kind::Header(header) if header.has_index => Score::Certain,
            Kind::Header(_) | Kind::NoEntries => Score::Likely,
            _ => Score::No,
        })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut scan = Scan::new(self.kind());
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let mut written = half_width_line(line.text);
            let mut ended = line.ended;
            // A narrow window breaks a row in two.
            let broken = matches!(Kind::of(&written), Kind::Row(row) if row.state.is_none());
            if broken
                && let Some(next) = lines.next_if(|next| continues_row(&half_width_line(next.text)))
            {
                written = Cow::Owned(format!("{written} {}", half_width_line(next.text)));
                ended = next.ended;
            }
            scan.line(Line { text: &written, ended, ..line });
        }
        scan.finish()
    }
}

fn half_width_line(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(half_width(text)) }
}

#[derive(Debug)]
struct Scan {
    table: Collector,
    interfaces: Vec<Interface>,
    by_address: HashMap<Ipv4Addr, usize>,
    current: Option<usize>,
    /// Lines that are no rows are warned of: we are within a table.
    in_table: bool,
    /// The title line may come now.
    title_due: bool,
    after_blank: bool,
    headerless: bool,
    cut: bool,
    /// Rows whose state was lost or is a word we do not know: first line, word, number of rows.
    unread_states: Option<(u32, String, u64)>,
}

impl Scan {
    fn new(kind: &'static str) -> Self {
        Self {
            table: Collector::new(kind, 1, WORDS),
            interfaces: Vec::new(),
            by_address: HashMap::new(),
            current: None,
            in_table: false,
            title_due: false,
            after_blank: false,
            headerless: false,
            cut: false,
            unread_states: None,
        }
    }

    fn line(&mut self, line: Line<'_>) {
        match Kind::of(line.text) {
            Kind::Blank => {
                self.after_blank = true;
                return;
            }
            Kind::Header(header) => self.header(header, line),
            Kind::NoEntries => self.table.reading.skip("no_entries"),
            Kind::Other => self.other(line),
            Kind::Prompt => {
                self.table.reading.skip("prompt");
                (self.current, self.in_table) = (None, false);
            }
            Kind::Row(row) => self.row(&row, line),
        }
        self.after_blank = false;
    }

    fn header(&mut self, header: Header, line: Line<'_>) {
        (self.in_table, self.title_due, self.current) = (true, true, None);
        // At a cut end the last digits of the address may be missing.
        if !line.ended && !header.has_index {
            self.cut = true;
            return;
        }
        let Some(own) = header.own else {
            let message = msg!("neighbour.header_unreadable", text = excerpt(line.text));
            return self.table.reading.warn(Place::line(line.number), message);
        };
        if !AddressKind::of(own).is_unicast() {
            return self.table.reading.skip("loopback");
        }
        // The same table may stand in a file twice, where the command was given twice.
        let next = self.interfaces.len();
        let index = *self.by_address.entry(own).or_insert(next);
        if index == next {
            self.table.reading.count("interfaces", 1);
            self.interfaces.push(Interface::new(line.number, own));
        }
        self.current = Some(index);
    }

    fn row(&mut self, row: &Row<'_>, line: Line<'_>) {
        self.title_due = false;
        let half = !line.ended
            && !matches!(row.state, Some(State::Dynamic | State::Invalid | State::Static));
        self.cut |= half;
        if row.mac.is_none() && (row.state.is_none() || row.is_malformed) {
            // Outside our tables a line may well start with an address and be no row of ours.
            match self.in_table {
                true if half => {}
                true => self.table.unreadable(Place::line(line.number), line.text),
                false => self.table.reading.skip("other_text"),
            }
            return;
        }
        if self.current.is_none() && !self.in_table && !self.headerless {
            self.headerless = true;
            self.table.reading.warn(Place::line(line.number), msg!("neighbour.header_missing"));
        }
        self.in_table = true;
        self.entry(row, line.number);
        if !half {
            self.note_state(row, line.number);
        }
    }

    fn entry(&mut self, row: &Row<'_>, number: u32) {
        let interface = self.current.and_then(|index| self.interfaces.get_mut(index));
        self.table.scope = interface.as_ref().map_or(0, |interface| interface.line);
        let outcome = self.table.add(Entry {
            place: Place::line(number),
            address: Some(IpAddr::V4(row.address)),
            mac: row.mac,
            name: None,
            dead: matches!(row.state, Some(State::Invalid)).then_some("invalid"),
        });
        if let Some(interface) = interface {
            interface.learn(row, outcome);
        }
        if outcome == Outcome::Host && row.state == Some(State::Static) {
            self.table.reading.count("static", 1);
        }
    }

    fn note_state(&mut self, row: &Row<'_>, number: u32) {
        let word = match row.state {
            Some(State::Unknown(word)) => word,
            None => "",
            Some(_) => return,
        };
        let (_, _, count) = self.unread_states.get_or_insert_with(|| (number, excerpt(word), 0));
        *count += 1;
    }

    fn other(&mut self, line: Line<'_>) {
        if std::mem::take(&mut self.title_due) && line.ended {
            return self.table.reading.skip("title");
        }
        if !line.ended && is_cut_label(line.text) {
            self.cut = true;
            return;
        }
        // After an empty line another command's output may begin.
        self.in_table &= !self.after_blank;
        if !self.in_table {
            return self.table.reading.skip("other_text");
        }
        if line.ended {
            self.table.unreadable(Place::line(line.number), line.text);
        }
        self.cut |= !line.ended;
    }

    fn finish(mut self) -> Result<Reading, Refusal> {
        if let Some((line, word, count)) = self.unread_states.take() {
            let message = msg!("neighbour.state_unread", word = word, count = count);
            self.table.reading.warn(Place::line(line), message);
        }
        self.cut |= self.interfaces.iter().any(|interface| interface.is_empty);
        if self.cut {
            self.table.document(msg!("neighbour.cut"));
        }
        let completeness =
            if self.cut { Completeness::Truncated } else { Completeness::Neighbours };
        let covered =
            self.interfaces.iter().filter_map(|interface| interface.coverage(completeness));
        self.table.reading.coverage = covered.collect();
        let named = self.interfaces.iter().find(|interface| !interface.own.is_link_local());
        self.table.reading.source_hint = named.map(|interface| format!("arp/{}", interface.own));
        if let Some(observer) = self.observer() {
            self.table.reading.observations.insert(0, observer);
        }
        self.table.finish()
    }

    /// The machine that looked: no table lists it, only the headers do.
    fn observer(&self) -> Option<Observation> {
        let first = self.interfaces.first()?;
        let own = |interface: &Interface| Binding {
            mac: None,
            address: Some(IpAddr::V4(interface.own)),
            prefix: None,
        };
        Some(Observation {
            place: Place::line(first.line),
            kind: ObservationKind::Observer,
            bindings: self.interfaces.iter().map(own).collect(),
            facts: Facts::default(),
        })
    }
}

#[cfg(test)]
mod tests;
