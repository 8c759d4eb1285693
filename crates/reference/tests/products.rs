//! The shipped products, asked through the namer of `engine` for what hospitals write.

use std::collections::BTreeSet;

use domain::Confidence;
use engine::products::{Named, Namer, Written};
use reference::products::shipped;

/// `testdata/products/SOURCES.md` tells where the writings come from and how an answer is written.
const WRITINGS: &str = include_str!("../../../testdata/products/writings.tsv");

/// A line of the file: what was written, and the answer.
struct Case {
    cells: Vec<String>,
    answer: String,
}

impl Case {
    fn written(&self) -> Written<'_> {
        let cell = |at: usize| self.cells[at].as_str();
        Written {
            maker: cell(1),
            model: cell(2),
            os: cell(3),
            os_version: cell(4),
            software: cell(5),
            software_version: cell(6),
            firmware: cell(7),
        }
    }
}

fn cases() -> Vec<Case> {
    let case = |line: &str| {
        let mut cells: Vec<String> =
            line.split('\t').map(|cell| cell.replace("\\n", "\n")).collect();
        assert_eq!(cells.len(), 9, "{line}");
        let answer = cells.pop().unwrap_or_default();
        Case { cells, answer }
    };
    WRITINGS.lines().skip(1).map(case).collect()
}

fn shown(named: &Named) -> String {
    let cpes = named.cpes.iter().map(|cpe| {
        let cpe = cpe.to_string();
        let short = cpe.trim_start_matches("cpe:2.3:").trim_end_matches(":*");
        short.to_owned()
    });
    let purl = named.purl.iter().map(ToString::to_string);
    let names = cpes.chain(purl).collect::<Vec<_>>().join(" ");
    let version = named.version.as_deref().unwrap_or("?");
    let reason = named.reason.key.trim_start_matches("products.");
    format!(
        "{:?} {} [{version}] {} {reason} {names}",
        named.what,
        named.name,
        named.confidence.key()
    )
    .trim()
    .to_owned()
}

#[test]
fn what_hospitals_write_is_named_as_a_person_would() {
    let namer = Namer::new(shipped());
    let mut wrong = Vec::new();
    for case in cases() {
        let named = namer.name(&case.written());
        let answer = named.iter().map(shown).collect::<Vec<_>>().join("; ");
        if answer != case.answer {
            wrong.push(format!("{}\t{answer}", case.cells.join("\t").replace('\n', "\\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_the_answer_to_some_writing() {
    let namer = Namer::new(shipped());
    let named = cases().iter().flat_map(|case| namer.name(&case.written())).collect::<Vec<_>>();
    // A row counts where it is meant for itself, not as one of many that may be.
    let asked = ["products.ask_release", "products.ask_product"];
    let alone = named.iter().filter(|one| !asked.contains(&&*one.reason.key));
    let names: BTreeSet<&str> = alone.map(|one| one.name.as_str()).collect();
    let missed =
        shipped().rows.iter().map(|row| row.name.as_str()).filter(|name| !names.contains(name));
    assert_eq!(missed.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn every_writing_of_the_table_finds_its_row() {
    let namer = Namer::new(shipped());
    for row in &shipped().rows {
        for spelling in row.spellings.iter().chain(&row.short) {
            // A release, where rows that share the writing are told apart by it.
            let release = row.releases.first().cloned().unwrap_or_default();
            let os = Written { os: spelling, os_version: &release, ..Written::default() };
            let software =
                Written { software: spelling, software_version: &release, ..Written::default() };
            let mut named = namer.name(&os);
            named.extend(namer.name(&software));
            let own = named.iter().filter(|one| one.name == row.name);
            let names = own.map(|own| own.cpes.len()).max();
            assert_eq!(names, Some(row.names.len()), "{spelling} {release}");
        }
    }
}

#[test]
fn every_model_of_the_table_finds_its_firmware() {
    let namer = Namer::new(shipped());
    for row in &shipped().rows {
        for (model, maker) in row.models.iter().zip(row.makers.iter().cycle()) {
            let named =
                namer.name(&Written { maker, model, firmware: "1.2.3", ..Written::default() });
            assert!(named.iter().any(|one| one.name == row.name), "{maker} {model}");
        }
    }
}

#[test]
fn what_has_no_name_in_the_nvd_is_never_more_than_a_candidate() {
    let namer = Namer::new(shipped());
    for case in cases() {
        for named in namer.name(&case.written()) {
            assert!(
                !named.cpes.is_empty() || named.confidence == Confidence::Candidate,
                "{}",
                shown(&named)
            );
        }
    }
}
