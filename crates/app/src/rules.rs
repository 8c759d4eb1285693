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
        let found = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code));
        let rule = found.ok_or_else(|| AppError::NoRule(code.to_owned()))?;
        Ok(view(&rule.code, self.catalogue()))
    }
}

/// Every rule in the language of `catalogue`, by code.
pub fn rules(catalogue: &reference::Catalogue) -> Vec<RuleView> {
    RULES.iter().map(|rule| view(&rule.code, catalogue)).collect()
}

fn view(code: &str, catalogue: &reference::Catalogue) -> RuleView {
    let text = |key: String| catalogue.text(&key).into_owned();
    let prefix = format!("{code}.remedy");
    let keys = catalogue.keys().filter(|key| key.starts_with(&prefix));
    let mut keys: Vec<String> = keys.map(str::to_owned).collect();
    keys.sort();
    RuleView {
        code: code.to_owned(),
        name: text(format!("rule.{code}.name")),
        why: text(format!("rule.{code}.why")),
        clause: text(format!("rule.{code}.clause")),
        remedies: keys.into_iter().map(text).collect(),
    }
}
