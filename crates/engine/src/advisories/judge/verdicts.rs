//! What is asked, and what is answered.

use domain::advisory::{Confidence, FeedKind, Justification, Rating, VexStatus};
use domain::{Component, Message};
use notation::cvss::Further;

use crate::advisories::index::Vulnerability;
use crate::advisories::serials::Serial;
use crate::advisories::updates::Build;

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
    /// What is known of its version where that lacks its revision.
    pub least: Option<Least>,
    /// The machine that it is, or whose firmware it is, where maker and model are known.
    pub machine: Option<Machine>,
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
            least: None,
            machine: None,
            beside: None,
        }
    }
}

impl Product {
    /// Its version, if it says anything.
    pub(super) fn version(&self) -> Option<String> {
        let version = self.version.as_deref().map(str::trim);
        version.filter(|version| !version.is_empty()).map(str::to_owned)
    }
}

/// The lowest build that Windows can be, since an update is installed that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Least {
    /// The build, with its revision.
    pub build: Build,
    /// The number of the update.
    pub update: u64,
}

/// A machine by what stands on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Machine {
    /// Its maker, as written.
    pub maker: String,
    /// Its model, as written: a number, or words with a number among them.
    pub model: String,
    /// What the unit's serial number is to those that advisories give; none where it is not known, or nobody asked.
    pub serial: Option<Serial>,
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

/// A rating with the base score that its vector gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The rating as published.
    pub rating: Rating,
    /// The base score in tenths: computed from the vector where it can be read, as written otherwise.
    pub score: Option<u8>,
    /// The word for it in the scale of its version, such as `HIGH`.
    pub severity: Option<String>,
    /// What becomes of the score with what the vector says beside its base metrics.
    pub further: Further,
    /// Whether it was computed.
    pub computed: bool,
}

impl Scored {
    /// The number that the publisher wrote as base score, where it is another than [`Scored::score`]: many write the temporal one there.
    pub fn differently_published(&self) -> Option<u8> {
        self.rating.score.filter(|published| self.score != Some(*published))
    }
}
