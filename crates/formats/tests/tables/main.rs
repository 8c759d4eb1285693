//! Ledgers, address tables and leases of the invented hospital, from bytes to what is read of them.

mod messy;
mod refusals;
mod rows;
mod samples;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use domain::{Field, Observation};
use formats::reading::{Mapping, Reading, Refusal};
use formats::table::{CellKind, Marks, Row, RowSink, SheetInfo};
use formats::tables::{Shape, TableReader};

/// One sheet, its rows as lines of tab-separated cells that begin with the row's number.
#[derive(Clone)]
struct Sheet {
    info: SheetInfo,
    rows: Vec<Row>,
}

impl Sheet {
    fn new(name: &str, lines: &[&str]) -> Self {
        let info = SheetInfo { name: Some(name.into()), ..SheetInfo::default() };
        Self {
            info,
            rows: lines.iter().enumerate().map(|(at, line)| row(at as u32 + 1, line)).collect(),
        }
    }

    fn row(&mut self, number: u32) -> &mut Row {
        self.rows.iter_mut().find(|row| row.number == number).unwrap()
    }
}

/// A row of cells with `|` between them; `\n` is a line break in a cell.
fn row(number: u32, line: &str) -> Row {
    let mut row = Row::default();
    row.start(number);
    for (index, text) in line.split('|').enumerate() {
        let marks = Marks {
            struck: text.starts_with('~'),
            merged: text.starts_with('^'),
            ..Marks::default()
        };
        let text = text.trim_start_matches(['~', '^']).replace("\\n", "\n");
        row.push(index as u16 + 1, &text, kind(&text), marks);
    }
    row
}

fn kind(text: &str) -> CellKind {
    match text {
        "45352" => CellKind::Number(45_352.0),
        "20141001" => CellKind::Number(20_141_001.0),
        _ => CellKind::Text,
    }
}

fn read(shape: Shape, mapping: Option<&Mapping>, sheets: &[Sheet]) -> Result<Reading, Refusal> {
    let mut reader = TableReader::new(shape, mapping);
    for sheet in sheets {
        if reader.sheet(&sheet.info) == ControlFlow::Continue(()) {
            for row in &sheet.rows {
                if reader.row(&sheet.info, row).is_break() {
                    break;
                }
            }
            reader.end(&sheet.info);
        }
    }
    reader.finish()
}

fn read_workbook(sheets: &[Sheet]) -> Reading {
    read(Shape::Workbook, None, sheets).unwrap()
}

/// A text from `testdata/`, decoded, split and read.
fn read_text(name: &str, encoding: &'static encoding_rs::Encoding, delimiter: u8) -> Reading {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
    let bytes = fs::read(path).unwrap();
    let (text, _, _) = encoding.decode(&bytes);
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#TYPE") => rest.to_owned(),
        _ => text.into_owned(),
    };
    read_lines(&text.replace("\r\n", "\n"), delimiter).unwrap()
}

fn read_lines(text: &str, delimiter: u8) -> Result<Reading, Refusal> {
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let info = SheetInfo::default();
    let shape = if delimiter == b'\t' { Shape::Tsv } else { Shape::Csv };
    let mut reader = TableReader::new(shape, None);
    let mut row = Row::default();
    let mut record = csv::StringRecord::new();
    assert!(reader.sheet(&info).is_continue());
    let mut number = 0;
    while lines.read_record(&mut record).unwrap() {
        number += 1;
        row.start(number);
        for (index, cell) in record.iter().enumerate() {
            row.push(index as u16 + 1, cell, CellKind::Text, Marks::default());
        }
        if reader.row(&info, &row).is_break() {
            break;
        }
    }
    reader.end(&info);
    reader.finish()
}

/// What was read of one device, on one line: fields with their values, then cards and addresses.
fn show(observation: &Observation) -> String {
    let facts = observation.facts.iter().map(|fact| format!("{}={}", fact.field.key(), fact.value));
    let bindings = observation.bindings.iter().map(|binding| {
        let mac = binding.mac.map_or("-".to_owned(), |mac| mac.to_string());
        let address = binding.address.map_or("-".to_owned(), |address| address.to_string());
        let prefix = binding.prefix.map_or(String::new(), |prefix| format!("/{prefix}"));
        format!("{mac}@{address}{prefix}")
    });
    facts.chain(bindings).collect::<Vec<_>>().join(" ")
}

/// The keys of everything said about a row, in order.
fn said(reading: &Reading, row: u32) -> Vec<&str> {
    let at = reading.warnings.iter().filter(|warning| warning.place.row == row);
    at.map(|warning| &*warning.message.key).collect()
}

fn value(observation: &Observation, field: Field) -> &str {
    observation.facts.value(field).unwrap_or_default()
}

fn at(reading: &Reading, row: u32) -> Vec<&Observation> {
    reading.observations.iter().filter(|observation| observation.place.row == row).collect()
}

const PLAIN: &str =
    "管理番号|機器名|型式|製造番号|IPアドレス|MACアドレス|コンピュータ名|台数|状態|備考";

/// A ledger with the plain header and these rows, which begin at row 2.
fn plain(rows: &[&str]) -> Reading {
    let lines: Vec<&str> = std::iter::once(PLAIN).chain(rows.iter().copied()).collect();
    read_workbook(&[Sheet::new("台帳", &lines)])
}

fn shown(reading: &Reading) -> Vec<String> {
    reading.observations.iter().map(show).collect()
}
