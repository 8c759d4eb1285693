//! The record (記録): appending to the chain, reading it, and walking it to see whether it holds.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use domain::{Actor, AuditEntry, AuditLink, Digest};
use rusqlite::params;

use super::View;
use super::db::{Columns, count};
use crate::{ChainBreak, ChainState, StoreError};

const COLUMNS: &str = "seq, at, actor, act, subject, detail, previous, hash";

/// Chains `entry` to the last one, inside the transaction of the change it speaks of.
pub(super) fn append(view: &View, entry: AuditEntry) -> Result<(), StoreError> {
    let (seq, previous) = view.audit_head()?;
    let link = AuditLink::new(&view.id, seq + 1, entry, previous);
    let entry = &link.entry;
    view.db.run(
        "INSERT INTO audit (facility, seq, at, actor, act, subject, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            view.facility,
            count(link.seq),
            entry.at.as_millisecond(),
            entry.actor.0,
            entry.act,
            entry.subject,
            entry.detail,
            link.previous.0,
            link.hash.0,
        ],
    )?;
    Ok(())
}

impl View {
    /// Number and hash of the last entry; 0 and [`AuditLink::START`] where there is none.
    pub fn audit_head(&self) -> Result<(u64, Digest), StoreError> {
        let head = self.db.one(
            "SELECT seq, hash FROM audit WHERE facility = ?1 ORDER BY seq DESC LIMIT 1",
            [self.facility],
            |mut row| Ok::<_, StoreError>((row.number()?, row.digest()?)),
        )?;
        Ok(head.unwrap_or((0, AuditLink::START)))
    }

    /// The entries with these numbers, in order.
    pub fn audit_entries(&self, range: RangeInclusive<u64>) -> Result<Vec<AuditLink>, StoreError> {
        self.db.all(
            &format!(
                "SELECT {COLUMNS} FROM audit
                 WHERE facility = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq"
            ),
            params![self.facility, count(*range.start()), count(*range.end())],
            link,
        )
    }

    /// The last entry of this act.
    pub fn last_act(&self, act: &str) -> Result<Option<AuditLink>, StoreError> {
        self.db.one(
            &format!(
                "SELECT {COLUMNS} FROM audit
                 WHERE facility = ?1 AND act = ?2 ORDER BY seq DESC LIMIT 1"
            ),
            params![self.facility, act],
            link,
        )
    }

    /// Walks the whole chain and says where it first breaks.
    ///
    /// `heads` are hashes that were written down elsewhere, on a printed page or in a backup; those of the stored rounds
    /// and of their signatures are added. One that is not in the chain tells that its end was cut off, which the chain alone cannot show.
    pub fn verify_audit(&self, heads: &[Digest]) -> Result<ChainState, StoreError> {
        let mut heads: HashSet<Digest> = heads.iter().copied().collect();
        heads.extend(self.rounds()?.iter().map(|round| round.audit_head));
        // A database of an earlier step, which is proven before it is brought up, has no checks yet.
        if self.has_checks()? {
            heads.extend(self.checks()?.iter().map(|check| check.audit_head));
        }
        heads.remove(&AuditLink::START);
        let mut walk = Walk { entries: 0, head: AuditLink::START, broken: None };
        self.db.each::<StoreError>(
            &format!("SELECT {COLUMNS} FROM audit WHERE facility = ?1 ORDER BY seq"),
            [self.facility],
            |row| {
                if walk.broken.is_none() {
                    walk.step(&self.id, link(row));
                    heads.remove(&walk.head);
                }
                Ok(())
            },
        )?;
        Ok(walk.end(heads.is_empty()))
    }
}

/// The state of a walk along the chain.
struct Walk {
    entries: u64,
    head: Digest,
    broken: Option<ChainBreak>,
}

impl Walk {
    fn step(&mut self, facility: &str, link: Result<AuditLink, StoreError>) {
        let seq = self.entries + 1;
        self.broken = match link {
            Err(_) => Some(ChainBreak::Unreadable),
            Ok(link) if link.seq != seq => Some(ChainBreak::Missing),
            Ok(link) if link.previous != self.head => Some(ChainBreak::Unchained),
            Ok(link) if !link.follows(facility, seq, self.head) => Some(ChainBreak::Changed),
            Ok(link) => {
                self.entries = seq;
                self.head = link.hash;
                None
            }
        };
    }

    fn end(self, all_heads_found: bool) -> ChainState {
        let seq = self.entries + 1;
        match self.broken {
            Some(why) => ChainState::Broken { seq, why },
            None if !all_heads_found => ChainState::Broken { seq, why: ChainBreak::HeadMissing },
            None => ChainState::Whole { entries: self.entries, head: self.head },
        }
    }
}

fn link(mut row: Columns<'_>) -> Result<AuditLink, StoreError> {
    Ok(AuditLink {
        seq: row.number()?,
        entry: AuditEntry {
            at: row.timestamp()?,
            actor: Actor(row.string()?),
            act: row.string()?,
            subject: row.string()?,
            detail: row.string()?,
        },
        previous: row.digest()?,
        hash: row.digest()?,
    })
}
