//! The very row of a piece of evidence that something was read from, with the rows around it.

use std::ops::ControlFlow;

use domain::{Field, ImportId, Keeping, Observation, Place};
use formats::container::{self, Container};
use formats::table::{Row, RowSink, SheetInfo};
use formats::{delimited, html_table, text, xlsx};
use serde::Serialize;

use crate::chart::device_of;
use crate::{App, AppError};

/// A row of a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// The import.
    pub import: u32,
    /// Its file.
    pub file: String,
    /// What it was read as.
    pub kind: String,
    /// The series.
    pub source: String,
    /// When what it says was so (RFC 3339, UTC).
    pub captured_at: String,
    /// `active` or `undone`.
    pub state: String,
    /// `whole`, `masked` or `distilled`.
    pub keeping: String,
    /// The place, in words.
    pub place_said: String,
    /// The headers of the table, where it is one; as the reader took them.
    pub columns: Vec<RowColumnView>,
    /// The row and those around it; empty where the bytes are not kept or cannot be shown row by row.
    pub rows: Vec<RowTextView>,
    /// What the reader made of it.
    pub read: Vec<ReadView>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowColumnView {
    /// Its letter, as Excel shows it.
    pub letter: String,
    /// Its header as written.
    pub header: String,
    /// The field it was read as; none where the column was left alone.
    pub field: Option<String>,
}

/// A row as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowTextView {
    /// Its number.
    pub number: u32,
    /// Whether it is the row that was asked for.
    pub is_it: bool,
    /// Its cells; one alone where it is a line of a text.
    pub cells: Vec<String>,
}

/// What the reader made of a row: one observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadView {
    /// What kind of statement it is, by key.
    pub kind: String,
    /// Field and value, in the order of reading; the value as written and, where that differs, in canonical writing.
    pub facts: Vec<ReadFactView>,
    /// The device it belongs to: id, and what people call it.
    pub device: Option<(String, String)>,
}

/// A value the reader took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadFactView {
    /// The field, by key.
    pub field: String,
    /// As the document wrote it.
    pub written: String,
    /// In canonical writing, where that differs.
    pub value: Option<String>,
}

/// Rows that are shown before and after the one that was asked for.
const AROUND: u32 = 2;

/// Cells of a row that are shown; no ledger has more columns.
const CELLS: u16 = 200;

/// Letters of one cell or line that are shown.
const LETTERS: usize = 500;

impl App {
    /// The row at `place` of the import `id`.
    ///
    /// # Errors
    ///
    /// That there is no such import, and what the store says.
    pub fn row(&self, id: ImportId, place: &Place) -> Result<RowView, AppError> {
        self.facility()?.read(|view| {
            let import = view.import(id)?;
            let mut found: Vec<(domain::ObservationRef, Observation)> = Vec::new();
            view.each_observation_of(id, |at, observation| {
                if is_at(&observation.place, place) {
                    found.push((at, observation));
                }
                Ok::<_, AppError>(())
            })?;
            let mut read = Vec::new();
            for (at, observation) in &found {
                read.push(ReadView {
                    device: device_of(view, *at, observation)?,
                    ..self.read_view(observation)
                });
            }
            let report = view.import_report(id)?;
            let report: Option<serde_json::Value> =
                report.and_then(|json| serde_json::from_str(&json).ok());
            let bytes = match import.keeping {
                Keeping::Whole | Keeping::Masked => view.evidence(import.evidence)?,
                Keeping::Distilled => None,
            };
            let rows = bytes.map(|bytes| rows_around(&bytes, place)).unwrap_or_default();
            let columns = columns(&rows, report.as_ref(), place);
            Ok(RowView {
                import: id.0,
                file: import.file_name,
                kind: import.kind,
                source: import.source.to_string(),
                captured_at: import.captured_at.to_string(),
                state: import.state.key().to_owned(),
                keeping: import.keeping.key().to_owned(),
                place_said: self.catalogue().place(place),
                columns,
                rows: rows.rows,
                read,
            })
        })
    }

