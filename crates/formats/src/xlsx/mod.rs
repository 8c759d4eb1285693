//! Workbooks (`.xlsx`, ECMA-376) as a stream of rows.
//!
//! What hospitals mark by hiding, striking through, merging and number formats is part of the answer, so it is read too.
//! A sheet is never held: memory is the shared strings, one window of the part and one row.  A formula is never computed:
//! the stored result counts.  Pictures, comments, charts and macros are left alone.

mod address;
pub mod binary;
mod budget;
mod fault;
mod limits;
mod merges;
mod number_format;
mod package;
mod rich_text;
mod serial;
mod shared_strings;
mod sheet;
mod styles;
mod value;
mod workbook;
mod xml;

use std::ops::ControlFlow;
use std::sync::Arc;

use domain::{Message, Place, Warning, msg};

use crate::reading::Refusal;
use crate::table::{Row, RowSink, SheetInfo};
use address::Block;
use budget::Budget;
use fault::Fault;
use merges::Merges;
use package::{Entry, Package};
use shared_strings::SharedStrings;
use sheet::SheetReader;
use styles::Styles;
use workbook::{Contents, Listed};
use xml::Scanner;

/// What a workbook is, besides its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkbookInfo {
    /// Its sheets, in the order of their tabs.
    pub sheets: Vec<SheetFacts>,
    /// What a person should know, in the order of reading.
    pub warnings: Vec<Warning>,
    /// Days are counted from 1904, as Excel for Macintosh did.
    pub date1904: bool,
}

/// What is known of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFacts {
    /// Its name, as on its tab.
    pub name: Arc<str>,
    /// Hidden, by the menu or by a macro.
    pub hidden: bool,
    /// A chart or dialog sheet, which has no cells and is not handed to the sink.
    pub without_cells: bool,
    /// The range it claims to use, such as `A1:M35`.
    pub dimension: Option<String>,
    /// Rows handed to the sink.
    pub rows: u64,
    /// Of these, hidden ones.
    pub hidden_rows: u64,
    /// Cells with a value, without those that were filled in.
    pub cells: u64,
    /// Merged ranges.
    pub merged: usize,
}

/// What all sheets of a workbook share while they are read.
#[derive(Default)]
struct Book {
    strings: SharedStrings,
    styles: Styles,
    date1904: bool,
    budget: Budget,
    warnings: Warnings,
}

/// The first warnings, and how many there were.
#[derive(Debug, Default)]
struct Warnings {
    kept: Vec<Warning>,
    total: usize,
}

/// Reads the workbook in `bytes` and pushes its sheets and rows into `sink`, hidden ones included.
///
/// Every sheet that has cells gets one [`RowSink::sheet`] and one [`RowSink::end`], also when the sink breaks in between.
/// Rows that are not in the file are gaps in [`crate::table::Row::number`]; rows that are there but empty are pushed.
///
/// # Errors
///
/// A [`Refusal`] when any part is damaged, missing, under a password or beyond the limits.  Rows may have been pushed by then;
/// they are to be thrown away, for a part of a ledger is not a ledger.
pub fn read(bytes: &[u8], sink: &mut dyn RowSink) -> Result<WorkbookInfo, Refusal> {
    let mut package = Package::open(bytes)?;
    let contents = Contents::read(&mut package)?;
    let (ranges, mut book) = beforehand(&contents)?;
    let mut info = WorkbookInfo { date1904: contents.date1904, ..WorkbookInfo::default() };
    for (listed, ranges) in contents.sheets.iter().zip(ranges) {
        info.sheets.push(book.sheet(listed, ranges, sink)?);
    }
    info.warnings = book.warnings.finish();
    Ok(info)
}

/// Reads any bytes as a workbook and throws the rows away, for fuzzing. Must neither panic nor take long.
pub fn fuzz(bytes: &[u8]) {
    let _ = read(bytes, &mut Nowhere);
}

/// Like [`fuzz`], with `xml` as the only sheet of a workbook whose other parts are sound.
pub fn fuzz_sheet(xml: &[u8]) {
    let _ = Book::default().sheet(&Listed::bare(xml), Vec::new(), &mut Nowhere);
    if let Ok(ranges) = merges::find(Scanner::new(&mut &*xml)) {
        let _ = Book::default().sheet(&Listed::bare(xml), ranges, &mut Nowhere);
    }
}

/// Like [`fuzz`], with `xml` as the shared strings.
pub fn fuzz_strings(xml: &[u8]) {
    if let Ok(strings) = SharedStrings::read(Scanner::new(&mut &*xml)) {
        assert!(strings.get(0).is_none_or(|(text, _)| text.len() <= xml.len() * 3));
    }
}

