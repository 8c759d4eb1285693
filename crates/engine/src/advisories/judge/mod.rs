//! What the words of all parties mean for one product.
//!
//! Nobody's word is dropped: where parties disagree, both stand in the result. A product that cannot be judged is told as such, with
//! the reason; it is never silently "not affected".

mod fit;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use domain::advisory::{Claim, Confidence, FeedKind, Justification, Rating, Versions, VexStatus};
use domain::{Component, Message, msg};
use notation::cvss::Vector;

use super::index::{Index, IndexError, Said, Vulnerability};
use super::key::Naming;
use fit::{Fit, View};

/// A product that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Product {
    /// Its package URLs.
    pub purls: Vec<String>,
    /// Its CPE names.
    pub cpes: Vec<String>,
    /// Its name.
    pub name: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// All else that is on the same machine, where that is known: what the conditions of an advisory ask for.
    pub beside: Option<Vec<Product>>,
}

impl From<&Component> for Product {
    fn from(component: &Component) -> Self {
        Self {
            purls: component.purls.clone(),
            cpes: component.cpes.clone(),
            name: Some(component.name.clone()),
            supplier: component.supplier.clone(),
            version: component.version.clone(),
            beside: None,
        }
    }
}

impl Product {
    /// Its version, if it says anything.
    fn version(&self) -> Option<String> {
        let version = self.version.as_deref().map(str::trim);
        version.filter(|version| !version.is_empty()).map(str::to_owned)
    }
}

/// What came of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// Whether it could be judged.
    pub judged: Judged,
    /// Advisories that speak of the product and could not be judged.
    pub open: Vec<Open>,
}

/// Whether a product could be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// It could: what is said of its version, by vulnerability. Nothing is known where this is empty.
    Yes(Vec<Match>),
    /// It could not, and why.
    Not(Message),
}

/// An advisory that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The vulnerability.
    pub id: String,
    /// The number of the advisory in the index.
    pub advisory: u32,
    /// Why.
    pub reason: Message,
}

/// A vulnerability of which something is said for this version of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The vulnerability: its numbers, whether it is known to be exploited, how likely that is.
    pub vulnerability: Vulnerability,
    /// How sure it is that the product is affected; none where no party says so.
    pub affected: Option<Confidence>,
    /// Who says what.
    pub statements: Vec<Statement>,
    /// The versions in which it is mended, as the parties write them.
    pub fixed: Vec<String>,
    /// Its ratings.
    pub ratings: Vec<Scored>,
}

/// What one party says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The number of the advisory in the index.
    pub advisory: u32,
    /// Whose list it comes from.
    pub feed: FeedKind,
    /// Who published it.
    pub publisher: Option<String>,
    /// The document.
    pub document: String,
    /// What it says.
    pub status: VexStatus,
    /// How sure it is that it speaks of this product in this version.
    pub confidence: Confidence,
    /// Why.
    pub reason: Message,
    /// Why the product is not affected, as the party says.
    pub justification: Option<Justification>,
    /// What the party adds.
    pub note: Option<String>,
}

/// A rating with the score that its vector gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The rating as published.
    pub rating: Rating,
    /// The score in tenths: computed from the vector where it can be read, as written otherwise.
    pub score: Option<u8>,
    /// The word for it in the scale of its version, such as `HIGH`.
    pub severity: Option<String>,
    /// Whether it was computed.
    pub computed: bool,
}

/// Holds products against an index.
pub struct Judge<'i, 'a> {
    index: &'i Index<'a>,
}

/// What an advisory comes to.
enum Outcome {
    Says {
        claim: Box<Claim>,
        place: u32,
        naming: Naming,
        confidence: Confidence,
        reason: Message,
    },
    /// It speaks of the very package, and of other versions.
    Denies(Naming),
    Open(Message),
    Nothing,
}

/// What each advisory says, under which name.
type ByAdvisory<'v> = BTreeMap<u32, Vec<(&'v View, Said)>>;

/// What is said of one vulnerability.
#[derive(Default)]
struct Gathered {
    statements: Vec<Statement>,
    fixed: BTreeSet<String>,
    ratings: Vec<Scored>,
    /// Documents whose party speaks of the very package, and not of this version.
    deniers: Vec<String>,
}

impl<'i, 'a> Judge<'i, 'a> {
    /// With this index.
    pub fn new(index: &'i Index<'a>) -> Self {
        Self { index }
    }

    /// What is said of a product.
    pub fn judge(&self, product: &Product) -> Result<Verdicts, IndexError> {
        let views = View::all_of(product);
        if let Some(reason) = refusal(&views) {
            return Ok(Verdicts { judged: Judged::Not(reason), open: Vec::new() });
        }
        let (mut gathered, mut open) = (BTreeMap::new(), Vec::new());
        for (advisory, said) in self.said_of(&views)? {
            let head = self.index.head(advisory)?;
            if head.stands {
                let into = gathered.entry(head.vulnerability).or_insert_with(Gathered::default);
                if let Some(reason) = self.gather(advisory, said, product, into)? {
                    let id = self.index.vulnerability(head.vulnerability)?.id;
                    open.push(Open { id, advisory, reason });
                }
            }
        }
        let gathered = gathered.into_iter().filter(|(_, said)| !said.statements.is_empty());
        let matches: Result<Vec<Match>, IndexError> =
            gathered.map(|(number, said)| self.finish(number, said)).collect();
        let silence = silence(&views, self.covers(&views)?);
        Ok(verdicts(matches?, open, silence))
    }