    fn read_view(&self, observation: &Observation) -> ReadView {
        let mut facts: Vec<ReadFactView> = observation
            .facts
            .iter()
            .map(|fact| ReadFactView {
                field: fact.field.key().to_owned(),
                written: match fact.written {
                    Some(written) => written.to_owned(),
                    None => self.word_of(fact.field, fact.value),
                },
                value: fact.written.map(|_| self.word_of(fact.field, fact.value)),
            })
            .collect();
        let plain = |field: Field, written: String| ReadFactView {
            field: field.key().to_owned(),
            written,
            value: None,
        };
        for binding in &observation.bindings {
            facts.extend(binding.address.map(|address| plain(Field::Address, address.to_string())));
            facts.extend(binding.mac.map(|mac| plain(Field::Mac, mac.to_string())));
        }
        ReadView { kind: observation.kind.key().to_owned(), facts, device: None }
    }
}

/// Whether an observation stands in the row asked for; a column or a part that was not named does not matter.
fn is_at(place: &Place, asked: &Place) -> bool {
    place.row == asked.row
        && (asked.sheet.is_none() || place.sheet == asked.sheet)
        && (asked.part == 0 || place.part == asked.part)
}

/// The rows around a place, and the cells of the row the report names as the header.
#[derive(Debug, Default)]
struct Around {
    rows: Vec<RowTextView>,
    is_table: bool,
    kept: Vec<(u32, Vec<String>)>,
}

fn rows_around(bytes: &[u8], place: &Place) -> Around {
    let mut window = Window::new(place);
    match container::sniff(bytes) {
        Container::Xlsx => {
            // What cannot be read any more is not shown; the page says what was read of it when it came in.
            let _ = xlsx::read(bytes, &mut window);
        }
        Container::Html => {
            if let Ok(text) = text::decode(bytes) {
                html_table::read(&text.body, &mut window);
            }
        }
        _ => match text::decode(bytes) {
            Ok(text) if is_delimited(&text.body) => {
                delimited::read(&text.body, &mut window);
            }
            Ok(text) => return lines_around(&text, place),
            Err(_) => return Around::default(),
        },
    }
    window.finish()
}

/// Whether the first line that says something has cells.
fn is_delimited(body: &str) -> bool {
    let first = text::lines(body).map(|line| line.text).find(|line| !line.trim().is_empty());
    first.is_some_and(|line| line.matches([',', '\t', ';']).count() >= 2)
}

fn lines_around(text: &text::Text<'_>, place: &Place) -> Around {
    let window = place.row.saturating_sub(AROUND)..=place.row.saturating_add(AROUND);
    let rows = text.lines().filter(|line| window.contains(&line.number)).map(|line| RowTextView {
        number: line.number,
        is_it: line.number == place.row,
        cells: vec![cut(line.text)],
    });
    Around { rows: rows.collect(), ..Around::default() }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Takes the rows around one place out of a document.
struct Window<'p> {
    place: &'p Place,
    around: Around,
    inside: bool,
}

/// Rows at the top of a sheet among which the header is; no ledger has more above it.
const HEAD: u32 = 40;

impl<'p> Window<'p> {
    fn new(place: &'p Place) -> Self {
        let around = Around { is_table: true, ..Around::default() };
        Self { place, around, inside: false }
    }

    fn finish(self) -> Around {
        self.around
    }
}

impl RowSink for Window<'_> {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        self.inside = self.place.sheet.is_none() || sheet.name == self.place.sheet;
        // Of a place without a sheet the first one is meant.
        let taken = !self.around.rows.is_empty();
        if self.inside && !taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let last = self.place.row.saturating_add(AROUND);
        if row.number > last {
            return ControlFlow::Break(());
        }
        let cells = || {
            let width = row.cells().last().map_or(0, |cell| cell.column).min(CELLS);
            (1..=width).map(|column| cut(row.text(column))).collect::<Vec<_>>()
        };
        if row.number <= HEAD {
            self.around.kept.push((row.number, cells()));
        }
        if row.number >= self.place.row.saturating_sub(AROUND) {
            self.around.rows.push(RowTextView {
                number: row.number,
                is_it: row.number == self.place.row,
                cells: cells(),
            });
        }
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

