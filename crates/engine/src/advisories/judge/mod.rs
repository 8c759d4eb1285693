//! What the words of all parties mean for one product.
//!
//! Nobody's word is dropped: where parties disagree, both stand in the result. A product that cannot be judged is told as such, with
//! the reason; it is never silently "not affected".

mod fit;
pub mod survey;
mod verdicts;
mod versions;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::{Confidence, Rating, VexStatus};
use domain::{MakerTable, Message, msg};
use notation::cvss::{Further, Vector};

use super::index::{Index, IndexError};
use super::key::Naming;
use super::serials;
use fit::View;
use words::{Outcome, Sought, Spoken, Word};

pub(crate) use versions::lacks_revision;

pub use verdicts::{Judged, Least, Machine, Match, Open, Product, Scored, Statement, Verdicts};

/// Holds products against an index.
pub struct Judge<'i, 'a> {
    index: &'i Index<'a>,
    makers: &'i MakerTable,
}

/// What is said of one vulnerability.
#[derive(Default)]
struct Gathered {
    statements: Vec<Statement>,
    fixed: BTreeSet<String>,
    ratings: Vec<Scored>,
}

impl<'i, 'a> Judge<'i, 'a> {
    /// With this index, where `makers` says which names are of one maker.
    pub fn new(index: &'i Index<'a>, makers: &'i MakerTable) -> Self {
        Self { index, makers }
    }

