//! The desk as a person meets it: a real browser on the real program.
//!
//! `mimawari-browser walk PROGRAM` walks a newcomer's first hour, step by step, wide and narrow, with the keyboard and under axe-core.
//! `mimawari-browser pictures PROGRAM FOLDER` makes a picture of every page. `cargo xtask test browser` and `cargo xtask screenshots`
//! call it.

mod desk;
mod pages;
mod pictures;
mod visitor;
mod walk;

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ended = match words.as_slice() {
        ["walk", program] => walk::walk(Path::new(program)).await,
        ["pictures", program, folder] => {
            pictures::make(Path::new(program), Path::new(folder)).await
        }
        _ => bail_usage(),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bail_usage() -> anyhow::Result<()> {
    bail!("mimawari-browser walk PROGRAM | pictures PROGRAM FOLDER")
}
