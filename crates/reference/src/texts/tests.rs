use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{
    Addressing, ChangeKind, ChangeOutcome, ChangeState, Completeness, Control, DeviceKind, Field,
    FindingState, ImportState, InquiryItem, InquiryState, Justification, Keeping, Medium,
    NoticeSender, NoticeState, ObservationKind, Probe, ProductKind, RunResult, SettingKind,
    Severity, Stage, Status, Tlp, VendorRole, Verdict, VexOrigin, VexScope, VexStatus, What,
    ZoneKind, msg,
};

use super::*;

/// Families of words whose keys are put together from a vocabulary's key, so that no source holds them whole.
const FAMILIES: [&str; 101] = [
    "addressing.",
    "completeness.",
    "doubt.",
    "field.",
    "finding_state.",
    "format.",
    "import_state.",
    "keeping.",
    "kind.",
    "layer.",
    "lifecycle.",
    "observation.",
    "obtain.",
    "probe.",
    "product_kind.",
    "rule.",
    "service.",
    "severity.",
    "source_kind.",
    "status.",
    "strength.",
    "term.",
    "vendor_role.",
    "verdict.",
    "word.",
    "zone_kind.",
    "setting.",
    "run_result.",
    "medium.",
    "notice.field.",
    "notice_number.",
    "notice_sender.",
    "notice_state.",
    "notice_verdict.",
    "tlp.",
    "permission.",
    "role.",
    "web.menu.",
    "web.said.",
    "web.writings.empty.",
    "web.api.op.",
    "web.api.param.",
    "web.api.head.",
    "act.",
    "web.chart.drift.",
    "web.chart.why.",
    "web.list_empty.",
    "web.list_lede.",
    "web.tab.",
    "web.zones.kind.",
    "web.zones.probe.",
    "captured_from.",
    "skipped.",
    "taken_as.",
    "web.only.",
    "web.upload_state.",
    "control.",
    "web.missing.",
    "web.missing_why.",
    "web.decide.state.",
    "web.weekday.",
    "web.account_state.",
    "web.certificate.step.",
    "web.record.column.",
    "web.roles.may.",
    "web.roles.for.",
    "web.devices.column.",
    "web.devices.filter.",
    "web.devices.mark.",
    "web.devices.stage.",
    "vex.",
    "vex_origin.",
    "vex_reason.",
    "vex_scope.",
    "vex_state.",
    "remedy.",
    "feed.",
    "feed_format.",
    "delivery_state.",
    "feeds_state.",
    "confidence.",
    "cvss_severity.",
    "parts_change.",
    "parts_state.",
    "parts_state_says.",
    "parts_use.",
    "collect.changes.",
    "collect.feed.",
    "change.field.",
    "change_evidence.",
    "change_kind.",
    "change_outcome.",
    "change_state.",
    "inquiry.field.",
    "inquiry_asks.",
    "inquiry_item.",
    "inquiry_state.",
    "web.inquiry.in.",
    "writing_state.",
    "writing_what.",
    "writing_word.",
];

#[test]
fn every_file_is_flat_and_no_key_stands_twice() {
    for language in Language::ALL {
        let mut seen = BTreeMap::new();
        for (file, text) in language.files() {
            let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
            for (key, value) in table {
                assert!(value.is_str(), "{file}: {key} is not a text; quote the whole key");
                let other = seen.insert(key.clone(), *file);
                assert_eq!(other, None, "{key} stands in {file} too");
            }
        }
        assert!(!seen.is_empty());
    }
}

#[test]
fn both_languages_say_the_same_with_the_same_values() {
    let [english, japanese] = Language::ALL.map(Catalogue::load);
    let keys = |catalogue: &Catalogue| catalogue.keys().map(str::to_owned).collect::<BTreeSet<_>>();
    let (in_english, in_japanese) = (keys(&english), keys(&japanese));
    let only_one: Vec<_> = in_english.symmetric_difference(&in_japanese).collect();
    assert!(only_one.is_empty(), "in one language only: {only_one:?}");
    for key in english.keys() {
        let both = [&english, &japanese].map(|catalogue| placeholders(&catalogue.text(key)));
        assert_eq!(both[0], both[1], "{key}");
    }
}

