//! Where a bundle is copied to before anything of it is used: a folder in the data folder, empty before and after.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use formats::bundle::Bundle;

use super::FeedBundleError;

/// The folder.
const FOLDER: &str = "feeds-incoming";

/// Its lock, which stands beside it.
const LOCK: &str = "feeds-incoming.lock";

/// Left free on the disk whatever comes, in bytes: the ledger must be able to write.
const RESERVE: u64 = 256 << 20;

/// Files of a bundle, copied and proven. They are gone when this is dropped.
#[derive(Debug)]
pub(super) struct Incoming {
    folder: PathBuf,
    _lock: File,
}

impl Incoming {
    /// The folder below `data`, empty, and nobody else's meanwhile. What a killed process left there is deleted.
    pub(super) fn below(data: &Path) -> Result<Self, FeedBundleError> {
        let lock = lock(&data.join(LOCK))?;
        let folder = data.join(FOLDER);
        clear(&folder).map_err(FeedBundleError::write(&folder))?;
        fs::create_dir(&folder).map_err(FeedBundleError::write(&folder))?;
        Ok(Self { folder, _lock: lock })
    }

    /// That `needed` bytes fit beside what the program itself needs.
    pub(super) fn check_space(&self, needed: u64) -> Result<(), FeedBundleError> {
        match fs4::available_space(&self.folder) {
            Ok(free) if free < needed.saturating_add(RESERVE) => {
                Err(FeedBundleError::NoSpace { needed, free })
            }
            // Where the system does not tell, a full disk is noticed while writing.
            _ => Ok(()),
        }
    }

    /// Copies all of a bundle here. Only when this returns may any of the files be used.
    pub(super) fn take(
        &self,
        bundle: &mut Bundle<impl Read>,
        from: &Path,
    ) -> Result<Vec<PathBuf>, FeedBundleError> {
        let mut files = Vec::new();
        while let Some(entry) = bundle.next_entry() {
            let path = self.folder.join(&entry.name);
            let file = OpenOptions::new().write(true).create_new(true).open(&path);
            let mut file = BufWriter::new(file.map_err(FeedBundleError::write(&path))?);
            bundle.copy_next(&mut file).map_err(FeedBundleError::fault(from))?;
            file.flush().map_err(FeedBundleError::write(&path))?;
            files.push(path);
        }
        // Nothing may follow the last.
        bundle.copy_next(&mut std::io::sink()).map_err(FeedBundleError::fault(from))?;
        Ok(files)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = clear(&self.folder);
    }
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn lock(path: &Path) -> Result<File, FeedBundleError> {
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = opened.map_err(FeedBundleError::write(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FeedBundleError::AtWork),
        // A file system without locks: there we work without.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(FeedBundleError::write(path)(error)),
    }
}
