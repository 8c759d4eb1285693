//! The plain cells of a ledger row: one fact each.

use std::borrow::Cow;

use domain::{CalendarDate, DeviceKind, FactsBuilder, Field, Place, msg};
use jiff::ToSpan;

use super::column_of;
use crate::columns::{self, Column};
use crate::table::{Cell, CellKind, Row};
use crate::tables::book::Book;
use crate::values::date::{self, DateCell, DateNote};
use crate::values::nothing::{self, Nothing};
use crate::values::text::{is_lost, tidy, trimmed};
use crate::values::{ditto, identifier, kind};

/// Where each field stands. Column 0 means nowhere.
#[derive(Debug)]
pub(super) struct Plan {
    /// Fields whose cell becomes one fact.
    pub(super) plain: Vec<(Field, u16)>,
    pub(super) addresses: Vec<u16>,
    pub(super) macs: Vec<u16>,
    pub(super) number: u16,
    pub(super) hostname: u16,
    pub(super) name: u16,
    pub(super) generic_name: u16,
    pub(super) status: u16,
    pub(super) retired_on: u16,
    pub(super) quantity: u16,
    pub(super) remark: u16,
    /// A column that marks medical devices with a yes.
    pub(super) medical: u16,
    /// A column of times in UTC without a mark.
    pub(super) universal: u16,
}

impl Plan {
    pub(super) fn new(columns: &[Column]) -> Self {
        let all = |wanted: Field| {
            columns.iter().filter(|c| c.field == Some(wanted)).map(|c| c.number).collect()
        };
        let one = |field: Field| column_of(columns, field);
        let universal = columns.iter().find(|column| is_universal(column));
        let medical = columns.iter().find(|column| columns::is_medical_mark(column));
        let plain = columns
            .iter()
            .filter(|column| !is_universal(column) && !columns::is_medical_mark(column))
            .filter_map(|column| Some((column.field?, column.number)))
            .filter(|(field, _)| !is_special(*field))
            .collect();
        Self {
            plain,
            addresses: all(Field::Address),
            macs: all(Field::Mac),
            number: one(Field::AssetNumber),
            hostname: one(Field::Hostname),
            name: one(Field::Name),
            generic_name: one(Field::GenericName),
            status: one(Field::Status),
            retired_on: one(Field::RetiredOn),
            quantity: one(Field::Quantity),
            remark: one(Field::Remark),
            medical: medical.map_or(0, |column| column.number),
            universal: universal.map_or(0, |column| column.number),
        }
    }
}

/// Intune writes the last check-in in UTC and does not say so (reference 6).
fn is_universal(column: &Column) -> bool {
    column.field == Some(Field::LastSeen)
        && columns::key(&column.own) == columns::key("Last check-in")
}

/// Fields that are read together with others.
fn is_special(field: Field) -> bool {
    matches!(
        field,
        Field::Address
            | Field::Addressing
            | Field::AssetNumber
            | Field::Hostname
            | Field::Mac
            | Field::Quantity
            | Field::Status
    )
}

/// What stood in each column of the last row, for ditto marks.
#[derive(Debug, Default)]
pub(super) struct Above {
    texts: Vec<String>,
    /// How many ditto marks were resolved.
    pub(super) resolved: u64,
}

impl Above {
    pub(super) fn clear(&mut self) {
        self.texts.iter_mut().for_each(String::clear);
    }

    pub(super) fn set(&mut self, field: Field, text: &str) {
        let index = field as usize;
        if index >= self.texts.len() {
            self.texts.resize_with(index + 1, String::new);
        }
        if let Some(slot) = self.texts.get_mut(index) {
            slot.clear();
            slot.push_str(text);
        }
    }

    fn get(&self, field: Field) -> &str {
        self.texts.get(field as usize).map_or("", String::as_str)
    }

