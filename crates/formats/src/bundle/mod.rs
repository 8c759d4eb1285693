//! The bundle: feeds in one signed file, to be carried to a network that leads nowhere (docs/model/feed-bundle.md).
//!
//! ```text
//! 16 bytes  "mimawari-feeds\r\n"
//!  2 bytes  format, 1               little-endian
//!  4 bytes  length of the manifest  little-endian
//! 32 bytes  Ed25519 public key      RFC 8032
//! 64 bytes  Ed25519 signature over all bytes before the signature, and the manifest
//!           manifest                JSON: made_at, entries[] {name, size, sha256}
//!           content                 the entries one after another, nothing between, nothing after
//! ```
//!
//! Whose it is and what is in it is known, and signed, before the first byte of content is read. Cryptography stays outside: whoever
//! calls says whether the signature is genuine.

use std::fmt;

use domain::Digest;
use domain::digest::Digester;
use jiff::Timestamp;

mod fault;
mod front;
mod fuzz;
mod manifest;
mod read;

pub use fault::BundleFault;
pub use front::Front;
pub use fuzz::fuzz;
pub use manifest::{Entry, Manifest, fits};
pub use read::{Bundle, is_bundle};

/// How every bundle begins. The line end tells a copy that was made as text.
pub const MAGIC: &[u8; 16] = b"mimawari-feeds\r\n";

/// The form that is written and read.
pub const FORMAT: u16 = 1;

/// Bytes before the manifest.
pub const FRONT: usize = 16 + 2 + 4 + 32 + 64;

/// The longest manifest, in bytes.
pub const MOST_MANIFEST: usize = 1 << 20;

/// The most entries.
pub const MOST_ENTRIES: usize = 1000;

/// The most bytes of content.
pub const MOST_CONTENT: u64 = 64 << 30;

/// An Ed25519 public key (RFC 8032, 5.1.5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature (RFC 8032, 5.1.6).
pub type Signature = [u8; 64];

impl PublicKey {
    /// Its SHA-256, in sixteen groups of four that one person can read to another.
    pub fn fingerprint(&self) -> String {
        let digits = Digest::of(&self.0).to_string();
        let groups: Vec<&str> = (0..16).filter_map(|at| digits.get(at * 4..at * 4 + 4)).collect();
        groups.join("-")
    }

    /// Whether `written` is its fingerprint, however its groups are set apart.
    pub fn is_called(&self, written: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect()
        };
        plain(written) == plain(&self.fingerprint())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests;
