//! Tables in HTML, which many Japanese tools save under the name `.xls` (reference 0.1).
//!
//! Only tables are looked at: scripts, styles and everything between tables are passed over, nothing is loaded, and no markup is
//! believed beyond rows, cells and their spans.  Tags that HTML lets one leave out may be missing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use domain::{Place, Warning, msg};

use crate::table::{CellKind, Marks, Row, RowSink, SheetInfo};

/// Columns of a table; the same as a worksheet has.
const MAX_COLUMNS: u16 = 16_384;

/// Cells that spans may fill in one document; a document of nothing but spans stays small.
const MAX_FILLED: usize = 2_000_000;

/// Tables that stand in one another, counting the outermost.
const DEPTH: usize = 16;

/// A longest cell, in bytes: four times what Excel can hold.
const MAX_CELL: usize = 128 << 10;

/// Reads the tables of `html` and pushes each into `sink` as a sheet, an inner one before the one around it.
///
/// Gives what a person should know, and whether there was a table at all.
pub fn read(html: &str, sink: &mut dyn RowSink) -> (Vec<Warning>, bool) {
    let mut builder = Builder::default();
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at(at);
        builder.text(text);
        rest = builder.markup(markup);
    }
    builder.text(rest);
    builder.finish(sink)
}

/// Reads any bytes as HTML and looks only at whether columns rise, for fuzzing.
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
        let pairs = row.cells().zip(row.cells().skip(1));
        pairs.for_each(|(left, right)| assert!(left.column < right.column));
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

/// The tables so far.
#[derive(Debug, Default)]
struct Builder {
    open: Vec<Table>,
    done: Vec<Table>,
    filled: usize,
    ranges: u16,
    warnings: Vec<Warning>,
    cut: bool,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Line>,
    /// Cells of rows above that reach down, by column.
    spans: BTreeMap<u16, Span>,
    row: Option<Line>,
    cell: Option<Cell>,
    width: u16,
}

/// A row, with its cells by rising column.
#[derive(Debug, Default)]
struct Line {
    cells: Vec<(u16, Arc<str>, Marks)>,
    hidden: bool,
    /// The widest of its cells, in columns.
    widest: u16,
    own: usize,
}

#[derive(Debug)]
struct Span {
    rows: u32,
    text: Arc<str>,
    marks: Marks,
}

#[derive(Debug, Default)]
struct Cell {
    text: String,
    columns: u16,
    rows: u32,
    struck: bool,
}