    /// The cell's text, or what it repeats; `None` where there is nothing above to repeat.
    fn resolve<'r>(&mut self, field: Field, text: &'r str) -> Option<Cow<'r, str>> {
        if !ditto::is_ditto(text) {
            self.set(field, text);
            return Some(Cow::Borrowed(text));
        }
        let above = self.get(field).to_owned();
        if above.is_empty() {
            return None;
        }
        self.resolved += 1;
        Some(Cow::Owned(above))
    }
}

/// The text of a cell with ditto marks resolved; `None` where it holds nothing. What is lost or broken is said.
pub(super) fn resolved<'r>(
    book: &mut Book,
    place: &Place,
    row: &'r Row,
    column: u16,
    field: Field,
    above: &mut Above,
) -> Option<Cow<'r, str>> {
    let Some(cell) = row.cell(column) else {
        above.set(field, "");
        return None;
    };
    let text = sound(book, place, cell, field)?;
    let Some(text) = above.resolve(field, text) else {
        let at = place.clone().at_column(column);
        book.warn(at, msg!("ledger.ditto_without_above", field = field));
        return None;
    };
    nothing::read(&text).is_none().then_some(text)
}

/// The trimmed text of a cell, unless the spreadsheet or an encoding broke it; then that is said.
fn sound<'r>(book: &mut Book, place: &Place, cell: Cell<'r>, field: Field) -> Option<&'r str> {
    let text = trimmed(cell.text);
    let at = || place.clone().at_column(cell.column);
    if cell.kind == CellKind::Error || identifier::is_error_word(text) {
        book.warn(at(), msg!("ledger.cell_error", field = field, text = text));
        return None;
    }
    if cell.kind == CellKind::FormulaWithoutValue {
        book.warn(at(), msg!("ledger.formula_without_value", field = field));
        return None;
    }
    if is_lost(text) {
        book.warn(at(), msg!("ledger.lost_characters", field = field, text = text));
        return None;
    }
    (!text.is_empty()).then_some(text)
}

/// The text of a cell that identifies a device: never repeated from above, never a number that was rounded.
pub(super) fn identity<'r>(
    book: &mut Book,
    place: &Place,
    row: &'r Row,
    column: u16,
    field: Field,
) -> Option<Cow<'r, str>> {
    let cell = row.cell(column)?;
    let text = sound(book, place, cell, field)?;
    identity_text(book, place, cell, text)
}

fn identity_text<'r>(
    book: &mut Book,
    place: &Place,
    cell: Cell<'_>,
    text: &'r str,
) -> Option<Cow<'r, str>> {
    let at = || place.clone().at_column(cell.column);
    if ditto::is_ditto(text) {
        book.warn(at(), msg!("ledger.ditto_identity"));
        return None;
    }
    // Spreadsheets keep fifteen digits of a number; what follows them are zeros.
    let too_long = matches!(cell.kind, CellKind::Number(_)) && text.len() > 15;
    if too_long || identifier::is_damaged(text) {
        book.warn(at(), msg!("ledger.number_rounded", text = text));
        return None;
    }
    nothing::read(text).is_none().then_some(Cow::Borrowed(text))
}

/// Whether the cell holds a date that can be read.
pub(super) fn is_day(cell: &Cell<'_>) -> bool {
    matches!(date::read(cell.text, cell.kind), DateCell::Date(..) | DateCell::Ambiguous(_))
}

/// Adds the fact of one plain cell; whether it stated something.
pub(super) fn add(
    book: &mut Book,
    place: &Place,
    cell: Cell<'_>,
    field: Field,
    above: &mut Above,
    facts: &mut FactsBuilder,
) -> bool {
    let Some(text) = sound(book, place, cell, field) else {
        above.set(field, "");
        return false;
    };
    let at = place.clone().at_column(cell.column);
    if field == Field::Serial {
        return match identity_text(book, place, cell, text) {
            Some(serial) => add_text(facts, field, &serial),
            None => false,
        };
    }
    let Some(text) = above.resolve(field, text) else {
        book.warn(at, msg!("ledger.ditto_without_above", field = field));
        return false;
    };
    let kind = if matches!(text, Cow::Borrowed(_)) { cell.kind } else { CellKind::Text };
    add_value(book, at, field, &text, kind, facts)
}

