//! Old workbooks (`.xls`, BIFF8 in a compound file, MS-XLS), as Excel 97 to 2003 wrote them and many tools still do.
//!
//! The same marks are read as in `.xlsx`: hidden rows, columns and sheets, strike-through, merged ranges, number formats and both
//! date systems.  A sheet's cells are held while it is read, since they may stand in any order; they are bounded by the file.

mod cells;
mod compound;
mod globals;
mod records;

use std::sync::Arc;

use domain::{Place, Warning, msg};

use self::cells::{Cell, Cells, Value, error_word};
use self::compound::Compound;
use self::globals::{Globals, Listed, Unread};
use super::budget::Budget;
use super::fault::Fault;
use super::merges::Merges;
use super::{Warnings, value};
use crate::reading::Refusal;
use crate::table::{CellKind, Marks, Row, RowSink, SheetInfo};

/// The stream that holds the workbook, as the file names it.
const WORKBOOK: &str = "Workbook";

/// Reads the old workbook in `bytes` and pushes its sheets and rows into `sink`, hidden ones included.
///
/// # Errors
///
/// A [`Refusal`] where the file is no workbook of this version, is under a password, or is damaged.
pub fn read(bytes: &[u8], sink: &mut dyn RowSink) -> Result<Vec<Warning>, Refusal> {
    let whole = |fault: Fault| fault.in_part(WORKBOOK);
    let older = || Refusal { message: msg!("refusal.old_excel") };
    let stream = Compound::open(bytes).and_then(|file| file.stream(WORKBOOK)).map_err(whole)?;
    let stream = stream.ok_or_else(older)?;
    let globals = Globals::read(&stream).map_err(|unread| match unread {
        Unread::Fault(fault) => whole(fault),
        Unread::Older => older(),
    })?;
    let mut book =
        Book { globals: &globals, budget: Budget::default(), warnings: Warnings::default() };
    let mut room = stream.len();
    for listed in globals.sheets.iter().filter(|listed| listed.has_cells) {
        let cells = Cells::read(&stream, listed.at, &mut room)
            .map_err(|fault| fault.in_sheet(&listed.name, 1))?;
        book.sheet(listed, cells, sink)?;
    }
    Ok(book.warnings.finish())
}

/// Reads any bytes as an old workbook and throws the rows away, for fuzzing. Must neither panic nor take long.
pub fn fuzz(bytes: &[u8]) {
    let _ = read(bytes, &mut super::Nowhere);
}

/// Like [`fuzz`], with `bytes` as the records of the workbook's stream.
pub fn fuzz_records(bytes: &[u8]) {
    let Ok(globals) = Globals::read(bytes) else { return };
    let mut book =
        Book { globals: &globals, budget: Budget::default(), warnings: Warnings::default() };
    let mut room = bytes.len();
    for listed in &globals.sheets {
        if let Ok(cells) = Cells::read(bytes, listed.at, &mut room) {
            let _ = book.sheet(listed, cells, &mut super::Nowhere);
        }
    }
}

struct Book<'g> {
    globals: &'g Globals,
    budget: Budget,
    warnings: Warnings,
}

impl Book<'_> {
    fn sheet(
        &mut self,
        listed: &Listed,
        mut cells: Cells,
        sink: &mut dyn RowSink,
    ) -> Result<(), Refusal> {
        let info = SheetInfo {
            name: Some(Arc::from(listed.name.as_str())),
            hidden: listed.hidden,
            hidden_columns: std::mem::take(&mut cells.hidden_columns),
        };
        if sink.sheet(&info).is_continue() {
            self.rows(&info, &mut cells, sink)
                .map_err(|(fault, row)| fault.in_sheet(&listed.name, row))?;
        }
        sink.end(&info);
        Ok(())
    }

    fn rows(
        &mut self,
        info: &SheetInfo,
        cells: &mut Cells,
        sink: &mut dyn RowSink,
    ) -> Result<(), (Fault, u32)> {
        let mut used: Vec<u16> =
            cells.cells.iter().map(|cell| cell.column.saturating_add(1)).collect();
        used.sort_unstable();
        used.dedup();
        let mut merges = Merges::new(std::mem::take(&mut cells.merges), used);
        let (mut row, mut filled) = (Row::default(), Row::default());
        let mut rest = cells.cells.as_slice();
        for (&index, &hidden) in &cells.rows {
            let length = rest.partition_point(|cell| cell.row <= index);
            let (own, after) = rest.split_at(length);
            rest = after;
            row.start(u32::from(index) + 1);
            row.hidden = hidden;
            self.budget.start_row();
            for cell in own {
                self.push(info, cells, *cell, &mut row).map_err(|fault| (fault, row.number))?;
            }
            let pushed = if merges.enter(row.number) {
                merges
                    .fill(&row, &mut filled, &mut self.budget)
                    .map_err(|fault| (fault, row.number))?;
                &filled
            } else {
                &row
            };
            if sink.row(info, pushed).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        info: &SheetInfo,
        cells: &Cells,
        cell: Cell,
        row: &mut Row,
    ) -> Result<(), Fault> {
        let marks = Marks { struck: self.globals.is_struck(cell.style), ..Marks::default() };
        let column = cell.column.saturating_add(1);
        let mut shown = String::new();
        let kind = match cell.value {
            Value::Number(number) => {
                let format = self.globals.format(cell.style);
                value::write(&number.to_string(), format, self.globals.date1904, &mut shown)
            }
            Value::Bool(yes) => {
                shown.push_str(if yes { "TRUE" } else { "FALSE" });
                CellKind::Text
            }
            Value::Error(code) => {
                shown.push_str(error_word(code));
                CellKind::Error
            }
            Value::Text(index) => {
                let text = cells.texts.get(index as usize).map_or("", String::as_str);
                return self.put(row, column, text, CellKind::Text, marks);
            }
            Value::Shared(index) => {
                let Some(text) = self.globals.string(index) else {
                    let place = Place::row(info.name.clone(), row.number).at_column(column);
                    let message = msg!("table.shared_string_missing", index = index.to_string());
                    self.warnings.add(place, message);
                    return Ok(());
                };
                return self.put(row, column, text, CellKind::Text, marks);
            }
        };
        self.put(row, column, &shown, kind, marks)
    }

    fn put(
        &mut self,
        row: &mut Row,
        column: u16,
        text: &str,
        kind: CellKind,
        marks: Marks,
    ) -> Result<(), Fault> {
        self.budget.spend(text.len())?;
        row.push(column, text, kind, marks);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
