//! Passphrases: from a file, or asked for on the terminal without showing them. Never from the command line, which others can see.

use std::fs::File;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use app::Passphrase;
use clap::ArgMatches;
use domain::{Message, msg};
use reference::Catalogue;

use crate::output::Failure;

/// A file with more than this is not one in which somebody wrote a passphrase.
const MOST_BYTES: u64 = 4096;

/// Shorter ones can be guessed by trying, by whoever has the file and time. Our own choice: no rule names a length for files.
const ENOUGH: usize = 12;

/// The passphrase for a new backup; none where none is asked for. On the terminal it must be typed twice.
pub(crate) fn new(args: &ArgMatches, texts: &Catalogue) -> Result<Option<Passphrase>, Failure> {
    let passphrase = match given(args, texts)? {
        Some(passphrase) => passphrase,
        None if args.get_flag("encrypt") => typed_twice(texts)?,
        None => return Ok(None),
    };
    if passphrase.length() < ENOUGH {
        eprintln!("{}", texts.say(&msg!("cli.backup.short_passphrase", enough = ENOUGH as u64)));
    }
    Ok(Some(passphrase))
}

/// The passphrase of the backup in `file`; none where it needs none, or nobody can be asked.
pub(crate) fn known(
    file: &Path,
    args: &ArgMatches,
    texts: &Catalogue,
) -> Result<Option<Passphrase>, Failure> {
    match given(args, texts)? {
        Some(passphrase) => Ok(Some(passphrase)),
        None if app::is_encrypted(file) && std::io::stdin().is_terminal() => {
            typed("cli.backup.ask_known", texts).map(Some)
        }
        None => Ok(None),
    }
}

fn given(args: &ArgMatches, texts: &Catalogue) -> Result<Option<Passphrase>, Failure> {
    let Some(path) = args.get_one::<PathBuf>("passphrase-file") else { return Ok(None) };
    read(path).map(Some).map_err(|message| Failure::new(texts, &message))
}

/// The first line of the file.
fn read(path: &Path) -> Result<Passphrase, Message> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
    read.map_err(|error| {
        msg!("cli.backup.passphrase_unreadable", path = shown.clone(), cause = error.to_string())
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| msg!("cli.backup.passphrase_not_text", path = shown.clone()))?;
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let passphrase = Passphrase::new(line);
    if passphrase.is_empty() {
        return Err(msg!("cli.backup.passphrase_file_empty", path = shown));
    }
    Ok(passphrase)
}

fn typed_twice(texts: &Catalogue) -> Result<Passphrase, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(texts, &msg!("cli.backup.no_terminal")));
    }
    let one = typed("cli.backup.ask_new", texts)?;
    if one.is_empty() {
        return Err(Failure::new(texts, &msg!("cli.backup.passphrase_empty")));
    }
    if one != typed("cli.backup.ask_again", texts)? {
        return Err(Failure::new(texts, &msg!("cli.backup.passphrases_differ")));
    }
    Ok(one)
}

fn typed(question: &str, texts: &Catalogue) -> Result<Passphrase, Failure> {
    let typed = rpassword::prompt_password(format!("{} ", texts.text(question)));
    typed.map(Passphrase::new).map_err(|_| Failure::new(texts, &msg!("cli.backup.no_terminal")))
}
