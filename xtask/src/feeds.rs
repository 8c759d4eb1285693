//! `docs/formats.md`: what each reader feeds, read off the samples, and how to get each file.
//!
//! Nothing of it is written by hand but the steps: a reader feeds what it is seen to feed when it reads `testdata`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use domain::{Field, Observation, ObservationKind};
use formats::reading::{Input, Reading};
use reference::Catalogue;
use reference::texts::Language;
use serde::Deserialize;

use crate::shell;

/// Which kinds are had in which way, in the order of the page.
const GROUPS: &str = include_str!("../obtain.toml");

/// Kinds that no sample shows: `app` reads the first two itself, and the third is what a log of an unknown maker is called.
const WITHOUT_SAMPLE: [&str; 3] = ["collector-manifest", "support-table", "network-session"];

#[derive(Deserialize)]
struct Groups {
    group: Vec<Group>,
}

/// Kinds of documents that are had in one way.
#[derive(Deserialize)]
struct Group {
    /// The second part of the keys of its texts: `obtain.KEY` and `obtain.KEY.steps`.
    key: String,
    kinds: Vec<String>,
}

/// What a reader was seen to feed.
#[derive(Default)]
struct Fed {
    kinds: BTreeSet<ObservationKind>,
    fields: BTreeSet<Field>,
    signs: BTreeSet<&'static str>,
    /// Samples are kept with their secrets masked, and samples are kept whole.
    masked: bool,
    whole: bool,
}

/// The whole page.
pub(crate) fn page() -> io::Result<String> {
    let groups: Groups = toml::from_str(GROUPS).map_err(io::Error::other)?;
    let fed = read_samples()?;
    let [ja, en] = [Language::Ja, Language::En].map(Catalogue::load);
    complain(&groups, &fed, &ja)?;
    let mut page = String::from(
        "<!-- Written by `cargo xtask generate` from the program itself. Do not edit by hand. -->\n\n# 取り込めるファイル / Files that can be imported\n\n",
    );
    let _ = writeln!(page, "{}\n\n{}\n", ja.text("obtain.preface"), en.text("obtain.preface"));
    for group in &groups.group {
        let title = format!("obtain.{}", group.key);
        let steps = format!("obtain.{}.steps", group.key);
        let _ = writeln!(page, "## {} / {}\n", ja.text(&title), en.text(&title));
        let _ = writeln!(page, "{}\n\n{}\n", ja.text(&steps), en.text(&steps));
        let _ = writeln!(page, "| {} |\n|{}", header(&ja, &en).join(" | "), "---|".repeat(6));
        for kind in &group.kinds {
            let row = row(kind, fed.get(kind.as_str()), &ja, &en);
            let _ = writeln!(page, "| {} |", row.join(" | "));
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    Ok(page)
}

fn header(ja: &Catalogue, en: &Catalogue) -> [String; 6] {
    ["kind", "reader", "layer", "facts", "signs", "kept"].map(|word| {
        let key = format!("obtain.column.{word}");
        format!("{} / {}", ja.text(&key), en.text(&key))
    })
}

fn row(kind: &str, fed: Option<&Fed>, ja: &Catalogue, en: &Catalogue) -> [String; 6] {
    let name = format!("format.{kind}");
    let name = format!("{} / {}", ja.text(&name), en.text(&name));
    let Some(fed) = fed else {
        let as_sibling = format!("{} / {}", ja.text("obtain.sibling"), en.text("obtain.sibling"));
        return [
            format!("`{kind}`"),
            name,
            as_sibling,
            String::new(),
            String::new(),
            String::new(),
        ];
    };
    let layers = reference::layers::shipped();
    let said: Vec<String> = fed
        .kinds
        .iter()
        .map(|said| format!("`{}` ({})", said.key(), layers.feed(*said).layer.key()))
        .collect();
    let facts: Vec<String> = fed.fields.iter().map(|field| format!("`{}`", field.key())).collect();
    let signs: Vec<&str> = fed.signs.iter().copied().collect();
    let kept = match (fed.masked, fed.whole) {
        (true, true) => "keeping.where_found",
        (true, false) => "keeping.masked",
        (false, _) => "keeping.whole",
    };
    [
        format!("`{kind}`"),
        name,
        said.join(", "),
        facts.join(" "),
        signs.join(", "),
        format!("{} / {}", ja.text(kept), en.text(kept)),
    ]
}

/// Every kind has a way to be had, and every way belongs to kinds there are.
fn complain(groups: &Groups, fed: &BTreeMap<String, Fed>, texts: &Catalogue) -> io::Result<()> {
    let listed: BTreeSet<&str> =
        groups.group.iter().flat_map(|group| &group.kinds).map(String::as_str).collect();
    let named: BTreeSet<&str> = texts
        .keys()
        .filter_map(|key| key.strip_prefix("format."))
        // What people enter at the desk comes in no file.
        .filter(|kind| *kind != "hand")
        .collect();
    let unlisted: Vec<&str> = named.difference(&listed).copied().collect();
    let unknown: Vec<&str> = listed.difference(&named).copied().collect();
    let unread: Vec<&str> =
        fed.keys().map(String::as_str).filter(|kind| !listed.contains(kind)).collect();
    let alone = |group: &&Group| {
        group.kinds.iter().all(|kind| {
            !fed.contains_key(kind.as_str()) && !WITHOUT_SAMPLE.contains(&kind.as_str())
        })
    };
    let without_sample: Vec<&str> =
        groups.group.iter().filter(alone).map(|group| group.key.as_str()).collect();
    if [&unlisted, &unknown, &unread, &without_sample].iter().all(|list| list.is_empty()) {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "xtask/obtain.toml: no way to get {unlisted:?} and {unread:?}; no such kind as {unknown:?}; no sample for {without_sample:?}"
    )))
}

/// What readers feed, by kind, over every sample that is read.
fn read_samples() -> io::Result<BTreeMap<String, Fed>> {
    let mut fed: BTreeMap<String, Fed> = BTreeMap::new();
    let mut paths = Vec::new();
    let root = shell::root().join("testdata");
    walk(&root, &mut paths)?;
    // No import reads these.
    let beside = ["demo-feeds", "feeds", "notation", "products"].map(|name| root.join(name));
    paths.retain(|path| !beside.iter().any(|folder| path.starts_with(folder)));
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path)?;
        let input = Input { name: "sample", bytes: &bytes, mapping: None, machine: None };
        if let Ok(reading) = formats::registry::read(&input) {
            take(fed.entry(reading.kind.to_owned()).or_default(), &reading);
        }
    }
    Ok(fed)
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

fn take(fed: &mut Fed, reading: &Reading) {
    fed.masked |= reading.masked.is_some();
    fed.whole |= reading.masked.is_none();
    for said in &reading.observations {
        fed.kinds.insert(said.kind);
        fed.fields.extend(said.facts.iter().map(|fact| fact.field));
        if said.kind.names_a_device() {
            fed.signs.extend(signs(said));
        }
    }
}

/// The kinds of signs that an observation carries, as `domain::Sign` writes them.
fn signs(said: &Observation) -> impl Iterator<Item = &'static str> {
    let has = |field| said.facts.value(field).is_some();
    let mac = said.bindings.iter().any(|binding| binding.mac.is_some());
    let address = said.bindings.iter().any(|binding| binding.address.is_some());
    [
        (has(Field::AssetNumber), "asset"),
        (has(Field::Serial), "serial"),
        (mac, "mac"),
        (has(Field::Hostname), "host"),
        (address, "address"),
    ]
    .into_iter()
    .filter_map(|(carries, sign)| carries.then_some(sign))
}
