//! A database of an earlier step is kept as it is before it is brought up: a proven backup stands beside it, or it is not touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::params;

use super::{Store, migrate};
use crate::{BackupError, BackupOptions, StoreError, verify_backup};

/// Where such backups stand in the data folder.
const FOLDER: &str = "backups";

/// Backups of one step that may stand beside each other: a database that is restored and brought up over and over has others each time.
const MOST: u32 = 100;

impl Store {
    /// Brings the database up to this program's step. Where it is of an earlier one, that is kept first.
    pub(super) fn bring_up(&self, folder: &Path) -> Result<(), StoreError> {
        let until = Instant::now() + self.options().busy;
        while let Some(step) = self.look_up(migrate::behind)? {
            match self.keep(&folder.join(FOLDER), step) {
                // Another process is bringing it up.
                Err(BackupError::AtWork { .. }) if Instant::now() < until => {
                    sleep(Duration::from_millis(50));
                }
                Err(error) => return Err(refusal(folder, &error)),
                Ok(()) => break,
            }
        }
        self.writing(|db| {
            let migrated = migrate::migrate(&db);
            (db, migrated)
        })
    }

    /// Makes sure that a proven backup of what the database holds now stands in `folder`.
    fn keep(&self, folder: &Path, step: u32) -> Result<(), BackupError> {
        fs::create_dir_all(folder)
            .map_err(|source| BackupError::Write { path: folder.to_owned(), source })?;
        let options = BackupOptions {
            facility: Self::MAIN.to_owned(),
            now: self.last_written()?,
            program: format!("mimawari {}", env!("CARGO_PKG_VERSION")),
            passphrase: None,
            force: false,
        };
        for number in 1..=MOST {
            let file = named(folder, step, number);
            if !file.exists() {
                return self.create_backup(&file, &options).map(|_| ());
            }
            // An earlier start may have kept it, and been stopped before it went on.
            if verify_backup(&file, None).is_ok_and(|known| self.holds(&known.manifest.digest)) {
                return Ok(());
            }
        }
        Err(BackupError::Exists { path: named(folder, step, MOST) })
    }

    /// Whether what the database holds has this digest.
    fn holds(&self, digest: &domain::Digest) -> bool {
        let tally = self.snapshot(|snapshot| {
            let tally = snapshot.write(&mut std::io::sink());
            (snapshot, tally)
        });
        tally.is_ok_and(|tally| tally.digest == *digest)
    }

    /// When the record was last written to: this room reads no clock.
    fn last_written(&self) -> Result<Timestamp, StoreError> {
        self.look_up(|db| {
            let sql = "SELECT at FROM audit ORDER BY at DESC LIMIT 1";
            let last = db.one(sql, params![], |mut row| row.timestamp())?;
            Ok(last.unwrap_or(Timestamp::UNIX_EPOCH))
        })
    }
}

fn named(folder: &Path, step: u32, number: u32) -> PathBuf {
    let again = if number == 1 { String::new() } else { format!("-{number}") };
    folder.join(format!("before-upgrade-STEP-{step}{again}.mimawari-backup"))
}

fn refusal(folder: &Path, error: &BackupError) -> StoreError {
    let cause = match error {
        BackupError::Read { source, .. } | BackupError::Write { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    StoreError::NotKept { path: folder.join(FOLDER), cause }
}
