//! Folders and zips of files, and what the collecting script leaves in them.

use std::fs;
use std::io::{Cursor, Write as _};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::desk::{Desk, assert_speaks};

const NETSTAT: &str = "Active Connections\r\n\r\n  TCP    0.0.0.0:3389           0.0.0.0:0              LISTENING       4\r\n";
const VER: &str = "\r\nMicrosoft Windows [Version 10.0.22631.4460]\r\n";

/// The files of one PC, as the collecting script leaves them.
fn files(name: &str) -> Vec<(String, String)> {
    let folder = format!("{name}_20261120-091000");
    let manifest = format!(
        "mimawari-collect 1\r\ncomputer={name}\r\ntime=20261120-091000\r\nscript=1.0\r\noutput=netstat.txt|0|{}|netstat -ano\r\noutput=ver.txt|0|{}|ver\r\noutput=defender.json|1|0|powershell Get-MpComputerStatus\r\nend=3\r\n",
        NETSTAT.len(),
        VER.len()
    );
    vec![
        (format!("{folder}/defender.json"), String::new()),
        (format!("{folder}/mimawari-collect.txt"), manifest),
        (format!("{folder}/netstat.txt"), NETSTAT.to_owned()),
        (format!("{folder}/ver.txt"), VER.to_owned()),
    ]
}

fn packed(files: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let time = zip::DateTime::from_date_and_time(2026, 11, 20, 9, 0, 0).unwrap();
        let options = SimpleFileOptions::default().last_modified_time(time);
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Kind and time of each file, and why it was refused.
fn told(answer: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let views = answer["files"].as_array().unwrap().iter();
    views.map(|view| format!("{} {}", text(&view["kind"]), text(&view["captured_from"]))).collect()
}

/// Every device with its name and the open ports it reports.
fn devices(desk: &Desk) -> Vec<String> {
    let answer = desk.json(&["devices"]);
    let mut names: Vec<String> = answer["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["observed"]["hostname"]["value"].as_str().unwrap_or("-").to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_folder_and_a_zip_of_collected_folders_read_alike() {
    let all: Vec<_> = [files("PC-01"), files("PC-02")].concat();
    let by_zip = Desk::new();
    let zip = by_zip.write("collected.zip", packed(&all));
    let answer = by_zip.json(&["import", &zip]);
    let one = ["collector-manifest -", "windows-netstat collected", "windows-ver collected"];
    assert_eq!(told(&answer), [one, one].concat());
    assert_eq!(answer["files"][1]["captured_at"], "2026-11-20T00:10:00Z");
    assert_eq!(answer["files"][0]["warnings"].as_array().unwrap().len(), 1);

    let by_folder = Desk::new();
    for (name, text) in &all {
        let path = by_folder.path(&format!("usb/{name}"));
        fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let answer = by_folder.json(&["import", &by_folder.path("usb")]);
    assert_eq!(told(&answer), [one, one].concat());
    for desk in [&by_zip, &by_folder] {
        assert_eq!(devices(desk), ["PC-01", "PC-02"]);
    }
}

#[test]
fn the_same_bytes_of_two_pcs_are_two_documents_and_of_one_pc_one() {
    let desk = Desk::new();
    let zip = desk.write("collected.zip", packed(&[files("PC-01"), files("PC-02")].concat()));
    let first = desk.json(&["import", &zip]);
    assert!(first["files"].as_array().unwrap().iter().all(|view| view["already"].is_null()));
    let again = desk.json(&["import", &zip]);
    let known = again["files"].as_array().unwrap().iter();
    assert_eq!(known.filter(|view| view["already"].is_number()).count(), 4);
}

#[test]
fn a_time_that_a_person_gives_wins_over_the_manifest() {
    let desk = Desk::new();
    let zip = desk.write("collected.zip", packed(&files("PC-01")));
    let answer = desk.json(&["import", "--captured-at", "2026-11-19T08:00", &zip]);
    assert_eq!(told(&answer)[1], "windows-netstat given");
    assert_eq!(answer["files"][1]["captured_at"], "2026-11-18T23:00:00Z");
}

#[test]
fn a_file_that_was_cut_in_copying_is_told() {
    let desk = Desk::new();
    let mut all = files("PC-01");
    all[2].1 = NETSTAT.replace("3389", "33");
    let answer = desk.json(&["import", &desk.write("c.zip", packed(&all))]);
    let warnings = answer["files"][1]["warnings"].to_string();
    assert!(warnings.contains("採取したとき"), "{warnings}");
}

#[test]
fn a_zip_of_ordinary_files_is_read_file_by_file_and_each_refusal_is_its_own() {
    let desk = Desk::speaking("en");
    let arp =
        "Interface: 10.1.2.50 --- 0xc\r\n  10.1.2.3              00-1b-21-00-40-01     dynamic\r\n";
    let mut all = vec![("ward/arp.txt".to_owned(), arp.to_owned())];
    all.push(("ward/note.txt".to_owned(), "buy coffee".to_owned()));
    let zip = desk.write("files.zip", packed(&all));
    let ran = desk.run(&["import", "--json", &zip]);
    assert_eq!(ran.code, Some(1));
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(told(&answer), ["windows-arp file", "- -"]);
    assert!(answer["files"][1]["path"].as_str().unwrap().ends_with("files.zip/ward/note.txt"));
}

#[test]
fn folders_without_files_and_hostile_zips_are_refused_in_plain_words() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        fs::create_dir(desk.path("empty")).unwrap();
        let hostile = packed(&[("../../etc/passwd".to_owned(), "x".to_owned())]);
        for path in
            [desk.path("empty"), desk.write("h.zip", hostile), desk.write("e.zip", packed(&[]))]
        {
            let ran = desk.run(&["import", &path]);
            assert_eq!(ran.code, Some(1), "{path}");
            assert_speaks(language, &ran.stdout);
            assert!(desk.json(&["devices"])["devices"].as_array().unwrap().is_empty());
        }
    }
}

#[test]
fn many_files_are_summed_up_for_people() {
    let desk = Desk::speaking("en");
    let all: Vec<_> = (1..=20).flat_map(|pc| files(&format!("PC-{pc:02}"))).collect();
    let text = desk.text(&["import", &desk.write("collected.zip", packed(&all))]);
    assert!(text.contains("Of 60 files 60 were read"), "{text}");
}