fn add_value(
    book: &mut Book,
    at: Place,
    field: Field,
    text: &str,
    kind: CellKind,
    facts: &mut FactsBuilder,
) -> bool {
    match field {
        Field::Registered
        | Field::SupportEnd
        | Field::RetiredOn
        | Field::InspectedOn
        | Field::InspectionDue => {
            return add_date(book, at, field, text, kind, facts);
        }
        Field::Antivirus
        | Field::Location
        | Field::Maker
        | Field::Model
        | Field::NetworkConnection
        | Field::Os
        | Field::OsVersion
        | Field::RemoteMaintenance
        | Field::ServiceContract
        | Field::Software
        | Field::SoftwareVersion => return add_stated(facts, field, text),
        Field::Users if nothing::read(text).is_some() => return add_stated(facts, field, text),
        _ => {}
    }
    if nothing::read(text).is_some() {
        return false;
    }
    match field {
        Field::DeviceClass => {
            add_read(book, at, field, text, identifier::device_class(text), facts)
        }
        Field::DurableYears => {
            let years = identifier::count(text).map(|years| years.to_string());
            add_read(book, at, field, text, years.as_deref(), facts)
        }
        Field::Gtin => add_read(book, at, field, text, identifier::gtin(text).as_deref(), facts),
        Field::InstallationManaged | Field::SpecialMaintenance => {
            add_read(book, at, field, text, identifier::yes_or_no(text), facts)
        }
        Field::JmdnCode => {
            add_read(book, at, field, text, identifier::jmdn(text).as_deref(), facts)
        }
        Field::Kind => match kind::read(text) {
            Some(kind) => add_read(book, at, field, text, Some(kind.key()), facts),
            None => add_text(facts, field, text),
        },
        Field::LastSeen | Field::LeaseEnd | Field::PatternDate => {
            add_time(book, at, field, text, facts)
        }
        Field::Users => add_users(facts, text),
        _ => add_text(facts, field, text),
    }
}

fn add_text(facts: &mut FactsBuilder, field: Field, text: &str) -> bool {
    facts.add_written(field, &tidy(text), text);
    true
}

/// Fields in which "none" and "nobody knows" are answers: no operating system is not the same as an unknown one. An answer of that kind
/// is kept, but by itself makes no row a device.
fn add_stated(facts: &mut FactsBuilder, field: Field, text: &str) -> bool {
    let nothing = nothing::read(text);
    let value = match nothing {
        Some(Nothing::Unknown) => Cow::Borrowed("不明"),
        _ if is_none_mark(text) => Cow::Borrowed("－"),
        _ => tidy(text),
    };
    facts.add_written(field, &value, text);
    nothing.is_none()
}

/// Whether the cell answers with a mark such as `－` that there is none.
fn is_none_mark(text: &str) -> bool {
    nothing::read(text) == Some(Nothing::Absent) && !text.chars().any(char::is_alphanumeric)
}

/// Adds what was read of a cell, or says that it could not be read.
fn add_read(
    book: &mut Book,
    at: Place,
    field: Field,
    text: &str,
    value: Option<&str>,
    facts: &mut FactsBuilder,
) -> bool {
    match value {
        Some(value) => {
            facts.add_written(field, value, text);
            true
        }
        None => {
            book.warn(at, msg!("value.not_read", field = field, text = text));
            false
        }
    }
}

fn add_time(
    book: &mut Book,
    at: Place,
    field: Field,
    text: &str,
    facts: &mut FactsBuilder,
) -> bool {
    match date::local_time(text) {
        Some(time) if !date::is_never(time.date()) => {
            add_read(book, at, field, text, Some(&time.to_string()), facts)
        }
        _ => add_date(book, at, field, text, CellKind::Text, facts),
    }
}

