//! What pages and scripts get to see of writings. The keys are a contract: they change only by adding.

use domain::{Stepped, WritingStep, WritingWord};
use engine::products::Named;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

use super::kept::key;

/// What the hospital writes for a product, and what that means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WritingView {
    /// What of a device it names: `hardware`, `firmware`, `os` or `software`.
    pub what: String,
    /// The folded text, by which people's words on it are known again.
    pub text: String,
    /// One of the texts as they are written.
    pub shown: String,
    /// How many devices in use have it.
    pub devices: u64,
    /// `open`: not surely one product; `sure`: by the table; `confirmed` or `refused` by a person.
    pub state: String,
    /// What it means now.
    pub meant: Vec<MeantProductView>,
    /// What it means or may mean by the table of products.
    pub candidates: Vec<MeantProductView>,
    /// What a person said of it and counts.
    pub said: Option<WritingStepView>,
    /// All that people said of it, the newest first.
    pub history: Vec<WritingStepView>,
}

/// A product that is meant, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeantProductView {
    /// Its folded name and version, by which its page is asked for.
    pub mark: String,
    /// What people call it.
    pub name: String,
    /// Its version, as it is written.
    pub version: Option<String>,
    /// Its CPE names.
    pub cpes: Vec<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Whether it can be confirmed: what nobody lists has no name by which advisories know it.
    pub listed: bool,
    /// `exact`, `likely`, `candidate`.
    pub confidence: String,
    /// Why, and what a person can settle.
    pub reason: String,
}

/// What a person said of a writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WritingStepView {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// `is`, `not` or `open`.
    pub word: String,
    /// The products that it is about: the one that is meant, or those that are not.
    pub products: Vec<String>,
    /// The CPE names or the package URL of what is meant.
    pub names: Vec<String>,
    /// Why.
    pub reason: String,
}

impl MeantProductView {
    pub(super) fn of(named: &Named, texts: &Catalogue) -> Self {
        Self {
            mark: named.mark(),
            name: named.product().name,
            version: named.version.clone(),
            cpes: named.cpes.iter().map(ToString::to_string).collect(),
            purl: named.purl.as_ref().map(ToString::to_string),
            listed: named.is_listed(),
            confidence: named.confidence.key().to_owned(),
            reason: texts.say(&named.reason),
        }
    }
}

impl WritingStepView {
    pub(super) fn of(step: &Stepped<WritingStep>) -> Self {
        let (products, names) = match &step.step.word {
            WritingWord::Is(product) => {
                let names = product.cpes.iter().chain(&product.purl).cloned().collect();
                (vec![product.name.clone()], names)
            }
            WritingWord::Not(names) => (names.clone(), Vec::new()),
            WritingWord::Open => (Vec::new(), Vec::new()),
        };
        Self {
            at: step.at.to_string(),
            by: step.by.clone(),
            word: key(&step.step.word).to_owned(),
            products,
            names,
            reason: step.step.reason.clone(),
        }
    }
}
