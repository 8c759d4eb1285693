//! The folder that files are fetched into, and what is known of them.
//!
//! A file is under its name only when it is whole. What came of one that is not stands in `NAME.part`. Order matters, for the power
//! may go at any moment: before a part is begun, its version is written down; before a whole file is written down, it is in place.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::FetchError;
use crate::ledger::{Entry, Ledger};

/// The name under which the folder keeps what it knows; hidden, as it is no feed.
const LEDGER: &str = ".mimawari-fetch.json";

/// The name of the lock.
const LOCK: &str = ".mimawari-fetch.lock";

/// Some hundred files are a hundred kilobytes; a larger ledger is none of ours.
const MOST_LEDGER: u64 = 4 << 20;

/// A folder that files are fetched into. Nobody else fetches into it meanwhile.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    ledger: Ledger,
    _lock: File,
}

impl Folder {
    /// Opens the folder, making it where it is not there yet.
    ///
    /// # Errors
    ///
    /// [`FetchError::AtWork`] where somebody else fetches into it, [`FetchError::Folder`] where it cannot be written.
    pub fn open(path: &Path) -> Result<Self, FetchError> {
        fs::create_dir_all(path).map_err(FetchError::folder(path))?;
        let lock = lock(path)?;
        let ledger = read_ledger(&path.join(LEDGER));
        Ok(Self { path: path.to_owned(), ledger, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is known of `file`, where it comes from `url`.
    pub(crate) fn entry(&self, file: &str, url: &str) -> Entry {
        let known = self.ledger.files.get(file).filter(|entry| entry.url == url).cloned();
        known.unwrap_or_else(|| Entry { url: url.to_owned(), ..Entry::default() })
    }

    /// Writes down what is known of `file`, on the disk when this returns.
    pub(crate) fn note(&mut self, file: &str, entry: Entry) -> Result<(), FetchError> {
        self.ledger.files.insert(file.to_owned(), entry);
        let target = self.path.join(LEDGER);
        let written = serde_json::to_vec_pretty(&self.ledger).unwrap_or_default();
        replace(&target, &written).map_err(FetchError::folder(&target))
    }

    /// The length of what stands under `name`; none where no file does.
    pub(crate) fn size_of(&self, name: &str) -> Option<u64> {
        let meta = fs::symlink_metadata(self.path.join(name)).ok()?;
        meta.is_file().then_some(meta.len())
    }

    /// Opens the part of `file`: to go on with it, or from its beginning.
    pub(crate) fn part(&self, file: &str, go_on: bool) -> Result<File, FetchError> {
        let path = self.path.join(part_name(file));
        let mut options = OpenOptions::new();
        options.create(true).write(true).append(go_on).truncate(!go_on);
        options.open(&path).map_err(FetchError::folder(&path))
    }

    /// Forgets the part of `file`.
    pub(crate) fn drop_part(&self, file: &str) -> Result<(), FetchError> {
        let path = self.path.join(part_name(file));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(FetchError::folder(&path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Puts the part, which is whole and on the disk, in its place.
    pub(crate) fn put(&self, file: &str) -> Result<(), FetchError> {
        let target = self.path.join(file);
        let put = fs::rename(self.path.join(part_name(file)), &target);
        put.and_then(|()| sync(&self.path)).map_err(FetchError::folder(&target))
    }
}

/// The name of what came of `file` so far.
pub(crate) fn part_name(file: &str) -> String {
    format!("{file}.part")
}

fn lock(folder: &Path) -> Result<File, FetchError> {
    let path = folder.join(LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(FetchError::folder(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FetchError::AtWork(folder.to_owned())),
        // A file system without locks, such as some sticks and shares.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(FetchError::folder(&path)(error)),
    }
}

/// What cannot be read is not known: then everything is asked for anew.
fn read_ledger(path: &Path) -> Ledger {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_LEDGER).read_to_end(&mut bytes));
    read.ok().and_then(|_| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn replace(target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = target.with_extension("json.new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, target)?;
    sync(target.parent().unwrap_or(Path::new(".")))
}

/// Makes a rename in the folder survive a power cut. Only Unix opens folders for that.
fn sync(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
