//! Ranges as each world writes them, read exactly and written as VERS.
//!
//! VERS lists constraints without saying which belong together, so a list made of `>=1.1 <2.1 || 3.0` is good for writing
//! down, and the native range is better for judging. Both are kept.

use crate::version::Scheme;

use super::{Constraint, MAX_CONSTRAINTS, Vers, interval, lists, npm};

/// Longer texts are no ranges.
pub(super) const MAX_LENGTH: usize = 16 * 1024;

/// A native range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Native {
    kind: &'static str,
    scheme: Scheme,
    /// A version that fulfils all constraints of one of these lies in the range.
    alternatives: Vec<Vec<Constraint>>,
    /// What VERS lists; where the rules of the two differ, this follows the specification's examples.
    listed: Vec<Constraint>,
}

/// What a reader of one notation gives.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) alternatives: Vec<Vec<Constraint>>,
    pub(super) listed: Vec<Constraint>,
}

/// Why a text is no native range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NativeError {
    /// No notation of ranges is known for this type.
    #[error("no notation of ranges is known for this type")]
    UnknownKind,
    /// The text is not written in that notation.
    #[error("not written as ranges of this type are")]
    Malformed,
}

impl Native {
    /// The types whose notation is known.
    pub const KINDS: [&'static str; 6] = ["gem", "maven", "nginx", "npm", "nuget", "pypi"];

    /// Reads a range of a type.
    pub fn read(kind: &str, text: &str) -> Result<Self, NativeError> {
        let known = Self::KINDS.iter().find(|known| known.eq_ignore_ascii_case(kind));
        let kind = *known.ok_or(NativeError::UnknownKind)?;
        let scheme = Scheme::for_type(kind).ok_or(NativeError::UnknownKind)?;
        let read = match kind {
            "gem" => lists::read_gem(text),
            "maven" => interval::read_maven(text),
            "nginx" => lists::read_nginx(text),
            "npm" => npm::read(text),
            "nuget" => interval::read_nuget(text),
            _ => lists::read_pypi(text),
        };
        let fits = |reading: &Reading| {
            text.len() <= MAX_LENGTH
                && reading.listed.len() <= MAX_CONSTRAINTS
                && reading.alternatives.iter().flatten().all(|one| scheme.knows(one.version()))
        };
        let Reading { alternatives, listed } = read.filter(fits).ok_or(NativeError::Malformed)?;
        Ok(Self { kind, scheme, alternatives, listed })
    }

    /// Whether a version lies in the range; `None` where the scheme cannot judge. Pre-releases count by their order alone.
    pub fn contains(&self, version: &str) -> Option<bool> {
        if !self.scheme.knows(version) {
            return None;
        }
        let mut unknown = false;
        for alternative in &self.alternatives {
            match self.fulfils(alternative, version) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(false)
    }

    fn fulfils(&self, constraints: &[Constraint], version: &str) -> Option<bool> {
        let mut unknown = false;
        for constraint in constraints {
            match constraint.holds(self.scheme, version) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => unknown = true,
            }
        }
        (!unknown).then_some(true)
    }

    /// As VERS.
    pub fn to_vers(&self) -> Vers {
        Vers::of(self.kind, self.listed.clone())
    }
}

impl Reading {
    /// Every version.
    pub(super) fn everything() -> Self {
        Self { alternatives: vec![Vec::new()], listed: Vec::new() }
    }

    /// Alternatives that VERS lists one after the other.
    pub(super) fn of(alternatives: Vec<Vec<Constraint>>) -> Self {
        let listed = alternatives.iter().flatten().cloned().collect();
        Self { alternatives, listed }
    }
}
