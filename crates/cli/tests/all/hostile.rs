//! Documents made to do harm, by what they are called or by what stands in them; and answers about columns that are none.

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list, word};
use crate::files;

const ESCAPES: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}gnp.exe\u{2066}";

/// Everything that prints for people, and the tables.
const PRINTING: [&[&str]; 12] = [
    &["devices"],
    &["devices", "--csv"],
    &["imports"],
    &["queue"],
    &["queue", "--csv"],
    &["round"],
    &["findings"],
    &["findings", "--csv"],
    &["zones"],
    &["zones", "--csv"],
    &["audit"],
    &["audit", "verify"],
];

fn assert_all_readable(desk: &Desk) {
    for command in PRINTING {
        assert_readable(
            desk.text(command).trim_start_matches('\u{feff}').replace('\r', "").as_str(),
        );
    }
    for device in desk.devices() {
        assert_readable(&desk.text(&["device", word(&device["id"])]));
    }
}

#[test]
fn nothing_in_a_cell_reaches_the_terminal_as_a_command() {
    let desk = Desk::new();
    let bad = format!("{ESCAPES}<script>alert(1)</script>");
    let ledger = format!(
        "管理番号,機器名,コンピュータ名,IPアドレス,設置場所,状態,MACアドレス,OS,{bad}\n\
         {bad},{bad},{bad},{bad},{bad},{bad},{bad},{bad},{bad}\n\
         A-2,{bad},PC-2{bad},10.0.0.2,{bad},{bad},00-22-58-43-24-c9,Windows 7{bad},{bad}\n\
         A-3,{bad},PC-3{bad},10.0.0.2,{bad},{bad},00-22-58-43-24-c9,Windows 7{bad},{bad}\n"
    );
    let path = desk.write("台帳.csv", ledger);
    assert_readable(&desk.text(&["import", "--dry-run", &path]));
    assert_readable(&desk.text(&["import", "--source", &bad, &path]));
    desk.json(&["zones", "set", &bad, "10.0.0.0/24"]);
    let round = desk.json(&["round"]);
    let key = word(&round["new"][0]["key"]);
    assert_readable(&desk.text(&["decide", key, "--state", "in_hand", "--reason", &bad]));
    assert_all_readable(&desk);
    assert!(desk.text(&["devices"]).contains("<script>"), "a terminal runs no HTML");
}

#[test]
fn nothing_in_a_refused_text_reaches_the_terminal_as_a_command() {
    let desk = Desk::new();
    let path = desk.write("memo.txt", format!("{ESCAPES}\n議事録{ESCAPES}\n"));
    let ran = desk.run(&["import", &path]);
    assert_eq!(ran.code, Some(1));
    assert_readable(&ran.stdout);
}

#[cfg(unix)]
#[test]
fn nothing_in_a_file_name_reaches_the_terminal_as_a_command() {
    let desk = Desk::new();
    let good = desk.write(&format!("台{ESCAPES}帳=.csv"), files::ledger(0..3));
    let bad = desk.write(&format!("=写{ESCAPES}真{{file}}.png"), b"\x89PNG\r\n\x1a\n");
    let missing = desk.path(&format!("無{ESCAPES}.csv"));
    let ran = desk.run(&["import", &good, &bad, &missing]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert_readable(&ran.stdout);
    let wrong = desk.run(&["import", "--mapping", &missing, &good]);
    assert_eq!(wrong.code, Some(1));
    assert_readable(&wrong.stderr);
    let unknown = desk.run(&["devices", &format!("--{ESCAPES}")]);
    assert_eq!(unknown.code, Some(2));
    assert_readable(&unknown.stderr);
    assert_all_readable(&desk);
    desk.assert_whole();
}

/// Sticks and shares bring names in encodings of their own; the file can be read all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_not_unicode_is_read() {
    use std::os::unix::ffi::OsStrExt as _;

    let desk = Desk::new();
    let written = desk.write("台帳.csv", files::ledger(0..3));
    // 台帳.csv in CP932, as an old archive unpacks it.
    let name = std::ffi::OsStr::from_bytes(b"\x91\xe4\x92\xa0.csv");
    std::fs::rename(&written, std::path::Path::new(&desk.path("")).join(name)).unwrap();
    let ran = crate::desk::ran(desk.command(&["import", "--json"]).arg(name));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        (desk.devices().len(), ran.document()["files"][0]["kind"].clone()),
        (3, "ledger-csv".into())
    );
}

