//! `Get-HotFix`, as its table and as CSV: which updates one or several machines have, and since when.

use std::collections::BTreeMap;

use domain::{Field, Place, fold, msg};
use jiff::civil::Date;

use super::host::{Report, Reports};
use super::moment::{self, Moment, Order};
use super::records::Records;
use super::systeminfo::is_update;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};

/// The table.
#[derive(Debug)]
pub struct HotFixTable;

/// The output of `Export-Csv`, and of `wmic qfe /format:csv`.
#[derive(Debug)]
pub struct HotFixCsv;

/// One update on one machine.
#[derive(Debug)]
struct Row {
    line: u32,
    host: String,
    update: String,
    installed: String,
}

/// The rows of a document, machine by machine.
#[derive(Debug)]
struct Updates<'a> {
    reports: Reports<'a>,
    rows: Vec<Row>,
}

/// More rows than one document has; bounds the memory of a reading.
const MAX_ROWS: usize = 1 << 20;

impl<'a> Updates<'a> {
    fn new(kind: &'static str, input: &Input<'a>) -> Self {
        Self { reports: Reports::new(kind, input), rows: Vec::new() }
    }

    fn add(&mut self, row: Row) {
        self.reports.reading.rows += 1;
        if self.rows.len() <= MAX_ROWS {
            self.rows.push(row);
        }
    }

    fn finish(mut self) -> Result<Reading, Refusal> {
        if self.rows.len() > MAX_ROWS {
            return Err(Refusal { message: msg!("windows.too_many_hosts", limit = MAX_ROWS) });
        }
        let order = moment::order(self.rows.iter().map(|row| row.installed.as_str()));
        let mut hosts: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in self.rows {
            hosts.entry(fold(&row.host)).or_default().push(row);
        }
        let mut hosts: Vec<Vec<Row>> = hosts.into_values().collect();
        hosts.sort_by_key(|rows| rows.first().map(|row| row.line));
        self.reports.reading.count("hosts", hosts.len() as u64);
        for rows in hosts {
            let report = report(&rows, order, &mut self.reports);
            self.reports.add(report);
        }
        self.reports.finish()
    }
}

/// The report of one machine from its rows.
fn report(rows: &[Row], order: Option<Order>, reports: &mut Reports<'_>) -> Report {
    let place = Place::line(rows.first().map_or(0, |row| row.line));
    let mut report = Report::new(place);
    let mut newest: Option<Date> = None;
    let mut ambiguous: Option<&Row> = None;
    for row in rows {
        report.name(&row.host);
        let moment = moment::read(&row.installed, order);
        let day = moment.day();
        match moment {
            Moment::Ambiguous => ambiguous = ambiguous.or(Some(row)),
            Moment::Unreadable => reports.unreadable(Place::line(row.line), &row.installed),
            Moment::Never => reports.reading.count("without_date", 1),
            _ => newest = newest.max(day),
        }
        let written = day.map_or_else(|| row.update.clone(), |day| format!("{} {day}", row.update));
        report.fact_written(Field::Hotfix, &row.update, &written);
    }
    match ambiguous {
        // The newest of the others may not be the newest of all.
        Some(row) => {
            let message = msg!("windows.date_ambiguous", text = excerpt(&row.installed));
            reports.reading.ask(Place::line(row.line), message);
        }
        None => {
            if let Some(newest) = newest {
                report.fact(Field::UpdatedOn, &newest.to_string());
            }
        }
    }
    report
}

impl Reader for HotFixTable {
    fn kind(&self) -> &'static str {
        "windows-hotfix-table"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| if is_header(line) { Score::Certain } else { Score::No })
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut updates = Updates::new(self.kind(), input);
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            let reading = &mut updates.reports.reading;
            if is_header(line.text) || line.text.trim().starts_with("---") {
                reading.skip("title");
            } else if super::is_prompt(line.text) {
                reading.skip("prompt");
            } else if let Some(row) = table_row(line.text, line.number).filter(|_| line.ended) {
                updates.add(row);
            } else {
                updates.reports.unreadable(Place::line(line.number), line.text);
            }
        }
        updates.finish()
    }
}

fn is_header(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.starts_with(&["Source", "Description", "HotFixID"])
}

/// `host description update by date`: the update is the word that is one, and the date begins with a figure.
fn table_row(line: &str, number: u32) -> Option<Row> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| is_update(word))?;
    // A name that was cut to its column names no machine.
    let host =
        words.first().filter(|host| at > 0 && !host.ends_with("...") && !host.ends_with('…'))?;
    let after = words.get(at + 1..).unwrap_or_default();
    let date = after
        .iter()
        .position(|word| word.contains('/') && word.starts_with(|c: char| c.is_ascii_digit()));
    Some(Row {
        line: number,
        host: (*host).to_owned(),
        update: (*words.get(at)?).to_owned(),
        installed: date
            .map_or_else(String::new, |date| after.get(date..).unwrap_or_default().join(" ")),
    })
}

impl Reader for HotFixCsv {
    fn kind(&self) -> &'static str {
        "windows-hotfix-csv"
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
        let mut updates = Updates::new(self.kind(), input);
        let mut columns = None;
        let mut records = Records::new(&text.body);
        while let Some((line, cells)) = records.next() {
            if let Some(header) = Columns::of(&cells) {
                columns = Some(header);
                updates.reports.reading.skip("title");
                continue;
            }
            let row = columns.as_ref().and_then(|columns: &Columns| columns.row(&cells, line));
            match row.filter(|_| records.is_whole()) {
                Some(row) => updates.add(row),
                None => updates.reports.unreadable(Place::line(line), &cells.join(",")),
            }
        }
        updates.finish()
    }
}

/// Where the columns stand, from 0; several may name the machine.
#[derive(Debug)]
struct Columns {
    hosts: Vec<usize>,
    update: usize,
    installed: usize,
}

impl Columns {
    fn of(cells: &[String]) -> Option<Self> {
        let at = |word: &str| cells.iter().position(|cell| cell.eq_ignore_ascii_case(word));
        let names = ["PSComputerName", "CSName", "Source", "__SERVER", "Node"];
        Some(Self {
            hosts: names.into_iter().filter_map(at).collect(),
            update: at("HotFixID")?,
            installed: at("InstalledOn")?,
        })
    }

    fn row(&self, cells: &[String], line: u32) -> Option<Row> {
        let update = cells.get(self.update).filter(|update| is_update(update))?;
        let mut hosts = self.hosts.iter().filter_map(|index| cells.get(*index));
        Some(Row {
            line,
            host: hosts.find(|host| !host.is_empty()).cloned().unwrap_or_default(),
            update: update.clone(),
            installed: cells.get(self.installed).cloned().unwrap_or_default(),
        })
    }
}
