//! Which rows are devices, and which are titles, sections, totals and footnotes.

use domain::{Field, fold};

use super::column_of;
use crate::columns::Column;
use crate::table::{Cell, Row};
use crate::tables::book::Book;
use crate::values::text::trimmed;

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// One cell alone, without the marks of a section: taken for one, and said so.
    Alone,
    /// A device.
    Device,
    /// None, for this reason; and whether ditto marks may not reach across it.
    Skipped(&'static str, bool),
}

/// Knows the header, to see it again where a printed page begins.
#[derive(Debug)]
pub(crate) struct Rows {
    headers: Vec<(u16, String)>,
    number: u16,
    naming: [u16; 4],
    last_row: u32,
}

impl Rows {
    pub(crate) fn new(columns: &[Column], header_row: u32) -> Self {
        let naming = [Field::Name, Field::Hostname, Field::GenericName, Field::Address];
        Self {
            headers: columns.iter().map(|column| (column.number, column.own.clone())).collect(),
            number: column_of(columns, Field::AssetNumber),
            naming: naming.map(|field| column_of(columns, field)),
            last_row: header_row,
        }
    }

    /// Rows that the document does not hold at all are blank rows.
    pub(crate) fn count_gap(&mut self, book: &mut Book, row: &Row) {
        let gap = row.number.saturating_sub(self.last_row).saturating_sub(1);
        if gap > 0 {
            *book.reading.skipped.entry("blank_rows").or_default() += u64::from(gap);
        }
        self.last_row = row.number;
    }

    pub(crate) fn kind(&self, row: &Row) -> RowKind {
        let mut own = own_cells(row);
        let Some(first) = own.next() else { return RowKind::Skipped("blank_rows", false) };
        let second = own.next();
        let alone = second.is_none() || row.full_width;
        let text = first.text.trim();
        // The mark of a footnote in one cell, its words in the next.
        if is_footnote_mark(text) && own.next().is_none() {
            return RowKind::Skipped("footnotes", false);
        }
        if alone {
            return self.kind_alone(&first, text);
        }
        if is_total(text) {
            return RowKind::Skipped("subtotal_rows", false);
        }
        if self.repeats_header(row) {
            return RowKind::Skipped("repeated_header_rows", true);
        }
        RowKind::Device
    }

    fn kind_alone(&self, cell: &Cell<'_>, text: &str) -> RowKind {
        if text.starts_with(['※', '＊']) || text.starts_with("注") || text.starts_with("*") {
            return RowKind::Skipped("footnotes", false);
        }
        if is_total(text) {
            return RowKind::Skipped("subtotal_rows", false);
        }
        if cell.column == self.number && text.chars().any(char::is_numeric) && text.len() <= 24 {
            return RowKind::Skipped("number_only_rows", false);
        }
        if text
            .starts_with(['【', '■', '●', '◆', '▼', '〔', '＜', '<', '[', '《', '○', '◎', '□', '◇'])
        {
            return RowKind::Skipped("section_rows", true);
        }
        // A device may be entered with nothing but its name or address yet.
        if self.naming.contains(&cell.column) { RowKind::Device } else { RowKind::Alone }
    }

    /// At least two cells, and no fewer than half, say what the header says.
    fn repeats_header(&self, row: &Row) -> bool {
        let said = row.cells().filter(|cell| !trimmed(cell.text).is_empty());
        let (mut cells, mut equal) = (0, 0);
        for cell in said {
            cells += 1;
            let header = self.headers.iter().find(|(column, _)| *column == cell.column);
            equal += usize::from(header.is_some_and(|(_, header)| header == trimmed(cell.text)));
            if cells == 4 && equal == 0 {
                return false;
            }
        }
        equal >= 2 && equal * 2 >= cells
    }
}

/// Cells that hold something of their own, not filled in from a merged cell above.
fn own_cells(row: &Row) -> impl Iterator<Item = Cell<'_>> {
    row.cells().filter(|cell| !cell.marks.merged && !trimmed(cell.text).is_empty())
}

/// `※`, `※1`, `注)`: the mark of a footnote, and nothing else.
fn is_footnote_mark(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| c.is_numeric() || ")）:：".contains(c));
    matches!(bare, "※" | "＊" | "*" | "注")
}

fn is_total(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let folded = fold(text);
    let bare = folded.trim_end_matches([':', '台']).trim_matches(['(', ')', '【', '】']);
    matches!(bare, "小計" | "合計" | "総計" | "総合計" | "計" | "subtotal" | "total" | "grandtotal")
        || folded.starts_with("小計") && folded.chars().count() <= 8
}

/// Whether the whole row is struck through.
pub(super) fn is_struck(row: &Row) -> bool {
    let mut cells = own_cells(row);
    cells.next().is_some_and(|cell| cell.marks.struck) && cells.all(|cell| cell.marks.struck)
}

/// A word that stands where a name would while nothing is there: `（空き）`, 予約, 欠番.
pub(crate) fn is_vacant_word(text: &str) -> bool {
    if text.is_ascii() || text.len() > 40 {
        return false;
    }
    let folded = fold(text);
    let bare = folded.trim_matches(['(', ')', '[', ']', '【', '】', '<', '>', '-']);
    matches!(
        bare,
        "空キ" | "空" | "予約" | "予約済" | "予約済ミ" | "欠番" | "空番" | "未使用" | "空キip"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{CellKind, Marks};

    fn kind(texts: &[&str]) -> RowKind {
        let header = ["№", "機器名", "型式", "備考"];
        let fields = [Field::AssetNumber, Field::Name, Field::Model, Field::Remark];
        let columns: Vec<_> = (1..)
            .zip(header.iter().zip(fields))
            .map(|(number, (own, field))| Column {
                number,
                header: (*own).to_owned(),
                own: (*own).to_owned(),
                field: Some(field),
                weak: false,
            })
            .collect();
        let mut row = Row::default();
        row.start(5);
        for (index, text) in texts.iter().enumerate() {
            row.push(index as u16 + 1, text, CellKind::Text, Marks::default());
        }
        Rows::new(&columns, 4).kind(&row)
    }

    #[test]
    fn rows_that_are_no_devices_are_told_apart() {
        for (texts, expected) in [
            (&["", "", ""][..], RowKind::Skipped("blank_rows", false)),
            (&["【ＣＴ室】"], RowKind::Skipped("section_rows", true)),
            (&["検査科"], RowKind::Alone),
            (&["012"], RowKind::Skipped("number_only_rows", false)),
            (&["※１　IPアドレスは確認すること"], RowKind::Skipped("footnotes", false)),
            (&["注）10.1.1.1 は空けておく"], RowKind::Skipped("footnotes", false)),
            (&["※", "予備機は 10.2.3.9 に置く"], RowKind::Skipped("footnotes", false)),
            (&["小計", "=COUNTA(B1)", "台"], RowKind::Skipped("subtotal_rows", false)),
            (&["合計", "12台"], RowKind::Skipped("subtotal_rows", false)),
            (&["№", "機器名", "型式", "備考"], RowKind::Skipped("repeated_header_rows", true)),
            (&["1", "CT", "CT-80"], RowKind::Device),
            (&["", "CT"], RowKind::Device),
            (&["2", "合計算出装置"], RowKind::Device),
        ] {
            assert_eq!(kind(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn vacant_words_are_known_in_any_writing() {
        for text in ["（空き）", "空き", "予約", "(予約済)", "【欠番】", "未使用"]
        {
            assert!(is_vacant_word(text), "{text}");
        }
        for text in ["", "予備機", "空気清浄機", "VACANT-01"] {
            assert!(!is_vacant_word(text), "{text}");
        }
    }
}
