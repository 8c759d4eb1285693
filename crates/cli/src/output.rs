//! Printing: documents and tables to stdout, messages to stderr.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use domain::Message;
use reference::Catalogue;
use serde::Serialize;
use serde_json::ser::Formatter;

use crate::table::{Table, is_obeyed, plain};

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
    // Left to itself, stdout looks for a line end in every fragment.
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let printed = write_json(&mut out, value).and_then(|()| writeln!(out));
    finish(printed.and_then(|()| out.flush()))
}

/// Writes a value as JSON, on one line, with nothing in it that a terminal would obey.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Harmless);
    Ok(value.serialize(&mut serializer)?)
}

/// JSON in which what a terminal would obey is written by number: the same text to whoever reads it as JSON.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_obeyed(*c)) {
            let (before, after) = rest.split_at(at);
            // All of them lie within the first plane, where a character is its number.
            write!(writer, "{before}\\u{:04x}", u32::from(c))?;
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Prints text, line by line, harmless to a terminal.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    finish(writeln!(out, "{}", lines(text.trim_end_matches('\n'))))
}

/// Prints a JSON document that is laid out in lines already, with nothing in it that a terminal would obey.
pub(crate) fn document(text: &str) -> Result<(), Failure> {
    let mut harmless = String::with_capacity(text.len());
    for c in text.chars() {
        match is_obeyed(c) && c != '\n' {
            // Such a letter can only stand within a text, where its number means the same.
            true => harmless.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => harmless.push(c),
        }
    }
    finish(io::stdout().lock().write_all(harmless.as_bytes()))
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

/// A cell on one line that a terminal shows and Excel takes for text; one that begins like a formula, with a quote before it.
fn neutral(cell: &str) -> String {
    let cell = plain(cell);
    if cell.starts_with(['=', '+', '-', '@']) && cell.len() > 1 && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell
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
            ("\u{1b}=1+1", "'=1+1"),
            ("\u{9b}31m\u{202e}a\r\nb", "31ma b"),
        ] {
            assert_eq!(neutral(cell), expected);
        }
    }

    #[test]
    fn json_holds_nothing_that_a_terminal_would_obey_and_reads_back_the_same() {
        let text = "\u{1b}[2J\u{7f}\u{9b}31m\u{202e}\"あ\u{2066}";
        let mut written = Vec::new();
        write_json(&mut written, &text).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, r#""\u001b[2J\u007f\u009b31m\u202e\"あ\u2066""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
