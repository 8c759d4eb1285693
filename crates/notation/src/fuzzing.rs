//! What is fuzzed; `cargo xtask fuzz` runs it together with the readers of `formats`.

use crate::{cpe, cvss, purl, vers, version};

/// A name, and what takes any bytes and may only panic where a promise of this room is broken.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    ("cpe", cpe::fuzz),
    ("cvss", cvss::fuzz),
    ("purl", purl::fuzz),
    ("vers", vers::fuzz),
    ("version", version::fuzz),
];
