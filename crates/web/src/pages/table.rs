//! Tables that are read off what was imported: a search field, links to devices, and, where there is nothing, which file would fill
//! them.

use askama::Template;
use domain::fold;
use serde::Deserialize;

use super::pager::Pager;
use crate::answer::{Answer, page};
use crate::frame::Frame;

/// Rows on a page.
pub(crate) const EACH: usize = 100;

/// A part of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) text: String,
    /// Where it leads; empty where nowhere.
    pub(crate) link: String,
}

/// A cell: its parts, each on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell(Vec<Part>);

impl Cell {
    /// A text.
    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self(vec![Part { text: text.as_ref().to_owned(), link: String::new() }])
    }

    /// Texts under each other; what is empty is left out.
    pub(crate) fn lines<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let told = texts.into_iter().filter(|text| !text.is_empty());
        Self(told.map(|text| Part { text: text.to_owned(), link: String::new() }).collect())
    }

    /// A text that leads somewhere.
    pub(crate) fn link(text: impl AsRef<str>, link: String) -> Self {
        Self(vec![Part { text: text.as_ref().to_owned(), link }])
    }

    /// Texts that lead somewhere, under each other.
    pub(crate) fn links(links: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(links.into_iter().map(|(text, link)| Part { text, link }).collect())
    }
}

/// A table with the rows that hold what was searched for.
#[derive(Debug)]
pub(crate) struct Table {
    /// The word of its texts.
    pub(crate) key: &'static str,
    /// How many rows there are without a search.
    pub(crate) total: usize,
    /// Keys of the headers.
    pub(crate) columns: Vec<&'static str>,
    /// The rows that hold it, or those of one page of them: see `found`.
    pub(crate) rows: Vec<Vec<Vec<Part>>>,
    /// How many rows hold it, where only those of one page are here.
    pub(crate) found: Option<usize>,
}

/// From how many letters on a text is a sentence, which a narrow column would break into pieces.
const LONG: usize = 30;

impl Table {
    /// Whether a cell holds a sentence.
    pub(crate) fn is_long(&self, cell: &[Part]) -> bool {
        cell.iter().any(|part| part.text.chars().count() >= LONG)
    }

    /// The table of `rows` that hold every word of `typed`.
    pub(crate) fn of(
        key: &'static str,
        columns: &[&'static str],
        rows: impl Iterator<Item = Vec<Cell>>,
        typed: &str,
    ) -> Self {
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
        let mut table =
            Self { key, total: 0, columns: columns.to_vec(), rows: Vec::new(), found: None };
        for row in rows {
            table.total += 1;
            let mut text = String::new();
            for part in row.iter().flat_map(|cell| &cell.0) {
                domain::fold::fold_onto(&mut text, &part.text);
                text.push('\n');
            }
            if words.iter().all(|word| text.contains(word.as_str())) {
                table.rows.push(row.into_iter().map(|cell| cell.0).collect());
            }
        }
        table
    }
}

impl Table {
    /// The table of the same of `items`, of which `row` makes rows. Where nothing is searched for, only those of the page are made:
    /// for lists that are as long as the list of devices.
    pub(crate) fn of_page<T>(
        key: &'static str,
        columns: &[&'static str],
        items: &[T],
        row: impl Fn(&T) -> Vec<Cell>,
        asked: &Asked,
    ) -> Self {
        if !asked.q.trim().is_empty() {
            return Self::of(key, columns, items.iter().map(row), &asked.q);
        }
        let first = Pager::new(asked.page.unwrap_or(1), items.len(), EACH, String::new()).skip();
        let of_page = items.iter().skip(first).take(EACH);
        let mut table = Self::of(key, columns, of_page.map(row), "");
        (table.total, table.found) = (items.len(), Some(items.len()));
        table
    }
}

/// A page beside others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tab {
    /// Its address without the stroke, and the word of its texts.
    pub(crate) key: &'static str,
    pub(crate) is_here: bool,
}

/// The pages of `keys` beside each other, where `here` is the one that is shown.
pub(crate) fn tabs(keys: &[&'static str], here: &str) -> Vec<Tab> {
    keys.iter().map(|&key| Tab { key, is_here: key == here }).collect()
}

#[derive(Template)]
#[template(path = "network/table.html")]
struct TablePage {
    frame: Frame,
    tabs: Vec<Tab>,
    q: String,
    table: Table,
    /// How many rows hold what was searched for.
    found: usize,
    pager: Pager,
    /// What must be known before the table is read.
    notice: Option<String>,
}

/// What is asked of such a page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) q: String,
    pub(crate) page: Option<usize>,
}

impl Asked {
    /// Where in a list of `total` the page stands whose address is `path`.
    pub(crate) fn pager(&self, frame: &Frame, path: &str, total: usize) -> Pager {
        let address = match self.q.as_str() {
            "" => path.to_owned(),
            typed => format!("{path}?q={}", frame.q(typed)),
        };
        Pager::new(self.page.unwrap_or(1), total, EACH, address)
    }
}

/// The page of a table, beside those of `beside`.
pub(crate) fn list_page(
    frame: Frame,
    beside: &[&'static str],
    asked: Asked,
    table: Table,
) -> Answer {
    list_page_with(frame, beside, asked, table, None)
}

/// The same, with what must be known before the table is read.
pub(crate) fn list_page_with(
    frame: Frame,
    beside: &[&'static str],
    asked: Asked,
    mut table: Table,
    notice: Option<String>,
) -> Answer {
    let (tabs, found) = (tabs(beside, table.key), table.found.unwrap_or(table.rows.len()));
    let pager = asked.pager(&frame, &format!("/{}", table.key), found);
    let skipped = if table.found.is_some() { 0 } else { pager.skip() };
    table.rows = table.rows.drain(..).skip(skipped).take(EACH).collect();
    page(&TablePage { frame, tabs, q: asked.q, table, found, pager, notice })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_hold_every_word_are_shown() {
        let row = |a: &str, b: &str| vec![Cell::text(a), Cell::link(b, "/x".into())];
        let rows = || [row("電子カルテ", "A社"), row("ＰＡＣＳ", "B社")].into_iter();
        let shown = |typed| Table::of("systems", &["a", "b"], rows(), typed).rows.len();
        assert_eq!([shown(""), shown("pacs b社"), shown("pacs a社")], [2, 1, 0]);
        assert_eq!(Table::of("systems", &[], rows(), "nothing").total, 2);
    }

    #[test]
    fn a_page_of_a_long_list_is_made_alone_and_counts_all() {
        let items: Vec<usize> = (0..250).collect();
        let made = std::cell::Cell::new(0);
        let row = |item: &usize| {
            made.set(made.get() + 1);
            vec![Cell::text(format!("device {item}"))]
        };
        let table = |q: &str, page| {
            let asked = Asked { q: q.to_owned(), page: Some(page) };
            Table::of_page("systems", &["a"], &items, row, &asked)
        };
        let third = table("", 3);
        let first = third.rows[0][0][0].text.as_str();
        assert_eq!((third.total, third.rows.len(), first, made.get()), (250, 50, "device 200", 50));
        assert_eq!(table("24", 1).rows.len(), 13, "all are searched");
    }
}
