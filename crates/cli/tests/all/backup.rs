//! Backups of Mimawari's own data: the way there and back, and every refusal.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use store::{Options, Store};

use crate::desk::{Desk, assert_readable, assert_speaks, list, word};
use crate::files;
use crate::shape::check;

const DAY: &str = "2026-11-20";

fn contents() -> Value {
    json!({
        "format": "number", "program": "text", "created_at": "text", "facility": "text", "step": "number", "digest": "text",
        "records": "number", "bytes": "number", "tables": { "*": "number" },
        "facilities": [{ "id": "text", "name": "text", "entries": "number", "head": "text", "broken_at": "number?" }],
    })
}

fn created() -> Value {
    json!({
        "file": "text", "size": "number", "chunks": "number", "encrypted": "flag", "replaced": "flag",
        "damaged_evidence": ["text"], "warnings": ["text"], "backup": contents(),
    })
}

fn verified() -> Value {
    json!({
        "file": "text", "whole": "flag", "reason": "text?", "problem": "text?", "size": "number?", "chunks": "number?",
        "encrypted": "flag?", "damaged_evidence": ["text"], "warnings": ["text"], "backup": contents(),
    })
}

fn restored() -> Value {
    json!({
        "file": "text", "data": "text", "kept_aside": "text?", "encrypted": "flag", "damaged_evidence": ["text"],
        "warnings": ["text"], "backup": contents(),
        "audit": { "whole": "flag", "entries": "number", "head": "text?", "broken_at": "number?", "problem": "text?" },
    })
}

/// Everything that can be asked of a desk but the record, as it is answered.
fn answers(desk: &Desk) -> Vec<Value> {
    let questions: [&[&str]; 5] =
        [&["devices"], &["findings", "--all"], &["zones"], &["imports"], &["queue"]];
    questions.map(|question| desk.json(question)).to_vec()
}

/// A desk with the demo hospital, its round, a decision and a zone.
fn full(language: &'static str) -> Desk {
    let desk = Desk::with_demo(language);
    let round = desk.json(&["round", "--date", DAY]);
    let key = word(&round["new"][0]["key"]).to_owned();
    desk.json(&["decide", &key, "--state", "in_hand", "--reason", "確認中"]);
    desk.json(&["zones", "set", "放射線", "10.102.31.0/24"]);
    desk
}

/// A desk with a small ledger, its round done.
fn little(language: &'static str) -> Desk {
    let desk = Desk::speaking(language);
    let path = desk.write("台帳.csv", files::ledger(0..20));
    desk.json(&["import", &path]);
    desk.json(&["round", "--date", DAY]);
    desk
}

fn backup(desk: &Desk, name: &str) -> String {
    let path = desk.path(name);
    desk.json(&["backup", "create", &path]);
    path
}

#[test]
fn a_backup_goes_to_another_computer_and_is_the_same_there() {
    let desk = full("ja");
    let secret = desk.write("合言葉.txt", "長くて覚えやすい合言葉である\r\n");
    for options in [&[][..], &["--passphrase-file", &secret]] {
        let path = desk.path(if options.is_empty() { "open" } else { "sealed" });
        let with = |args: &[&'static str]| -> Vec<String> {
            args.iter().chain(options).map(|arg| (*arg).to_owned()).collect()
        };
        let run = |desk: &Desk, verb: &'static str| {
            let mut args = with(&["backup", verb]);
            args.push(path.clone());
            desk.json(&args.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let before = answers(&desk);
        let made = run(&desk, "create");
        check(&made, &created());
        assert_eq!(made["encrypted"], !options.is_empty());

        let other = Desk::new();
        let seen = run(&other, "verify");
        check(&seen, &verified());
        assert_eq!((&seen["whole"], &seen["backup"]), (&json!(true), &made["backup"]));
        assert!(!other.data().exists(), "looking touches no data folder");

        let back = run(&other, "restore");
        check(&back, &restored());
        assert_eq!((&back["backup"], &back["kept_aside"]), (&made["backup"], &Value::Null));
        assert_eq!((&back["audit"]["whole"], answers(&other)), (&json!(true), before));
        other.assert_whole();
        recorded(&desk, &other, &made);
        assert_eq!(left_in(&other.data()), ["mimawari.sqlite3"]);
    }
}

/// Both records tell of it: the one it was made of, behind what is in the backup, and the restored one behind that.
fn recorded(desk: &Desk, other: &Desk, made: &Value) {
    let (mine, theirs) = (desk.audit(), other.audit());
    let [in_mine, in_theirs] = [&mine, &theirs].map(|record| record.last().unwrap());
    assert_eq!(
        (&in_mine["act"], &in_theirs["act"]),
        (&json!("backup.create"), &json!("backup.restore"))
    );
    let mark = &made["backup"]["facilities"][0];
    for entry in [in_mine, in_theirs] {
        assert_eq!(entry["detail"]["digest"], made["backup"]["digest"]);
        assert_eq!(entry["previous"], mark["head"]);
    }
    assert_eq!(mark["entries"], mine.len() - 1);
    let head = word(&mark["head"]);
    assert_eq!(other.json(&["audit", "verify", "--head", head])["whole"], true);
}

/// The names in a folder, but what SQLite keeps beside an open database.
fn left_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> =
        names.filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm")).collect();
    names.sort();
    names
}

