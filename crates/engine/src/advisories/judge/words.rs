//! What each advisory comes to for one product.

use std::collections::BTreeMap;

use domain::advisory::{Claim, Confidence, Versions, VexStatus};
use domain::{Message, msg};

use super::Product;
use super::fit::{Fit, View};
use crate::advisories::index::{Index, IndexError, Posting, Said, Span};
use crate::advisories::key::Naming;

/// What an advisory comes to.
pub(super) struct Word {
    /// The number of the advisory in the index.
    pub(super) advisory: u32,
    /// The number of its vulnerability in the index.
    pub(super) vulnerability: u32,
    pub(super) outcome: Outcome,
}

/// What it says.
pub(super) enum Outcome {
    Says(Spoken),
    /// It speaks of the product under this name, and of other versions.
    Denies(Naming),
    Open(Message),
    Nothing,
}

/// A claim that holds.
pub(super) struct Spoken {
    pub(super) claim: Box<Claim>,
    /// Its place in its advisory.
    pub(super) place: u32,
    pub(super) naming: Naming,
    pub(super) confidence: Confidence,
    pub(super) reason: Message,
}

impl Word {
    /// Whether its party speaks of the very package and does not hold it to be affected.
    pub(super) fn denies(&self) -> bool {
        match &self.outcome {
            Outcome::Denies(naming) => *naming == Naming::Package,
            Outcome::Says(spoken) => {
                let is_sure = spoken.confidence == Confidence::Exact;
                let is_well =
                    matches!(spoken.claim.status, VexStatus::NotAffected | VexStatus::Fixed);
                spoken.naming == Naming::Package && is_sure && is_well
            }
            Outcome::Open(_) | Outcome::Nothing => false,
        }
    }
}

/// What stands in the index under each of the names of a product.
pub(super) struct Sought {
    pub(super) postings: Vec<Posting>,
    /// Claims that must be read to be judged: those that numbers do not say where the versions are numbers, all elsewhere.
    claims: Vec<Vec<Said>>,
}

