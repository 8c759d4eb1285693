//! `cargo xtask package`: what a hospital installs, as a Debian package and as a plain archive.

mod archive;
mod third_party;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use archive::{Entry, ar, tar_gz};
use domain::Digest;

use crate::outcome::Outcome;
use crate::shell;

/// Builds the program for packages and packs it.
pub(crate) fn command(words: &[&str]) -> Outcome {
    let (binary, out) = match words {
        [] => (None, None),
        ["--binary", binary] => (Some(*binary), None),
        ["--binary", binary, out] => (Some(*binary), Some(*out)),
        [out] if !out.starts_with('-') => (None, Some(*out)),
        _ => return Outcome::Failed("cargo xtask package [--binary FILE] [FOLDER]".to_owned()),
    };
    let out = out.map_or_else(|| shell::root().join("target/package"), PathBuf::from);
    match binary.map_or_else(built, |binary| Ok(PathBuf::from(binary))).and_then(|binary| {
        let third_party = third_party::notices()?;
        pack(&fs::read(binary)?, third_party, &out)
    }) {
        Ok(files) => {
            files.iter().for_each(|file| println!("{}", file.display()));
            Outcome::Passed
        }
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// The program, built with the profile for packages.
fn built() -> io::Result<PathBuf> {
    let call = ["build", "--locked", "--profile", "dist", "--package", "mimawari"];
    match shell::run(&mut shell::cargo(&call)) {
        Outcome::Passed => Ok(shell::root().join("target/dist/mimawari")),
        _ => Err(io::Error::other("the program could not be built")),
    }
}

/// Writes both archives and their digests into `out`.
fn pack(binary: &[u8], third_party: String, out: &Path) -> io::Result<Vec<PathBuf>> {
    let (version, time) = (env!("CARGO_PKG_VERSION"), time());
    let entries = entries(binary, third_party)?;
    let deb = deb(&entries, binary, version, time)?;
    let plain = tar_gz(&plain(&entries), &format!("mimawari-{version}/"), time)?;
    fs::create_dir_all(out)?;
    let named = [
        (format!("mimawari_{version}_{}.deb", architecture()), deb),
        (format!("mimawari-{version}-{}-linux.tar.gz", std::env::consts::ARCH), plain),
    ];
    let mut sums = String::new();
    let mut files = Vec::new();
    for (name, bytes) in named {
        sums.push_str(&format!("{}  {name}\n", Digest::of(&bytes)));
        let path = out.join(name);
        fs::write(&path, bytes)?;
        files.push(path);
    }
    fs::write(out.join("SHA256SUMS"), sums)?;
    Ok(files)
}

/// What the package puts where.
fn entries(binary: &[u8], third_party: String) -> io::Result<Vec<Entry>> {
    let root = shell::root();
    let read = |path: &str| {
        fs::read(root.join(path)).map_err(|error| io::Error::other(format!("{path}: {error}")))
    };
    let doc = "usr/share/doc/mimawari";
    let mut entries = vec![
        Entry::file("etc/default/mimawari", 0o644, read("packaging/mimawari.default")?),
        Entry::file("usr/bin/mimawari", 0o755, binary),
        Entry::file(
            "usr/lib/systemd/system/mimawari.service",
            0o644,
            read("packaging/mimawari.service")?,
        ),
        Entry::file(
            "usr/lib/sysusers.d/mimawari.conf",
            0o644,
            read("packaging/mimawari.sysusers")?,
        ),
        Entry::file(&format!("{doc}/THIRD-PARTY.txt"), 0o644, third_party),
    ];
    for path in DOCUMENTS {
        let name = path.strip_prefix("docs/desk/").unwrap_or(path.trim_start_matches("docs/"));
        let name = name.replace("api/README.md", "api.md").replace("api/openapi", "openapi");
        entries.push(Entry::file(&format!("{doc}/{name}"), 0o644, read(path)?));
    }
    entries.push(Entry::file(&format!("{doc}/copyright"), 0o644, copyright()));
    Ok(entries)
}

/// What is told beside the program.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "README.en.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs/api/README.md",
    "docs/api/openapi.json",
    "docs/cli.md",
    "docs/desk/operations.md",
    "docs/desk/roles.md",
    "docs/rules.md",
];

fn copyright() -> &'static str {
    "Mimawari is licensed under Apache-2.0 OR MIT, at your choice: LICENSE-APACHE, LICENSE-MIT.\n\
     What it is built with, and under which terms, stands in THIRD-PARTY.txt.\n"
}

