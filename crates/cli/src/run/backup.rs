//! `mimawari backup create | verify | restore`

use std::path::PathBuf;
use std::process::ExitCode;

use app::{
    BackupOrder, BackupView, CreatedBackupView, RestoreOrder, RestoredBackupView,
    VerifiedBackupView,
};
use clap::ArgMatches;
use domain::{Message, msg};
use reference::Catalogue;

use super::{Desk, Done, act};
use crate::output::{self, Failure};
use crate::passphrase;
use crate::progress::Spinner;
use crate::time;

pub(super) fn run(args: &ArgMatches, texts: Catalogue) -> Done {
    match args.subcommand() {
        Some(("create", args)) => create(args, texts),
        Some(("verify", args)) => verify(args, &texts),
        Some((_, args)) => restore(args, texts),
        None => Ok(ExitCode::from(2)),
    }
}

fn create(args: &ArgMatches, texts: Catalogue) -> Done {
    let act = act();
    let passphrase = passphrase::new(args, &texts)?;
    let order = BackupOrder {
        out: args.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from(".")),
        stamp: time::stamp(act.now),
        passphrase,
        force: args.get_flag("force"),
        in_data_folder: args.get_flag("in-data-folder"),
    };
    let desk = Desk::open(args, texts)?;
    let spinner = Spinner::new(desk.text("cli.backup.creating"));
    let created = desk.app.create_backup(&order, &act);
    drop(spinner);
    let view = created.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&view)?;
    } else {
        tell_created(&desk, &view)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_created(desk: &Desk, view: &CreatedBackupView) -> Result<(), Failure> {
    output::text(&desk.say(&msg!(
        "cli.backup.created",
        path = &view.file,
        size = size(view.size)
    )))?;
    contents(&view.backup, desk.app.catalogue())?;
    let secrecy = if view.encrypted { "cli.backup.encrypted" } else { "cli.backup.not_encrypted" };
    output::text(&desk.text(secrecy))?;
    output::text(&desk.text("cli.backup.keep_apart"))?;
    warn(&view.warnings);
    Ok(())
}

fn verify(args: &ArgMatches, texts: &Catalogue) -> Done {
    let file = file(args);
    let passphrase = passphrase::known(&file, args, texts)?;
    let spinner = Spinner::new(texts.text("cli.backup.verifying").into_owned());
    let verified = app::verify_backup(&file, passphrase.as_ref(), texts);
    drop(spinner);
    let view = verified.map_err(|error| Failure::new(texts, &error.message()))?;
    if args.get_flag("json") {
        output::json(&view)?;
    } else {
        tell_verified(&view, texts)?;
    }
    Ok(if view.whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell_verified(view: &VerifiedBackupView, texts: &Catalogue) -> Result<(), Failure> {
    if let Some(problem) = &view.problem {
        eprintln!("{}", output::lines(problem));
        return Ok(());
    }
    let bytes = view.size.unwrap_or_default();
    output::text(&texts.say(&msg!("cli.backup.whole", path = &view.file, size = size(bytes))))?;
    if let Some(backup) = &view.backup {
        contents(backup, texts)?;
    }
    warn(&view.warnings);
    Ok(())
}

fn restore(args: &ArgMatches, texts: Catalogue) -> Done {
    let act = act();
    let file = file(args);
    let order = RestoreOrder {
        passphrase: passphrase::known(&file, args, &texts)?,
        file,
        folder: args.get_one::<PathBuf>("data").cloned().unwrap_or_default(),
        stamp: time::stamp(act.now),
        force: args.get_flag("force"),
    };
    let spinner = Spinner::new(texts.text("cli.backup.restoring").into_owned());
    let restored = app::restore_backup(&order, &act, Catalogue::load(texts.language()));
    drop(spinner);
    let view = restored.map_err(|error| Failure::new(&texts, &error.message()))?;
    if args.get_flag("json") {
        output::json(&view)?;
    } else {
        tell_restored(&view, &texts)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_restored(view: &RestoredBackupView, texts: &Catalogue) -> Result<(), Failure> {
    let say = |message: &Message| output::text(&texts.say(message));
    say(&msg!("cli.backup.restored", path = &view.file, data = &view.data))?;
    contents(&view.backup, texts)?;
    if let Some(kept) = &view.kept_aside {
        say(&msg!("cli.backup.kept_aside", path = kept))?;
    }
    warn(&view.warnings);
    Ok(())
}

fn file(args: &ArgMatches) -> PathBuf {
    args.get_one::<PathBuf>("file").cloned().unwrap_or_default()
}

/// What a backup holds, by which it is known again on another machine.
fn contents(backup: &BackupView, texts: &Catalogue) -> Result<(), Failure> {
    let facility = backup.facilities.iter().find(|mark| mark.id == backup.facility);
    let (entries, head) = facility.map_or((0, ""), |mark| (mark.entries, mark.head.as_str()));
    output::text(&texts.say(&msg!(
        "cli.backup.contents",
        time = time::shown(&backup.created_at),
        program = &backup.program,
        records = backup.records,
        digest = &backup.digest,
        entries = entries,
        head = head
    )))
}

fn warn(warnings: &[String]) {
    for warning in warnings {
        eprintln!("{}", output::lines(warning));
    }
}

/// A size as people say it: 1,000 and not 1,024, as the makers of USB sticks count.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
