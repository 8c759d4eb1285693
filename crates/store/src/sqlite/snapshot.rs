//! A whole database, every facility of it: what a backup is made of, and what one is restored into.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use domain::{AuditEntry, Digest};
use rusqlite::{Connection, OpenFlags};

use super::db::store_error;
use super::open::PAGE_BYTES;
use super::records::{self, Pull, Tally};
use super::{Db, View, audit, migrate};
use crate::{BackupError, ChainState, FacilityMark, StoreError};

/// Memory for the pages of a database that is being filled, in KiB.
const CACHE_KIB: u32 = 16 * 1024;

/// How long to wait for others to leave a database that is to be replaced.
const PATIENCE: Duration = Duration::from_secs(3);

/// A whole database at one moment.
pub(crate) struct Snapshot(Db);

/// How a database was found that is to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retired {
    /// It is sound, all of it is in its one file, and nobody has it open.
    AtRest,
    /// It cannot be opened; its log may still stand beside it.
    Unopened,
}

impl Snapshot {
    pub(super) fn new(db: Db) -> Self {
        Self(db)
    }

    pub(super) fn into_db(self) -> Db {
        self.0
    }

    /// An empty database that nobody else sees: it is gone when it is dropped, or when the process ends, however it ends.
    pub(crate) fn private() -> Result<Self, StoreError> {
        // SQLite's name for a database in a nameless temporary file.
        Self::empty(Path::new(""))
    }

    /// An empty database in a file, which must not be there yet.
    ///
    /// Nothing is on the disk for sure before the file was synchronised: whoever fills it must do that.
    pub(crate) fn empty(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Db::new(Connection::open_with_flags(path, flags).map_err(store_error)?)?;
        db.batch(&format!(
            "PRAGMA page_size = {PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -{CACHE_KIB}"
        ))?;
        Ok(Self(db))
    }

    /// Writes every record.
    pub(crate) fn write(&self, out: &mut impl Write) -> Result<Tally, BackupError> {
        records::write(&self.0, out)
    }

    /// Fills the empty database with records.
    pub(crate) fn fill(&self, from: &mut impl Pull) -> Result<(), BackupError> {
        self.fill_knowing(from, migrate::STEPS)
    }

    fn fill_knowing(&self, from: &mut impl Pull, steps: &[&str]) -> Result<(), BackupError> {
        self.0.begin_writing()?;
        records::read(&self.0, from, steps)?;
        Ok(self.0.commit()?)
    }

    /// What the database itself finds wrong with its pages, indexes and references; empty where nothing is.
    pub(crate) fn faults(&self) -> Result<Vec<String>, StoreError> {
        let db = &self.0;
        let mut found = db.all("PRAGMA integrity_check", [], |mut row| row.string())?;
        found.retain(|line| line != "ok");
        found.extend(db.all("PRAGMA foreign_key_check", [], |mut row| {
            row.string().map(|table| format!("a row of `{table}` belongs to nothing"))
        })?);
        Ok(found)
    }

    /// Every facility, with the end of its chain.
    pub(crate) fn marks(self) -> (Self, Result<Vec<FacilityMark>, StoreError>) {
        self.each_facility(|view, name| {
            let (entries, head) = view.audit_head()?;
            let broken_at = match view.verify_audit(&[])? {
                ChainState::Whole { .. } => None,
                ChainState::Broken { seq, .. } => Some(seq),
            };
            Ok(FacilityMark {
                id: view.id.clone(),
                name: name.to_owned(),
                entries,
                head,
                broken_at,
            })
        })
    }

    /// The evidence whose kept bytes are not the ones that came in.
    pub(crate) fn damaged_evidence(self) -> (Self, Result<Vec<Digest>, StoreError>) {
        let (snapshot, found) = self.each_facility(|view, _| {
            let every = view.db.all(
                "SELECT digest FROM evidence WHERE facility = ?1 ORDER BY digest",
                [view.facility],
                |mut row| row.digest(),
            )?;
            let mut damaged = Vec::new();
            for digest in every {
                match view.evidence(digest) {
                    Ok(_) => {}
                    Err(StoreError::EvidenceDamaged { digest }) => damaged.push(digest),
                    Err(other) => return Err(other),
                }
            }
            Ok(damaged)
        });
        (snapshot, found.map(|found| found.into_iter().flatten().collect()))
    }

    /// Brings the database to this program's step, and adds to each facility's record the entry that `entry` gives for it.
    pub(crate) fn take_over(
        self,
        entry: &dyn Fn(&str) -> AuditEntry,
    ) -> (Self, Result<(), StoreError>) {
        let begun = migrate::migrate(&self.0).and_then(|()| self.0.begin_writing());
        if begun.is_err() {
            return (self, begun);
        }
        let (snapshot, added) = self.each_facility(|view, _| audit::append(view, entry(&view.id)));
        let done = added.and_then(|_| snapshot.0.commit());
        (snapshot, done)
    }

    fn each_facility<T>(
        self,
        mut look: impl FnMut(&View, &str) -> Result<T, StoreError>,
    ) -> (Self, Result<Vec<T>, StoreError>) {
        let mut db = self.0;
        let sql = "SELECT number, id, name FROM facility ORDER BY number";
        let facilities =
            match db.all(sql, [], |mut row| Ok((row.integer()?, row.string()?, row.string()?))) {
                Ok(facilities) => facilities,
                Err(error) => return (Self(db), Err(error)),
            };
        let mut found = Vec::with_capacity(facilities.len());
        for (number, id, name) in facilities {
            let view = View::of(db, number, &id);
            let seen = look(&view, &name);
            db = view.db;
            match seen {
                Ok(value) => found.push(value),
                Err(error) => return (Self(db), Err(error)),
            }
        }
        (Self(db), Ok(found))
    }

    /// Brings all of the database at `path` into its one file and makes sure that nobody has it open.
    ///
    /// Fails with [`StoreError::Busy`] where somebody has.
    pub(crate) fn retire(path: &Path) -> Result<Retired, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let at_rest = || {
            let connection = Connection::open_with_flags(path, flags).map_err(store_error)?;
            connection.busy_timeout(PATIENCE).map_err(store_error)?;
            let db = Db::new(connection)?;
            // Leaving the write-ahead log needs the database for oneself.
            db.one("PRAGMA journal_mode = DELETE", [], |mut row| row.string())
        };
        match at_rest() {
            Ok(Some(mode)) if mode == "delete" => Ok(Retired::AtRest),
            Ok(_) | Err(StoreError::Busy) => Err(StoreError::Busy),
            Err(_) => Ok(Retired::Unopened),
        }
    }
}

#[cfg(test)]
mod tests;
