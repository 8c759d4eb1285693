use std::io::Read;

use flate2::read::GzDecoder;

use super::*;

/// A program that asks for two versions of the C library.
const BINARY: &[u8] = b"\x7fELF...GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.17\0";

/// What a tar holds: path, mode, bytes; folders with a slash at the end.
fn unpacked(gzipped: &[u8]) -> Vec<Entry> {
    let mut tar = Vec::new();
    GzDecoder::new(gzipped).read_to_end(&mut tar).unwrap();
    let (mut rest, mut entries) = (tar.as_slice(), Vec::new());
    while rest[0] != 0 {
        let (header, after) = rest.split_at(512);
        let text = |from: usize, to: usize| {
            let end = header[from..to].iter().position(|byte| *byte == 0).unwrap_or(to - from);
            String::from_utf8(header[from..from + end].to_vec()).unwrap()
        };
        let number = |from, to| usize::from_str_radix(text(from, to).trim(), 8).unwrap();
        let blank = header.iter().enumerate();
        let sum: usize = blank
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { usize::from(*byte) })
            .sum();
        assert_eq!(number(148, 155), sum);
        let size = number(124, 136);
        entries.push(Entry::file(&text(0, 100), number(100, 108) as u32, &after[..size]));
        rest = &after[size.next_multiple_of(512)..];
    }
    entries
}

/// The members of an ar.
fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = bytes.strip_prefix(b"!<arch>\n").unwrap();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (header, after) = rest.split_at(60);
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap().trim().to_owned();
        assert_eq!(&header[58..], b"`\n");
        let size: usize = text(&header[48..58]).parse().unwrap();
        members.push((text(&header[..16]), after[..size].to_vec()));
        rest = &after[size.next_multiple_of(2).min(after.len())..];
    }
    members
}

fn packed() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let files = pack(BINARY, "terms\n".to_owned(), folder.path()).unwrap();
    (folder, files)
}

#[test]
fn a_package_holds_what_was_put_in_and_nothing_else() {
    let (_folder, files) = packed();
    let members = members(&fs::read(&files[0]).unwrap());
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["debian-binary", "control.tar.gz", "data.tar.gz"]);
    assert_eq!(members[0].1, b"2.0\n");
    let held: Vec<Entry> =
        unpacked(&members[2].1).into_iter().filter(|entry| !entry.path.ends_with('/')).collect();
    let put = entries(BINARY, "terms\n".to_owned()).unwrap();
    let put: Vec<Entry> =
        put.into_iter().map(|entry| Entry { path: format!("./{}", entry.path), ..entry }).collect();
    assert_eq!(held, put);
    let control = unpacked(&members[1].1);
    let text = |name: &str| {
        let entry = control.iter().find(|entry| entry.path == format!("./{name}")).unwrap();
        (entry.mode, String::from_utf8(entry.bytes.clone()).unwrap())
    };
    let fields = text("control").1;
    assert!(fields.contains("\nDepends: libc6 (>= 2.34), libgcc-s1\n"), "{fields}");
    assert!(fields.contains(&format!("\nVersion: {}\n", env!("CARGO_PKG_VERSION"))));
    for script in ["postinst", "prerm", "postrm"] {
        let (mode, text) = text(script);
        assert!(mode == 0o755 && text.starts_with("#!/bin/sh\n") && text.contains("\nset -e\n"));
    }
}

#[test]
fn the_same_sources_give_the_same_package() {
    let ((_one, first), (_other, second)) = (packed(), packed());
    for (one, other) in first.iter().zip(&second) {
        assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
    }
}

#[test]
fn the_digests_are_those_of_the_files() {
    let (folder, files) = packed();
    let sums = fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let line = format!("{}  {name}", Digest::of(&fs::read(&file).unwrap()));
        assert!(sums.lines().any(|known| known == line), "{name}");
    }
}

#[test]
fn the_plain_archive_has_the_program_and_its_papers() {
    let (_folder, files) = packed();
    let held = unpacked(&fs::read(&files[1]).unwrap());
    let prefix = format!("mimawari-{}/", env!("CARGO_PKG_VERSION"));
    let program = held.iter().find(|entry| entry.path == format!("{prefix}mimawari")).unwrap();
    assert_eq!((program.mode, program.bytes.as_slice()), (0o755, BINARY));
    for name in ["service/mimawari.service", "doc/operations.md", "doc/THIRD-PARTY.txt"] {
        assert!(held.iter().any(|entry| entry.path == format!("{prefix}{name}")), "{name}");
    }
}

#[test]
fn debians_own_tool_reads_it() {
    if !shell::answers("dpkg-deb", &["--version"]) {
        println!("dpkg-deb is not on this machine: our own reader stands alone");
        return;
    }
    let (folder, files) = packed();
    let to = folder.path().join("unpacked");
    let mut unpack = Command::new("dpkg-deb");
    shell::output(unpack.arg("--extract").arg(&files[0]).arg(&to)).unwrap();
    for entry in entries(BINARY, "terms\n".to_owned()).unwrap() {
        assert_eq!(fs::read(to.join(&entry.path)).unwrap(), entry.bytes, "{}", entry.path);
    }
    let mut ask = Command::new("dpkg-deb");
    let name = shell::output(ask.arg("--field").arg(&files[0]).arg("Package")).unwrap();
    assert_eq!(name.trim(), "mimawari");
}
