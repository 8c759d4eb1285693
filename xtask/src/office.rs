//! The exports of the ledger as a spreadsheet opens them: `cargo xtask test --full office`.
//!
//! A workbook and a text table of the demo hospital are opened by LibreOffice and written out again; every cell must come back as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use formats::marked::unmark;

use crate::outcome::Outcome;
use crate::suites::Depth;
use crate::visits::Desk;
use crate::{bench, shell};

/// LibreOffice's spreadsheet without a screen.
const PACKAGE: &str = "libreoffice-calc-nogui";

/// Comma, quotation mark, UTF-8, from the first line; every cell as it is shown.
const SHOWN: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false";

/// What an export is read with: comma, quotation mark, UTF-8, from the first line, in Japanese.
const READ: &str = "--infilter=CSV:44,34,76,1,,1041";

/// Opens every export. Only under `--full`: LibreOffice is large.
pub(crate) fn suite(depth: Depth) -> Outcome {
    if depth == Depth::Daily {
        println!("in --full only: LibreOffice opens the exports");
        return Outcome::Passed;
    }
    if !shell::ensure_package(PACKAGE, Path::new("/usr/bin/soffice")) {
        return Outcome::LeftOut(format!("LibreOffice is missing: apt-get install {PACKAGE}"));
    }
    opened().into()
}

fn opened() -> io::Result<()> {
    let program = bench::build(bench::Size::Smoke)?;
    let folder = tempfile::tempdir()?;
    let desk = Desk::of_demo(&program, &folder.path().join("data"))?;
    for name in ["own", "form"] {
        let [book, text] =
            ["xlsx", "csv"].map(|ending| folder.path().join(format!("{name}.{ending}")));
        for (file, ending) in [(&book, "xlsx"), (&text, "csv")] {
            fs::write(file, desk.page(&format!("/devices/export/{name}.{ending}"))?)?;
        }
        let written = rows(&fs::read_to_string(&text)?, true);
        let shown = folder.path().join("shown");
        same(&format!("{name}.xlsx"), &written, &converted(&book, &shown, None)?)?;
        same(&format!("{name}.csv"), &written, &converted(&text, &shown, Some(READ))?)?;
        println!("{name}: {} rows come back from the workbook and from the text", written.len());
    }
    Ok(())
}

/// What LibreOffice shows of a file.
fn converted(file: &Path, into: &Path, filter: Option<&str>) -> io::Result<Vec<Vec<String>>> {
    let profile =
        format!("-env:UserInstallation=file://{}", into.with_extension("profile").display());
    let mut command = Command::new("soffice");
    command.args(["--headless", &profile]).args(filter).args(["--convert-to", SHOWN, "--outdir"]);
    shell::output(command.arg(into).arg(file).env("LC_ALL", "ja_JP.UTF-8"))?;
    let name: PathBuf = file.with_extension("csv");
    let made = into.join(name.file_name().unwrap_or_default());
    // Of a text table the apostrophe before what would be a formula is shown as well.
    Ok(rows(&fs::read_to_string(made)?, filter.is_some()))
}

/// Fails at the first cell that is another one. Days may be shown in any order of year, month and day.
fn same(name: &str, written: &[Vec<String>], shown: &[Vec<String>]) -> io::Result<()> {
    if written.len() != shown.len() {
        let said = format!("{name}: {} rows instead of {}", shown.len(), written.len());
        return Err(io::Error::other(said));
    }
    for (number, (one, other)) in written.iter().zip(shown).enumerate() {
        for (column, (one, other)) in one.iter().zip(other).enumerate() {
            if one != other && (digits(one) != digits(other) || !is_day(one)) {
                let place = format!("{name}, row {}, column {}", number + 1, column + 1);
                return Err(io::Error::other(format!("{place}: {other:?} instead of {one:?}")));
            }
        }
    }
    Ok(())
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 3 && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// How often each number of a day stands in a text, without zeros before it.
fn digits(text: &str) -> BTreeMap<String, usize> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let mut counts = BTreeMap::new();
    for number in numbers {
        *counts.entry(number.trim_start_matches('0').to_owned()).or_default() += 1;
    }
    counts
}

/// The cells of a text table, without our marks where it is `marked`.
fn rows(text: &str, marked: bool) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(row) = rows.last_mut() else { break };
        let Some(cell) = row.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' => {}
            other => cell.push(other),
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    if marked {
        rows.iter_mut().flatten().for_each(|cell| *cell = unmark(cell).to_owned());
    }
    rows
}
