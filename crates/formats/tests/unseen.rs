//! Files as a hospital might really have them, written after the readers: what is read of each stands beside it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use domain::message::Arg;
use domain::{Message, Observation};
use formats::reading::{Input, Reading, Refusal};
use formats::registry;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/unseen")
}

fn samples() -> Vec<PathBuf> {
    let mut samples: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "expected" && kind != "md"))
        .collect();
    samples.sort();
    samples
}

/// Everything that was read, as a text that stays the same.
fn told(read: &Result<Reading, Refusal>) -> String {
    match read {
        Ok(reading) => told_reading(reading),
        Err(refusal) => format!("refused: {}\n", said(&refusal.message)),
    }
}

fn told_reading(reading: &Reading) -> String {
    let mut text = String::new();
    let encoding = reading.encoding.unwrap_or("-");
    let _ = writeln!(text, "{} {encoding}, {} rows", reading.kind, reading.rows);
    if let Some(source) = &reading.source_hint {
        let _ = writeln!(text, "source {source}");
    }
    if let Some(dated) = reading.dated {
        let _ = writeln!(text, "dated {dated:?}");
    }
    for table in &reading.tables {
        let columns = table.columns.iter().map(|(header, field)| {
            format!("{}={}", header.replace('\n', " "), field.map_or("-", domain::Field::key))
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "{} under row {:?}: {columns}", table.taken_as, table.header_row);
    }
    for look in &reading.coverage {
        let _ = writeln!(text, "looked at {} {}", look.network, look.completeness.key());
    }
    for (counts, word) in [(&reading.counts, "counted"), (&reading.skipped, "left out")] {
        for (reason, count) in counts {
            let _ = writeln!(text, "{word} {reason} {count}");
        }
    }
    for observation in &reading.observations {
        let _ = writeln!(text, "{}", shown(observation));
    }
    for warning in &reading.warnings {
        let asked = reading.questions.iter().any(|question| {
            (&question.place, &question.message) == (&warning.place, &warning.message)
        });
        let mark = if asked { '?' } else { '!' };
        let _ = writeln!(text, "{mark} {} {}", warning.place, said(&warning.message));
    }
    text
}

fn shown(observation: &Observation) -> String {
    let mut line = format!("{} {}:", observation.place, observation.kind.key());
    for fact in observation.facts.iter() {
        let _ = write!(line, " {}={}", fact.field.key(), fact.value.replace('\n', " "));
    }
    for binding in &observation.bindings {
        let mac = binding.mac.map_or_else(|| "-".to_owned(), |mac| mac.to_string());
        let address = binding.address.map_or_else(|| "-".to_owned(), |address| address.to_string());
        let prefix = binding.prefix.map_or_else(String::new, |prefix| format!("/{prefix}"));
        let _ = write!(line, " {mac}@{address}{prefix}");
    }
    line
}

fn said(message: &Message) -> String {
    let args = message.args.iter().map(|(name, arg)| format!("{name}={}", plain(arg)));
    format!("{} {}", message.key, args.collect::<Vec<_>>().join(" ")).trim_end().to_owned()
}

fn plain(arg: &Arg) -> String {
    match arg {
        Arg::Date(date) => date.to_string(),
        Arg::List(values) => values.iter().map(plain).collect::<Vec<_>>().join("|"),
        Arg::Number(number) => number.to_string(),
        Arg::Place(place) => place.to_string(),
        Arg::Said(message) => said(message),
        Arg::Term(key) => key.to_string(),
        Arg::Text(text) => text.replace('\n', " "),
    }
}

#[test]
fn every_file_reads_as_it_was_judged() {
    let bless = std::env::var_os("BLESS").is_some();
    let samples = samples();
    assert!(samples.len() >= 24, "the samples are there");
    let mut differing = Vec::new();
    for path in samples {
        let bytes = fs::read(&path).unwrap();
        // The name must not help: files are known by what is in them.
        let told = told(&registry::read(&Input {
            name: "renamed.dat",
            bytes: &bytes,
            mapping: None,
            machine: None,
        }));
        let judged = path.with_extension("expected");
        if bless {
            fs::write(&judged, &told).unwrap();
        }
        if fs::read_to_string(&judged).unwrap_or_default() != told {
            differing.push(format!("{}:\n{told}", path.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// What a list of people says of them is nobody's device.
#[test]
fn lists_of_people_are_refused() {
    for name in ["patients.csv", "staff.csv"] {
        let bytes = fs::read(folder().join(name)).unwrap();
        let read = registry::read(&Input { name, bytes: &bytes, mapping: None, machine: None });
        assert!(read.is_err(), "{name}");
    }
}

/// A column nobody knows is left alone, so that what it holds is kept nowhere.
#[test]
fn passwords_are_never_read() {
    let name = "cameras-with-passwords.csv";
    let bytes = fs::read(folder().join(name)).unwrap();
    let read = registry::read(&Input { name, bytes: &bytes, mapping: None, machine: None });
    assert!(!told(&read).contains("hunter2"));
}
