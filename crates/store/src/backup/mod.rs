//! Backups of the whole database in one file: made while others work, proven before they count, restored anywhere.
//!
//! What is kept is no copy of the database's pages but every record of every table in the order of its key ([`crate::sqlite`]'s
//! `records`), so that one digest over it says whether two databases hold the same, on whatever machine and behind whatever
//! database. The records go into the file in chunks ([`chunks`]), each compressed, each with its checksum, and sealed with a
//! passphrase on wish ([`seal`]); the last chunk is the [`Manifest`].
//!
//! The layout of the file stands in `docs/model/backup.md`.

mod chunks;
mod create;
mod error;
mod manifest;
mod place;
mod prove;
mod restore;
mod seal;

pub use create::{BackupOptions, Created};
pub use error::BackupError;
pub use manifest::{FacilityMark, Manifest};
pub use prove::{Proven, is_encrypted, verify_backup};
pub use restore::{RestoreOptions, Restored, restore_backup};
pub use seal::Passphrase;
