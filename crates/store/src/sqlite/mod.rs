//! The face of the store over SQLite, one file for each word.

mod account;
mod audit;
mod carry;
mod check;
mod coverage;
mod db;
mod decision;
mod device;
mod evidence;
mod facility;
mod finding;
mod import;
mod mapping;
mod matter;
mod migrate;
mod observation;
mod open;
mod records;
mod round;
mod snapshot;
mod source;
mod upgrade;
mod vex;
mod zone;

pub use device::DevicePlaces;
pub use evidence::Packing;
pub use facility::{Change, Facility, View};
pub(crate) use open::FILE;
pub use open::{Options, Store, files};
pub(crate) use records::{Pull, Tally};
pub(crate) use snapshot::{Retired, Snapshot};

use db::Db;
