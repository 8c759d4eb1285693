//! Text tables: commas, tabs or semicolons between cells, one record per row (RFC 4180 and what is really exported).
//!
//! Works on decoded text; which encoding it was is settled before.

use std::ops::ControlFlow;

use domain::{Place, Warning, msg};

use crate::marked::unmark;
use crate::network::mask::STARS;
use crate::table::{CellKind, Marks, Row, RowSink, SheetInfo};
use crate::tables::notes;

/// Delimiters that are looked for, the likelier one first.
const DELIMITERS: [u8; 3] = *b",\t;";

/// Records by which the delimiter is chosen.
const SAMPLE: usize = 50;

/// A quoted cell longer than this, in bytes, is taken for one whose closing quote is missing: four times what Excel can hold.
const MAX_QUOTED: usize = 128 << 10;

/// Unclosed quotes that are looked into; after so many, quotes are only closed on their own line.
/// Bounds the work on a text made of nothing but quotes.
const MAX_UNCLOSED: usize = 16;

/// Columns of a record; the same as a worksheet has. Cells beyond are left out, and that is said.
const MAX_COLUMNS: u16 = 16_384;

/// What was found around the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelimitedInfo {
    /// What stands between cells: `,`, tab or `;`.
    pub delimiter: char,
    /// The line before the table that was left out, if there was one.
    pub preamble: Option<Preamble>,
    /// Records read, blank ones included.
    pub records: u64,
    /// What a person should know, in the order of reading.
    pub warnings: Vec<Warning>,
}

/// A first line that is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preamble {
    /// `sep=;`, which tells Excel the delimiter. Not counted as a record, for Excel does not show it.
    Separator,
    /// `#TYPE System.Object`, which PowerShell 5 writes. Counted as record 1.
    Type,
}

/// Reads the records of `text` and pushes them into `sink` as one nameless sheet.
///
/// [`Row::number`] counts records from 1, blank ones included, as Excel would number them.  Records of unequal length are
/// fine.  A quote that is never closed is an ordinary letter: a warning says where, and the rows after it are read.
pub fn read(text: &str, sink: &mut dyn RowSink) -> DelimitedInfo {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches('\u{1a}');
    let (text, told) = separator_line(text);
    let delimiter = told.unwrap_or_else(|| choose(text));
    let mut reader = Reader::new(text, delimiter);
    let mut info = DelimitedInfo {
        delimiter: char::from(delimiter),
        preamble: told.map(|_| Preamble::Separator),
        records: 0,
        warnings: Vec::new(),
    };
    reader.lines += u64::from(told.is_some());
    if text.starts_with("#TYPE ") {
        info.preamble = Some(Preamble::Type);
        reader.skip_line();
    }
    push_records(&mut reader, sink);
    info.records = reader.records;
    info.warnings = reader.warnings;
    info
}

/// The same text with what stands in these columns below `header_row` masked, and the passwords noted in any other cell; and how many
/// cells were.
///
/// Rows and columns are counted as [`read`] counts them. The copy is a table like the text, row for row.
pub(crate) fn without_secrets(text: &str, header_row: u32, columns: &[u16]) -> (String, u64) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches('\u{1a}');
    let (body, told) = separator_line(text);
    let mut reader = Reader::new(body, told.unwrap_or_else(|| choose(body)));
    if body.starts_with("#TYPE ") {
        reader.skip_line();
    }
    let mut copy = text.get(..text.len() - body.len()).unwrap_or_default().to_owned();
    let (mut row, mut done, mut masked) = (Row::default(), 0, 0);
    while reader.at < body.len() {
        reader.begin(&mut row);
        let is_below = row.number > header_row;
        while let Some(from) = reader.step(&mut row) {
            let cell = body.get(from..reader.at).unwrap_or_default();
            // Beyond the last column that is read nobody knows what a cell is.
            let is_secret = is_below && columns.contains(&reader.width) && !cell.trim().is_empty();
            let instead = if is_secret { Some(STARS.to_owned()) } else { without_notes(cell) };
            if let Some(instead) = instead {
                copy.push_str(body.get(done..from).unwrap_or_default());
                copy.push_str(&instead);
                done = reader.at;
                masked += 1;
            }
        }
        reader.end_line();
    }
    copy.push_str(body.get(done..).unwrap_or_default());
    (copy, masked)
}

