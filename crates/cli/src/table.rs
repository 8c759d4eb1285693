//! Tables for a terminal: columns as wide as what stands in them, counting Japanese letters as two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table: a header and its rows, all text in one buffer: a list may have 30,000 of them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    columns: usize,
    text: String,
    /// Where each cell ends in `text`, and how many columns of the terminal it takes.
    cells: Vec<(usize, usize)>,
}

/// A cell wider than this is cut, with a mark.
const MOST_COLUMNS: usize = 44;

impl Table {
    /// A table with this header.
    pub(crate) fn new(header: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut table = Self::default();
        table.row(header);
        table.columns = table.cells.len();
        table
    }

    /// Adds a row, which has as many cells as the header.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        for cell in cells {
            let start = self.text.len();
            push_plain(&mut self.text, cell.as_ref());
            let width = fit(&mut self.text, start);
            self.cells.push((self.text.len(), width));
        }
    }

    /// The whole table.
    pub(crate) fn render(&self) -> String {
        let columns = self.columns.max(1);
        let mut widths = vec![0; columns];
        for (index, (_, width)) in self.cells.iter().enumerate() {
            widths[index % columns] = widths[index % columns].max(*width);
        }
        let mut out = String::with_capacity(self.text.len() * 2);
        let mut start = 0;
        for (number, row) in self.cells.chunks(columns).enumerate() {
            for ((end, width), widest) in row.iter().zip(&widths) {
                out.push_str(self.text.get(start..*end).unwrap_or_default());
                pad(&mut out, SPACES, widest - width + 2);
                start = *end;
            }
            end_line(&mut out);
            if number == 0 {
                widths.iter().for_each(|width| {
                    pad(&mut out, DASHES, *width);
                    out.push_str("  ");
                });
                end_line(&mut out);
            }
        }
        out
    }
}

/// As wide as the widest cell and the gap behind it.
const SPACES: &str = "                                                ";
const DASHES: &str = "------------------------------------------------";

fn pad(out: &mut String, with: &str, width: usize) {
    out.push_str(with.get(..width).unwrap_or(with));
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

/// Cuts the cell that begins at `start` if it is too wide; gives its width.
fn fit(text: &mut String, start: usize) -> usize {
    let cell = &text[start..];
    let width = if cell.is_ascii() { cell.len() } else { cell.width() };
    if width <= MOST_COLUMNS {
        return width;
    }
    let mut taken = 0;
    let mut end = start;
    for c in cell.chars() {
        let wide = c.width().unwrap_or(0);
        if taken + wide >= MOST_COLUMNS {
            break;
        }
        taken += wide;
        end += c.len_utf8();
    }
    text.truncate(end);
    text.push('…');
    taken + 1
}

/// Adds `cell` to `text` without anything a terminal would obey.
fn push_plain(text: &mut String, cell: &str) {
    if cell.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        text.push_str(cell);
    } else {
        text.extend(plain_chars(cell));
    }
}

/// The text without anything a terminal would obey: what comes from files is data. Line breaks become spaces.
pub(crate) fn plain(text: &str) -> String {
    plain_chars(text).collect()
}

fn plain_chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !is_obeyed(*c))
}

/// Whether a terminal would obey this character instead of showing it: control characters, and those that turn the writing round.
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_letters_take_two_columns() {
        let mut table = Table::new(["名前".to_owned(), "IP".to_owned()]);
        table.row(["CT".to_owned(), "10.0.0.1".to_owned()]);
        assert_eq!(table.render(), "名前  IP\n----  --------\nCT    10.0.0.1\n");
    }

    #[test]
    fn nothing_from_a_file_reaches_the_terminal_as_a_command() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\nd"), "a[31mbc d");
        let mut long = "あ".repeat(40);
        assert_eq!(fit(&mut long, 0), MOST_COLUMNS - 1);
        assert_eq!(long.width(), MOST_COLUMNS - 1);
    }
}
