//! Whole workbooks, real ones and ones built to break us.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::time::Duration;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::package::Source as _;
use super::*;
use crate::table::{CellKind, Row, SheetInfo};

/// Keeps everything that is pushed.
#[derive(Default)]
struct Kept {
    sheets: Vec<(SheetInfo, Vec<Row>)>,
    ended: usize,
    skip: Option<&'static str>,
}

impl RowSink for Kept {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        self.sheets.push((sheet.clone(), Vec::new()));
        match sheet.name.as_deref() == self.skip {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn row(&mut self, sheet: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let (last, rows) = self.sheets.last_mut().unwrap();
        assert_eq!(last, sheet);
        rows.push(row.clone());
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {
        self.ended += 1;
    }
}

impl Kept {
    fn row(&self, sheet: usize, number: u32) -> &Row {
        self.sheets[sheet].1.iter().find(|row| row.number == number).unwrap()
    }

    /// The rows of the first sheet, one line each.
    fn written(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for row in &self.sheets[0].1 {
            let mut line = format!("{}{}:", row.number, if row.hidden { "h" } else { "" });
            for cell in row.cells() {
                let struck = if cell.marks.struck { "~" } else { "" };
                let _ = write!(line, " {}={struck}{}", cell.column, cell.text);
            }
            lines.push(line);
        }
        lines
    }
}

fn sample(path: &str) -> Vec<u8> {
    std::fs::read(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/{}"), path)).unwrap()
}

fn kept(bytes: &[u8]) -> (Kept, WorkbookInfo) {
    let mut kept = Kept::default();
    let info = read(bytes, &mut kept).unwrap();
    assert_eq!(kept.sheets.len(), kept.ended);
    (kept, info)
}

fn refused(bytes: &[u8]) -> String {
    let refusal = read(bytes, &mut Kept::default()).unwrap_err();
    let arguments: Vec<String> =
        refusal.message.args.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{} {}", refusal.message.key, arguments.join(" ")).trim_end().to_owned()
}

/// A workbook of one sheet called `台帳`; other parts can be put in its place or beside it.
struct Built {
    parts: Vec<(&'static str, String)>,
}

const WORKBOOK: &str = r#"<workbook xmlns:r="x"><sheets><sheet name="台帳" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships>
    <Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="http://x/styles" Target="styles.xml"/>
    <Relationship Id="rId3" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet>
    <numFmts><numFmt numFmtId="164" formatCode="000"/></numFmts>
    <fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>
    <cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf fontId="1"/><xf fontId="2"/><xf numFmtId="22"/></cellXfs>
    <dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>"#;
const STRINGS: &str = r#"<sst><si><t>読影端末</t><rPh sb="0" eb="2"><t>ドクエイ</t></rPh></si>
    <si><r><rPr><strike/></rPr><t>全部</t></r><r><rPr><strike/></rPr><t>取消</t></r></si>
    <si><r><t>一部</t></r><r><rPr><b/></rPr><t>だけ</t></r></si><si/>
    <si><t>a&amp;b_x000D_
c&#x3231;_x0041_ _x_</t></si></sst>"#;

impl Built {
    fn sheet(rows: &str) -> Self {
        Self::worksheet(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))
    }

    fn worksheet(xml: &str) -> Self {
        Self { parts: Vec::new() }
            .with("xl/workbook.xml", WORKBOOK)
            .with("xl/_rels/workbook.xml.rels", RELATIONS)
            .with("xl/styles.xml", STYLES)
            .with("xl/sharedStrings.xml", STRINGS)
            .with("xl/worksheets/sheet1.xml", xml)
    }

    fn with(mut self, name: &'static str, xml: &str) -> Self {
        self.parts.retain(|(other, _)| *other != name);
        self.parts.push((name, xml.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.parts.retain(|(other, _)| *other != name);
        self
    }

    fn zipped(&self, method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, xml) in &self.parts {
            zip.start_file(*name, options).unwrap();
            zip.write_all(xml.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn bytes(&self) -> Vec<u8> {
        self.zipped(CompressionMethod::Stored)
    }

    fn written(&self) -> Vec<String> {
        kept(&self.bytes()).0.written()
    }

    fn refused(&self) -> String {
        refused(&self.bytes())
    }
}

#[test]
fn the_messy_ledger_is_read_as_a_person_sees_it() {
    let (kept, info) = kept(&sample("ledgers/messy-ledger.xlsx"));
    let names: Vec<(&str, bool)> =
        info.sheets.iter().map(|sheet| (&*sheet.name, sheet.hidden)).collect();
    assert_eq!(names, [("放射線科・検査科 R8", false), ("Sheet2", false), ("旧台帳(H28)", true)]);
    assert_eq!((&*kept.sheets[0].0.hidden_columns, kept.sheets[1].1.len()), (&[13][..], 0));
    assert_eq!(kept.row(0, 7).cell(1).unwrap().text, "001");
    assert_eq!(kept.row(0, 12).text(2), "読影端末");
    let era = kept.row(0, 22).cell(11).unwrap();
    assert_eq!((era.text, era.kind), ("2019-05-01", CellKind::Date(jiff::civil::date(2019, 5, 1))));
    let hidden: Vec<u32> =
        kept.sheets[0].1.iter().filter(|row| row.hidden).map(|row| row.number).collect();
    assert_eq!(hidden, [31]);
    assert_eq!(kept.row(2, 2).text(2), "旧CT");
    assert!(info.warnings.is_empty() && !info.date1904);
}

#[test]
fn only_the_retired_row_of_the_messy_ledger_is_struck_through() {
    let (kept, _) = kept(&sample("ledgers/messy-ledger.xlsx"));
    let struck = |row: &&Row| row.cells().any(|cell| cell.marks.struck);
    let numbers: Vec<u32> = kept.sheets[0].1.iter().filter(struck).map(|row| row.number).collect();
    assert_eq!(numbers, [25]);
    assert!(kept.row(0, 25).cells().all(|cell| cell.marks.struck));
}

#[test]
fn merged_cells_are_filled_and_titles_are_not() {
    let (kept, info) = kept(&sample("ledgers/messy-ledger.xlsx"));
    assert_eq!(info.sheets[0].merged, 16);
    let place = |row: u32| kept.row(0, row).cell(9).unwrap();
    let marks = |row: u32| (place(row).text, place(row).marks.merged);
    assert_eq!(
        [marks(7), marks(8), marks(9)],
        [("ＣＴ・ＭＲ室", false), ("ＣＴ・ＭＲ室", true), ("ＣＴ・ＭＲ室", true)]
    );
    assert!(place(7).marks.range != 0 && place(7).marks.range == place(9).marks.range);
    assert_eq!(kept.row(0, 10).cell(9), None);
    assert_eq!([4, 5].map(|row| kept.row(0, row).text(6)), ["ネットワーク", "ＩＰアドレス"]);
    assert_eq!(kept.row(0, 4).text(8), "ネットワーク");
    assert_eq!([4, 5].map(|row| kept.row(0, row).text(1)), ["№", "№"]);
    let titles: Vec<u32> =
        kept.sheets[0].1.iter().filter(|row| row.full_width).map(|row| row.number).collect();
    assert_eq!(titles, [1, 6, 11, 17, 27]);
    assert_eq!(kept.row(0, 6).cells().len(), 1);
}

#[test]
fn the_other_sample_ledgers_are_read_whole() {
    let (kept_me, _) = kept(&sample("ledgers/me-ledger.xlsx"));
    assert_eq!(kept_me.row(0, 3).text(12), "(01)04912345678904");
    assert_eq!(kept_me.row(0, 3).text(14), "280000");
    let (kept, info) = kept(&sample("demo-hospital/ledger.xlsx"));
    let rows: Vec<u64> = info.sheets.iter().map(|sheet| sheet.rows).collect();
    assert_eq!(rows, [4, 303, 13, 8]);
    assert!(kept.row(1, 1).full_width);
    assert_eq!(kept.row(1, 5).text(17), "2017-06-09");
    assert_eq!(kept.row(2, 2).text(7), "2021-05-08");
}

#[test]
fn every_kind_of_cell_is_shown() {
    let built = Built::sheet(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>中</t></r><r><t>身</t></r></is></c>
        <c r="C1" t="str"><f>A1&amp;"x"</f><v>a&lt;b</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#N/A</v></c>
        <c r="F1"><f>1+1</f></c><c r="G1" s="1"><v>44166</v></c><c r="H1" s="2"><v>7</v></c><c r="I1" s="5"><v>44166.5</v></c>
        <c r="J1" t="d"><v>2020-12-01T00:00:00</v></c><c r="K1"><f>2</f><v>2</v></c><c r="L1" s="99"><v>1.50</v></c></row>"#,
    );
    let (kept, info) = kept(&built.bytes());
    assert_eq!(
        kept.written(),
        [
            "1: 1=読影端末 2=中身 3=a<b 4=TRUE 5=#N/A 6= 7=2020-12-01 8=007 9=2020-12-01 12:00:00 10=2020-12-01 11=2 12=1.5"
        ]
    );
    let row = kept.row(0, 1);
    assert_eq!(row.cell(5).unwrap().kind, CellKind::Error);
    assert_eq!(row.cell(6).unwrap().kind, CellKind::FormulaWithoutValue);
    assert_eq!(row.cell(8).unwrap().kind, CellKind::Number(7.0));
    assert!(
        [7, 9, 10]
            .iter()
            .all(|&column| matches!(row.cell(column).unwrap().kind, CellKind::Date(_)))
    );
    assert_eq!(info.sheets[0].cells, 12);
}

#[test]
fn escapes_and_line_ends_of_shared_strings_are_resolved() {
    let rows = r#"<row r="1"><c r="A1" t="s"><v>4</v></c><c r="B1" t="s"><v>3</v></c></row>"#;
    assert_eq!(Built::sheet(rows).written(), ["1: 1=a&b\nc㈱A _x_"]);
}

#[test]
fn striking_through_is_seen_on_fonts_and_on_runs() {
    let rows = r#"<row r="1"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" s="3" t="s"><v>2</v></c>
        <c r="D1" s="4" t="s"><v>0</v></c><c r="E1" s="3"><v>5</v></c></row>"#;
    assert_eq!(
        Built::sheet(rows).written(),
        ["1: 1=~読影端末 2=~全部取消 3=一部だけ 4=読影端末 5=~5"]
    );
}

#[test]
fn hidden_rows_and_columns_are_marked() {
    let built = Built::worksheet(
        r#"<worksheet><cols><col min="2" max="3" hidden="1"/><col min="3" max="5" width="0"/><col min="9" max="9"/></cols>
        <sheetData><row r="1" hidden="1"/><row r="2" ht="0" customHeight="1"/><row r="3" hidden="0"/></sheetData></worksheet>"#,
    );
    let (kept, _) = kept(&built.bytes());
    assert_eq!(kept.sheets[0].0.hidden_columns, [2, 3, 4, 5]);
    assert_eq!(kept.written(), ["1h:", "2h:", "3:"]);
}

#[test]
fn missing_addresses_and_prefixes_are_tolerated() {
    let built = Built::worksheet(
        r#"<?xml version="1.0"?><!-- > --><x:worksheet xmlns:x="y"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c>
        <x:c><x:v>2</x:v></x:c></x:row>
        <x:row r='5'><x:c r='C5' note='a>b'><x:v><![CDATA[3]]></x:v></x:c><x:c><x:v>4</x:v></x:c></x:row><x:row/></x:sheetData>
        <x:mergeCells count="1"><x:mergeCell ref="C5:C6"/></x:mergeCells></x:worksheet>"#,
    );
    assert_eq!(built.written(), ["1: 1=1 2=2", "5: 3=3 4=4", "6: 3=3"]);
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let workbook = WORKBOOK.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let rows = r#"<row r="1"><c r="A1" s="1"><v>42704</v></c></row>"#;
    let (kept, info) = kept(&Built::sheet(rows).with("xl/workbook.xml", &workbook).bytes());
    assert!(info.date1904);
    assert_eq!(kept.written(), ["1: 1=2020-12-01"]);
}

#[test]
fn a_sheet_the_sink_skips_is_ended_and_the_next_is_read() {
    let mut kept = Kept { skip: Some("表紙"), ..Kept::default() };
    read(&sample("demo-hospital/ledger.xlsx"), &mut kept).unwrap();
    let rows: Vec<usize> = kept.sheets.iter().map(|(_, rows)| rows.len()).collect();
    assert_eq!((rows, kept.ended), (vec![0, 303, 13, 8], 4));
}

#[test]
fn a_shared_string_that_is_not_there_leaves_an_empty_cell_and_a_warning() {
    let rows = r#"<row r="3"><c r="B3" t="s"><v>99</v></c><c r="C3" t="s"><v>x</v></c><c r="D3"><v>1</v></c></row>"#;
    let (kept, info) = kept(&Built::sheet(rows).bytes());
    assert_eq!(kept.written(), ["3: 4=1"]);
    let places: Vec<String> =
        info.warnings.iter().map(|warning| warning.place.to_string()).collect();
    assert_eq!(places, ["台帳!3:2", "台帳!3:3"]);
}

#[test]
fn overlapping_ranges_fill_only_the_first() {
    let built = Built::worksheet(
        r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="D1"><v>4</v></c></row>
        <row r="2"/></sheetData>
        <mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A2:B2"/><mergeCell ref="B1:B2"/>
        <mergeCell ref="x"/></mergeCells></worksheet>"#,
    );
    assert_eq!(built.written(), ["1: 1=1 2=2 4=4", "2: 1=1 2=2"]);
}

#[test]
fn rows_and_cells_out_of_order_are_refused_with_their_place() {
    for (rows, row) in [
        (r#"<row r="2"/><row r="2"/>"#, 2),
        (r#"<row r="5"/><row r="4"/>"#, 5),
        (r#"<row r="1048577"/>"#, 1),
        (r#"<row r="0"/>"#, 1),
        (r#"<row r="3"><c r="B3"/><c r="A3"/></row>"#, 3),
        (r#"<row r="3"><c r="A4"/></row>"#, 3),
        (r#"<row r="3"><c r="XFE3"/></row>"#, 3),
        (r#"<row r="3"><c r="XFD3"/><c/></row>"#, 3),
    ] {
        let expected = format!("refusal.sheet_out_of_order sheet=Text(\"台帳\") row=Number({row})");
        assert_eq!(Built::sheet(rows).refused(), expected, "{rows}");
    }
}

#[test]
fn damaged_parts_are_refused_by_name() {
    let rows = r#"<row r="1"/>"#;
    let entity = r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet/>"#;
    let deep = "<a>".repeat(100);
    let wide = format!("<worksheet a=\"{}\"/>", "x".repeat(100_000));
    for (part, xml, expected) in [
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"7\"><c>",
            "refusal.sheet_cut_short",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row r=\"7\"",
            "refusal.sheet_cut_short",
        ),
        ("xl/worksheets/sheet1.xml", "</worksheet>", "refusal.sheet_damaged"),
        ("xl/worksheets/sheet1.xml", entity, "refusal.workbook_entities"),
        ("xl/worksheets/sheet1.xml", &deep, "refusal.sheet_too_large"),
        ("xl/worksheets/sheet1.xml", &wide, "refusal.sheet_too_large"),
        ("xl/sharedStrings.xml", "<sst><si><t>a", "refusal.workbook_cut_short"),
        ("xl/sharedStrings.xml", entity, "refusal.workbook_entities"),
        ("xl/styles.xml", "<styleSheet><!", "refusal.workbook_cut_short"),
        ("xl/workbook.xml", "<workbook/>", "refusal.workbook_damaged"),
        ("xl/workbook.xml", "", "refusal.workbook_damaged"),
        ("xl/_rels/workbook.xml.rels", "<Relationships/>", "refusal.sheet_missing"),
    ] {
        let refused = Built::sheet(rows).with(part, xml).refused();
        assert!(refused.starts_with(expected), "{part} {xml:.40}: {refused}");
    }
}

#[test]
fn missing_parts_are_refused_by_name() {
    for (part, expected) in [
        ("xl/worksheets/sheet1.xml", "refusal.sheet_missing sheet=Text(\"台帳\")"),
        (
            "xl/sharedStrings.xml",
            "refusal.workbook_part_missing part=Text(\"xl/sharedStrings.xml\")",
        ),
        ("xl/workbook.xml", "refusal.workbook_part_missing part=Text(\"xl/workbook.xml\")"),
    ] {
        assert_eq!(Built::sheet("").without(part).refused(), expected);
    }
    let charts = RELATIONS.replace("/worksheet\"", "/chartsheet\"");
    let (kept, info) = kept(&Built::sheet("").with("xl/_rels/workbook.xml.rels", &charts).bytes());
    assert!(kept.sheets.is_empty() && info.sheets[0].without_cells);
}

#[test]
fn a_bomb_is_refused_before_it_has_gone_off() {
    let blanks = " ".repeat(64 << 20);
    let bomb = Built::sheet(&blanks).zipped(CompressionMethod::Deflated);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(&bomb), "refusal.zip_bomb");
    let empty = format!("<sst>{}</sst>", "<si/>".repeat(4 << 20));
    let strings =
        Built::sheet("").with("xl/sharedStrings.xml", &empty).zipped(CompressionMethod::Deflated);
    assert_eq!(refused(&strings), "refusal.zip_bomb");
}

#[test]
fn many_sheets_over_one_part_are_refused() {
    let sheet = r#"<sheet name="台帳" sheetId="1" r:id="rId1"/>"#;
    let workbook = WORKBOOK.replace(sheet, &sheet.repeat(1_000));
    let built = Built::sheet(&"<row/>".repeat(1_000)).with("xl/workbook.xml", &workbook);
    assert_eq!(built.refused(), "refusal.zip_bomb");
}

#[test]
fn a_small_sheet_of_wide_ranges_is_read_quickly_or_refused() {
    let rows = "<row><c t=\"s\"><v>0</v></c></row>".repeat(3_000)
        + "<row r=\"4000\"><c r=\"XFD4000\"><v>1</v></c></row>";
    let ranges: String =
        (0..3_000).map(|row| format!("<mergeCell ref=\"A{0}:L{0}\"/>", row + 1)).collect();
    let xml = format!(
        "<worksheet><sheetData>{rows}</sheetData><mergeCells>{ranges}<mergeCell ref=\"A3001:XFC1048576\"/></mergeCells></worksheet>"
    );
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_767));
    let built = Built::worksheet(&xml).with("xl/sharedStrings.xml", &strings);
    let (kept, _) = kept(&built.bytes());
    assert_eq!(kept.sheets[0].1.len(), 3_001);
}

#[test]
fn a_long_text_repeated_without_end_is_refused() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_767));
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(2_000);
    let built = Built::sheet(&format!("<row>{cells}</row>")).with("xl/sharedStrings.xml", &strings);
    assert!(built.refused().starts_with("refusal.sheet_too_large"));
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let whole = sample("ledgers/messy-ledger.xlsx");
    for length in (0..whole.len()).step_by(97) {
        assert_eq!(refused(&whole[..length]), "refusal.zip_damaged", "{length}");
    }
}

#[test]
fn a_part_that_does_not_match_its_checksum_is_refused() {
    let mut bytes = Built::sheet("<row r=\"1\"><c><v>12345</v></c></row>").bytes();
    let at = memchr::memmem::find(&bytes, b"12345").unwrap();
    bytes[at] = b'9';
    assert_eq!(refused(&bytes), "refusal.sheet_damaged sheet=Text(\"台帳\") row=Number(1)");
}

#[test]
fn a_part_under_a_password_is_refused_with_the_way_out() {
    let mut bytes = Built::sheet("").bytes();
    // Bit 0 of the flags in the central directory says that the entry is encrypted (APPNOTE 4.4.4).
    let entries: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    entries.iter().for_each(|&entry| bytes[entry + 8] |= 1);
    assert_eq!(refused(&bytes), "refusal.workbook_password");
}

#[test]
fn any_bytes_are_read_without_panic() {
    let seeds = ["ledgers/messy-ledger.xlsx", "ledgers/me-ledger.xlsx"].map(sample);
    crate::fuzzing::tests::for_a_while(&seeds, Duration::from_millis(600), fuzz);
}

#[test]
fn any_xml_behind_the_zip_is_read_without_panic() {
    let ledger = sample("ledgers/messy-ledger.xlsx");
    let mut package = Package::open(&ledger).unwrap();
    let mut unpacked = |name: &str| {
        let mut part = package.find(name, limits::SHEET_BYTES).unwrap().unwrap().open();
        let mut bytes = vec![0; 1 << 16];
        let (mut filled, mut length) = (0, 1);
        while length > 0 {
            length = part.fill(&mut bytes[filled..]).unwrap();
            filled += length;
        }
        bytes.truncate(filled);
        bytes
    };
    let time = Duration::from_millis(600);
    crate::fuzzing::tests::for_a_while(&[unpacked("xl/worksheets/sheet1.xml")], time, fuzz_sheet);
    crate::fuzzing::tests::for_a_while(&[unpacked("xl/sharedStrings.xml")], time, fuzz_strings);
    crate::fuzzing::tests::for_a_while(&[unpacked("xl/styles.xml")], time, fuzz_styles);
}
