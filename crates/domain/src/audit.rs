//! The record (記録): one entry for each act, chained by digest.

use std::fmt;

use jiff::Timestamp;

use crate::Digest;

/// Who acted: a user, or the person at the console named by the operating system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(pub String);

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One act, before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was done, as a word such as `import` or `import.refused`.
    pub act: String,
    /// To what, as a word and a name such as `import:12`.
    pub subject: String,
    /// The particulars, as one JSON object.
    pub detail: String,
}

/// An entry in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLink {
    /// Counted from 1.
    pub seq: u64,
    /// What was done.
    pub entry: AuditEntry,
    /// The hash of the entry before; 32 zero bytes for the first.
    pub previous: Digest,
    /// The hash of this entry.
    pub hash: Digest,
}

impl AuditLink {
    /// What the first entry is chained to.
    pub const START: Digest = Digest([0; 32]);

    /// Chains `entry` to the entry before it.
    ///
    /// The hash is SHA-256 over the length-prefixed parts: facility, sequence number, time in milliseconds since 1970 (both in decimal),
    /// actor, act, subject, detail, and the previous hash in hexadecimal. Anyone can recompute it from an export.
    pub fn new(facility: &str, seq: u64, entry: AuditEntry, previous: Digest) -> Self {
        let hash = Digest::of_parts([
            facility.as_bytes(),
            seq.to_string().as_bytes(),
            entry.at.as_millisecond().to_string().as_bytes(),
            entry.actor.0.as_bytes(),
            entry.act.as_bytes(),
            entry.subject.as_bytes(),
            entry.detail.as_bytes(),
            previous.to_string().as_bytes(),
        ]);
        Self { seq, entry, previous, hash }
    }

    /// Whether the entry is the one that was chained, after `previous`, as number `seq`.
    pub fn follows(&self, facility: &str, seq: u64, previous: Digest) -> bool {
        self.seq == seq
            && self.previous == previous
            && Self::new(facility, seq, self.entry.clone(), previous).hash == self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(act: &str) -> AuditEntry {
        AuditEntry {
            at: Timestamp::UNIX_EPOCH,
            actor: Actor("sato".into()),
            act: act.into(),
            subject: "import:1".into(),
            detail: "{}".into(),
        }
    }

    #[test]
    fn a_chain_holds_and_a_changed_word_breaks_it() {
        let first = AuditLink::new("main", 1, entry("import"), AuditLink::START);
        let mut second = AuditLink::new("main", 2, entry("import.undo"), first.hash);
        assert!(
            first.follows("main", 1, AuditLink::START) && second.follows("main", 2, first.hash)
        );
        assert!(!second.follows("other", 2, first.hash) && !second.follows("main", 3, first.hash));
        second.entry.detail = "{ }".into();
        assert!(!second.follows("main", 2, first.hash));
    }
}
