//! Rounds (見回り) that were done.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::params;

use super::db::{Columns, written};
use super::{Change, View};
use crate::{Round, Settlement, StoreError};

impl Change {
    /// Keeps that a round was done for `date`, with the chain's head as it stood before.
    pub fn add_round(
        &mut self,
        date: Date,
        run_at: Timestamp,
        settlement: &Settlement,
    ) -> Result<Round, StoreError> {
        let number = self.view.last_round()?.map_or(1, |last| last.number.saturating_add(1));
        let (_, audit_head) = self.view.audit_head()?;
        let round = Round {
            number,
            date,
            run_at,
            new: settlement.new.len() as u32,
            gone: settlement.gone.len() as u32,
            standing: settlement.standing.len() as u32,
            audit_head,
        };
        self.run_sql(
            "INSERT INTO round (facility, number, date, run_at, new, gone, standing, audit_head)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.view.facility,
                number,
                written(&date),
                run_at.as_millisecond(),
                round.new,
                round.gone,
                round.standing,
                audit_head.0,
            ],
        )?;
        Ok(round)
    }
}

impl View {
    /// Every round, in the order they were done.
    pub fn rounds(&self) -> Result<Vec<Round>, StoreError> {
        self.rounds_ordered("number")
    }

    /// The round that was done last.
    pub fn last_round(&self) -> Result<Option<Round>, StoreError> {
        Ok(self.rounds_ordered("number DESC LIMIT 1")?.pop())
    }

    fn rounds_ordered(&self, order: &str) -> Result<Vec<Round>, StoreError> {
        let sql = format!(
            "SELECT number, date, run_at, new, gone, standing, audit_head
             FROM round WHERE facility = ?1 ORDER BY {order}"
        );
        self.db.all(&sql, [self.facility], round)
    }
}

fn round(mut row: Columns<'_>) -> Result<Round, StoreError> {
    Ok(Round {
        number: row.number()?,
        date: row.date()?,
        run_at: row.timestamp()?,
        new: row.number()?,
        gone: row.number()?,
        standing: row.number()?,
        audit_head: row.digest()?,
    })
}
