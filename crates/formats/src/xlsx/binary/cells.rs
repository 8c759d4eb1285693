//! The cells of one sheet of an old workbook.

use std::collections::BTreeMap;

use super::super::address::Block;
use super::super::fault::Fault;
use super::super::limits;
use super::records::{Record, Records, Strings};

const BLANK: u16 = 0x201;
const BOF: u16 = 0x809;
const BOOLERR: u16 = 0x205;
const COLINFO: u16 = 0x7d;
const EOF: u16 = 0x0a;
const FORMULA: u16 = 0x06;
const LABEL: u16 = 0x204;
const LABELSST: u16 = 0xfd;
const MERGEDCELLS: u16 = 0xe5;
const MULBLANK: u16 = 0xbe;
const MULRK: u16 = 0xbd;
const NUMBER: u16 = 0x203;
const RK: u16 = 0x27e;
const ROW: u16 = 0x208;
const RSTRING: u16 = 0xd6;
const STRING: u16 = 0x207;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    Bool(bool),
    Error(u8),
    Number(f64),
    /// A string of the workbook's table.
    Shared(u32),
    /// A string of the sheet's own.
    Text(u32),
}

/// A cell. Rows and columns count from 0 here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) row: u16,
    pub(super) column: u16,
    pub(super) style: u16,
    pub(super) value: Value,
}

/// All cells of a sheet.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// By row and column.
    pub(super) cells: Vec<Cell>,
    pub(super) texts: Vec<String>,
    /// Every row that is there, and whether it is hidden.
    pub(super) rows: BTreeMap<u16, bool>,
    pub(super) hidden_columns: Vec<u16>,
    pub(super) merges: Vec<Block>,
}

impl Cells {
    /// Reads the records of the sheet that begins at `at`, and takes their length off `room`: sound sheets lie side by side, and a
    /// file whose sheets lie over one another would cost far more work than its size.
    pub(super) fn read(stream: &[u8], at: usize, room: &mut usize) -> Result<Self, Fault> {
        let mut cells = Self::default();
        let mut records = Records::from(stream, at);
        let first = records.next()?.ok_or(Fault::CutShort)?;
        if first.kind != BOF {
            return Err(Fault::Damaged);
        }
        // Charts inside the sheet have a beginning and an end of their own.
        let mut inside = 0_u32;
        while let Some(record) = records.next()? {
            *room = room.checked_sub(record.data.len() + 4).ok_or(Fault::TooLarge)?;
            match record.kind {
                BOF => inside += 1,
                EOF if inside == 0 => {
                    cells.put_in_order();
                    return Ok(cells);
                }
                EOF => inside -= 1,
                _ if inside == 0 => cells.take(record, &mut records)?,
                _ => {}
            }
        }
        Err(Fault::CutShort)
    }

    fn put_in_order(&mut self) {
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        // Of two cells in one place the later counts.
        self.cells.reverse();
        self.cells.dedup_by_key(|cell| (cell.row, cell.column));
        self.cells.reverse();
        self.merges.retain(|block| block.left < block.right || block.top < block.bottom);
        self.merges.sort_by_key(|block| (block.top, block.left));
    }

