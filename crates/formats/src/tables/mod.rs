//! Tables: which family one is, and the reader that takes the rows of all sheets.
//!
//! Rows pass through one by one; only the first thirty of a sheet are held, until its header is found.

mod beside;
pub(crate) mod book;
mod duplicates;
mod family;
mod header;
pub(crate) mod notes;
pub(crate) mod secrets;

use std::ops::ControlFlow;

use domain::{Message, Place, msg};

use self::beside::{Desk, Rows};
use self::book::Book;
pub use self::family::{Family, classify};
pub(crate) use self::header::Found;
use self::header::{HeaderSearch, Search};
use self::secrets::Glance;
use crate::address_table::AddressTable;
use crate::backup::BackupTable;
use crate::columns::Column;
use crate::console::ConsoleTable;
use crate::dhcp_windows::DhcpTable;
use crate::ledger::LedgerTable;
use crate::reading::{Dated, Mapping, Reading, Refusal, TableRead};
use crate::scanners::openvas::OpenvasTable;
use crate::table::{Row, RowSink, SheetInfo};
use crate::values::date;

/// What the rows came out of; it becomes part of the kind's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Commas, or semicolons.
    Csv,
    /// Tabs.
    Tsv,
    /// A workbook, or an HTML table named like one.
    Workbook,
}

/// Takes the rows of all sheets and gives what they say.
#[derive(Debug)]
pub struct TableReader<'a> {
    shape: Shape,
    mapping: Option<&'a Mapping>,
    book: Book,
    current: Current,
    families: Vec<(Family, &'static str)>,
    failures: Vec<Failure>,
    /// A row without its secrets, to be used again for the next.
    shown: Row,
    /// Where a password was noted in the text of a cell.
    noted: Vec<Place>,
}

/// Places of noted passwords that are told.
const MOST_NOTED: usize = 1_000;

#[derive(Debug)]
enum Current {
    Nothing,
    /// The sheet is not read, and looked at only for columns of secrets.
    Passing(Glance),
    Searching(HeaderSearch),
    Reading(Rows, TableRead),
}

#[derive(Debug)]
enum Table {
    Addresses(AddressTable),
    Backup(Box<BackupTable>),
    Console(Box<ConsoleTable>),
    Dhcp(DhcpTable),
    Ledger(Box<LedgerTable>),
    Scan(Box<OpenvasTable>),
}

/// A sheet that could not be read, and what to say of it.
#[derive(Debug)]
struct Failure {
    place: Place,
    message: Message,
}

/// What a sheet's name says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SheetName {
    Cover,
    Legend,
    Plain,
}

impl<'a> TableReader<'a> {
    /// A reader for a document of this shape, with what a person said about its columns.
    pub fn new(shape: Shape, mapping: Option<&'a Mapping>) -> Self {
        Self {
            shape,
            mapping,
            book: Book::default(),
            current: Current::Nothing,
            families: Vec::new(),
            failures: Vec::new(),
            shown: Row::default(),
            noted: Vec::new(),
        }
    }

    /// What was read, once all sheets are through; refused where no sheet holds a table we know.
    pub fn finish(mut self) -> Result<Reading, Refusal> {
        self.close();
        let Some(kind) = self.kind() else {
            return Err(Refusal { message: self.refusal() });
        };
        for failure in std::mem::take(&mut self.failures) {
            self.book.warn(failure.place, failure.message);
        }
        self.say_noted();
        let mut reading = self.book.finish();
        reading.kind = kind;
        Ok(reading)
    }

    /// Says where passwords were noted among other words, and what is kept of the document.
    fn say_noted(&mut self) {
        let is_workbook = self.shape == Shape::Workbook;
        self.book.reading.noted = !self.noted.is_empty();
        self.book.reading.distilled |= is_workbook && !self.noted.is_empty();
        for place in std::mem::take(&mut self.noted) {
            let message = match is_workbook {
                true => msg!("ledger.noted_secret_distilled"),
                false => msg!("ledger.noted_secret_masked"),
            };
            self.book.warn(place, message);
        }
    }

