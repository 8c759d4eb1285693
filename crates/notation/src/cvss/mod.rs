//! CVSS vectors and scores, versions 2.0, 3.0, 3.1 and 4.0 (FIRST; NIST for version 2).
//!
//! A vector is read exactly: each metric at most once, only values of its version, every mandatory metric there.
//! Scores are counted in tenths and computed in whole numbers where the specification allows it, so that every machine
//! gives the same.

mod lookup4;
mod score;
mod table;
mod v2;
mod v3;
mod v4;

use std::fmt;
use std::str::FromStr;

pub use score::{Further, Score, Severity};
pub use table::{Group, MetricError};
pub use v2::Vector2;
pub use v3::Vector3;
pub use v4::{Nomenclature, Vector4};

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// CVSS 2.0 (NISTIR 7435, June 2007).
    V2,
    /// CVSS 3.0 (FIRST, June 2015).
    V3_0,
    /// CVSS 3.1 (FIRST, June 2019).
    V3_1,
    /// CVSS 4.0 (FIRST, November 2023).
    V4_0,
}

impl Version {
    /// As it is written after `CVSS:`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V4_0 => "4.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A vector of any version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vector {
    /// Version 2.0.
    V2(Vector2),
    /// Version 3.0 or 3.1.
    V3(Vector3),
    /// Version 4.0.
    V4(Vector4),
}

impl Vector {
    /// Which version it is of.
    pub fn version(&self) -> Version {
        match self {
            Self::V2(_) => Version::V2,
            Self::V3(vector) => vector.version(),
            Self::V4(_) => Version::V4_0,
        }
    }

    /// What its maker says of the vulnerability alone: no threat, no surroundings.
    pub fn base(&self) -> Score {
        match self {
            Self::V2(vector) => vector.base(),
            Self::V3(vector) => vector.base(),
            Self::V4(vector) => vector.base(),
        }
    }

    /// With what is known of its exploitation (temporal in versions 2 and 3, threat in version 4).
    pub fn temporal(&self) -> Score {
        match self {
            Self::V2(vector) => vector.temporal(),
            Self::V3(vector) => vector.temporal(),
            Self::V4(vector) => vector.threat(),
        }
    }

    /// With that, and with what the place says of itself.
    pub fn environmental(&self) -> Score {
        match self {
            Self::V2(vector) => vector.environmental(),
            Self::V3(vector) => vector.environmental(),
            Self::V4(vector) => vector.score(),
        }
    }

    /// The word for [`Vector::base`] in this version's scale.
    pub fn severity(&self) -> Severity {
        self.base().severity(self.version())
    }

    /// The scores with what the vector says beside its base metrics.
    pub fn further(&self) -> Further {
        Further {
            temporal: self.defines(Group::Temporal).then(|| self.temporal()),
            environmental: self.defines(Group::Environmental).then(|| self.environmental()),
        }
    }

    /// Whether any metric of a group is given a value other than "not defined".
    pub fn defines(&self, group: Group) -> bool {
        match self {
            Self::V2(vector) => vector.defines(group),
            Self::V3(vector) => vector.defines(group),
            Self::V4(vector) => vector.defines(group),
        }
    }
}

impl From<Vector2> for Vector {
    fn from(vector: Vector2) -> Self {
        Self::V2(vector)
    }
}

impl From<Vector3> for Vector {
    fn from(vector: Vector3) -> Self {
        Self::V3(vector)
    }
}

impl From<Vector4> for Vector {
    fn from(vector: Vector4) -> Self {
        Self::V4(vector)
    }
}

/// Canonical: the metrics in the order of the specification, without those that are not defined.
impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V2(vector) => vector.fmt(f),
            Self::V3(vector) => vector.fmt(f),
            Self::V4(vector) => vector.fmt(f),
        }
    }
}

/// Why a text is no CVSS vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CvssError {
    /// Neither `CVSS:` with a version, nor metrics as version 2 writes them.
    #[error("neither a `CVSS:` prefix nor metrics of version 2")]
    NoVector,
    /// A version that this program does not know.
    #[error("`CVSS:{0}` is no version we know")]
    UnknownVersion(String),
    /// A metric that is wrong, twice or missing.
    #[error(transparent)]
    Metric(#[from] MetricError),
}

impl FromStr for Vector {
    type Err = CvssError;

    /// Reads the version from the prefix; version 2 has none (NISTIR 7435 clause 2.4) and may stand in parentheses.
    fn from_str(text: &str) -> Result<Self, CvssError> {
        let text = text.trim();
        let Some(rest) = text.strip_prefix("CVSS:") else {
            return without_prefix(text);
        };
        let (version, metrics) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(match version {
            "3.0" => Vector3::of_metrics(Version::V3_0, metrics)?.into(),
            "3.1" => Vector3::of_metrics(Version::V3_1, metrics)?.into(),
            "4.0" => Vector4::of_metrics(metrics)?.into(),
            "2.0" => Vector2::of_metrics(metrics)?.into(),
            other => return Err(CvssError::UnknownVersion(table::shown(other))),
        })
    }
}

fn without_prefix(text: &str) -> Result<Vector, CvssError> {
    let bare = text.strip_prefix("CVSS2#").unwrap_or(text);
    let bare = bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')')).unwrap_or(bare);
    if !bare.contains(':') {
        return Err(CvssError::NoVector);
    }
    Ok(Vector2::of_metrics(bare)?.into())
}

/// For fuzzing: what is read is written and read again as the same, and every score is on the scale.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in crate::fuzzing::texts(&text) {
        let Ok(vector) = line.parse::<Vector>() else { continue };
        assert_eq!(vector.to_string().parse::<Vector>(), Ok(vector), "{line}");
        for score in [vector.base(), vector.temporal(), vector.environmental()] {
            assert!(score <= Score::MAX, "{line}: {score}");
        }
    }
}

#[cfg(test)]
mod tests;
