//! Files that cannot be read: told why and what to do, noted in the record, and nothing else.

use std::time::{Duration, Instant};

use encoding_rs::SHIFT_JIS;
use serde_json::Value;

use crate::desk::{Desk, assert_speaks, list, word};
use crate::files;

/// A file, and a word that its refusal must hold in Japanese and in English.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    ja: &'static str,
    en: &'static str,
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, ja: &'static str, en: &'static str) -> Case {
    Case { name, bytes: bytes.into(), ja, en }
}

fn cases() -> Vec<Case> {
    let book = files::ledger_workbook(0..200);
    let mut entry_point = book.clone();
    let middle = entry_point.len() / 3;
    entry_point[middle..middle + 40].fill(0x55);
    let lost: Vec<u8> = "\u{feff}????????\r\n???,????\r\n????\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 64]].concat();
    vec![
        case(
            "秘密.xlsx",
            files::compound_file(&["EncryptionInfo", "EncryptedPackage"]),
            "パスワード",
            "password",
        ),
        case(
            "古い台帳.xls",
            files::compound_file(&["Workbook", "SummaryInformation"]),
            "壊れて",
            "damaged",
        ),
        case("cut-early.xlsx", &book[..book.len() / 10], "途中で切れ", "cut short"),
        case("cut-half.xlsx", &book[..book.len() / 2], "途中で切れ", "cut short"),
        case("cut-late.xlsx", &book[..book.len() - 5], "途中で切れ", "cut short"),
        case("damaged.xlsx", entry_point, "壊れて", "damaged"),
        case("bomb.xlsx", files::bomb(), "異常に大きく", "far too large"),
        case("laughs.xlsx", files::laughs(), "宣言", "declaration"),
        case("noise.bin", files::noise(5000, 1), "ファイル", "file"),
        case("noise.csv", files::noise(5000, 2), "ファイル", "file"),
        case("list.pdf", "%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj\n", "PDF", "PDF"),
        case("list.png", png, "画像", "picture"),
        case("empty.csv", "", "空", "empty"),
        case("lost-utf16.txt", lost, "???", "???"),
        case(
            "lost-arp.txt",
            "????????: 192.0.2.10\r\n 192.0.2.1 00-a0-de-12-34-56 ??\r\n????,???\r\n",
            "???",
            "???",
        ),
        case(
            "memo.txt",
            "会議の記録\n出席者は五名でした。\nつぎは来週です。\n",
            "会議の記録",
            "会議の記録",
        ),
        case("other.csv", "a,b,c\n1,2,3\n4,5,6\n", "見出し", "header"),
    ]
}

#[test]
fn a_refused_file_leaves_nothing_but_a_note_in_the_record() {
    let cases = cases();
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let ledger = desk.write("台帳.csv", files::ledger(0..3));
        desk.json(&["import", &ledger]);
        let before = (desk.devices(), desk.imports());
        for case in &cases {
            refused(&desk, language, case);
        }
        assert_eq!((desk.devices(), desk.imports()), before);
        desk.assert_whole();
    }
}

fn refused(desk: &Desk, language: &str, case: &Case) {
    let path = desk.write(case.name, &case.bytes);
    let noted = desk.audit().len();
    let view = desk.document(&["import", &path], 1);
    let [file] = &list(&view, "files")[..] else { panic!("{view}") };
    assert_refused(file, &path);
    let error = word(&file["error"]);
    let expected = if language == "ja" { case.ja } else { case.en };
    assert!(error.contains(expected), "{}: {error}", case.name);
    assert_is_sentence(language, error);
    let audit = desk.audit();
    let [entry] = &audit[noted..] else { panic!("{} left other notes: {audit:?}", case.name) };
    assert_eq!(
        (word(&entry["act"]), word(&entry["detail"]["file"])),
        ("import.refused", case.name)
    );
    assert_eq!(entry["detail"]["digest"], file["digest"]);
    let told = desk.run(&["import", &path]);
    assert_eq!((told.code, told.stderr.as_str()), (Some(1), ""));
    assert!(told.stdout.contains(case.name) && told.stdout.contains(error), "{}", told.stdout);
    let rehearsed = desk.document(&["import", "--dry-run", &path], 1);
    assert_eq!(rehearsed["files"][0]["error"], file["error"]);
    assert_eq!(desk.audit().len(), noted + 2, "a rehearsal leaves no note");
}

fn assert_refused(file: &Value, path: &str) {
    assert_eq!((&file["kind"], &file["path"]), (&Value::Null, &Value::from(path)), "{file}");
    assert_eq!((&file["import"], &file["observations"]), (&Value::Null, &Value::from(0)), "{file}");
}

