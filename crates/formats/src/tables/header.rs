//! Finding the header among the first rows of a sheet.

use std::collections::BTreeSet;

use domain::{Message, msg};

use super::family::{self, Family};
use super::secrets::is_secret;
use crate::backup;
use crate::columns::{self, Column};
use crate::network::mask::mask_line;
use crate::reading::Mapping;
use crate::table::Row;

/// How many rows are searched (reference 0.2).
const SEARCHED: usize = 30;

/// Words down the first column from which a table is taken to lie on its side.
const TRANSPOSED: usize = 3;

/// Collects rows until a header is found.
#[derive(Debug)]
pub(super) struct HeaderSearch {
    rows: Vec<Row>,
    mapping: Option<Mapping>,
    side_by_side: bool,
}

/// What the rows so far show.
#[derive(Debug)]
pub(super) enum Search {
    Found(Found),
    More,
    NotFound,
}

/// A header.
#[derive(Debug)]
pub(crate) struct Found {
    /// How many of the rows held stand above it.
    pub(crate) above: usize,
    /// How many of the rows held stand above the first row of data.
    pub(crate) below: usize,
    /// Its row; the last of them where it has two or three.
    pub(crate) header_row: u32,
    /// Its columns.
    pub(crate) columns: Vec<Column>,
    /// What the table is.
    pub(crate) family: Family,
}

