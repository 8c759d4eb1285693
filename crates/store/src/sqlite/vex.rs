//! Decisions about one vulnerability of one product, in the words of VEX.

use std::collections::BTreeMap;
use std::fmt::Display;

use domain::{
    Control, DeviceId, Justification, VexDecision, VexOrigin, VexProduct, VexScope, VexStatus,
    VexTakenBack,
};
use rusqlite::params;

use super::db::{Columns, written};
use super::{Change, View};
use crate::StoreError;

const COLUMNS: &str = "number, vulnerability, mark, family, name, scope, devices, status, justification, \
                       impact, action, controls, review, origin, reason, decider, at, basis";

impl Change {
    /// Adds a decision and gives the number it got, the next one; `decision.number` and `decision.taken_back` are not looked at.
    pub fn add_vex_decision(&mut self, decision: &VexDecision) -> Result<u32, StoreError> {
        let (last, _) = self.view.vex_mark()?;
        let number = last.saturating_add(1);
        let basis: Vec<u8> = decision.basis.iter().flat_map(|digest| digest.0).collect();
        let controls = decision.controls.iter().map(|control| control.key());
        self.run_sql(
            "INSERT INTO vex_decision (facility, number, vulnerability, mark, family, name, scope, devices, status,
                                       justification, impact, action, controls, review, origin, reason, decider, at, basis)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            params![
                self.view.facility,
                number,
                decision.vulnerability,
                decision.product.mark,
                decision.product.family,
                decision.product.name,
                decision.scope.key(),
                spaced(&decision.devices),
                decision.status.key(),
                decision.justification.map(Justification::key),
                decision.impact,
                decision.action,
                spaced(controls),
                decision.review.as_ref().map(written),
                decision.origin.key(),
                decision.reason,
                decision.by,
                decision.at.as_millisecond(),
                basis,
            ],
        )?;
        Ok(number)
    }

    /// Keeps that decision `number` was taken back.
    pub fn take_back_vex_decision(
        &mut self,
        number: u32,
        taken_back: &VexTakenBack,
    ) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO vex_taken_back (facility, number, decider, at, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                self.view.facility,
                number,
                taken_back.by,
                taken_back.at.as_millisecond(),
                taken_back.reason,
            ],
        )
    }
}

impl View {
    /// Every decision about a vulnerability, in the order they were taken.
    pub fn vex_decisions(&self) -> Result<Vec<VexDecision>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM vex_decision WHERE facility = ?1 ORDER BY number");
        let mut decisions = self.db.all(&sql, [self.facility], decision)?;
        let mut taken_back = self.vex_taken_back()?;
        for decision in &mut decisions {
            decision.taken_back = taken_back.remove(&decision.number);
        }
        Ok(decisions)
    }

    fn vex_taken_back(&self) -> Result<BTreeMap<u32, VexTakenBack>, StoreError> {
        let sql = "SELECT number, decider, at, reason FROM vex_taken_back WHERE facility = ?1";
        let all = self.db.all(sql, [self.facility], |mut row| {
            let number = row.number()?;
            let taken_back =
                VexTakenBack { by: row.string()?, at: row.timestamp()?, reason: row.string()? };
            Ok((number, taken_back))
        })?;
        Ok(all.into_iter().collect())
    }

    /// The number of the last decision about a vulnerability, and how many were taken back: whenever both are the same, so are all.
    pub fn vex_mark(&self) -> Result<(u32, u32), StoreError> {
        let sql = "SELECT (SELECT coalesce(max(number), 0) FROM vex_decision WHERE facility = ?1),
                          (SELECT count(*) FROM vex_taken_back WHERE facility = ?1)";
        let mark =
            self.db.one(sql, [self.facility], |mut row| Ok((row.number()?, row.number()?)))?;
        Ok(mark.unwrap_or_default())
    }
}

/// Words divided by blanks.
fn spaced<T: Display>(words: impl IntoIterator<Item = T>) -> String {
    words.into_iter().map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}

fn decision(mut row: Columns<'_>) -> Result<VexDecision, StoreError> {
    Ok(VexDecision {
        number: row.number()?,
        vulnerability: row.string()?,
        product: VexProduct { mark: row.string()?, family: row.string()?, name: row.string()? },
        scope: row.word(VexScope::from_key)?,
        devices: row.words(|id| id.parse::<DeviceId>().ok())?,
        status: row.word(VexStatus::from_key)?,
        justification: row.optional_word(Justification::from_key)?,
        impact: row.string()?,
        action: row.string()?,
        controls: row.words(Control::from_key)?,
        review: row.optional_date()?,
        origin: row.word(VexOrigin::from_key)?,
        reason: row.string()?,
        by: row.string()?,
        at: row.timestamp()?,
        basis: row.digests()?,
        taken_back: None,
    })
}
