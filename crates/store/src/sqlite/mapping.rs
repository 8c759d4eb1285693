//! Mappings: which column is which, as a person said for one header of one source.

use domain::{Digest, SourceId};
use rusqlite::params;

use super::{Change, View};
use crate::{MappingRow, StoreError};

impl Change {
    /// Keeps an answer, in place of the one for the same header of the same source.
    pub fn set_mapping(&mut self, row: &MappingRow) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO mapping (facility, source, fingerprint, mapping) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (facility, source, fingerprint) DO UPDATE SET mapping = excluded.mapping",
            params![self.view.facility, row.source.as_str(), row.fingerprint.0, row.mapping],
        )
    }
}

impl View {
    /// The answer for one header of one source.
    pub fn mapping(
        &self,
        source: &SourceId,
        fingerprint: Digest,
    ) -> Result<Option<String>, StoreError> {
        self.db.one(
            "SELECT mapping FROM mapping WHERE facility = ?1 AND source = ?2 AND fingerprint = ?3",
            params![self.facility, source.as_str(), fingerprint.0],
            |mut row| row.string(),
        )
    }

    /// Every answer.
    pub fn mappings(&self) -> Result<Vec<MappingRow>, StoreError> {
        self.db.all(
            "SELECT source, fingerprint, mapping FROM mapping
             WHERE facility = ?1 ORDER BY source, fingerprint",
            [self.facility],
            |mut row| {
                Ok(MappingRow {
                    source: row.source()?,
                    fingerprint: row.digest()?,
                    mapping: row.string()?,
                })
            },
        )
    }
}
