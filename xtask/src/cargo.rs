//! What cargo tells of the workspace and everything it builds on.

use std::io;
use std::path::PathBuf;

use serde::Deserialize;

use crate::shell;

/// The part of `cargo metadata` (format version 1) that we look at.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// One package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SPDX expression.
    pub(crate) license: Option<String>,
    /// Where it came from; none for our own.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One dependency as the package asks for it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    /// The package's name, not the name it is known by inside.
    pub(crate) name: String,
    /// None for a normal one, otherwise `dev` or `build`.
    pub(crate) kind: Option<String>,
}

/// Our own packages only; needs no registry.
pub(crate) fn workspace() -> io::Result<Metadata> {
    read(&["--no-deps"])
}

/// Every package that any platform would build.
///
/// Where the crates of other platforms are not on this machine and cannot be fetched, only those of this platform, and says so.
pub(crate) fn everything() -> io::Result<Metadata> {
    read(&[]).or_else(|error| {
        println!("crates of other platforms are not looked at: {error}");
        read(&["--filter-platform", &host()?])
    })
}

fn read(arguments: &[&str]) -> io::Result<Metadata> {
    let mut command = shell::cargo(&["metadata", "--format-version", "1", "--locked"]);
    let text = shell::output(command.args(arguments))?;
    serde_json::from_str(&text).map_err(io::Error::other)
}

/// This machine's platform, as rustc names it.
fn host() -> io::Result<String> {
    let said = shell::output(std::process::Command::new("rustc").arg("-vV"))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| io::Error::other("rustc does not name its host"))
}
