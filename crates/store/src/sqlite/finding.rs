//! Findings (所見): what the last round found, and how long each stood.

use std::collections::BTreeMap;

use domain::{FindingKey, Severity};
use jiff::civil::Date;
use rusqlite::{Params, params};

use super::db::{Columns, written};
use super::{Change, View};
use crate::{FindingFilter, FindingHead, FindingRow, Settlement, StoreError, StoredFinding};

const COLUMNS: &str = "finding, severity, device, basis, messages, opened, closed";

impl Change {
    /// Makes `found` the findings that stand on `day`: opens the new ones, closes those that are gone, and lets the others
    /// stand with what is said of them now. Of two with the same key the last counts.
    pub fn settle_findings(
        &mut self,
        day: Date,
        found: &[FindingRow],
    ) -> Result<Settlement, StoreError> {
        let mut before: BTreeMap<String, FindingRow> = BTreeMap::new();
        for stored in self.view.findings(FindingFilter::Open)? {
            before.insert(written(&stored.finding.key), stored.finding);
        }
        let now: BTreeMap<String, &FindingRow> =
            found.iter().map(|finding| (written(&finding.key), finding)).collect();
        let mut settlement = Settlement::default();
        for (key, finding) in &now {
            match before.get(key) {
                None => self.open_finding(day, key, finding)?,
                Some(standing) if standing != *finding => self.update_finding(key, finding)?,
                Some(_) => {}
            }
            let list = if before.contains_key(key) {
                &mut settlement.standing
            } else {
                &mut settlement.new
            };
            list.push(finding.key.clone());
        }
        for (key, finding) in before.into_iter().filter(|(key, _)| !now.contains_key(key)) {
            self.close_finding(day, &key)?;
            settlement.gone.push(finding.key);
        }
        Ok(settlement)
    }

    /// Opens a finding. One that was closed on the very day it had opened goes on standing.
    fn open_finding(&self, day: Date, key: &str, finding: &FindingRow) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO finding (facility, finding, opened, severity, device, basis, messages)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (facility, finding, opened) DO UPDATE
             SET closed = NULL, severity = excluded.severity, device = excluded.device,
                 basis = excluded.basis, messages = excluded.messages",
            params![
                self.view.facility,
                key,
                written(&day),
                finding.severity.key(),
                finding.device.as_ref().map(written),
                finding.basis.0,
                finding.messages,
            ],
        )
    }

    fn update_finding(&self, key: &str, finding: &FindingRow) -> Result<(), StoreError> {
        self.run_sql(
            "UPDATE finding SET severity = ?3, device = ?4, basis = ?5, messages = ?6
             WHERE facility = ?1 AND finding = ?2 AND closed IS NULL",
            params![
                self.view.facility,
                key,
                finding.severity.key(),
                finding.device.as_ref().map(written),
                finding.basis.0,
                finding.messages,
            ],
        )
    }

    fn close_finding(&self, day: Date, key: &str) -> Result<(), StoreError> {
        self.run_sql(
            "UPDATE finding SET closed = ?3 WHERE facility = ?1 AND finding = ?2 AND closed IS NULL",
            params![self.view.facility, key, written(&day)],
        )
    }
}

impl View {
    /// The findings that pass `filter`, in the order of the keys' writing, then by the day they opened.
    pub fn findings(&self, filter: FindingFilter) -> Result<Vec<StoredFinding>, StoreError> {
        match filter {
            FindingFilter::All => self.findings_where("true", [self.facility]),
            FindingFilter::Closed => self.findings_where("closed IS NOT NULL", [self.facility]),
            FindingFilter::StoodOn(severity, day) => self.few_findings_where(
                "finding_by_severity",
                "severity = ?2 AND opened <= ?3 AND (closed IS NULL OR closed > ?3)",
                params![self.facility, severity.key(), written(&day)],
            ),
            FindingFilter::OfDevice(id) => self.few_findings_where(
                "finding_by_device",
                "device = ?2",
                params![self.facility, written(&id)],
            ),
            FindingFilter::Open => self.findings_where("closed IS NULL", [self.facility]),
        }
    }