/// Adds the kind where the mark of medical devices says yes; whether it does. A mark that says neither yes nor no is told.
pub(super) fn add_medical(
    book: &mut Book,
    place: &Place,
    cell: Cell<'_>,
    facts: &mut FactsBuilder,
) -> bool {
    let Some(text) = sound(book, place, cell, Field::Kind) else { return false };
    let stated = identifier::yes_or_no(text)
        .map(|said| said == "yes")
        .or_else(|| kind::read(text).map(|kind| kind == DeviceKind::Medical));
    match stated {
        Some(true) => {
            facts.add_written(Field::Kind, DeviceKind::Medical.key(), text);
        }
        Some(false) => {}
        None if nothing::read(text).is_some() => {}
        None => {
            let at = place.clone().at_column(cell.column);
            book.warn(at, msg!("value.not_read", field = Field::Kind, text = text));
        }
    }
    stated == Some(true)
}

/// Adds a time in UTC, told as Japan's: nine hours later.
pub(super) fn add_universal(cell: Cell<'_>, facts: &mut FactsBuilder) {
    let text = cell.text.trim();
    let time = date::local_time(text).filter(|time| !date::is_never(time.date()));
    if let Some(time) = time.and_then(|time| time.checked_add(9.hours()).ok()) {
        facts.add_written(Field::LastSeen, &time.to_string(), text);
    }
}

fn add_date(
    book: &mut Book,
    at: Place,
    field: Field,
    text: &str,
    kind: CellKind,
    facts: &mut FactsBuilder,
) -> bool {
    match date::read(text, kind) {
        DateCell::Ambiguous(dates) => {
            book.ask(at, msg!("value.date_ambiguous", field = field, text = text, dates = dates));
            false
        }
        DateCell::Date(CalendarDate::Day(day), _) if date::is_never(day) => {
            book.warn(at, msg!("value.date_never", field = field, text = text));
            false
        }
        DateCell::Date(date, note) => {
            if let Some(note) = note {
                warn_of_date(book, at, field, text, date, note);
            }
            facts.add_written(field, &date.to_string(), text);
            true
        }
        DateCell::Malformed => {
            book.warn(at, msg!("value.date_malformed", field = field, text = text));
            false
        }
        DateCell::Nothing => {
            if nothing::read(text) == Some(Nothing::Unknown) {
                book.warn(at, msg!("value.date_unknown", field = field, text = text));
            }
            false
        }
    }
}

fn warn_of_date(
    book: &mut Book,
    at: Place,
    field: Field,
    text: &str,
    date: CalendarDate,
    note: DateNote,
) {
    let message = match note {
        DateNote::DayUnknown => {
            msg!("value.date_without_day", field = field, text = text, date = date)
        }
        DateNote::EightDigits => msg!("value.date_number", field = field, text = text, date = date),
        DateNote::EraOverrun => {
            msg!("value.date_era_overrun", field = field, text = text, date = date)
        }
        DateNote::FiscalYear => {
            msg!("value.date_fiscal_year", field = field, text = text, date = date)
        }
        DateNote::SerialNumber => {
            msg!("value.date_serial", field = field, text = text, date = date)
        }
    };
    book.warn(at, message);
}

/// Several users, joined by `、`; a line break inside brackets separates nobody.
fn add_users(facts: &mut FactsBuilder, text: &str) -> bool {
    if text.is_ascii() && !text.contains(['\n', ',']) {
        return add_text(facts, Field::Users, text);
    }
    let mut users: Vec<String> = vec![String::new()];
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '、' | ',' | '，' | '\n') {
            users.push(String::new());
        } else if let Some(last) = users.last_mut() {
            last.push(c);
        }
    }
    let tidied: Vec<_> =
        users.iter().map(|user| tidy(user)).filter(|user| !user.is_empty()).collect();
    facts.add_written(Field::Users, &tidied.join("、"), text);
    true
}
