//! What is wrong with a command line or with what it asks for, and the help.

use crate::desk::{Desk, assert_readable, assert_speaks, list, word};

/// The command line is wrong: exit code 2, and a sentence that names what.
#[test]
fn a_wrong_command_line_is_told_in_both_languages() {
    let cases: &[(&[&str], &str)] = &[
        (&["devices", "--bogus"], "--bogus"),
        (&["bogus"], "bogus"),
        (&["imports", "bogus"], "bogus"),
        (&["import"], ""),
        (&["imports", "undo"], ""),
        (&["imports", "undo", "x"], "x"),
        (&["imports", "undo", "-1"], "-1"),
        (&["round", "--date", "2026-13-01"], "2026-13-01"),
        (&["round", "--date", "昨日"], "昨日"),
        (&["import", "--captured-at", "2026-02-30", "x"], "2026-02-30"),
        (&["decide", "X", "--state", "closed", "--reason", "x"], "closed"),
        (&["decide", "X", "--state", "accepted", "--until", "soon", "--reason", "x"], "soon"),
        (&["decide", "X"], "--state"),
        (&["devices", "--csv", "--json"], "--csv"),
        (&["findings", "--json", "--csv"], "--csv"),
        (&["import", "--demo", "x.csv"], "--demo"),
        (&["findings", "--severity", "bad"], "bad"),
        (&["zones", "set", "A", "10.0.0"], "10.0.0"),
        (&["zones", "set", "A", "10.0.0.0/24", "--kind", "bad"], "bad"),
        (&["audit", "verify", "--head", "zz"], "zz"),
        (&["audit", "--last"], "--last"),
        (&["imports", "undo", "1", "zwei"], "zwei"),
        (&["import", "--source", "", "x.csv"], "--source"),
        (&["import", ""], ""),
        (&["zones", "set", "", "10.0.0.0/24"], ""),
    ];
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        for (args, named) in cases {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{args:?}");
            assert!(ran.stderr.contains(named), "{args:?}: {}", ran.stderr);
            let help = ran.stderr.lines().last().unwrap();
            assert_speaks(language, help);
            assert_speaks(language, ran.stderr.lines().next().unwrap());
        }
        assert!(!desk.data().exists(), "a wrong command line touches no data");
    }
}

/// The state or the input is wrong: exit code 1, a sentence that names the thing, and nothing changed.
#[test]
fn what_is_not_there_is_told_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::with_demo(language);
        let round = desk.json(&["round", "--date", "2026-11-20"]);
        let finding = word(&round["new"][0]["key"]).to_owned();
        let device = word(&desk.devices()[0]["id"]).to_owned();
        desk.json(&["imports", "undo", "6"]);
        let cases: &[(&[&str], &str)] = &[
            (&["imports", "undo", "99"], "99"),
            (&["imports", "redo", "99"], "99"),
            (&["imports", "undo", "6"], "6"),
            (&["imports", "redo", "1"], "1"),
            (&["device", "NOBODY"], "NOBODY"),
            (&["device", "merge", &device, "NOBODY"], "NOBODY"),
            (&["device", "merge", &device, &device], &device),
            (&["device", "split", &device, "mac:00"], "mac:00"),
            (&["device", "undo"], "merge"),
            (&["decide", "NET001/device:0", "--state", "open", "--reason", "x"], "NET001/device:0"),
            (&["decide", "nonsense", "--state", "open", "--reason", "x"], "nonsense"),
            (&["decide", &finding, "--state", "accepted", "--reason", "x"], "--until"),
            (&["decide", &finding, "--state", "in_hand", "--reason", " "], ""),
            (
                &[
                    "decide",
                    &finding,
                    "--state",
                    "accepted",
                    "--until",
                    "2020-01-01",
                    "--reason",
                    "x",
                ],
                "2020",
            ),
            (&["zones", "remove", "nowhere"], "nowhere"),
            (&["explain", "XYZ999"], "XYZ999"),
            (&["findings", "--rule", "XYZ999"], "XYZ999"),
            (&["round", "--date", "2026-11-19"], "2026"),
            (&["--facility", "other", "devices"], "other"),
        ];
        let before = desk.audit();
        for (args, named) in cases {
            for json in [&[][..], &["--json"]] {
                let ran = desk.run(&[*args, json].concat());
                assert_eq!(
                    (ran.code, ran.stdout.as_str()),
                    (Some(1), ""),
                    "{args:?} {}",
                    ran.stderr
                );
                assert!(ran.stderr.contains(named), "{args:?}: {}", ran.stderr);
                assert_speaks(language, &ran.stderr);
            }
        }
        assert_eq!(desk.audit(), before);
        desk.assert_whole();
    }
}