/// Like [`fuzz`], with `xml` as the styles; every style found shows a few numbers.
pub fn fuzz_styles(xml: &[u8]) {
    let Ok(styles) = Styles::read(Scanner::new(&mut &*xml)) else { return };
    for index in 0..100 {
        let format = styles.format(styles.cell(index));
        for raw in ["0", "-1", "44166.75", "1e300", "12345678901234567", "NaN"] {
            value::write(raw, format, false, &mut String::new());
        }
    }
}

/// Takes rows and looks only at whether their columns rise.
struct Nowhere;

impl RowSink for Nowhere {
    fn sheet(&mut self, _: &SheetInfo) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        assert!(
            row.cells().zip(row.cells().skip(1)).all(|(left, right)| left.column < right.column)
        );
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

/// What must be known before the first row: the merged ranges of every sheet, and the strings and styles.
///
/// Looking for the ranges means unpacking every sheet once, which also finds all damage to the zip before the first row is
/// pushed.  The second thread hides most of that time; without one the answers are the same.
fn beforehand(contents: &Contents<'_>) -> Result<(Vec<Vec<Block>>, Book), Refusal> {
    let find = || contents.sheets.iter().map(find_merges).collect::<Result<Vec<_>, _>>();
    std::thread::scope(|scope| {
        let finding = std::thread::Builder::new().spawn_scoped(scope, find);
        let book = Book::read(contents);
        let found = finding.ok().and_then(|finding| finding.join().ok());
        Ok((found.unwrap_or_else(find)?, book?))
    })
}

fn find_merges(listed: &Listed<'_>) -> Result<Vec<Block>, Refusal> {
    match listed.part {
        Some(part) => merges::find(Scanner::new(&mut part.open()))
            .map_err(|fault| fault.in_sheet(&listed.name, 1)),
        None => Ok(Vec::new()),
    }
}

impl Book {
    fn read(contents: &Contents<'_>) -> Result<Self, Refusal> {
        let strings = optional(contents.strings, "xl/sharedStrings.xml", SharedStrings::read)?;
        let styles = optional(contents.styles, "xl/styles.xml", Styles::read)?;
        let (budget, warnings) = (Budget::default(), Warnings::default());
        Ok(Self { strings, styles, date1904: contents.date1904, budget, warnings })
    }

    fn sheet(
        &mut self,
        listed: &Listed<'_>,
        ranges: Vec<Block>,
        sink: &mut dyn RowSink,
    ) -> Result<SheetFacts, Refusal> {
        let mut facts = SheetFacts::new(listed);
        let Some(part) = listed.part else { return Ok(facts) };
        facts.merged = ranges.len();
        let in_sheet = |(fault, row): (Fault, u32)| fault.in_sheet(&listed.name, row);
        let used = match ranges.is_empty() {
            true => Vec::new(),
            false => sheet::used_columns(Scanner::new(&mut part.open()))
                .map_err(|fault| in_sheet((fault, 1)))?,
        };
        let reader = SheetReader::new(self, sink, facts, Merges::new(ranges, used));
        reader.read(Scanner::new(&mut part.open())).map_err(in_sheet)
    }
}

impl SheetFacts {
    fn new(listed: &Listed<'_>) -> Self {
        Self {
            name: listed.name.clone(),
            hidden: listed.hidden,
            without_cells: listed.part.is_none(),
            dimension: None,
            rows: 0,
            hidden_rows: 0,
            cells: 0,
            merged: 0,
        }
    }
}

impl Warnings {
    fn add(&mut self, place: Place, message: Message) {
        self.total += 1;
        if self.kept.len() < limits::WARNINGS {
            self.kept.push(Warning { place, message });
        }
    }

    fn finish(mut self) -> Vec<Warning> {
        let more = self.total - self.kept.len();
        if more > 0 {
            let message = msg!("table.more_warnings", count = more);
            self.kept.push(Warning { place: Place::DOCUMENT, message });
        }
        self.kept
    }
}

fn optional<T: Default>(
    part: Option<Entry<'_>>,
    name: &str,
    read: impl FnOnce(Scanner<'_>) -> Result<T, Fault>,
) -> Result<T, Refusal> {
    match part {
        Some(part) => read(Scanner::new(&mut part.open())).map_err(|fault| fault.in_part(name)),
        None => Ok(T::default()),
    }
}

#[cfg(test)]
mod tests;
