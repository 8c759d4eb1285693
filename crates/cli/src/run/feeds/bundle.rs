//! `mimawari feeds bundle`, and the keys of those whose bundles are taken.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::{FeedBundleOrder, FeedFile, MadeBundleView, OpenedBundle};
use clap::ArgMatches;
use domain::{Message, msg};
use reference::Catalogue;
use serde::Serialize;

use super::super::{Desk, Done};
use super::size;
use crate::output::{self, Failure};
use crate::progress::Spinner;
use crate::time;

pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    let path = |name: &str| args.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let now = time::now();
    let order = FeedBundleOrder {
        out: path("out"),
        files: args.get_many("files").into_iter().flatten().cloned().collect(),
        key: path("key"),
        now,
        day: time::stamp(now).chars().take(8).collect(),
    };
    let spinner = Spinner::new(texts.text("cli.feeds.bundling").into_owned());
    let made = app::make_feed_bundle(&order);
    drop(spinner);
    let view = made.map_err(|error| Failure::new(texts, &error.message()))?;
    if args.get_flag("json") {
        output::json(&view)?;
    } else {
        output::text(&told(&view, texts))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(view: &MadeBundleView, texts: &Catalogue) -> String {
    let mut text: String = view
        .entries
        .iter()
        .map(|entry| format!("○ {} ({})\n", entry.name, size(entry.size)))
        .collect();
    let mut say = |message: &Message| text.push_str(&format!("{}\n", texts.say(message)));
    say(&msg!(
        "cli.feeds.bundled",
        path = &view.file,
        size = size(view.size),
        files = view.entries.len()
    ));
    if view.key_made {
        say(&msg!("cli.feeds.key_made", path = &view.key));
    }
    say(&msg!("cli.feeds.fingerprint", fingerprint = &view.fingerprint));
    text.trim_end().to_owned()
}

/// The bundle among the paths, opened; its place there, and nothing where none is one.
pub(super) fn among(
    paths: &[PathBuf],
    args: &ArgMatches,
    desk: &Desk,
) -> Result<Option<(usize, OpenedBundle)>, Failure> {
    let confirm = args.get_one::<String>("trust").map(String::as_str);
    let is_bundle = |path: &PathBuf| path.is_file() && app::is_feed_bundle(path).unwrap_or(false);
    let mut bundles = paths.iter().enumerate().filter(|(_, path)| is_bundle(path));
    let fail = |message: &Message| Failure::new(desk.app.catalogue(), message);
    let Some((at, path)) = bundles.next() else {
        return match confirm {
            Some(_) => Err(fail(&msg!("cli.feeds.no_bundle"))),
            None => Ok(None),
        };
    };
    if bundles.next().is_some() {
        return Err(fail(&msg!("bundle.one")));
    }
    let spinner = Spinner::new(desk.text("cli.feeds.opening"));
    let opened = desk.app.open_bundle(path, confirm, args.get_flag("allow-older"), &desk.act());
    drop(spinner);
    opened.map(|opened| Some((at, opened))).map_err(|error| desk.fail(&error))
}

/// The files of an opened bundle, each a feed under its own name.
pub(super) fn feed_files(opened: &OpenedBundle) -> Vec<FeedFile> {
    let feed = |path: &PathBuf| FeedFile::at(path.clone(), name_of(path));
    opened.files.iter().map(feed).collect()
}

/// How a file that was copied out of a bundle is shown: by where the person knows it from.
pub(super) fn shown(bundle: &Path, copied: &str) -> String {
    bundle.join(name_of(Path::new(copied))).display().to_string()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[derive(Serialize)]
struct KeysView {
    keys: Vec<app::TrustedKeyView>,
}

/// `feeds keys [forget FINGERPRINT]`
pub(super) fn keys(args: &ArgMatches, desk: &Desk) -> Done {
    if let Some(("forget", args)) = args.subcommand() {
        let fingerprint = args.get_one::<String>("fingerprint").cloned().unwrap_or_default();
        let forgotten = desk.app.forget_feed_key(&fingerprint, &desk.act());
        forgotten.map_err(|error| desk.fail(&error))?;
        output::text(&desk.text("cli.feeds.key_forgotten"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let keys = desk.app.feed_keys().map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&KeysView { keys })?;
    } else if keys.is_empty() {
        output::text(&desk.text("cli.feeds.no_keys"))?;
    } else {
        // No table: a number that is cut short confirms nothing.
        let lines: Vec<String> = keys.iter().map(|key| key_told(key, desk)).collect();
        output::text(&lines.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn key_told(key: &app::TrustedKeyView, desk: &Desk) -> String {
    let (since, newest) = (time::shown(&key.since), time::shown(&key.newest));
    let told = msg!("cli.feeds.key_told", since = since, by = &key.by, newest = newest);
    format!("{}\n    {}", key.fingerprint, desk.say(&told))
}