    /// The kind of the most telling sheet: a workbook with a ledger and an address table is a ledger.
    fn kind(&self) -> Option<&'static str> {
        let best = self.families.iter().min_by_key(|(family, _)| family.rank());
        best.map(|(_, kind)| *kind)
    }

    fn refusal(&self) -> Message {
        if let Some(wanted) = self.mapping.and_then(|mapping| mapping.sheet.as_deref())
            && !self.book.reading.tables.iter().any(|table| table.taken_as != "not_chosen")
        {
            return msg!("ledger.refused_no_such_sheet", sheet = wanted);
        }
        match self.failures.first() {
            Some(failure) => failure.message.clone(),
            None => msg!("ledger.refused_empty"),
        }
    }

    fn note_sheet(&mut self, sheet: &SheetInfo, taken_as: &'static str) {
        let name = sheet.name.as_deref().map(str::to_owned);
        self.book.reading.tables.push(TableRead { sheet: name, taken_as, ..TableRead::default() });
    }

    /// Whether the sheet is to be left alone; says why.
    fn passes_over(&mut self, sheet: &SheetInfo) -> bool {
        let name = sheet.name.as_deref().unwrap_or_default();
        if let Some(wanted) = self.mapping.and_then(|mapping| mapping.sheet.as_deref()) {
            if wanted != name {
                self.note_sheet(sheet, "not_chosen");
            }
            return wanted != name;
        }
        if sheet.hidden {
            self.note_sheet(sheet, "hidden");
            let place = Place::row(sheet.name.clone(), 0);
            self.book.warn(place, msg!("ledger.sheet_hidden", sheet = name));
            return true;
        }
        if sheet_name(name) == SheetName::Legend {
            self.note_sheet(sheet, "legend");
            return true;
        }
        false
    }

    fn search(&mut self, sheet: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let Current::Searching(search) = &mut self.current else { return ControlFlow::Break(()) };
        match search.push(row) {
            Search::Found(found) => self.begin(sheet, found),
            Search::More => ControlFlow::Continue(()),
            Search::NotFound => {
                self.give_up(sheet);
                // What follows is looked at only for secrets.
                match self.current {
                    Current::Passing(_) => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                }
            }
        }
    }

    /// The header was found: the rows held so far go to the reader of its family.
    fn begin(&mut self, sheet: &SheetInfo, found: Found) -> ControlFlow<()> {
        let rows = match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Searching(search) => search.into_rows(),
            _ => Vec::new(),
        };
        let above = rows.get(..found.above).unwrap_or_default();
        let below = rows.get(found.below..).unwrap_or_default();
        self.read_titles(above.iter());
        self.note_above(sheet, above);
        let titles = above.iter().filter(|row| !row.is_blank()).count() as u64;
        if titles > 0 {
            *self.book.reading.skipped.entry("title_rows").or_default() += titles;
        }
        let read = TableRead {
            sheet: sheet.name.as_deref().map(str::to_owned),
            taken_as: found.family.word(),
            header_row: Some(found.header_row),
            columns: found.columns.iter().map(|c| (c.header.clone(), c.field)).collect(),
            numbers: found.columns.iter().map(|column| column.number).collect(),
            devices: 0,
            secret: secrets(&found.columns),
        };
        self.say_secrets(sheet, &found);
        self.families.push((found.family, found.family.kind(self.shape, &found.columns)));
        self.warn_of_hidden_columns(sheet, &found.columns);
        let table = self.table(sheet, found, above);
        // The book goes with the table until the sheet is done.
        let book = std::mem::take(&mut self.book);
        let rows = Rows::new(Desk { table, book, sheet: sheet.clone(), devices: 0 });
        self.current = Current::Reading(rows, read);
        below.iter().for_each(|row| self.take(sheet, row));
        ControlFlow::Continue(())
    }

    /// Hands a row to the reader of its table, without the cells that hold secrets and with noted passwords masked.
    fn take(&mut self, sheet: &SheetInfo, row: &Row) {
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Reading(rows, read) if read.secret.is_empty() && !notes::may_hold(row) => {
                self.current = Current::Reading(rows.take(row), read);
            }
            Current::Reading(rows, read) => {
                self.shown.copy(row);
                self.shown.leave_out(&read.secret);
                let noted = notes::mask(&mut self.shown);
                self.note(noted.iter().map(|column| row.place(sheet).at_column(*column)));
                self.current = Current::Reading(rows.take(&self.shown), read);
            }
            other => self.current = other,
        }
    }

    fn note(&mut self, places: impl Iterator<Item = Place>) {
        let room = MOST_NOTED.saturating_sub(self.noted.len());
        self.noted.extend(places.take(room));
    }

    /// Nothing of what stands above a table is kept but the document itself.
    fn note_above(&mut self, sheet: &SheetInfo, above: &[Row]) {
        for row in above {
            let cells = row.cells().filter(|cell| notes::masked(cell.text).is_some());
            let places: Vec<Place> =
                cells.map(|cell| row.place(sheet).at_column(cell.column)).collect();
            self.note(places.into_iter());
        }
    }

    /// Says that columns of passwords were left alone, and what is kept of the document.
    fn say_secrets(&mut self, sheet: &SheetInfo, found: &Found) {
        let is_secret = |column: &&Column| secrets::is_secret_column(column);
        let columns = found.columns.iter().filter(is_secret).map(|column| column.header.clone());
        let columns: Vec<String> = columns.collect();
        if columns.is_empty() {
            return;
        }
        let place = Place::row(sheet.name.clone(), found.header_row);
        let message = match self.shape {
            Shape::Workbook => msg!("ledger.secret_columns_distilled", columns = columns),
            Shape::Csv | Shape::Tsv => msg!("ledger.secret_columns_masked", columns = columns),
        };
        self.book.reading.distilled |= self.shape == Shape::Workbook;
        self.book.warn(place, message);
    }

    /// A sheet was not read and holds a column of secrets: then the document cannot be kept either.
    fn end_glance(&mut self, glance: &Glance, sheet: &SheetInfo) {
        if glance.found() {
            let place = Place::row(sheet.name.clone(), 0);
            self.book.reading.distilled = true;
            self.book.warn(place, msg!("ledger.secret_sheet"));
        }
    }

    fn table(&mut self, sheet: &SheetInfo, found: Found, above: &[Row]) -> Table {
        self.book.duplicates.start_sheet(sheet.name.clone());
        match found.family {
            Family::AddressTable => {
                let titles = above.iter().flat_map(Row::cells).map(|cell| cell.text);
                let titles = sheet.name.as_deref().into_iter().chain(titles);
                Table::Addresses(AddressTable::new(&found.columns, titles))
            }
            Family::Backup => Table::Backup(Box::new(BackupTable::new(&found))),
            Family::Console => Table::Console(Box::new(ConsoleTable::new(&found))),
            Family::DhcpLeases | Family::DhcpList => Table::Dhcp(DhcpTable::new(&found.columns)),
            Family::ScanReport => Table::Scan(Box::new(OpenvasTable::new(&found.columns))),
            _ => Table::Ledger(Box::new(LedgerTable::new(sheet, found))),
        }
    }

    fn warn_of_hidden_columns(&mut self, sheet: &SheetInfo, columns: &[Column]) {
        let hidden = columns.iter().filter(|column| sheet.hidden_columns.contains(&column.number));
        let names: Vec<String> = hidden.map(|column| column.header.clone()).collect();
        if !names.is_empty() {
            let place = Place::row(sheet.name.clone(), 0);
            self.book.warn(place, msg!("ledger.columns_hidden", columns = names));
        }
    }

    /// A title or a cover may say on which day all this was so.
    fn read_titles<'r>(&mut self, rows: impl Iterator<Item = &'r Row>) {
        let cells = rows.flat_map(Row::cells).filter(|cell| !cell.marks.merged);
        for text in cells.map(|cell| cell.text).filter(|text| text.len() < 600) {
            let as_of = ["現在", "時点", "基準日", "as of"].iter().any(|word| text.contains(word));
            let made = ["作成日", "更新日", "出力日", "生成日", "エクスポート日"]
                .iter()
                .any(|word| text.contains(word));
            if (as_of || (made && self.book.reading.dated.is_none()))
                && let Some(day) = date::find_day(text)
            {
                self.book.reading.dated = Some(Dated::Day(day));
            }
        }
    }

    /// No header stands in the first rows: says what the sheet was taken for instead.
    fn give_up(&mut self, sheet: &SheetInfo) {
        let Current::Searching(search) = std::mem::replace(&mut self.current, Current::Nothing)
        else {
            return;
        };
        let name = sheet.name.as_deref().unwrap_or_default();
        let rows = search.rows();
        self.read_titles(rows.iter());
        let mut glance = Glance::default();
        let seen = rows.iter().all(|row| glance.look(row));
        let (taken_as, message) = if rows.iter().all(Row::is_blank) {
            ("empty", None)
        } else if sheet_name(name) == SheetName::Cover {
            ("cover", None)
        } else {
            let (taken_as, message) = search.explain();
            (taken_as, Some(message))
        };
        self.note_sheet(sheet, taken_as);
        if let Some(message) = message {
            self.failures.push(Failure { place: Place::row(sheet.name.clone(), 0), message });
        }
        if seen {
            self.current = Current::Passing(glance);
        } else {
            self.end_glance(&glance, sheet);
        }
    }

    fn close(&mut self) {
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Reading(rows, mut read) => {
                let desk = rows.finish();
                self.book = desk.book;
                let before = self.book.reading.observations.len();
                let is_log = matches!(desk.table, Table::Backup(_));
                match desk.table {
                    Table::Console(table) => table.end(&mut self.book),
                    Table::Dhcp(table) => table.end(&mut self.book),
                    Table::Ledger(table) => table.end(&mut self.book),
                    Table::Scan(table) => table.end(&mut self.book),
                    Table::Addresses(_) | Table::Backup(_) => {}
                }
                read.devices = desk.devices + devices_after(&self.book.reading, before);
                let place =
                    Place { sheet: read.sheet.as_deref().map(Into::into), ..Place::DOCUMENT };
                if is_log && self.book.reading.rows == 0 {
                    self.book.warn(place, msg!("backup.no_runs"));
                } else if !is_log && read.devices == 0 {
                    self.book.warn(place, msg!("ledger.no_devices"));
                }
                self.book.reading.tables.push(read);
            }
            Current::Searching(_) | Current::Passing(_) | Current::Nothing => {}
        }
    }
}

