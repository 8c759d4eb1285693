//! `getmac`, with and without `/v`, as a table and as CSV.
//!
//! The answer lists the cards of one machine and does not name it: the cards do.

use domain::{MacAddress, Place, fold};

use super::adapter;
use super::host::{Report, Reports};
use super::records::Records;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The table.
#[derive(Debug)]
pub struct Getmac;

/// `getmac /fo csv`.
#[derive(Debug)]
pub struct GetmacCsv;

/// A row as it was written.
struct Row<'a> {
    name: &'a str,
    description: &'a str,
    mac: Option<MacAddress>,
    transport: &'a str,
}

/// Takes the cards of the machine.
struct Cards<'a> {
    reports: Reports<'a>,
    report: Option<Report>,
}

impl<'a> Cards<'a> {
    fn new(kind: &'static str, input: &Input<'a>) -> Self {
        Self { reports: Reports::new(kind, input), report: None }
    }

    fn row(&mut self, row: &Row<'_>, place: Place) {
        self.reports.reading.rows += 1;
        self.reports.reading.count("adapters", 1);
        let report = self.report.get_or_insert_with(|| Report::new(place));
        let role = adapter::role(row.name, row.description, row.mac);
        let is_connected = row.transport.starts_with("\\Device");
        match (row.mac, adapter::card(role, row.mac, false)) {
            (_, Some(card)) => report.binding(Some(card), None),
            (Some(_), None) => self.reports.reading.skip("software_card"),
            (None, None) => self.reports.reading.skip("no_card"),
        }
        self.reports.reading.count("connected", u64::from(is_connected));
    }

    fn finish(mut self, input: &Input<'_>) -> Result<Reading, Refusal> {
        let Some(report) = self.report.take() else { return Err(super::nothing_in(input)) };
        self.reports.add(report);
        self.reports.finish()
    }
}

impl Reader for Getmac {
    fn kind(&self) -> &'static str {
        "windows-getmac"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let mut lines = head.lines().peekable();
        while let Some(line) = lines.next() {
            let is_ruled = lines.peek().is_some_and(|next| is_rule(next.text));
            if is_ruled && is_header(line.text) {
                return Score::Certain;
            }
        }
        Score::No
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut cards = Cards::new(self.kind(), input);
        let mut in_table = false;
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            if is_rule(line.text) {
                in_table = true;
            } else if !in_table || super::is_prompt(line.text) {
                in_table = false;
                cards.reports.reading.skip("title");
            } else if !line.ended {
                cards.reports.unreadable(Place::line(line.number), line.text);
            } else {
                cards.row(&table_row(line.text), Place::line(line.number));
            }
        }
        cards.finish(input)
    }
}

fn is_header(line: &str) -> bool {
    let folded = fold(line);
    (folded.contains("物理アドレス") && folded.contains("トランスポ-ト名"))
        || (folded.contains("physicaladdress") && folded.contains("transportname"))
}

fn is_rule(line: &str) -> bool {
    line.len() > 20 && line.chars().all(|c| c == '=' || c == ' ')
}

/// The card is the word that is one; what stands before it are the names of the adapter, cut to their columns.
fn table_row(line: &str) -> Row<'_> {
    let card =
        line.split_whitespace().find(|word| word.len() == 17 && word.parse::<MacAddress>().is_ok());
    let at = card.and_then(|card| line.find(card));
    let (before, after) = match (at, card) {
        (Some(at), Some(card)) => (line.get(..at), line.get(at + card.len()..)),
        _ => (Some(line), None),
    };
    Row {
        name: before.unwrap_or_default(),
        description: before.unwrap_or_default(),
        mac: card.and_then(|card| card.parse().ok()),
        transport: after.unwrap_or_default().trim(),
    }
}

impl Reader for GetmacCsv {
    fn kind(&self) -> &'static str {
        "windows-getmac-csv"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if Records::header(head.text, |cells| Columns::of(cells).is_some()) {
            Score::Certain
        } else {
            Score::No
        }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut cards = Cards::new(self.kind(), input);
        let mut columns = None;
        let mut records = Records::new(&text.body);
        while let Some((line, cells)) = records.next() {
            if let Some(header) = Columns::of(&cells) {
                columns = Some(header);
                cards.reports.reading.skip("title");
                continue;
            }
            let Some(columns) = columns.as_ref().filter(|_| records.is_whole()) else {
                cards.reports.unreadable(Place::line(line), &cells.join(","));
                continue;
            };
            cards.row(&columns.row(&cells), Place::line(line));
        }
        cards.finish(input)
    }
}

/// Where the columns stand, from 0.
#[derive(Debug)]
struct Columns {
    name: Option<usize>,
    description: Option<usize>,
    card: usize,
    transport: usize,
}

impl Columns {
    fn of(cells: &[String]) -> Option<Self> {
        let at =
            |words: &[&str]| cells.iter().position(|cell| words.contains(&fold(cell).as_str()));
        Some(Self {
            name: at(&["接続名", "connectionname"]),
            description: at(&["ネットワ-クアダプタ-", "ネットワ-クアダプタ", "networkadapter"]),
            card: at(&["物理アドレス", "physicaladdress"])?,
            transport: at(&["トランスポ-ト名", "transportname"])?,
        })
    }

    fn row<'c>(&self, cells: &'c [String]) -> Row<'c> {
        let cell = |index: Option<usize>| {
            index.and_then(|index| cells.get(index)).map_or("", String::as_str)
        };
        Row {
            name: cell(self.name),
            description: cell(self.description),
            mac: cell(Some(self.card)).parse().ok(),
            transport: cell(Some(self.transport)),
        }
    }
}
