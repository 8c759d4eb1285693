//! One decision about several findings at once: all of them or none, with an entry in the record for each.

use domain::{AuditEntry, FindingDecision, FindingKey, msg};
use serde_json::json;
use store::{StoredFinding, View};

use crate::findings::{Choice, check, follow};
use crate::{Act, App, AppError, day_of};

/// The most findings that are decided at once: more cannot have been looked at.
pub const MOST_AT_ONCE: usize = 500;

impl App {
    /// Keeps one decision about every finding of `keys`, which must all stand, and says how many they were.
    ///
    /// # Errors
    ///
    /// [`AppError::Decision`] where something is missing or findings are gone, and says which; and what the store says.
    pub fn decide_many(
        &self,
        keys: &[String],
        choice: &Choice,
        act: &Act,
    ) -> Result<usize, AppError> {
        let mut wanted: Vec<&String> = keys.iter().collect();
        wanted.sort();
        wanted.dedup();
        let Some((last, others)) = wanted.split_last() else {
            return Err(AppError::Decision(msg!("app.decide_none")));
        };
        if wanted.len() > MOST_AT_ONCE {
            let message = msg!("app.decide_too_many", count = wanted.len(), most = MOST_AT_ONCE);
            return Err(AppError::Decision(message));
        }
        check(choice, day_of(act.now))?;
        self.facility()?.change(entry(last, choice, act), |change| {
            let standing = standing(change.view(), &wanted)?;
            for key in others {
                change.record_too(entry(key, choice, act))?;
            }
            for stored in &standing {
                change.decide_finding(&decision(stored, choice, act))?;
            }
            Ok(standing.len())
        })
    }
}

fn entry(key: &str, choice: &Choice, act: &Act) -> AuditEntry {
    let detail = json!({
        "state": choice.state.key(),
        "until": choice.until.map(|until| until.to_string()),
        "reason": choice.reason,
    });
    act.entry("decide", format!("finding:{key}"), &detail)
}

fn decision(stored: &StoredFinding, choice: &Choice, act: &Act) -> FindingDecision {
    FindingDecision {
        key: stored.finding.key.clone(),
        state: choice.state,
        until: choice.until,
        reason: choice.reason.clone(),
        by: act.actor.to_string(),
        at: act.now,
        basis: stored.finding.basis,
    }
}

/// Every finding of `keys` as it stands; where some do not, which.
fn standing(view: &View, keys: &[&String]) -> Result<Vec<StoredFinding>, AppError> {
    let (mut found, mut gone) = (Vec::with_capacity(keys.len()), Vec::new());
    for key in keys {
        match one_standing(view, key)? {
            Some(stored) => found.push(stored),
            None => gone.push((*key).clone()),
        }
    }
    match gone.is_empty() {
        true => Ok(found),
        false => Err(AppError::Decision(msg!("app.decide_gone", findings = gone))),
    }
}

fn one_standing(view: &View, key: &str) -> Result<Option<StoredFinding>, AppError> {
    let Ok(key) = key.parse::<FindingKey>() else { return Ok(None) };
    let key = follow(view, key)?;
    Ok(view.finding(&key)?.into_iter().find(|stored| stored.closed.is_none()))
}
