//! What a backup says of itself, in JSON, as its last chunk.

use std::collections::BTreeMap;

use domain::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a backup says of itself. Later programs may add keys; the ones that are there keep their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the file.
    pub format: u16,
    /// Name and version of the program that wrote it.
    pub program: String,
    /// When, by that machine's clock.
    #[serde(with = "written")]
    pub created_at: Timestamp,
    /// The facility for which it was asked; all facilities of the data folder are in it.
    pub facility: String,
    /// The last migration of the database.
    pub step: u32,
    /// The digest of all records: SHA-256 over every record of every table in the order of its key.
    #[serde(with = "written")]
    pub digest: Digest,
    /// How many records there are.
    pub records: u64,
    /// How many bytes they are before they are compressed.
    pub bytes: u64,
    /// How many records each table has.
    pub tables: BTreeMap<String, u64>,
    /// Every facility, in the order they were made.
    pub facilities: Vec<FacilityMark>,
}

/// A facility in a backup, with the end of its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityMark {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many entries its record has.
    pub entries: u64,
    /// Hash of the last one.
    #[serde(with = "written")]
    pub head: Digest,
    /// Number of the entry at which the record was broken already when the backup was made.
    pub broken_at: Option<u64>,
}

impl Manifest {
    pub(super) fn to_json(&self) -> Vec<u8> {
        // Text, numbers and maps with text for keys: there is nothing that could not be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

/// Values in their own writing.
mod written {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        value: &impl Display,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
