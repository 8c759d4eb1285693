//! One component before two judges: the advisories at hand, and the document's own word.

use std::collections::BTreeSet;

use domain::advisory::{Confidence, VexStatus};
use domain::{Component, Message};
use engine::advisories::index::{Index, IndexError};
use engine::advisories::judge::{Judge, Judged, Match, Product, Statement, Verdicts};

/// What tells one component from another: equal ones are judged once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Named<'c> {
    purls: &'c [String],
    cpes: &'c [String],
    name: (Option<&'c str>, &'c str),
    supplier: Option<&'c str>,
    version: Option<&'c str>,
}

impl<'c> Named<'c> {
    pub(super) fn of(component: &'c Component) -> Self {
        Self {
            purls: &component.purls,
            cpes: &component.cpes,
            name: (component.group.as_deref(), &component.name),
            supplier: component.supplier.as_deref(),
            version: component.version.as_deref(),
        }
    }
}

/// What came of a component.
pub(super) struct Verdict {
    /// Why it could not be judged.
    pub(super) unjudged: Option<Message>,
    /// What is said of it.
    pub(super) found: Vec<Match>,
    /// Advisories that speak of it and could not be judged.
    pub(super) open: Vec<(String, Message)>,
}

/// Both judges.
pub(super) struct Judges<'i, 'a> {
    held: Option<&'i Index<'a>>,
    own: Option<&'i Index<'a>>,
}

impl<'i, 'a> Judges<'i, 'a> {
    pub(super) fn new(held: Option<&'i Index<'a>>, own: Option<&'i Index<'a>>) -> Self {
        Self { held, own }
    }

    /// What both say of `component` of the product that is `beside` it.
    pub(super) fn judge(
        &self,
        component: &Component,
        beside: &[Product],
    ) -> Result<Verdict, IndexError> {
        let product = Product::from(component);
        let mut verdict = match self.held {
            Some(index) => verdict(Judge::new(index).judge(&product)?),
            None => Verdict {
                unjudged: Some(domain::msg!("advisories.no_feed")),
                found: Vec::new(),
                open: Vec::new(),
            },
        };
        if let Some(own) = self.own {
            let product = Product { beside: Some(beside.to_vec()), ..product };
            let said = Judge::new(own).judge(&product)?;
            if let Judged::Yes(found) = said.judged {
                found.into_iter().for_each(|found| self.hear(found, &mut verdict));
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
