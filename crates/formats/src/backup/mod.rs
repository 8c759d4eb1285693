//! Backup logs: runs of jobs, and trials of bringing something back.
//!
//! A log proves that a job ran, not that what it saved can be brought back: only a restore does.

mod values;
pub mod wbadmin;
pub(crate) mod words;

use std::collections::HashSet;

use domain::{FactsBuilder, Field, Medium, Observation, ObservationKind, Place, RunResult, msg};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::columns::Column;
use crate::console::say_of_time;
use crate::ledger::rows::{RowKind, Rows};
use crate::table::{Row, SheetInfo};
use crate::tables::Found;
use crate::tables::book::Book;
use crate::values::text::tidy;
use crate::values::time::{self, Clock, TimeCell};
use crate::values::{date, identifier, nothing};

/// How many names of jobs are remembered to be counted.
const MOST_JOBS: usize = 10_000;

/// A backup log on one sheet, while its rows pass.
#[derive(Debug)]
pub(crate) struct BackupTable {
    rows: Rows,
    plan: Plan,
    jobs: HashSet<String>,
    facts: FactsBuilder,
}

/// Where each field stands. Column 0 means nowhere.
#[derive(Debug)]
struct Plan {
    job: u16,
    system: u16,
    kind: u16,
    result: u16,
    day: u16,
    started: u16,
    ended: u16,
    destination: u16,
    medium: u16,
    offline: u16,
    generations: u16,
    remark: u16,
}

impl Plan {
    fn new(columns: &[Column]) -> Self {
        let one = |field: Field| {
            columns.iter().find(|column| column.field == Some(field)).map_or(0, |c| c.number)
        };
        let of_start = |is_day: bool| {
            let mut starts = columns.iter().filter(|c| c.field == Some(Field::StartedAt));
            starts.find(|column| words::is_day(column) == is_day).map_or(0, |c| c.number)
        };
        Self {
            job: one(Field::Job),
            system: one(Field::System),
            kind: one(Field::Kind),
            result: one(Field::Result),
            day: of_start(true),
            started: of_start(false),
            ended: one(Field::EndedAt),
            destination: one(Field::Destination),
            medium: one(Field::Medium),
            offline: one(Field::Offline),
            generations: one(Field::Generations),
            remark: one(Field::Remark),
        }
    }
}

/// When a run began and ended.
#[derive(Debug, Default)]
struct Span {
    started: Option<String>,
    ended: Option<String>,
}

impl BackupTable {
    pub(crate) fn new(found: &Found) -> Self {
        Self {
            rows: Rows::new(&found.columns, found.header_row),
            plan: Plan::new(&found.columns),
            jobs: HashSet::new(),
            facts: FactsBuilder::new(),
        }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        self.rows.count_gap(book, row);
        match self.rows.kind(row) {
            RowKind::Device => self.run(book, row.place(sheet), row),
            RowKind::Alone => {
                let text = row.cells().next().map_or("", |cell| cell.text);
                book.warn(row.place(sheet), msg!("ledger.row_alone", text = text));
                book.reading.skip("section_rows");
            }
            RowKind::Skipped(reason, _) => book.reading.skip(reason),
        }
    }

    fn run(&mut self, book: &mut Book, place: Place, row: &Row) {
        let (job, system) = (said(row, self.plan.job), said(row, self.plan.system));
        if job.is_empty() && system.is_empty() {
            book.warn(place, msg!("backup.row_without_job"));
            return book.reading.skip("rows_without_job");
        }
        book.reading.rows += 1;
        self.note_job(book, if job.is_empty() { system } else { job });
        for (field, text) in [(Field::Job, job), (Field::System, system)] {
            self.facts.add_written(field, &tidy(text), text);
        }
        let restores = values::is_restore(row.text(self.plan.kind), job);
        let result = self.add_result(book, &place, row);
        let span = self.span(book, &place, row);
        self.facts.add(Field::StartedAt, span.started.as_deref().unwrap_or_default());
        self.facts.add(Field::EndedAt, span.ended.as_deref().unwrap_or_default());
        let kind = if restores {
            book.reading.count("restore_tests", 1);
            ObservationKind::RestoreTest
        } else {
            if let Some(result) = result {
                book.reading.count(result.key(), 1);
            }
            self.add_copy(book, &place, row);
            ObservationKind::BackupRun
        };
        let remark = said(row, self.plan.remark);
        self.facts.add_written(Field::Remark, &tidy(remark), remark);
        let facts = self.facts.finish();
        book.reading.observations.push(Observation { place, kind, bindings: Vec::new(), facts });
    }

    fn note_job(&mut self, book: &mut Book, job: &str) {
        if self.jobs.len() < MOST_JOBS && self.jobs.insert(domain::fold(job)) {
            book.reading.count("jobs", 1);
        }
    }

    fn add_result(&mut self, book: &mut Book, place: &Place, row: &Row) -> Option<RunResult> {
        let text = row.text(self.plan.result).trim();
        if text.is_empty() {
            book.warn(place.clone(), msg!("backup.result_blank"));
            return None;
        }
        let result = values::result(text);
        if result == RunResult::Unrecognised {
            let at = place.clone().at_column(self.plan.result);
            book.ask(at, msg!("backup.result_unknown", text = text));
        }
        self.facts.add_written(Field::Result, result.key(), text);
        Some(result)
    }

