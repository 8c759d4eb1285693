//! The drop folder: what other programs put into `drop` in the data folder is imported, and moved out of the way.
//!
//! A file or a folder is taken when it was the same twice, a minute apart. It goes to `drop/done`, or to `drop/refused` with a text
//! beside it that says why. Links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::{Message, msg};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, App, AppError, ImportOptions, MAX_FILE_BYTES, NewFile, is_clutter};

/// Folders within a folder that are looked into.
const MAX_DEPTH: usize = 16;

/// Files that one folder may bring.
const MOST_FILES: usize = 50_000;

/// Entries that are taken at one time; the others wait for the next look.
const MOST_ENTRIES: usize = 1_000;

/// Where what was imported goes, and what could not be.
const DONE: &str = "done";
const REFUSED: &str = "refused";

/// The setting that switches it off.
const SETTING: &str = "drop_folder";

/// How the entries of the folder looked the last time.
#[derive(Debug, Default)]
pub struct DropMemory(BTreeMap<String, Look>);

/// Every file of an entry, with its size and the time of its last change.
type Look = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// What became of an entry of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropEvent {
    /// Its name.
    pub name: String,
    /// Whether something of it was imported, or was in already.
    pub is_done: bool,
    /// Why something of it was not.
    pub problems: Vec<String>,
}

impl App {
    /// The folder that is looked into.
    pub fn drop_folder(&self) -> PathBuf {
        self.folder().join("drop")
    }

    /// Whether it is looked into at all.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn is_drop_folder_on(&self) -> Result<bool, AppError> {
        let setting = self.facility()?.read(|view| view.setting(SETTING))?;
        Ok(setting.as_deref() != Some("off"))
    }

    /// Has the folder looked into from now on, or not.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn set_drop_folder(&self, is_on: bool, act: &Act) -> Result<(), AppError> {
        let entry = act.entry("setting.drop_folder", String::new(), &json!({ "on": is_on }));
        let value = if is_on { "on" } else { "off" };
        self.facility()?.change(entry, |change| Ok(change.set_setting(SETTING, value)?))
    }

    /// Looks into the folder once, making it where it is not there: imports what is as it was at the last look.
    ///
    /// # Errors
    ///
    /// What the store says, or that the folder cannot be read.
    pub fn look_into_drop_folder(
        &self,
        memory: &mut DropMemory,
        act: &Act,
    ) -> Result<Vec<DropEvent>, AppError> {
        let folder = self.drop_folder();
        let unusable = |error: std::io::Error| {
            AppError::Upload(msg!("app.drop_folder", cause = error.to_string()))
        };
        fs::create_dir_all(&folder).map_err(unusable)?;
        let mut looks = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(unusable)?.flatten().take(MOST_ENTRIES) {
            let Ok(name) = entry.file_name().into_string() else { continue };
            if ![DONE, REFUSED].contains(&name.as_str())
                && !is_clutter(&name)
                && !name.starts_with('.')
            {
                looks.insert(name, look_at(&entry.path()));
            }
        }
        let before = std::mem::take(&mut memory.0);
        let mut events = Vec::new();
        for (name, look) in looks {
            match look {
                Ok(look) if before.get(&name) == Some(&look) && !look.is_empty() => {
                    events.push(self.take_entry(&folder, &name, &look, act)?);
                }
                Ok(look) => drop(memory.0.insert(name, look)),
                Err(message) => {
                    let problems = vec![self.catalogue().say(&message)];
                    events.push(self.put_away(&folder, name, false, problems, act));
                }
            }
        }
        Ok(events)
    }

    /// Imports an entry of the folder, and puts it away.
    fn take_entry(
        &self,
        folder: &Path,
        name: &str,
        look: &Look,
        act: &Act,
    ) -> Result<DropEvent, AppError> {
        let file = |(path, size, modified): &(PathBuf, u64, Option<SystemTime>)| NewFile {
            path: path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/"),
            bytes: load(path, *size).map(Into::into),
            modified: modified.and_then(|time| Timestamp::try_from(time).ok()),
        };
        let imported =
            self.import(look.iter().map(file), &ImportOptions::default(), act, &mut |_, _| {})?;
        let refused = imported.files.iter().filter_map(|file| {
            let error = file.error.as_deref()?;
            Some(format!("{}: {error}", file.path))
        });
        let problems: Vec<String> = refused.collect();
        let is_done = imported.files.iter().any(|file| file.error.is_none());
        Ok(self.put_away(folder, name.to_owned(), is_done, problems, act))
    }

    /// Moves an entry to where it is not looked at again, with a text beside it where something is to be said.
    fn put_away(
        &self,
        folder: &Path,
        name: String,
        is_done: bool,
        mut problems: Vec<String>,
        act: &Act,
    ) -> DropEvent {
        let to = folder.join(if is_done { DONE } else { REFUSED });
        let stamp = engine::known::JAPAN.to_datetime(act.now).strftime("%Y%m%d-%H%M%S").to_string();
        let moved = fs::create_dir_all(&to).and_then(|()| {
            let place = free_place(&to, &format!("{stamp}-{name}"));
            fs::rename(folder.join(&name), &place)?;
            if problems.is_empty() {
                return Ok(());
            }
            let mut beside = place.into_os_string();
            beside.push(".txt");
            // With the mark at the front that makes old editors read it as UTF-8.
            fs::write(beside, format!("\u{feff}{}\r\n", problems.join("\r\n")))
        });
        if let Err(error) = moved {
            let cause = error.to_string();
            problems.push(self.catalogue().say(&msg!(
                "app.drop_not_moved",
                name = name.as_str(),
                cause = cause
            )));
        }
        DropEvent { name, is_done, problems }
    }
}

