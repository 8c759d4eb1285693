//! Vulnerability data on its way: fetched on one PC, carried on a stick, taken in on another.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, Ran, assert_speaks};

/// Real feeds in a folder beside the data, as `feeds fetch` would leave them.
fn fetched(desk: &Desk) -> String {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/feeds/");
    let folder = desk.path("feeds");
    fs::create_dir(&folder).unwrap();
    for (from, to) in [
        ("kev/known_exploited_vulnerabilities.json.gz", "kev.json.gz"),
        ("epss/epss_scores-2022-02-04.csv.gz", "epss_scores-current.csv.gz"),
    ] {
        fs::copy(format!("{samples}{from}"), format!("{folder}/{to}")).unwrap();
    }
    fs::write(format!("{folder}/.mimawari-fetch.json"), "{}").unwrap();
    folder
}

fn bundle(desk: &Desk) -> (String, Value) {
    let (folder, out, key) = (fetched(desk), desk.path("stick.mmb"), desk.path("secret.key"));
    let made = desk.json(&["feeds", "bundle", &out, &folder, "--key", &key]);
    (out, made)
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn support_dates_are_carried_like_other_feeds_and_can_be_withdrawn() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let sample =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/feeds/endoflife/full.json");
        let (folder, stick, key) = (desk.path("feeds"), desk.path("s.mmb"), desk.path("k"));
        fs::create_dir(&folder).unwrap();
        fs::copy(sample, format!("{folder}/endoflife.json")).unwrap();
        let made = desk.json(&["feeds", "bundle", &stick, &folder, "--key", &key]);
        let taken = desk.json(&["feeds", "import", &stick, "--trust", word(&made, "fingerprint")]);
        assert_eq!(word(&taken["files"][0], "format"), "endoflife", "{taken}");
        let status = desk.json(&["feeds", "status"]);
        assert_eq!(
            (word(&status, "state"), word(&status["sources"][0], "feed")),
            ("none", "endoflife")
        );
        assert!(desk.text(&["feeds", "status"]).contains("endoflife.json"));
        assert_speaks(language, &desk.text(&["feeds", "withdraw"]));
        assert_eq!(desk.json(&["feeds", "status"])["sources"].as_array().unwrap().len(), 0);
        let again = desk.run(&["feeds", "withdraw"]);
        assert_eq!(again.code, Some(1));
        assert_speaks(language, &again.stderr);
        desk.assert_whole();
    }
}

#[test]
fn a_bundle_is_taken_in_once_its_maker_is_confirmed() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let (stick, made) = bundle(&desk);
        let fingerprint = word(&made, "fingerprint");
        assert_eq!(
            (made["entries"].as_array().unwrap().len(), &made["key_made"]),
            (2, &true.into())
        );
        let refused = desk.run(&["feeds", "import", &stick]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
        assert!(refused.stderr.contains(&format!("--trust {fingerprint}")), "{}", refused.stderr);
        assert_speaks(language, &refused.stderr);
        assert_eq!(desk.json(&["feeds", "status"])["state"], "none");
        let taken = desk.json(&["feeds", "import", &stick, "--trust", fingerprint]);
        let files = taken["files"].as_array().unwrap();
        let epss = stick.clone() + std::path::MAIN_SEPARATOR_STR + "epss_scores-current.csv.gz";
        assert_eq!((word(&files[0], "path"), word(&files[0], "format")), (&*epss, "epss"));
        assert_eq!((word(&files[1], "format"), &files[1]["error"]), ("kev", &Value::Null));
        let keys = desk.json(&["feeds", "keys"]);
        assert_eq!(word(&keys["keys"][0], "fingerprint"), fingerprint);
        assert!(desk.text(&["feeds", "keys"]).contains(fingerprint));
        assert!(!desk.data().join("feeds-incoming").exists());
        desk.assert_whole();
    }
}

