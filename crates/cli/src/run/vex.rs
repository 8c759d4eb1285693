//! `mimawari vex decide | undo | list | export`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{VexChoice, VexDocument, VexFormat, VexOrder, VexView};
use clap::ArgMatches;
use domain::{Control, Justification, VexOrigin, VexScope, VexStatus, msg};
use jiff::civil::Date;
use serde_json::json;

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some(("decide", args)) => decide(args, desk),
        Some(("undo", args)) => undo(args, desk),
        Some(("export", args)) => export(args, desk),
        Some((_, args)) => list(args, desk),
        None => Ok(ExitCode::from(2)),
    }
}

fn word<'a>(args: &'a ArgMatches, name: &str) -> &'a str {
    args.get_one::<String>(name).map_or("", String::as_str)
}

fn words<'a>(args: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a String> + use<'a> {
    args.get_many::<String>(name).into_iter().flatten()
}

fn decide(args: &ArgMatches, desk: &Desk) -> Done {
    let choice = VexChoice {
        vulnerability: word(args, "vulnerability").to_owned(),
        product: word(args, "product").to_owned(),
        devices: words(args, "device").cloned().collect(),
        // The command line takes only words that are scopes, states and sources.
        scope: VexScope::from_key(word(args, "scope")).unwrap_or(VexScope::Version),
        status: VexStatus::from_key(word(args, "status")).unwrap_or(VexStatus::UnderInvestigation),
        justification: Justification::from_key(word(args, "justification")),
        impact: word(args, "impact").to_owned(),
        action: word(args, "action").to_owned(),
        controls: words(args, "control").filter_map(|key| Control::from_key(key)).collect(),
        review: args.get_one::<Date>("review").copied(),
        origin: VexOrigin::from_key(word(args, "origin")).unwrap_or(VexOrigin::OwnJudgement),
        reason: word(args, "reason").to_owned(),
    };
    let view = desk.app.decide_vex(&choice, &desk.act()).map_err(|error| desk.fail(&error))?;
    let status = desk.word("vex", Some(&view.status));
    let done = msg!(
        "cli.vex.decided",
        number = view.number,
        id = &view.vulnerability,
        product = &view.product_name,
        status = status
    );
    told(desk, &view, &done)
}

fn undo(args: &ArgMatches, desk: &Desk) -> Done {
    let number = args.get_one::<u32>("number").copied().unwrap_or_default();
    let view = desk
        .app
        .take_back_vex(number, word(args, "reason"), &desk.act())
        .map_err(|error| desk.fail(&error))?;
    told(desk, &view, &msg!("cli.vex.undone", number = number))
}

fn told(desk: &Desk, view: &VexView, done: &domain::Message) -> Done {
    if desk.json {
        output::json(view)?;
    } else {
        output::text(&desk.say(done))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let decisions = desk.app.vex_decisions(time::today()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "decisions": decisions }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.number",
        "column.vulnerability",
        "column.product",
        "column.vex",
        "column.vex_state",
        "column.review",
        "column.reason",
        "column.decided",
    ]);
    if args.get_flag("csv") {
        output::csv(&header, decisions.iter().map(|view| row(desk, view).to_vec()))?;
    } else if decisions.is_empty() {
        output::text(&desk.text("cli.vex.none"))?;
    } else {
        let mut table = Table::new(&header);
        decisions.iter().for_each(|view| table.row(row(desk, view)));
        output::table(&table)?;
        let again: Vec<String> = decisions.iter().filter_map(|view| again(desk, view)).collect();
        if !again.is_empty() {
            output::text(&format!("\n{}", again.join("\n")))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Why a decision stands open again, in a sentence.
fn again(desk: &Desk, view: &VexView) -> Option<String> {
    let reason = view.reopened_reason.as_ref()?;
    let product = &view.product_name;
    Some(desk.say(&msg!(
        "cli.vex.again",
        number = view.number,
        id = &view.vulnerability,
        product = product,
        reason = reason
    )))
}

fn row(desk: &Desk, view: &VexView) -> [String; 8] {
    [
        view.number.to_string(),
        view.vulnerability.clone(),
        view.product_name.clone(),
        desk.word("vex", Some(&view.status)),
        desk.word("vex_state", Some(&view.state)),
        view.review.clone().unwrap_or_default(),
        view.reason.clone(),
        format!("{} {}", view.by, time::shown(&view.at)),
    ]
}

fn export(args: &ArgMatches, desk: &Desk) -> Done {
    let order = VexOrder {
        // The command line takes only words that are formats.
        format: VexFormat::from_key(word(args, "format")).unwrap_or(VexFormat::OpenVex),
        date: args.get_one::<Date>("date").copied().unwrap_or_else(time::today),
        namespace: args.get_one::<String>("namespace").cloned(),
        publisher: args.get_one::<String>("publisher").cloned(),
    };
    let document = desk.app.export_vex(&order).map_err(|error| desk.fail(&error))?;
    match args.get_one::<PathBuf>("out") {
        Some(path) => {
            write_new(path, &document).map_err(|error| unwritten(desk, path, &error))?;
            let file = path.display().to_string();
            let done = msg!("cli.vex.exported", file = file, statements = document.statements);
            eprintln!("{}", output::lines(&desk.say(&done)));
        }
        None => output::document(&document.text())?,
    }
    if document.left_out > 0 {
        let left = msg!("cli.vex.left_out", count = document.left_out);
        eprintln!("{}", output::lines(&desk.say(&left)));
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that is there already is somebody's, and stays.
fn write_new(path: &Path, document: &VexDocument) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(document.text().as_bytes())?;
    file.sync_all()
}

fn unwritten(desk: &Desk, path: &Path, error: &std::io::Error) -> Failure {
    let file = path.display().to_string();
    let message = match error.kind() {
        std::io::ErrorKind::AlreadyExists => msg!("cli.vex.exists", file = file),
        _ => msg!("cli.vex.unwritten", file = file, cause = error.to_string()),
    };
    Failure::new(desk.app.catalogue(), &message)
}
