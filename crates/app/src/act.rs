//! Who acts, and when.

use domain::{Actor, AuditEntry};
use jiff::Timestamp;

/// Who acts, and what time it is.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// Now, by the caller's clock.
    pub now: Timestamp,
}

impl Act {
    /// The entry that `act` on `subject` leaves in the record.
    pub(crate) fn entry(
        &self,
        act: &str,
        subject: String,
        detail: &serde_json::Value,
    ) -> AuditEntry {
        AuditEntry {
            at: self.now,
            actor: self.actor.clone(),
            act: act.to_owned(),
            subject,
            detail: detail.to_string(),
        }
    }
}
