//! Consoles of malware protection (ウイルス対策, EDR): what they say of each host.
//!
//! One row is one host, or one host and one of its components.  A list of components gives one statement for each host: the pattern
//! by which an agent is judged is the virus pattern, or the smart scan's where that is the newer one, since an agent uses either;
//! the patterns for spyware and the like are counted and left out.

mod components;
mod values;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::{
    Binding, Facts, FactsBuilder, Field, Message, Observation, ObservationKind, Place, msg,
};

use self::components::Hosts;
use self::values::State;
use crate::columns::Column;
use crate::ledger::addresses;
use crate::ledger::rows::{RowKind, Rows};
use crate::table::{Row, SheetInfo};
use crate::tables::Found;
use crate::tables::book::Book;
use crate::values::text::{is_lost, tidy};
use crate::values::time::{self, Clock, TimeCell};
use crate::values::{name, nothing};

/// How many different words of one column are remembered to be told.
const MOST_WORDS: usize = 12;

/// A console's list on one sheet, while its rows pass.
#[derive(Debug)]
pub(crate) struct ConsoleTable {
    rows: Rows,
    plan: Plan,
    hosts: Option<Hosts>,
    unread: BTreeSet<(u16, String)>,
    facts: FactsBuilder,
}

/// Where each field stands. Column 0 means nowhere.
#[derive(Debug)]
struct Plan {
    host: u16,
    domain: u16,
    addresses: Vec<u16>,
    macs: Vec<u16>,
    product: u16,
    engines: Vec<u16>,
    patterns: Vec<u16>,
    pattern_date: u16,
    realtime: u16,
    states: [u16; 2],
    last_seen: u16,
    component: u16,
    /// Fields whose cell becomes one fact as it stands.
    plain: Vec<(Field, u16)>,
}

/// Fields that are kept as written.
const PLAIN: [Field; 6] =
    [Field::Os, Field::OsVersion, Field::Users, Field::Department, Field::Serial, Field::Remark];

impl Plan {
    fn new(columns: &[Column]) -> Self {
        let component = columns.iter().find(|column| words::names_components(column));
        let component = component.map_or(0, |column| column.number);
        let all = |wanted: Field| -> Vec<u16> {
            let of = columns.iter().filter(|column| column.field == Some(wanted));
            of.map(|column| column.number).filter(|number| *number != component).collect()
        };
        let one = |field: Field| all(field).first().copied().unwrap_or(0);
        Self {
            host: one(Field::Hostname),
            domain: one(Field::Domain),
            addresses: all(Field::Address),
            macs: all(Field::Mac),
            product: one(Field::ProtectionProduct),
            engines: all(Field::EngineVersion),
            patterns: all(Field::PatternVersion),
            pattern_date: one(Field::PatternDate),
            realtime: one(Field::RealtimeProtection),
            states: [one(Field::ProtectionState), one(Field::ConnectionState)],
            last_seen: one(Field::LastSeen),
            component,
            plain: PLAIN.into_iter().map(|field| (field, one(field))).collect(),
        }
    }
}

impl ConsoleTable {
    pub(crate) fn new(found: &Found) -> Self {
        let plan = Plan::new(&found.columns);
        Self {
            rows: Rows::new(&found.columns, found.header_row),
            hosts: (plan.component != 0).then(Hosts::default),
            plan,
            unread: BTreeSet::new(),
            facts: FactsBuilder::new(),
        }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        self.rows.count_gap(book, row);
        match self.rows.kind(row) {
            RowKind::Device => self.host(book, row.place(sheet), row),
            RowKind::Alone => {
                let text = row.cells().next().map_or("", |cell| cell.text);
                book.warn(row.place(sheet), msg!("ledger.row_alone", text = text));
                book.reading.skip("section_rows");
            }
            RowKind::Skipped(reason, _) => book.reading.skip(reason),
        }
    }

    fn host(&mut self, book: &mut Book, place: Place, row: &Row) {
        let written = self.hostname(book, &place, row);
        let reach = addresses::read(book, &place, row, &self.plan.addresses, &self.plan.macs);
        let bindings = reach.bindings;
        if written.is_empty() && bindings.is_empty() {
            book.warn(place, msg!("console.row_without_host"));
            return book.reading.skip("rows_without_device");
        }
        book.reading.rows += 1;
        self.add_name(&written, row);
        for (field, column) in &self.plan.plain {
            self.facts.add_written(*field, &tidy(row.text(*column)), row.text(*column).trim());
        }
        self.add_product(row);
        self.add_states(row);
        self.add_time(book, &place, row, self.plan.last_seen, Field::LastSeen);
        if self.hosts.is_some() {
            return self.component(book, place, row, &written, bindings);
        }
        self.add_versions(book, &place, row);
        book.reading.count("hosts", 1);
        push(book, place, bindings, self.facts.finish());
    }