#[test]
fn the_same_records_have_the_same_digest_on_every_computer() {
    let desk = little("ja");
    let one = desk.json(&["backup", "create", &desk.path("one")]);
    let path = desk.path("one");
    let [here, there] = [Desk::new(), Desk::new()];
    let [one_here, one_there] =
        [&here, &there].map(|other| other.json(&["backup", "restore", &path]));
    assert_eq!(one_here["backup"]["digest"], one["backup"]["digest"]);
    assert_eq!(one_there["backup"]["digest"], one["backup"]["digest"]);
    let two = desk.json(&["backup", "create", &desk.path("two")]);
    assert_ne!(two["backup"]["digest"], one["backup"]["digest"], "the first one was recorded");
}

#[test]
fn the_usual_name_has_facility_and_time_and_is_told_with_what_to_do() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let told = desk.text(&["backup", "create"]);
        assert_readable(&told);
        let folder = desk.data().parent().unwrap().to_owned();
        let made: Vec<String> =
            left_in(&folder).into_iter().filter(|name| name.ends_with("backup")).collect();
        let [name] = &made[..] else { panic!("{made:?}") };
        let stamp = name.strip_prefix("mimawari-main-").unwrap();
        let stamp = stamp.strip_suffix(".mimawari-backup").unwrap();
        assert!(stamp.len() == 13 && stamp.as_bytes()[8] == b'-', "{name}");
        assert!(told.contains(name.as_str()));
        assert!(told.contains(if language == "ja" {
            "備えになりません"
        } else {
            "no protection"
        }));
        assert_readable(&desk.text(&["backup", "verify", name]));
        let other = Desk::speaking(language);
        let path = folder.join(name);
        assert_readable(&other.text(&["backup", "restore", path.to_str().unwrap()]));
        let again = other.text(&["backup", "restore", path.to_str().unwrap(), "--force"]);
        assert!(again.contains("mimawari-replaced-"), "{again}");
        assert_readable(&again);
    }
}

#[test]
fn a_folder_may_be_named_in_place_of_a_file() {
    let desk = little("ja");
    fs::create_dir(desk.path("USB")).unwrap();
    let made = desk.json(&["backup", "create", &desk.path("USB")]);
    assert!(word(&made["file"]).starts_with(&desk.path("USB")), "{made}");
    assert_eq!(left_in(Path::new(&desk.path("USB"))).len(), 1);
}

#[test]
fn no_backup_is_put_into_the_data_folder_unless_asked() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let inside = desk.data().join("x");
        for out in [desk.data(), inside.clone(), desk.data().join("../data/x")] {
            let ran = desk.run(&["backup", "create", out.to_str().unwrap()]);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
            assert_speaks(language, &ran.stderr);
            assert!(ran.stderr.contains("--in-data-folder"));
        }
        assert_eq!(left_in(&desk.data()), ["mimawari.sqlite3"]);
        desk.json(&["backup", "create", inside.to_str().unwrap(), "--in-data-folder"]);
        assert!(inside.exists());
    }
}

