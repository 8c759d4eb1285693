//! Components before two judges: the advisories at hand, and the document's own word.
//!
//! Equal components are judged once, in whatever lists they stand. What a document's own VEX says holds for the product it is of; it goes
//! before what the lists of vulnerabilities say of a component anywhere.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use domain::advisory::{Confidence, FeedRecord, VexStatus};
use domain::{Advisory, Component, Condition, Criterion, MakerTable, Message};

use crate::advisories::index::{Builder, Index, IndexError};
use crate::advisories::judge::{Judge, Judged, Match, Product, Statement, Verdicts};

/// Stands for the number of an advisory that is in the parts list itself, and in no index at hand.
pub const OWN_WORD: u32 = u32::MAX;

/// What tells one component from another: equal ones are judged once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Named<'c> {
    purls: &'c [String],
    cpes: &'c [String],
    name: (Option<&'c str>, &'c str),
    supplier: Option<&'c str>,
    version: Option<&'c str>,
}

impl<'c> Named<'c> {
    fn of(component: &'c Component) -> Self {
        Self {
            purls: &component.purls,
            cpes: &component.cpes,
            name: (component.group.as_deref(), &component.name),
            supplier: component.supplier.as_deref(),
            version: component.version.as_deref(),
        }
    }
}

/// What of a parts list is judged.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'c> {
    /// What it is of.
    pub subject: Option<&'c Component>,
    /// Its components.
    pub components: &'c [Component],
    /// What it says itself of vulnerabilities.
    pub advisories: &'c [Advisory],
}

/// What came of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Why it could not be judged.
    pub unjudged: Option<Message>,
    /// What is said of it.
    pub found: Vec<Match>,
    /// Advisories that speak of it and could not be judged.
    pub open: Vec<(String, Message)>,
}

impl Verdict {
    fn says_nothing(&self) -> bool {
        self.unjudged.is_none() && self.found.is_empty() && self.open.is_empty()
    }
}

/// What came of a whole list: what is told of the product it belongs to. Small beside the list, and true for one list and one index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JudgedList {
    /// How many components it holds.
    pub components: usize,
    /// The distinct components of which there is something to tell, by what people call them, in the order of the list.
    pub told: Vec<(String, Verdict)>,
}

impl JudgedList {
    /// Judges each distinct component of `list` once.
    ///
    /// # Errors
    ///
    /// Where the advisories at hand are damaged.
    pub fn of(
        list: &Listed<'_>,
        index: &Index<'_>,
        makers: &MakerTable,
    ) -> Result<Self, IndexError> {
        let verdicts = Room::new(Some(index), makers).judge(list)?;
        let mut seen = HashSet::new();
        // Equal components have one verdict.
        let told = list
            .components
            .iter()
            .zip(&verdicts)
            .filter(|(_, verdict)| seen.insert(Rc::as_ptr(verdict)) && !verdict.says_nothing());
        Ok(Self {
            components: list.components.len(),
            told: told
                .map(|(component, verdict)| (called(component), Verdict::clone(verdict)))
                .collect(),
        })
    }
}

/// What people call a component: its name and version.
fn called(component: &Component) -> String {
    let version = component.version.as_deref().unwrap_or_default();
    format!("{} {version}", component.full_name()).trim_end().to_owned()
}

/// Where components are judged, each distinct one once.
pub struct Room<'i, 'a, 'c> {
    held: Option<&'i Index<'a>>,
    makers: &'i MakerTable,
    known: HashMap<Named<'c>, Rc<Verdict>>,
}

impl<'i, 'a, 'c> Room<'i, 'a, 'c> {
    /// With these advisories at hand; with none, nothing can be judged. `makers` says which names are of one maker.
    pub fn new(held: Option<&'i Index<'a>>, makers: &'i MakerTable) -> Self {
        Self { held, makers, known: HashMap::new() }
    }

