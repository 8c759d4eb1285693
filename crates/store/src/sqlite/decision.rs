//! Decisions (判断): what people decided on identity and on findings.

use domain::{FindingDecision, FindingKey, FindingState, IdentityDecision, Sign, Verdict};
use rusqlite::params;

use super::db::{Columns, written};
use super::{Change, View};
use crate::StoreError;

const IDENTITY: &str = "number, one, other, verdict, decider, at";
const FINDING: &str = "finding, state, until, reason, decider, at, basis";

impl Change {
    /// Adds a decision on identity and gives the number it got, the next one; `decision.id` is not looked at.
    pub fn add_identity_decision(
        &mut self,
        decision: &IdentityDecision,
    ) -> Result<u32, StoreError> {
        let id = self.view.last_identity_decision()?.map_or(1, |last| last.id.saturating_add(1));
        self.run_sql(
            "INSERT INTO identity_decision (facility, number, one, other, verdict, decider, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.view.facility,
                id,
                written(&decision.one),
                written(&decision.other),
                decision.verdict.key(),
                decision.by,
                decision.at.as_millisecond(),
            ],
        )?;
        Ok(id)
    }

    /// Takes back the last decision on identity, and gives it; `None` where there is none.
    pub fn remove_last_identity_decision(
        &mut self,
    ) -> Result<Option<IdentityDecision>, StoreError> {
        let last = self.view.last_identity_decision()?;
        if let Some(decision) = &last {
            self.run_sql(
                "DELETE FROM identity_decision WHERE facility = ?1 AND number = ?2",
                params![self.view.facility, decision.id],
            )?;
        }
        Ok(last)
    }

    /// Sets what is decided about a finding; what was decided before stays in its history.
    pub fn decide_finding(&mut self, decision: &FindingDecision) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO finding_decision (facility, finding, number, state, until, reason, decider, at, basis)
             SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3, ?4, ?5, ?6, ?7, ?8
             FROM finding_decision WHERE facility = ?1 AND finding = ?2",
            params![
                self.view.facility,
                written(&decision.key),
                decision.state.key(),
                decision.until.as_ref().map(written),
                decision.reason,
                decision.by,
                decision.at.as_millisecond(),
                decision.basis.0,
            ],
        )
    }
}

impl View {
    /// Every decision on identity, in the order they were taken.
    pub fn identity_decisions(&self) -> Result<Vec<IdentityDecision>, StoreError> {
        let sql =
            format!("SELECT {IDENTITY} FROM identity_decision WHERE facility = ?1 ORDER BY number");
        self.db.all(&sql, [self.facility], identity_decision)
    }

    /// The last decision on identity.
    pub fn last_identity_decision(&self) -> Result<Option<IdentityDecision>, StoreError> {
        let sql = format!(
            "SELECT {IDENTITY} FROM identity_decision WHERE facility = ?1
             ORDER BY number DESC LIMIT 1"
        );
        self.db.one(&sql, [self.facility], identity_decision)
    }

    /// What was decided last about each finding, in the order of the keys' writing.
    pub fn finding_decisions(&self) -> Result<Vec<FindingDecision>, StoreError> {
        let sql = format!(
            "SELECT {FINDING} FROM finding_decision d WHERE facility = ?1
             AND number = (SELECT max(number) FROM finding_decision
                           WHERE facility = d.facility AND finding = d.finding)
             ORDER BY finding"
        );
        self.db.all(&sql, [self.facility], finding_decision)
    }

    /// Everything that was ever decided about one finding, the oldest first.
    pub fn finding_history(&self, key: &FindingKey) -> Result<Vec<FindingDecision>, StoreError> {
        let sql = format!(
            "SELECT {FINDING} FROM finding_decision
             WHERE facility = ?1 AND finding = ?2 ORDER BY number"
        );
        self.db.all(&sql, params![self.facility, written(key)], finding_decision)
    }
}

fn identity_decision(mut row: Columns<'_>) -> Result<IdentityDecision, StoreError> {
    Ok(IdentityDecision {
        id: row.number()?,
        one: row.parsed::<Sign>()?,
        other: row.parsed::<Sign>()?,
        verdict: row.word(Verdict::from_key)?,
        by: row.string()?,
        at: row.timestamp()?,
    })
}

fn finding_decision(mut row: Columns<'_>) -> Result<FindingDecision, StoreError> {
    Ok(FindingDecision {
        key: row.parsed()?,
        state: row.word(FindingState::from_key)?,
        until: row.optional_date()?,
        reason: row.string()?,
        by: row.string()?,
        at: row.timestamp()?,
        basis: row.digest()?,
    })
}