impl Sought {
    /// Looks up the names of `views`. `quick` says whether spans are held against the versions.
    pub(super) fn of(
        index: &Index<'_>,
        views: &[View<'_>],
        quick: bool,
    ) -> Result<Self, IndexError> {
        let mut sought = Self { postings: Vec::new(), claims: Vec::new() };
        for view in views {
            let posting = index.posting(&view.key)?.unwrap_or_default();
            sought.claims.push(if quick {
                index.others(&posting)?
            } else {
                index.all(&posting)?
            });
            sought.postings.push(posting);
        }
        Ok(sought)
    }

    /// Whether anything is to be judged by its claims.
    pub(super) fn has_claims(&self) -> bool {
        self.claims.iter().any(|claims| !claims.is_empty())
    }

    /// What the advisories say whose claims must be read.
    pub(super) fn words(
        &self,
        index: &Index<'_>,
        views: &[View<'_>],
        product: &Product,
    ) -> Result<Vec<Word>, IndexError> {
        let mut by_advisory: BTreeMap<u32, Vec<(&View<'_>, &Said)>> = BTreeMap::new();
        for (view, claims) in views.iter().zip(&self.claims) {
            for said in claims {
                by_advisory.entry(said.advisory).or_default().push((view, said));
            }
        }
        let mut words = Vec::new();
        for (advisory, said) in by_advisory {
            let head = index.head(advisory)?;
            if head.stands {
                let outcome = outcome(&said, product);
                words.push(Word { advisory, vulnerability: head.vulnerability, outcome });
            }
        }
        Ok(words)
    }

    /// What the advisories say of which numbers say all.
    pub(super) fn plain_words(
        &self,
        index: &Index<'_>,
        views: &[View<'_>],
        ranks: &[u64],
        words: &mut Vec<Word>,
    ) -> Result<(), IndexError> {
        for ((view, posting), rank) in views.iter().zip(&self.postings).zip(ranks) {
            for spans in by_advisory(&posting.spans) {
                let Some(Span { advisory, vulnerability, .. }) = spans.first().copied() else {
                    continue;
                };
                let outcome = match spans.iter().find(|span| span.holds(*rank)) {
                    None => Outcome::Denies(view.key.naming()),
                    Some(span) => {
                        let said = index.plain(posting, span.claim)?;
                        Outcome::Says(Spoken {
                            claim: Box::new(said.claim),
                            place: said.place,
                            naming: view.key.naming(),
                            confidence: Confidence::Exact,
                            reason: view.reason(),
                        })
                    }
                };
                words.push(Word { advisory, vulnerability, outcome });
            }
        }
        Ok(())
    }
}

/// The spans of each advisory; those of a vulnerability follow one another.
pub(super) fn by_advisory(spans: &[Span]) -> impl Iterator<Item = &[Span]> {
    spans.chunk_by(|one, other| one.advisory == other.advisory)
}

/// What an advisory says of the product under the surest of its names that it uses.
fn outcome(said: &[(&View<'_>, &Said)], product: &Product) -> Outcome {
    for naming in [Naming::Package, Naming::Cpe, Naming::Model, Naming::Name] {
        let own = said.iter().filter(|(view, said)| {
            view.key.naming() == naming && view.is_meant(&said.claim.product)
        });
        let own =
            own.filter(|(_, said)| naming != Naming::Name || may_be_named(&said.claim, product));
        let own: Vec<_> = own.collect();
        if !own.is_empty() {
            return walk(&own, product, naming);
        }
    }
    Outcome::Nothing
}

/// Whether an equal name says anything: not where both sides give surer names, which would have met.
fn may_be_named(claim: &Claim, product: &Product) -> bool {
    let spoken = &claim.product;
    let has_package = !spoken.purls.is_empty() || spoken.package.is_some();
    let is_other_package = has_package && !product.purls.is_empty();
    let is_other_cpe = !spoken.cpes.is_empty() && !product.cpes.is_empty();
    !is_other_package && !is_other_cpe
}

/// Whether it is the serial number of the unit that leaves something open.
fn is_of_units(reason: &Message) -> bool {
    matches!(&*reason.key, "advisories.serial_begins" | "advisories.serial_unknown")
}

/// Claims in their order: the first whose versions hold counts, and those on all others come last.
fn walk(said: &[&(&View<'_>, &Said)], product: &Product, naming: Naming) -> Outcome {
    let is_rest = |said: &Said| said.claim.versions == Versions::Others;
    let mut said: Vec<(&View<'_>, &Said)> = said.iter().map(|pair| **pair).collect();
    said.sort_by_key(|(_, said)| (is_rest(said), said.place));
    let (mut open, mut denied): (Option<Message>, bool) = (None, false);
    // What is open and could make the product affected; and what is mended by what is installed.
    let (mut doubt, mut mended): (Option<Message>, Option<Spoken>) = (None, None);
    for (view, said) in said {
        match view.fit(&said.claim, product) {
            Fit::No => {}
            Fit::OtherVersions => denied |= said.claim.status == VexStatus::Affected,
            Fit::Unknown(reason) => {
                let is_well =
                    matches!(said.claim.status, VexStatus::NotAffected | VexStatus::Fixed);
                doubt = doubt.or_else(|| (!is_well).then(|| reason.clone()));
                open = open.or(Some(reason));
            }
            Fit::Mended(reason) if said.claim.status == VexStatus::Affected => {
                let claim = Claim { status: VexStatus::Fixed, ..said.claim.clone() };
                mended = mended.or(Some(Spoken {
                    claim: Box::new(claim),
                    place: said.place,
                    naming,
                    confidence: Confidence::Likely,
                    reason,
                }));
            }
            Fit::Mended(_) => {}
            // What is said of all others cannot be said while it is open which those are.
            Fit::Yes(..) if open.is_some() && is_rest(said) => {}
            Fit::Yes(confidence, reason) => {
                let (confidence, reason) = match open {
                    None => (confidence, reason),
                    Some(_) if confidence == Confidence::Candidate => (confidence, reason),
                    // It is open which units those are, and not which versions.
                    Some(_) if confidence == Confidence::Likely && is_of_units(&reason) => {
                        (confidence, reason)
                    }
                    Some(open) if is_of_units(&open) => (Confidence::Likely, open),
                    Some(_) => (Confidence::Likely, msg!("advisories.earlier_open")),
                };
                let (claim, place) = (Box::new(said.claim.clone()), said.place);
                return Outcome::Says(Spoken { claim, place, naming, confidence, reason });
            }
        }
    }
    match (doubt, mended, open) {
        (Some(reason), ..) => Outcome::Open(reason),
        (None, Some(spoken), _) => Outcome::Says(spoken),
        // The versions that are affected are others: in which it is mended makes no difference.
        (None, None, _) if denied => Outcome::Denies(naming),
        (None, None, Some(reason)) => Outcome::Open(reason),
        (None, None, None) => Outcome::Nothing,
    }
}
