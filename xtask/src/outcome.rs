//! How a check ends.

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Passed,
    /// Something is wrong: what, and where.
    Failed(String),
    /// It could not be run here: why. In CI this counts as a failure.
    LeftOut(String),
}

impl Outcome {
    /// Passed where there are no complaints; otherwise failed with one a line.
    pub(crate) fn of_complaints(complaints: &[String]) -> Self {
        if complaints.is_empty() { Self::Passed } else { Self::Failed(complaints.join("\n")) }
    }
}

impl<E: std::fmt::Display> From<Result<(), E>> for Outcome {
    fn from(result: Result<(), E>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}
