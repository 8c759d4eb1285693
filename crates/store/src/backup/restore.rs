//! Bringing a backup back into a data folder.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use domain::AuditEntry;

use super::place::{Turn, remove, sync_folder, with_suffix};
use super::prove::{self, Chunks, Proven};
use super::{BackupError, Manifest, Passphrase};
use crate::StoreError;
use crate::sqlite::{FILE, Retired, Snapshot};

/// How a backup is to be restored.
#[derive(Debug, Clone)]
pub struct RestoreOptions {
    /// With what it was encrypted.
    pub passphrase: Option<Passphrase>,
    /// Whether it may take the place of a database that stands there, which is kept aside.
    pub force: bool,
    /// The day and time in the name of a database that is kept aside, such as `20261120-0900`.
    pub stamp: String,
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What was proven of it.
    pub proven: Proven,
    /// Where the database that stood there is kept.
    pub kept_aside: Option<PathBuf>,
}

/// Restores the backup in `file` into the data folder `folder`.
///
/// The database is filled under another name, proven as [`super::verify_backup`] does, brought to this program's step, given the
/// entry of `entry` in every facility's record, brought to the disk, and only then put in its place. `entry` is asked with the
/// manifest, a facility's id, and the name under which the database that stood there is kept.
///
/// # Errors
///
/// [`BackupError::Holds`] where the folder holds a database and `force` is not set, [`BackupError::InUse`] where it is open in
/// another process; and what is wrong with the file. What was there before is as it was then.
pub fn restore_backup(
    file: &Path,
    folder: &Path,
    options: &RestoreOptions,
    entry: &dyn Fn(&Manifest, &str, Option<&str>) -> AuditEntry,
) -> Result<Restored, BackupError> {
    let chunks = prove::open(file, options.passphrase.as_ref())?;
    let place = Place::of(folder)?;
    if place.is_taken() && !options.force {
        return Err(BackupError::Holds { path: folder.to_owned() });
    }
    let named = |error: BackupError| error.writing(folder);
    let turn = Turn::at(folder.join(format!("{FILE}.restoring")))?;
    let aside = place.is_taken().then(|| place.aside(&options.stamp));
    let kept = aside.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let fresh = Fresh(with_suffix(turn.path(), ".sqlite3"));
    let filled = fresh.fill(chunks, &|manifest, id| entry(manifest, id, kept.as_deref()));
    let proven = filled.map_err(named)?;
    if let Some(aside) = &aside {
        place.keep_aside(aside).map_err(named)?;
    }
    fs::rename(&fresh.0, &place.database).map_err(BackupError::from).map_err(named)?;
    sync_folder(&place.database).map_err(BackupError::from).map_err(named)?;
    Ok(Restored { proven, kept_aside: aside })
}

/// The database under way; gone when it is dropped, unless it was moved away.
struct Fresh(PathBuf);

impl Fresh {
    fn fill(
        &self,
        chunks: Chunks,
        entry: &dyn Fn(&Manifest, &str) -> AuditEntry,
    ) -> Result<Proven, BackupError> {
        // What a killed restore left behind; our turn has come, so that it is nobody's.
        remove(&self.0)?;
        let (filled, proven) = prove::prove(chunks, Snapshot::empty(&self.0)?);
        let proven = proven?;
        let (filled, done) = filled.take_over(&|id| entry(&proven.manifest, id));
        done?;
        let faults = filled.faults()?;
        if let Some(what) = faults.into_iter().next() {
            return Err(StoreError::Damaged { what }.into());
        }
        drop(filled);
        // Windows brings only what is open for writing to the disk.
        OpenOptions::new().write(true).open(&self.0)?.sync_all()?;
        Ok(proven)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = remove(&self.0);
    }
}

/// The database's place in a data folder, with the files that SQLite keeps beside it.
struct Place {
    database: PathBuf,
    log: PathBuf,
    index: PathBuf,
}

impl Place {
    fn of(folder: &Path) -> Result<Self, BackupError> {
        fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        let database = folder.join(FILE);
        let [log, index] = ["-wal", "-shm"].map(|suffix| with_suffix(&database, suffix));
        Ok(Self { database, log, index })
    }

    /// A log alone counts too: a database put beside it would take it for its own.
    fn is_taken(&self) -> bool {
        [&self.database, &self.log].into_iter().any(|path| path.symlink_metadata().is_ok())
    }

    /// A dated name beside the database that is not taken.
    fn aside(&self, stamp: &str) -> PathBuf {
        let name = |count: u32| match count {
            1 => format!("mimawari-replaced-{stamp}.sqlite3"),
            _ => format!("mimawari-replaced-{stamp}-{count}.sqlite3"),
        };
        let free = (1..).map(|count| self.database.with_file_name(name(count)));
        free.into_iter().find(|path| path.symlink_metadata().is_err()).unwrap_or_default()
    }

    /// Gives the database a second name, so that at every moment one stands in its place, and takes its log out of the way.
    fn keep_aside(&self, aside: &Path) -> Result<(), BackupError> {
        let log_aside = with_suffix(aside, "-wal");
        // First of all: SQLite may take away the log of a database that it cannot open, and somebody may want to repair it.
        if self.log.symlink_metadata().is_ok() {
            second_name(&self.log, &log_aside)?;
        }
        if self.database.symlink_metadata().is_ok() {
            match Snapshot::retire(&self.database) {
                Ok(Retired::AtRest) => {
                    remove(&log_aside)?;
                    return Ok(second_name(&self.database, aside)?);
                }
                Ok(Retired::Unopened) => second_name(&self.database, aside)?,
                Err(error) => {
                    remove(&log_aside)?;
                    return Err(self.why_not(error));
                }
            }
        }
        // A log that stayed would be taken for the restored database's own.
        remove(&self.log)?;
        remove(&self.index)?;
        Ok(sync_folder(aside)?)
    }

    fn why_not(&self, error: StoreError) -> BackupError {
        match error {
            StoreError::Busy => BackupError::InUse { path: self.folder() },
            other => other.into(),
        }
    }

    fn folder(&self) -> PathBuf {
        self.database.parent().map(Path::to_owned).unwrap_or_default()
    }
}

/// A second name for the file, or a copy where the file system knows no second names, as on most USB sticks.
fn second_name(file: &Path, name: &Path) -> io::Result<()> {
    if fs::hard_link(file, name).is_ok() {
        return sync_folder(name);
    }
    let copied =
        fs::copy(file, name).and_then(|_| File::options().write(true).open(name)?.sync_all());
    if copied.is_err() {
        remove(name)?;
    }
    copied
}
