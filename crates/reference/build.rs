//! Lists the folders of texts, so that a new file of sentences is picked up by being there.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out_folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut code = String::new();
    for (name, folder) in [("JA", "data/texts/ja"), ("EN", "data/texts/en")] {
        println!("cargo::rerun-if-changed={folder}");
        code += &list(name, &crate_folder.join(folder))?;
    }
    fs::write(out_folder.join("texts.rs"), code)
}

/// One constant with the name and the content of every TOML file in `folder`, in the order of names.
fn list(name: &str, folder: &Path) -> io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut code = format!("const {name}: &[(&str, &str)] = &[\n");
    for file in files {
        let short = file.file_name().unwrap_or_default().to_string_lossy();
        let path = file.display().to_string();
        code += &format!("    ({short:?}, include_str!({path:?})),\n");
    }
    code += "];\n";
    Ok(code)
}
