//! `mimawari devices [WORDS…]`

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use app::{AppError, DeviceSummary, DeviceView};
use clap::ArgMatches;
use domain::{DeviceKind, Stage, Status};

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let words: Vec<&str> =
        args.get_many::<String>("search").into_iter().flatten().map(String::as_str).collect();
    let search = words.join(" ");
    if desk.json {
        json(desk, &search)?;
    } else if args.get_flag("csv") {
        let mut rows = Vec::new();
        each(desk, &search, |cells| rows.push(cells.map(Cow::into_owned).to_vec()))?;
        output::csv(&desk.header(COLUMNS), rows)?;
    } else {
        let mut table = Table::new(desk.header(COLUMNS));
        let mut devices = 0;
        each(desk, &search, |cells| {
            devices += 1;
            table.row(cells);
        })?;
        output::table(&table)?;
        output::text(&desk.say(&domain::msg!("cli.devices.count", devices = devices)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The columns of the list: the ministry's, with what the program knows besides.
const COLUMNS: [&str; 13] = [
    "field.asset_number",
    "field.hostname",
    "field.name",
    "field.kind",
    "field.maker",
    "field.os",
    "field.os_version",
    "column.addresses",
    "column.macs",
    "field.location",
    "field.status",
    "column.support",
    "column.id",
];

type Cells<'a> = [Cow<'a, str>; COLUMNS.len()];

/// Gives the cells of every device that holds the words searched for.
fn each(desk: &Desk, search: &str, mut take: impl FnMut(Cells<'_>)) -> Result<(), Failure> {
    let words = Words::new(desk);
    let list = |device: &DeviceSummary<'_>| {
        take(words.cells(device));
        Ok::<_, AppError>(())
    };
    desk.app.each_device(search, time::today(), list).map_err(|error| desk.fail(&error))
}

/// The words of the vocabulary that a list shows, each looked up once.
struct Words {
    kinds: Vec<String>,
    statuses: Vec<String>,
    stages: Vec<String>,
}

impl Words {
    fn new(desk: &Desk) -> Self {
        Self {
            kinds: DeviceKind::ALL.iter().map(|kind| desk.word("kind", Some(kind.key()))).collect(),
            statuses: Status::ALL
                .iter()
                .map(|status| desk.word("status", Some(status.key())))
                .collect(),
            stages: Stage::ALL
                .iter()
                .map(|stage| desk.word("lifecycle", Some(stage.key())))
                .collect(),
        }
    }

    fn cells<'a>(&'a self, device: &'a DeviceSummary<'_>) -> Cells<'a> {
        let row = &device.row;
        [
            row.asset_number.into(),
            joined(row.hostnames),
            row.name.into(),
            word(&self.kinds, DeviceKind::ALL, row.kind),
            row.maker.into(),
            row.os.into(),
            row.os_version.into(),
            joined(row.addresses),
            joined(row.macs),
            row.location.into(),
            word(&self.statuses, Status::ALL, row.status),
            word(&self.stages, Stage::ALL, Some(device.stage)),
            row.id.to_string().into(),
        ]
    }
}

fn word<'a, T: PartialEq>(words: &'a [String], all: &[T], value: Option<T>) -> Cow<'a, str> {
    let index = value.and_then(|value| all.iter().position(|known| *known == value));
    index.and_then(|index| words.get(index)).map_or(Cow::Borrowed(""), |word| Cow::Borrowed(word))
}

fn joined(lines: &str) -> Cow<'_, str> {
    if lines.contains('\n') { lines.replace('\n', ", ").into() } else { lines.into() }
}

/// One document, written device by device: 30,000 of them are never held as text.
fn json(desk: &Desk, search: &str) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut first = true;
    let mut broken: Option<io::Error> = out.write_all(b"{\"devices\":[").err();
    let write = |device: DeviceView| {
        if broken.is_none() {
            let separator: &[u8] = if std::mem::take(&mut first) { b"" } else { b"," };
            let written =
                out.write_all(separator).and_then(|()| output::write_json(&mut out, &device));
            broken = written.err();
        }
        Ok::<_, AppError>(())
    };
    desk.app
        .each_device_in_full(search, time::today(), write)
        .map_err(|error| desk.fail(&error))?;
    let finished = match broken {
        Some(error) => Err(error),
        None => out.write_all(b"]}\n").and_then(|()| out.flush()),
    };
    match finished {
        Err(error) if !output::is_closed(&error) => Err(error.into()),
        _ => Ok(()),
    }
}