/// The columns that hold secrets.
fn secrets(columns: &[Column]) -> Vec<u16> {
    let secret = columns.iter().filter(|column| secrets::is_secret_column(column));
    secret.map(|column| column.number).collect()
}

impl RowSink for TableReader<'_> {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        self.close();
        if self.passes_over(sheet) {
            self.current = Current::Passing(Glance::default());
            return ControlFlow::Continue(());
        }
        self.current = Current::Searching(HeaderSearch::new(self.mapping));
        ControlFlow::Continue(())
    }

    fn row(&mut self, sheet: &SheetInfo, row: &Row) -> ControlFlow<()> {
        match &mut self.current {
            Current::Nothing => ControlFlow::Break(()),
            Current::Passing(glance) => match glance.look(row) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            },
            Current::Reading(..) => {
                self.take(sheet, row);
                ControlFlow::Continue(())
            }
            Current::Searching(_) => self.search(sheet, row),
        }
    }

    fn end(&mut self, sheet: &SheetInfo) {
        if let Current::Searching(search) = &mut self.current {
            match search.complete() {
                Some(found) => drop(self.begin(sheet, found)),
                None => self.give_up(sheet),
            }
        }
        if let Current::Passing(glance) = &mut self.current {
            let glance = std::mem::take(glance);
            self.end_glance(&glance, sheet);
        }
        self.close();
    }
}