    /// How many findings the round of `day` did not find any more, and the `most` most urgent of them, the most urgent first.
    pub fn closed_on(
        &self,
        day: Date,
        most: usize,
    ) -> Result<(u64, Vec<StoredFinding>), StoreError> {
        let (facility, day) = (self.facility, written(&day));
        let of_day = "FROM finding INDEXED BY finding_closed WHERE facility = ?1 AND closed = ?2";
        let count = format!("SELECT count(*) {of_day}");
        let count = self.db.one(&count, params![facility, day], |mut row| row.number())?;
        let ranks = Severity::ALL.iter().rev().zip(0..);
        let ranks: String = ranks
            .map(|(severity, rank)| format!(" WHEN '{}' THEN {rank}", severity.key()))
            .collect();
        let sql = format!(
            "SELECT {COLUMNS} {of_day} ORDER BY CASE severity{ranks} END, finding, opened LIMIT ?3"
        );
        let found = self.db.all(&sql, params![facility, day, most as u64 as i64], finding)?;
        Ok((count.unwrap_or(0), found))
    }

    /// From when until when each finding of `severity` stood, by the day it was found.
    pub fn spans(&self, severity: Severity) -> Result<Vec<(Date, Option<Date>)>, StoreError> {
        self.db.all(
            "SELECT opened, closed FROM finding INDEXED BY finding_by_severity
             WHERE facility = ?1 AND severity = ?2
             ORDER BY opened",
            params![self.facility, severity.key()],
            |mut row| Ok((row.date()?, row.optional_date()?)),
        )
    }

    /// Gives every finding that stands, without its sentences, in the order of the keys' writing.
    pub fn each_standing<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(FindingHead) -> Result<(), E>,
    ) -> Result<(), E> {
        self.db.each(
            "SELECT finding, severity, device, basis, opened FROM finding
             WHERE facility = ?1 AND closed IS NULL ORDER BY finding",
            [self.facility],
            |mut row| {
                take(FindingHead {
                    key: row.parsed()?,
                    severity: row.word(Severity::from_key)?,
                    device: row.optional_parsed()?,
                    basis: row.digest()?,
                    opened: row.date()?,
                })
            },
        )
    }

    /// Each time the finding `key` stood, the oldest first.
    pub fn finding(&self, key: &FindingKey) -> Result<Vec<StoredFinding>, StoreError> {
        self.findings_where("finding = ?2", params![self.facility, written(key)])
    }

    fn findings_where(
        &self,
        condition: &str,
        params: impl Params,
    ) -> Result<Vec<StoredFinding>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM finding WHERE facility = ?1 AND {condition}
             ORDER BY finding, opened"
        );
        self.db.all(&sql, params, finding)
    }

    /// The same where `index` leads to few of them. It is named, and they are put in order here: left to itself, SQLite looks
    /// through every finding there ever was, since the facility stands first in every key.
    fn few_findings_where(
        &self,
        index: &str,
        condition: &str,
        params: impl Params,
    ) -> Result<Vec<StoredFinding>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM finding INDEXED BY {index} WHERE facility = ?1 AND {condition}"
        );
        let mut found = self.db.all(&sql, params, finding)?;
        found.sort_by_cached_key(|stored| (written(&stored.finding.key), stored.opened));
        Ok(found)
    }
}

fn finding(mut row: Columns<'_>) -> Result<StoredFinding, StoreError> {
    Ok(StoredFinding {
        finding: FindingRow {
            key: row.parsed()?,
            severity: row.word(Severity::from_key)?,
            device: row.optional_parsed()?,
            basis: row.digest()?,
            messages: row.string()?,
        },
        opened: row.date()?,
        closed: row.optional_date()?,
    })
}