    /// The name as the list writes it, without a Windows domain before it; empty where there is none.
    fn hostname(&self, book: &mut Book, place: &Place, row: &Row) -> String {
        let text = row.text(self.plan.host).trim();
        if is_lost(text) {
            let at = place.clone().at_column(self.plan.host);
            book.warn(at, msg!("ledger.lost_characters", field = Field::Hostname, text = text));
            return String::new();
        }
        if nothing::read(text).is_some() {
            return String::new();
        }
        let own = text.rsplit(['\\', '¥']).next().unwrap_or(text);
        tidy(own).into_owned()
    }

    fn add_name(&mut self, written: &str, row: &Row) {
        let (host, domain) = name::host_and_domain(written);
        if !host.is_empty() {
            self.facts.add_written(Field::Hostname, host, row.text(self.plan.host).trim());
        }
        let told = row.text(self.plan.domain).trim();
        // A domain may be followed by a group: `minato.local\外来`. A group alone is no domain.
        let first = told.split(['\\', '/', '¥']).next().unwrap_or_default().trim();
        let dotted = first.contains('.') && first.is_ascii() && !first.contains(' ');
        match domain.or_else(|| dotted.then_some(first)) {
            Some(domain) if dotted => {
                self.facts.add_written(Field::Domain, domain, told);
            }
            other => {
                self.facts.add(Field::Domain, other.unwrap_or_default());
            }
        }
    }

    fn add_product(&mut self, row: &Row) {
        let text = row.text(self.plan.product).trim();
        match nothing::read(text) {
            None => {
                self.facts.add_written(Field::ProtectionProduct, &tidy(text), text);
            }
            // A mark such as － may stand for anything; なし is an answer.
            Some(nothing::Nothing::Absent) if text.chars().any(char::is_alphabetic) => {
                self.facts.add_written(Field::ProtectionState, "absent", text);
            }
            Some(_) => {}
        }
    }

    /// The agent and the connection; a word of either may stand in the column of the other.
    fn add_states(&mut self, row: &Row) {
        for column in self.plan.states.into_iter().filter(|column| *column != 0) {
            let text = row.text(column).trim();
            let (field, value) = match values::state(text) {
                State::Absent => (Field::ProtectionState, "absent"),
                State::Installed => (Field::ProtectionState, "installed"),
                State::Offline => (Field::ConnectionState, "offline"),
                State::Online => (Field::ConnectionState, "online"),
                State::Nothing => continue,
                State::Unknown => {
                    self.note_word(column, text);
                    continue;
                }
            };
            self.facts.add_written(field, value, text);
        }
        let text = row.text(self.plan.realtime).trim();
        match values::switched_on(text) {
            Some(on) => {
                let value = if on { "on" } else { "off" };
                self.facts.add_written(Field::RealtimeProtection, value, text);
            }
            None if nothing::read(text).is_none() => self.note_word(self.plan.realtime, text),
            None => {}
        }
    }

    fn note_word(&mut self, column: u16, text: &str) {
        if self.unread.len() < MOST_WORDS {
            self.unread.insert((column, crate::text::excerpt(text)));
        }
    }

    /// A moment as it is, or what is wrong with it.
    fn add_time(&mut self, book: &mut Book, place: &Place, row: &Row, column: u16, field: Field) {
        let text = row.text(column).trim();
        let read = time::read(text, Clock::Local);
        match read.stored() {
            Some(stored) => {
                self.facts.add_written(field, &stored, text);
            }
            None => say_of_time(book, place.clone().at_column(column), field, text, read),
        }
    }

    fn add_versions(&mut self, book: &mut Book, place: &Place, row: &Row) {
        let engine = filled(row, &self.plan.engines);
        self.facts.add_written(Field::EngineVersion, &tidy(engine), engine);
        let pattern = filled(row, &self.plan.patterns);
        let (version, day) = values::version(pattern);
        self.facts.add_written(Field::PatternVersion, &tidy(version), pattern);
        // The pattern's own day wins over the time at which it arrived.
        match day {
            Some(day) => {
                self.facts.add_written(Field::PatternDate, &day.to_string(), pattern);
            }
            None => self.add_time(book, place, row, self.plan.pattern_date, Field::PatternDate),
        }
        if engine.is_empty() && pattern.is_empty() && !self.plan.patterns.is_empty() {
            book.reading.count("hosts_without_pattern", 1);
        }
    }