/// The plain archive: the program and its papers side by side, and the service to copy.
fn plain(entries: &[Entry]) -> Vec<Entry> {
    let moved = |entry: &Entry| {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let path = match entry.path.as_str() {
            "etc/default/mimawari" => "service/mimawari.default".to_owned(),
            "usr/lib/sysusers.d/mimawari.conf" => "service/mimawari.sysusers".to_owned(),
            "usr/lib/systemd/system/mimawari.service" => "service/mimawari.service".to_owned(),
            path if path.starts_with("usr/share/doc/") => format!("doc/{name}"),
            _ => name.to_owned(),
        };
        Entry { path, ..entry.clone() }
    };
    entries.iter().map(moved).collect()
}

fn deb(entries: &[Entry], binary: &[u8], version: &str, time: u64) -> io::Result<Vec<u8>> {
    let script = |name: &str| fs::read(shell::root().join("packaging").join(name));
    let control = [
        Entry::file("control", 0o644, control(entries, binary, version)),
        Entry::file("conffiles", 0o644, "/etc/default/mimawari\n"),
        Entry::file("postinst", 0o755, script("postinst")?),
        Entry::file("prerm", 0o755, script("prerm")?),
        Entry::file("postrm", 0o755, script("postrm")?),
    ];
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", tar_gz(&control, "./", time)?),
        ("data.tar.gz", tar_gz(entries, "./", time)?),
    ];
    Ok(ar(&members, time))
}

fn control(entries: &[Entry], binary: &[u8], version: &str) -> String {
    let kib: usize = entries.iter().map(|entry| entry.bytes.len().div_ceil(1024)).sum();
    let libc = needed_libc(binary).map(|version| format!(" (>= {version})")).unwrap_or_default();
    format!(
        "Package: mimawari\n\
         Version: {version}\n\
         Architecture: {}\n\
         Maintainer: The Mimawari authors <mimawari@example.invalid>\n\
         Installed-Size: {kib}\n\
         Depends: libc6{libc}, libgcc-s1\n\
         Section: admin\n\
         Priority: optional\n\
         Description: keeps a hospital's device ledger true, offline\n \
         Mimawari reads the files a hospital has (ledgers, neighbour tables, DHCP exports,\n \
         consoles, configurations, backup records, scans), joins them into one list of\n \
         devices, and says what is wrong with it and what to do.\n",
        architecture()
    )
}

/// The newest version of the C library that the program asks for.
fn needed_libc(binary: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"GLIBC_2.";
    let found = binary.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    let minor = |at: usize| {
        let digits = binary.get(at + MARK.len()..)?.iter().take_while(|b| b.is_ascii_digit());
        let text: String = digits.take(3).map(|digit| char::from(*digit)).collect();
        text.parse::<u32>().ok()
    };
    let newest = found.filter_map(|(at, _)| minor(at)).max()?;
    Some(format!("2.{newest}"))
}

/// As Debian calls this machine's kind.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// The time of the last commit, or of `SOURCE_DATE_EPOCH`: the same sources give the same package.
fn time() -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok();
    let committed = || {
        let mut git = Command::new("git");
        git.args(["log", "-1", "--format=%ct"]).current_dir(shell::root());
        shell::output(&mut git).ok()
    };
    given.or_else(committed).and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
