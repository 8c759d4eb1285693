//! Brings a database to this program's step, and refuses one whose steps are not the ones it knows.

use domain::Digest;
use rusqlite::params;

use super::{Db, carry};
use crate::{Store, StoreError};

/// Marks the file as ours: the letters "MMWR".
const APPLICATION_ID: i64 = 0x4d4d_5752;

/// Every step, in order; the first is number 1.
pub(super) const STEPS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_first_tables.sql"),
    include_str!("../../migrations/sqlite/0002_blocks.sql"),
    include_str!("../../migrations/sqlite/0003_without_single_rows.sql"),
    include_str!("../../migrations/sqlite/0004_accounts.sql"),
    include_str!("../../migrations/sqlite/0005_daily_check.sql"),
    include_str!("../../migrations/sqlite/0006_findings_by_day.sql"),
    include_str!("../../migrations/sqlite/0007_vex_decisions.sql"),
    include_str!("../../migrations/sqlite/0008_matters.sql"),
];

const MIGRATION_TABLE: &str =
    "CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL) STRICT";

/// Refuses a database of another program before anything is written to it.
pub(super) fn refuse_foreign(db: &Db) -> Result<(), StoreError> {
    // In this order: tables and mark come in one commit, so whoever sees tables that another process is just making sees the mark.
    if is_empty(db)? {
        return Ok(());
    }
    let id = db.one("PRAGMA application_id", [], |mut row| row.integer())?;
    if id == Some(APPLICATION_ID) { Ok(()) } else { Err(StoreError::NotOurs) }
}

/// The last step of a database that is behind this program's; `None` where it is up to date, or empty.
pub(super) fn behind(db: &Db) -> Result<Option<u32>, StoreError> {
    if is_empty(db)? {
        return Ok(None);
    }
    let step = applied(db, STEPS)?;
    Ok((step < STEPS.len()).then_some(step as u32))
}

/// Applies the steps that are missing.
///
/// A database that is up to date is only read, so it can be opened while another process writes. Where this fails, the
/// connection must be closed, which takes back the steps that were begun.
pub(super) fn migrate(db: &Db) -> Result<(), StoreError> {
    migrate_to(db, STEPS)
}

/// The same to the last of `steps`.
pub(super) fn migrate_to(db: &Db, steps: &[&str]) -> Result<(), StoreError> {
    if !is_empty(db)? && applied(db, steps)? == steps.len() {
        return Ok(());
    }
    db.begin_writing()?;
    // Whoever was quicker may have done it meanwhile.
    if is_empty(db)? {
        found(db)?;
    }
    apply(db, steps)?;
    db.run(
        "INSERT INTO facility (number, id, name) VALUES (1, ?1, '') ON CONFLICT (number) DO NOTHING",
        [Store::MAIN],
    )?;
    db.commit()
}

/// Makes the tables of an empty database as they were after `steps`, without a row in them. The caller begins and commits.
pub(super) fn lay_out(db: &Db, steps: &[&str]) -> Result<(), StoreError> {
    found(db)?;
    apply(db, steps)
}

/// Number and digest of every step that was applied.
pub(super) fn steps_of(db: &Db) -> Result<Vec<(u32, Digest)>, StoreError> {
    db.all("SELECT number, digest FROM migration ORDER BY number", [], |mut row| {
        Ok((row.number()?, row.digest()?))
    })
}

/// How many of `steps` the applied ones are; each must be the one we know by its number.
pub(super) fn known(applied: &[(u32, Digest)], steps: &[&str]) -> Result<usize, StoreError> {
    let known = steps.len() as u32;
    if let Some((found, _)) = applied.last().filter(|(number, _)| *number > known) {
        return Err(StoreError::Newer { found: *found, known });
    }
    for ((number, digest), (expected, step)) in applied.iter().zip((1..).zip(steps)) {
        if *number != expected || *digest != Digest::of(step.as_bytes()) {
            return Err(StoreError::MigrationChanged { number: expected });
        }
    }
    Ok(applied.len())
}

fn apply(db: &Db, steps: &[&str]) -> Result<(), StoreError> {
    for (index, step) in steps.iter().enumerate().skip(applied(db, steps)?) {
        db.batch(step)?;
        if index + 1 == carry::STEP {
            carry::into_blocks(db)?;
        }
        let digest = Digest::of(step.as_bytes());
        db.run("INSERT INTO migration VALUES (?1, ?2)", params![index as i64 + 1, digest.0])?;
    }
    Ok(())
}

fn found(db: &Db) -> Result<(), StoreError> {
    db.batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))?;
    db.batch(MIGRATION_TABLE)
}

fn is_empty(db: &Db) -> Result<bool, StoreError> {
    let tables = db.one("SELECT count(*) FROM sqlite_master", [], |mut row| row.integer())?;
    Ok(tables == Some(0))
}

/// How many steps the database has.
fn applied(db: &Db, steps: &[&str]) -> Result<usize, StoreError> {
    known(&steps_of(db)?, steps)
}