#[test]
fn nothing_that_stands_is_written_over_unless_asked() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let path = desk.write("ward.txt", "taken");
        let ran = desk.run(&["backup", "create", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        assert_speaks(language, &ran.stderr);
        assert_eq!(fs::read_to_string(&path).unwrap(), "taken");
        let made = desk.json(&["backup", "create", &path, "--force"]);
        assert_eq!(made["replaced"], true);
        assert_eq!(desk.json(&["backup", "verify", &path])["whole"], true);
        assert!(!Path::new(&desk.path("ward.txt.mimawari-part")).exists());
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_never_replaced() {
    let desk = little("ja");
    std::os::unix::fs::symlink(desk.data().join("mimawari.sqlite3"), desk.path("link")).unwrap();
    let ran = desk.run(&["backup", "create", &desk.path("link"), "--force"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert_speaks("ja", &ran.stderr);
    desk.assert_whole();
}

/// What is wrong with a file is told by a word for scripts and by its own sentence, and nothing is restored.
#[test]
fn each_kind_of_bad_file_is_refused_with_its_own_sentence() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let path = backup(&desk, "whole");
        let whole = fs::read(&path).unwrap();
        let secret = desk.write("secret.txt", "a passphrase long enough");
        let wrong = desk.write("wrong.txt", "another passphrase, longer");
        let sealed = desk.path("sealed");
        desk.json(&["backup", "create", &sealed, "--passphrase-file", &secret]);
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        let mut header = whole.clone();
        header[25] ^= 1;
        let cases: [(String, &[&str], &str); 9] = [
            (desk.write("cut", &whole[..whole.len() - 1]), &[], "truncated"),
            (desk.write("half", &whole[..whole.len() / 2]), &[], "truncated"),
            (desk.write("empty", ""), &[], "truncated"),
            (desk.write("flipped", flipped), &[], "damaged"),
            (desk.write("header", header), &[], "damaged"),
            (desk.write("newer", newer()), &[], "newer_format"),
            (desk.write("other", files::ledger(0..9)), &[], "not_a_backup"),
            (sealed.clone(), &[], "passphrase_needed"),
            (sealed.clone(), &["--passphrase-file", &wrong], "wrong_passphrase"),
        ];
        let mut sentences = Vec::new();
        for (path, options, reason) in &cases {
            let verify = [&["backup", "verify", path], *options].concat();
            let view = desk.document(&verify, 1);
            assert_eq!((&view["whole"], &view["reason"]), (&json!(false), &json!(reason)));
            assert_speaks(language, word(&view["problem"]));
            sentences.push(word(&view["problem"]).to_owned());
            let other = Desk::speaking(language);
            let ran = other.run(&[&["backup", "restore", path], *options].concat());
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{path}");
            assert_eq!(ran.stderr.trim(), word(&view["problem"]), "{path}");
            assert!(!other.data().exists() || left_in(&other.data()).is_empty(), "{path}");
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), cases.len(), "each says what and where: {sentences:#?}");
    }
}

/// A file in a format that is not known yet, whole as far as can be told.
fn newer() -> Vec<u8> {
    let mut file = b"mimawari-backup\n\x00\x63\x00\x05later".to_vec();
    file.extend(domain::Digest::of(&file).0);
    file
}

#[test]
fn what_cannot_be_read_or_asked_for_is_told() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let path = backup(&desk, "whole");
        let empty = desk.write("empty.txt", "\n");
        let binary = desk.write("binary.txt", [0xff, 0xfe, 0x00]);
        let missing = desk.path("missing");
        let folder = desk.data();
        let cases: [&[&str]; 8] = [
            &["backup", "verify", &missing],
            &["backup", "restore", &missing],
            &["backup", "verify", folder.to_str().unwrap()],
            &["backup", "create", "x", "--passphrase-file", &missing],
            &["backup", "create", "x", "--passphrase-file", &empty],
            &["backup", "create", "x", "--passphrase-file", &binary],
            &["backup", "create", "x", "--encrypt"],
            &["backup", "restore", &path],
        ];
        let before = desk.audit();
        for args in cases {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{args:?}");
            assert_speaks(language, &ran.stderr);
        }
        assert_eq!(desk.audit(), before);
        assert!(!Path::new(&desk.path("x")).exists());
    }
}

#[test]
fn a_short_passphrase_is_told_and_taken() {
    let desk = little("ja");
    let secret = desk.write("secret.txt", "short");
    let ran = desk.run(&["backup", "create", "x", "--passphrase-file", &secret]);
    assert_eq!(ran.code, Some(0));
    assert_speaks("ja", &ran.stderr);
}

