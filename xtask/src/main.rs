//! What the people who work on Mimawari run: checks, generated papers, fuzzing, measurements.
//!
//! One file for each subcommand. Nothing here ships to a hospital.

mod advisories;
mod bench;
mod browser;
mod cargo;
mod collected;
mod days;
mod feeds;
mod floors;
mod fuzz;
mod generate;
mod hospital;
mod ledger;
mod licences;
mod measure;
mod office;
mod outcome;
mod package;
mod purity;
mod shell;
mod spdx;
mod suites;
mod texts;
mod visits;
mod vulnerable;

use std::process::ExitCode;

use outcome::Outcome;

const USAGE: &str = "\
cargo xtask test [--full] [SUITE...]    every check in order, or the named ones
cargo xtask generate [--check]          docs that the program itself writes; --check only compares
cargo xtask package [--binary FILE] [FOLDER]   a Debian package and a plain archive, built with the profile dist
cargo xtask floors                      who may know whom, and that the pure rooms stay pure
cargo xtask texts                       every sentence named in code stands in both languages
cargo xtask licences                    licences, banned crates and where crates come from
cargo xtask fuzz [--seconds N] [--seed N] [TARGET]    damaged files for every reader
cargo xtask screenshots [FOLDER]         a picture of every page of the desk (target/screenshots)
cargo xtask bench [--full] [NAME]       measurements: import, devices, round, desk, vuln
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test", rest @ ..] => suites::test(rest),
        ["generate"] => report(generate::write()),
        ["generate", "--check"] => report(generate::check()),
        ["fuzz", rest @ ..] => report(fuzz::command(rest)),
        ["package", rest @ ..] => report(package::command(rest)),
        ["floors"] => report(floors::check()),
        ["texts"] => report(texts::check()),
        ["licences"] => report(licences::check()),
        ["screenshots"] => report(browser::pictures("target/screenshots")),
        ["screenshots", folder] => report(browser::pictures(folder)),
        // A piece of work of `bench vuln`, in a process of its own.
        ["advisories", rest @ ..] => report(advisories::command(rest)),
        ["bench"] => report(bench::run(bench::Size::Quick, None)),
        ["bench", "--full"] => report(bench::run(bench::Size::Full, None)),
        ["bench", "--full", name] => report(bench::run(bench::Size::Full, Some(name))),
        ["bench", name] => report(bench::run(bench::Size::Quick, Some(name))),
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Says how a single check ended.
fn report(outcome: Outcome) -> ExitCode {
    match outcome {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed(why) | Outcome::LeftOut(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