#[test]
fn every_text_is_tidy_and_sentences_end() {
    for language in Language::ALL {
        let catalogue = Catalogue::load(language);
        for key in catalogue.keys().filter(|key| *key != "list.joiner") {
            let text = catalogue.text(key);
            assert!(!text.is_empty() && text.trim() == text, "{key}: {text:?}");
            assert!(!text.contains(['!', '！']), "{key}: {text}");
            if ["warning.", "refusal."].iter().any(|family| key.starts_with(family)) {
                assert!(text.ends_with(['。', '.', '?', '？', ')', '」']), "{key}: {text}");
            }
        }
    }
}

#[test]
fn every_word_of_the_vocabulary_has_a_text() {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Field::ALL.iter().map(|word| format!("field.{}", word.key())));
    macro_rules! family {
        ($($family:literal $words:ty),* $(,)?) => {
            $(keys.extend(<$words>::ALL.iter().map(|word| format!("{}.{}", $family, word.key())));)*
        };
    }
    family! {
        "addressing" Addressing, "completeness" Completeness, "finding_state" FindingState,
        "import_state" ImportState, "keeping" Keeping, "kind" DeviceKind, "lifecycle" Stage,
        "observation" ObservationKind, "probe" Probe, "product_kind" ProductKind,
        "severity" Severity, "status" Status, "vendor_role" VendorRole, "verdict" Verdict,
        "zone_kind" ZoneKind, "setting" SettingKind, "run_result" RunResult, "medium" Medium,
        "control" Control, "vex" VexStatus, "vex_reason" Justification, "vex_origin" VexOrigin,
        "vex_scope" VexScope, "change_kind" ChangeKind, "change_outcome" ChangeOutcome,
        "change_state" ChangeState, "inquiry_item" InquiryItem, "inquiry_asks" InquiryItem,
        "inquiry_state" InquiryState, "notice_sender" NoticeSender, "notice_state" NoticeState,
        "tlp" Tlp, "writing_what" What,
    }
    for catalogue in Language::ALL.map(Catalogue::load) {
        for key in &keys {
            assert!(catalogue.knows(key), "{key} in {}", catalogue.language().code());
        }
    }
}

