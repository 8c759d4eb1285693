//! One worksheet: its rows and cells, pushed as they are read.

use std::ops::ControlFlow;

use domain::{Place, msg};
use jiff::civil::DateTime;

use super::address;
use super::fault::Fault;
use super::limits;
use super::merges::Merges;
use super::rich_text::{self, Strike};
use super::styles::CellStyle;
use super::value;
use super::xml::{Scanner, Tag, Token, number, push, unescape};
use super::{Book, SheetFacts};
use crate::table::{CellKind, Marks, Row, RowSink, SheetInfo};

/// Reads one sheet into a sink.
pub(super) struct SheetReader<'r> {
    book: &'r mut Book,
    sink: &'r mut dyn RowSink,
    info: SheetInfo,
    facts: SheetFacts,
    merges: Merges,
    row: Row,
    filled: Row,
    last_column: u16,
    cell: Pending,
}

/// A cell while it is read; its buffers are used again for the next.
#[derive(Debug, Default)]
struct Pending {
    column: u16,
    style: u32,
    kind: Stored,
    formula: bool,
    stored: bool,
    raw: Vec<u8>,
    text: String,
    strike: Strike,
}

/// What a cell says it stores (`t`, ECMA-376 part 1, 18.18.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stored {
    Boolean,
    Date,
    Error,
    #[default]
    Number,
    Shared,
    Text,
}

impl<'r> SheetReader<'r> {
    /// A reader for the sheet that `facts` names.
    pub(super) fn new(
        book: &'r mut Book,
        sink: &'r mut dyn RowSink,
        facts: SheetFacts,
        merges: Merges,
    ) -> Self {
        let info = SheetInfo {
            name: Some(facts.name.clone()),
            hidden: facts.hidden,
            ..SheetInfo::default()
        };
        Self {
            book,
            sink,
            info,
            facts,
            merges,
            row: Row::default(),
            filled: Row::default(),
            last_column: 0,
            cell: Pending::default(),
        }
    }

    /// Reads it all. A fault comes with the row that was being read.
    pub(super) fn read(mut self, mut scanner: Scanner<'_>) -> Result<SheetFacts, (Fault, u32)> {
        match self.sheet(&mut scanner) {
            Ok(()) => {
                self.sink.end(&self.info);
                Ok(self.facts)
            }
            Err(fault) => Err((fault, self.row.number)),
        }
    }