    /// Start and end; where only times of day stand there, they belong to the day of the row.
    fn span(&self, book: &mut Book, place: &Place, row: &Row) -> Span {
        let day = match time::read(row.text(self.plan.day), Clock::Local) {
            TimeCell::Day(day) => Some(day),
            TimeCell::Time(time) => Some(time.date()),
            read => {
                let text = row.text(self.plan.day).trim();
                say_of_time(
                    book,
                    place.clone().at_column(self.plan.day),
                    Field::StartedAt,
                    text,
                    read,
                );
                None
            }
        };
        let started = self.moment(book, place, row, (self.plan.started, Field::StartedAt), day);
        let base = started.as_ref().and_then(day_of).or(day);
        let ended = self.moment(book, place, row, (self.plan.ended, Field::EndedAt), base);
        let ended = match (&started, ended) {
            (Some(TimeCell::Time(start)), Some(TimeCell::Time(end))) if end < *start => {
                // A time of day before the start is of the next day; a whole moment before it cannot be.
                let alone = time::read(row.text(self.plan.ended), Clock::Local).stored().is_none();
                if !alone {
                    book.warn(place.clone(), msg!("backup.end_before_start"));
                }
                end.checked_add(1.day()).ok().filter(|_| alone).map(TimeCell::Time)
            }
            (Some(start), Some(end)) if day_of(&end) < day_of(start) => {
                book.warn(place.clone(), msg!("backup.end_before_start"));
                None
            }
            (_, ended) => ended,
        };
        let started = started.or(day.filter(|_| self.plan.started == 0).map(TimeCell::Day));
        let stored = |cell: Option<TimeCell>| cell.and_then(|cell| cell.stored());
        Span { started: stored(started), ended: stored(ended) }
    }

    fn moment(
        &self,
        book: &mut Book,
        place: &Place,
        row: &Row,
        (column, field): (u16, Field),
        day: Option<Date>,
    ) -> Option<TimeCell> {
        let text = row.text(column).trim();
        let read = time::read(text, Clock::Local);
        if read.stored().is_some() {
            return Some(read);
        }
        let clock = day.and_then(|day| time_of_day(day, text));
        if clock.is_none() {
            say_of_time(book, place.clone().at_column(column), field, text, read);
        }
        clock.map(TimeCell::Time)
    }

    /// Where the copy went, on what, whether it is out of reach, and how many there are.
    fn add_copy(&mut self, book: &mut Book, place: &Place, row: &Row) {
        let (destination, medium) = (said(row, self.plan.destination), said(row, self.plan.medium));
        let kind = row.text(self.plan.kind);
        self.facts.add_written(Field::Destination, &tidy(destination), destination);
        let told = [medium, destination]
            .into_iter()
            .find_map(|text| values::medium(text).map(|medium| (medium, text)));
        let to_tape = domain::fold(kind).contains("totape");
        match told {
            Some((medium, text)) => {
                self.facts.add_written(Field::Medium, medium.key(), text);
            }
            None if to_tape => {
                self.facts.add_written(Field::Medium, Medium::Tape.key(), kind.trim());
            }
            None => {}
        }
        self.add_offline(book, row, [destination, medium, said(row, self.plan.remark)]);
        let text = said(row, self.plan.generations);
        match identifier::count(text) {
            Some(count) => {
                self.facts.add_written(Field::Generations, &count.to_string(), text);
            }
            None if text.is_empty() => {}
            None => {
                let at = place.clone().at_column(self.plan.generations);
                book.warn(at, msg!("value.not_read", field = Field::Generations, text = text));
            }
        }
    }

    fn add_offline(&mut self, book: &mut Book, row: &Row, texts: [&str; 3]) {
        let own = said(row, self.plan.offline);
        let stated = identifier::yes_or_no(own);
        let by_words = texts.into_iter().find(|text| values::is_offline(text));
        match (stated, by_words) {
            (Some(answer), _) => {
                book.reading.count("offline", u64::from(answer == "yes"));
                self.facts.add_written(Field::Offline, answer, own);
            }
            (None, Some(text)) => {
                book.reading.count("offline", 1);
                self.facts.add_written(Field::Offline, "yes", text);
            }
            (None, None) => {}
        }
    }
}

/// The text of a cell, unless it says that there is nothing.
fn said(row: &Row, column: u16) -> &str {
    let text = row.text(column).trim();
    if nothing::read(text).is_some() { "" } else { text }
}

fn day_of(cell: &TimeCell) -> Option<Date> {
    match cell {
        TimeCell::Day(day) => Some(*day),
        TimeCell::Time(time) => Some(time.date()),
        _ => None,
    }
}

/// A time of day alone: `22:00`, `翌6:15`, `25:10`.
fn time_of_day(day: Date, text: &str) -> Option<DateTime> {
    let is_clock = text.contains(':') && text.len() < 24;
    is_clock.then(|| date::time_after(day, text)).flatten()
}

/// Reads any bytes as the rows of a backup log, and checks what must hold of every such log.
pub fn fuzz(bytes: &[u8]) {
    const HEADER: &str =
        "日付,ジョブ名,対象,種別,開始,終了,結果,保存先,媒体,オフライン,世代,備考\n";
    let mut text = HEADER.as_bytes().to_vec();
    text.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes());
    let input = crate::reading::Input { name: "fuzz", bytes: &text, mapping: None, machine: None };
    let Ok(reading) = crate::registry::read(&input) else { return };
    let of_logs = [ObservationKind::BackupRun, ObservationKind::RestoreTest];
    for run in reading.observations.iter().filter(|run| of_logs.contains(&run.kind)) {
        let time = |field| run.facts.value(field).and_then(|time| time.parse::<DateTime>().ok());
        if let (Some(start), Some(end)) = (time(Field::StartedAt), time(Field::EndedAt)) {
            // Two days alone may be the same; an end before its start is never stated.
            assert!(end.date() >= start.date(), "{run:?}");
        }
    }
}
