//! `mimawari feeds import | status | fetch | bundle | keys | withdraw`

mod bundle;
mod fetch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{
    FeedFile, FeedFileView, FeedSourceView, FeedStep, FeedsImportView, FeedsView, OpenedBundle,
};
use clap::ArgMatches;
use domain::msg;
use reference::Catalogue;

use super::{Desk, Done};
use crate::output;
use crate::progress::Spinner;
use crate::table::Table;
use crate::{files, time};

/// Sentences of each kind that are told of one file; JSON has all of them.
const TOLD: usize = 5;

/// What is done on a PC with internet, where there is no data folder; none where it is something else.
pub(super) fn run_apart(args: &ArgMatches, texts: &Catalogue) -> Option<Done> {
    match args.subcommand() {
        Some(("fetch", args)) => Some(fetch::run(args, texts)),
        Some(("bundle", args)) => Some(bundle::run(args, texts)),
        _ => None,
    }
}

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some(("import", args)) => import(args, desk),
        Some(("keys", args)) => bundle::keys(args, desk),
        Some(("withdraw", _)) => withdraw(desk),
        Some((_, args)) => status(args, desk),
        None => Ok(ExitCode::from(2)),
    }
}

fn import(args: &ArgMatches, desk: &Desk) -> Done {
    let paths: Vec<PathBuf> = args.get_many("files").into_iter().flatten().cloned().collect();
    let bundle = bundle::among(&paths, args, desk)?;
    let (files, copied) = files_of(&paths, bundle.as_ref());
    let spinner = Spinner::new(desk.text("cli.feeds.reading"));
    let mut step = |step: FeedStep| match step {
        FeedStep::Reading(at) => {
            let name = files.get(at).map_or("", |file| &file.name);
            spinner.say(&desk.say(&msg!("cli.feeds.reading_file", file = name)));
        }
        FeedStep::Writing => spinner.say(&desk.text("cli.feeds.writing")),
    };
    let imported = desk.app.import_feeds(&files, &mut step, &desk.act());
    drop(spinner);
    let mut view = imported.map_err(|error| desk.fail(&error))?;
    for (file, bundle) in view.files.iter_mut().zip(&copied) {
        if let Some(bundle) = bundle {
            file.path = bundle::shown(bundle, &file.path);
        }
    }
    if desk.json {
        output::json(&view)?;
    } else {
        output::text(&told(desk, &view))?;
    }
    let refused = view.files.iter().any(|file| file.error.is_some());
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Uses delivered support dates no more.
fn withdraw(desk: &Desk) -> Done {
    desk.app.withdraw_support_dates(&desk.act()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&desk.app.feeds(time::now()).map_err(|error| desk.fail(&error))?)?;
    } else {
        output::text(&desk.text("cli.feeds.withdrawn"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files that the paths name, and beside each the bundle that it was copied out of.
fn files_of(
    paths: &[PathBuf],
    bundle: Option<&(usize, OpenedBundle)>,
) -> (Vec<FeedFile>, Vec<Option<PathBuf>>) {
    let (mut files, mut copied) = (Vec::new(), Vec::new());
    for (at, path) in paths.iter().enumerate() {
        let opened = bundle.filter(|(place, _)| *place == at).map(|(_, opened)| opened);
        files.extend(opened.map_or_else(|| feed_files(path.clone()), bundle::feed_files));
        copied.resize_with(files.len(), || opened.map(|_| path.clone()));
    }
    (files, copied)
}

/// The files that a path names. Those of a folder are one feed, under its name.
fn feed_files(path: PathBuf) -> Vec<FeedFile> {
    let name = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| path.display().to_string())
    };
    let folder = path.is_dir().then(|| name(&path.canonicalize().unwrap_or_else(|_| path.clone())));
    let found = files::expand(vec![path]).into_iter();
    found
        .map(|found| {
            let path = found.path().to_owned();
            let refused = match found {
                files::Found::File(_) => None,
                files::Found::Refused(_, message) => Some(message),
            };
            let feed = folder.clone().unwrap_or_else(|| name(&path));
            FeedFile { refused, ..FeedFile::at(path, feed) }
        })
        .collect()
}

fn told(desk: &Desk, view: &FeedsImportView) -> String {
    let mut text = String::new();
    view.files.iter().for_each(|file| text.push_str(&file_told(desk, file)));
    text.push('\n');
    view.warnings.iter().for_each(|warning| text.push_str(&format!("{warning}\n")));
    text.push_str(&state(desk, &view.feeds));
    text
}

fn file_told(desk: &Desk, file: &FeedFileView) -> String {
    if let Some(error) = &file.error {
        return format!("✕ {}\n    {error}\n", file.path);
    }
    let format = desk.word("feed_format", file.format.as_deref());
    let read = msg!("cli.feeds.file", format = format, records = file.records);
    let mut text = format!("○ {}\n    {}\n", file.path, desk.say(&read));
    if file.refused > 0 {
        let refused = msg!("cli.feeds.refused", records = file.refused);
        text.push_str(&format!("    {}\n", desk.say(&refused)));
    }
    let sentences = file.refusals.iter().take(TOLD).chain(file.warnings.iter().take(TOLD));
    sentences.for_each(|sentence| text.push_str(&format!("    - {sentence}\n")));
    let more = file.refusals.len().saturating_sub(TOLD) + file.warnings.len().saturating_sub(TOLD);
    if more > 0 {
        text.push_str(&format!("    {}\n", desk.say(&msg!("cli.feeds.more", more = more))));
    }
    for (reason, records) in &file.skipped {
        let reason = desk.word("skipped", Some(reason));
        let left = msg!("cli.feeds.skipped", reason = reason, records = *records);
        text.push_str(&format!("    {}\n", desk.say(&left)));
    }
    text
}

fn status(args: &ArgMatches, desk: &Desk) -> Done {
    let view = desk.app.feeds(time::now()).map_err(|error| desk.fail(&error))?;
    let header = desk.header([
        "column.feed",
        "column.feed_file",
        "column.records",
        "column.newest",
        "column.age",
        "column.refused",
    ]);
    if desk.json {
        output::json(&view)?;
    } else if args.get_flag("csv") {
        output::csv(&header, view.sources.iter().map(|source| row(desk, source).to_vec()))?;
    } else {
        let mut table = Table::new(&header);
        view.sources.iter().for_each(|source| table.row(row(desk, source)));
        if !view.sources.is_empty() {
            output::table(&table)?;
        }
        output::text(&format!("\n{}", state(desk, &view)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(desk: &Desk, source: &FeedSourceView) -> [String; 6] {
    [
        desk.word("feed", Some(&source.feed)),
        source.name.clone(),
        source.records.to_string(),
        source.newest.as_deref().map(time::shown).unwrap_or_default(),
        source
            .age_days
            .map(|days| desk.say(&msg!("cli.feeds.days", days = days)))
            .unwrap_or_default(),
        source.refused.to_string(),
    ]
}

/// What is at hand in a few sentences.
fn state(desk: &Desk, view: &FeedsView) -> String {
    if view.state != "ready" {
        return desk.text(&format!("feeds_state.{}", view.state));
    }
    let mut text = desk.say(&msg!(
        "cli.feeds.at_hand",
        advisories = view.advisories,
        vulnerabilities = view.vulnerabilities,
        size = size(view.bytes)
    ));
    if let Some(days) = view.age_days {
        text.push_str(&format!("\n{}", desk.say(&msg!("cli.feeds.age", days = days))));
    }
    text
}

fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        return format!("{} KB", bytes.div_ceil(1000));
    }
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// What is wrong with the advisories at hand, in a sentence; none where they can be used.
pub(super) fn missing(view: &app::MatchView, texts: &reference::Catalogue) -> Option<String> {
    view.feeds.sources.is_empty().then(|| texts.text("cli.match.no_feed").into_owned())
}