    /// What is said of each component of `list`, in its order.
    ///
    /// # Errors
    ///
    /// Where the advisories at hand are damaged.
    pub fn judge(&mut self, list: &Listed<'c>) -> Result<Vec<Rc<Verdict>>, IndexError> {
        let own = own_word(list);
        let own = own.as_deref().map(Index::open).transpose()?;
        let Some(own) = own else {
            return list.components.iter().map(|component| self.held(component)).collect();
        };
        let beside: Vec<Product> = list.subject.iter().map(|one| Product::from(*one)).collect();
        let mut laid: HashMap<Named<'c>, Rc<Verdict>> = HashMap::new();
        let mut both = |component: &'c Component| match laid.entry(Named::of(component)) {
            Entry::Occupied(entry) => Ok::<_, IndexError>(Rc::clone(entry.get())),
            Entry::Vacant(entry) => {
                let held = Verdict::clone(&*self.held(component)?);
                let both = self.with_own(component, &own, &beside, held)?;
                Ok(Rc::clone(entry.insert(Rc::new(both))))
            }
        };
        list.components.iter().map(&mut both).collect()
    }

    /// What the advisories at hand say of `component`.
    fn held(&mut self, component: &'c Component) -> Result<Rc<Verdict>, IndexError> {
        match self.known.entry(Named::of(component)) {
            Entry::Occupied(entry) => Ok(Rc::clone(entry.get())),
            Entry::Vacant(entry) => {
                let verdict = match self.held {
                    Some(index) => {
                        let judge = Judge::new(index, self.makers);
                        verdict(judge.judge(&Product::from(component))?)
                    }
                    None => Verdict {
                        unjudged: Some(domain::msg!("advisories.no_feed")),
                        found: Vec::new(),
                        open: Vec::new(),
                    },
                };
                Ok(Rc::clone(entry.insert(Rc::new(verdict))))
            }
        }
    }

    /// The same with what the document says of `component` of the product that is `beside` it.
    fn with_own(
        &self,
        component: &Component,
        own: &Index<'_>,
        beside: &[Product],
        mut verdict: Verdict,
    ) -> Result<Verdict, IndexError> {
        let product = Product { beside: Some(beside.to_vec()), ..Product::from(component) };
        if let Judged::Yes(found) = Judge::new(own, self.makers).judge(&product)?.judged {
            for mut found in found {
                found.statements.iter_mut().for_each(|said| said.advisory = OWN_WORD);
                self.hear(found, &mut verdict);
            }
        }
        Ok(verdict)
    }

    /// Lays the document's own word beside what is said already.
    fn hear(&self, own: Match, verdict: &mut Verdict) {
        let same = |known: &&mut Match| {
            known
                .vulnerability
                .numbers
                .iter()
                .any(|number| own.vulnerability.numbers.contains(number))
        };
        verdict.open.retain(|(id, _)| !own.vulnerability.numbers.contains(id));
        match verdict.found.iter_mut().find(same) {
            Some(known) => lay(known, own),
            None => {
                let mut own = own;
                self.fill(&mut own);
                verdict.found.push(own);
            }
        }
    }

    /// What the feeds at hand know of a vulnerability that only the document names.
    fn fill(&self, own: &mut Match) {
        let known = self.held.and_then(|index| index.find(&own.vulnerability.id).ok());
        if let Some(known) = known.into_iter().flatten().next() {
            own.vulnerability = known;
        }
    }
}

fn verdict(said: Verdicts) -> Verdict {
    let open = said.open.into_iter().map(|open| (open.id, open.reason)).collect();
    match said.judged {
        Judged::Yes(found) => Verdict { unjudged: None, found, open },
        Judged::Not(reason) => Verdict { unjudged: Some(reason), found: Vec::new(), open },
    }
}

/// The maker of the product knows how the component is used in it: where its word is sure, it decides whether it is affected.
fn lay(known: &mut Match, own: Match) {
    let sure = |said: &&Statement| said.confidence == Confidence::Exact;
    let decided: BTreeSet<VexStatus> =
        own.statements.iter().filter(sure).map(|said| said.status).collect();
    let clears = |status: &VexStatus| matches!(status, VexStatus::NotAffected | VexStatus::Fixed);
    if decided.contains(&VexStatus::Affected) {
        known.affected = Some(Confidence::Exact);
    } else if decided.iter().any(clears) {
        known.affected = None;
    }
    known.statements.splice(0..0, own.statements);
    known.ratings.extend(own.ratings);
    let fixed: BTreeSet<String> = known.fixed.drain(..).chain(own.fixed).collect();
    known.fixed = fixed.into_iter().collect();
}

/// What the document itself says of vulnerabilities, as an index; none where it says nothing.
fn own_word(list: &Listed<'_>) -> Option<Vec<u8>> {
    if list.advisories.is_empty() {
        return None;
    }
    let mut builder = Builder::new();
    for advisory in list.advisories {
        let mut advisory = advisory.clone();
        if let Some(subject) = list.subject {
            let claims = advisory.claims.iter_mut();
            claims.for_each(|claim| claim.conditions.retain(|one| !is_of(one, subject)));
        }
        builder.add(FeedRecord::Advisory(Box::new(advisory))).ok()?;
    }
    let mut bytes = Vec::new();
    builder.finish(Vec::new(), &mut bytes).ok()?;
    Some(bytes)
}

/// Whether the condition asks for the product that the list is of: every part of the list meets that, however the product is named.
fn is_of(condition: &Condition, subject: &Component) -> bool {
    let is_subject = |criterion: &Criterion| {
        let product = &criterion.product;
        product.name.as_deref() == Some(&subject.name)
            && (&product.purls, &product.cpes) == (&subject.purls, &subject.cpes)
    };
    !condition.negated && condition.any.iter().any(is_subject)
}