#[test]
fn cells_of_a_megabyte_and_thousands_of_columns_are_borne() {
    let desk = Desk::new();
    let long = "長".repeat(350_000);
    let rows = format!(
        "管理番号,機器名,IPアドレス,備考\n1,{long},10.0.0.1,{long}\n2,\"{long}\",10.0.0.2,\n3,CT,{long},\n{long},CT,10.0.0.4,\n"
    );
    let path = desk.write("長い.csv", rows);
    assert!(desk.text(&["import", &path]).len() < 10_000, "what is said of a cell has a bound");
    let columns = format!("管理番号,機器名,IPアドレス{}\n", ",列".repeat(5_000));
    let wide = format!("{columns}W-1,MR,10.0.1.1{}\n", ",値".repeat(5_000));
    let path = desk.write("広い.csv", wide);
    desk.json(&["import", &path]);
    desk.json(&["round"]);
    assert!(desk.devices().iter().any(|device| device["asset_number"] == "W-1"));
    let table = desk.text(&["devices"]);
    assert!(table.lines().all(|line| line.len() < 4_000), "a line of a table has a bound");
    assert_readable(&table);
    desk.assert_whole();
}

#[test]
fn braces_in_a_cell_are_not_taken_for_placeholders() {
    let desk = Desk::new();
    let ledger = "管理番号,機器名,コンピュータ名,IPアドレス,OS\n\
        {address},CT,{rows},10.0.0.1,Windows 7\n\
        {device},CT,{date}{title},10.0.0.1,{product}\n";
    let path = desk.write("{file}{line}.csv", ledger);
    let imported = desk.json(&["import", &path]);
    assert!(word(&imported["files"][0]["path"]).ends_with("{file}{line}.csv"));
    let devices = desk.devices();
    let numbers: Vec<&str> = devices.iter().map(|device| word(&device["asset_number"])).collect();
    assert_eq!(numbers, ["{address}", "{device}"]);
    let round = desk.json(&["round"]);
    let titles: String =
        list(&round, "new").iter().map(|finding| word(&finding["title"]).to_owned()).collect();
    assert!(
        titles.contains("{rows} ({address})") || titles.contains("{ROWS} ({address})"),
        "{titles}"
    );
}

const ROWS: &str = "記号,端末の名,番地\nX-1,PC-A,10.5.0.1\nX-2,PC-B,10.5.0.2\n";
const MAPPING: &str =
    r#"{"columns": {"記号": "asset_number", "端末の名": "hostname", "番地": "address"}}"#;

#[test]
fn a_mapping_that_is_none_is_told() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let rows = desk.write("表.csv", ROWS);
        let cases: [&[u8]; 9] = [
            b"{",
            b"[]",
            b"\xff\xfe\x00",
            br#"{"colums": {}}"#,
            br#"{"columns": {"a": "no_such_field"}}"#,
            br#"{"columns": {"a": 3}}"#,
            br#"{"columns": "a"}"#,
            br#"{"header_row": "three"}"#,
            br#"{"sheet": 3}"#,
        ];
        for bytes in cases {
            let mapping = desk.write("mapping.json", bytes);
            let ran = desk.run(&["import", "--mapping", &mapping, &rows]);
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{shown}");
            assert!(ran.stderr.contains("mapping.json"), "{}", ran.stderr);
            assert_speaks(language, &ran.stderr);
        }
        let folder = desk.path("");
        for mapping in [&desk.path("none.json"), &folder] {
            let ran = desk.run(&["import", "--mapping", mapping, &rows]);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
            assert_speaks(language, &ran.stderr);
        }
        assert_eq!((desk.imports().len(), desk.audit().len()), (0, 0));
    }
}

fn names(desk: &Desk) -> Vec<Value> {
    desk.devices()
        .iter()
        .map(|device| json!([device["asset_number"], device["interfaces"][0]["hostnames"][0]]))
        .collect()
}

#[test]
fn a_mapping_is_remembered_for_the_next_edition() {
    let desk = Desk::new();
    let first = desk.write("表_20261101.csv", ROWS);
    assert_eq!(desk.document(&["import", &first], 1)["files"][0]["kind"], Value::Null);
    let mapping = desk.write("mapping.json", format!("\u{feff}{MAPPING}"));
    let view = desk.json(&["import", "--captured-at", "2026-11-01", "--mapping", &mapping, &first]);
    assert_eq!(
        (&view["files"][0]["kind"], &view["files"][0]["rows"]),
        (&json!("ledger-csv"), &json!(2))
    );
    assert_eq!(names(&desk), [json!(["X-1", "PC-A"]), json!(["X-2", "PC-B"])]);

    let next = desk.write("表_20261102.csv", format!("{ROWS}X-3,PC-C,10.5.0.3\n"));
    let view = desk.json(&["import", "--captured-at", "2026-11-02", &next]);
    assert_eq!(view["files"][0]["rows"], 3);
    assert_eq!(names(&desk).last(), Some(&json!(["X-3", "PC-C"])));
    let sources: Vec<Value> =
        desk.imports().into_iter().map(|mut import| import["source"].take()).collect();
    assert_eq!(sources[0], sources[1]);
}

