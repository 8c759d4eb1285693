//! Scores in tenths, and the words for them.

use std::fmt;

use super::Version;

/// A score from 0.0 to 10.0, counted in tenths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u8);

impl Score {
    /// 0.0: no impact.
    pub const ZERO: Self = Self(0);
    /// 10.0.
    pub const MAX: Self = Self(100);

    /// From tenths; what lies outside the scale is brought to its end.
    pub fn from_tenths(tenths: i64) -> Self {
        Self(u8::try_from(tenths.clamp(0, 100)).unwrap_or(0))
    }

    /// 98 for 9.8.
    pub fn tenths(self) -> u8 {
        self.0
    }

    /// For drawing and sorting together with other numbers; [`Score::tenths`] is exact.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The word of a version's scale for this score (3.x clause 5 and 4.0 clause 6: "Qualitative Severity Rating Scale").
    ///
    /// Version 2 has no such words itself; those the NVD uses for it are given, and 0.0 is low there.
    pub fn severity(self, version: Version) -> Severity {
        match (version, self.0) {
            (Version::V2, 0..=39) | (_, 1..=39) => Severity::Low,
            (_, 0) => Severity::None,
            (_, 40..=69) => Severity::Medium,
            (Version::V2, _) | (_, 70..=89) => Severity::High,
            _ => Severity::Critical,
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl fmt::Debug for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What becomes of a base score with what a vector says beside it; none where it says nothing of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Further {
    /// With what is known of the exploitation: temporal in versions 2 and 3, threat in version 4.
    pub temporal: Option<Score>,
    /// With that, and with what is said of the surroundings.
    pub environmental: Option<Score>,
}

impl Further {
    /// Of each the higher one.
    #[must_use]
    pub fn higher(self, other: Self) -> Self {
        Self {
            temporal: self.temporal.max(other.temporal),
            environmental: self.environmental.max(other.environmental),
        }
    }
}

/// The qualitative severity rating (3.1 clause 5, 4.0 clause 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 0.0.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9, in version 2 up to 10.0.
    High,
    /// 9.0 to 10.0.
    Critical,
}

impl Severity {
    /// As `baseSeverity` in FIRST's JSON schemas.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}
