//! `mimawari`, the one binary: reads the command line, opens the hospital, and prints.
//!
//! What is done is `app`'s; what is said stands in the texts. Exit code 0: done; 1: the input or the state is wrong; 2: the command
//! line is wrong.

mod command;
mod files;
mod log;
mod markdown;
mod notify;
mod output;
mod passphrase;
mod progress;
mod run;
mod table;
mod thrift;
mod time;
mod usage;

use std::process::ExitCode;

use mimalloc::MiMalloc;
use reference::{Catalogue, Language};

/// A ledger is millions of small pieces of memory; the allocators of the systems, above all that of Windows, are slow at them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let catalogue = Catalogue::load(language(&args));
    let matches = match command::build(&catalogue).try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(error) => return usage::explain(&catalogue, &error),
    };
    match run::run(&matches, catalogue) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// The language asked for, before the command line is read in it: `--lang`, else `MIMAWARI_LANG`, else Japanese.
fn language(args: &[std::ffi::OsString]) -> Language {
    let usual = std::env::var("MIMAWARI_LANG").ok();
    let mut language = usual.as_deref().and_then(Language::from_code).unwrap_or_default();
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    while let Some(word) = words.next() {
        let asked = if word == "--lang" { words.next() } else { word.strip_prefix("--lang=") };
        // That a language is not spoken here is told in the usual one.
        language = asked.and_then(Language::from_code).unwrap_or(language);
    }
    language
}
