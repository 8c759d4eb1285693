//! `mimawari imports [undo ID | redo ID]`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::{ImportId, msg};
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some((verb, args)) => {
            set(verb, ImportId(args.get_one::<u32>("id").copied().unwrap_or_default()), desk)
        }
        None => list(desk),
    }
}

fn set(verb: &str, id: ImportId, desk: &Desk) -> Done {
    let done = match verb {
        "undo" => desk.app.undo_import(id, &desk.act()),
        _ => desk.app.redo_import(id, &desk.act()),
    };
    let view = done.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (new, changed, gone) = (view.devices_new, view.devices_changed, view.devices_gone);
    let message = match verb {
        "undo" => msg!(
            "cli.imports.undone",
            import = id.0,
            file = view.path,
            new = new,
            changed = changed,
            gone = gone
        ),
        _ => msg!(
            "cli.imports.redone",
            import = id.0,
            file = view.path,
            new = new,
            changed = changed,
            gone = gone
        ),
    };
    output::text(&desk.say(&message))?;
    Ok(ExitCode::SUCCESS)
}

fn list(desk: &Desk) -> Done {
    let imports = desk.app.imports().map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "imports": imports }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if imports.is_empty() {
        output::text(&desk.text("cli.imports.none"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(desk.header([
        "column.number",
        "column.state",
        "column.file",
        "column.format",
        "column.source",
        "column.rows",
        "column.captured",
        "column.imported",
        "column.by",
    ]));
    for import in imports {
        table.row([
            import.id.to_string(),
            desk.word("import_state", Some(&import.state)),
            import.file,
            desk.text(&format!("format.{}", import.kind)),
            import.source,
            import.rows.to_string(),
            time::shown(&import.captured_at),
            time::shown(&import.imported_at),
            import.imported_by,
        ]);
    }
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}
