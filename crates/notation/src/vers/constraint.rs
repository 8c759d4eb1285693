//! One constraint of a range: a comparator and a version.

use std::cmp::Ordering;
use std::fmt;

use crate::version::Scheme;

use super::{VersError, encoding};

/// How a version must stand to the one named (vers-spec, "Using version comparators").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// `=`, which is not written.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

impl Comparator {
    /// As the specification writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether a version that stands so to the named one fulfils this.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// `<` and `<=`.
    pub(super) fn is_upper(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }

    /// All but `=` and `!=`.
    pub(super) fn is_bound(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The comparator that a text begins with, and the rest. `==` is as `=`.
    pub(super) fn split(text: &str) -> (Option<Self>, &str) {
        const WRITTEN: [(&str, Comparator); 7] = [
            ("!=", Comparator::NotEqual),
            ("<=", Comparator::LessOrEqual),
            (">=", Comparator::GreaterOrEqual),
            ("==", Comparator::Equal),
            ("<", Comparator::Less),
            (">", Comparator::Greater),
            ("=", Comparator::Equal),
        ];
        let found = WRITTEN.iter().find_map(|(written, comparator)| {
            text.strip_prefix(written).map(|rest| (Some(*comparator), rest))
        });
        found.unwrap_or((None, text))
    }
}

/// A comparator and a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    comparator: Comparator,
    version: String,
}

impl Constraint {
    /// From its parts; the version is decoded.
    pub fn new(comparator: Comparator, version: impl Into<String>) -> Self {
        Self { comparator, version: version.into() }
    }

    /// How a version must stand to [`Constraint::version`].
    pub fn comparator(&self) -> Comparator {
        self.comparator
    }

    /// The version named, decoded.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether a version fulfils this one constraint; `None` where the scheme cannot judge.
    pub fn holds(&self, scheme: Scheme, version: &str) -> Option<bool> {
        scheme.compare(version, &self.version).map(|order| self.comparator.holds(order))
    }

    pub(super) fn read(text: &str) -> Result<Self, VersError> {
        let (comparator, version) = Comparator::split(text);
        let version = encoding::decode(version.trim()).ok_or(VersError::BadEncoding)?;
        Self::sound(comparator, version)
    }

    pub(super) fn read_canonically(text: &str, datetime: bool) -> Result<Self, VersError> {
        let (comparator, written) = Comparator::split(text);
        let version = encoding::decode(written).ok_or(VersError::BadEncoding)?;
        if !encoding::is_canonical(written) {
            return Err(VersError::OddEncoding);
        }
        if datetime && written.contains("%3A") {
            return Err(VersError::EncodedColon);
        }
        if datetime && version.contains(['t', 'z']) {
            return Err(VersError::LowercaseTime);
        }
        Self::sound(comparator, version)
    }

    fn sound(comparator: Option<Comparator>, version: String) -> Result<Self, VersError> {
        match version.trim() {
            "" => Err(VersError::NoVersion),
            "*" => Err(VersError::StarNotAlone),
            trimmed if trimmed.len() == version.len() => {
                Ok(Self { comparator: comparator.unwrap_or(Comparator::Equal), version })
            }
            _ => Err(VersError::Whitespace),
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.comparator != Comparator::Equal {
            f.write_str(self.comparator.as_str())?;
        }
        encoding::write(&self.version, f)
    }
}