/// A cell as it stands in the text, its quotation marks as they are, with noted passwords masked; `None` where there are none.
fn without_notes(cell: &str) -> Option<String> {
    let Some(rest) = cell.strip_prefix('"') else { return notes::masked(cell) };
    let (inside, end) = rest.strip_suffix('"').map_or((rest, ""), |inside| (inside, "\""));
    notes::masked(inside).map(|masked| format!("\"{masked}{end}"))
}

/// What stands between the cells of `text`: `,`, tab or `;`.
pub fn delimiter(text: &str) -> char {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (text, told) = separator_line(text);
    char::from(told.unwrap_or_else(|| choose(text)))
}

/// Reads any bytes as a table and throws the rows away, for fuzzing. Must neither panic nor take long.
pub fn fuzz(bytes: &[u8]) {
    read(&String::from_utf8_lossy(bytes), &mut Nowhere);
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

fn push_records(reader: &mut Reader<'_>, sink: &mut dyn RowSink) {
    let sheet = SheetInfo::default();
    let mut row = Row::default();
    if sink.sheet(&sheet).is_continue() {
        while reader.next(&mut row) {
            if sink.row(&sheet, &row).is_break() {
                break;
            }
        }
    }
    sink.end(&sheet);
}

/// The text after a `sep=;` line, and the delimiter it names.
fn separator_line(text: &str) -> (&str, Option<u8>) {
    let Some(rest) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP=")) else {
        return (text, None);
    };
    let Some((&delimiter, after)) = rest.as_bytes().split_first() else { return (text, None) };
    let length = line_end(after);
    match (DELIMITERS.contains(&delimiter), length) {
        (true, Some(length)) => (rest.get(1 + length..).unwrap_or_default(), Some(delimiter)),
        _ => (text, None),
    }
}

/// The delimiter by which most of the first records have the same number of cells, more than one.
fn choose(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut reader = Reader::new(text, delimiter);
        let mut row = Row::default();
        let mut widths: Vec<usize> = Vec::with_capacity(SAMPLE);
        while widths.len() < SAMPLE && reader.next(&mut row) {
            widths.push(usize::from(reader.width));
        }
        let alike = |width: usize| widths.iter().filter(|&&other| other == width).count();
        widths
            .iter()
            .filter(|&&width| width > 1)
            .map(|&width| (alike(width), width))
            .max()
            .unwrap_or_default()
    };
    // `max_by_key` takes the last of equals; the likelier delimiter should win.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter)).unwrap_or(b',')
}

/// How long the line end at the start is; `None` if there is none.
fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r' | 0x0b | 0x0c, ..] => Some(1),
        _ => None,
    }
}

/// Cuts a text into records.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where a run of letters ends, by byte: the delimiter and the line ends.
    stops: [bool; 256],
    delimiter: u8,
    records: u64,
    /// Line ends read so far, those inside quotes too.
    lines: u64,
    /// Cells of the record read last, empty ones included.
    width: u16,
    /// No cell of the record was read yet.
    is_first: bool,
    unclosed: usize,
    warnings: Vec<Warning>,
    unquoted: String,
}