impl Builder {
    /// Letters between tags.
    fn text(&mut self, text: &str) {
        if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut()) {
            cell.add(text);
        }
    }

    /// What begins with `<`; gives what stands behind it.
    fn markup<'h>(&mut self, markup: &'h str) -> &'h str {
        let after = |mark: &str, end: &str| {
            let rest = markup.strip_prefix(mark)?;
            Some(
                memchr::memmem::find(rest.as_bytes(), end.as_bytes())
                    .map_or("", |at| &rest[at + end.len()..]),
            )
        };
        if let Some(rest) =
            after("<!--", "-->").or_else(|| after("<!", ">")).or_else(|| after("<?", ">"))
        {
            return rest;
        }
        let Some(end) = tag_end(markup) else {
            self.cut = !self.open.is_empty();
            return "";
        };
        let (tag, rest) = (&markup[1..end], &markup[end + 1..]);
        let name_end =
            tag.find(|c: char| c.is_whitespace() || (c == '/' && !tag.starts_with(c)) || c == '>');
        let (name, attributes) = tag.split_at(name_end.unwrap_or(tag.len()));
        let name = name.to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            // `a < b`: an ordinary letter.
            self.text("<");
            return &markup[1..];
        }
        match name.as_str() {
            "script" | "style" | "xml" | "title" => return skip_element(rest, &name),
            "table" => self.open_table(),
            "/table" => self.close_table(),
            "tr" => self.open_row(attributes),
            "/tr" => self.close_row(),
            "td" | "th" => self.open_cell(attributes),
            "/td" | "/th" => self.close_cell(),
            "br" | "/p" | "/div" | "/li" => self.break_line(),
            "s" | "strike" | "del" => self.strike(),
            _ => {}
        }
        rest
    }

    fn open_table(&mut self) {
        if self.open.len() < DEPTH {
            self.open.push(Table::default());
        }
    }

    fn close_table(&mut self) {
        self.close_row();
        self.done.extend(self.open.pop());
    }

    fn open_row(&mut self, attributes: &str) {
        self.close_row();
        let hidden = attribute(attributes, "style").is_some_and(|style| {
            style.replace(' ', "").to_ascii_lowercase().contains("display:none")
        });
        if let Some(table) = self.open.last_mut() {
            table.row = Some(Line { hidden, ..Line::default() });
        }
    }

    fn open_cell(&mut self, attributes: &str) {
        self.close_cell();
        let number = |name: &str, most: u32| {
            let number =
                attribute(attributes, name).and_then(|text| text.trim().parse::<u32>().ok());
            number.unwrap_or(1).clamp(1, most)
        };
        let Some(table) = self.open.last_mut() else { return };
        table.row.get_or_insert_with(Line::default);
        let columns = number("colspan", u32::from(MAX_COLUMNS)) as u16;
        table.cell = Some(Cell { columns, rows: number("rowspan", 65_534), ..Cell::default() });
    }

    fn close_cell(&mut self) {
        let Some(table) = self.open.last_mut() else { return };
        let Some(cell) = table.cell.take() else { return };
        let spread = cell.columns > 1 || cell.rows > 1;
        if spread {
            self.ranges = self.ranges.saturating_add(1);
        }
        let range = if spread { self.ranges } else { 0 };
        let room = MAX_FILLED.saturating_sub(self.filled);
        let (filled, short) = table.place(cell, range, room);
        self.filled += filled;
        if short && !self.warnings.iter().any(|told| told.message.key == "html.spans") {
            self.warnings.push(Warning { place: Place::DOCUMENT, message: msg!("html.spans") });
        }
    }

    fn close_row(&mut self) {
        self.close_cell();
        let Some(table) = self.open.last_mut() else { return };
        let Some(mut row) = table.row.take() else { return };
        let room = MAX_FILLED.saturating_sub(self.filled);
        self.filled += table.fill(&mut row, MAX_COLUMNS, room);
        row.cells.sort_by_key(|(column, ..)| *column);
        let last = row.cells.last().map_or(0, |(column, ..)| *column);
        table.width = table.width.max(last).max(row.widest);
        table.rows.push(row);
    }

    fn break_line(&mut self) {
        if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut())
            && !cell.text.is_empty()
        {
            cell.text.push('\n');
        }
    }

    /// A cell whose text begins struck through.
    fn strike(&mut self) {
        if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut()) {
            cell.struck |= cell.text.trim().is_empty();
        }
    }

    fn finish(mut self, sink: &mut dyn RowSink) -> (Vec<Warning>, bool) {
        self.cut |= !self.open.is_empty();
        while !self.open.is_empty() {
            self.close_table();
        }
        if self.cut {
            self.warnings.push(Warning { place: Place::DOCUMENT, message: msg!("html.cut") });
        }
        // Tables of one row or one column lay out a page.
        let is_data = |table: &&Table| table.rows.len() > 1 && table.width > 1;
        let tables: Vec<&Table> = self.done.iter().filter(is_data).collect();
        let several = tables.len() > 1;
        for (number, table) in (1..).zip(&tables) {
            let name = several.then(|| Arc::from(format!("{number}")));
            table.push(&SheetInfo { name, ..SheetInfo::default() }, sink);
        }
        (self.warnings, !tables.is_empty())
    }
}

impl Table {
    /// Puts a cell into the row at the next free column; gives how many cells its spans filled, and whether there was no room for all.
    fn place(&mut self, cell: Cell, range: u16, room: usize) -> (usize, bool) {
        let Some(mut row) = self.row.take() else { return (0, false) };
        let next = row.cells.last().map_or(1, |(column, ..)| column.saturating_add(1));
        let mut filled = self.fill(&mut row, next, room);
        let last = row.cells.last().map_or(0, |(column, ..)| *column);
        let start = last.max(row.widest).saturating_add(1);
        let text: Arc<str> = cell.text.trim().into();
        let end = start.saturating_add(cell.columns - 1).min(MAX_COLUMNS);
        let mut short = start > MAX_COLUMNS;
        // No further than there is room: a page of nothing but wide cells takes no longer than its cells.
        let fits = u16::try_from(room).unwrap_or(u16::MAX).saturating_sub(filled as u16);
        short |= end.saturating_sub(start) > fits;
        for column in start..=end.min(start.saturating_add(fits)) {
            let merged = column > start;
            let marks = Marks { struck: cell.struck, merged, range, ..Marks::default() };
            let enough = filled < room || column == start;
            short |= !enough;
            if enough {
                row.cells.push((column, text.clone(), marks));
                filled += usize::from(column > start);
            }
            if cell.rows > 1 && enough {
                let marks = Marks { merged: true, ..marks };
                self.spans.insert(column, Span { rows: cell.rows - 1, text: text.clone(), marks });
            }
        }
        row.widest = end;
        row.own += usize::from(!text.is_empty());
        self.row = Some(row);
        (filled, short)
    }

