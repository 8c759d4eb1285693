//! How long a program takes and how much memory it needs.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::shell;

/// GNU time, which knows a child's peak memory.
const TIME: &str = "/usr/bin/time";

/// One run of a program that ended well.
pub(crate) struct Run {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Largest resident memory in KiB; none where GNU time is missing.
    pub(crate) peak: Option<u64>,
    /// What it wrote.
    pub(crate) stdout: Vec<u8>,
}

/// Whether peak memory can be told; installs GNU time where that is allowed.
pub(crate) fn can_tell_memory() -> bool {
    shell::ensure_package("time", Path::new(TIME))
}

/// Runs a program once; a bad ending is an error with what it said.
pub(crate) fn run(program: &Path, arguments: &[&str]) -> io::Result<Run> {
    let note = tempfile::NamedTempFile::new()?;
    let mut command = if Path::new(TIME).exists() {
        let mut command = Command::new(TIME);
        command.args(["-f", "%M", "-o"]).arg(note.path()).arg("--").arg(program);
        command
    } else {
        Command::new(program)
    };
    let start = Instant::now();
    let output = command.args(arguments).stdin(Stdio::null()).output()?;
    let wall = start.elapsed();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let call = format!("{} {}", program.display(), arguments.join(" "));
        return Err(io::Error::other(format!("`{call}`: {}: {}", output.status, said.trim())));
    }
    let peak = fs::read_to_string(note.path())?.trim().parse().ok();
    Ok(Run { wall, peak, stdout: output.stdout })
}

/// Several runs of the same thing.
#[derive(Default)]
pub(crate) struct Series {
    walls: Vec<Duration>,
    peaks: Vec<u64>,
}

impl Series {
    pub(crate) fn add(&mut self, run: &Run) {
        self.walls.push(run.wall);
        self.peaks.extend(run.peak);
        self.walls.sort_unstable();
        self.peaks.sort_unstable();
    }

    /// The middle run in seconds; of an even number the slower of the two in the middle.
    pub(crate) fn median(&self) -> f64 {
        self.walls.get(self.walls.len() / 2).map_or(0.0, Duration::as_secs_f64)
    }

    /// Median, fastest, slowest and memory in one line.
    pub(crate) fn text(&self) -> String {
        let seconds = |wall: Option<&Duration>| wall.map_or(0.0, Duration::as_secs_f64);
        let (fastest, slowest) = (seconds(self.walls.first()), seconds(self.walls.last()));
        let peak = self.peaks.get(self.peaks.len() / 2);
        let peak = peak.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024));
        let (median, runs) = (self.median(), self.walls.len());
        format!("median {median:.3} s of {runs} ({fastest:.3} to {slowest:.3}), peak memory {peak}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_tells_its_middle_and_its_ends() {
        let mut series = Series::default();
        for (milliseconds, peak) in [(300, None), (100, Some(2048)), (200, Some(4096))] {
            let wall = Duration::from_millis(milliseconds);
            series.add(&Run { wall, peak, stdout: Vec::new() });
        }
        let expected = "median 0.200 s of 3 (0.100 to 0.300), peak memory 4 MiB";
        assert_eq!(series.text(), expected);
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        assert!(run(Path::new("false"), &[]).is_err());
        assert_eq!(run(Path::new("echo"), &["CT"]).unwrap().stdout, b"CT\n");
    }
}
