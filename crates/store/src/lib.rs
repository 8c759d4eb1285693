//! Keeps what the hospital brought in, what was derived from it and what people decided, in one file.
//!
//! The face of this crate is synchronous and speaks `domain`'s types; no type of the database library is seen outside.
//! Behind it stands SQLite. The SQL is portable and the facility comes first in every key, so that PostgreSQL can stand behind
//! the same face: one suite of tests (`tests/all/suite.rs`) says what any database behind it must do.
//!
//! - [`Store`] is the open data folder. It can be shared between threads.
//! - [`Facility`] is one hospital in it. [`Facility::read`] lends a [`View`], in which everything belongs to one moment.
//! - [`Facility::change`] is the only way to write: it lends a [`Change`], and commits what was done in it together with its
//!   audit entry, or nothing at all. When it returns, the change survives a power cut.
//!
//! - [`Store::create_backup`], [`verify_backup`] and [`restore_backup`] keep all of it in one file and bring it back.
//!
//! It deliberately does not derive, match or judge anything: devices and findings come in ready made. It reads no clock.
//! Times are kept to the millisecond.

mod backup;
mod bindings;
mod blocks;
mod error;
mod mapped;
mod packing;
mod rows;
mod shelf;
mod sqlite;

pub use backup::{
    BackupError, BackupOptions, Created, FacilityMark, Manifest, Passphrase, Proven,
    RestoreOptions, Restored, is_encrypted, restore_backup, verify_backup,
};
pub use error::StoreError;
pub use mapped::Mapped;
pub use packing::{DeviceBlock, DevicePacking, KeptDevice};
pub use rows::{
    ChainBreak, ChainState, DeviceRow, FindingFilter, FindingHead, FindingRow, KeptAccount,
    KeptToken, MappingRow, MatterStep, Round, Settlement, StoredFinding,
};
pub use shelf::{Draft, Shelf};
pub use sqlite::{Change, DevicePlaces, Facility, Options, Packing, Store, View, files};
