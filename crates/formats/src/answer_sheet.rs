//! The sheet on which a vendor answers an inquiry (照会): a row for each vulnerability, a column for each item of 手引書 4.3④1).
//!
//! It went out empty and comes back filled in by somebody else, so nothing of it is believed: it must be the sheet of this very
//! inquiry, its columns must be the ones that were asked, and each cell that cannot be taken is named by its address.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::{InquiryItem, ItemAnswer, Message, msg};

use crate::reading::Refusal;
use crate::table::{Cell, CellKind, Row, RowSink, SheetInfo};
use crate::xlsx;

/// The largest file that is read, in bytes: a sheet as it goes out has a hundredth of that.
pub const MOST_BYTES: usize = 1 << 20;

/// Cells that are refused by name; the others are counted.
const MOST_REFUSED: usize = 100;

/// The sheet as it went out.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The sheet's name.
    pub sheet: &'a str,
    /// What stands on it to tell it from the sheet of any other inquiry.
    pub mark: &'a str,
    /// The header of the first column: the vulnerability's number.
    pub number: &'a str,
    /// The headers of the items, in the order of [`InquiryItem::ALL`].
    pub items: &'a [String],
    /// The vulnerabilities that are asked about.
    pub asked: &'a [&'a str],
    /// The longest answer, in characters.
    pub most_text: usize,
}

/// An answer with the address of its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellAnswer {
    /// Such as `C7`.
    pub cell: String,
    /// What stands there.
    pub answer: ItemAnswer,
}

/// What was read from a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    /// The answers, row by row.
    pub answers: Vec<CellAnswer>,
    /// Why cells were not taken, each named by its address.
    pub refused: Vec<Message>,
    /// Cells that were not taken beside those.
    pub refused_more: usize,
}

/// Reads the sheet that came back.
///
/// # Errors
///
/// A [`Refusal`] where it is no workbook, has no such sheet, is that of another inquiry, or has other columns.
pub fn read(bytes: &[u8], form: &Form<'_>) -> Result<Filled, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(refusal(msg!("answer_sheet.large", limit = MOST_BYTES / 1024)));
    }
    let mut sink = Sheet::new(form);
    xlsx::read(bytes, &mut sink)?;
    if !sink.is_found {
        let found = sink.sheets;
        return Err(refusal(msg!("answer_sheet.no_sheet", sheet = form.sheet, found = found)));
    }
    if !sink.is_marked {
        return Err(refusal(msg!("answer_sheet.other", mark = form.mark)));
    }
    if !sink.has_header {
        let columns: Vec<String> = form.items.to_vec();
        return Err(refusal(msg!(
            "answer_sheet.no_header",
            number = form.number,
            columns = columns
        )));
    }
    Ok(sink.filled)
}

fn refusal(message: Message) -> Refusal {
    Refusal { message }
}

/// Names of sheets that a refusal lists.
const MOST_SHEETS: usize = 10;

/// Takes the rows of the sheet as they come.
struct Sheet<'f> {
    form: &'f Form<'f>,
    sheets: Vec<String>,
    is_found: bool,
    is_marked: bool,
    has_header: bool,
    seen: BTreeSet<String>,
    filled: Filled,
}

impl<'f> Sheet<'f> {
    fn new(form: &'f Form<'f>) -> Self {
        Self {
            form,
            sheets: Vec::new(),
            is_found: false,
            is_marked: false,
            has_header: false,
            seen: BTreeSet::new(),
            filled: Filled::default(),
        }
    }

    /// Whether the row is the header: every column where it was, each beginning with its word.
    fn is_header(&self, row: &Row) -> bool {
        let is = |column: u16, word: &str| row.text(column).trim().starts_with(word);
        is(1, self.form.number) && (2..).zip(self.form.items).all(|(at, item)| is(at, item))
    }

    fn refuse(&mut self, message: Message) {
        match self.filled.refused.len() {
            ..MOST_REFUSED => self.filled.refused.push(message),
            _ => self.filled.refused_more += 1,
        }
    }

