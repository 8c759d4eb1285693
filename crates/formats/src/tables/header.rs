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
    /// Its row; the last of them where it has two.
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

    /// A person said which row it is: only that row and the one above are looked at.
    fn push_towards(&mut self, fixed: u32, row: &Row) -> Search {
        if row.number < fixed && self.rows.len() >= SEARCHED {
            self.rows.remove(0);
        }
        self.rows.push(row.clone());
        if row.number < fixed {
            return Search::More;
        }
        let child = self.rows.len() - 1;
        let parent = child.checked_sub(1).filter(|above| {
            let above = self.rows.get(*above);
            above.is_some_and(|above| {
                above.number.checked_add(1) == Some(fixed) && is_second(above, row)
            })
        });
        if row.number > fixed || row.is_blank() {
            return Search::NotFound;
        }
        let mut found = self.header(parent, child);
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
                return if complete { self.accept(None, index) } else { None };
            };
            let found = if is_second(row, next) {
                self.accept(Some(index), index + 1)
            } else {
                self.accept(None, index)
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn accept(&mut self, parent: Option<usize>, child: usize) -> Option<Found> {
        let found = self.header(parent, child);
        match found.family {
            Family::SideBySide => {
                self.side_by_side = true;
                None
            }
            Family::Unknown => None,
            _ => Some(found),
        }
    }

    fn header(&self, parent: Option<usize>, child: usize) -> Found {
        let empty = Row::default();
        let child_row = self.rows.get(child).unwrap_or(&empty);
        let parent_row = parent.and_then(|parent| self.rows.get(parent));
        let (family, columns) = family::of_header(child_row, parent_row, self.mapping.as_ref());
        let (above, below) = (parent.unwrap_or(child), child + 1);
        Found { above, below, header_row: child_row.number, columns, family }
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

/// Whether `row` is the second row of a header that begins with `above`: it adds known words, holds no data, and what it adds that we
/// do not know is no more than what we know. One word alone must be all that the row adds,
/// below one that names no field.
fn is_second(above: &Row, row: &Row) -> bool {
    let (mut known, mut unknown, mut is_parted) = (0, 0, false);
    for cell in row.cells().filter(|cell| !cell.text.trim().is_empty()) {
        let over = above.text(cell.column);
        if over == cell.text {
            continue;
        }
        if columns::is_header_word(cell.text) {
            known += 1;
            is_parted |= !over.is_empty() && !family::is_word(over);
        } else if is_data(cell.text) || over.is_empty() {
            return false;
        } else {
            unknown += 1;
        }
    }
    known >= 2 && unknown <= known || known == 1 && unknown == 0 && is_parted
}

/// Whether a cell may hold a value: values have digits, headings have at most one behind them; and a heading is short.
fn is_data(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    text.chars().count() > 20 || bare.is_empty() || bare.contains(|c: char| c.is_ascii_digit())
}
