//! Cases of what people said of writings, held against what is at hand of vulnerabilities.

use domain::{NamedProduct, SettledWriting, Stepped, What, Writing, WritingStep, WritingWord};
use engine::products::Said;
use testkit::{Hospital, timestamp};

use super::feeds::{Hand, REMOTE};
use super::{TODAY, look_with};

const HOSPITAL: &str = r#"ledger 台帳 2026-11-01
   0001 host=SV-01 software="電子カルテ 1.5"
   0002 host=PC-02 software=電子カルテ software_version=2.5
   0003 host=PC-03 maker=ACME model=MX-1 software="Viewer 連携" software_version=1.5
   0004 host=PC-04 software=Viewer software_version=1.5"#;

/// What the hospital writes, and what was said of it.
fn word(what: What, text: &str, word: WritingWord) -> SettledWriting {
    let step = WritingStep { shown: text.to_owned(), word, reason: String::new() };
    let (at, day) = (timestamp("2026-11-10"), "2026-11-10".parse().unwrap());
    let steps = vec![Stepped { at, day, by: "user:sato".to_owned(), step }];
    SettledWriting { number: 1, writing: Writing { what, text: text.to_owned() }, steps }
}

fn is(name: &str, cpe: &str) -> WritingWord {
    let cpes = vec![format!("cpe:2.3:{cpe}:*:*:*:*:*:*:*:*")];
    WritingWord::Is(NamedProduct { name: name.to_owned(), cpes, purl: None })
}

fn not(name: &str) -> WritingWord {
    WritingWord::Not(vec![name.to_owned()])
}

/// What is told after `words`, one product a line: its mark, how many devices, and the vulnerabilities with how sure they are; `?` where
/// it is not judged.
fn told(words: Vec<SettledWriting>) -> Vec<String> {
    let feeds = format!(
        "nvd CVE-1 a:maker:viewer <2.0 {REMOTE}\nnvd CVE-2 a:maker:emr <2.0 {REMOTE}\nnvd CVE-3 h:acme:mx-1 <9 {REMOTE}"
    );
    let mut hospital = Hospital::read(HOSPITAL);
    hospital.writings = words;
    look_with(&hospital, &Hand::read(&feeds), TODAY, |known, _| {
        let weaknesses = known.weaknesses().unwrap();
        let line = |running: &engine::weaknesses::Running| {
            let of = |found: &engine::advisories::judge::Match| {
                let sure = found.affected.map(domain::Confidence::key).unwrap_or_default();
                format!("{}:{sure}", found.vulnerability.id)
            };
            let mut found: Vec<String> = running.matches.iter().map(of).collect();
            found.extend(running.unjudged.iter().map(|_| "?".to_owned()));
            format!("{} / {} / {}", running.mark, running.holders.len(), found.join(" "))
        };
        weaknesses.products.iter().map(line).collect()
    })
}

#[test]
fn without_a_word_a_candidate_gives_no_more_than_candidates() {
    let expected = [
        "viewer 1.5 / 1 / CVE-1:exact",
        "viewer 1.5 ? / 1 / CVE-1:candidate",
        "電子カルテ 2.5 ? / 1 / ?",
        "電子カルテ1.5 ? / 1 / ?",
    ];
    assert_eq!(told(Vec::new()), expected);
}

#[test]
fn a_confirmed_candidate_is_that_product_on_all_its_devices() {
    let words = vec![word(What::Software, "viewer連携", is("Viewer", "a:maker:viewer"))];
    assert_eq!(told(words)[0], "viewer 1.5 / 2 / CVE-1:exact");
}

#[test]
fn what_is_said_to_be_another_product_is_judged_as_that_by_its_own_version() {
    let words = vec![word(What::Software, "電子カルテ", is("電子カルテ", "a:maker:emr"))];
    let told = told(words);
    assert_eq!(told[2..], ["電子カルテ 1.5 / 1 / CVE-2:exact", "電子カルテ 2.5 / 1 / "]);
}

#[test]
fn what_was_refused_is_not_judged_and_stays_apart_from_the_same_name_elsewhere() {
    let told = told(vec![word(What::Software, "viewer連携", not("Viewer"))]);
    assert_eq!(told[..2], ["viewer 1.5 / 1 / CVE-1:exact", "viewer連携 1.5 ≠ / 1 / ?"]);
}

#[test]
fn a_machine_is_told_once_a_person_said_what_it_is() {
    let words = vec![word(What::Hardware, "acmemx-1", is("ACME MX-1", "h:acme:mx-1"))];
    let told = told(words);
    assert!(told[0].starts_with("acmemx-1 / 1 / "), "{told:?}");
    assert_eq!(told.len(), 5);
}

#[test]
fn every_writing_is_listed_with_what_the_table_says_and_what_counts() {
    let mut hospital = Hospital::read(HOSPITAL);
    hospital.writings = vec![
        word(What::Software, "電子カルテ", is("電子カルテ", "a:maker:emr")),
        word(What::Software, "viewer連携", not("Viewer")),
    ];
    look_with(&hospital, &Hand::read(""), TODAY, |known, _| {
        let weaknesses = known.weaknesses().unwrap();
        let line = |own: &engine::weaknesses::OwnWriting| {
            let (by_table, meant) = (own.candidates.len(), own.meant.len());
            let said = own.meant.first().and_then(|one| one.said);
            (own.writing.text.clone(), own.called.clone(), own.devices, by_table, meant, said)
        };
        let lines: Vec<_> = weaknesses.writings.iter().map(line).collect();
        let own = |text: &str, called: &str, devices, said| {
            (text.to_owned(), called.to_owned(), devices, 1, 1, said)
        };
        let expected = [
            own("acmemx-1", "ACME MX-1", 1, None),
            own("viewer", "Viewer", 1, None),
            own("viewer連携", "Viewer 連携", 1, Some(Said::Refused)),
            own("電子カルテ", "電子カルテ", 2, Some(Said::Confirmed)),
        ];
        assert_eq!(lines, expected);
    });
}
