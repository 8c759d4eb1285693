//! `ver`: the build of a Windows, with its revision, which `systeminfo` does not tell.
//!
//! The answer is one line and names no machine: it is read where whoever brought it knows the machine.

use domain::{Field, Place};

use super::host::{Report, Reports};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The reader of `ver`.
#[derive(Debug)]
pub struct Ver;

impl Reader for Ver {
    fn kind(&self) -> &'static str {
        "windows-ver"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let mut lines = head.lines().filter(|line| !line.text.trim().is_empty());
        // Every session of a console begins with this line; alone it is an answer.
        match (lines.next().map(|line| build(line.text)), lines.next()) {
            (Some(Some(_)), None) => Score::Certain,
            _ => Score::No,
        }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reports = Reports::new(self.kind(), input);
        let found = text.lines().find_map(|line| Some((line.number, build(line.text)?)));
        let Some((number, build)) = found else { return Err(super::nothing_in(input)) };
        reports.reading.rows = 1;
        let mut report = Report::new(Place::line(number));
        report.fact(Field::OsVersion, build);
        reports.add(report);
        reports.finish()
    }
}

/// `10.0.19045.5011` of `Microsoft Windows [Version 10.0.19045.5011]`; Windows XP writes `Windows XP [Version 5.1.2600]`.
fn build(line: &str) -> Option<&str> {
    let (before, rest) = line.trim().strip_prefix("Microsoft Windows")?.split_once('[')?;
    let inside = rest.strip_suffix(']')?.trim();
    let number = inside.rsplit([' ', '\u{a0}']).next()?;
    let is_number = number.contains('.') && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (is_number && before.len() < 12 && inside.len() < 60).then_some(number)
}
