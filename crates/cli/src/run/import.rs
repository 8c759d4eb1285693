//! `mimawari import FILE…`

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use app::{
    DEMO_DATE, DEMO_FILES, FileView, ImportOptions, ImportView, NewFile, TableView,
    mapping_from_json,
};
use clap::ArgMatches;
use domain::msg;
use jiff::Timestamp;

use super::{Desk, Done, round};
use crate::output::{self, Failure};
use crate::progress::Bar;
use crate::{files, time};

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let demo = args.get_flag("demo");
    if demo {
        keep_apart(desk)?;
    }
    let options = options(args, desk)?;
    let paths: Vec<PathBuf> = if demo {
        DEMO_FILES.iter().map(|file| PathBuf::from(file.name)).collect()
    } else {
        args.get_many::<PathBuf>("files").into_iter().flatten().cloned().collect()
    };
    let found = if demo {
        paths.into_iter().map(files::Found::File).collect()
    } else {
        files::expand(paths)
    };
    let names = found.iter().map(|found| found.path().display().to_string()).collect();
    let mut bar = Bar::new(names, desk.app.catalogue());
    let imported = if demo {
        desk.app
            .import(demo_files(), &options, &desk.act(), &mut |index, step| bar.show(index, step))
    } else {
        let arriving = found.into_iter().map(arrive);
        desk.app.import(arriving, &options, &desk.act(), &mut |index, step| bar.show(index, step))
    };
    bar.finish();
    let view = imported.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
    } else {
        output::text(&told(desk, &view, options.dry_run))?;
    }
    if demo && !options.dry_run {
        desk.app.import_demo_feeds(&desk.act()).map_err(|error| desk.fail(&error))?;
    }
    if demo && !options.dry_run && !desk.json {
        output::text(&format!("\n{}\n", desk.say(&msg!("cli.demo", date = DEMO_DATE))))?;
        round::show(desk, DEMO_DATE)?;
    }
    let refused = view.files.iter().any(|file| file.error.is_some());
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Brings the demo hospital in, where it is not there yet.
pub(super) fn demo(desk: &Desk) -> Result<(), Failure> {
    keep_apart(desk)?;
    desk.app
        .import(demo_files(), &ImportOptions::default(), &desk.act(), &mut |_, _| {})
        .map_err(|error| desk.fail(&error))?;
    Ok(())
}

/// The demo hospital never mixes with a real one.
fn keep_apart(desk: &Desk) -> Result<(), Failure> {
    let known: Vec<String> =
        DEMO_FILES.iter().map(|file| domain::Digest::of(file.bytes).to_string()).collect();
    let imports = desk.app.imports().map_err(|error| desk.fail(&error))?;
    if imports.iter().all(|import| known.contains(&import.digest)) {
        return Ok(());
    }
    Err(Failure::new(desk.app.catalogue(), &msg!("cli.demo_apart")))
}

fn options(args: &ArgMatches, desk: &Desk) -> Result<ImportOptions, Failure> {
    let mapping = match args.get_one::<PathBuf>("mapping") {
        None => None,
        Some(path) => {
            let wrong = || {
                Failure::new(
                    desk.app.catalogue(),
                    &msg!("cli.mapping_wrong", path = path.display().to_string()),
                )
            };
            let loaded = files::load(path)
                .map_err(|message| Failure::new(desk.app.catalogue(), &message))?;
            let text = String::from_utf8(loaded.bytes).map_err(|_| wrong())?;
            let text = text.trim_start_matches('\u{feff}');
            Some(mapping_from_json(text).ok_or_else(wrong)?)
        }
    };
    Ok(ImportOptions {
        dry_run: args.get_flag("dry-run"),
        captured_at: args
            .get_one::<Timestamp>("captured-at")
            .copied()
            .or(args.get_flag("demo").then(demo_time)),
        source: args.get_one::<String>("source").cloned(),
        mapping,
    })
}