    /// Whether anybody who stands by it speaks of this machine by its model number, in whatever versions.
    pub fn knows(&self, machine: &Machine) -> Result<bool, IndexError> {
        for view in View::all_of_machine(machine, None, self.makers) {
            let Some(posting) = self.index.posting(&view.key)? else { continue };
            for said in self.index.all(&posting)? {
                if view.is_meant(&said.claim.product) && self.index.head(said.advisory)?.stands {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The serial numbers by which parties tell the units of this product that they mean, as they give them, sorted.
    pub fn serials(&self, product: &Product) -> Result<BTreeSet<String>, IndexError> {
        let mut given = BTreeSet::new();
        for view in View::all_of(product, self.makers) {
            let Some(posting) = self.index.posting(&view.key)? else { continue };
            // Claims on certain units are none that numbers say.
            for said in self.index.others(&posting)? {
                let name = &said.claim.product;
                if name.serials.is_empty() || !view.is_meant(name) {
                    continue;
                }
                if self.index.head(said.advisory)?.stands {
                    let room = serials::MOST.saturating_sub(given.len());
                    given.extend(name.serials.iter().take(room).cloned());
                }
            }
        }
        Ok(given)
    }

    /// What is said of a product.
    pub fn judge(&self, product: &Product) -> Result<Verdicts, IndexError> {
        let views = View::all_of(product, self.makers);
        let ranks = View::ranks(&views);
        self.judge_under(&views, ranks.as_deref(), product)
    }

    /// With the places of its versions, spans are held against them; without, every claim is read.
    fn judge_under(
        &self,
        views: &[View<'_>],
        ranks: Option<&[u64]>,
        product: &Product,
    ) -> Result<Verdicts, IndexError> {
        if views.is_empty() {
            let judged = Judged::Not(msg!("advisories.no_identity"));
            return Ok(Verdicts { judged, open: Vec::new() });
        }
        let sought = Sought::of(self.index, views, ranks.is_some())?;
        let mut words = sought.words(self.index, views, product)?;
        if let Some(ranks) = ranks {
            sought.plain_words(self.index, views, ranks, &mut words)?;
        }
        words.sort_by_key(|word| word.advisory);
        let mut open = Vec::new();
        let mut by_vulnerability: BTreeMap<u32, Vec<Word>> = BTreeMap::new();
        for word in words {
            if let Outcome::Open(reason) = word.outcome {
                let id = self.index.vulnerability(word.vulnerability)?.id;
                open.push(Open { id, advisory: word.advisory, reason });
            } else {
                by_vulnerability.entry(word.vulnerability).or_default().push(word);
            }
        }
        let mut matches = Vec::new();
        for (number, words) in by_vulnerability {
            matches.extend(self.matched(number, words)?);
        }
        // Their order must not tell when they came to the index.
        matches.sort_by(|one: &Match, other| one.vulnerability.id.cmp(&other.vulnerability.id));
        // Of a product without a version all that speaks of versions is open, which is said once.
        if matches.is_empty() && !views.iter().any(View::has_version) {
            open.clear();
        }
        let silence = silence(views, self.covers(views)?);
        Ok(verdicts(matches, open, silence))
    }

    /// Whether anything at all is known of products that are named like this one. A name that people write is no such naming, nor is a
    /// model number, which few advisories give.
    fn covers(&self, views: &[View<'_>]) -> Result<bool, IndexError> {
        for view in views.iter().filter(|view| is_of_lists(view)) {
            if self.index.covers(&view.key.world())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is said of one vulnerability; none where nothing is.
    fn matched(&self, number: u32, words: Vec<Word>) -> Result<Option<Match>, IndexError> {
        if !words.iter().any(|word| matches!(word.outcome, Outcome::Says(_))) {
            return Ok(None);
        }
        let denier = words.iter().find(|word| word.denies()).map(|word| word.advisory);
        let mut said = Gathered::default();
        for word in words {
            if let Outcome::Says(spoken) = word.outcome {
                self.gather(word.advisory, spoken, &mut said)?;
            }
        }
        if let Some(denier) = denier {
            let document = self.index.brief(denier)?.document;
            let is_affected = |said: &&mut Statement| said.status == VexStatus::Affected;
            for statement in said.statements.iter_mut().filter(is_affected) {
                statement.confidence = Confidence::Candidate;
                statement.reason = msg!("advisories.contradicted", document = document.clone());
            }
        }
        let affected = said.statements.iter().filter(|said| said.status == VexStatus::Affected);
        Ok(Some(Match {
            affected: affected.map(|statement| statement.confidence).max(),
            vulnerability: self.index.vulnerability(number)?,
            statements: said.statements,
            fixed: said.fixed.into_iter().collect(),
            ratings: said.ratings,
        }))
    }

    /// Adds what an advisory says.
    fn gather(&self, advisory: u32, spoken: Spoken, into: &mut Gathered) -> Result<(), IndexError> {
        let brief = self.index.brief(advisory)?;
        let Spoken { claim, place, confidence, reason, .. } = spoken;
        into.fixed.extend(claim.fixed);
        let own = |rating: &Rating| rating.claims.is_empty() || rating.claims.contains(&place);
        into.ratings.extend(brief.ratings.into_iter().filter(own).map(scored));
        into.statements.push(Statement {
            advisory,
            feed: brief.feed,
            publisher: brief.publisher,
            document: brief.document,
            status: claim.status,
            confidence,
            reason,
            justification: claim.justification,
            note: claim.note,
        });
        Ok(())
    }
}

/// Whether lists of products use such a name throughout.
fn is_of_lists(view: &View<'_>) -> bool {
    matches!(view.key.naming(), Naming::Package | Naming::Cpe)
}

/// Why it means nothing that nobody speaks of the product.
fn silence(views: &[View<'_>], is_covered: bool) -> Option<Message> {
    if !views.iter().any(View::has_version) {
        return Some(msg!("advisories.no_version"));
    }
    if !views.iter().any(is_of_lists) {
        return Some(msg!("advisories.name_only"));
    }
    (!is_covered).then(|| msg!("advisories.not_covered"))
}

/// Nothing that is open, and no silence of those who could not have spoken, makes a product "not affected".
fn verdicts(matches: Vec<Match>, open: Vec<Open>, silence: Option<Message>) -> Verdicts {
    let reason = open.first().map(|open| open.reason.clone()).or(silence);
    let judged = match reason {
        Some(reason) if matches.is_empty() => Judged::Not(reason),
        _ => Judged::Yes(matches),
    };
    Verdicts { judged, open }
}

/// A rating with the base score that its vector gives.
pub fn scored(rating: Rating) -> Scored {
    let vector = rating.vector.as_deref().and_then(|text| text.parse::<Vector>().ok());
    match vector {
        Some(vector) => Scored {
            score: Some(vector.base().tenths()),
            severity: Some(vector.severity().as_str().to_owned()),
            further: vector.further(),
            computed: true,
            rating,
        },
        None => Scored {
            score: rating.score,
            severity: rating.word.clone(),
            further: Further::default(),
            computed: false,
            rating,
        },
    }
}

#[cfg(test)]
mod tests;
