//! Which of the advisories that were added stay.

use std::cmp::Ordering;
use std::ops::Range;

use domain::advisory::{Advisory, FeedKind, Ssvc};
use jiff::Timestamp;
use notation::version::{MAX_LENGTH, Scheme};

use super::pages::Mark;

/// An advisory that was added.
#[derive(Debug)]
pub(super) struct Kept {
    /// Feed, publisher and document: what a later record replaces.
    pub(super) origin: String,
    pub(super) modified: Option<Timestamp>,
    pub(super) revision: Option<String>,
    pub(super) id: String,
    pub(super) aliases: Vec<String>,
    pub(super) stands: bool,
    /// Few have it.
    pub(super) ssvc: Option<Box<Ssvc>>,
    pub(super) digest: Mark,
    /// Block, position within it, length.
    pub(super) details: (usize, usize, usize),
    /// Which of the builder's claims are its own.
    pub(super) claims: Range<usize>,
    /// Which of the builder's keys of claims.
    pub(super) keys: Range<usize>,
    /// Which of the builder's reaches; none where numbers do not say all its claims.
    pub(super) reaches: Option<Range<usize>>,
    /// Which of the builder's updates.
    pub(super) updates: Range<usize>,
}

impl Kept {
    /// Which of two records of one document is the later.
    fn age(&self, other: &Self) -> Ordering {
        let revisions = || match (&self.revision, &other.revision) {
            (Some(one), Some(other)) => {
                let is_long = |text: &str| text.len() > MAX_LENGTH;
                let order = Scheme::Loose.compare(one, other).unwrap_or(Ordering::Equal);
                is_long(one).cmp(&is_long(other)).then(order).then_with(|| one.cmp(other))
            }
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        self.modified.cmp(&other.modified).then_with(revisions)
    }
}

/// What a later record replaces: the same document of the same party in the same feed.
///
/// An entry of a CycloneDX document is named after its vulnerability and not after the document, so that two products of one
/// maker may have entries of one name: nothing replaces them.
pub(super) fn origin(advisory: &Advisory, digest: Mark) -> String {
    let publisher = advisory.publisher.as_deref().unwrap_or_default();
    let own = match advisory.feed {
        FeedKind::CycloneDx => u128::from_be_bytes(digest),
        _ => 0,
    };
    format!("{}\0{publisher}\0{}\0{own:x}", advisory.feed.key(), advisory.document)
}

/// The latest records of each document, each once, in an order that does not depend on how they came.
pub(super) fn newest(mut kept: Vec<Kept>) -> Vec<Kept> {
    kept.sort_by(|one, other| {
        let document = one.origin.cmp(&other.origin).then_with(|| other.age(one));
        document.then_with(|| (&one.id, one.digest).cmp(&(&other.id, other.digest)))
    });
    let mut newest: Vec<Kept> = Vec::with_capacity(kept.len());
    for next in kept {
        let stays = newest.last().is_none_or(|last| {
            let is_older = last.origin == next.origin && next.age(last).is_ne();
            !is_older && (last.origin != next.origin || last.digest != next.digest)
        });
        if stays {
            newest.push(next);
        }
    }
    newest
}