#[test]
fn a_stick_that_was_pulled_out_or_changed_changes_nothing() {
    let desk = Desk::new();
    let (stick, made) = bundle(&desk);
    let sound = fs::read(&stick).unwrap();
    let taken = |bytes: &[u8]| -> Ran {
        fs::write(&stick, bytes).unwrap();
        desk.run(&["feeds", "import", &stick, "--trust", word(&made, "fingerprint")])
    };
    let mut changed = sound.clone();
    *changed.last_mut().unwrap() ^= 1;
    for bytes in [&sound[..sound.len() / 2], &sound[..sound.len() - 1], &changed] {
        let ran = taken(bytes);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
        assert_speaks("ja", &ran.stderr);
    }
    assert_eq!(desk.json(&["feeds", "status"])["state"], "none");
    assert_eq!(desk.json(&["feeds", "keys"])["keys"].as_array().unwrap().len(), 0);
    assert_eq!(taken(&sound).code, Some(0));
}

#[test]
fn a_lost_key_is_trusted_no_more_and_bundles_come_one_by_one() {
    let desk = Desk::speaking("en");
    let (stick, made) = bundle(&desk);
    let fingerprint = word(&made, "fingerprint");
    let copy = desk.write("copy.mmb", fs::read(&stick).unwrap());
    let none = desk.run(&["feeds", "import", &desk.path("feeds"), "--trust", fingerprint]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(1), ""), "no bundle is among them");
    desk.json(&["feeds", "import", &stick, "--trust", fingerprint]);
    let both = desk.run(&["feeds", "import", &stick, &copy]);
    assert_eq!((both.code, both.stdout.as_str()), (Some(1), ""));
    desk.text(&["feeds", "keys", "forget", fingerprint]);
    assert_eq!(desk.run(&["feeds", "import", &stick, "--allow-older"]).code, Some(1));
    assert_eq!(desk.run(&["feeds", "keys", "forget", fingerprint]).code, Some(1));
}

#[test]
fn making_a_bundle_shows_the_number_to_read_out_and_needs_no_data_folder() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let (folder, key) = (fetched(&desk), desk.path("secret.key"));
        let stick = desk.path("");
        let told = desk.text(&["feeds", "bundle", &stick, &folder, "--key", &key]);
        assert!(told.contains("mimawari-feeds-2") && told.contains(&key), "{told}");
        assert_speaks(language, &told);
        assert!(!desk.data().exists());
        let among = desk.run(&["feeds", "bundle", &stick, &folder, &key, "--key", &key]);
        assert_eq!((among.code, among.stdout.as_str()), (Some(1), ""), "the key stays here");
    }
}

#[test]
fn what_can_be_fetched_is_listed_without_asking_anybody() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let list = desk.json(&["feeds", "fetch", "--list"]);
        let feeds = list["feeds"].as_array().unwrap();
        assert!(feeds.iter().any(|feed| word(feed, "name") == "kev" && feed["usual"] == true));
        let said = desk.text(&["feeds", "fetch", "--list"]);
        for feed in feeds {
            assert!(said.contains(word(&feed["files"][0], "url")), "{feed}");
            assert_speaks(language, word(feed, "about"));
        }
        assert!(!desk.data().exists());
    }
}

#[test]
fn what_cannot_be_fetched_is_told_and_its_address_was_shown_before() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        // A proxy where nobody listens: nothing leaves this machine.
        let mut command = desk.command(&["feeds", "fetch", &desk.path("out"), "--only", "kev"]);
        command.env("HTTPS_PROXY", "http://127.0.0.1:1").env_remove("NO_PROXY");
        for name in
            ["https_proxy", "ALL_PROXY", "all_proxy", "no_proxy", "HTTP_PROXY", "http_proxy"]
        {
            command.env_remove(name);
        }
        let ran = crate::desk::ran(&mut command);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let url =
            "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json";
        assert!(ran.stderr.contains(url) && ran.stdout.contains("✕ kev"), "{ran:?}");
        assert_speaks(language, &ran.stdout);
        let unknown = desk.run(&["feeds", "fetch", &desk.path("out"), "--only", "kve"]);
        assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(1), ""));
        assert_eq!(desk.run(&["feeds", "fetch"]).code, Some(2));
    }
}
