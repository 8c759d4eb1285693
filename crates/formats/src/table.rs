//! Rows and cells, whatever they came from: a workbook, a CSV, an HTML table named `.xls`.
//!
//! A table is pushed row by row into a [`RowSink`], so that a ledger of any length passes through one row's memory.

use std::ops::ControlFlow;

use domain::Place;
use jiff::civil::Date;

/// One sheet, before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetInfo {
    /// Its name; `None` for texts, which have one nameless table.
    pub name: Option<std::sync::Arc<str>>,
    /// Whether a person sees it in the list of sheets.
    pub hidden: bool,
    /// Columns that are hidden, from 1.
    pub hidden_columns: Vec<u16>,
}

/// One row: its cells' texts in one buffer, which is used again for the next row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// From 1, as Excel numbers it; for texts the record's number, blank ones counted and quoted line breaks not.
    pub number: u32,
    /// Hidden by hand or by a filter.
    pub hidden: bool,
    /// The row is one merged range over (nearly) the whole width of the table: a title or a section, never a device.
    pub full_width: bool,
    text: String,
    cells: Vec<Span>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    column: u16,
    start: u32,
    end: u32,
    marks: Marks,
    kind: CellKind,
}

/// What a cell holds besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum CellKind {
    /// A date: the cell is a number with a date format. The text is the date in ISO 8601.
    Date(Date),
    /// An Excel error such as `#REF!`; the text is that word.
    Error,
    /// A formula without a stored result; the text is empty.
    FormulaWithoutValue,
    /// A number; the text is how the format shows it (`001`), the value is beside it.
    Number(f64),
    /// Text.
    #[default]
    Text,
}

/// How a cell stands on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// The value is the stored result of a formula, which whoever opens the file may see otherwise.
    pub formula: bool,
    /// Struck through as a whole.
    pub struck: bool,
    /// The text was filled in from the top-left cell of the merged range it belongs to.
    pub merged: bool,
    /// For a cell in a merged range: which range, counted from 1 within the sheet; 0 outside. Lets a header tell parents from children.
    pub range: u16,
}

/// A cell, as seen through its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell<'a> {
    /// From 1.
    pub column: u16,
    /// As a person would see it, without furigana.
    pub text: &'a str,
    /// What it holds.
    pub kind: CellKind,
    /// How it stands on the sheet.
    pub marks: Marks,
}

impl Row {
    /// Empties the row for number `number`.
    pub fn start(&mut self, number: u32) {
        self.number = number;
        self.hidden = false;
        self.full_width = false;
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell; columns must come in rising order. Empty text cells are not stored.
    pub fn push(&mut self, column: u16, text: &str, kind: CellKind, marks: Marks) {
        if text.is_empty() && kind == CellKind::Text {
            return;
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.cells.push(Span { column, start, end: self.text.len() as u32, marks, kind });
    }

    /// The cells that hold something, from left to right.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = Cell<'_>> + ExactSizeIterator {
        self.cells.iter().map(|span| self.view(span))
    }

    /// The cell in `column`, where it holds something.
    pub fn cell(&self, column: u16) -> Option<Cell<'_>> {
        let index = self.cells.binary_search_by_key(&column, |span| span.column).ok()?;
        self.cells.get(index).map(|span| self.view(span))
    }

    /// The text in `column`; empty where there is none.
    pub fn text(&self, column: u16) -> &str {
        self.cell(column).map_or("", |cell| cell.text)
    }

    /// Whether no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells()
            .all(|cell| cell.text.trim().is_empty() && cell.kind != CellKind::FormulaWithoutValue)
    }

    /// Leaves out the cells of these columns.
    pub(crate) fn leave_out(&mut self, columns: &[u16]) {
        self.cells.retain(|span| !columns.contains(&span.column));
    }

    /// Puts `text` in place of that of the cell in `column`, where there is one.
    pub(crate) fn replace(&mut self, column: u16, text: &str) {
        let start = self.text.len() as u32;
        if let Some(span) = self.cells.iter_mut().find(|span| span.column == column) {
            self.text.push_str(text);
            (span.start, span.end) = (start, self.text.len() as u32);
        }
    }

    /// Becomes the same as `other`, and keeps its own buffers.
    pub fn copy(&mut self, other: &Self) {
        self.number = other.number;
        self.hidden = other.hidden;
        self.full_width = other.full_width;
        self.text.clone_from(&other.text);
        self.cells.clone_from(&other.cells);
    }

    /// How long the texts of its cells are together, in bytes.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Where it stands.
    pub fn place(&self, sheet: &SheetInfo) -> Place {
        Place::row(sheet.name.clone(), self.number)
    }

    fn view(&self, span: &Span) -> Cell<'_> {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        Cell { column: span.column, text, kind: span.kind, marks: span.marks }
    }
}

/// Takes the sheets and rows of a document as they are read.
pub trait RowSink {
    /// A sheet begins. Breaking skips its rows.
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()>;

    /// A row of that sheet. Breaking skips the rest of the sheet.
    fn row(&mut self, sheet: &SheetInfo, row: &Row) -> ControlFlow<()>;

    /// The sheet is done; called once for every [`RowSink::sheet`], also after breaking.
    fn end(&mut self, sheet: &SheetInfo);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_back_its_cells_by_column() {
        let mut row = Row::default();
        row.start(7);
        row.push(1, "001", CellKind::Number(1.0), Marks::default());
        row.push(2, "", CellKind::Text, Marks::default());
        row.push(4, "CT", CellKind::Text, Marks { struck: true, ..Marks::default() });
        assert_eq!((row.text(1), row.text(2), row.text(4)), ("001", "", "CT"));
        assert!(row.cell(4).unwrap().marks.struck && !row.is_blank());
        row.start(8);
        assert!(row.is_blank() && row.cell(1).is_none());
    }
}
