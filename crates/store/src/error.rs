//! What can go wrong with the data folder.

use std::path::PathBuf;

use domain::{Digest, ImportId, Message, msg};

/// Why the store could not do what it was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process kept the database locked for longer than [`crate::Options::busy`].
    #[error("the database is locked by another process")]
    Busy,
    /// The database file, or a value in it, is not what was written.
    #[error("the database is damaged: {what}")]
    Damaged {
        /// Which part, for the person who repairs it.
        what: String,
    },
    /// The stored bytes of a piece of evidence are not the ones that came in.
    #[error("the stored bytes of evidence `{digest}` are damaged")]
    EvidenceDamaged {
        /// The evidence.
        digest: Digest,
    },
    /// A facility of this id is there already.
    #[error("facility `{id}` exists already")]
    FacilityExists {
        /// The id.
        id: String,
    },
    /// The data folder cannot be created or opened.
    #[error("the data folder `{path}` cannot be used")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The disk, or the size the database may have, is used up.
    #[error("no space is left for the database")]
    Full,
    /// The database refused a statement: a mistake in this program.
    #[error("the database refused: {detail}")]
    Internal {
        /// What it said.
        detail: String,
    },
    /// The operating system could not read or write the database file.
    #[error("the database file cannot be read or written: {detail}")]
    Io {
        /// What the database said.
        detail: String,
    },
    /// A migration that was applied is not the one this program knows by that number.
    #[error("migration {number} of the database is not the one of this program")]
    MigrationChanged {
        /// Its number.
        number: u32,
    },
    /// The database was written by a newer program.
    #[error("the database is at step {found}, this program knows {known}")]
    Newer {
        /// The last migration of the database.
        found: u32,
        /// The last migration of this program.
        known: u32,
    },
    /// There is no facility of this id.
    #[error("there is no facility `{id}`")]
    NoFacility {
        /// The id.
        id: String,
    },
    /// There is no import of this number.
    #[error("there is no import {import}")]
    NoImport {
        /// The number.
        import: ImportId,
    },
    /// The database is of an earlier step, and could not be kept as it is before it is brought up.
    #[error("no backup could be made in `{path}` before the upgrade: {cause}")]
    NotKept {
        /// Where the backup was to stand.
        path: PathBuf,
        /// Why there is none.
        cause: String,
    },
    /// The file is a database, but not one of this program.
    #[error("the database belongs to another program")]
    NotOurs,
    /// The folder, the file or the disk may only be read.
    #[error("the database may only be read")]
    ReadOnly,
}

impl StoreError {
    /// What the operating system said of a file beside the database.
    pub fn of_io(error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io { detail: error.to_string() },
        }
    }

    /// What a person should be told.
    pub fn message(&self) -> Message {
        match self {
            Self::Busy => msg!("store.busy"),
            Self::Damaged { what } => msg!("store.damaged", what = what),
            Self::EvidenceDamaged { digest } => {
                msg!("store.evidence_damaged", digest = digest.short())
            }
            Self::FacilityExists { id } => msg!("store.facility_exists", facility = id),
            Self::Folder { path, source } => {
                msg!("store.folder", path = path.display().to_string(), cause = source.to_string())
            }
            Self::Full => msg!("store.full"),
            Self::Internal { detail } => msg!("store.internal", cause = detail),
            Self::Io { detail } => msg!("store.io", cause = detail),
            Self::MigrationChanged { number } => {
                msg!("store.migration_changed", number = *number)
            }
            Self::Newer { found, known } => msg!("store.newer", found = *found, known = *known),
            Self::NoFacility { id } => msg!("store.no_facility", facility = id),
            Self::NoImport { import } => msg!("store.no_import", import = import.0),
            Self::NotKept { path, cause } => {
                msg!("store.not_kept", path = path.display().to_string(), cause = cause)
            }
            Self::NotOurs => msg!("store.not_ours"),
            Self::ReadOnly => msg!("store.read_only"),
        }
    }
}
