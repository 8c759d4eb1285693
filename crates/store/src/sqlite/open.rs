//! Opening the data folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::AuditEntry;
use rusqlite::{Connection, OpenFlags};

use super::db::{Columns, store_error};
use super::facility::Facility;
use super::{Db, Snapshot, migrate};
use crate::StoreError;

/// The database in the data folder.
pub(crate) const FILE: &str = "mimawari.sqlite3";

/// The files of the database in `folder`: itself, and its log.
pub fn files(folder: &Path) -> [PathBuf; 2] {
    [folder.join(FILE), folder.join(format!("{FILE}-wal"))]
}

/// Readers that wait open for the next page; more are opened when needed and closed afterwards.
const IDLE_READERS: usize = 4;

/// A scan needs no more than the path to the next page: readers leave the memory to the writer.
const READER_CACHE_KIB: u32 = 2048;

/// Twice SQLite's usual size. Most of a database are blocks and chunks that lie over several pages; the last of each is half empty.
pub(super) const PAGE_BYTES: u32 = 8192;

/// After a large import the write-ahead log is cut back to this.
const LOG_BYTES: u32 = 16 * 1024 * 1024;

/// How a store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long to wait while another process writes.
    pub busy: Duration,
    /// Memory that the writing connection may use for pages, in KiB.
    pub cache_kib: u32,
    /// Bytes that the database file may grow to; `None`: as the disk allows.
    pub max_bytes: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy: Duration::from_secs(10), cache_kib: 8 * 1024, max_bytes: None }
    }
}

/// An open data folder: one connection that writes, and as many that read as there are readers.
///
/// Other processes may have the same folder open, and read and write in it: each change waits for its turn.
pub struct Store {
    path: PathBuf,
    options: Options,
    /// Empty while a change is under way, and after one that panicked: the next opens another.
    writer: Mutex<Option<Db>>,
    readers: Mutex<Vec<Db>>,
    /// Facilities that were asked for, with their numbers, which never change.
    numbers: Mutex<Vec<(String, i64)>>,
}

impl Store {
    /// The facility that is always there.
    pub const MAIN: &'static str = "main";

