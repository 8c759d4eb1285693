//! Invented ledgers of any length for measurements: 20 columns, the same bytes every time.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const COLUMNS: usize = 20;

const HEADER: [&str; COLUMNS] = [
    "Asset Tag",
    "Serial",
    "Manufacturer",
    "Model",
    "Description",
    "Location",
    "Department",
    "IP Address",
    "MAC Address",
    "OS",
    "Firmware",
    "Owner",
    "Last PM",
    "Next PM",
    "Risk",
    "FDA Class",
    "PO",
    "Cost",
    "Status",
    "Notes",
];

/// Risk and cost, which a workbook holds as numbers.
const NUMBERS: [usize; 2] = [14, 17];

/// The cells of device `i`, from 0. No cell needs quoting in CSV or escaping in XML.
fn row(i: u32) -> [String; COLUMNS] {
    let (high, middle, low) = (i >> 16, i >> 8 & 255, i & 255);
    let (month, day) = (1 + i % 12, 1 + i % 28);
    [
        format!("TAG{i:06}"),
        format!("SN{:09}", u64::from(i) * 7),
        format!("Vendor {}", i % 180),
        format!("Model-{}", i % 900),
        format!("Infusion pump large volume {}", i % 50),
        format!("Bldg {} Floor {} Room {}", i % 5, i % 9, i % 300),
        format!("Dept {}", i % 60),
        format!("10.{high}.{middle}.{low}"),
        format!("00:13:1b:{high:02x}:{middle:02x}:{low:02x}"),
        format!("Embedded Linux 4.{}", i % 20),
        format!("v{}.{}.{}", i % 9, i % 10, i % 7),
        format!("owner{}@hosp.example", i % 200),
        format!("2025-{month:02}-{day:02}"),
        format!("2026-{month:02}-{day:02}"),
        (i % 10).to_string(),
        "II".to_owned(),
        format!("PO{i:07}"),
        (1000 + i % 9000).to_string(),
        "In use".to_owned(),
        format!("note text {i} {}", "x".repeat((i % 40) as usize)),
    ]
}

/// Writes a ledger of `rows` devices as CSV (RFC 4180).
pub(crate) fn write_csv(path: &Path, rows: u32) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write!(file, "{}\r\n", HEADER.join(","))?;
    for i in 0..rows {
        write!(file, "{}\r\n", row(i).join(","))?;
    }
    file.flush()
}

/// Writes a ledger of `rows` devices as a workbook with one sheet and shared strings (ECMA-376 part 1, clause 18).
pub(crate) fn write_xlsx(path: &Path, rows: u32) -> io::Result<()> {
    let mut strings = Strings::default();
    let sheet = sheet(&mut strings, rows);
    let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", &sheet),
        ("xl/sharedStrings.xml", &strings.xml()),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?.flush()
}

fn sheet(strings: &mut Strings, rows: u32) -> String {
    let mut xml = format!("{XML}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    push_row(&mut xml, strings, 1, &HEADER.map(str::to_owned));
    for i in 0..rows {
        push_row(&mut xml, strings, i + 2, &row(i));
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

fn push_row(xml: &mut String, strings: &mut Strings, number: u32, cells: &[String; COLUMNS]) {
    // Writing into a String cannot fail.
    let _ = write!(xml, "<row r=\"{number}\">");
    for ((index, text), letter) in cells.iter().enumerate().zip('A'..) {
        let _ = if number > 1 && NUMBERS.contains(&index) {
            write!(xml, "<c r=\"{letter}{number}\"><v>{text}</v></c>")
        } else {
            let string = strings.number(text);
            write!(xml, "<c r=\"{letter}{number}\" t=\"s\"><v>{string}</v></c>")
        };
    }
    xml.push_str("</row>");
}

/// The workbook's table of texts, each once.
#[derive(Default)]
struct Strings {
    numbers: HashMap<String, usize>,
    items: String,
}

impl Strings {
    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let _ = write!(self.items, "<si><t>{text}</t></si>");
        let number = self.numbers.len();
        self.numbers.insert(text.to_owned(), number);
        number
    }

    fn xml(&self) -> String {
        let count = self.numbers.len();
        format!("{XML}<sst xmlns=\"{MAIN}\" uniqueCount=\"{count}\">{}</sst>", self.items)
    }
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>
</workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"#;

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_csv_has_a_header_and_a_line_for_each_device() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.csv");
        write_csv(&path, 3).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[3].starts_with("TAG000002,SN000000014,Vendor 2,Model-2,"));
        assert!(lines.iter().all(|line| line.split(',').count() == COLUMNS));
    }

    #[test]
    fn a_workbook_shares_its_strings_and_keeps_its_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.xlsx");
        write_xlsx(&path, 2).unwrap();
        let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
        let mut sheet = String::new();
        zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert!(sheet.contains("<c r=\"A2\" t=\"s\"><v>20</v></c>"));
        assert!(sheet.contains("<c r=\"R3\"><v>1001</v></c>"));
        let mut strings = String::new();
        zip.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut strings).unwrap();
        assert_eq!(strings.matches("<t>In use</t>").count(), 1);
    }
}
