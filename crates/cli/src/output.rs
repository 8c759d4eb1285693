//! Printing: documents and tables to stdout, messages to stderr.

use std::io::{self, Write};
use std::process::ExitCode;

use domain::Message;
use reference::Catalogue;
use serde::Serialize;

use crate::table::{Table, plain};

/// Why a command failed, said already or still to be said.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// The failure that `message` tells.
    pub(crate) fn new(texts: &Catalogue, message: &Message) -> Self {
        Self(texts.say(message))
    }

    /// Prints it to stderr; gives exit code 1.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("{}", lines(&self.0));
        ExitCode::from(1)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// The text without anything a terminal would obey, its line breaks kept.
pub(crate) fn lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// Whether printing failed because nobody reads any more (`mimawari devices | head`): that is no failure.
pub(crate) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Prints one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let printed = serde_json::to_writer(&mut out, value)
        .map_err(io::Error::from)
        .and_then(|()| writeln!(out));
    finish(printed)
}

/// Prints text, line by line, harmless to a terminal.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    finish(writeln!(out, "{}", lines(text.trim_end_matches('\n'))))
}

/// Prints a table, which holds nothing a terminal would obey already.
pub(crate) fn table(table: &Table) -> Result<(), Failure> {
    finish(io::stdout().lock().write_all(table.render().as_bytes()))
}

fn finish(printed: io::Result<()>) -> Result<(), Failure> {
    match printed {
        Err(error) if !is_closed(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints a CSV that opens right in Japanese Excel: UTF-8 with its mark, CRLF, and no cell that Excel would take for a formula.
pub(crate) fn csv(
    header: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), Failure> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut write = |cells: &[String]| writer.write_record(cells.iter().map(|cell| neutral(cell)));
    let mut written = write(header);
    for row in rows {
        written = written.and_then(|()| write(&row));
    }
    written.map_err(io::Error::from)?;
    let body = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    let mut out = io::stdout().lock();
    finish(out.write_all("\u{feff}".as_bytes()).and_then(|()| out.write_all(&body)))
}

/// A cell that begins like a formula, with a quote before it: it is data, whatever a file made of it.
fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
        && cell.len() > 1
        && cell.parse::<f64>().is_err()
    {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_neutralised() {
        for (cell, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-1+2", "'-1+2"),
            ("-", "-"),
            ("-5", "-5"),
            ("CT-01", "CT-01"),
        ] {
            assert_eq!(neutral(cell), expected);
        }
    }
}