/// A whole sentence in its language, said in two steps: what it is, and what to do.
fn assert_is_sentence(language: &str, error: &str) {
    let ends = |c: char| c == '。' || c == '.';
    assert!(error.ends_with(ends), "{error}");
    assert!(error.matches(ends).count() >= 2, "what is it, and what is to be done? {error}");
    assert!(!error.contains(['{', '}', '!', '！']), "{error}");
    if language == "ja" {
        assert_speaks("ja", error);
    } else {
        assert!(error.starts_with(|c: char| c.is_ascii()) || error.starts_with('“'), "{error}");
    }
}

#[test]
fn what_cannot_even_be_opened_is_told() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let (missing, folder) = (desk.path("無.csv"), desk.path("空"));
        std::fs::create_dir(&folder).unwrap();
        for path in [&missing, &folder] {
            let view = desk.document(&["import", path], 1);
            assert_refused(&view["files"][0], path);
            let error = word(&view["files"][0]["error"]);
            assert!(error.contains(path.as_str()), "{error}");
            assert_speaks(language, error);
        }
        let acts: Vec<_> =
            desk.audit().iter().map(|entry| word(&entry["act"]).to_owned()).collect();
        assert_eq!(acts, ["import.refused", "import.refused"]);
    }
}

#[test]
fn a_file_of_two_gigabytes_is_refused_at_once() {
    let desk = Desk::new();
    let path = desk.write("huge.csv", files::ledger(0..10));
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(2 << 30).unwrap();
    let begun = Instant::now();
    let view = desk.document(&["import", &path], 1);
    assert!(begun.elapsed() < Duration::from_secs(10), "it was read: {:?}", begun.elapsed());
    let error = word(&view["files"][0]["error"]);
    assert!(error.contains("2048 MiB") && error.contains("256 MiB"), "{error}");
    assert_eq!(view["files"][0]["digest"], Value::Null);
    assert_eq!(desk.audit().len(), 1);
}

#[test]
fn good_files_are_in_although_a_bad_one_stands_among_them() {
    let desk = Desk::new();
    let paths = [
        desk.write("一.csv", files::ledger(0..5)),
        desk.write("写真.png", b"\x89PNG\r\n\x1a\n"),
        desk.path("無.csv"),
        desk.write("二.xlsx", files::ledger_workbook(5..9)),
    ];
    let args: Vec<&str> =
        std::iter::once("import").chain(paths.iter().map(String::as_str)).collect();
    let view = desk.document(&args, 1);
    let kinds: Vec<Value> =
        list(&view, "files").into_iter().map(|mut file| file["kind"].take()).collect();
    assert_eq!(kinds, ["ledger-csv".into(), Value::Null, Value::Null, "ledger-xlsx".into()]);
    assert_eq!((desk.devices().len(), desk.imports().len()), (9, 2));
    desk.assert_whole();
}

/// What stands before the place is whole, and is read; what is missing is told.
#[test]
fn a_table_cut_short_in_a_quote_is_told() {
    let desk = Desk::new();
    let text = "管理番号,機器名,IPアドレス,備考\n1,CT,10.0.0.1,なし\n2,MR,10.0.0.2,\"夜間は\n止め";
    let path = desk.write("切れた.csv", text);
    let view = desk.json(&["import", &path]);
    let warnings = list(&view["files"][0], "warnings");
    let told = warnings.iter().find(|warning| word(&warning["message"]).contains("3行目"));
    assert!(told.is_some_and(|told| told["place"] == "3"), "{warnings:?}");
    assert_eq!(desk.devices().len(), 2);
}

#[test]
fn a_workbook_cut_anywhere_is_refused() {
    let desk = Desk::new();
    let book = files::ledger_workbook(0..30);
    let step = book.len() / 12;
    let paths: Vec<String> = (1..12)
        .map(|part| desk.write(&format!("cut-{part:02}.xlsx"), &book[..part * step]))
        .collect();
    let args: Vec<&str> =
        std::iter::once("import").chain(paths.iter().map(String::as_str)).collect();
    let view = desk.document(&args, 1);
    for (file, path) in list(&view, "files").iter().zip(&paths) {
        assert_refused(file, path);
    }
    assert_eq!((desk.devices().len(), desk.audit().len()), (0, paths.len()));
}

#[test]
fn every_encoding_of_one_ledger_reads_alike() {
    let desk = Desk::new();
    let text = files::ledger(0..4);
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (cp932, _, unmappable) = SHIFT_JIS.encode(&text);
    assert!(!unmappable);
    let files = [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8-bom", format!("\u{feff}{text}").into_bytes()),
        ("cp932", cp932.into_owned()),
        ("utf-16le-bom", utf16),
    ];
    let mut first = None;
    for (encoding, bytes) in files {
        let path = desk.write("台帳.csv", bytes);
        let view = desk.json(&["import", "--captured-at", "2026-11-20", &path]);
        assert_eq!(view["files"][0]["encoding"], encoding);
        let names: Vec<Value> =
            desk.devices().into_iter().map(|mut device| device["location"].take()).collect();
        assert_eq!(first.get_or_insert(names.clone()), &names, "{encoding}");
    }
    assert_eq!(desk.devices().len(), 4);
}
