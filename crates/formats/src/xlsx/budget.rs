//! Keeps count of what a workbook hands on, so that a small file cannot ask for endless work.

use super::fault::Fault;
use super::limits;

/// What may still be handed on from one workbook.
#[derive(Debug)]
pub(super) struct Budget {
    cells: u64,
    bytes: u64,
    row: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: limits::CELLS, bytes: limits::PUSHED_BYTES, row: limits::ROW_BYTES }
    }
}

impl Budget {
    /// A row begins.
    pub(super) fn start_row(&mut self) {
        self.row = limits::ROW_BYTES;
    }

    /// Spends one cell with a text of `length` bytes.
    pub(super) fn spend(&mut self, length: usize) -> Result<(), Fault> {
        let length = length as u64;
        self.cells = self.cells.checked_sub(1).ok_or(Fault::TooLarge)?;
        self.bytes = self.bytes.checked_sub(length).ok_or(Fault::TooLarge)?;
        self.row = self.row.checked_sub(length).ok_or(Fault::TooLarge)?;
        Ok(())
    }
}
