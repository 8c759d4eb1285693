use std::ops::ControlFlow;
use std::path::Path;

use super::*;
use crate::fuzzing::tests::for_a_while;

fn ledger() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/unseen/ledger-old.xls");
    std::fs::read(path).unwrap()
}

#[derive(Default)]
struct Told(Vec<String>);

impl RowSink for Told {
    fn sheet(&mut self, sheet: &SheetInfo) -> ControlFlow<()> {
        let name = sheet.name.as_deref().unwrap_or_default();
        let hidden = if sheet.hidden { " hidden" } else { "" };
        self.0.push(format!("{name}{hidden} {:?}", sheet.hidden_columns));
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let cells = row.cells().map(|cell| {
            let marks = [(cell.marks.merged, "m"), (cell.marks.struck, "s")];
            let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, m)| *m).collect();
            format!("{}{marks}={}", cell.column, cell.text)
        });
        let marks = [(row.full_width, " full"), (row.hidden, " hidden")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, m)| *m).collect();
        self.0.push(format!("{}: {}{marks}", row.number, cells.collect::<Vec<_>>().join(" ")));
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

fn refused(bytes: &[u8]) -> Option<String> {
    read(bytes, &mut Told::default()).err().map(|refusal| refusal.message.key.to_string())
}

#[test]
fn marks_formats_and_hidden_things_are_read() {
    let mut told = Told::default();
    assert!(read(&ledger(), &mut told).unwrap().is_empty());
    for expected in [
        "機器台帳 [3]",
        "1: 1=医療情報機器台帳（令和8年11月20日現在） full",
        "4: 1=001 2=CTコンソール 3=CT-80 4=10.102.41.1 5=00-22-58-D8-32-A9 6=CT室 7=2020-12-01 8=稼働",
        "5: 1=002 2=CT再構成装置 3=CT-80R 4=10.102.41.2 6m=CT室 7=2021-04-01 8=稼働",
        "6: 1s=3 2s=旧CT 3s=CT-10 4s=10.102.41.3 6s=倉庫 7s=40269 8s=廃棄",
        "作業用 hidden []",
    ] {
        assert!(told.0.iter().any(|line| line == expected), "{expected}\n{:#?}", told.0);
    }
    assert!(
        told.0
            .iter()
            .any(|line| line.starts_with("7: 1=004 2=予備機㈱") && line.ends_with("hidden"))
    );
    // Forty strings of 200 letters run on over several records.
    assert!(told.0.iter().any(|line| line.contains(&format!("端末 {}39", "あ".repeat(200)))));
}

#[test]
fn a_file_cut_anywhere_is_refused_or_read_and_never_panics() {
    let whole = ledger();
    for length in (0..whole.len()).step_by(97) {
        let _ = refused(&whole[..length]);
    }
    assert_eq!(refused(&whole[..600]).as_deref(), Some("refusal.workbook_cut_short"));
}

#[test]
fn passwords_and_older_versions_have_their_own_sentences() {
    let whole = ledger();
    let stream = Compound::open(&whole).unwrap().stream(WORKBOOK).unwrap().unwrap();
    let at = memchr::memmem::find(&whole, &stream[..64]).unwrap();
    let mut older = whole.clone();
    older[at + 4..at + 6].copy_from_slice(&0x500_u16.to_le_bytes());
    assert_eq!(refused(&older).as_deref(), Some("refusal.old_excel"));
    // The record behind the beginning becomes one that says that all else is encrypted.
    let second = at + 4 + usize::from(u16::from_le_bytes([whole[at + 2], whole[at + 3]]));
    let mut locked = whole.clone();
    locked[second..second + 2].copy_from_slice(&0x2f_u16.to_le_bytes());
    assert_eq!(refused(&locked).as_deref(), Some("refusal.workbook_password"));
    let mut document = whole.clone();
    let name: Vec<u8> = WORKBOOK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = memchr::memmem::find(&document, &name).unwrap();
    document[at] = b'X';
    assert_eq!(refused(&document).as_deref(), Some("refusal.old_excel"));
}

#[test]
fn chains_that_run_in_a_circle_and_sheets_over_one_another_are_refused() {
    let whole = ledger();
    let first = u32::from_le_bytes([whole[76], whole[77], whole[78], whole[79]]) as usize;
    let table = (first + 1) * 512;
    let mut circle = whole.clone();
    for entry in circle[table..table + 512].chunks_exact_mut(4) {
        entry.copy_from_slice(&0_u32.to_le_bytes());
    }
    assert_eq!(refused(&circle).as_deref(), Some("refusal.workbook_damaged"));
    let stream = Compound::open(&whole).unwrap().stream(WORKBOOK).unwrap().unwrap();
    let globals = Globals::read(&stream).ok().unwrap();
    let mut room = 1_000;
    let read = Cells::read(&stream, globals.sheets[0].at, &mut room);
    assert_eq!(read.err(), Some(Fault::TooLarge));
}

#[test]
fn damaged_workbooks_never_panic() {
    let whole = ledger();
    let stream = Compound::open(&whole).unwrap().stream(WORKBOOK).unwrap().unwrap();
    let time = std::time::Duration::from_millis(500);
    for_a_while(&[whole], time, fuzz);
    for_a_while(&[stream], time, fuzz_records);
}
