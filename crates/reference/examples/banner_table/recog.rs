//! Reads the fingerprint files of Recog, and writes the table that ships and the examples that prove it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Value, json};

/// Anything that goes wrong in making the table.
pub(crate) type Fault = Box<dyn Error>;

/// One file: what its fingerprints are matched against, and they in order.
#[derive(Debug)]
pub(crate) struct Set {
    /// The key by which banners ask for it: `ssh.banner`.
    pub(crate) key: String,
    /// Its fingerprints, the first that fits first.
    pub(crate) fingerprints: Vec<Fingerprint>,
}

/// One fingerprint.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint {
    /// The regular expression, in the syntax of Ruby.
    pub(crate) pattern: String,
    /// `REG_ICASE`.
    pub(crate) ignores_case: bool,
    /// `REG_DOT_NEWLINE` or `REG_MULTILINE`, both of which are Ruby's `MULTILINE`: a dot is a line end too.
    pub(crate) dot_is_any: bool,
    /// Group of the pattern (0 for a fixed value), name, and the fixed value.
    pub(crate) says: Vec<(usize, String, String)>,
    /// Texts that it fits, and what it must say of each.
    pub(crate) examples: Vec<Example>,
}

/// A text that a fingerprint must fit.
#[derive(Debug)]
pub(crate) struct Example {
    /// The text.
    pub(crate) text: Vec<u8>,
    /// What must be said of it.
    pub(crate) says: BTreeMap<String, String>,
}

/// Every set of a folder, by key.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Set>, Fault> {
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a name")?;
            sets.push(read(stem, &fs::read_to_string(&path)?)?);
        }
    }
    sets.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(sets)
}

/// One file. `stem` is its name, which stands for what it is matched against where it does not say so itself.
pub(crate) fn read(stem: &str, xml: &str) -> Result<Set, Fault> {
    let mut set = Set { key: stem.to_owned(), fingerprints: Vec::new() };
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut one, mut example): (Fingerprint, Option<(Example, bool)>) = Default::default();
    loop {
        match reader.read_event()? {
            Event::Start(tag) => match tag.name().as_ref() {
                "fingerprints" => set.key = attribute(&tag, "matches")?.unwrap_or(set.key),
                "fingerprint" => one = begin(&tag)?,
                "param" => one.says.push(param(&tag)?),
                "example" => example = Some(begin_example(&tag)?),
                _ => {}
            },
            Event::Text(text) => {
                if let Some((example, _)) = &mut example {
                    example.text.extend_from_slice(text.as_bytes());
                }
            }
            Event::CData(text) => {
                if let Some((example, _)) = &mut example {
                    example.text.extend_from_slice(text.as_bytes());
                }
            }
            Event::GeneralRef(name) => {
                if let Some((example, _)) = &mut example {
                    let entity = format!("&{};", &*name);
                    let text = quick_xml::escape::unescape(&entity)?;
                    example.text.extend_from_slice(text.as_bytes());
                }
            }
            Event::End(tag) => match tag.name().as_ref() {
                "example" => one.examples.extend(end_example(example.take())?),
                "fingerprint" => set.fingerprints.push(std::mem::take(&mut one)),
                _ => {}
            },
            Event::Eof => return Ok(set),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    Ok(attributes(tag)?.remove(name))
}

fn attributes(tag: &BytesStart<'_>) -> Result<BTreeMap<String, String>, Fault> {
    tag.attributes()
        .map(|attribute| {
            let attribute = attribute?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned();
            Ok((attribute.key.as_ref().to_owned(), value))
        })
        .collect()
}

fn begin(tag: &BytesStart<'_>) -> Result<Fingerprint, Fault> {
    let flags = attribute(tag, "flags")?.unwrap_or_default();
    let has = |flag: &str| flags.split(',').any(|one| one == flag);
    Ok(Fingerprint {
        pattern: attribute(tag, "pattern")?.ok_or("a fingerprint without a pattern")?,
        ignores_case: has("REG_ICASE"),
        dot_is_any: has("REG_DOT_NEWLINE") || has("REG_MULTILINE"),
        ..Fingerprint::default()
    })
}

fn param(tag: &BytesStart<'_>) -> Result<(usize, String, String), Fault> {
    let mut said = attributes(tag)?;
    let name = said.remove("name").ok_or("a param without a name")?;
    let group = said.remove("pos").ok_or("a param without a group")?.parse()?;
    Ok((group, name, said.remove("value").unwrap_or_default()))
}

/// An example as far as its beginning tells it, and whether its text is in base64.
fn begin_example(tag: &BytesStart<'_>) -> Result<(Example, bool), Fault> {
    let mut says = attributes(tag)?;
    let encoding = says.remove("_encoding");
    if let Some(other) = says.keys().find(|name| name.starts_with('_')) {
        return Err(format!("an example with {other}").into());
    }
    Ok((Example { text: Vec::new(), says }, encoding.as_deref() == Some("base64")))
}

fn end_example(example: Option<(Example, bool)>) -> Result<Option<Example>, Fault> {
    let Some((mut example, is_packed)) = example else { return Ok(None) };
    if is_packed {
        example.text.retain(|byte| !byte.is_ascii_whitespace());
        example.text = STANDARD.decode(&example.text)?;
    }
    Ok(Some(example))
}

/// The table that ships: `=key` begins a set; a fingerprint is `/`, its flags, its needle and its pattern, and below it what it says,
/// each as a group, a name and a fixed value. Cells are divided by tabs, and the whole is one zlib stream.
pub(crate) fn table(sets: &[Set]) -> Result<Vec<u8>, Fault> {
    let mut lines = String::new();
    for set in sets {
        lines += &format!("={}\n", set.key);
        for one in &set.fingerprints {
            let flags = [(one.ignores_case, "i"), (one.dot_is_any, "s")];
            let flags: String = flags.iter().filter(|(is, _)| *is).map(|(_, flag)| *flag).collect();
            lines += &line(&[&format!("/{flags}"), &needle(one)?, &one.pattern])?;
            for (group, name, value) in &one.says {
                lines += &line(&[&group.to_string(), name, value])?;
            }
        }
    }
    pack(&lines)
}

/// The examples, one JSON object in a line: the set's key, the fingerprint's place in it from 0, the text in base64 and what is said.
pub(crate) fn examples(sets: &[Set]) -> Result<Vec<u8>, Fault> {
    let mut lines = String::new();
    for set in sets {
        for (at, one) in set.fingerprints.iter().enumerate() {
            for example in &one.examples {
                let text: Value = STANDARD.encode(&example.text).into();
                let line =
                    json!({ "set": set.key, "at": at, "base64": text, "says": example.says });
                lines += &format!("{line}\n");
            }
        }
    }
    pack(&lines)
}

fn line(cells: &[&str]) -> Result<String, Fault> {
    match cells.iter().any(|cell| cell.contains(['\t', '\n', '\r'])) {
        true => Err(format!("a line end or a tab in {cells:?}").into()),
        false => Ok(format!("{}\n", cells.join("\t"))),
    }
}

fn pack(text: &str) -> Result<Vec<u8>, Fault> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes())?;
    Ok(packed.finish()?)
}