impl HeaderSearch {
    pub(super) fn new(mapping: Option<&Mapping>) -> Self {
        Self { rows: Vec::new(), mapping: mapping.cloned(), side_by_side: false }
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Takes one more row.
    pub(super) fn push(&mut self, row: &Row) -> Search {
        if let Some(fixed) = self.mapping.as_ref().and_then(|mapping| mapping.header_row) {
            return self.push_towards(fixed, row);
        }
        self.rows.push(row.clone());
        match self.find(false) {
            Some(found) => Search::Found(found),
            None if self.rows.len() >= SEARCHED + 2 => Search::NotFound,
            None => Search::More,
        }
    }

    /// The header, now that no more rows come.
    pub(super) fn complete(&mut self) -> Option<Found> {
        if self.mapping.as_ref().is_some_and(|mapping| mapping.header_row.is_some()) {
            return None;
        }
        self.find(true)
    }

    /// A person said which row it is: only that row and the two above are looked at.
    fn push_towards(&mut self, fixed: u32, row: &Row) -> Search {
        if row.number < fixed && self.rows.len() >= SEARCHED {
            self.rows.remove(0);
        }
        self.rows.push(row.clone());
        if row.number < fixed {
            return Search::More;
        }
        let child = self.rows.len() - 1;
        let above = |by: usize| {
            let above = self.rows.get(child.checked_sub(by)?)?;
            let number = u32::try_from(by).ok().and_then(|by| above.number.checked_add(by));
            (number == Some(fixed)).then_some(above)
        };
        let (parent, first) = match (above(2), above(1)) {
            (Some(top), Some(middle)) if is_third(top, middle, row) => {
                (Some(laid_over(top, middle)), child - 2)
            }
            (_, Some(above)) if is_second(above, row) => (Some(above.clone()), child - 1),
            _ => (None, child),
        };
        if row.number > fixed || row.is_blank() {
            return Search::NotFound;
        }
        let mut found = self.header(parent.as_ref(), first, child);
        // The person knows better than our list of words; at least one column must be known, though.
        if found.family == Family::Unknown
            && found.columns.iter().any(|column| column.field.is_some())
        {
            found.family = Family::Ledger;
        }
        if found.family == Family::Unknown { Search::NotFound } else { Search::Found(found) }
    }

    fn find(&mut self, complete: bool) -> Option<Found> {
        for index in 0..self.rows.len().min(SEARCHED) {
            let row = self.rows.get(index)?;
            let words = known_words(row) + self.named_words(row);
            let goes_on = || self.rows.get(index + 1).is_some_and(|next| is_second(row, next));
            if words < 2 && !(words == 1 && goes_on()) {
                continue;
            }
            let Some(next) = self.rows.get(index + 1) else {
                return if complete { self.accept(None, index, index) } else { None };
            };
            let is_two = is_second(row, next);
            let found = match self.rows.get(index + 2) {
                // Whether a third row belongs to it is seen when that row is.
                None if !complete && (is_two || is_between(row, next)) => return None,
                Some(third) if is_third(row, next, third) => {
                    let above = laid_over(row, next);
                    self.accept(Some(&above), index, index + 2)
                }
                _ if is_two => self.accept(Some(&row.clone()), index, index + 1),
                _ => self.accept(None, index, index),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn accept(&mut self, parent: Option<&Row>, first: usize, last: usize) -> Option<Found> {
        let found = self.header(parent, first, last);
        match found.family {
            Family::SideBySide => {
                self.side_by_side = true;
                None
            }
            Family::Unknown => None,
            _ => Some(found),
        }
    }

    /// The header from row `first` to row `last`, of which those above the last say what `parent` says.
    fn header(&self, parent: Option<&Row>, first: usize, last: usize) -> Found {
        let empty = Row::default();
        let child = self.rows.get(last).unwrap_or(&empty);
        let (family, columns) = family::of_header(child, parent, self.mapping.as_ref());
        Found { above: first, below: last + 1, header_row: child.number, columns, family }
    }

    /// How many of the row's columns a person named, in words we do not know.
    fn named_words(&self, row: &Row) -> usize {
        let Some(mapping) = &self.mapping else { return 0 };
        let named = mapping.columns.iter().filter(|(header, field)| {
            let wanted = columns::key(header);
            field.is_some()
                && !columns::is_known(header)
                && row.cells().any(|cell| columns::key(cell.text) == wanted)
        });
        named.count()
    }

    /// Why no header was found: what the sheet was taken for, and the sentence to say.
    pub(super) fn explain(&self) -> (&'static str, Message) {
        if self.side_by_side {
            return ("side_by_side", msg!("ledger.refused_side_by_side"));
        }
        let header = self.rows.iter().find(|row| row.cells().len() > 1);
        let words = || header.into_iter().flat_map(Row::cells).map(|cell| cell.text);
        if words().any(backup::words::speaks_of_backups) {
            return ("unknown", msg!("backup.refused_report"));
        }
        if family::lists_orders(words()) {
            return ("orders", msg!("ledger.refused_orders"));
        }
        let down = self.rows.iter().filter_map(|row| row.cells().next());
        if down.filter(|cell| columns::is_known(cell.text)).count() >= TRANSPOSED {
            return ("transposed", msg!("ledger.refused_transposed"));
        }
        let widest = self.rows.iter().rev().max_by_key(|row| (known_words(row), row.cells().len()));
        let seen: Vec<String> = widest
            .into_iter()
            .flat_map(|row| self.quotable(row))
            .map(|text| text.chars().take(30).collect())
            .take(12)
            .collect();
        ("unknown", msg!("ledger.refused_no_header", seen = seen))
    }

    /// The cells of a row that may be quoted: none below or behind the word for a secret.
    fn quotable<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = String> + 'r {
        let told = self.rows.iter().flat_map(Row::cells);
        let told: BTreeSet<u16> =
            told.filter(|cell| is_secret(cell.text)).map(|cell| cell.column).collect();
        let mut is_announced = false;
        row.cells().filter_map(move |cell| {
            let is_word = is_secret(cell.text);
            let is_hidden = !is_word && (told.contains(&cell.column) || is_announced);
            is_announced = is_word;
            (!is_hidden).then(|| mask_line(cell.text))
        })
    }
}

/// How many cells of the row are header words; a word filled in from a merged cell counts once.
fn known_words(row: &Row) -> usize {
    row.cells().filter(|cell| !cell.marks.merged && family::is_word(cell.text)).count()
}

/// What a row adds to the one above it, where it may belong to the same header.
struct Added {
    /// Words that are known.
    known: usize,
    /// Headings that are not.
    unknown: usize,
    /// Whether a word parts one that names no field.
    is_parted: bool,
}

/// What `row` adds to `above`; none where it holds data, or a heading below nothing.
fn added(above: &Row, row: &Row) -> Option<Added> {
    let mut added = Added { known: 0, unknown: 0, is_parted: false };
    for cell in row.cells().filter(|cell| !cell.text.trim().is_empty()) {
        let over = above.text(cell.column);
        if over == cell.text {
            continue;
        }
        if columns::is_header_word(cell.text) {
            added.known += 1;
            added.is_parted |= !over.is_empty() && !family::is_word(over);
        } else if is_data(cell.text) || over.is_empty() {
            return None;
        } else {
            added.unknown += 1;
        }
    }
    Some(added)
}

/// Whether `row` is the second row of a header that begins with `above`: it adds known words, holds no data, and what it adds that we
/// do not know is no more than what we know. One word alone must be all that the row adds,
/// below one that names no field.
fn is_second(above: &Row, row: &Row) -> bool {
    added(above, row).is_some_and(|Added { known, unknown, is_parted }| {
        known >= 2 && unknown <= known || known == 1 && unknown == 0 && is_parted
    })
}

/// Whether `row` may stand between the first and the third row of a header: it parts what stands above, be it in words that we do not
/// know, such as 有線 and 無線.
fn is_between(above: &Row, row: &Row) -> bool {
    added(above, row).is_some_and(|added| added.known + added.unknown > 0)
}

/// Whether `third` is the last row of a header that begins with `first` and `second`. Two known words are asked for: a row of data
/// that happens to hold one is common.
fn is_third(first: &Row, second: &Row, third: &Row) -> bool {
    let adds = |above: &Row| added(above, third);
    is_between(first, second)
        && adds(&laid_over(first, second))
            .is_some_and(|added| added.known >= 2 && added.unknown <= added.known)
}

/// The words of two rows of a header as one: the lower one, where it has its own.
fn laid_over(upper: &Row, lower: &Row) -> Row {
    let columns: BTreeSet<u16> =
        upper.cells().chain(lower.cells()).map(|cell| cell.column).collect();
    let mut both = Row::default();
    both.start(lower.number);
    for column in columns {
        let own = lower.cell(column).filter(|cell| !cell.text.trim().is_empty());
        if let Some(cell) = own.or_else(|| upper.cell(column)) {
            both.push(column, cell.text, cell.kind, cell.marks);
        }
    }
    both
}

/// Whether a cell may hold a value: values have digits, headings have at most one behind them; and a heading is short.
fn is_data(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    text.chars().count() > 20 || bare.is_empty() || bare.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{CellKind, Marks};

    /// A row of texts; `^` is filled in from the merged cell above or before.
    fn row(number: u32, texts: &[&str]) -> Row {
        let mut row = Row::default();
        row.start(number);
        for (column, text) in (1..).zip(texts) {
            let merged = text.starts_with('^');
            let marks = Marks { merged, ..Marks::default() };
            row.push(column, text.trim_start_matches('^'), CellKind::Text, marks);
        }
        row
    }

    fn search(mapping: Option<&Mapping>, rows: &[Row]) -> Option<Found> {
        let mut search = HeaderSearch::new(mapping);
        for row in rows {
            if let Search::Found(found) = search.push(row) {
                return Some(found);
            }
        }
        search.complete()
    }

    fn fields(found: &Found) -> Vec<Option<&'static str>> {
        found.columns.iter().map(|column| column.field.map(domain::Field::key)).collect()
    }

    fn three() -> Vec<Row> {
        vec![
            row(
                1,
                &[
                    "管理番号",
                    "機器名",
                    "ネットワーク",
                    "^ネットワーク",
                    "^ネットワーク",
                    "^ネットワーク",
                ],
            ),
            row(2, &["^管理番号", "^機器名", "有線", "^有線", "無線", "^無線"]),
            row(
                3,
                &["^管理番号", "^機器名", "IPアドレス", "MACアドレス", "IPアドレス", "MACアドレス"],
            ),
            row(
                4,
                &["001", "CT", "10.0.0.1", "00:11:22:33:44:55", "10.0.0.2", "00:11:22:33:44:56"],
            ),
        ]
    }

    #[test]
    fn a_header_of_three_rows_is_read_whole() {
        let found = search(None, &three()).unwrap();
        assert_eq!((found.above, found.below, found.header_row), (0, 3, 3));
        let read = fields(&found);
        assert_eq!(read.first().copied().flatten(), Some("asset_number"));
        let addresses = found.columns.iter().filter(|column| column.header.contains("IPアドレス"));
        assert_eq!(addresses.count(), 2, "{:?}", found.columns);
        let fixed = Mapping { header_row: Some(3), ..Mapping::default() };
        let found = search(Some(&fixed), &three()).unwrap();
        assert_eq!((found.above, found.below, found.header_row), (0, 3, 3));
    }

    #[test]
    fn a_row_of_data_is_no_third_row() {
        let two = [
            row(1, &["管理番号", "機器名", "ネットワーク", "^ネットワーク"]),
            row(2, &["^管理番号", "^機器名", "IPアドレス", "MACアドレス"]),
            row(3, &["001", "プリンタ", "10.0.0.1", "00:11:22:33:44:55"]),
        ];
        let found = search(None, &two).unwrap();
        assert_eq!((found.above, found.below, found.header_row), (0, 2, 2));
        let one =
            [row(1, &["管理番号", "機器名", "IPアドレス"]), row(2, &["001", "CT", "10.0.0.1"])];
        let found = search(None, &one).unwrap();
        assert_eq!((found.above, found.below, found.header_row), (0, 1, 1));
    }

    #[test]
    fn a_header_alone_is_found_when_no_more_rows_come() {
        assert_eq!(search(None, &three()[..3]).unwrap().header_row, 3);
        assert_eq!(search(None, &three()[..1]).unwrap().header_row, 1);
    }
}
