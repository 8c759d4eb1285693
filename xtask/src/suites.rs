//! `cargo xtask test`: every check a change must pass, in the order of what fails soonest.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;
use crate::shell::{self, cargo};
use crate::{bench, browser, floors, fuzz, generate, licences, office, texts};

/// How long we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What every change runs.
    Daily,
    /// Also what takes hours: for the night and before a release.
    Full,
}

/// A named check.
struct Suite {
    name: &'static str,
    run: fn(Depth) -> Outcome,
}

const SUITES: &[Suite] = &[
    Suite { name: "format", run: |_| format() },
    Suite { name: "clippy", run: |_| clippy() },
    Suite { name: "docs", run: |_| docs() },
    Suite { name: "licences", run: |_| licences::check() },
    Suite { name: "floors", run: |_| floors::check() },
    Suite { name: "texts", run: |_| texts::check() },
    Suite { name: "unit", run: unit },
    Suite { name: "generated", run: |_| generate::check() },
    Suite { name: "browser", run: |_| browser::suite() },
    Suite { name: "fuzz", run: fuzz::suite },
    Suite { name: "bench", run: bench::suite },
    Suite { name: "office", run: office::suite },
];

/// How many times the store is killed in the middle of its work under `--full`; without, its tests use a number of their own.
const KILLS: &str = "500";

fn format() -> Outcome {
    if !shell::answers("rustfmt", &["--version"]) {
        return Outcome::LeftOut("rustfmt is missing: rustup component add rustfmt".to_owned());
    }
    shell::run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    if !shell::answers("cargo-clippy", &["--version"]) {
        return Outcome::LeftOut("clippy is missing: rustup component add clippy".to_owned());
    }
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    shell::run(&mut cargo(&arguments))
}

fn docs() -> Outcome {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    shell::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Every test. Documentation tests are switched off in all our crates, so nextest leaves nothing out.
fn unit(depth: Depth) -> Outcome {
    let with_nextest = shell::answers("cargo-nextest", &["nextest", "--version"]);
    let runner: &[&str] = if with_nextest { &["nextest", "run"] } else { &["test"] };
    let mut command = cargo(runner);
    command.args(["--workspace", "--locked", "--no-fail-fast"]);
    if depth == Depth::Full {
        command.env("MIMAWARI_KILLS", KILLS);
    }
    shell::run(&mut command)
}

/// Runs the named suites, or all; goes on after a failure and says at the end what failed and what was left out.
pub(crate) fn test(words: &[&str]) -> ExitCode {
    let depth = if words.contains(&"--full") { Depth::Full } else { Depth::Daily };
    let names: Vec<&str> = words.iter().copied().filter(|word| *word != "--full").collect();
    if let Some(unknown) = names.iter().find(|name| SUITES.iter().all(|s| s.name != **name)) {
        let known: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
        eprintln!("there is no suite `{unknown}`; there are: {}", known.join(", "));
        return ExitCode::from(2);
    }
    let chosen = SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.name));
    let results: Vec<_> = chosen.map(|suite| run(suite, depth)).collect();
    if depth == Depth::Daily {
        println!(
            "\nshort forms only: hours of fuzzing and {KILLS} kills of the store are in --full"
        );
    }
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let tally = Tally::of(&results, in_ci);
    println!("\n{}", tally.text);
    if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How a suite went.
struct Ran {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

fn run(suite: &Suite, depth: Depth) -> Ran {
    println!("\n== {} ==", suite.name);
    let start = Instant::now();
    let outcome = (suite.run)(depth);
    let took = start.elapsed();
    match &outcome {
        Outcome::Passed => println!("{}: passed in {:.1} s", suite.name, took.as_secs_f64()),
        Outcome::Failed(why) => {
            println!("{why}\n{}: FAILED after {:.1} s", suite.name, took.as_secs_f64());
        }
        Outcome::LeftOut(why) => println!("{}: left out: {why}", suite.name),
    }
    Ran { name: suite.name, outcome, took }
}

/// The summary; its last line is `N passed, N failed`, for machines.
struct Tally {
    text: String,
    failed: usize,
}

impl Tally {
    fn of(results: &[Ran], in_ci: bool) -> Self {
        let mut lines = vec!["== summary ==".to_owned()];
        let mut left_out = Vec::new();
        let (mut passed, mut failed) = (0, 0);
        for Ran { name, outcome, took } in results {
            let took = took.as_secs_f64();
            match outcome {
                Outcome::Passed => {
                    passed += 1;
                    lines.push(format!("passed    {name} ({took:.1} s)"));
                }
                Outcome::Failed(why) => {
                    failed += 1;
                    let first = why.lines().next().unwrap_or_default();
                    lines.push(format!("FAILED    {name} ({took:.1} s): {first}"));
                }
                Outcome::LeftOut(why) => {
                    failed += usize::from(in_ci);
                    let mark = if in_ci { "; CI=true counts that as failed" } else { "" };
                    left_out.push(format!("left out  {name}: {why}{mark}"));
                }
            }
        }
        lines.extend(left_out);
        lines.push(format!("{passed} passed, {failed} failed"));
        Self { text: lines.join("\n"), failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(outcomes: &[Outcome], in_ci: bool) -> Tally {
        let ran = |outcome: &Outcome| Ran {
            name: "suite",
            outcome: outcome.clone(),
            took: Duration::from_millis(1500),
        };
        Tally::of(&outcomes.iter().map(ran).collect::<Vec<_>>(), in_ci)
    }

    #[test]
    fn the_last_line_counts_suites() {
        let outcomes = [Outcome::Passed, Outcome::Failed("line 1\nline 2".into()), Outcome::Passed];
        let tally = tally(&outcomes, false);
        assert_eq!(tally.text.lines().last(), Some("2 passed, 1 failed"));
        assert!(tally.text.contains("FAILED    suite (1.5 s): line 1\n"));
    }

    #[test]
    fn leaving_one_out_fails_in_ci_only() {
        let outcomes = [Outcome::Passed, Outcome::LeftOut("no browser".into())];
        let (at_home, in_ci) = (tally(&outcomes, false), tally(&outcomes, true));
        assert_eq!((at_home.failed, in_ci.failed), (0, 1));
        assert!(at_home.text.contains("left out  suite: no browser\n1 passed, 0 failed"));
        assert_eq!(in_ci.text.lines().last(), Some("1 passed, 1 failed"));
    }

    #[test]
    fn every_suite_has_a_name_of_its_own() {
        for (index, suite) in SUITES.iter().enumerate() {
            assert!(SUITES[..index].iter().all(|other| other.name != suite.name), "{}", suite.name);
        }
    }
}