#[test]
fn every_sentence_the_source_names_is_in_the_catalogue_with_its_values() {
    let catalogue = Catalogue::load(Language::Ja);
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        for (key, names) in named_sentences(&source) {
            if !catalogue.knows(&key) {
                wrong.push(format!("{path}: {key} has no text"));
            } else if placeholders(&catalogue.text(&key)) != names {
                wrong.push(format!("{path}: {key} is given {names:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sentence_of_the_catalogue_is_said_somewhere() {
    let sources = sources();
    let catalogue = Catalogue::load(Language::Ja);
    let unused: Vec<_> = catalogue
        .keys()
        .filter(|key| !FAMILIES.iter().any(|family| key.starts_with(family)))
        .filter(|key| !sources.iter().any(|(_, source)| source.contains(&format!("\"{key}\""))))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn values_are_written_as_the_language_writes_them() {
    let [english, japanese] = Language::ALL.map(Catalogue::load);
    let sheet: Arc<str> = Arc::from("機器台帳");
    let day: CalendarDate = "2026-11-20".parse().unwrap();
    for (value, in_japanese, in_english) in [
        (Arg::from("CT-01"), "CT-01", "CT-01"),
        (Arg::from(312), "312", "312"),
        (Arg::from(day), "2026年11月20日", "2026-11-20"),
        (Arg::from(Field::Maker), "メーカー", "maker"),
        (Arg::from(vec!["a", "b"]), "a、b", "a, b"),
        (Place::DOCUMENT.into(), "ファイル全体", "the file as a whole"),
        (Place::line(5).into(), "5行目", "row 5"),
        (Place::line(5).part(2).into(), "5行目(2台目)", "row 5 (machine 2)"),
        (Place::line(5).at_column(5).into(), "E5", "E5"),
        (
            Place::row(Some(sheet.clone()), 5).into(),
            "「機器台帳」シートの5行目",
            "row 5 of sheet \"機器台帳\"",
        ),
        (
            Place::row(Some(sheet.clone()), 5).at_column(5).part(2).into(),
            "「機器台帳」シートのE5(2台目)",
            "E5 of sheet \"機器台帳\" (machine 2)",
        ),
        (Place::row(Some(sheet), 0).into(), "「機器台帳」シート", "sheet \"機器台帳\""),
    ] {
        assert_eq!(japanese.value(&value), in_japanese);
        assert_eq!(english.value(&value), in_english);
    }
}

#[test]
fn what_has_no_text_or_no_value_stays_visible() {
    let catalogue = Catalogue::load(Language::Ja);
    assert_eq!(catalogue.say(&msg!("warning.nobody_wrote_this")), "[warning.nobody_wrote_this]");
    let said = catalogue.say(&msg!("refusal.support_column"));
    assert!(said.contains("{column}"), "{said}");
}

#[test]
fn a_value_is_data_and_never_a_placeholder() {
    let catalogue = Catalogue::load(Language::En);
    let said = catalogue.say(&msg!("warning.support_date", column = "{text}", text = "x"));
    assert!(said.contains("\"x\" in {text}"), "{said}");
}

#[test]
fn braces_that_are_no_placeholder_are_text() {
    for text in ["{", "}", "{}", "{Name}", "{a", "a}{", "{ a }", "{{"] {
        assert_eq!(fill(text, |_| Some("no".into())), text);
    }
    assert_eq!(fill("{{a}", |_| Some("x".into())), "{x");
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_placeholder(rest) {
        names.insert(name.to_owned());
        rest = after;
    }
    names
}

/// Every source file and template of the workspace without its tests and comments.
fn sources() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for entry in fs::read_dir(crates).unwrap() {
        let room = entry.unwrap().path();
        walk(&room.join("src"), &mut files);
        walk(&room.join("templates"), &mut files);
    }
    files.sort();
    let read = |path: PathBuf| {
        (path.display().to_string(), without_tests(&fs::read_to_string(&path).unwrap()))
    };
    files.into_iter().map(read).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html")
            && path.file_stem().is_some_and(|stem| stem != "tests")
        {
            files.push(path);
        }
    }
}

fn without_tests(source: &str) -> String {
    // Test modules stand last in a file, by our custom.
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The key and the names of the values of every `msg!` in `source`.
fn named_sentences(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for (start, _) in source.match_indices("msg!(") {
        let inside = source[start + 5..].trim_start();
        let Some((key, rest)) = inside.strip_prefix('"').and_then(|rest| rest.split_once('"'))
        else {
            continue;
        };
        found.push((key.to_owned(), value_names(rest)));
    }
    found
}

/// Names before `=` that follow a comma outside all brackets, up to the bracket that closes the macro.
fn value_names(arguments: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut depth = 0;
    let mut in_text = false;
    let mut letters = arguments.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if in_text => {
                letters.next();
            }
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => names.extend(name_before_equals(&arguments[at + 1..])),
            _ => {}
        }
    }
    names
}

fn name_before_equals(text: &str) -> Option<String> {
    let text = text.trim_start();
    let length = text.find(|c: char| !is_name(c))?;
    let after = text[length..].trim_start();
    (length > 0 && after.starts_with('=') && !after.starts_with("=="))
        .then(|| text[..length].to_owned())
}

#[test]
fn the_names_of_values_are_read_from_the_source() {
    let source = r#"let a = msg!("x.y", one = f(a, two = 3), three = "a, four = )",
        five = [1, 2]); let b = msg!( "x.z" );"#;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        named_sentences(source),
        [("x.y".to_owned(), names(&["one", "three", "five"])), ("x.z".to_owned(), names(&[]))]
    );
}