    /// Opens the database in `folder`; creates both where they are not there, and brings the database up to this program's step.
    pub fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join(FILE);
        let writer = open_writer(&path, &options)?;
        let writer = Mutex::new(Some(writer));
        let store =
            Self { path, options, writer, readers: Mutex::default(), numbers: Mutex::default() };
        store.bring_up(folder)?;
        Ok(store)
    }

    /// The facility `id`.
    pub fn facility(&self, id: &str) -> Result<Facility<'_>, StoreError> {
        let known = || self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = known().iter().find(|(of, _)| of == id).map(|(_, number)| *number);
        if let Some(number) = asked {
            return Ok(Facility::new(self, number, id));
        }
        let number = self.look_up(|db| {
            db.one("SELECT number FROM facility WHERE id = ?1", [id], |mut row| row.integer())
        })?;
        let number = number.ok_or_else(|| StoreError::NoFacility { id: id.to_owned() })?;
        known().push((id.to_owned(), number));
        Ok(Facility::new(self, number, id))
    }

    /// Id and name of every facility, in the order they were made.
    pub fn facilities(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.look_up(|db| {
            db.all("SELECT id, name FROM facility ORDER BY number", [], |mut row| {
                Ok((row.string()?, row.string()?))
            })
        })
    }

    /// Makes a facility; `entry` becomes the first in its chain.
    pub fn add_facility(
        &self,
        id: &str,
        name: &str,
        entry: AuditEntry,
    ) -> Result<Facility<'_>, StoreError> {
        Facility::create(self, id, name, entry)
    }

    /// Has the database look over every page, index and reference, and lists what is wrong; empty where nothing is.
    pub fn verify(&self) -> Result<Vec<String>, StoreError> {
        self.look_up(|db| {
            let mut found = db.all("PRAGMA integrity_check", [], |mut row| row.string())?;
            found.retain(|line| line != "ok");
            found.extend(db.all("PRAGMA foreign_key_check", [], |mut row| {
                row.string().map(|table| format!("a row of `{table}` belongs to nothing"))
            })?);
            Ok(found)
        })
    }

    /// Gives back the pages that idle connections keep at hand: after much was read at once, most are not asked for again.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn shrink(&self) -> Result<(), StoreError> {
        self.readers().iter().try_for_each(|db| db.batch("PRAGMA shrink_memory"))
    }

    /// Lends the whole database at one moment, whatever is changed meanwhile.
    pub(crate) fn snapshot<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(Snapshot) -> (Snapshot, Result<T, E>),
    ) -> Result<T, E> {
        self.reading(|db| {
            let (snapshot, result) = read(Snapshot::new(db));
            (snapshot.into_db(), result)
        })
    }

    /// Lends the connection that writes to one at a time.
    ///
    /// Should `write` panic, the connection is closed, which takes back what was not committed.
    pub(super) fn writing<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(Db) -> (Db, Result<T, E>),
    ) -> Result<T, E> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = writer.take();
        let db = idle.map_or_else(|| open_writer(&self.path, &self.options), Ok)?;
        let (db, result) = write(db);
        *writer = db.end();
        result
    }

    /// Lends a connection that only reads; everything read from it belongs to one moment.
    pub(super) fn reading<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(Db) -> (Db, Result<T, E>),
    ) -> Result<T, E> {
        let idle = self.readers().pop();
        let db = idle.map_or_else(|| open_reader(&self.path, &self.options), Ok)?;
        db.begin_reading()?;
        let (db, result) = read(db);
        let mut readers = self.readers();
        if readers.len() < IDLE_READERS {
            readers.extend(db.end());
        }
        result
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn look_up<T>(
        &self,
        read: impl FnOnce(&Db) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.reading(|db| {
            let result = read(&db);
            (db, result)
        })
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Db>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

fn open_writer(path: &Path, options: &Options) -> Result<Db, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = connect(path, flags, options)?;
    db.batch(&format!("PRAGMA page_size = {PAGE_BYTES}"))?;
    migrate::refuse_foreign(&db)?;
    log_ahead(&db, options)?;
    // FULL: the log is on the disk before a change is acknowledged. NORMAL may lose the last changes in a power cut.
    db.batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -{}; PRAGMA journal_size_limit = {LOG_BYTES}",
        options.cache_kib
    ))?;
    limit_size(&db, options)?;
    Ok(db)
}

fn open_reader(path: &Path, options: &Options) -> Result<Db, StoreError> {
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    db.batch(&format!("PRAGMA query_only = ON; PRAGMA cache_size = -{READER_CACHE_KIB}"))?;
    Ok(db)
}

fn connect(path: &Path, flags: OpenFlags, options: &Options) -> Result<Db, StoreError> {
    // Each connection is used by one thread at a time; the mutexes of `Store` see to it.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(store_error)?;
    connection.busy_timeout(options.busy).map_err(store_error)?;
    let db = Db::new(connection)?;
    // Untrusted schemas, and temporary files outside the data folder, are kept out.
    db.batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY")?;
    Ok(db)
}

/// Turns to write-ahead logging. Two processes that make the same database meet here, and SQLite does not wait by itself.
fn log_ahead(db: &Db, options: &Options) -> Result<(), StoreError> {
    let until = Instant::now() + options.busy;
    loop {
        match db.one("PRAGMA journal_mode = WAL", [], |mut row: Columns<'_>| row.string()) {
            Err(StoreError::Busy) if Instant::now() < until => sleep(Duration::from_millis(20)),
            other => return other.map(|_| ()),
        }
    }
}

fn limit_size(db: &Db, options: &Options) -> Result<(), StoreError> {
    let Some(bytes) = options.max_bytes else { return Ok(()) };
    let page: u64 = db
        .one("PRAGMA page_size", [], |mut row| row.number())?
        .unwrap_or_else(|| PAGE_BYTES.into());
    db.batch(&format!("PRAGMA max_page_count = {}", (bytes / page.max(1)).max(1)))
}
