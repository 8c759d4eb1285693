//! Gives every asset an address that changes with its content, so that browsers may keep it for ever.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out_folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=templates");
    let mut files: Vec<PathBuf> = fs::read_dir(crate_folder.join("assets"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let mut code = String::from("const ASSETS: &[Asset] = &[\n");
    for file in files {
        code += &asset(&file)?;
    }
    code += "];\n";
    fs::write(out_folder.join("assets.rs"), code)
}

fn asset(file: &Path) -> io::Result<String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let digest = Sha256::digest(fs::read(file)?);
    let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let media = match extension {
        "css" => "text/css; charset=utf-8",
        "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        other => return Err(io::Error::other(format!("{name}: no media type for `{other}`"))),
    };
    let path = file.display().to_string();
    Ok(format!(
        "    Asset {{ name: {name:?}, served_as: \"{stem}.{mark}.{extension}\", media: {media:?}, bytes: include_bytes!({path:?}) }},\n"
    ))
}
