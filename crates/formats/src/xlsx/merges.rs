//! Merged cells: filling the text of the top-left cell into the whole range, and telling titles from ranges.

use super::address::{self, Block};
use super::budget::Budget;
use super::fault::Fault;
use super::limits;
use super::xml::{Scanner, Token};
use crate::table::{Cell, CellKind, Marks, Row};

/// The merged ranges of one sheet, walked from top to bottom beside its rows.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// By top row.
    ranges: Vec<Block>,
    next: usize,
    /// Those that the current row runs through, from left to right, without overlaps.
    active: Vec<Active>,
    /// Columns that hold a value somewhere on the sheet, in order.
    used: Vec<u16>,
}

/// A range that the current row runs through.
#[derive(Debug)]
struct Active {
    block: Block,
    number: u16,
    full_width: bool,
    value: Option<Value>,
}

/// What stands in the top-left cell.
#[derive(Debug)]
struct Value {
    text: String,
    kind: CellKind,
    marks: Marks,
}

/// Finds the merged ranges of a sheet, which stand after its rows, and reads the part to its end, so that it is whole.
pub(super) fn find(mut scanner: Scanner<'_>) -> Result<Vec<Block>, Fault> {
    let mut ranges = Vec::new();
    if scanner.seek(b"mergeCells")? {
        while let Some(token) = scanner.next()? {
            match token {
                Token::Open(tag) if tag.name == b"mergeCell" => {
                    ranges.extend(tag.attribute("ref").and_then(address::block));
                }
                Token::Open(tag) if tag.empty => break,
                Token::Close(b"mergeCells") => break,
                _ => {}
            }
            if ranges.len() > limits::MERGES {
                return Err(Fault::TooLarge);
            }
        }
        scanner.drain()?;
    }
    ranges.retain(|block| block.left < block.right || block.top < block.bottom);
    ranges.sort_by_key(|block| (block.top, block.left));
    Ok(ranges)
}

impl Merges {
    /// The merged `ranges` of a sheet whose values stand in the columns `used`.
    pub(super) fn new(ranges: Vec<Block>, used: Vec<u16>) -> Self {
        Self { ranges, used, ..Self::default() }
    }

    /// Moves on to the row `number`. Says whether a range runs through it, so that [`Merges::fill`] is needed.
    pub(super) fn enter(&mut self, number: u32) -> bool {
        self.active.retain(|active| active.block.bottom >= number);
        while let Some(&block) = self.ranges.get(self.next).filter(|block| block.top <= number) {
            self.next += 1;
            if block.bottom >= number {
                self.activate(block);
            }
        }
        !self.active.is_empty()
    }

    /// Overlapping ranges are against the standard (18.3.1.54); the first one holds.
    fn activate(&mut self, block: Block) {
        let at = self.active.partition_point(|active| active.block.left < block.left);
        let left = at.checked_sub(1).and_then(|before| self.active.get(before));
        let clear = left.is_none_or(|before| before.block.right < block.left)
            && self.active.get(at).is_none_or(|after| after.block.left > block.right);
        if clear {
            // Numbers come round again after 65,535 ranges: neighbours still differ, which is what they are for.
            let number = ((self.next - 1) % usize::from(u16::MAX)) as u16 + 1;
            let full_width = self.is_full_width(block);
            self.active.insert(at, Active { block, number, full_width, value: None });
        }
    }

    /// Whether a range spans at least four fifths of the columns in use: a title or a section.
    fn is_full_width(&self, block: Block) -> bool {
        let from = self.used.partition_point(|&column| column < block.left);
        let to = self.used.partition_point(|&column| column <= block.right);
        block.left < block.right && self.used.len() > 1 && (to - from) * 5 >= self.used.len() * 4
    }

    /// Writes `row` into `filled` with the ranges that run through it filled in.
    pub(super) fn fill(
        &mut self,
        row: &Row,
        filled: &mut Row,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        filled.start(row.number);
        filled.hidden = row.hidden;
        filled.full_width = self.active.iter().any(|active| active.full_width);
        budget.start_row();
        let last = self.used.last().copied().unwrap_or_default();
        let mut cells = row.cells().peekable();
        for active in &mut self.active {
            while let Some(cell) = cells.next_if(|cell| cell.column < active.block.left) {
                put(filled, budget, cell.column, cell)?;
            }
            while let Some(cell) = cells.next_if(|cell| cell.column <= active.block.right) {
                active.hold(row.number, cell);
            }
            active.write(filled, last, budget)?;
        }
        cells.try_for_each(|cell| put(filled, budget, cell.column, cell))
    }
}

impl Active {
    fn hold(&mut self, row: u32, cell: Cell<'_>) {
        if row == self.block.top && cell.column == self.block.left {
            let text = cell.text.to_owned();
            self.value = Some(Value { text, kind: cell.kind, marks: cell.marks });
        }
    }

    /// Fills the range's stretch of the row; of a full-width range only the top-left cell is written.
    fn write(&self, row: &mut Row, last: u16, budget: &mut Budget) -> Result<(), Fault> {
        let Some(value) = &self.value else { return Ok(()) };
        let first_row = row.number == self.block.top;
        let right = if self.full_width { self.block.left } else { self.block.right.min(last) };
        if self.full_width && !first_row {
            return Ok(());
        }
        for column in self.block.left..=right.max(self.block.left) {
            let merged = !(first_row && column == self.block.left);
            let marks = Marks { merged, range: self.number, ..value.marks };
            put(row, budget, column, Cell { column, text: &value.text, kind: value.kind, marks })?;
        }
        Ok(())
    }
}

fn put(row: &mut Row, budget: &mut Budget, column: u16, cell: Cell<'_>) -> Result<(), Fault> {
    budget.spend(cell.text.len())?;
    row.push(column, cell.text, cell.kind, cell.marks);
    Ok(())
}
