//! The desk in a real browser: `cargo xtask test browser` and `cargo xtask screenshots`.

use std::process::Command;

use crate::outcome::Outcome;
use crate::{cargo, shell};

/// What the browser tests need of Debian: a browser, what drives it, and letters for Japanese.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Walks a newcomer's first hour.
pub(crate) fn suite() -> Outcome {
    match ready() {
        Ok(()) => call(&["walk"], &[]),
        Err(left_out) => left_out,
    }
}

/// Makes a picture of every page in `folder`.
pub(crate) fn pictures(folder: &str) -> Outcome {
    match ready() {
        Ok(()) => call(&["pictures"], &[folder]),
        Err(left_out) => left_out,
    }
}

fn call(words: &[&str], rest: &[&str]) -> Outcome {
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--locked",
        "-p",
        "mimawari",
        "-p",
        "mimawari-browser",
    ]));
    if built != Outcome::Passed {
        return built;
    }
    let made = match cargo::workspace() {
        Ok(workspace) => workspace.target_directory.join("debug"),
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let name = |name: &str| made.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(name("mimawari-browser"));
    command.args(words).arg(name("mimawari")).args(rest).current_dir(shell::root());
    shell::run(&mut command)
}

/// Sees to it that there is a browser; installs it from Debian's packages where we may.
fn ready() -> Result<(), Outcome> {
    let is_there = || {
        shell::answers("chromedriver", &["--version"]) && shell::answers("chromium", &["--version"])
    };
    if is_there() {
        return Ok(());
    }
    let missing = format!("chromium is missing: apt-get install {}", PACKAGES.join(" "));
    if !shell::answers("apt-get", &["--version"]) {
        return Err(Outcome::LeftOut(missing));
    }
    let is_root = shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let installer: &[&str] = if is_root { &["apt-get"] } else { &["sudo", "-n", "apt-get"] };
    let apt = |words: &[&str]| {
        let mut command = Command::new(installer[0]);
        command.args(&installer[1..]).args(words).env("DEBIAN_FRONTEND", "noninteractive");
        shell::run(&mut command)
    };
    let install: Vec<&str> =
        ["install", "-y", "-q", "--no-install-recommends"].into_iter().chain(PACKAGES).collect();
    // Lists of packages may be missing or old on a fresh machine.
    if apt(&install) != Outcome::Passed
        && (apt(&["update", "-q"]) != Outcome::Passed || apt(&install) != Outcome::Passed)
    {
        return Err(Outcome::LeftOut(missing));
    }
    if is_there() { Ok(()) } else { Err(Outcome::LeftOut(missing)) }
}
