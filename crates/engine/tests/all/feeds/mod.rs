//! Real records, read by the readers, put into an index, and asked about.
//!
//! What is right is read straight off the raw records here, by comparing dotted numbers as lists: nothing of the readers, the schemes
//! or the judge has a part in it. The samples of `testdata/feeds` are always read; the whole data they were taken from is read where
//! it lies when `MIMAWARI_PUBLIC_DATA` names its folder.

mod csaf;
mod cve;
mod models;
mod nvd;
mod windows;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use domain::{MakerRow, MakerTable};
use engine::advisories::index::{Builder, Index};
use engine::advisories::judge::{Judge, Judged, Match, Product, Verdicts};
use flate2::read::GzDecoder;
use serde_json::Value;

/// Records of a file, an index of them, and what was asked.
struct Feed {
    records: Vec<Value>,
    index: Vec<u8>,
    makers: MakerTable,
}

/// Two of the makers that the samples name, with a writing of a ledger.
fn makers() -> MakerTable {
    let row = |name: &str, writing: &str| MakerRow {
        name: name.to_owned(),
        writings: vec![writing.to_owned()],
        former: Vec::new(),
    };
    MakerTable::new(vec![
        row("シーメンス", "Siemens"),
        row("シーメンスヘルスケア", "Siemens Healthineers"),
    ])
}

impl Feed {
    fn read(path: &Path) -> Self {
        Self::read_with(path, &[])
    }

    /// With the records of further files.
    fn read_with(path: &Path, others: &[&Path]) -> Self {
        let mut bytes =
            fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut text = String::new();
        if path.extension().is_some_and(|end| end == "gz") {
            GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes.clone()).unwrap();
        }
        let whole = serde_json::from_str(&text).map(|one: Value| vec![one]);
        let mut records = whole.unwrap_or_else(|_| {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            lines.map(|line| serde_json::from_str(line).unwrap()).collect()
        });
        if name_by_annotation(&mut records) {
            bytes = records.iter().map(|one| format!("{one}\n")).collect::<String>().into_bytes();
        }
        let mut builder = Builder::new();
        let mut add = |record| builder.add(record).unwrap();
        formats::feeds::read(Cursor::new(bytes), "feed", &mut add)
            .unwrap_or_else(|why| panic!("{}: {why:?}", path.display()));
        for other in others {
            let bytes = fs::read(other).unwrap();
            formats::feeds::read(Cursor::new(bytes), "other", &mut add)
                .unwrap_or_else(|why| panic!("{}: {why:?}", other.display()));
        }
        let mut index = Vec::new();
        builder.finish(Vec::new(), &mut index).unwrap();
        Self { records, index, makers: makers() }
    }

    /// Asks with `ask`, which is given what says what of a product.
    fn ask<T>(&self, ask: impl FnOnce(&Judge<'_, '_>) -> T) -> T {
        let index = Index::open(&self.index).unwrap();
        ask(&Judge::new(&index, &self.makers))
    }
}

/// Puts the numbers of records that only an annotation names (anchore/nvd-data-overrides) where the NVD has them, as was done for the
/// sample; whether there were any.
fn name_by_annotation(records: &mut [Value]) -> bool {
    let mut found = false;
    for record in records {
        let Some(annotation) = record.as_object_mut().and_then(|one| one.remove("_annotation"))
        else {
            continue;
        };
        record["cve"]["id"] = annotation["cve_id"].clone();
        found = true;
    }
    found
}

/// A sample.
fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/feeds").join(name)
}

/// Files of the data the samples were taken from; none where it is not on this machine.
fn public(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Some(root) = std::env::var_os("MIMAWARI_PUBLIC_DATA") else {
        eprintln!("NOT TESTED: {folder}: MIMAWARI_PUBLIC_DATA names no folder");
        return Vec::new();
    };
    let entries = fs::read_dir(Path::new(&root).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && is_wanted(path.file_name().unwrap().to_str().unwrap()));
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files
}

/// What is said of a vulnerability.
fn of<'v>(verdicts: &'v Verdicts, id: &str) -> Option<&'v Match> {
    let Judged::Yes(matches) = &verdicts.judged else { return None };
    matches.iter().find(|one| one.vulnerability.numbers.iter().any(|number| number == id))
}

fn is_affected(judge: &Judge<'_, '_>, product: &Product, id: &str) -> bool {
    let verdicts = judge.judge(product).unwrap();
    of(&verdicts, id).is_some_and(|one| one.affected.is_some())
}

/// Dotted numbers, without the zeros at the end; none where the text is anything else.
fn dotted(text: &str) -> Option<Vec<u64>> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut numbers = Vec::new();
    for part in text.split('.') {
        numbers.push(part.parse().ok().filter(|_| is_number(part))?);
    }
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

/// The last version before, and the next.
fn around(version: &str) -> Vec<String> {
    let written =
        |numbers: &[u64]| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
    let mut numbers: Vec<u64> = version.split('.').map(|part| part.parse().unwrap()).collect();
    let mut next = numbers.clone();
    if let Some(last) = next.last_mut() {
        *last += 1;
    }
    let mut around = vec![written(&next)];
    if let Some(at) = numbers.iter().rposition(|number| *number > 0) {
        numbers[at] -= 1;
        numbers[at + 1..].fill(999);
        around.push(written(&numbers));
    }
    around
}

/// A range as a record gives it: each end, and whether it is itself within.
#[derive(Debug, Clone, Default)]
struct Range {
    from: Option<(String, bool)>,
    to: Option<(String, bool)>,
}

impl Range {
    /// Whether it has no end.
    fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether a version is within, by comparing numbers; none where an end is something else.
    fn holds(&self, version: &[u64]) -> Option<bool> {
        let from = self.from.as_ref().map(|(end, included)| Some((dotted(end)?, *included)));
        let to = self.to.as_ref().map(|(end, included)| Some((dotted(end)?, *included)));
        let after = match from {
            None => true,
            Some(end) => {
                end.map(|(end, included)| *version > *end || (included && version == end))?
            }
        };
        let before = match to {
            None => true,
            Some(end) => {
                end.map(|(end, included)| *version < *end || (included && version == end))?
            }
        };
        Some(after && before)
    }

    /// Versions at the ends and around them, where they are dotted numbers.
    fn probes(&self) -> Vec<String> {
        let ends = [&self.from, &self.to].into_iter().flatten().map(|(end, _)| end);
        let ends = ends.filter(|end| dotted(end).is_some());
        ends.flat_map(|end| [vec![end.clone()], around(end)].concat()).collect()
    }
}