    /// Fills in what reaches down from above, from the row's next column up to the first gap, or up to `to`.
    fn fill(&mut self, row: &mut Line, to: u16, room: usize) -> usize {
        let mut filled = 0;
        let mut column = row.widest.saturating_add(1);
        let whole = to == MAX_COLUMNS;
        while filled < room {
            let next = self.spans.range_mut(column..).next();
            let Some((&at, span)) = next.filter(|(at, _)| whole || **at == column) else { break };
            row.cells.push((at, span.text.clone(), span.marks));
            filled += 1;
            span.rows -= 1;
            if span.rows == 0 {
                self.spans.remove(&at);
            }
            row.widest = at;
            column = at.saturating_add(1);
        }
        filled
    }

    fn push(&self, sheet: &SheetInfo, sink: &mut dyn RowSink) {
        if sink.sheet(sheet).is_continue() {
            let mut row = Row::default();
            for (number, line) in (1..).zip(&self.rows) {
                row.start(number);
                row.hidden = line.hidden;
                row.full_width = line.is_full_width(self.width);
                for (column, text, marks) in &line.cells {
                    row.push(*column, text, CellKind::Text, *marks);
                }
                if sink.row(sheet, &row).is_break() {
                    break;
                }
            }
        }
        sink.end(sheet);
    }
}

impl Line {
    /// One cell over nearly the whole table: a title or a section.
    fn is_full_width(&self, width: u16) -> bool {
        let spread = self.cells.iter().filter(|(_, _, marks)| marks.range != 0).count();
        self.own == 1 && width > 1 && spread * 10 >= usize::from(width) * 8
    }
}

impl Cell {
    /// Adds letters, with white space as a browser shows it and references as what they stand for.
    fn add(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() && self.text.len() < MAX_CELL {
            let first = rest.chars().next().unwrap_or(' ');
            if first.is_ascii_whitespace() {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
                continue;
            }
            if first == '&'
                && let Some((letter, after)) = reference(rest)
            {
                self.text.push(letter);
                rest = after;
                continue;
            }
            self.text.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
}

/// The letter that `&amp;`, `&#65;` or `&#x41;` stands for, and what follows.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "yen" => '¥',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(if code == 160 { 32 } else { code })?
        }
    };
    Some((letter, &text[end + 1..]))
}

/// The longest tag that is looked for the end of, in bytes: every `<` that ends nowhere costs so much.
const MAX_TAG: usize = 4 << 10;

/// Where the tag that begins `markup` ends: at the first `>` outside quotes.
fn tag_end(markup: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate().skip(1).take(MAX_TAG) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at),
            _ => {}
        }
    }
    // A quote that is never closed was none.
    memchr::memchr(b'>', markup.as_bytes().get(..MAX_TAG).unwrap_or(markup.as_bytes()))
}

/// What follows the element `name`, whose opening tag was read; scripts and styles may hold anything.
fn skip_element<'h>(rest: &'h str, name: &str) -> &'h str {
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&rest.as_bytes()[from..], b"</") {
        let start = from + at + 2;
        let ends = rest.get(start..start + name.len());
        if ends.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            let tail = &rest[start..];
            return memchr::memchr(b'>', tail.as_bytes()).map_or("", |end| &tail[end + 1..]);
        }
        from = start;
    }
    ""
}

