//! What readers take and give.

use std::collections::BTreeMap;

use domain::{Coverage, Field, Message, Observation, Place, Warning};
use jiff::civil::{Date, DateTime};

use crate::parts::PartsHead;

/// What came in, and what a person already said about it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file's name, for messages and for naming a source; never for recognising.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
    /// Which column is which field, where a person said so for this source.
    pub mapping: Option<&'a Mapping>,
    /// The computer name of the machine that the document was taken on, where whoever brought it knows: outputs of a machine often
    /// do not name it. Never taken where the document says another.
    pub machine: Option<&'a str>,
}

/// A person's answer to "which column is which".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// Sheet to read, where it is not the one that was guessed.
    pub sheet: Option<String>,
    /// Row of the header, from 1.
    pub header_row: Option<u32>,
    /// Header text as written, and the field it holds; `None` says that the column is to be left alone.
    pub columns: Vec<(String, Option<Field>)>,
}

/// How sure a reader is that bytes are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Score {
    /// Not this reader's.
    No,
    /// It could be, if nobody else claims it.
    Perhaps,
    /// It has the words of this format.
    Likely,
    /// It carries the format's own mark.
    Certain,
}

/// Everything a reader found in one document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What it was read as, such as `windows-arp` or `ledger-xlsx`.
    pub kind: &'static str,
    /// The reader's version, raised whenever the same bytes would read differently.
    pub version: u16,
    /// Label of the text encoding, such as `cp932`, `utf-16le-bom`, `ascii`; none for workbooks.
    pub encoding: Option<&'static str>,
    /// Rows, lines or items that carried data.
    pub rows: u64,
    /// What was seen, in the order of reading.
    pub observations: Vec<Observation>,
    /// What was looked at. Import and time are filled in by `app`.
    pub coverage: Vec<Coverage>,
    /// What a person should know, in the order of reading.
    pub warnings: Vec<Warning>,
    /// What only a person can answer; each is also a warning at its place.
    pub questions: Vec<Question>,
    /// Rows left out on purpose (titles, sections, footnotes, broadcasts), by reason, with how many.
    pub skipped: BTreeMap<&'static str, u64>,
    /// The first rows of tables that were left out, each with its place: what a person is shown before an import counts.
    pub left_out: Vec<LeftOut>,
    /// Why the last row was left out.
    pub(crate) last_skip: Option<&'static str>,
    /// Other figures worth telling, by word, such as `interfaces`.
    pub counts: BTreeMap<&'static str, u64>,
    /// How columns were read, sheet by sheet.
    pub tables: Vec<TableRead>,
    /// The series this document belongs to, such as `arp/10.100.10.70`, where the content itself tells.
    pub source_hint: Option<String>,
    /// When the document says it was so.
    pub dated: Option<Dated>,
    /// What is kept in place of the document, where it holds secrets: the same document with every password, key, community string
    /// and hash masked. Readers of configurations always give it; its original never reaches the disk.
    pub masked: Option<Vec<u8>>,
    /// Nothing of the document is kept but its digest and what was read: it holds secrets, and no copy without them can be made.
    pub distilled: bool,
    /// A password stands in the free text of a cell, and was masked before anything was read of it.
    pub noted: bool,
    /// What the document is of, where it is a parts list.
    pub parts: Option<Box<PartsHead>>,
    /// Line ends: `crlf`, `lf`, `cr` or `mixed`; none for workbooks and single lines.
    pub newline: Option<&'static str>,
}

/// A row of a table that was left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it stands.
    pub place: Place,
    /// Why, as [`Reading::skipped`] counts it.
    pub reason: &'static str,
    /// The beginning of what stands there.
    pub text: String,
}

/// A date that stands in the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// A day, such as 令和8年11月20日現在.
    Day(Date),
    /// A local time.
    Local(DateTime),
}

/// How one sheet or table was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableRead {
    /// The sheet's name, in workbooks.
    pub sheet: Option<String>,
    /// What it was taken for, such as `ledger`, `legend`, `empty`, `hidden`.
    pub taken_as: &'static str,
    /// Row of the header, from 1; the last of them where the header has two.
    pub header_row: Option<u32>,
    /// Header text and the field it was read as.
    pub columns: Vec<(String, Option<Field>)>,
    /// The number of each of these columns in the document, from 1.
    pub numbers: Vec<u16>,
    /// Devices read from it.
    pub devices: u64,
    /// Columns of passwords and keys, from 1: nothing of them is read, nor kept.
    pub secret: Vec<u16>,
}

/// Something that only a person can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where it arose.
    pub place: Place,
    /// What is asked.
    pub message: Message,
}

/// Why a document could not be read at all. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it is, where, and what the person can do: one or two sentences.
    pub message: Message,
}

impl Reading {
    /// An empty reading by the reader `kind`.
    pub fn new(kind: &'static str, version: u16) -> Self {
        Self { kind, version, ..Self::default() }
    }

    /// Tells a person something about a place.
    pub fn warn(&mut self, place: Place, message: Message) {
        self.warnings.push(Warning { place, message });
    }

    /// Asks a person something; until it is answered nothing is guessed.
    pub fn ask(&mut self, place: Place, message: Message) {
        self.warnings.push(Warning { place: place.clone(), message: message.clone() });
        self.questions.push(Question { place, message });
    }

    /// Counts a row that was left out on purpose.
    pub fn skip(&mut self, reason: &'static str) {
        self.last_skip = Some(reason);
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Adds to a figure worth telling.
    pub fn count(&mut self, word: &'static str, number: u64) {
        *self.counts.entry(word).or_default() += number;
    }
}