/// The longest text in small letters that stands in everything the pattern fits; empty where none of three letters does.
fn needle(one: &Fingerprint) -> Result<String, Fault> {
    let hir = ParserBuilder::new()
        .utf8(false)
        .unicode(false)
        .multi_line(true)
        .case_insensitive(one.ignores_case)
        .dot_matches_new_line(one.dot_is_any)
        .build()
        .parse(&one.pattern)?;
    let mut runs = vec![String::new()];
    required(&hir, &mut runs);
    let longest = runs.into_iter().rev().max_by_key(String::len).unwrap_or_default();
    Ok(if longest.len() < 3 { String::new() } else { longest })
}

/// Adds the runs of letters that must stand in what fits. The last of `runs` is the one that goes on.
fn required(hir: &Hir, runs: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().for_each(|byte| add(*byte, runs)),
        HirKind::Class(class) => match one_letter(class) {
            Some(letter) => add(letter, runs),
            None => runs.push(String::new()),
        },
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Capture(group) => required(&group.sub, runs),
        HirKind::Concat(parts) => parts.iter().for_each(|part| required(part, runs)),
        HirKind::Repetition(repeated) if repeated.min > 0 => {
            runs.push(String::new());
            required(&repeated.sub, runs);
            runs.push(String::new());
        }
        HirKind::Repetition(_) | HirKind::Alternation(_) => runs.push(String::new()),
    }
}

fn add(byte: u8, runs: &mut Vec<String>) {
    match (byte.is_ascii_graphic() || byte == b' ', runs.last_mut()) {
        (true, Some(run)) => run.push(byte.to_ascii_lowercase().into()),
        _ => runs.push(String::new()),
    }
}

/// The letter that a class is, be it large or small.
fn one_letter(class: &Class) -> Option<u8> {
    let Class::Bytes(class) = class else { return None };
    let mut letters = class
        .ranges()
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .map(|b| b.to_ascii_lowercase());
    let first = letters.next()?;
    letters.all(|letter| letter == first).then_some(first)
}