/// A quoted cell that was read whole: the text inside the quotes, and where the cell goes on.
struct Quoted {
    inside: std::ops::Range<usize>,
    doubled: bool,
    lines: u64,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let mut stops = [false; 256];
        for byte in [delimiter, b'\n', b'\r', 0x0b, 0x0c] {
            stops[usize::from(byte)] = true;
        }
        Self {
            text,
            at: 0,
            stops,
            delimiter,
            records: 0,
            lines: 0,
            width: 0,
            is_first: true,
            unclosed: 0,
            warnings: Vec::new(),
            unquoted: String::new(),
        }
    }

    fn ahead(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Reads past one line that is not looked at, which counts as a record.
    fn skip_line(&mut self) {
        let ahead = self.ahead();
        let length =
            ahead.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(ahead.len());
        self.at += length;
        self.records += 1;
        self.end_line();
    }

    fn end_line(&mut self) {
        if let Some(length) = line_end(self.ahead()) {
            self.at += length;
            self.lines += 1;
        }
    }

    /// Reads one record into `row`. Says no at the end of the text.
    fn next(&mut self, row: &mut Row) -> bool {
        if self.at >= self.text.len() {
            return false;
        }
        self.begin(row);
        while self.step(row).is_some() {}
        self.end_line();
        true
    }

    fn begin(&mut self, row: &mut Row) {
        self.records += 1;
        self.width = 0;
        self.is_first = true;
        row.start(u32::try_from(self.records).unwrap_or(u32::MAX));
    }

    /// Reads the next cell of the record and says where it begins; none where the record is over.
    fn step(&mut self, row: &mut Row) -> Option<usize> {
        if !std::mem::take(&mut self.is_first) {
            if self.ahead().first() != Some(&self.delimiter) {
                return None;
            }
            self.at += 1;
        }
        let from = self.at;
        self.cell(row);
        Some(from)
    }

    /// Reads one cell, up to the delimiter or the line's end.
    fn cell(&mut self, row: &mut Row) {
        if self.ahead().first() == Some(&b'"')
            && let Some(quoted) = self.quoted(row.number)
        {
            return self.push_quoted(&quoted, row);
        }
        let from = self.at;
        self.run();
        let text = self.text.get(from..self.at).unwrap_or_default();
        self.push(row, text);
    }

    /// Moves on to the next delimiter or line end.
    fn run(&mut self) {
        let ahead = self.ahead();
        let stop = |&byte: &u8| self.stops.get(usize::from(byte)) == Some(&true);
        self.at += ahead.iter().position(stop).unwrap_or(ahead.len());
    }

    fn push(&mut self, row: &mut Row, text: &str) {
        if self.width < MAX_COLUMNS {
            self.width += 1;
            row.push(self.width, unmark(text), CellKind::Text, Marks::default());
        } else if !self
            .warnings
            .iter()
            .any(|warning| warning.message.key == "table.too_many_columns")
        {
            let place = Place::line(row.number);
            let message = msg!("table.too_many_columns", columns = MAX_COLUMNS);
            self.warnings.push(Warning { place, message });
        }
    }

    /// Looks for the end of the quoted cell that begins here. Without a sound one the quote is an ordinary letter.
    fn quoted(&mut self, record: u32) -> Option<Quoted> {
        let found = close(self.ahead(), self.unclosed < MAX_UNCLOSED);
        let sound = found.filter(|quoted| {
            // After the closing quote of a cell over several lines only a delimiter or a line end is believed:
            // otherwise the quote that closed it was meant to open the next one.
            let next = self.ahead().get(quoted.inside.end + 1);
            quoted.lines == 0
                || next.is_none_or(|&next| self.stops.get(usize::from(next)) == Some(&true))
        });
        if sound.is_none() {
            self.unclosed += 1;
            if self.unclosed <= MAX_UNCLOSED {
                let message = msg!("table.quote_not_closed", line = self.lines + 1);
                self.warnings.push(Warning { place: Place::line(record), message });
            }
        }
        sound
    }

    /// Takes the text of a quoted cell; letters after its closing quote belong to it, as Excel has it.
    fn push_quoted(&mut self, quoted: &Quoted, row: &mut Row) {
        let from = self.at;
        self.at += quoted.inside.end + 1;
        self.lines += quoted.lines;
        let tail_from = self.at;
        self.run();
        let inside = from + quoted.inside.start..from + quoted.inside.end;
        let (text, whole): (&'t str, &'t str) =
            (self.text, self.text.get(inside).unwrap_or_default());
        let tail = text.get(tail_from..self.at).unwrap_or_default();
        if !quoted.doubled && tail.is_empty() && !whole.contains('\r') {
            return self.push(row, whole);
        }
        let mut unquoted = std::mem::take(&mut self.unquoted);
        unquoted.clear();
        unquoted.push_str(&whole.replace("\"\"", "\"").replace("\r\n", "\n").replace('\r', "\n"));
        unquoted.push_str(tail);
        self.push(row, &unquoted);
        self.unquoted = unquoted;
    }
}

/// The quoted cell at the start of `ahead`; `None` if its quote is not closed within [`MAX_QUOTED`] bytes, or within its line.
fn close(ahead: &[u8], across_lines: bool) -> Option<Quoted> {
    let mut at = 1;
    let (mut doubled, mut lines) = (false, 0);
    while at <= MAX_QUOTED {
        match (*ahead.get(at)?, ahead.get(at + 1)) {
            (b'"', Some(b'"')) => {
                doubled = true;
                at += 1;
            }
            (b'"', _) => return Some(Quoted { inside: 1..at, doubled, lines }),
            (b'\r', Some(b'\n')) => {}
            (b'\n' | b'\r', _) if !across_lines => return None,
            (b'\n' | b'\r', _) => lines += 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests;