/// How many devices the observations after the first `before` name.
fn devices_after(reading: &Reading, before: usize) -> u64 {
    let new = reading.observations.iter().skip(before);
    new.filter(|seen| seen.kind.names_a_device()).count() as u64
}

fn sheet_name(name: &str) -> SheetName {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&[
        "凡例",
        "記入例",
        "記入要領",
        "入力規則",
        "選択肢",
        "改訂履歴",
        "変更履歴",
        "legend",
        "Legend",
    ]) {
        SheetName::Legend
    } else if has(&["表紙", "目次", "cover", "Cover"]) {
        SheetName::Cover
    } else {
        SheetName::Plain
    }
}

/// Splits any bytes into rows and reads them as a ledger; for fuzzing. It must not panic.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let sheet = SheetInfo::default();
    let mut reader = TableReader::new(Shape::Csv, None);
    if reader.sheet(&sheet).is_break() {
        return;
    }
    let mut row = Row::default();
    for (number, line) in text.lines().enumerate() {
        row.start(u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1));
        for (column, cell) in line.split(',').take(usize::from(u16::MAX)).enumerate() {
            row.push(column as u16 + 1, cell, Default::default(), Default::default());
        }
        if reader.row(&sheet, &row).is_break() {
            break;
        }
    }
    reader.end(&sheet);
    drop(reader.finish());
}
