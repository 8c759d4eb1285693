use encoding_rs::{EUC_JP, SHIFT_JIS};

use super::*;

fn check(bytes: &[u8], encoding: &str, body: &str) {
    let text = decode(bytes).unwrap();
    assert_eq!((text.encoding, &*text.body), (encoding, body));
}

fn utf_16(text: &str, convert: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(convert).collect()
}

fn refusal(bytes: &[u8]) -> String {
    decode(bytes).unwrap_err().message.key.into_owned()
}

#[test]
fn marks_come_before_everything_else() {
    check(b"\xef\xbb\xbfabc", "utf-8-bom", "abc");
    check(
        &[b"\xff\xfe".to_vec(), utf_16("台帳", u16::to_le_bytes)].concat(),
        "utf-16le-bom",
        "台帳",
    );
    check(
        &[b"\xfe\xff".to_vec(), utf_16("台帳", u16::to_be_bytes)].concat(),
        "utf-16be-bom",
        "台帳",
    );
}

#[test]
fn utf_16_without_a_mark_is_told_by_its_zeros() {
    let table = "インターフェイス: 192.0.2.10 --- 0xc\r\n　一覧　表\r\n";
    check(&utf_16(table, u16::to_le_bytes), "utf-16le", table);
    check(&utf_16(table, u16::to_be_bytes), "utf-16be", table);
}

#[test]
fn plain_ascii_and_utf_8_are_borrowed() {
    for (bytes, label) in [(&b"abc"[..], "ascii"), ("管理番号".as_bytes(), "utf-8")] {
        let text = decode(bytes).unwrap();
        assert_eq!(text.encoding, label);
        assert!(matches!(text.body, Cow::Borrowed(_)));
    }
}

#[test]
fn jis_escapes_are_read_and_terminal_colours_are_not_taken_for_them() {
    check(b"\x1b$B%+%J\x1b(B,1", "iso-2022-jp", "カナ,1");
    check(b"\x1b[31mabc", "ascii", "\x1b[31mabc");
}

#[test]
fn short_texts_are_told_apart_between_cp932_and_euc_jp() {
    for text in [
        "カウント数: 3",
        "管理番号,機器名",
        "東京",
        "ホスト名",
        "備考",
        "インターフェイス: 10.0.0.1 --- 0xc",
        "高橋",
        "プリンタ",
        "テスト",
        "病棟",
        "これはひらがな",
        "端末PC",
    ] {
        check(&SHIFT_JIS.encode(text).0, "cp932", text);
        check(&EUC_JP.encode(text).0, "euc-jp", text);
    }
}

#[test]
fn windows_letters_and_half_width_kana_are_cp932() {
    for text in ["①②㈱№髙﨑", "ﾌﾟﾘﾝﾀ", "ﾈｯﾄﾜｰｸ", "ｻｰﾊﾞｰ,ﾒﾓ", "〜−∥"]
    {
        let bytes = SHIFT_JIS.encode(text).0;
        assert_eq!(decode(&bytes).unwrap().encoding, "cp932", "{text}");
    }
    check(b"\x87\x40\x87\x41\xfb\xfc", "cp932", "①②髙");
    check(b"\x8a\xc7\x97\x9d\\", "cp932", "管理\\");
}

#[test]
fn a_few_damaged_letters_do_not_change_the_encoding() {
    let text = decode(b"\xe7\xae\xa1\xe7\x90\x86\xe7\x95\xaa\xe5\x8f").unwrap();
    assert_eq!((text.encoding, &*text.body), ("utf-8", "管理番\u{fffd}"));
    assert_eq!(text.warnings.len(), 1);
}

#[test]
fn unreadable_lines_are_named_up_to_a_limit() {
    let bytes: Vec<u8> =
        (0..25).flat_map(|_| b"\x8a\xc7\x97\x9d\x94\xd4\x8d\x86\xff\r\n".to_vec()).collect();
    let text = decode(&bytes).unwrap();
    assert_eq!(text.warnings.len(), 21);
    assert_eq!(text.warnings[0].place, Place::line(1));
    assert_eq!(text.warnings[20].message, msg!("text.undecodable_more", count = 5));
}

#[test]
fn line_ends_are_named_and_those_in_cells_do_not_count() {
    for (text, newline) in [
        ("a", None),
        ("a\r\nb\r\n", Some("crlf")),
        ("a\nb", Some("lf")),
        ("a\rb", Some("cr")),
        ("a\rb\n", Some("mixed")),
        ("\"a\nb\"\r\n", Some("crlf")),
        ("15\" monitor\r\n", Some("crlf")),
    ] {
        assert_eq!(decode(text.as_bytes()).unwrap().newline, newline, "{text:?}");
    }
}

#[test]
fn lines_are_numbered_whatever_their_ends() {
    let text = decode(b"a\r\n\rb\nc\x1a").unwrap();
    let lines: Vec<_> = text.lines().map(|line| (line.number, line.text, line.ended)).collect();
    assert_eq!(lines, [(1, "a", true), (2, "", true), (3, "b", true), (4, "c", false)]);
}

#[test]
fn question_marks_instead_of_japanese_are_noticed() {
    assert_eq!(decode(b"a,b\r\n????,???\r\n").unwrap().lost, Some(2));
    assert_eq!(decode("管理番号,???".as_bytes()).unwrap().lost, None);
    assert_eq!(decode(b"why?").unwrap().lost, None);
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(refusal(b""), "text.empty");
    assert_eq!(refusal(b"PK\x03\x04abc"), "text.binary");
    assert_eq!(refusal(b"%PDF-1.7"), "text.binary");
    assert_eq!(refusal(&[0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 18]), "text.binary");
    let noise: Vec<u8> =
        (0u32..4096).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert_eq!(refusal(&noise), "text.binary");
    assert_eq!(refusal(&vec![b'a'; MAX_BYTES + 1]), "text.too_large");
}

#[test]
fn an_excerpt_is_short_and_harmless() {
    assert_eq!(excerpt(" a\u{202e}\x1b[31mb\t"), "a[31mb");
    assert_eq!(excerpt(&"長".repeat(100)).chars().count(), 61);
}