    /// Whether anything at all is known of products that are named like this one. A name that people write is no such naming.
    fn covers(&self, views: &[View]) -> Result<bool, IndexError> {
        for view in views.iter().filter(|view| view.key.naming() != Naming::Name) {
            if self.index.covers(&view.key.world())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What each advisory says, under which of the names.
    fn said_of<'v>(&self, views: &'v [View]) -> Result<ByAdvisory<'v>, IndexError> {
        let mut all = ByAdvisory::new();
        for view in views {
            for said in self.index.said_of(&view.key)? {
                all.entry(said.advisory).or_default().push((view, said));
            }
        }
        Ok(all)
    }

    /// Adds what an advisory says; why it cannot be judged, if so.
    fn gather(
        &self,
        advisory: u32,
        said: Vec<(&View, Said)>,
        product: &Product,
        into: &mut Gathered,
    ) -> Result<Option<Message>, IndexError> {
        let (claim, place, naming, confidence, reason) = match outcome(&said, product) {
            Outcome::Nothing => return Ok(None),
            Outcome::Open(reason) => return Ok(Some(reason)),
            Outcome::Denies(naming) => {
                if naming == Naming::Package {
                    into.deniers.push(self.index.details(advisory)?.document);
                }
                return Ok(None);
            }
            Outcome::Says { claim, place, naming, confidence, reason } => {
                (claim, place, naming, confidence, reason)
            }
        };
        let details = self.index.details(advisory)?;
        let speaks_of_it = naming == Naming::Package && confidence == Confidence::Exact;
        if speaks_of_it && matches!(claim.status, VexStatus::NotAffected | VexStatus::Fixed) {
            into.deniers.push(details.document.clone());
        }
        into.fixed.extend(claim.fixed);
        let own = |rating: &Rating| rating.claims.is_empty() || rating.claims.contains(&place);
        into.ratings.extend(details.ratings.into_iter().filter(own).map(scored));
        into.statements.push(Statement {
            advisory,
            feed: details.feed,
            publisher: details.publisher,
            document: details.document,
            status: claim.status,
            confidence,
            reason,
            justification: claim.justification,
            note: claim.note,
        });
        Ok(None)
    }

    fn finish(&self, number: u32, mut said: Gathered) -> Result<Match, IndexError> {
        let affected = |statement: &&mut Statement| statement.status == VexStatus::Affected;
        if let Some(document) = said.deniers.first() {
            for statement in said.statements.iter_mut().filter(affected) {
                statement.confidence = Confidence::Candidate;
                statement.reason = msg!("advisories.contradicted", document = document);
            }
        }
        let affected = said.statements.iter().filter(|said| said.status == VexStatus::Affected);
        Ok(Match {
            affected: affected.map(|statement| statement.confidence).max(),
            vulnerability: self.index.vulnerability(number)?,
            statements: said.statements,
            fixed: said.fixed.into_iter().collect(),
            ratings: said.ratings,
        })
    }
}

/// Why nothing can be said at all.
fn refusal(views: &[View]) -> Option<Message> {
    if views.is_empty() {
        return Some(msg!("advisories.no_identity"));
    }
    let has_version = views.iter().any(View::has_version);
    (!has_version).then(|| msg!("advisories.no_version"))
}

/// Why it means nothing that nobody speaks of the product.
fn silence(views: &[View], is_covered: bool) -> Option<Message> {
    if views.iter().all(|view| view.key.naming() == Naming::Name) {
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

/// What an advisory says of the product under the surest of its names that it uses.
fn outcome(said: &[(&View, Said)], product: &Product) -> Outcome {
    for naming in [Naming::Package, Naming::Cpe, Naming::Name] {
        let own = said.iter().filter(|(view, _)| view.key.naming() == naming);
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

/// Claims in their order: the first whose versions hold counts, and those on all others come last.
fn walk(said: &[&(&View, Said)], product: &Product, naming: Naming) -> Outcome {
    let is_rest = |said: &Said| said.claim.versions == Versions::Others;
    let mut said: Vec<_> = said.iter().map(|(view, said)| (*view, said)).collect();
    said.sort_by_key(|(_, said)| (is_rest(said), said.place));
    let (mut open, mut denied): (Option<Message>, bool) = (None, false);
    for (view, said) in said {
        match view.fit(&said.claim, product) {
            Fit::No => {}
            Fit::OtherVersions => denied |= said.claim.status == VexStatus::Affected,
            Fit::Unknown(reason) => open = open.or(Some(reason)),
            // What is said of all others cannot be said while it is open which those are.
            Fit::Yes(..) if open.is_some() && is_rest(said) => {}
            Fit::Yes(confidence, reason) => {
                let (confidence, reason) = match open {
                    None => (confidence, reason),
                    Some(_) if confidence == Confidence::Candidate => (confidence, reason),
                    Some(_) => (Confidence::Likely, msg!("advisories.earlier_open")),
                };
                let (claim, place) = (Box::new(said.claim.clone()), said.place);
                return Outcome::Says { claim, place, naming, confidence, reason };
            }
        }
    }
    match open {
        Some(reason) => Outcome::Open(reason),
        None if denied => Outcome::Denies(naming),
        None => Outcome::Nothing,
    }
}

fn scored(rating: Rating) -> Scored {
    let vector = rating.vector.as_deref().and_then(|text| text.parse::<Vector>().ok());
    match vector {
        Some(vector) => Scored {
            score: Some(vector.score().tenths()),
            severity: Some(vector.severity().as_str().to_owned()),
            computed: true,
            rating,
        },
        None => {
            Scored { score: rating.score, severity: rating.word.clone(), computed: false, rating }
        }
    }
}

#[cfg(test)]
mod tests;
