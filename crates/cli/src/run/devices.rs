//! `mimawari devices [WORDS…]`

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use app::{AppError, DeviceSummary, DeviceView};
use clap::ArgMatches;

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
        let (header, rows) = listed(desk, &search)?;
        output::csv(&header, rows)?;
    } else {
        let (header, rows) = listed(desk, &search)?;
        let devices = rows.len();
        let mut table = Table::new(header);
        rows.into_iter().for_each(|row| table.row(row));
        output::text(&table.render())?;
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

type Listed = (Vec<String>, Vec<Vec<String>>);

fn listed(desk: &Desk, search: &str) -> Result<Listed, Failure> {
    let mut rows = Vec::new();
    let take = |device: &DeviceSummary<'_>| {
        rows.push(row(desk, device));
        Ok::<_, AppError>(())
    };
    desk.app.each_device(search, time::today(), take).map_err(|error| desk.fail(&error))?;
    Ok((desk.header(COLUMNS).to_vec(), rows))
}

fn row(desk: &Desk, device: &DeviceSummary<'_>) -> Vec<String> {
    let row = &device.row;
    let joined = |lines: &str| lines.replace('\n', ", ");
    vec![
        row.asset_number.to_owned(),
        joined(row.hostnames),
        row.name.to_owned(),
        desk.word("kind", row.kind.map(domain::DeviceKind::key)),
        row.maker.to_owned(),
        row.os.to_owned(),
        row.os_version.to_owned(),
        joined(row.addresses),
        joined(row.macs),
        row.location.to_owned(),
        desk.word("status", row.status.map(domain::Status::key)),
        desk.word("lifecycle", Some(device.stage.key())),
        row.id.to_string(),
    ]
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
