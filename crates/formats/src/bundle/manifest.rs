//! The manifest: when the bundle was made, and what is in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Digest, MOST_CONTENT, MOST_ENTRIES, MOST_MANIFEST, Timestamp};

/// The longest name of an entry, in bytes.
const MOST_NAME: usize = 120;

/// Names that Windows keeps for devices, whatever follows them after a dot
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// When a bundle was made, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// When, to the second. It is also its number: one that is older than the last is a step back.
    pub made_at: Timestamp,
    /// What is in it, in this order.
    pub entries: Vec<Entry>,
}

/// A file in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name: a name, never a path.
    pub name: String,
    /// Its length, in bytes.
    pub size: u64,
    /// Its digest.
    pub digest: Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    made_at: String,
    entries: Vec<WrittenEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    name: String,
    size: u64,
    sha256: String,
}

/// Whether an entry may be called so: letters, digits, `.`, `_` and `-` of ASCII, as every file system takes them, and neither hidden
/// nor the name of a device.
pub fn fits(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |port| stem.strip_prefix(port).is_some_and(|number| number.len() == 1);
    let device = DEVICES.contains(&&*stem) || numbered("com") || numbered("lpt");
    (1..=MOST_NAME).contains(&name.len())
        && name.bytes().all(plain)
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && !device
}

impl Manifest {
    /// Whether it is one that may be used: something is in it, not too much, and no two are called the same on any file system.
    pub fn holds(&self) -> bool {
        let mut names = BTreeSet::new();
        let sound =
            |entry: &Entry| fits(&entry.name) && names.insert(entry.name.to_ascii_lowercase());
        (1..=MOST_ENTRIES).contains(&self.entries.len())
            && self.entries.iter().all(sound)
            && self.size().is_some_and(|size| size <= MOST_CONTENT)
    }

    /// The bytes of all that is in it.
    pub fn size(&self) -> Option<u64> {
        self.entries.iter().try_fold(0_u64, |sum, entry| sum.checked_add(entry.size))
    }

    /// As it is written; none where it does not hold, or is too long.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let entries = self.entries.iter().map(|entry| WrittenEntry {
            name: entry.name.clone(),
            size: entry.size,
            sha256: entry.digest.to_string(),
        });
        let written = Written { made_at: self.made_at.to_string(), entries: entries.collect() };
        let bytes = serde_json::to_vec(&written).ok()?;
        (self.holds() && bytes.len() <= MOST_MANIFEST).then_some(bytes)
    }

    /// What is written in `bytes`; none where that may not be used.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let entry = |written: WrittenEntry| {
            let digest = written.sha256.parse().ok()?;
            Some(Entry { name: written.name, size: written.size, digest })
        };
        let entries = written.entries.into_iter().map(entry).collect::<Option<_>>()?;
        let made_at = written.made_at.parse().ok()?;
        Some(Self { made_at, entries }).filter(Self::holds)
    }
}