    /// A row of one component: what it says waits until the host's other rows are through.
    fn component(
        &mut self,
        book: &mut Book,
        place: Place,
        row: &Row,
        written: &str,
        bindings: Vec<Binding>,
    ) {
        let base = self.facts.finish();
        let version = filled(row, &self.plan.patterns);
        let when = time::read(row.text(self.plan.pattern_date), Clock::Local);
        if when.stored().is_none() {
            let (column, text) = (self.plan.pattern_date, row.text(self.plan.pattern_date).trim());
            let at = place.clone().at_column(column);
            say_of_time(book, at, Field::PatternDate, text, when.clone());
        }
        let Some(hosts) = &mut self.hosts else { return };
        let host = hosts.of(written, place, bindings, base);
        match values::component(row.text(self.plan.component)) {
            values::Component::Engine => host.take_engine(version),
            values::Component::Pattern => {
                let written = row.text(self.plan.pattern_date).trim();
                host.take_pattern(version, when.stored(), written);
            }
            values::Component::Other => book.reading.skip("other_components"),
        }
    }

    /// The list is done.
    pub(crate) fn end(mut self, book: &mut Book) {
        for (place, bindings, facts) in
            self.hosts.take().into_iter().flat_map(|hosts| hosts.told(&mut self.facts))
        {
            book.reading.count("hosts", 1);
            if facts.value(Field::PatternVersion).is_none() {
                book.reading.count("hosts_without_pattern", 1);
            }
            push(book, place, bindings, facts);
        }
        let without = book.reading.counts.get("hosts_without_pattern").copied().unwrap_or(0);
        if without > 0 {
            book.warn(Place::DOCUMENT, msg!("console.without_pattern", count = without));
        }
        if !self.unread.is_empty() {
            let words: Vec<String> = self.unread.into_iter().map(|(_, word)| word).collect();
            book.warn(Place::DOCUMENT, msg!("console.words_unread", words = words));
        }
    }
}

/// Says what is wrong with a moment: unclear, or none at all.
pub(crate) fn say_of_time(book: &mut Book, at: Place, field: Field, text: &str, read: TimeCell) {
    let message: Message = match read {
        TimeCell::Ambiguous(dates) => {
            let message = msg!("value.date_ambiguous", field = field, text = text, dates = dates);
            return book.ask(at, message);
        }
        TimeCell::Malformed => msg!("value.date_malformed", field = field, text = text),
        TimeCell::Nothing | TimeCell::Day(_) | TimeCell::Time(_) => return,
    };
    book.warn(at, message);
}

/// The first of these cells that holds something.
fn filled<'r>(row: &'r Row, columns: &[u16]) -> &'r str {
    let texts = columns.iter().map(|column| row.text(*column).trim());
    texts.into_iter().find(|text| nothing::read(text).is_none()).unwrap_or_default()
}

fn push(book: &mut Book, place: Place, bindings: Vec<Binding>, facts: Facts) {
    let kind = ObservationKind::ConsoleRow;
    book.reading.observations.push(Observation { place, kind, bindings, facts });
}

/// Copies facts, so that more can be added to them.
fn copy(facts: &Facts, onto: &mut FactsBuilder) {
    for fact in facts.iter() {
        let written: Cow<'_, str> = fact.shown().into();
        onto.add_written(fact.field, fact.value, &written);
    }
}

/// Reads any bytes as the rows of a console's list, flat or by component, and checks what must hold of every such list.
pub fn fuzz(bytes: &[u8]) {
    const HEADERS: [&str; 2] = [
        "コンピュータ名,IPアドレス,MACアドレス,ドメイン,状態,検索エンジン,パターンファイル,リアルタイム検索,最終更新,最終接続日時\n",
        "製品のホスト/エンドポイント,製品/エンドポイントIP,製品,パターンファイル/ルール,パターンファイル/ルールのバージョン,アップデート日時\n",
    ];
    for header in HEADERS {
        let mut text = header.as_bytes().to_vec();
        text.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes());
        let input =
            crate::reading::Input { name: "fuzz", bytes: &text, mapping: None, machine: None };
        let Ok(reading) = crate::registry::read(&input) else { continue };
        for row in &reading.observations {
            let named = row.facts.value(Field::Hostname).is_some() || !row.bindings.is_empty();
            assert!(named || row.kind != ObservationKind::ConsoleRow, "{row:?}");
        }
    }
}
