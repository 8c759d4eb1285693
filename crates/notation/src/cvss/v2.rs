//! CVSS 2.0: NISTIR 7435, "The Common Vulnerability Scoring System (CVSS) and Its Applicability to Federal Agency Systems".
//!
//! All weights have three digits at most, so scores are computed exactly, in whole numbers.

use std::fmt;

use super::score::Score;
use super::table::{self, Group, Metric, MetricError, Order};

const REQUIREMENT: &[&str] = &["ND", "L", "M", "H"];
const IMPACT: &[&str] = &["N", "P", "C"];

/// Clause 2.4, in its order.
static METRICS: [Metric; 14] = [
    Metric { name: "AV", group: Group::Base, values: &["L", "A", "N"] },
    Metric { name: "AC", group: Group::Base, values: &["H", "M", "L"] },
    Metric { name: "Au", group: Group::Base, values: &["M", "S", "N"] },
    Metric { name: "C", group: Group::Base, values: IMPACT },
    Metric { name: "I", group: Group::Base, values: IMPACT },
    Metric { name: "A", group: Group::Base, values: IMPACT },
    Metric { name: "E", group: Group::Temporal, values: &["ND", "U", "POC", "F", "H"] },
    Metric { name: "RL", group: Group::Temporal, values: &["ND", "OF", "TF", "W", "U"] },
    Metric { name: "RC", group: Group::Temporal, values: &["ND", "UC", "UR", "C"] },
    Metric { name: "CDP", group: Group::Environmental, values: &["ND", "N", "L", "LM", "MH", "H"] },
    Metric { name: "TD", group: Group::Environmental, values: &["ND", "N", "L", "M", "H"] },
    Metric { name: "CR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "IR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "AR", group: Group::Environmental, values: REQUIREMENT },
];

/// Clause 3.2.1, in thousandths.
const ACCESS_VECTOR: [i128; 3] = [395, 646, 1000];
/// Clause 3.2.1, in hundredths.
const ACCESS_COMPLEXITY: [i128; 3] = [35, 61, 71];
/// Clause 3.2.1, in thousandths.
const AUTHENTICATION: [i128; 3] = [450, 560, 704];
/// Clause 3.2.1, in thousandths; for confidentiality, integrity and availability alike.
const IMPACTS: [i128; 3] = [0, 275, 660];
/// Clause 3.2.2, in hundredths.
const EXPLOITABILITY: [i64; 5] = [100, 85, 90, 95, 100];
/// Clause 3.2.2, in hundredths.
const REMEDIATION: [i64; 5] = [100, 87, 90, 95, 100];
/// Clause 3.2.2, in hundredths.
const CONFIDENCE: [i64; 4] = [100, 90, 95, 100];
/// Clause 3.2.3, in tenths.
const COLLATERAL: [i64; 6] = [0, 0, 1, 3, 4, 5];
/// Clause 3.2.3, in hundredths.
const DISTRIBUTION: [i64; 5] = [100, 0, 25, 75, 100];
/// Clause 3.2.3, in hundredths.
const REQUIREMENTS: [i128; 4] = [100, 50, 100, 151];

/// Ten, as impacts are counted: 10^-17.
const TEN: i128 = 1_000_000_000_000_000_000;

/// A vector of version 2.0.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vector2([u8; 14]);

impl Vector2 {
    /// Reads metrics without a prefix: `AV:N/AC:L/Au:N/C:P/I:P/A:P` (clause 2.4).
    pub fn of_metrics(text: &str) -> Result<Self, MetricError> {
        table::read(&METRICS, Order::Any, text).map(Self)
    }

    /// The base equation (clause 3.2.1).
    pub fn base(&self) -> Score {
        Score::from_tenths(self.base_with(self.impact([100; 3])))
    }

    /// The temporal equation (clause 3.2.2).
    pub fn temporal(&self) -> Score {
        Score::from_tenths(self.temporal_of(self.base_with(self.impact([100; 3]))))
    }

    /// The environmental equation (clause 3.2.3).
    pub fn environmental(&self) -> Score {
        let requirement = |at: usize| pick(&REQUIREMENTS, self.0[at]);
        let requirements = [requirement(11), requirement(12), requirement(13)];
        let adjusted = self.temporal_of(self.base_with(self.impact(requirements).min(TEN)));
        let collateral = pick(&COLLATERAL, self.0[9]);
        // Tenths of tenths times hundredths.
        let damage =
            (adjusted * 10 + (100 - adjusted) * collateral) * pick(&DISTRIBUTION, self.0[10]);
        Score::from_tenths(round(damage.into(), 1000))
    }

    /// Whether a metric of the group is given.
    pub fn defines(&self, group: Group) -> bool {
        table::defines(&METRICS, &self.0, group)
    }

    /// `10.41 × (1 − (1 − C×CR) × (1 − I×IR) × (1 − A×AR))`, in 10^-17; the requirements come in hundredths.
    fn impact(&self, requirements: [i128; 3]) -> i128 {
        let mut rest = 1;
        for (at, requirement) in (3..).zip(requirements) {
            rest *= 100_000 - pick(&IMPACTS, self.0[at]) * requirement;
        }
        1041 * (1_000_000_000_000_000 - rest)
    }

    /// `((0.6 × impact) + (0.4 × exploitability) − 1.5) × f(impact)`, in tenths.
    fn base_with(&self, impact: i128) -> i64 {
        if impact == 0 {
            return 0;
        }
        let exploitability = 20
            * pick(&ACCESS_VECTOR, self.0[0])
            * pick(&ACCESS_COMPLEXITY, self.0[1])
            * pick(&AUTHENTICATION, self.0[2]);
        let sum = 6 * impact + 4 * exploitability * 1_000_000_000 - 15 * (TEN / 10);
        round(sum * 1176, TEN * 100)
    }

    fn temporal_of(&self, base: i64) -> i64 {
        let weights = pick(&EXPLOITABILITY, self.0[6])
            * pick(&REMEDIATION, self.0[7])
            * pick(&CONFIDENCE, self.0[8]);
        round((base * weights).into(), 1_000_000)
    }
}

/// A weight; every value that was read has one.
fn pick<T: Copy + Default>(weights: &[T], value: u8) -> T {
    weights.get(usize::from(value)).copied().unwrap_or_default()
}

/// Division that rounds halves up.
fn round(number: i128, by: i128) -> i64 {
    i64::try_from((2 * number + by).div_euclid(2 * by)).unwrap_or(0)
}

impl fmt::Display for Vector2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(&METRICS, &self.0, f)
    }
}

impl fmt::Debug for Vector2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
