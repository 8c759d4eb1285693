//! The pure rooms: their sources name no file, no socket, no process, no environment and no clock.
//!
//! A scan for words, not a proof: it catches the slip of a tired evening. Tests may read files, so everything from
//! `#[cfg(test)] mod tests` on (tests stand last in our files) and files named `tests.rs` are left alone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::shell;

/// Folders under `crates/` of the rooms that take bytes, tables and "today" as arguments.
pub(crate) const ROOMS: &[&str] = &["domain", "notation", "formats", "engine", "reference"];

/// What may not be named there. `std::net` has the address types too, so only its sockets are listed.
const WORDS: &[&str] = &[
    "std::fs",
    "fs::",
    "File::open",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "std::process",
    "process::",
    "std::env",
    "env::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "thread::sleep",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
];

/// One sentence for each word found in a pure room.
pub(crate) fn complaints() -> io::Result<Vec<String>> {
    let root = shell::root();
    let mut complaints = Vec::new();
    for room in ROOMS {
        for file in sources(&root.join("crates").join(room).join("src"))? {
            let text = fs::read_to_string(&file)?;
            let shown = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            complaints.extend(found(&text).into_iter().map(|(line, word)| {
                format!("{shown}:{line}: `{word}` in a room that does no I/O and reads no clock")
            }));
        }
    }
    Ok(complaints)
}

/// The one file that may look away from the compiler: `docs/decisions/0022-a-weakness-is-told-by-product.md`.
const UNSAFE: &str = "crates/store/src/mapped.rs";

/// One sentence for each place beside [`UNSAFE`] that lifts the ban on unsafe code. The compiler finds the code itself.
pub(crate) fn unsafe_complaints() -> io::Result<Vec<String>> {
    let root = shell::root();
    let mut complaints = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let source = entry?.path().join("src");
        let files = if source.is_dir() { sources(&source)? } else { Vec::new() };
        for file in files {
            let shown = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            if shown != UNSAFE && lifts_the_ban(&fs::read_to_string(&file)?) {
                complaints.push(format!("{shown}: unsafe code is for {UNSAFE} alone"));
            }
        }
    }
    Ok(complaints)
}

fn lifts_the_ban(text: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| line.contains("(unsafe_code"))
}

/// Every Rust file below a folder that is not a file of tests.
pub(crate) fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name() != Some(OsStr::new("tests")) {
                files.extend(sources(&path)?);
            }
        } else if path.extension() == Some(OsStr::new("rs"))
            && path.file_name() != Some(OsStr::new("tests.rs"))
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The part of a source that ships: tests stand last.
pub(crate) fn before_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests").map_or(text, |(code, _)| code)
}

/// Lines, from 1, and the forbidden word on each.
fn found(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (index, line) in before_tests(text).lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        if let Some(word) = WORDS.iter().find(|word| names(line, word)) {
            found.push((index + 1, *word));
        }
    }
    found
}

/// Whether the word stands in the line on its own, not as the end of a longer name.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_clocks_and_printing_are_found() {
        for line in [
            "use std::fs;",
            "    let text = fs::read(path)?;",
            "let at = Timestamp::now();",
            "println!(\"{row}\");",
            "let socket = std::net::UdpSocket::bind(address);",
        ] {
            assert_eq!(found(line).len(), 1, "{line}");
        }
    }

    #[test]
    fn the_ban_on_unsafe_code_is_lifted_in_one_place() {
        assert!(lifts_the_ban("#[expect(unsafe_code, reason = \"x\")]"));
        assert!(lifts_the_ban("    #![allow(unsafe_code)]"));
        assert!(!lifts_the_ban("// #[expect(unsafe_code)]\nfn unsafe_code() {}"));
        assert_eq!(unsafe_complaints().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn comments_addresses_and_tests_are_left_alone() {
        for text in [
            "// It never calls std::fs.",
            "use std::net::IpAddr;",
            "let path = env!(\"CARGO_MANIFEST_DIR\");",
            "let offs = coffs::of(row);",
            "#[cfg(test)]\nmod tests {\n    use std::fs;\n}",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
