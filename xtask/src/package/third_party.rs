//! What the program is built with, under which terms, and the texts of those terms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use crate::shell;

/// Data of others that the program carries and whose terms ask to be told with it: its name, where it is from, and the terms.
const DATA: [(&str, &str, &str); 1] = [(
    "Recog",
    "BSD-2-Clause https://github.com/rapid7/recog",
    include_str!("../../../crates/reference/data/banners/LICENSE"),
)];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
    source: Option<String>,
}

/// One page of all of it. A text that several crates share stands once.
pub(super) fn notices() -> io::Result<String> {
    let used = used()?;
    let call = ["metadata", "--format-version", "1", "--locked"];
    let text = shell::output(&mut shell::cargo(&call))
        .or_else(|_| shell::output(shell::cargo(&call).arg("--offline")))?;
    let metadata: Metadata = serde_json::from_str(&text).map_err(io::Error::other)?;
    let mut packages: Vec<Package> = metadata
        .packages
        .into_iter()
        .filter(|package| {
            let named = format!("{} v{}", package.name, package.version);
            package.source.is_some() && used.contains(&named)
        })
        .collect();
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    let mut page = String::from("Mimawari is built with these crates and data.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, from, terms) in DATA {
        page.push_str(&format!("{name}: {from}\n"));
        texts.entry(terms.to_owned()).or_default().push(name.to_owned());
    }
    for package in &packages {
        let (name, version) = (&package.name, &package.version);
        let terms = package.license.as_deref().unwrap_or("see its text");
        let from = package.repository.as_deref().unwrap_or_default();
        page.push_str(&format!("{name} {version}: {terms} {from}\n"));
        let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
        for text in texts_in(folder)? {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    for (text, names) in texts {
        let line = "-".repeat(80);
        page.push_str(&format!("\n{line}\n{}\n{line}\n\n{}\n", names.join(", "), text.trim()));
    }
    Ok(page)
}

/// Names and versions of the crates that end up in the program.
fn used() -> io::Result<Vec<String>> {
    let call =
        ["tree", "--locked", "--package", "mimawari", "--edges", "normal", "--prefix", "none"];
    let listed = shell::output(&mut shell::cargo(&call))?;
    let named = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    Ok(listed.lines().map(named).collect())
}

/// The texts of the terms beside a crate's manifest.
fn texts_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let tells = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];
        if path.is_file() && tells.iter().any(|word| name.starts_with(word)) {
            texts.push(String::from_utf8_lossy(&fs::read(&path)?).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}