    fn take<'s>(&mut self, record: Record<'s>, records: &mut Records<'s>) -> Result<(), Fault> {
        match record.kind {
            ROW => {
                let hidden = record.u16(12)? & 0x20 != 0;
                *self.rows.entry(record.u16(0)?).or_default() |= hidden;
            }
            COLINFO => self.take_columns(record)?,
            MERGEDCELLS => self.take_merges(record)?,
            BLANK | MULBLANK => {
                self.rows.entry(record.u16(0)?).or_default();
            }
            LABELSST => self.push(record, Value::Shared(record.u32(6)?))?,
            NUMBER => self.push(record, Value::Number(record.f64(6)?))?,
            RK => self.push(record, Value::Number(rk(record.u32(6)?)))?,
            MULRK => self.take_many(record)?,
            BOOLERR => {
                let said = record.u16(6)?.to_le_bytes();
                let value =
                    if said[1] == 0 { Value::Bool(said[0] != 0) } else { Value::Error(said[0]) };
                self.push(record, value)?;
            }
            LABEL | RSTRING => {
                let pieces = records.pieces(record)?;
                let text = self.text(&pieces, 6)?;
                self.push(record, text)?;
            }
            FORMULA => self.take_formula(record)?,
            STRING => {
                let pieces = records.pieces(record)?;
                let text = self.text(&pieces, 0)?;
                if let Some(cell) = self.cells.last_mut() {
                    cell.value = text;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, record: Record<'_>, value: Value) -> Result<(), Fault> {
        let (row, column, style) = (record.u16(0)?, record.u16(2)?, record.u16(4)?);
        self.rows.entry(row).or_default();
        self.cells.push(Cell { row, column, style, value });
        Ok(())
    }

    fn text(&mut self, pieces: &[&[u8]], at: usize) -> Result<Value, Fault> {
        let mut text = String::new();
        Strings::new(pieces, at).read(2, &mut text)?;
        let index = u32::try_from(self.texts.len()).map_err(|_| Fault::TooLarge)?;
        self.texts.push(text);
        Ok(Value::Text(index))
    }

    /// The stored result of a formula (MS-XLS 2.5.133); a text follows in a record of its own.
    fn take_formula(&mut self, record: Record<'_>) -> Result<(), Fault> {
        if record.u16(12)? != 0xffff {
            return self.push(record, Value::Number(record.f64(6)?));
        }
        let [kind, _] = record.u16(6)?.to_le_bytes();
        let [said, _] = record.u16(8)?.to_le_bytes();
        match kind {
            1 => self.push(record, Value::Bool(said != 0)),
            2 => self.push(record, Value::Error(said)),
            _ => {
                let empty = self.text(&[&[0, 0, 0]], 0)?;
                self.push(record, empty)
            }
        }
    }

    fn take_many(&mut self, record: Record<'_>) -> Result<(), Fault> {
        let (row, first) = (record.u16(0)?, record.u16(2)?);
        self.rows.entry(row).or_default();
        let cells = record.data.len().saturating_sub(6) / 6;
        for index in 0..cells {
            let at = 4 + index * 6;
            let column = first.checked_add(index as u16).ok_or(Fault::Damaged)?;
            let (style, value) = (record.u16(at)?, Value::Number(rk(record.u32(at + 2)?)));
            self.cells.push(Cell { row, column, style, value });
        }
        Ok(())
    }

    fn take_columns(&mut self, record: Record<'_>) -> Result<(), Fault> {
        let (first, last) = (record.u16(0)?, record.u16(2)?.min(255));
        let hidden = record.u16(8)? & 1 != 0 || record.u16(4)? == 0;
        if hidden {
            self.hidden_columns.extend((first..=last).map(|column| column + 1));
        }
        if self.hidden_columns.len() > 1 << 16 { Err(Fault::TooLarge) } else { Ok(()) }
    }

    fn take_merges(&mut self, record: Record<'_>) -> Result<(), Fault> {
        for index in 0..usize::from(record.u16(0)?) {
            let at = 2 + index * 8;
            self.merges.push(Block {
                top: u32::from(record.u16(at)?) + 1,
                bottom: u32::from(record.u16(at + 2)?) + 1,
                left: record.u16(at + 4)?.saturating_add(1),
                right: record.u16(at + 6)?.saturating_add(1),
            });
        }
        if self.merges.len() > limits::MERGES { Err(Fault::TooLarge) } else { Ok(()) }
    }
}

/// A number in four bytes (MS-XLS 2.5.217): an integer or the upper half of a number, perhaps a hundred times too large.
fn rk(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits as i32 >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// The word of an error (MS-XLS 2.5.10).
pub(super) fn error_word(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
