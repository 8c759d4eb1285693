//! What can go wrong with a backup.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::{Digest, Message, msg};

use crate::StoreError;

/// Why a backup was not made, did not prove whole, or was not restored. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Another process is writing the same file, or restoring into the same folder.
    #[error("another process is at work on `{path}`")]
    AtWork {
        /// The file.
        path: PathBuf,
    },
    /// A chunk is not the one that was written.
    #[error("the backup is damaged in chunk {chunk}, at byte {offset}")]
    Damaged {
        /// Which chunk, counted from 1; 0 is the header.
        chunk: u64,
        /// Where it begins in the file.
        offset: u64,
    },
    /// The file stands already.
    #[error("`{path}` exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The data folder holds a database already.
    #[error("`{path}` holds a database already")]
    Holds {
        /// The folder.
        path: PathBuf,
    },
    /// The database that would be replaced is open in another process.
    #[error("the database in `{path}` is in use")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// Something was read or written where no path is known yet; it is given one further up.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file was written in a later format, or by a later step of the database.
    #[error("the backup was written by a newer program")]
    Newer,
    /// What stands where the backup is to be put is no file.
    #[error("`{path}` is no file")]
    NoFile {
        /// What stands there.
        path: PathBuf,
    },
    /// The system's folder for temporary files has no room for the database that a backup is proven with.
    #[error("there is no room to prove the backup")]
    NoRoomToProve,
    /// The file is no backup of this program.
    #[error("the file is no backup")]
    NotABackup,
    /// The backup is encrypted, and no passphrase was given.
    #[error("the backup is encrypted")]
    PassphraseNeeded,
    /// The system gives no random numbers, without which nothing can be encrypted.
    #[error("no random numbers can be had")]
    Random,
    /// A file cannot be read.
    #[error("`{path}` cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What the database said.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file ends before its end was written.
    #[error("the backup ends at byte {offset}, before its end")]
    Truncated {
        /// Where it ends.
        offset: u64,
    },
    /// Every chunk is whole, and yet the records are not the ones the manifest names.
    #[error("the records of the backup give {found}, not {expected}")]
    Unfaithful {
        /// The digest that the manifest names.
        expected: Digest,
        /// The digest of what was read.
        found: Digest,
    },
    /// A file cannot be written.
    #[error("`{path}` cannot be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The passphrase does not open the backup.
    #[error("the passphrase does not open the backup")]
    WrongPassphrase,
}

impl BackupError {
    /// Names the file that could not be written.
    pub(super) fn writing(self, path: &Path) -> Self {
        match self {
            Self::Io(source) => Self::Write { path: path.to_owned(), source },
            other => other,
        }
    }

    /// Names the file that could not be read.
    pub(super) fn reading(self, path: &Path) -> Self {
        match self {
            Self::Io(source) => Self::Read { path: path.to_owned(), source },
            other => other,
        }
    }

    /// A word for scripts: what is wrong with the file; `None` where the file itself is not to blame.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Damaged { .. } | Self::Unfaithful { .. } => Some("damaged"),
            Self::Newer => Some("newer_format"),
            Self::NotABackup => Some("not_a_backup"),
            Self::PassphraseNeeded => Some("passphrase_needed"),
            Self::Truncated { .. } => Some("truncated"),
            Self::WrongPassphrase => Some("wrong_passphrase"),
            _ => None,
        }
    }

    /// What a person should be told.
    pub fn message(&self) -> Message {
        match self {
            Self::AtWork { path } => msg!("backup.at_work", path = shown(path)),
            Self::Damaged { chunk: 0, .. } => msg!("backup.damaged_header"),
            Self::Damaged { chunk, offset } => {
                msg!("backup.damaged", chunk = *chunk, offset = *offset)
            }
            Self::Exists { path } => msg!("backup.exists", path = shown(path)),
            Self::Holds { path } => msg!("backup.holds", path = shown(path)),
            Self::InUse { path } => msg!("backup.in_use", path = shown(path)),
            Self::Io(source) => msg!("backup.io", cause = source.to_string()),
            Self::Newer => msg!("backup.newer"),
            Self::NoFile { path } => msg!("backup.no_file", path = shown(path)),
            Self::NoRoomToProve => msg!("backup.no_room_to_prove"),
            Self::NotABackup => msg!("backup.not_a_backup"),
            Self::PassphraseNeeded => msg!("backup.passphrase_needed"),
            Self::Random => msg!("backup.random"),
            Self::Read { path, source } => unreadable(path, source),
            Self::Store(error) => error.message(),
            Self::Truncated { offset } => msg!("backup.truncated", offset = *offset),
            Self::Unfaithful { expected, found } => {
                msg!("backup.unfaithful", expected = expected.short(), found = found.short())
            }
            Self::Write { path, source } => unwritable(path, source),
            Self::WrongPassphrase => msg!("backup.wrong_passphrase"),
        }
    }
}

fn unreadable(path: &Path, source: &io::Error) -> Message {
    let path = shown(path);
    match source.kind() {
        ErrorKind::NotFound => msg!("backup.not_there", path = path),
        ErrorKind::IsADirectory => msg!("backup.is_folder", path = path),
        _ => msg!("backup.unreadable", path = path, cause = source.to_string()),
    }
}

fn unwritable(path: &Path, source: &io::Error) -> Message {
    let path = shown(path);
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => msg!("backup.full", path = path),
        // The largest file of FAT32, on which USB sticks are sold, is one byte short of 4 GiB.
        ErrorKind::FileTooLarge => msg!("backup.file_too_large", path = path),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            msg!("backup.not_writable", path = path)
        }
        ErrorKind::NotFound | ErrorKind::NotADirectory => msg!("backup.no_folder", path = path),
        _ => msg!("backup.unwritable", path = path, cause = source.to_string()),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
