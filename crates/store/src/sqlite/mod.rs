//! The face of the store over SQLite, one file for each word.

mod audit;
mod coverage;
mod db;
mod decision;
mod device;
mod evidence;
mod facility;
mod finding;
mod import;
mod mapping;
mod migrate;
mod observation;
mod open;
mod round;
mod source;
mod zone;

pub use device::KeptDevice;
pub use evidence::Packing;
pub use facility::{Change, Facility, View};
pub use open::{Options, Store};

use db::Db;
