//! Daily checks (点検記録): signatures under the round of a day.

use domain::{CheckCounts, DailyCheck};
use jiff::civil::Date;
use rusqlite::params;

use super::db::{Columns, count, written};
use super::{Change, View};
use crate::StoreError;

const COLUMNS: &str = "day, number, signer, name, at, devices, open_urgent, open_warning, \
                       open_notice, open_unknown, decided, new, gone, note, audit_head";

impl Change {
    /// Keeps a signature with the chain's head as it stood before, and gives it with the number it got; those of `check` are not
    /// looked at.
    pub fn add_check(&mut self, check: DailyCheck) -> Result<DailyCheck, StoreError> {
        let number = self.view.checks_of(check.day)?.len() as u32 + 1;
        let (_, audit_head) = self.view.audit_head()?;
        let check = DailyCheck { number, audit_head, ..check };
        let counts = &check.counts;
        let [urgent, warning, notice, unknown] = counts.open.map(count);
        self.run_sql(
            "INSERT INTO daily_check (facility, day, number, signer, name, at, devices, open_urgent, open_warning,
                                      open_notice, open_unknown, decided, new, gone, note, audit_head)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                self.view.facility,
                written(&check.day),
                number,
                check.by,
                check.name,
                check.at.as_millisecond(),
                count(counts.devices),
                urgent,
                warning,
                notice,
                unknown,
                count(counts.decided),
                count(counts.new),
                count(counts.gone),
                check.note,
                audit_head.0,
            ],
        )?;
        Ok(check)
    }
}

impl View {
    /// Whether the database has the step that brought the table of checks.
    pub(super) fn has_checks(&self) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'daily_check'";
        let found = self.db.one(sql, [], |mut row| row.integer())?;
        Ok(found.is_some())
    }

    /// Every signature, by day and number.
    pub fn checks(&self) -> Result<Vec<DailyCheck>, StoreError> {
        self.db.all(
            &format!("SELECT {COLUMNS} FROM daily_check WHERE facility = ?1 ORDER BY day, number"),
            [self.facility],
            check,
        )
    }

    /// The signatures under the round of `day`, the first first.
    pub fn checks_of(&self, day: Date) -> Result<Vec<DailyCheck>, StoreError> {
        self.db.all(
            &format!(
                "SELECT {COLUMNS} FROM daily_check WHERE facility = ?1 AND day = ?2 ORDER BY number"
            ),
            params![self.facility, written(&day)],
            check,
        )
    }
}

fn check(mut row: Columns<'_>) -> Result<DailyCheck, StoreError> {
    Ok(DailyCheck {
        day: row.date()?,
        number: row.number()?,
        by: row.string()?,
        name: row.string()?,
        at: row.timestamp()?,
        counts: CheckCounts {
            devices: row.number()?,
            open: [row.number()?, row.number()?, row.number()?, row.number()?],
            decided: row.number()?,
            new: row.number()?,
            gone: row.number()?,
        },
        note: row.string()?,
        audit_head: row.digest()?,
    })
}