/// A path in `folder` that nothing stands at.
fn free_place(folder: &Path, name: &str) -> PathBuf {
    let numbered = (1u32..).map(|number| match number {
        1 => folder.join(name),
        number => folder.join(format!("{name}.{number}")),
    });
    let free = |path: &PathBuf| fs::symlink_metadata(path).is_err();
    numbered.into_iter().find(free).unwrap_or_else(|| folder.join(name))
}

/// Every file of an entry, in the order in which they are read.
fn look_at(entry: &Path) -> Result<Look, Message> {
    let mut look = Look::new();
    look_into(entry, 0, &mut look)?;
    look.sort_by(|(one, ..), (other, ..)| {
        crate::folder_order(&one.to_string_lossy(), &other.to_string_lossy())
    });
    Ok(look)
}

fn look_into(path: &Path, depth: usize, look: &mut Look) -> Result<(), Message> {
    let shown = || path.display().to_string();
    let unreadable = |error: std::io::Error| {
        msg!("app.drop_unreadable", path = shown(), cause = error.to_string())
    };
    let metadata = fs::symlink_metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        if depth >= MAX_DEPTH || look.len() >= MOST_FILES {
            return Err(msg!("app.drop_too_much", path = shown(), files = MOST_FILES));
        }
        let entries = fs::read_dir(path).map_err(unreadable)?;
        return entries.flatten().try_for_each(|entry| look_into(&entry.path(), depth + 1, look));
    }
    if !metadata.is_file() {
        // A link may lead to a file that nobody meant to bring; a pipe would be waited for without end.
        return Err(msg!("app.drop_link", path = shown()));
    }
    if !is_clutter(&path.to_string_lossy()) {
        look.push((path.to_owned(), metadata.len(), metadata.modified().ok()));
    }
    Ok(())
}

