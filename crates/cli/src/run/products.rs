//! `mimawari products list | confirm WRITING [PRODUCT] | refuse WRITING [PRODUCT] | reopen WRITING`

use std::process::ExitCode;

use app::{MeantProductView, WritingAnswer, WritingChoice, WritingView};
use clap::ArgMatches;
use domain::{What, msg};
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;
use crate::time;

/// Open writings of which the way out is told; JSON has all of them.
const TOLD: usize = 10;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let product = |args: &ArgMatches| args.get_one::<String>("product").cloned();
    match args.subcommand() {
        Some(("confirm", args)) => settle(args, WritingAnswer::Confirm(product(args)), desk),
        Some(("refuse", args)) => settle(args, WritingAnswer::Refuse(product(args)), desk),
        Some(("reopen", args)) => settle(args, WritingAnswer::Reopen, desk),
        Some((_, args)) => list(args, desk),
        None => Ok(ExitCode::from(2)),
    }
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let book = desk.app.weaknesses(time::today()).map_err(|error| desk.fail(&error))?;
    let mut writings = desk.app.writings(&book).map_err(|error| desk.fail(&error))?;
    if args.get_flag("open") {
        writings.retain(|writing| writing.state == "open");
    }
    if desk.json {
        output::json(&json!({ "writings": writings }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.writing",
        "column.writing_what",
        "column.devices",
        "column.writing_state",
        "column.meant",
        "column.confidence",
    ]);
    let rows = writings.iter().map(|writing| row(desk, writing));
    if args.get_flag("csv") {
        output::csv(&header, rows.map(|row| row.to_vec()))?;
        return Ok(ExitCode::SUCCESS);
    }
    if writings.is_empty() {
        output::text(&desk.text("cli.products.none"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(&header);
    rows.for_each(|row| table.row(row));
    output::table(&table)?;
    let open = writings.iter().filter(|writing| writing.state == "open");
    let ways: Vec<String> = open.take(TOLD).filter_map(|writing| way_out(desk, writing)).collect();
    if !ways.is_empty() {
        output::text(&format!("\n{}", ways.join("\n")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(desk: &Desk, writing: &WritingView) -> [String; 6] {
    let sure = writing.meant.first().map(|one| one.confidence.as_str());
    [
        writing.shown.clone(),
        desk.word("writing_what", Some(&writing.what)),
        writing.devices.to_string(),
        desk.word("writing_state", Some(&writing.state)),
        names(&writing.meant),
        desk.word("confidence", sure),
    ]
}

fn names(products: &[MeantProductView]) -> String {
    let names: Vec<&str> = products.iter().map(|one| one.name.as_str()).collect();
    names.join(" / ")
}

/// Why it is open, and what a person can settle.
fn way_out(desk: &Desk, writing: &WritingView) -> Option<String> {
    let reason = &writing.meant.first()?.reason;
    Some(desk.say(&msg!("cli.products.way_out", text = &writing.shown, reason = reason)))
}

fn settle(args: &ArgMatches, answer: WritingAnswer, desk: &Desk) -> Done {
    let word = |name: &str| args.get_one::<String>(name).cloned();
    let choice = WritingChoice {
        writing: word("writing").unwrap_or_default(),
        what: word("what").and_then(|what| What::from_key(&what)),
        answer,
        reason: word("reason").unwrap_or_default(),
    };
    let view = desk.app.settle_writing(&choice, &desk.act()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let state = desk.word("writing_state", Some(&view.state));
    let products = names(&view.meant);
    let said = msg!("cli.products.settled", text = &view.shown, state = state, products = products);
    output::text(desk.say(&said).trim_end())?;
    Ok(ExitCode::SUCCESS)
}
