//! Reading the rows of a long table beside the thread that cuts the document into rows.
//!
//! The rows are read one after another, in their order, by one thread or the other: what comes out does not depend on which.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{JoinHandle, spawn};

use crate::reading::LeftOut;
use crate::table::{Row, SheetInfo};
use crate::tables::book::Book;
use crate::tables::{Table, devices_after};

/// Rows that are read before a thread is started for the others: most tables are shorter.
const ALONE: usize = 512;

/// Rows that are handed over at once.
const BATCH_ROWS: usize = 128;

/// Bytes of text at which a batch is handed over, whatever its rows: a cell may hold a megabyte.
const BATCH_BYTES: usize = 256 << 10;

/// Batches that may wait to be read.
const BATCHES_AHEAD: usize = 4;

/// A table below its header, with all that its rows are read into.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) table: Table,
    pub(super) book: Book,
    pub(super) sheet: SheetInfo,
    /// Devices read from it so far.
    pub(super) devices: u64,
}

impl Desk {
    fn read(&mut self, row: &Row) {
        let before = self.book.reading.observations.len();
        self.book.reading.last_skip = None;
        match &mut self.table {
            Table::Addresses(table) => table.row(&mut self.book, &self.sheet, row),
            Table::Backup(table) => table.row(&mut self.book, &self.sheet, row),
            Table::Console(table) => table.row(&mut self.book, &self.sheet, row),
            Table::Dhcp(table) => table.row(&mut self.book, &self.sheet, row),
            Table::Ledger(table) => table.row(&mut self.book, &self.sheet, row),
            Table::Scan(table) => table.row(&mut self.book, &self.sheet, row),
        }
        self.devices += devices_after(&self.book.reading, before);
        if let Some(reason) = self.book.reading.last_skip.take() {
            self.leave_out(row, reason);
        }
    }

    /// Remembers where a row was left out. Blank rows are told by their number alone.
    fn leave_out(&mut self, row: &Row, reason: &'static str) {
        let left_out = &mut self.book.reading.left_out;
        if reason == "blank_rows" || left_out.len() >= MOST_LEFT_OUT {
            return;
        }
        let cells = row.cells().filter(|cell| !cell.marks.merged && !cell.text.trim().is_empty());
        let text: Vec<&str> = cells.take(4).map(|cell| cell.text.trim()).collect();
        let text = crate::text::excerpt(&text.join("  "));
        left_out.push(LeftOut { place: row.place(&self.sheet), reason, text });
    }
}

/// Rows of which it is kept where they were left out.
const MOST_LEFT_OUT: usize = 2_000;

/// Takes the rows of a table: the first ones are read at once, those of a long table by another thread.
#[derive(Debug)]
pub(super) enum Rows {
    /// With how many rows were read.
    Here(Box<Desk>, usize),
    Beside(Beside),
}

impl Rows {
    pub(super) fn new(desk: Desk) -> Self {
        Self::Here(Box::new(desk), 0)
    }

    /// Takes one row, and another thread for the rows after it where there are many.
    pub(super) fn take(self, row: &Row) -> Self {
        match self {
            Self::Here(mut desk, read) => {
                desk.read(row);
                if read < ALONE {
                    Self::Here(desk, read + 1)
                } else {
                    Self::Beside(Beside::of(desk))
                }
            }
            Self::Beside(mut beside) => {
                beside.take(row);
                Self::Beside(beside)
            }
        }
    }

    /// The desk, once all rows are read.
    pub(super) fn finish(self) -> Desk {
        match self {
            Self::Here(desk, _) => *desk,
            Self::Beside(beside) => beside.finish(),
        }
    }
}

/// The rows that are on their way to the other thread.
#[derive(Debug)]
pub(super) struct Beside {
    batch: Batch,
    full: SyncSender<Batch>,
    /// Batches that were read come back, for their buffers.
    read: Receiver<Batch>,
    thread: JoinHandle<Desk>,
}

/// Rows, of which the first `used` hold something.
#[derive(Debug, Default)]
struct Batch {
    rows: Vec<Row>,
    used: usize,
    bytes: usize,
}

impl Beside {
    fn of(mut desk: Box<Desk>) -> Self {
        let (full, to_read) = sync_channel::<Batch>(BATCHES_AHEAD);
        let (give_back, read): (Sender<Batch>, _) = channel();
        let thread = spawn(move || {
            for mut batch in to_read {
                batch.rows.iter().take(batch.used).for_each(|row| desk.read(row));
                if batch.bytes <= BATCH_BYTES {
                    (batch.used, batch.bytes) = (0, 0);
                    // Nobody wants it back any more once the last row was taken.
                    let _ = give_back.send(batch);
                }
            }
            *desk
        });
        Self { batch: Batch::default(), full, read, thread }
    }

    fn take(&mut self, row: &Row) {
        self.batch.push(row);
        if self.batch.used == BATCH_ROWS || self.batch.bytes > BATCH_BYTES {
            let next = self.read.try_recv().unwrap_or_default();
            // That nobody takes it says that the thread panicked, which `finish` passes on.
            let _ = self.full.send(std::mem::replace(&mut self.batch, next));
        }
    }

    fn finish(self) -> Desk {
        let _ = self.full.send(self.batch);
        drop(self.full);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Batch {
    fn push(&mut self, row: &Row) {
        if self.used == self.rows.len() {
            self.rows.push(Row::default());
        }
        if let Some(free) = self.rows.get_mut(self.used) {
            free.copy(row);
        }
        self.used += 1;
        self.bytes += row.text_bytes();
    }
}