/// The bytes of a file that had this size a moment ago.
fn load(path: &Path, size: u64) -> Result<Vec<u8>, Message> {
    if size > MAX_FILE_BYTES {
        let mib = |bytes: u64| bytes >> 20;
        return Err(msg!("text.too_large", limit = mib(MAX_FILE_BYTES), size = mib(size)));
    }
    fs::read(path).map_err(|error| {
        msg!("app.drop_unreadable", path = path.display().to_string(), cause = error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use domain::Actor;
    use reference::{Catalogue, Language};

    use super::*;

    fn hospital() -> (tempfile::TempDir, App, Act) {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), "main", Catalogue::load(Language::Ja)).unwrap();
        let now = "2026-11-21T23:00:00Z".parse().unwrap();
        (folder, app, Act { actor: Actor("program:drop".to_owned()), now })
    }

    const LEDGER: &str = "管理番号,機器名,IPアドレス\n0001,CT,10.1.1.1\n0002,MR,10.1.1.2\n";

    #[test]
    fn what_stood_still_for_two_looks_is_imported_and_moved() {
        let (_folder, app, act) = hospital();
        let mut memory = DropMemory::default();
        assert!(app.look_into_drop_folder(&mut memory, &act).unwrap().is_empty());
        let file = app.drop_folder().join("台帳.csv");
        fs::write(&file, &LEDGER[..19]).unwrap();
        assert!(app.look_into_drop_folder(&mut memory, &act).unwrap().is_empty(), "seen once");
        fs::write(&file, LEDGER).unwrap();
        assert!(app.look_into_drop_folder(&mut memory, &act).unwrap().is_empty(), "it grew");
        let events = app.look_into_drop_folder(&mut memory, &act).unwrap();
        assert!(events[0].is_done && events[0].problems.is_empty(), "{events:?}");
        assert!(!file.exists());
        assert!(app.drop_folder().join("done/20261122-080000-台帳.csv").exists());
        let imports = app.imports().unwrap();
        assert_eq!((imports.len(), imports[0].imported_by.as_str()), (1, "program:drop"));
    }

    #[test]
    fn what_cannot_be_read_is_put_aside_with_a_text_that_says_why() {
        let (_folder, app, act) = hospital();
        fs::create_dir_all(app.drop_folder()).unwrap();
        fs::write(app.drop_folder().join("memo.txt"), "Nothing of interest.\r\n").unwrap();
        let mut memory = DropMemory::default();
        app.look_into_drop_folder(&mut memory, &act).unwrap();
        let events = app.look_into_drop_folder(&mut memory, &act).unwrap();
        assert!(!events[0].is_done && events[0].problems.len() == 1, "{events:?}");
        let place = app.drop_folder().join("refused/20261122-080000-memo.txt");
        assert!(place.exists());
        let beside = fs::read_to_string(place.with_file_name("20261122-080000-memo.txt.txt"));
        assert!(beside.unwrap().contains("memo.txt"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_never_followed() {
        let (folder, app, act) = hospital();
        let secret = folder.path().join("elsewhere.csv");
        fs::write(&secret, LEDGER).unwrap();
        fs::create_dir_all(app.drop_folder().join("pc")).unwrap();
        std::os::unix::fs::symlink(&secret, app.drop_folder().join("a.csv")).unwrap();
        std::os::unix::fs::symlink(&secret, app.drop_folder().join("pc/b.csv")).unwrap();
        let mut memory = DropMemory::default();
        let events = app.look_into_drop_folder(&mut memory, &act).unwrap();
        assert_eq!(events.iter().filter(|event| !event.is_done).count(), 2);
        assert!(app.imports().unwrap().is_empty() && secret.exists());
    }

    #[test]
    fn the_folder_can_be_left_alone() {
        let (_folder, app, act) = hospital();
        assert!(app.is_drop_folder_on().unwrap());
        app.set_drop_folder(false, &act).unwrap();
        assert!(!app.is_drop_folder_on().unwrap());
        app.set_drop_folder(true, &act).unwrap();
        assert!(app.is_drop_folder_on().unwrap());
    }
}
