//! Reads the folders of texts, so that a new file of sentences is picked up by being there, and nobody who starts the program waits for
//! them to be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out_folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut code = String::new();
    for (name, folder) in [("JA", "data/texts/ja"), ("EN", "data/texts/en")] {
        println!("cargo::rerun-if-changed={folder}");
        let files = files(&crate_folder.join(folder))?;
        code += &texts(name, &files)?;
        code += &sources(name, &files);
    }
    fs::write(out_folder.join("texts.rs"), code)
}

/// Every TOML file in `folder`, in the order of names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    Ok(files)
}

/// One constant with the key and the text of every sentence, in the order of keys.
fn texts(name: &str, files: &[PathBuf]) -> io::Result<String> {
    let mut all = BTreeMap::new();
    for file in files {
        let fault = |why: &str| io::Error::other(format!("{}: {why}", file.display()));
        let table: toml::Table =
            fs::read_to_string(file)?.parse().map_err(|error| fault(&format!("{error}")))?;
        for (key, value) in table {
            let toml::Value::String(text) = value else {
                return Err(fault(&format!("{key} is no sentence")));
            };
            if all.insert(key.clone(), text).is_some() {
                return Err(fault(&format!("{key} stands in two files")));
            }
        }
    }
    let mut code = format!("const {name}: &[(&str, &str)] = &[\n");
    for (key, text) in all {
        code += &format!("    ({key:?}, {text:?}),\n");
    }
    Ok(code + "];\n")
}

/// One constant for tests with the name and the content of every file.
fn sources(name: &str, files: &[PathBuf]) -> String {
    let mut code = format!("#[cfg(test)]\nconst {name}_FILES: &[(&str, &str)] = &[\n");
    for file in files {
        let short = file.file_name().unwrap_or_default().to_string_lossy();
        let path = file.display().to_string();
        code += &format!("    ({short:?}, include_str!({path:?})),\n");
    }
    code + "];\n"
}