/// The value of the attribute `name`.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some(equals) = rest.find('=') {
        let own = rest[..equals].trim().rsplit(|c: char| c.is_whitespace() || c == '"').next();
        let value = rest[equals + 1..].trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if own.is_some_and(|own| own.eq_ignore_ascii_case(name)) {
            return Some(value.trim_end_matches('/'));
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Told(Vec<String>);

    impl RowSink for Told {
        fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
            self.0.push(format!("sheet {}", sheet.name.as_deref().unwrap_or("-")));
            ControlFlow::Continue(())
        }

        fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
            let cells = row.cells().map(|cell| {
                let marks = [(cell.marks.merged, "m"), (cell.marks.struck, "s")];
                let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, m)| *m).collect();
                format!("{}{marks}={}", cell.column, cell.text.replace('\n', "|"))
            });
            let marks = [(row.full_width, " full"), (row.hidden, " hidden")];
            let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, m)| *m).collect();
            self.0.push(format!("{}: {}{marks}", row.number, cells.collect::<Vec<_>>().join(" ")));
            ControlFlow::Continue(())
        }

        fn end(&mut self, _: &SheetInfo) {}
    }

    fn told(html: &str) -> (Vec<String>, Vec<String>) {
        let mut sink = Told::default();
        let (warnings, _) = read(html, &mut sink);
        let keys = warnings.iter().map(|warning| warning.message.key.to_string()).collect();
        (sink.0, keys)
    }

    #[test]
    fn rows_and_cells_are_read_with_and_without_closing_tags() {
        let (rows, keys) = told(
            "<html><head><style>td{content:'</x>'}</style><title>t</title></head><body><p>before</p><TABLE border=1>\n<tr><th>管理番号<th>機器名<tr><td>&nbsp;001</td><td>CT &amp; MR<br>第1 &#x3C;室&gt;</td></tr>\n<!-- <td>no</td> --><tr style=\"display: none\"><td><s>002</s><td><s>旧CT</s></table>after</body></html>",
        );
        assert_eq!(
            rows,
            [
                "sheet -",
                "1: 1=管理番号 2=機器名",
                "2: 1=001 2=CT & MR|第1 <室>",
                "3: 1s=002 2s=旧CT hidden"
            ]
        );
        assert!(keys.is_empty());
    }

    #[test]
    fn spans_fill_in_both_directions() {
        let (rows, _) = told(
            "<table><tr><td colspan=\"3\">【CT室】</td></tr><tr><td rowspan='2'>A</td><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr><tr><td>f</td><td rowspan=2 colspan=2>g</td></tr><tr><td>h</td></tr></table>",
        );
        assert_eq!(
            rows[1..],
            [
                "1: 1=【CT室】 2m=【CT室】 3m=【CT室】 full",
                "2: 1=A 2=b 3=c",
                "3: 1m=A 2=d 3=e",
                "4: 1=f 2=g 3m=g",
                "5: 1=h 2m=g 3m=g"
            ]
        );
    }

    #[test]
    fn tables_in_tables_are_sheets_of_their_own_and_layout_is_none() {
        let inner = "<table><tr><td>a<td>b<tr><td>c<td>d</table>";
        let (rows, _) = told(&format!("<table><tr><td>{inner}</td></tr></table>"));
        assert_eq!(rows, ["sheet -", "1: 1=a 2=b", "2: 1=c 2=d"]);
        let (rows, _) = told(&format!("{inner}{inner}"));
        assert_eq!((rows[0].as_str(), rows[3].as_str()), ("sheet 1", "sheet 2"));
        let mut sink = Told::default();
        assert!(!read("<html><body><p>a < b</p></body></html>", &mut sink).1);
    }

    #[test]
    fn a_page_that_is_cut_short_says_so_and_spans_stay_small() {
        let (rows, keys) = told("<table><tr><td>a<td>b<tr><td>c<td>d");
        assert_eq!((rows.len(), keys), (3, vec!["html.cut".to_owned()]));
        let wide = "<tr><td colspan=16384 rowspan=65534>x</td></tr>".repeat(300);
        let (_, keys) = told(&format!("<table>{wide}</table>"));
        assert_eq!(keys, ["html.spans"]);
    }

    #[test]
    fn wide_cells_fill_no_more_than_there_is_room_for() {
        let mut builder = Builder::default();
        let wide = "<tr>".to_owned() + &"<td colspan=16384 rowspan=65534>x".repeat(200_000);
        let page = format!("<table>{}", wide.replace("<td", "</tr><tr><td"));
        let mut rest = page.as_str();
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            rest = builder.markup(&rest[at..]);
        }
        let cells: usize = builder.open[0].rows.iter().map(|row| row.cells.len()).sum();
        assert!(builder.filled <= MAX_FILLED, "{}", builder.filled);
        assert!(cells <= MAX_FILLED + 200_000, "{cells}");
    }
}
