//! Files for the tests: ledgers, workbooks, and what only pretends to be one.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const HEADER: [&str; 6] = ["管理番号", "機器名", "コンピュータ名", "IPアドレス", "設置場所", "OS"];

/// A ledger in CSV with one row for each of `numbers`.
pub(crate) fn ledger(numbers: impl IntoIterator<Item = usize>) -> String {
    let mut text = format!("{}\r\n", HEADER.join(","));
    for number in numbers {
        let cells = row(number);
        let _ = writeln!(text, "{}\r", cells.join(","));
    }
    text
}

fn row(number: usize) -> [String; 6] {
    [
        format!("A-{number:05}"),
        "端末".to_owned(),
        format!("PC-{number:05}"),
        format!("10.{}.{}.{}", 1 + number / 62_500, number / 250 % 250, 1 + number % 250),
        format!("{}病棟", number % 9 + 1),
        "Windows 11".to_owned(),
    ]
}

/// A ledger as a workbook with one row for each of `numbers`.
pub(crate) fn ledger_workbook(numbers: impl IntoIterator<Item = usize>) -> Vec<u8> {
    let header = HEADER.map(str::to_owned);
    let rows: String = std::iter::once(header)
        .chain(numbers.into_iter().map(row))
        .map(|cells| xml_row(&cells))
        .collect();
    workbook(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
}

fn xml_row(cells: &[String]) -> String {
    let cells: String =
        cells.iter().map(|cell| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>")).collect();
    format!("<row>{cells}</row>")
}

/// A workbook whose only sheet is this XML.
pub(crate) fn workbook(sheet: &str) -> Vec<u8> {
    zipped(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const WORKBOOK: &str = r#"<workbook xmlns:r="x"><sheets><sheet name="台帳" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A zip of these parts.
pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of forty kilobytes whose sheet unpacks to forty megabytes.
pub(crate) fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in [("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..40 {
        zip.write_all(&blank).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose shared text is written by entities that stand for ten times each other.
pub(crate) fn laughs() -> Vec<u8> {
    let mut entities = "<!ENTITY a0 \"笑\">".to_owned();
    for level in 1..=12 {
        let inner = format!("&a{};", level - 1).repeat(10);
        let _ = write!(entities, "<!ENTITY a{level} \"{inner}\">");
    }
    let sheet = format!(
        "<!DOCTYPE worksheet [{entities}]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&a12;</t></is></c></row></sheetData></worksheet>"
    );
    workbook(&sheet)
}

/// A compound file, as far as anybody looks: its mark, and the names in its directory.
pub(crate) fn compound_file(names: &[&str]) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(1024, 0);
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        bytes.extend(entry);
    }
    bytes.resize(4096, 0);
    bytes
}

/// Bytes without any order, the same every time.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed);
    (0..length).map(|_| dice.roll() as u8).collect()
}

/// Numbers without any order, the same for the same seed (xorshift64*).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// The next number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}