/// The columns of the table, with the fields that the report says they were read as.
fn columns(
    around: &Around,
    report: Option<&serde_json::Value>,
    place: &Place,
) -> Vec<RowColumnView> {
    if !around.is_table {
        return Vec::new();
    }
    let tables = report.and_then(|report| report["tables"].as_array());
    let table = tables.into_iter().flatten().find(|table| {
        let sheet = table["sheet"].as_str();
        place.sheet.is_none() || sheet == place.sheet.as_deref()
    });
    let read = table.and_then(|table| table["columns"].as_array());
    let field = |header: &str| {
        let same = |column: &&serde_json::Value| column["header"].as_str() == Some(header);
        read.into_iter().flatten().find(same)?["field"].as_str().map(str::to_owned)
    };
    let header = table
        .and_then(|table| table["header_row"].as_u64())
        .and_then(|row| around.kept.iter().find(|(number, _)| u64::from(*number) == row))
        .map(|(_, cells)| cells.clone())
        .unwrap_or_default();
    let width = around.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(header.len());
    (0..width)
        .map(|index| {
            let header = header.get(index).cloned().unwrap_or_default();
            RowColumnView { letter: letter(index), field: field(&header), header }
        })
        .collect()
}

/// The letters of a column, from 0: A, B, …, Z, AA.
fn letter(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (index % 26) as u8);
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    letters.iter().rev().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_that_excel_gives_them() {
        for (index, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letter(index), expected);
        }
    }

    #[test]
    fn a_row_of_a_table_stands_between_its_neighbours() {
        let bytes = "番号,名前,場所\n1,a,x\n2,b,y\n3,c,z\n4,d,w\n5,e,v\n6,f,u\n";
        let around = rows_around(bytes.as_bytes(), &Place::line(4));
        let numbers: Vec<(u32, bool)> =
            around.rows.iter().map(|row| (row.number, row.is_it)).collect();
        assert_eq!(numbers, [(2, false), (3, false), (4, true), (5, false), (6, false)]);
        assert_eq!(around.rows[2].cells, ["3", "c", "z"]);
        let report = serde_json::json!({ "tables": [{ "sheet": null, "header_row": 1,
            "columns": [{ "header": "番号", "field": "asset_number" }, { "header": "名前", "field": null }] }] });
        let columns = columns(&around, Some(&report), &Place::line(4));
        let told: Vec<_> = columns
            .iter()
            .map(|c| (c.letter.as_str(), c.header.as_str(), c.field.as_deref()))
            .collect();
        assert_eq!(
            told,
            [("A", "番号", Some("asset_number")), ("B", "名前", None), ("C", "場所", None)]
        );
    }

    #[test]
    fn a_line_of_a_text_stands_between_its_neighbours() {
        let text = "Interface: 10.1.1.70 --- 0x4\n  10.1.1.1  00-1b-21-00-00-01  dynamic\n";
        let around = rows_around(text.as_bytes(), &Place::line(2));
        assert_eq!(around.rows.len(), 2);
        assert!(around.rows[1].is_it && around.rows[1].cells[0].contains("00-1b-21"));
        assert!(columns(&around, None, &Place::line(2)).is_empty());
    }

    #[test]
    fn what_is_no_document_or_no_row_shows_nothing() {
        assert!(rows_around(b"PK\x03\x04 cut short", &Place::line(1)).rows.is_empty());
        assert!(
            rows_around(b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00", &Place::line(1))
                .rows
                .is_empty()
        );
        assert!(rows_around(b"a,b,c\n1,2,3\n", &Place::line(9000)).rows.is_empty());
    }
}