/// The demo hospital was looked at in the morning of its day.
fn demo_time() -> Timestamp {
    time::parse_timestamp(&format!("{DEMO_DATE} 09:00")).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn demo_files() -> impl Iterator<Item = NewFile> {
    DEMO_FILES.iter().map(|file| NewFile {
        path: file.name.to_owned(),
        bytes: Ok(Cow::Borrowed(file.bytes)),
        modified: None,
    })
}

/// Names that are no Unicode are read as they are and shown with � where they cannot be shown.
fn arrive(found: files::Found) -> NewFile {
    let shown = found.path().display().to_string();
    let loaded = match found {
        files::Found::File(path) => files::load(&path),
        files::Found::Refused(_, message) => Err(message),
    };
    match loaded {
        Ok(loaded) => {
            NewFile { path: shown, bytes: Ok(Cow::Owned(loaded.bytes)), modified: loaded.modified }
        }
        Err(message) => NewFile { path: shown, bytes: Err(message), modified: None },
    }
}

/// Warnings told for each file; all of them stand in `--json`.
const WARNINGS_TOLD: usize = 8;

/// Of more files than this only those are told one by one of which there is something to know.
const FILES_TOLD: usize = 30;

fn told(desk: &Desk, view: &ImportView, dry_run: bool) -> String {
    let mut text = String::new();
    let all = view.files.len() <= FILES_TOLD;
    let is_plain = |file: &&FileView| file.error.is_none() && file.warnings.is_empty();
    for file in view.files.iter().filter(|file| all || !is_plain(file)) {
        text.push_str(&told_file(desk, file, dry_run));
        text.push('\n');
    }
    if !all {
        text.push_str(&summary(desk, view));
    }
    if !dry_run && view.files.iter().any(|file| file.error.is_none() && file.already.is_none()) {
        text.push_str(&desk.text("cli.import.next"));
        text.push('\n');
    }
    text
}

/// What became of many files, in one line.
fn summary(desk: &Desk, view: &ImportView) -> String {
    let count = |is: fn(&FileView) -> bool| view.files.iter().filter(|file| is(file)).count();
    // A device that one file brings may turn out, with the next, to be one that is there.
    let sum = |of: fn(&FileView) -> u64| view.files.iter().map(of).sum::<u64>();
    let new = sum(|file| file.devices_new).saturating_sub(sum(|file| file.devices_gone));
    let message = msg!(
        "cli.import.summary",
        files = view.files.len(),
        read = count(|file| file.error.is_none() && file.already.is_none()),
        already = count(|file| file.already.is_some()),
        refused = count(|file| file.error.is_some()),
        new = new
    );
    format!("{}\n\n", desk.say(&message))
}

fn told_file(desk: &Desk, file: &FileView, dry_run: bool) -> String {
    if let Some(error) = &file.error {
        return format!("✕ {}\n  {error}\n", file.path);
    }
    let kind = desk.text(&format!("format.{}", file.kind.as_deref().unwrap_or_default()));
    let mut text = format!("✓ {}  {kind}\n", file.path);
    let mut line = |message: &domain::Message| text.push_str(&format!("  {}\n", desk.say(message)));
    if let Some(already) = file.already {
        line(&msg!("cli.import.already", import = already));
        return text;
    }
    if file.kind.as_deref() == Some("collector-manifest") {
        line(&msg!("cli.import.manifest", outputs = file.rows));
        return text + &warnings(desk, file);
    }
    let captured = time::shown(file.captured_at.as_deref().unwrap_or_default());
    if !dry_run && file.kind.as_deref() == Some("support-table") {
        let import = file.import.unwrap_or_default();
        line(&msg!("cli.import.support", rows = file.rows, import = import));
    } else if let Some(parts) = &file.parts {
        let (notation, name) = (parts.notation(), parts.full_name());
        let version = parts.version.clone().unwrap_or_default();
        let count = parts.components;
        line(&match name.is_empty() {
            true => msg!("cli.import.parts_nameless", notation = notation, count = count),
            false => msg!(
                "cli.import.parts",
                notation = notation,
                name = name,
                version = version,
                count = count
            ),
        });
        if let Some(import) = file.import.filter(|_| !dry_run) {
            line(&msg!("cli.import.parts_done", import = import));
        }
    } else if dry_run {
        line(&msg!("cli.import.read", rows = file.rows, observations = file.observations));
        line(&msg!("cli.import.would", new = file.devices_new, changed = file.devices_changed));
    } else {
        line(&msg!("cli.import.read", rows = file.rows, observations = file.observations));
        line(&msg!(
            "cli.import.done",
            new = file.devices_new,
            changed = file.devices_changed,
            import = file.import.unwrap_or_default()
        ));
    }
    let source = file.source.as_deref().unwrap_or_default();
    match file.captured_from.as_deref() {
        Some("given") => line(&msg!("cli.import.time_given", source = source, time = captured)),
        Some("document") => {
            line(&msg!("cli.import.time_document", source = source, time = captured));
        }
        Some("collected") => {
            line(&msg!("cli.import.time_collected", source = source, time = captured));
        }
        Some("file") => line(&msg!("cli.import.time_file", source = source, time = captured)),
        _ => line(&msg!("cli.import.time_now", source = source, time = captured)),
    }
    for table in &file.tables {
        let unread = unread(table);
        if !unread.is_empty() {
            line(&msg!("cli.import.unread_columns", columns = unread));
        }
    }
    let ahead = file.captured_at.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
    if ahead.is_some_and(|time| time > Timestamp::now())
        && file.captured_from.as_deref() != Some("document")
    {
        text.push_str(&format!("  ! {}\n", desk.text("cli.import.time_ahead")));
    }
    text + &warnings(desk, file)
}

/// The first warnings of a file, each with its place.
fn warnings(desk: &Desk, file: &FileView) -> String {
    let mut text = String::new();
    for warning in file.warnings.iter().take(WARNINGS_TOLD) {
        let place =
            warning.place.parse::<domain::Place>().map(|place| desk.app.catalogue().place(&place));
        text.push_str(&format!("  ! {}: {}\n", place.unwrap_or_default(), warning.message));
    }
    if file.warnings.len() > WARNINGS_TOLD {
        let more = file.warnings.len() - WARNINGS_TOLD;
        text.push_str(&format!("  {}\n", desk.say(&msg!("cli.import.more_warnings", more = more))));
    }
    text
}

/// The headers of columns that were taken for nothing.
fn unread(table: &TableView) -> Vec<String> {
    // The list of a DHCP server has columns that are the same everywhere, and takes no mapping.
    if table.taken_as == "dhcp_leases" {
        return Vec::new();
    }
    let unread = table.columns.iter().filter(|column| column.field.is_none());
    let words = unread.map(|column| column.header.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|header| !header.is_empty()).collect()
}