    /// What stands before the rows, then the rows; what stands after them has been read beforehand.
    fn sheet(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        while let Some(token) = scanner.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name {
                b"dimension" => self.facts.dimension = tag.text("ref"),
                b"col" => self.hide_columns(tag),
                b"sheetData" => {
                    let empty = tag.empty;
                    return match self.sink.sheet(&self.info) {
                        ControlFlow::Continue(()) if !empty => self.rows(scanner),
                        _ => Ok(()),
                    };
                }
                _ => {}
            }
        }
        let _ = self.sink.sheet(&self.info);
        Ok(())
    }

    fn hide_columns(&mut self, tag: Tag<'_>) {
        let hidden = tag.flag("hidden") || tag.attribute("width") == Some(b"0");
        let (Some(first), Some(last)) = (column_number(tag, "min"), column_number(tag, "max"))
        else {
            return;
        };
        // Columns come in rising order, so that a repeated one needs no second look.
        let next = self.info.hidden_columns.last().map_or(1, |last| last + 1);
        if hidden {
            self.info.hidden_columns.extend(first.max(next)..=last);
        }
    }

    fn rows(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        loop {
            match scanner.next()?.ok_or(Fault::CutShort)? {
                Token::Open(tag) if tag.name == b"row" => {
                    let empty = tag.empty;
                    self.start_row(tag)?;
                    if !empty {
                        self.cells(scanner)?;
                    }
                    if self.finish_row()?.is_break() {
                        return Ok(());
                    }
                }
                Token::Open(tag) if !tag.empty => scanner.skip_element()?,
                Token::Close(_) => return Ok(()),
                _ => {}
            }
        }
    }

    fn start_row(&mut self, tag: Tag<'_>) -> Result<(), Fault> {
        let last = self.row.number;
        let (mut row, mut hidden) = (last + 1, false);
        for (name, value) in tag.attributes() {
            match name {
                b"r" => row = number(value).ok_or(Fault::OutOfOrder)?,
                b"hidden" => hidden |= super::xml::is_true(value),
                b"ht" => hidden |= matches!(value, b"0" | b"0.0"),
                _ => {}
            }
        }
        if row <= last || row > limits::ROWS {
            return Err(Fault::OutOfOrder);
        }
        self.row.start(row);
        self.row.hidden = hidden;
        self.last_column = 0;
        self.book.budget.start_row();
        Ok(())
    }

    fn finish_row(&mut self) -> Result<ControlFlow<()>, Fault> {
        self.facts.rows += 1;
        self.facts.hidden_rows += u64::from(self.row.hidden);
        if !self.merges.enter(self.row.number) {
            return Ok(self.sink.row(&self.info, &self.row));
        }
        self.merges.fill(&self.row, &mut self.filled, &mut self.book.budget)?;
        Ok(self.sink.row(&self.info, &self.filled))
    }

    fn cells(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        loop {
            match scanner.next()?.ok_or(Fault::CutShort)? {
                Token::Open(tag) if tag.name == b"c" => {
                    self.cell.start(tag, self.row.number, self.last_column)?;
                    self.last_column = self.cell.column;
                    if !tag.empty {
                        self.cell.read(scanner)?;
                        self.write_cell()?;
                    }
                }
                Token::Open(tag) if !tag.empty => scanner.skip_element()?,
                Token::Close(_) => return Ok(()),
                _ => {}
            }
        }
    }

    fn write_cell(&mut self) -> Result<(), Fault> {
        let style = self.book.styles.cell(self.cell.style);
        if self.cell.kind == Stored::Shared && self.cell.stored {
            return self.write_shared(style);
        }
        let Some(kind) = self.cell.resolve(self.book, style) else { return Ok(()) };
        self.book.budget.spend(self.cell.text.len())?;
        self.facts.cells += 1;
        let struck = self.cell.strike.over(style.struck);
        let marks = Marks { struck, formula: self.cell.formula, ..Marks::default() };
        self.row.push(self.cell.column, &self.cell.text, kind, marks);
        Ok(())
    }

    fn write_shared(&mut self, style: CellStyle) -> Result<(), Fault> {
        let found =
            number(self.cell.raw.trim_ascii()).and_then(|index| self.book.strings.get(index));
        let Some((text, strike)) = found else {
            let place =
                Place::row(self.info.name.clone(), self.row.number).at_column(self.cell.column);
            let index = String::from_utf8_lossy(&self.cell.raw).into_owned();
            self.book.warnings.add(place, msg!("table.shared_string_missing", index = index));
            return Ok(());
        };
        self.book.budget.spend(text.len())?;
        self.facts.cells += 1;
        let struck = strike.over(style.struck);
        let marks = Marks { struck, formula: self.cell.formula, ..Marks::default() };
        self.row.push(self.cell.column, text, CellKind::Text, marks);
        Ok(())
    }
}

impl Pending {
    /// Takes what the opening tag says. Without an address the cell stands right of the one before.
    fn start(&mut self, tag: Tag<'_>, row: u32, last: u16) -> Result<(), Fault> {
        let mut column = last + 1;
        (self.style, self.kind, self.formula, self.stored) = (0, Stored::Number, false, false);
        self.strike = Strike::AsCell;
        self.raw.clear();
        self.text.clear();
        for (name, value) in tag.attributes() {
            match name {
                b"r" => {
                    let (found, own) = address::cell(value).ok_or(Fault::OutOfOrder)?;
                    column = if own == row { found } else { return Err(Fault::OutOfOrder) };
                }
                b"s" => self.style = number(value).unwrap_or_default(),
                b"t" => self.kind = Stored::named(value),
                _ => {}
            }
        }
        if column <= last || column > limits::COLUMNS {
            return Err(Fault::OutOfOrder);
        }
        self.column = column;
        Ok(())
    }

