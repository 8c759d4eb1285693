//! Tables for a terminal: columns as wide as what stands in them, counting Japanese letters as two.

use unicode_width::UnicodeWidthStr;

/// A table: a header and its rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

/// A cell wider than this is cut, with a mark.
const MOST_COLUMNS: usize = 44;

impl Table {
    /// A table with this header.
    pub(crate) fn new(header: impl IntoIterator<Item = String>) -> Self {
        Self { rows: vec![header.into_iter().collect()] }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| fit(&plain(&cell))).collect());
    }

    /// The whole table.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                self.rows
                    .iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.width())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            line(&mut text, row, &widths);
            if index == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                line(&mut text, &rule, &widths);
            }
        }
        text
    }
}

fn line(text: &mut String, cells: &[String], widths: &[usize]) {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn fit(cell: &str) -> String {
    if cell.width() <= MOST_COLUMNS {
        return cell.to_owned();
    }
    let mut cut = String::new();
    for c in cell.chars() {
        let mut longer = cut.clone();
        longer.push(c);
        if longer.width() >= MOST_COLUMNS {
            break;
        }
        cut = longer;
    }
    cut + "…"
}

/// The text without anything a terminal would obey: what comes from files is data. Line breaks become spaces.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !is_obeyed(*c))
        .collect()
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
        assert_eq!(fit(&"あ".repeat(40)).width(), MOST_COLUMNS - 1);
    }
}