#[test]
fn a_mapping_is_remembered_for_a_source_of_a_given_name_only() {
    let desk = Desk::new();
    let (first, mapping) = (desk.write("a.csv", ROWS), desk.write("mapping.json", MAPPING));
    desk.json(&["import", "--source", "別館", "--mapping", &mapping, &first]);
    let next = desk.write("b.csv", format!("{ROWS}X-3,PC-C,10.5.0.3\n"));
    assert_eq!(desk.document(&["import", &next], 1)["files"][0]["kind"], Value::Null);
    let view = desk.json(&["import", "--source", "別館", &next]);
    assert_eq!(
        (&view["files"][0]["source"], &view["files"][0]["rows"]),
        (&json!("別館"), &json!(3))
    );
}

/// A ledger of rows with these numbers, imported as an edition of `source` of a day.
fn edition(desk: &Desk, name: &str, day: &str, numbers: impl IntoIterator<Item = usize>) -> Value {
    let path = desk.write(name, files::ledger(numbers));
    desk.json(&["import", "--source", "本館台帳", "--captured-at", day, &path])["files"][0].clone()
}

#[test]
fn a_newer_edition_takes_the_place_of_the_older_whatever_it_is_called() {
    let desk = Desk::new();
    edition(&desk, "春.csv", "2026-04-01", 0..5);
    let view = edition(&desk, "秋.csv", "2026-10-01", 1..5);
    assert_eq!((&view["source"], &view["captured_from"]), (&json!("本館台帳"), &json!("given")));
    assert_eq!(desk.devices().len(), 5, "what vanished is not deleted");
    desk.json(&["round", "--date", "2026-11-20"]);
    let vanished = desk.findings("LED003");
    let [finding] = &vanished[..] else { panic!("{vanished:?}") };
    assert!(word(&finding["title"]).contains("A-00000"), "{finding}");
    assert_eq!(finding["evidence"][0], json!({ "import": 1, "source": "本館台帳", "place": "2" }));
    assert_eq!(list(&desk.json(&["findings", "--rule", "led003"]), "findings").len(), 1);
}

#[test]
fn an_older_edition_that_comes_later_changes_nothing_that_is_in_force() {
    let desk = Desk::new();
    edition(&desk, "新.csv", "2026-10-01", [1, 2, 3]);
    desk.json(&["round", "--date", "2026-11-20"]);
    edition(&desk, "旧.csv", "2026-04-01", [2, 3, 4]);
    desk.json(&["round", "--date", "2026-11-20"]);
    let vanished = desk.findings("LED003");
    let titles: Vec<&str> = vanished.iter().map(|finding| word(&finding["title"])).collect();
    assert!(titles.len() == 1 && titles[0].contains("A-00004"), "{titles:?}");
    let (other_way, same) = (Desk::new(), |desk: &Desk| {
        let ids =
            desk.devices().iter().map(|device| word(&device["id"]).to_owned()).collect::<Vec<_>>();
        (
            ids,
            desk.findings("LED003")
                .iter()
                .map(|finding| word(&finding["key"]).to_owned())
                .collect::<Vec<_>>(),
        )
    });
    edition(&other_way, "旧.csv", "2026-04-01", [2, 3, 4]);
    edition(&other_way, "新.csv", "2026-10-01", [1, 2, 3]);
    other_way.json(&["round", "--date", "2026-11-20"]);
    assert_eq!(same(&other_way), same(&desk));
}

#[test]
fn an_undone_edition_gives_its_place_back() {
    let desk = Desk::new();
    edition(&desk, "春.csv", "2026-04-01", 0..5);
    edition(&desk, "秋.csv", "2026-10-01", 1..5);
    desk.json(&["imports", "undo", "2"]);
    desk.json(&["round", "--date", "2026-11-20"]);
    assert_eq!((desk.findings("LED003").len(), desk.devices().len()), (0, 5));
    desk.json(&["imports", "undo", "1"]);
    assert_eq!(desk.devices().len(), 0);
    desk.json(&["imports", "redo", "2"]);
    assert_eq!(desk.devices().len(), 4);
    desk.assert_whole();
}

#[test]
fn the_time_of_a_file_is_told_as_exactly_as_it_is_kept() {
    let desk = Desk::new();
    let path = desk.write("台帳.csv", files::ledger(0..3));
    let file = desk.json(&["import", &path])["files"][0].clone();
    assert_eq!(file["captured_from"], "file");
    assert_eq!(file["captured_at"], desk.imports()[0]["captured_at"]);
}