    /// Reads the cell's value, inline text and whether it has a formula, to its closing tag.
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        if let Some(raw) = scanner.take_plain(b"<v>", b"</v></c>") {
            self.raw.extend_from_slice(raw);
            self.stored = true;
            return Ok(());
        }
        loop {
            match scanner.next()?.ok_or(Fault::CutShort)? {
                Token::Open(tag) => match tag.name {
                    b"v" => {
                        self.stored = true;
                        if !tag.empty {
                            self.value(scanner)?;
                        }
                    }
                    b"is" if !tag.empty => {
                        self.strike = rich_text::read(scanner, &mut self.text)?;
                        self.stored = true;
                    }
                    b"f" => {
                        self.formula = true;
                        if !tag.empty {
                            scanner.skip_element()?;
                        }
                    }
                    _ if !tag.empty => scanner.skip_element()?,
                    _ => {}
                },
                Token::Close(_) => return Ok(()),
                _ => {}
            }
        }
    }

    fn value(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        loop {
            match scanner.next()?.ok_or(Fault::CutShort)? {
                Token::Text(raw) | Token::Verbatim(raw) => self.raw.extend_from_slice(raw),
                Token::Open(tag) if !tag.empty => scanner.skip_element()?,
                Token::Open(_) => {}
                Token::Close(_) => return Ok(()),
            }
        }
    }

    /// Makes the text to show from what is stored; `None` where the cell holds nothing.
    fn resolve(&mut self, book: &Book, style: CellStyle) -> Option<CellKind> {
        if !self.stored {
            return self.formula.then_some(CellKind::FormulaWithoutValue);
        }
        match self.kind {
            Stored::Boolean => {
                let yes = super::xml::is_true(self.raw.trim_ascii());
                self.text.push_str(if yes { "TRUE" } else { "FALSE" });
            }
            Stored::Date => return Some(self.iso_date()),
            Stored::Error => {
                push(&self.raw, &mut self.text);
                return Some(CellKind::Error);
            }
            Stored::Number if self.raw.trim_ascii().is_empty() => {
                return self.formula.then_some(CellKind::FormulaWithoutValue);
            }
            Stored::Number => {
                let raw = std::str::from_utf8(&self.raw).unwrap_or_default().trim();
                return Some(value::write(
                    raw,
                    book.styles.format(style),
                    book.date1904,
                    &mut self.text,
                ));
            }
            Stored::Shared | Stored::Text => unescape(&self.raw, &mut self.text),
        }
        Some(CellKind::Text)
    }

    /// A date stored as ISO 8601, which only the strict standard does.
    fn iso_date(&mut self) -> CellKind {
        let raw = String::from_utf8_lossy(&self.raw);
        let raw = raw.trim().trim_end_matches('Z');
        match raw
            .parse::<DateTime>()
            .or_else(|_| raw.parse().map(|day: jiff::civil::Date| day.into()))
        {
            Ok(moment) => {
                value::date(moment, raw.contains('T') && !raw.contains("T00:00:00"), &mut self.text)
            }
            Err(_) => {
                self.text.push_str(raw);
                CellKind::Text
            }
        }
    }
}

impl Stored {
    fn named(value: &[u8]) -> Self {
        match value {
            b"s" => Self::Shared,
            b"b" => Self::Boolean,
            b"d" => Self::Date,
            b"e" => Self::Error,
            b"n" => Self::Number,
            _ => Self::Text,
        }
    }
}

fn column_number(tag: Tag<'_>, name: &str) -> Option<u16> {
    let column = u16::try_from(tag.attribute(name).and_then(number)?).ok()?;
    (1..=limits::COLUMNS).contains(&column).then_some(column)
}

/// The columns that hold a value somewhere, in order. Read only for sheets with merged cells, to know how wide the table is.
pub(super) fn used_columns(mut scanner: Scanner<'_>) -> Result<Vec<u16>, Fault> {
    let mut used = vec![false; usize::from(limits::COLUMNS) + 1];
    let mut column = 0_u16;
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name {
            b"row" => column = 0,
            b"c" => {
                let found = tag.attribute("r").and_then(address::cell);
                column = found.map_or(column.saturating_add(1), |(column, _)| column);
            }
            b"v" | b"is" => {
                if let Some(used) = used.get_mut(usize::from(column)) {
                    *used = true;
                }
            }
            _ => {}
        }
    }
    Ok((1..=limits::COLUMNS)
        .filter(|&column| used.get(usize::from(column)) == Some(&true))
        .collect())
}
