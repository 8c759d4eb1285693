//! `mimawari parts list | show N | attach N PRODUCT | compare OLD NEW`

use std::process::ExitCode;

use app::{PartView, PartsChoice, PartsComparisonView, PartsListView, WeakBook};
use clap::ArgMatches;
use domain::{ImportId, msg};
use serde_json::json;

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

/// Warnings of a list that are told; JSON has all of them.
const TOLD: usize = 10;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some(("show", args)) => show(args, desk),
        Some(("attach", args)) => attach(args, desk),
        Some(("compare", args)) => compare(args, desk),
        Some((_, args)) => list(args, desk),
        None => Ok(ExitCode::from(2)),
    }
}

fn number(args: &ArgMatches, name: &str) -> ImportId {
    ImportId(args.get_one::<u32>(name).copied().unwrap_or_default())
}

fn word(args: &ArgMatches, name: &str) -> String {
    args.get_one::<String>(name).cloned().unwrap_or_default()
}

fn book(desk: &Desk) -> Result<WeakBook, Failure> {
    desk.app.weaknesses(time::today()).map_err(|error| desk.fail(&error))
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let lists = desk.app.parts_lists(&book(desk)?).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "lists": lists }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.number",
        "column.product",
        "column.release",
        "column.parts_format",
        "column.components",
        "column.warnings",
        "column.parts_state",
        "column.parts_made",
    ]);
    if args.get_flag("csv") {
        output::csv(&header, lists.iter().map(|list| row(desk, list).to_vec()))?;
        return Ok(ExitCode::SUCCESS);
    }
    if lists.is_empty() {
        output::text(&desk.text("cli.parts.none"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(&header);
    lists.iter().for_each(|list| table.row(row(desk, list)));
    output::table(&table)?;
    let open: Vec<String> =
        lists.iter().filter(|list| list.state == "open").map(|list| way_out(desk, list)).collect();
    if !open.is_empty() {
        output::text(&format!("\n{}", open.join("\n")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(desk: &Desk, list: &PartsListView) -> [String; 8] {
    [
        list.import.to_string(),
        list.document.full_name(),
        list.release.clone().unwrap_or_default(),
        list.document.notation(),
        list.document.components.to_string(),
        list.warnings.to_string(),
        belongs(desk, list),
        time::shown(&list.captured_at),
    ]
}

/// To which product a list belongs, and whether its release is in use.
fn belongs(desk: &Desk, list: &PartsListView) -> String {
    let Some(product) = &list.product else { return desk.word("parts_state", Some(&list.state)) };
    let state = desk.word("parts_use", list.use_state.as_deref());
    format!("{} ({state})", product.name)
}

/// What a person can do with a list of which nobody said to what it belongs.
fn way_out(desk: &Desk, list: &PartsListView) -> String {
    let number = list.import;
    let mut text = match list.document.product.is_some() {
        true => {
            let name = list.document.full_name();
            desk.say(&msg!("cli.parts.open", number = number, name = name))
        }
        false => desk.say(&msg!("cli.parts.open_nameless", number = number, file = &list.file)),
    };
    for proposal in &list.proposals {
        let (product, reason) = (&proposal.product.name, &proposal.reason);
        let line = msg!("cli.parts.proposal", product = product, reason = reason, number = number);
        text.push_str(&format!("\n  {}", desk.say(&line)));
    }
    text
}

fn show(args: &ArgMatches, desk: &Desk) -> Done {
    let page = desk
        .app
        .parts_list(number(args, "number"), &book(desk)?)
        .map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&page)?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.number",
        "column.component",
        "column.version",
        "column.supplier",
        "column.licence",
        "column.purl",
    ]);
    let rows = page.components.iter().map(part_row);
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let list = &page.list;
    let (name, notation) = (list.document.full_name(), list.document.notation());
    let said = msg!(
        "cli.parts.head",
        number = list.import,
        name = name,
        release = list.release.clone().unwrap_or_default(),
        notation = notation,
        count = list.document.components,
        state = belongs(desk, list)
    );
    output::text(&desk.say(&said))?;
    for warning in page.warnings.iter().take(TOLD) {
        output::text(&format!("  ! {}", warning.message))?;
    }
    if page.warnings.len() > TOLD {
        let more = page.warnings.len() - TOLD;
        output::text(&format!("  {}", desk.say(&msg!("cli.import.more_warnings", more = more))))?;
    }
    let mut table = Table::new(&header);
    rows.for_each(|row| table.row(row));
    output::table(&table)?;
    if list.state == "open" {
        output::text(&format!("\n{}", way_out(desk, list)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn part_row(part: &PartView) -> Vec<String> {
    vec![
        part.number.to_string(),
        part.name.clone(),
        part.version.clone().unwrap_or_default(),
        part.supplier.clone().unwrap_or_default(),
        part.licences.join(" "),
        part.purl.clone().or_else(|| part.cpe.clone()).unwrap_or_default(),
    ]
}

fn attach(args: &ArgMatches, desk: &Desk) -> Done {
    let id = number(args, "number");
    let choice = PartsChoice {
        product: args.get_one::<String>("product").cloned(),
        release: word(args, "release"),
        reason: word(args, "reason"),
    };
    desk.app.attach_parts(id, &choice, &desk.act()).map_err(|error| desk.fail(&error))?;
    let page = desk.app.parts_list(id, &book(desk)?).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&page.list)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (number, state) = (id.0, belongs(desk, &page.list));
    output::text(&desk.say(&msg!("cli.parts.attached", number = number, state = state)))?;
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &ArgMatches, desk: &Desk) -> Done {
    let view = desk
        .app
        .compare_parts(number(args, "old"), number(args, "new"), &book(desk)?)
        .map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.parts_change",
        "column.component",
        "column.version_before",
        "column.version_after",
        "column.licence",
    ]);
    let rows = changes(desk, &view);
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(&header);
    rows.into_iter().for_each(|row| table.row(row));
    output::table(&table)?;
    let said = msg!(
        "cli.parts.compared",
        added = view.added.len(),
        removed = view.removed.len(),
        changed = view.changed.len(),
        same = view.same
    );
    output::text(&format!("\n{}", desk.say(&said)))?;
    Ok(ExitCode::SUCCESS)
}

/// A line for each component that is not the same.
fn changes(desk: &Desk, view: &PartsComparisonView) -> Vec<Vec<String>> {
    let line = |word: &str, name: &str, old: Option<&PartView>, new: Option<&PartView>| {
        let version = |part: Option<&PartView>| {
            part.and_then(|part| part.version.clone()).unwrap_or_default()
        };
        let licences = |part: &PartView| part.licences.join(" ");
        let licence = match (old.map(licences), new.map(licences)) {
            (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
            (_, Some(licence)) | (Some(licence), None) => licence,
            (None, None) => String::new(),
        };
        let word = desk.word("parts_change", Some(word));
        vec![word, name.to_owned(), version(old), version(new), licence]
    };
    let changed = view.changed.iter().map(|change| {
        let word = change.turn.as_deref().unwrap_or("licence");
        line(word, &change.new.name, Some(&change.old), Some(&change.new))
    });
    let added = view.added.iter().map(|part| line("added", &part.name, None, Some(part)));
    let removed = view.removed.iter().map(|part| line("removed", &part.name, Some(part), None));
    changed.chain(added).chain(removed).collect()
}
