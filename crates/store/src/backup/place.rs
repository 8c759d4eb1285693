//! Files that are nothing until they are whole: written under another name, on the disk, and only then in their place.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Seek};
use std::path::{Path, PathBuf};

use super::BackupError;

/// A file under way. Where it is dropped before it is in its place, it is gone.
///
/// What a killed process left behind under this name is written over: a lock tells it from the work of another process.
pub(super) struct Part {
    path: PathBuf,
    file: Option<File>,
}

impl Part {
    /// Begins the file that is to stand at `target`, beside it, as `TARGET.mimawari-part`: a name that is nobody else's.
    pub(super) fn beside(target: &Path) -> Result<Self, BackupError> {
        let path = with_suffix(target, ".mimawari-part");
        let file = locked(&path).map_err(|error| error.writing(&path))?;
        // Only now: before the lock is held it may be another's.
        file.set_len(0).map_err(BackupError::from).map_err(|error| error.writing(&path))?;
        Ok(Self { path, file: Some(file) })
    }

    /// Where it stands as yet.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The open file.
    pub(super) fn file(&self) -> io::Result<&File> {
        self.file.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotFound))
    }

    /// Brings what was written to the disk, and gives it from its beginning.
    ///
    /// Not by opening the file again: on Windows the lock keeps out whoever does.
    pub(super) fn written(&self) -> io::Result<File> {
        let mut file = self.file()?.try_clone()?;
        file.sync_all()?;
        file.rewind()?;
        Ok(file)
    }

    /// Puts the file in its place. Where something stands there already, it stays, unless `over`.
    pub(super) fn put(mut self, target: &Path, over: bool) -> Result<(), BackupError> {
        // Windows moves no file that is open.
        self.file = None;
        // A second name is refused where something stands; not every file system knows second names.
        let linked = if over { None } else { fs::hard_link(&self.path, target).err() };
        let taken = linked.as_ref().is_some_and(|error| error.kind() == ErrorKind::AlreadyExists);
        if taken || (linked.is_some() && target.symlink_metadata().is_ok()) {
            return Err(BackupError::Exists { path: target.to_owned() });
        }
        if over || linked.is_some() {
            fs::rename(&self.path, target)?;
        } else {
            fs::remove_file(&self.path)?;
        }
        self.path = PathBuf::new();
        Ok(sync_folder(target)?)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.file = None;
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A lock on a folder's restoring; released, and its file gone, when it is dropped.
pub(super) struct Turn(Part);

impl Turn {
    /// Takes the lock at `path`.
    pub(super) fn at(path: PathBuf) -> Result<Self, BackupError> {
        let file = locked(&path).map_err(|error| error.writing(&path))?;
        Ok(Self(Part { path, file: Some(file) }))
    }

    /// Where the lock stands.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Opens or makes the file and locks it, or says that another process has it.
fn locked(path: &Path) -> Result<File, BackupError> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::AtWork { path: path.to_owned() }),
        // A file system without locks, such as some network shares: there we work without.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// `path` with `suffix` behind its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a rename in the folder of `path` survive a power cut.
///
/// Only Unix opens folders for that; elsewhere the file system sees to it by itself.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