#[test]
fn the_language_may_be_asked_for_before_and_after_the_command() {
    let desk = Desk::speaking("ja");
    let imports: [&[&str]; 4] = [
        &["--lang", "en", "imports"],
        &["imports", "--lang", "en"],
        &["--lang=en", "imports"],
        &["imports", "--lang=en"],
    ];
    for args in imports {
        assert_speaks("en", &desk.text(args));
    }
    assert_speaks("ja", &desk.text(&["imports"]));
    assert_speaks("ja", &Desk::speaking("en").text(&["imports", "--lang", "ja"]));
    for args in [["--lang", "en", "imports", "--bogus"], ["imports", "--bogus", "--lang", "en"]] {
        assert_speaks("en", &desk.run(&args).stderr);
    }
    let unknown = Desk::speaking("en").run(&["--lang", "fr", "imports"]);
    assert_eq!(unknown.code, Some(2));
    assert_speaks("en", &unknown.stderr);
}

#[test]
fn every_command_has_help_in_both_languages() {
    let commands: &[&[&str]] = &[
        &[],
        &["import"],
        &["imports"],
        &["imports", "undo"],
        &["imports", "redo"],
        &["devices"],
        &["device"],
        &["device", "merge"],
        &["device", "split"],
        &["device", "undo"],
        &["queue"],
        &["findings"],
        &["decide"],
        &["zones"],
        &["zones", "set"],
        &["zones", "remove"],
        &["round"],
        &["explain"],
        &["audit"],
        &["audit", "verify"],
        &["help"],
    ];
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        for command in commands {
            let by_option = desk.text(&[command, &["--help"][..]].concat());
            let by_command = desk.text(&[&["help"][..], command].concat());
            assert_eq!(by_option.trim(), by_command.trim(), "{command:?}");
            let first = by_option.lines().next().unwrap();
            assert_readable(&by_option);
            assert_speaks(language, first);
            assert!(by_option.contains("--data") && by_option.contains("--lang"), "{by_option}");
        }
        assert!(!desk.data().exists(), "help touches no data");
    }
}

#[test]
fn help_for_a_command_that_is_none_is_told() {
    for language in ["ja", "en"] {
        let ran = Desk::speaking(language).run(&["help", "imports", "bogus"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
        assert!(ran.stderr.contains("bogus"), "{}", ran.stderr);
        assert_speaks(language, &ran.stderr);
    }
}

#[test]
fn the_version_is_told() {
    let version = Desk::new().text(&["--version"]);
    assert_eq!(version, format!("mimawari {}\n", env!("CARGO_PKG_VERSION")));
}

/// An invented hospital never mixes with a real one, and one ledger under two names stays one.
#[test]
fn what_would_do_harm_is_not_done() {
    let desk = Desk::new();
    let ledger = "管理番号,機器名,IPアドレス,医療機器,棚\n1,内視鏡,10.1.1.1,はい,A\n2,受付PC,10.1.1.2,いいえ,B\n";
    let first = desk.write("台帳.csv", ledger);
    let told = desk.text(&["import", &first]);
    assert!(told.contains("読まなかった列: 棚"), "{told}");
    let kinds: Vec<_> = desk.devices().into_iter().map(|device| device["kind"].clone()).collect();
    assert!(kinds.contains(&"medical".into()) && kinds.contains(&serde_json::Value::Null));
    let copy = desk.write("別の名前.csv", ledger);
    assert_eq!(desk.json(&["import", &copy])["files"][0]["already"], 1);
    desk.json(&["import", "--source", "別の台帳", &copy]);
    assert_eq!(desk.imports().len(), 2);
    let demo = desk.run(&["import", "--demo"]);
    assert_eq!((demo.code, demo.stdout.as_str()), (Some(1), ""));
    assert_eq!(desk.imports().len(), 2);
    desk.assert_whole();
}

/// What somebody has decided about is told in one line the next morning; the document still holds all of it.
#[test]
fn a_round_tells_what_is_settled_in_one_line() {
    let desk = Desk::new();
    assert!(desk.text(&["round", "--date", "2026-11-20"]).contains("まだ何も取り込まれていない"));
    let ledger = desk.write("台帳.csv", "管理番号,機器名,OS\n1,受付PC,Windows 7\n");
    desk.json(&["import", &ledger]);
    let round = desk.json(&["round", "--date", "2026-11-20"]);
    let ended = list(&round, "new").into_iter().find(|one| one["rule"] == "LIF001").unwrap();
    assert!(desk.text(&["round", "--date", "2026-11-20"]).contains(word(&ended["title"])));
    desk.json(&["decide", word(&ended["key"]), "--state", "in_hand", "--reason", "更新の予定"]);
    let told = desk.text(&["round", "--date", "2026-11-20"]);
    assert!(
        !told.contains(word(&ended["title"])) && told.contains("対応を決めた所見が 1 件"),
        "{told}"
    );
    let standing = desk.json(&["round", "--date", "2026-11-20"]);
    assert!(list(&standing, "standing").iter().any(|one| one["state"] == "in_hand"));
}