#[test]
fn the_data_that_was_there_is_kept_aside() {
    let desk = little("ja");
    let path = backup(&desk, "first");
    let first = answers(&desk);
    let later = desk.write("あとから.csv", files::ledger(0..30));
    desk.json(&["import", &later]);
    let second = answers(&desk);
    let back = desk.json(&["backup", "restore", &path, "--force"]);
    assert_eq!(answers(&desk), first);
    desk.assert_whole();
    let kept = word(&back["kept_aside"]).to_owned();
    let entry = desk.audit().pop().unwrap();
    assert!(kept.ends_with(word(&entry["detail"]["kept_aside"])), "{entry}");
    let other = Desk::new();
    fs::create_dir(other.data()).unwrap();
    fs::copy(&kept, other.data().join("mimawari.sqlite3")).unwrap();
    assert_eq!(answers(&other), second);
    other.assert_whole();
    // A second time within the same minute takes nothing away either.
    let again = desk.json(&["backup", "restore", &path, "--force"]);
    assert_ne!(again["kept_aside"], kept);
    assert_eq!(left_in(&desk.data()).len(), 3);
}

#[test]
fn a_damaged_database_is_kept_aside_with_its_log_and_replaced() {
    let desk = little("ja");
    let path = backup(&desk, "first");
    let before = answers(&desk);
    let database = desk.data().join("mimawari.sqlite3");
    let nonsense = "これはもう読めません\n".repeat(1_000);
    fs::write(&database, &nonsense).unwrap();
    assert_eq!(desk.run(&["devices"]).code, Some(1));
    fs::write(desk.data().join("mimawari.sqlite3-wal"), "これも").unwrap();
    let back = desk.json(&["backup", "restore", &path, "--force"]);
    assert_eq!(answers(&desk), before);
    let kept = word(&back["kept_aside"]);
    assert_eq!(fs::read_to_string(kept).unwrap(), nonsense);
    assert_eq!(fs::read_to_string(format!("{kept}-wal")).unwrap(), "これも");
}

#[test]
fn a_database_in_use_is_not_replaced() {
    for language in ["ja", "en"] {
        let desk = little(language);
        let path = backup(&desk, "first");
        let before = desk.audit();
        let open = Store::open(&desk.data(), Options::default()).unwrap();
        let ran = desk.run(&["backup", "restore", &path, "--force"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        assert_speaks(language, &ran.stderr);
        drop(open);
        assert_eq!(desk.audit(), before);
        assert_eq!(left_in(&desk.data()), ["mimawari.sqlite3"]);
    }
}

#[test]
fn what_was_broken_already_is_told_and_kept_as_it_is() {
    let desk = little("ja");
    let whole = backup(&desk, "whole");
    tamper(&desk, "UPDATE audit SET detail = '{ }' WHERE seq = 2");
    let ran = desk.run(&["backup", "create", "broken"]);
    assert_eq!(ran.code, Some(0), "what there is can still be saved");
    assert_speaks("ja", &ran.stderr);
    assert!(ran.stderr.contains('2'));
    let view = desk.json(&["backup", "verify", &desk.path("broken")]);
    assert_eq!(
        (&view["whole"], &view["backup"]["facilities"][0]["broken_at"]),
        (&json!(true), &json!(2))
    );
    let back = Desk::new().json(&["backup", "restore", &desk.path("broken")]);
    assert_eq!((&back["audit"]["whole"], list(&back, "warnings").len()), (&json!(false), 1));
    assert_eq!(desk.json(&["backup", "verify", &whole])["warnings"], json!([]));
    tamper(&desk, "UPDATE evidence_chunk SET bytes = x'00', packed = 0 WHERE rowid = 1");
    let made = desk.json(&["backup", "create", &desk.path("both")]);
    assert_eq!(list(&made, "damaged_evidence").len(), 1);
}

/// Does behind the program's back what only a tamperer or a broken disk would do.
fn tamper(desk: &Desk, sql: &str) {
    let database = desk.data().join("mimawari.sqlite3");
    rusqlite::Connection::open(database).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn commands_say_what_is_missing() {
    let desk = Desk::new();
    for args in [&["backup", "verify"][..], &["backup", "restore"], &["backup", "bogus"]] {
        assert_eq!(desk.run(args).code, Some(2), "{args:?}");
    }
    assert!(!desk.data().exists());
}
