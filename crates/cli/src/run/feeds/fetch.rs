//! `mimawari feeds fetch`, on a PC with internet: the only command that asks anybody for anything.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use collect::{Client, Event, Feed, FetchError, Folder, Got, Item, Sleeping};
use domain::msg;
use reference::Catalogue;
use serde::Serialize;

use super::super::Done;
use super::size;
use crate::output::{self, Failure};
use crate::progress::Spinner;
use crate::time;

#[derive(Serialize)]
struct FetchView {
    folder: String,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct FileView {
    name: String,
    file: String,
    url: String,
    /// `fetched`, `unchanged` or `failed`.
    state: &'static str,
    bytes: u64,
    /// Bytes of it that were here already.
    resumed: u64,
    error: Option<String>,
}

#[derive(Serialize)]
struct ListView {
    feeds: Vec<ListedView>,
}

#[derive(Serialize)]
struct ListedView {
    name: String,
    about: String,
    changes: &'static str,
    usual: bool,
    verified: bool,
    files: Vec<ListedFileView>,
}

#[derive(Serialize)]
struct ListedFileView {
    name: String,
    file: String,
    url: String,
}

pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    if args.get_flag("list") {
        return list(args, texts);
    }
    let fail = |error: FetchError| Failure::new(texts, &error.message());
    let names: Vec<String> = args.get_many("only").into_iter().flatten().cloned().collect();
    let items = collect::choose(&names, time::today().year())
        .map_err(|name| Failure::new(texts, &msg!("cli.feeds.no_feed", name = name)))?;
    let path = args.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let mut client = Client::new(Sleeping).map_err(fail)?;
    let mut folder = Folder::open(&path).map_err(fail)?;
    let mut view = FetchView { folder: path.display().to_string(), files: Vec::new() };
    for item in &items {
        let got = fetch(&mut client, &mut folder, item, texts);
        let stops = got.as_ref().is_err_and(FetchError::is_for_all);
        view.files.push(file_view(item, got, texts));
        if stops {
            break;
        }
    }
    finish(args, texts, &view)
}

fn fetch(
    client: &mut Client,
    folder: &mut Folder,
    item: &Item,
    texts: &Catalogue,
) -> Result<Got, FetchError> {
    let spinner = Spinner::new(item.file.clone());
    collect::fetch(client, folder, item, &mut |event| match event {
        Event::Asking { url } => {
            spinner.line(&texts.say(&msg!("cli.feeds.asking", url = url)));
        }
        Event::Waiting { seconds } => {
            spinner.line(&texts.say(&msg!("cli.feeds.waiting", seconds = seconds)));
        }
        Event::Came { bytes, of } => {
            let of = of.map(|of| format!(" / {}", size(of))).unwrap_or_default();
            spinner.say(&format!("{}: {}{of}", item.file, size(bytes)));
        }
    })
}

fn file_view(item: &Item, got: Result<Got, FetchError>, texts: &Catalogue) -> FileView {
    let (state, bytes, resumed, error) = match got {
        Ok(Got::Fetched { bytes, resumed }) => ("fetched", bytes, resumed, None),
        Ok(Got::Unchanged { bytes }) => ("unchanged", bytes, 0, None),
        Err(error) => ("failed", 0, 0, Some(texts.say(&error.message()))),
    };
    let Item { name, file, url, .. } = item.clone();
    FileView { name, file, url, state, bytes, resumed, error }
}

fn finish(args: &ArgMatches, texts: &Catalogue, view: &FetchView) -> Done {
    let count = |state: &str| view.files.iter().filter(|file| file.state == state).count();
    let failed = count("failed");
    if args.get_flag("json") {
        output::json(view)?;
    } else {
        let told = msg!(
            "cli.feeds.fetched",
            folder = &view.folder,
            fetched = count("fetched"),
            unchanged = count("unchanged"),
            failed = failed
        );
        let failures = view.files.iter().filter_map(|file| {
            file.error.as_ref().map(|error| format!("✕ {}\n    {error}\n", file.name))
        });
        let mut text: String = failures.collect();
        text.push_str(&texts.say(&told));
        text.push('\n');
        text.push_str(&texts.text("cli.feeds.fetched_next"));
        output::text(&text)?;
    }
    Ok(if failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn list(args: &ArgMatches, texts: &Catalogue) -> Done {
    let year = time::today().year();
    let feeds: Vec<ListedView> =
        collect::feeds().iter().map(|feed| listed(feed, year, texts)).collect();
    if args.get_flag("json") {
        output::json(&ListView { feeds })?;
        return Ok(ExitCode::SUCCESS);
    }
    // No table: an address that is cut short is none.
    let blocks = feeds.iter().map(|feed| block(feed, texts));
    output::text(&format!(
        "{}\n{}",
        blocks.collect::<String>(),
        texts.text("cli.feeds.list_note")
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn block(feed: &ListedView, texts: &Catalogue) -> String {
    let mark = if feed.usual { "○" } else { "－" };
    let changes = texts.text(&format!("collect.changes.{}", feed.changes));
    let files = feed.files.iter().map(|file| format!("    {}: {}\n", file.name, file.url));
    format!("{mark} {}: {} ({changes})\n{}", feed.name, feed.about, files.collect::<String>())
}

fn listed(feed: &Feed, year: i16, texts: &Catalogue) -> ListedView {
    let file = |item: Item| ListedFileView { name: item.name, file: item.file, url: item.url };
    ListedView {
        name: feed.name.clone(),
        about: texts.text(&format!("collect.feed.{}", feed.name)).into_owned(),
        changes: feed.changes.key(),
        usual: feed.usual,
        verified: feed.verified,
        files: feed.items(year).into_iter().map(file).collect(),
    }
}
