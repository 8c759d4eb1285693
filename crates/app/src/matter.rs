//! What all matters (用件) share: their steps as people see them, and who comes second.

use schemars::JsonSchema;
use serde::Serialize;

use crate::AppError;

/// A step of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MatterStepView {
    /// Counted from 1.
    pub step: u32,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who.
    pub by: String,
    /// What, as a sentence.
    pub text: String,
    /// The file that came with it and is kept.
    pub file: Option<String>,
}

/// Refuses who saw fewer than `steps` steps: somebody took one meanwhile. Whoever does not say what was seen is let through.
pub(crate) fn check_seen(seen: Option<u32>, steps: usize) -> Result<(), AppError> {
    match seen {
        Some(seen) if seen as usize != steps => Err(AppError::MatterMoved(seen)),
        _ => Ok(()),
    }
}
