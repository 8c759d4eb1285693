use std::fs;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::fuzzing::tests::for_a_while;

const SUBJECT: &str = "【注意喚起】FortiOS の脆弱性について(TLP:AMBER)";

fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/mails");
    fs::read(folder.join(name)).unwrap()
}

fn read_sample(name: &str) -> Mail {
    read(&sample(name), 20_000).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, 20_000).map(|mail| panic!("{mail:?}")).unwrap_err().message.key.into_owned()
}

/// A mail of `start` and `body`.
fn mail(start: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.jp\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900\r\n{start}\r\n\r\n{body}")
        .into_bytes()
}

#[test]
fn the_same_notice_is_read_in_every_encoding() {
    for name in [
        "iso-2022-jp.eml",
        "shift-jis.eml",
        "utf-8-base64.eml",
        "utf-8-quoted.eml",
        "html-only.eml",
    ] {
        let mail = read_sample(name);
        assert_eq!(mail.from, "医療セプター事務局 <ceptoar@example.jp>", "{name}");
        assert_eq!(mail.subject, SUBJECT, "{name}");
        let sent = mail.sent.map(|sent| sent.to_string());
        assert_eq!(sent.as_deref(), Some("2026-11-20T00:00:00Z"), "{name}");
        for said in [
            "各医療機関 医療情報システム担当者様",
            "FortiOS 7.0.5",
            "CVE-2022-40684、JVNDB-2022-002429",
            "2026年11月27日までにご回答ください。",
        ] {
            assert!(mail.text.contains(said), "{name}: {said}: {}", mail.text);
        }
        assert_eq!((mail.is_garbled, mail.is_cut), (false, false), "{name}");
        assert!(mail.attachments.is_empty(), "{name}: {:?}", mail.attachments);
    }
    assert!(read_sample("shift-jis.eml").text.contains("①対象の有無 ②対応の予定"));
}

#[test]
fn of_html_the_words_stay_and_nothing_that_acts_or_loads() {
    let text = read_sample("html-only.eml").text;
    assert!(text.contains("詳しくはこちら") && text.contains("<以上>"), "{text}");
    for gone in ["alert", "color", "pixel.gif", "<p>", "<br>", "&lt;"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
}

#[test]
fn attachments_are_named_and_not_read() {
    let mail = read_sample("multipart.eml");
    assert_eq!(mail.text.matches("FortiOS 7.0.5").count(), 1, "{}", mail.text);
    assert!(
        !mail.text.contains("another mail") && !mail.text.contains("詳しくは"),
        "{}",
        mail.text
    );
    assert_eq!(mail.attachments, ["別紙1.pdf", "回答様式.xls", "message/rfc822"]);
    assert_eq!(mail.more_attachments, 0);
}

#[test]
fn what_a_mail_does_not_say_stays_empty() {
    let mail = read(b"To: b@example.jp\r\nSubject: \r\n\r\n", 100).unwrap();
    assert_eq!(mail, Mail::default());
}

#[test]
fn long_words_are_cut_and_hidden_letters_left_out() {
    let long = read(&mail("Subject: s", &"あ".repeat(500)), 100).unwrap();
    assert_eq!((long.text.chars().count(), long.is_cut), (100, true));
    let turned = mail("Subject: a\u{202e}b\u{200b}c", "x\u{202e}y\u{0}z\r\n\r\n\r\n\r\nend");
    let read = read(&turned, 100).unwrap();
    assert_eq!((read.subject.as_str(), read.text.as_str()), ("abc", "xyz\n\nend"));
}

#[test]
fn letters_that_cannot_be_read_are_told() {
    let bytes = mail("Subject: s\r\nContent-Type: text/plain; charset=utf-8", "");
    assert!(read(&[&bytes[..], b"\xff\xfe\x81"].concat(), 100).unwrap().is_garbled);
}

#[test]
fn a_mail_is_told_by_its_fields_and_other_files_are_refused() {
    assert!(is_mail(b"\xef\xbb\xbfFrom: a\nSubject: b\n\nc") && is_mail(&sample("multipart.eml")));
    for other in [
        &b""[..],
        b"Subject: only one field\n\nFrom: a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Outlook",
        b"PK\x03\x04",
        "件名: お知らせ\n差出人: 厚生労働省\n".as_bytes(),
        b"From here on: nothing\nTo whom: nobody\n",
    ] {
        assert!(!is_mail(other), "{other:?}");
        assert_eq!(refused(other), "refusal.mail_unknown", "{other:?}");
    }
}

#[test]
fn what_is_too_large_or_has_too_many_parts_is_refused() {
    let large = mail("Subject: s", &"a".repeat(MOST_BYTES));
    assert_eq!(refused(&large), "refusal.mail_large");
    let many = "--b\r\nContent-Type: text/plain\r\n\r\na\r\n".repeat(MOST_PARTS + 1);
    let many = mail("Content-Type: multipart/mixed; boundary=b", &many);
    assert_eq!(refused(&many), "refusal.mail_parts");
    let endless = format!("Content-Type: {}message/rfc822", " \r\n".repeat(MOST_TYPE));
    assert_eq!(refused(&mail(&endless, "")), "refusal.mail_parts");
}

#[test]
fn a_mail_within_a_mail_is_never_followed() {
    for kind in ["message/rfc822", "MESSAGE/RFC822", "message\r\n /rfc822", "\r\n message/global"] {
        let inner = format!("Content-Type: {kind}\r\n\r\n").repeat(400);
        let deep =
            mail(&format!("Content-Type: {kind}"), &format!("{inner}Subject: x\r\n\r\nwords"));
        let read = read(&deep, 100).unwrap();
        assert!(read.attachments.len() <= 1, "{kind}: {read:?}");
    }
    let digest = mail(
        "Content-Type: multipart/digest; boundary=b",
        "--b\r\n\r\nSubject: inner\r\n\r\nwords\r\n--b--\r\n",
    );
    assert!(read(&digest, 100).is_ok());
    let parts: String = (0..400)
        .map(|at| format!("--b{at}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", at + 1))
        .collect();
    let nested = mail("Content-Type: multipart/mixed; boundary=b0", &parts);
    assert!(read(&nested, 100).is_ok());
}

#[test]
fn no_mail_that_is_changed_anywhere_breaks_its_reader() {
    let names = ["iso-2022-jp.eml", "shift-jis.eml", "html-only.eml", "multipart.eml"];
    let seeds: Vec<Vec<u8>> = names.iter().map(|name| sample(name)).collect();
    for_a_while(&seeds, Duration::from_secs(2), fuzz);
}
