//! The rules, as a person reads about them.

use engine::RULES;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{App, AppError};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Why it is there.
    pub why: String,
    /// The clause it comes from.
    pub clause: String,
    /// What to do about what it finds, and who; one sentence for each case.
    pub remedies: Vec<String>,
}

impl App {
    /// Every rule, by code.
    pub fn rules(&self) -> Vec<RuleView> {
        rules(self.catalogue())
    }

    /// The rule of this code, in any case.
    ///
    /// # Errors
    ///
    /// [`AppError::NoRule`].
    pub fn rule(&self, code: &str) -> Result<RuleView, AppError> {
        let found = self.rules().into_iter().find(|rule| rule.code.eq_ignore_ascii_case(code));
        found.ok_or_else(|| AppError::NoRule(code.to_owned()))
    }
}

/// Every rule in the language of `catalogue`, by code.
pub fn rules(catalogue: &reference::Catalogue) -> Vec<RuleView> {
    let text = |key: String| catalogue.text(&key).into_owned();
    RULES
        .iter()
        .map(|rule| {
            let prefix = format!("{}.remedy", rule.code);
            let mut keys: Vec<String> = catalogue
                .keys()
                .filter(|key| key.starts_with(&prefix))
                .map(str::to_owned)
                .collect();
            keys.sort();
            RuleView {
                code: rule.code.to_owned(),
                name: text(format!("rule.{}.name", rule.code)),
                why: text(format!("rule.{}.why", rule.code)),
                clause: text(format!("rule.{}.clause", rule.code)),
                remedies: keys.into_iter().map(text).collect(),
            }
        })
        .collect()
}
