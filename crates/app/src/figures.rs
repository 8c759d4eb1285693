//! A few figures of the hospital's own keeping, for those who watch over the program.

use std::fs;

use domain::ImportState;
use jiff::Timestamp;
use store::View;

use crate::{App, AppError};

/// What can be told of the data folder without judging anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Imports that count.
    pub imports_active: u64,
    /// Imports that were taken back.
    pub imports_undone: u64,
    /// When the last round was run.
    pub last_round: Option<Timestamp>,
    /// When the last backup was made by this data folder's own record.
    pub last_backup: Option<Timestamp>,
    /// When the record was last written to.
    pub last_entry: Option<Timestamp>,
    /// Bytes of the database with its log.
    pub database_bytes: u64,
    /// Bytes that are free where the data folder lies; none where the system does not tell.
    pub free_bytes: Option<u64>,
}

impl App {
    /// The figures as they are now. It reads the database: where that does not answer, this fails.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn figures(&self) -> Result<Figures, AppError> {
        let (imports, round, backup, last) = self.facility()?.read(|view: &View| {
            let (seq, _) = view.audit_head()?;
            let last = view.audit_entries(seq..=seq)?;
            let backup = view.last_act("backup.create")?;
            Ok::<_, AppError>((view.imports()?, view.last_round()?, backup, last))
        })?;
        let active = imports.iter().filter(|import| import.state == ImportState::Active).count();
        Ok(Figures {
            imports_active: active as u64,
            imports_undone: (imports.len() - active) as u64,
            last_round: round.map(|round| round.run_at),
            last_backup: backup.map(|link| link.entry.at),
            last_entry: last.last().map(|link| link.entry.at),
            database_bytes: self.database_bytes(),
            free_bytes: self.free_bytes(),
        })
    }

    /// Bytes that are free where the data folder lies; none where the system does not tell.
    pub fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(self.folder()).ok()
    }

    /// When the record was last written to. Cheap: it tells whether the database answers.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_entry(&self) -> Result<Option<Timestamp>, AppError> {
        self.facility()?.read(|view: &View| {
            let (seq, _) = view.audit_head()?;
            Ok(view.audit_entries(seq..=seq)?.last().map(|link| link.entry.at))
        })
    }

    fn database_bytes(&self) -> u64 {
        let sizes = store::files(self.folder()).into_iter().map(fs::metadata);
        sizes.flatten().map(|metadata| metadata.len()).sum()
    }
}
