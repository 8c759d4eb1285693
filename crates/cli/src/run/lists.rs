//! `mimawari systems | departments | ports | lines | jobs | scans`: what the files tell beside the devices.

use std::process::ExitCode;

use clap::ArgMatches;
use serde::Serialize;
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;

/// Columns of a list, by the keys of their texts, what is said where it is empty, and how a row of it is written.
struct Shape<T, const N: usize> {
    /// The key of the list in JSON.
    name: &'static str,
    none: &'static str,
    header: [&'static str; N],
    row: fn(&Desk, &T) -> [String; N],
}

pub(super) fn systems(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "systems",
        none: "cli.systems.none",
        header: [
            "column.system",
            "column.devices",
            "column.versions",
            "column.departments",
            "column.contractors",
            "column.jobs",
        ],
        row: |_, view: &app::SystemView| {
            [
                view.name.clone(),
                view.devices.to_string(),
                view.versions.join(", "),
                view.departments.join(", "),
                view.contractors.join(", "),
                view.jobs.join(", "),
            ]
        },
    };
    print(args, desk, &shape, desk.app.systems())
}

pub(super) fn departments(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "departments",
        none: "cli.departments.none",
        header: ["column.department", "column.devices", "column.medical", "column.persons"],
        row: |_, view: &app::DepartmentView| {
            [
                view.name.clone(),
                view.devices.to_string(),
                view.medical.to_string(),
                view.persons.join(", "),
            ]
        },
    };
    print(args, desk, &shape, desk.app.departments())
}

pub(super) fn ports(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "ports",
        none: "cli.ports.none",
        header: [
            "column.switch",
            "column.port",
            "column.vlans",
            "column.on_port",
            "column.neighbours",
        ],
        row: |_, view: &app::PortView| {
            [
                view.switch.clone(),
                view.port.clone(),
                view.vlans.join(", "),
                view.devices.join(", "),
                view.neighbours.join(", "),
            ]
        },
    };
    print(args, desk, &shape, desk.app.ports())
}

pub(super) fn lines(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "lines",
        none: "cli.lines.none",
        header: [
            "column.device",
            "column.line_kind",
            "column.name",
            "column.peer",
            "column.algorithms",
            "column.enabled",
            "column.contractor",
            "column.remote_maintenance",
        ],
        row: |desk, view: &app::LineView| {
            let word = |known: Option<bool>| {
                known.map(|yes| desk.text(if yes { "word.yes" } else { "word.no" }))
            };
            let kind = match view.kind.as_str() {
                "remote_maintenance" => desk.text("field.remote_maintenance"),
                kind => desk.word("setting", Some(kind)),
            };
            let named = [view.name.as_str(), view.description.as_str()];
            let named: Vec<&str> = named.into_iter().filter(|text| !text.is_empty()).collect();
            [
                view.device.clone(),
                kind,
                named.join(" "),
                view.peer.clone(),
                view.algorithms.join(", "),
                word(view.enabled).unwrap_or_default(),
                view.contractor.clone().unwrap_or_default(),
                view.remote_maintenance.clone().unwrap_or_default(),
            ]
        },
    };
    print(args, desk, &shape, desk.app.lines())
}

pub(super) fn jobs(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "jobs",
        none: "cli.jobs.none",
        header: [
            "column.group",
            "column.job",
            "column.last_result",
            "column.last_run",
            "column.last_success",
            "column.failed",
            "column.generations",
            "column.medium",
            "column.off_the_network",
            "column.last_restore",
        ],
        row: |desk, view: &app::JobView| {
            let off = if view.off_the_network { "word.yes" } else { "word.no" };
            [
                view.group.clone(),
                view.job.clone(),
                desk.word("run_result", view.last_result.as_deref()),
                view.last_run.clone().unwrap_or_default(),
                view.last_success.clone().unwrap_or_default(),
                view.failed.to_string(),
                view.generations.map_or_else(String::new, |number| number.to_string()),
                desk.word("medium", view.medium.as_deref()),
                desk.text(off),
                view.last_restore.clone().unwrap_or_default(),
            ]
        },
    };
    print(args, desk, &shape, desk.app.jobs())
}

pub(super) fn scans(args: &ArgMatches, desk: &Desk) -> Done {
    let shape = Shape {
        name: "scans",
        none: "cli.scans.none",
        header: [
            "column.source",
            "column.date",
            "column.hosts",
            "column.serious",
            "column.items",
            "column.due",
        ],
        row: |_, view: &app::ScanView| {
            let of = |severity: &str| view.items.get(severity).copied().unwrap_or_default();
            [
                view.source.clone(),
                view.date.clone(),
                view.hosts.to_string(),
                (of("critical") + of("high")).to_string(),
                view.items.values().sum::<u64>().to_string(),
                view.due.clone(),
            ]
        },
    };
    print(args, desk, &shape, desk.app.scans())
}

fn print<T: Serialize, const N: usize>(
    args: &ArgMatches,
    desk: &Desk,
    shape: &Shape<T, N>,
    views: Result<Vec<T>, app::AppError>,
) -> Done {
    let views = views.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ shape.name: views }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header(shape.header);
    let rows = views.iter().map(|view| (shape.row)(desk, view).to_vec());
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    if views.is_empty() {
        output::text(&desk.text(shape.none))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(header);
    rows.for_each(|row| table.row(row));
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}
