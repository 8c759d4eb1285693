//! The record: reading and proving it.

use domain::{AuditLink, Digest, msg};
use store::{ChainBreak, ChainState, View};

use crate::views::{AuditEntryView, AuditStateView};
use crate::{App, AppError};

impl App {
    /// The last `most` entries, the newest last.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn audit(&self, most: u64) -> Result<Vec<AuditEntryView>, AppError> {
        let entries = self.facility()?.read(|view| {
            let (last, _) = view.audit_head()?;
            view.audit_entries(last.saturating_sub(most) + 1..=last)
        })?;
        Ok(entries.iter().map(entry_view).collect())
    }

    /// Walks the whole record, and checks the database itself. `heads` are hashes that were written down elsewhere.
    ///
    /// # Errors
    ///
    /// What the store says where it cannot even be read.
    pub fn verify_audit(&self, heads: &[Digest]) -> Result<AuditStateView, AppError> {
        let (state, last) = self.facility()?.read(|view: &View| {
            let (last, _) = view.audit_head()?;
            Ok::<_, AppError>((view.verify_audit(heads)?, last))
        })?;
        let damage = self.store.verify()?;
        let mut view = match state {
            ChainState::Whole { entries, head } => AuditStateView {
                whole: true,
                entries,
                head: Some(head.to_string()),
                broken_at: None,
                problem: None,
            },
            ChainState::Broken { seq, why } => AuditStateView {
                whole: false,
                entries: last,
                head: None,
                broken_at: Some(seq),
                problem: Some(self.catalogue().say(&problem(seq, why))),
            },
        };
        if view.whole && !damage.is_empty() {
            view.whole = false;
            view.problem = Some(self.catalogue().say(&msg!("app.database_damaged", what = damage)));
        }
        Ok(view)
    }
}

fn problem(seq: u64, why: ChainBreak) -> domain::Message {
    match why {
        ChainBreak::Changed => msg!("app.audit_changed", seq = seq),
        ChainBreak::HeadMissing => msg!("app.audit_head_missing"),
        ChainBreak::Missing => msg!("app.audit_missing", seq = seq),
        ChainBreak::Unchained => msg!("app.audit_unchained", seq = seq),
        ChainBreak::Unreadable => msg!("app.audit_unreadable", seq = seq),
    }
}

pub(crate) fn entry_view(link: &AuditLink) -> AuditEntryView {
    AuditEntryView {
        seq: link.seq,
        at: link.entry.at.to_string(),
        actor: link.entry.actor.to_string(),
        act: link.entry.act.clone(),
        subject: link.entry.subject.clone(),
        detail: serde_json::from_str(&link.entry.detail).unwrap_or_default(),
        previous: link.previous.to_string(),
        hash: link.hash.to_string(),
    }
}
