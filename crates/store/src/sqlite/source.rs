//! Sources (出どころ): the series that documents belong to.

use domain::{Source, SourceId};
use rusqlite::params;

use super::db::{Columns, written};
use super::{Change, View};
use crate::StoreError;

const COLUMNS: &str = "id, kind, newest, freshness_days";

impl Change {
    /// Keeps a source, in place of what was kept under its id.
    pub fn set_source(&mut self, source: &Source) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO source (facility, id, kind, newest, freshness_days) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (facility, id) DO UPDATE
             SET kind = excluded.kind, newest = excluded.newest, freshness_days = excluded.freshness_days",
            params![
                self.view.facility,
                source.id.as_str(),
                source.kind,
                source.newest.as_ref().map(written),
                source.freshness_days,
            ],
        )
    }
}

impl View {
    /// Every source, by id.
    pub fn sources(&self) -> Result<Vec<Source>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM source WHERE facility = ?1 ORDER BY id");
        self.db.all(&sql, [self.facility], source)
    }

    /// The source of this id.
    pub fn source(&self, id: &SourceId) -> Result<Option<Source>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM source WHERE facility = ?1 AND id = ?2");
        self.db.one(&sql, params![self.facility, id.as_str()], source)
    }
}

fn source(mut row: Columns<'_>) -> Result<Source, StoreError> {
    Ok(Source {
        id: row.source()?,
        kind: row.string()?,
        newest: row.optional_date()?,
        freshness_days: row.optional_number()?,
    })
}
