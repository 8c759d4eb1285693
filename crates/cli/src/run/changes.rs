//! `mimawari changes [plan … | show N | agree N … | record N … | tell N … | cancel N …]`

use std::process::ExitCode;

use app::{AppError, NewChange, PlannedChangeView};
use clap::ArgMatches;
use domain::{ChangeKind, ChangeOutcome, ChangeResult, ClinicalWindow, ToldBack, msg};
use jiff::civil::{Date, DateTime};
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let Some((verb, args)) = args.subcommand() else { return list(args, desk) };
    // A plan has no number yet.
    let number = args.try_get_one::<u32>("number").ok().flatten().copied().unwrap_or_default();
    let done = match verb {
        "plan" => plan(args, desk),
        "agree" => agree(number, args, desk),
        "record" => record(number, args, desk),
        "tell" => tell(number, args, desk),
        "cancel" => desk
            .app
            .cancel_change(number, None, word(args, "reason").to_owned(), &desk.act())
            .map(|()| number),
        _ => return show(number, desk),
    };
    let number = done.map_err(|error| desk.fail(&error))?;
    let view = view(number, desk).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
    } else {
        let state = desk.word("change_state", Some(&view.state));
        let (number, waiting) = (view.number, view.waiting);
        let message = msg!("cli.changes.done", number = number, state = state, waiting = waiting);
        output::text(&desk.say(&message))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn word<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map_or("", String::as_str)
}

fn words(args: &ArgMatches, name: &str) -> Vec<String> {
    args.get_many::<String>(name).into_iter().flatten().cloned().collect()
}

fn day(args: &ArgMatches) -> Date {
    // The command line takes nothing else.
    args.get_one::<Date>("on").copied().unwrap_or_default()
}

fn view(number: u32, desk: &Desk) -> Result<PlannedChangeView, AppError> {
    desk.app.planned_change(number, &desk.app.weaknesses(time::today())?)
}

fn plan(args: &ArgMatches, desk: &Desk) -> Result<u32, AppError> {
    let devices = words(args, "device");
    let devices = devices.iter().map(|name| desk.app.find_device(name));
    let new = NewChange {
        // The command line takes only words that are kinds.
        kind: ChangeKind::from_key(word(args, "kind")).unwrap_or(ChangeKind::Update),
        what: word(args, "what").to_owned(),
        mark: word(args, "product").to_owned(),
        vulnerabilities: words(args, "vulnerability"),
        devices: devices.collect::<Result<_, _>>()?,
        performer: word(args, "performer").to_owned(),
        instruction: word(args, "instruction").to_owned(),
        inquiry: args.get_one::<u32>("inquiry").copied(),
    };
    desk.app.plan_change(&new, &desk.act())
}

fn agree(number: u32, args: &ArgMatches, desk: &Desk) -> Result<u32, AppError> {
    let moment = |name: &str| args.get_one::<DateTime>(name).copied().unwrap_or_default();
    let with = word(args, "with").to_owned();
    let window = ClinicalWindow { from: moment("from"), to: moment("to"), with };
    desk.app.agree_change(number, None, window, &desk.act()).map(|()| number)
}

fn record(number: u32, args: &ArgMatches, desk: &Desk) -> Result<u32, AppError> {
    let id = desk.app.find_device(word(args, "device"))?.to_string();
    let planned = view(number, desk)?;
    let device = planned.devices.iter().find(|device| device.id.as_ref() == Some(&id));
    let refused = || {
        let device = word(args, "device");
        AppError::Change(msg!("change.refused.not_planned", device = device))
    };
    let sign = device.and_then(|device| device.sign.parse().ok()).ok_or_else(refused)?;
    let result = ChangeResult {
        sign,
        // The command line takes only words that are outcomes.
        outcome: ChangeOutcome::from_key(word(args, "outcome")).unwrap_or(ChangeOutcome::Failed),
        note: word(args, "note").to_owned(),
        on: day(args),
    };
    desk.app.record_change(number, None, vec![result], &desk.act()).map(|()| number)
}

fn tell(number: u32, args: &ArgMatches, desk: &Desk) -> Result<u32, AppError> {
    let (to, text) = (word(args, "to").to_owned(), word(args, "text").to_owned());
    let told = ToldBack { on: day(args), to, text };
    desk.app.tell_change(number, None, told, &desk.act()).map(|()| number)
}

fn show(number: u32, desk: &Desk) -> Done {
    let view = view(number, desk).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header(["web.planned.device", "web.planned.result", "web.planned.evidence"]);
    let mut table = Table::new(header);
    for device in &view.devices {
        table.row(vec![
            device.label.clone(),
            desk.word("change_outcome", device.outcome.as_deref()),
            desk.word("change_evidence", device.evidence.as_deref()),
        ]);
    }
    output::table(&table)?;
    for step in &view.history {
        output::text(&format!("{} {} {}", step.at, step.by, step.text))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let changes =
        desk.app.weaknesses(time::today()).and_then(|book| desk.app.planned_changes(&book));
    let changes = changes.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "changes": changes }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.change",
        "column.change_state",
        "column.change_what",
        "column.product",
        "column.devices",
        "column.performer",
    ]);
    let row = |change: PlannedChangeView| {
        let mark = if change.waiting > 0 { "▲ " } else { "" };
        let state = desk.word("change_state", Some(&change.state));
        vec![
            change.number.to_string(),
            format!("{mark}{state}"),
            change.what,
            change.product,
            change.devices.len().to_string(),
            change.performer,
        ]
    };
    let rows: Vec<Vec<String>> = changes.into_iter().map(row).collect();
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(header);
    rows.into_iter().for_each(|row| table.row(row));
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}
