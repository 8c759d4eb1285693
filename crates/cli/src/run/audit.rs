//! `mimawari audit [verify]`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::{Digest, msg};
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some((_, args)) => verify(args, desk),
        None => list(args, desk),
    }
}

fn verify(args: &ArgMatches, desk: &Desk) -> Done {
    let heads: Vec<Digest> =
        args.get_many::<Digest>("head").into_iter().flatten().copied().collect();
    let state = desk.app.verify_audit(&heads).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&state)?;
    } else if state.whole {
        let head = state.head.clone().unwrap_or_default();
        output::text(&desk.say(&msg!("cli.audit.whole", entries = state.entries, head = head)))?;
    } else {
        eprintln!("{}", output::lines(&state.problem.clone().unwrap_or_default()));
    }
    Ok(if state.whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let entries = desk
        .app
        .audit(args.get_one::<u64>("last").copied().unwrap_or(20))
        .map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "entries": entries }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(desk.header([
        "column.number",
        "column.time",
        "column.by",
        "column.act",
        "column.subject",
        "column.hash",
    ]));
    for entry in entries {
        table.row([
            entry.seq.to_string(),
            time::shown(&entry.at),
            entry.actor,
            entry.act,
            entry.subject,
            entry.hash.chars().take(12).collect(),
        ]);
    }
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}
