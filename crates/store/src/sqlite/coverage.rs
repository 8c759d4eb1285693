//! Coverage: which networks the imports looked at.

use domain::{Completeness, Coverage, ImportState};
use rusqlite::params;

use super::db::{Columns, written};
use super::{Change, View};
use crate::StoreError;

impl Change {
    /// Adds the looks of imports, each under the import it names. To be called once for each import.
    pub fn add_coverage(&mut self, coverage: &[Coverage]) -> Result<(), StoreError> {
        for (seq, look) in (0i64..).zip(coverage) {
            self.run_sql(
                "INSERT INTO coverage (facility, import, seq, network, vantage, at, completeness)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    self.view.facility,
                    look.import.0,
                    seq,
                    written(&look.network),
                    look.vantage.as_ref().map(written),
                    look.at.as_millisecond(),
                    look.completeness.key(),
                ],
            )?;
        }
        Ok(())
    }
}

impl View {
    /// Every look of the imports that count, by import and then in the order of reading.
    pub fn coverage(&self) -> Result<Vec<Coverage>, StoreError> {
        self.db.all(
            "SELECT c.import, c.network, c.vantage, c.at, c.completeness
             FROM coverage c
             JOIN import i ON i.facility = c.facility AND i.number = c.import
             WHERE c.facility = ?1 AND i.state = ?2
             ORDER BY c.import, c.seq",
            params![self.facility, ImportState::Active.key()],
            coverage,
        )
    }
}

fn coverage(mut row: Columns<'_>) -> Result<Coverage, StoreError> {
    Ok(Coverage {
        import: row.import()?,
        network: row.parsed()?,
        vantage: row.optional_parsed()?,
        at: row.timestamp()?,
        completeness: row.word(Completeness::from_key)?,
    })
}
