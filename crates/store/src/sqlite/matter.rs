//! Matters (用件): what is written to somebody outside and heard from them, step by step.

use domain::MatterKind;
use rusqlite::params;

use super::db::Columns;
use super::{Change, View};
use crate::{MatterStep, StoreError};

const COLUMNS: &str = "number, step, at, actor, body";

impl Change {
    /// Begins a matter of this kind with its first step, and gives the number it got, the next one.
    pub fn begin_matter(
        &mut self,
        kind: MatterKind,
        first: &MatterStep,
    ) -> Result<u32, StoreError> {
        let last = self.view.db.one::<_, StoreError>(
            "SELECT number FROM matter_step WHERE facility = ?1 AND kind = ?2
             ORDER BY number DESC LIMIT 1",
            params![self.view.facility, kind.key()],
            |mut row| row.number::<u32>(),
        )?;
        let number = last.map_or(1, |last| last.saturating_add(1));
        self.add_matter_step(kind, &MatterStep { number, step: 1, ..first.clone() })?;
        Ok(number)
    }

    /// Adds a step. Whoever says a step that is there already is refused: two cannot take the same one.
    pub fn add_matter_step(
        &mut self,
        kind: MatterKind,
        step: &MatterStep,
    ) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO matter_step (facility, kind, number, step, at, actor, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.view.facility,
                kind.key(),
                step.number,
                step.step,
                step.at.as_millisecond(),
                step.by,
                step.body,
            ],
        )
    }
}

impl View {
    /// Every step of every matter of this kind, by number and step.
    pub fn matters(&self, kind: MatterKind) -> Result<Vec<MatterStep>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM matter_step WHERE facility = ?1 AND kind = ?2
             ORDER BY number, step"
        );
        self.db.all(&sql, params![self.facility, kind.key()], matter_step)
    }

    /// The steps of one matter, the first first; none where there is no such matter.
    pub fn matter(&self, kind: MatterKind, number: u32) -> Result<Vec<MatterStep>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM matter_step WHERE facility = ?1 AND kind = ?2 AND number = ?3
             ORDER BY step"
        );
        self.db.all(&sql, params![self.facility, kind.key(), number], matter_step)
    }
}

fn matter_step(mut row: Columns<'_>) -> Result<MatterStep, StoreError> {
    Ok(MatterStep {
        number: row.number()?,
        step: row.number()?,
        at: row.timestamp()?,
        by: row.string()?,
        body: row.string()?,
    })
}
