//! Bundles of feeds: made on a PC with internet, opened in the hospital (docs/model/feed-bundle.md).
//!
//! Nothing of a bundle is used before all of it was copied off the stick and checked: sticks are pulled out, and what is on them is
//! anybody's.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

mod error;
mod gather;
mod incoming;
mod key;
mod make;
mod open;
mod trust;

pub use error::FeedBundleError;
pub use make::make_feed_bundle;
pub(crate) use open::BundleAt;
pub use open::{OpenedBundle, is_feed_bundle};
pub use trust::TrustedKeyView;

/// What is asked of a bundle that is to be made.
#[derive(Debug, Clone)]
pub struct FeedBundleOrder {
    /// The bundle, or the folder for one with the usual name.
    pub out: PathBuf,
    /// The files, and folders of files.
    pub files: Vec<PathBuf>,
    /// The secret key; made where it is not there yet.
    pub key: PathBuf,
    /// Now: when it is made.
    pub now: Timestamp,
    /// The day, for the usual name: `20261122`.
    pub day: String,
}

/// A bundle that was made, and read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MadeBundleView {
    /// The bundle.
    pub file: String,
    /// Its length, in bytes.
    pub size: u64,
    /// When it was made.
    pub made_at: String,
    /// The fingerprint of the key that signed it.
    pub fingerprint: String,
    /// The file of the secret key.
    pub key: String,
    /// Whether the key was made just now.
    pub key_made: bool,
    /// What is in it.
    pub entries: Vec<BundleEntryView>,
}

/// A file in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleEntryView {
    /// Its name.
    pub name: String,
    /// Its length, in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: String,
}

#[cfg(test)]
mod tests;
