//! Other programs: run them, look for them, install them where that is allowed.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::outcome::Outcome;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    // `xtask` stands directly in the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// A call of the cargo that runs us, in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command with its output shown; fails with its exit code.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = name(command);
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("`{name}` ended with {status}")),
        Err(error) => Outcome::Failed(format!("`{name}` could not be started: {error}")),
    }
}

/// Runs a command and gives what it wrote to stdout; its stderr is shown only when it fails.
pub(crate) fn output(command: &mut Command) -> io::Result<String> {
    let name = name(command);
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!(
            "`{name}` ended with {}: {}",
            output.status,
            said.trim()
        )));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

/// Program and first argument, such as `cargo clippy`.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let first = command.get_args().next().unwrap_or_default();
    format!("{} {}", program.to_string_lossy(), first.to_string_lossy())
}

/// Whether a program can be called with these arguments at all.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Makes sure that `program` stands on this machine, by installing the Debian package `package` where we are root and have apt.
///
/// Returns whether it is there now.
pub(crate) fn ensure_package(package: &str, program: &Path) -> bool {
    if program.exists() {
        return true;
    }
    if !may_install() {
        return false;
    }
    println!("installing the Debian package {package} for {}", program.display());
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdout(Stdio::null());
        run(&mut command) == Outcome::Passed
    };
    let install = || apt(&["install", "--yes", "--no-install-recommends", package]);
    if !install() && apt(&["update"]) {
        install();
    }
    program.exists()
}

fn may_install() -> bool {
    let root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    root && answers("apt-get", &["--version"])
}
