use std::io::Write as _;
use std::time::Duration;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn zipped(names: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"x").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn key(bytes: &[u8]) -> Option<String> {
    sniff(bytes).refusal().map(|refusal| refusal.message.key.into_owned())
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn bytes_are_known_by_what_they_hold() {
    let unknown = Container::Binary(BinaryKind::Unknown);
    for (bytes, expected) in [
        (b"".as_slice(), Container::Empty),
        (b"\x1f\x8b\x08\0", Container::Gzip),
        (b"%PDF-1.7", Container::Pdf),
        (b"\x89PNG\r\n\x1a\n", Container::Binary(BinaryKind::Image)),
        (b"MZ\x90\0\x03\0\0\0", Container::Binary(BinaryKind::Executable)),
        (b"7z\xbc\xaf\x27\x1c", Container::Binary(BinaryKind::OtherArchive)),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", Container::Binary(BinaryKind::Capture)),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?><nmaprun>", Container::Xml),
        (b"<!DOCTYPE html><p>", Container::Html),
        (b"<HTML><body>", Container::Html),
        (b"  <table border=1><tr>", Container::Html),
        (b" {\"a\": 1}", Container::Json),
        (b"[]", Container::Json),
        (b"[ 1, 2]", Container::Json),
        (b"[section]\nkey=1", Container::Text),
        (b"[12:00:01] log", Container::Text),
        (b"<14>Nov 20 host", Container::Text),
        (b"MZ is a name,10.1.1.1\n", Container::Text),
        ("管理番号,機器名\n".as_bytes(), Container::Text),
        (b"\x1b$B4IM}\x1b(B,x\n\x1a", Container::Text),
        (b"SW1#sh mac\x08\x08\x08 --More-- \x1b[K", Container::Text),
        (b"\x00\x01\x02\x03", unknown),
        (b"\x01\x9c\x11\x07\xb3\x02\x19\x83", unknown),
    ] {
        assert_eq!(sniff(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(sniff(&utf16("\u{feff}管理番号\t機器名")), Container::Text);
    assert_eq!(sniff(&utf16("Interface: 10.1.1.1 --- 0x3")), Container::Text);
    assert_eq!(sniff(&utf16("\u{feff}{\"a\":1}")), Container::Json);
}

#[test]
fn zips_are_known_by_their_parts() {
    let other = |what| Container::ZipOther { what };
    for (names, expected) in [
        (&["[Content_Types].xml", "xl/workbook.xml"][..], Container::Xlsx),
        (&["[Content_Types].xml", "xl/workbook.bin"], other(ZipKind::BinaryWorkbook)),
        (&["visio/pages/page1.xml"], other(ZipKind::Drawing)),
        (&["word/document.xml"], other(ZipKind::OtherDocument)),
        (&["mimetype", "content.xml"], other(ZipKind::OtherDocument)),
        (&["a.json", "inner.zip"], other(ZipKind::Files)),
    ] {
        assert_eq!(sniff(&zipped(names)), expected, "{names:?}");
    }
    let whole = zipped(&["a.json"]);
    assert_eq!(sniff(&whole[..whole.len() - 10]), Container::ZipDamaged);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_own_sentence() {
    const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let locked = [COMPOUND, &[0; 600], &utf16("EncryptedPackage")].concat();
    let mut locked_zip = zipped(&["a.csv"]);
    let entry = memchr::memmem::find(&locked_zip, b"PK\x01\x02").unwrap();
    locked_zip[entry + 8] |= 1;
    for (bytes, expected) in [
        (b"".as_slice(), "refusal.empty_file"),
        (&locked, "refusal.workbook_password"),
        (&locked_zip, "refusal.zip_password"),
        (b"PK\x03\x04", "refusal.zip_damaged"),
        (b"%PDF-1.4", "refusal.pdf"),
        (b"\xff\xd8\xff\xe0", "refusal.image"),
        (b"\x7fELF\x02", "refusal.executable"),
        (b"Rar!\x1a\x07", "refusal.other_archive"),
        (&zipped(&["xl/workbook.bin"]), "refusal.binary_workbook"),
        (&zipped(&["ppt/presentation.xml"]), "refusal.other_document"),
        (b"\0\x9f\x03\x04\x05\x06", "refusal.unknown_bytes"),
    ] {
        assert_eq!(key(bytes).as_deref(), Some(expected));
    }
    for bytes in [
        b"a,b\n".as_slice(),
        COMPOUND,
        b"<html>",
        b"\x1f\x8b\x08",
        b"{\"a\":1}",
        b"\xa1\xb2\xc3\xd4",
    ] {
        assert_eq!(key(bytes), None);
    }
}

#[test]
fn the_sample_ledgers_are_known() {
    let sniffed = |path: &str| {
        sniff(
            &std::fs::read(format!(
                concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/{}"),
                path
            ))
            .unwrap(),
        )
    };
    for path in ["ledgers/messy-ledger.xlsx", "ledgers/me-ledger.xlsx", "demo-hospital/ledger.xlsx"]
    {
        assert_eq!(sniffed(path), Container::Xlsx, "{path}");
    }
    for path in
        ["ledgers/messy-ledger.csv", "ledgers/mhlw-example.csv", "ledgers/ledger-unicode-text.txt"]
    {
        assert_eq!(sniffed(path), Container::Text, "{path}");
    }
}

#[test]
fn any_bytes_are_sniffed_without_panic() {
    let seeds =
        [zipped(&["a", "xl/workbook.xml"]), b"<html>".to_vec(), utf16("[1, 2]"), b"MZ\0".to_vec()];
    crate::fuzzing::tests::for_a_while(&seeds, Duration::from_millis(300), fuzz);
}