    fn take(&mut self, row: &Row) {
        let id = row.text(1).trim();
        let known = self.form.asked.iter().find(|asked| asked.eq_ignore_ascii_case(id));
        let cell = address(1, row.number);
        let Some(id) = known.map(|id| (*id).to_owned()) else {
            return self.refuse(msg!("answer_sheet.not_asked", cell = cell, text = shown(id)));
        };
        if !self.seen.insert(id.clone()) {
            return self.refuse(msg!("answer_sheet.twice", cell = cell, id = id));
        }
        for cell in row.cells().filter(|cell| cell.column > 1) {
            match self.answer(&id, row.number, cell) {
                Ok(None) => {}
                Ok(Some(answer)) => self.filled.answers.push(answer),
                Err(message) => self.refuse(message),
            }
        }
    }

    fn answer(&self, id: &str, row: u32, cell: Cell<'_>) -> Result<Option<CellAnswer>, Message> {
        let at = address(cell.column, row);
        // A formula says what the vendor's computer computed, or whatever else the file claims: only what was typed is an answer.
        if cell.marks.formula || cell.kind == CellKind::FormulaWithoutValue {
            return Err(msg!("answer_sheet.formula", cell = at));
        }
        let text = plain(cell.text);
        if text.is_empty() {
            return Ok(None);
        }
        let Some(item) = InquiryItem::ALL.get(usize::from(cell.column) - 2).copied() else {
            return Err(msg!("answer_sheet.beyond", cell = at, text = shown(&text)));
        };
        if cell.kind == CellKind::Error {
            return Err(msg!("answer_sheet.error", cell = at, text = shown(&text)));
        }
        if cell.marks.struck {
            return Err(msg!("answer_sheet.struck", cell = at));
        }
        if text.chars().count() > self.form.most_text {
            return Err(msg!("answer_sheet.long", cell = at, most = self.form.most_text));
        }
        Ok(Some(CellAnswer { cell: at, answer: ItemAnswer { id: id.to_owned(), item, text } }))
    }
}

impl RowSink for Sheet<'_> {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        let name = sheet.name.as_deref().unwrap_or_default();
        if self.sheets.len() < MOST_SHEETS {
            self.sheets.push(name.to_owned());
        }
        if self.is_found || name.trim() != self.form.sheet {
            return ControlFlow::Break(());
        }
        self.is_found = true;
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        if self.has_header {
            if !row.is_blank() {
                self.take(row);
            }
        } else if self.is_header(row) {
            self.has_header = true;
        } else {
            self.is_marked |= row.cells().any(|cell| cell.text.trim() == self.form.mark);
        }
        // Rows of a sheet that is not ours are not even looked at.
        match self.has_header && !self.is_marked {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn end(&mut self, _: &SheetInfo) {}
}

/// The text without what no letter of an answer is: control characters but line feeds, and blanks at both ends.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    kept.trim().to_owned()
}

/// The beginning of a text, to be told in a sentence.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// The address of a cell, such as `AB12`.
fn address(column: u16, row: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), column);
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + digit as u8));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{row}")
}

/// Reads any bytes as an answer and throws it away, for fuzzing. Must neither panic nor take long.
pub fn fuzz(bytes: &[u8]) {
    let items: Vec<String> = InquiryItem::ALL.iter().map(|item| item.key().to_owned()).collect();
    let form = Form {
        sheet: "answers",
        mark: "mark",
        number: "id",
        items: &items,
        asked: &["CVE-1"],
        most_text: 100,
    };
    let _ = read(bytes, &form);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_a_spreadsheet_names_them() {
        for (column, row, expected) in
            [(1, 1, "A1"), (7, 12, "G12"), (26, 3, "Z3"), (27, 3, "AA3"), (16_384, 9, "XFD9")]
        {
            assert_eq!(address(column, row), expected);
        }
    }
}
