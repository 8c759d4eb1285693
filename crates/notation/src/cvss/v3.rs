//! CVSS 3.0 and 3.1: FIRST, "Common Vulnerability Scoring System v3.x: Specification Document".

use std::fmt;

use super::Version;
use super::score::Score;
use super::table::{self, Group, Metric, MetricError, Order};

const IMPACT: &[&str] = &["H", "L", "N"];
const REQUIREMENT: &[&str] = &["X", "H", "M", "L"];
const MODIFIED_IMPACT: &[&str] = &["X", "H", "L", "N"];

/// Clause 6, table 15, in its order.
static METRICS: [Metric; 22] = [
    Metric { name: "AV", group: Group::Base, values: &["N", "A", "L", "P"] },
    Metric { name: "AC", group: Group::Base, values: &["L", "H"] },
    Metric { name: "PR", group: Group::Base, values: &["N", "L", "H"] },
    Metric { name: "UI", group: Group::Base, values: &["N", "R"] },
    Metric { name: "S", group: Group::Base, values: &["U", "C"] },
    Metric { name: "C", group: Group::Base, values: IMPACT },
    Metric { name: "I", group: Group::Base, values: IMPACT },
    Metric { name: "A", group: Group::Base, values: IMPACT },
    Metric { name: "E", group: Group::Temporal, values: &["X", "H", "F", "P", "U"] },
    Metric { name: "RL", group: Group::Temporal, values: &["X", "U", "W", "T", "O"] },
    Metric { name: "RC", group: Group::Temporal, values: &["X", "C", "R", "U"] },
    Metric { name: "CR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "IR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "AR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "MAV", group: Group::Environmental, values: &["X", "N", "A", "L", "P"] },
    Metric { name: "MAC", group: Group::Environmental, values: &["X", "L", "H"] },
    Metric { name: "MPR", group: Group::Environmental, values: &["X", "N", "L", "H"] },
    Metric { name: "MUI", group: Group::Environmental, values: &["X", "N", "R"] },
    Metric { name: "MS", group: Group::Environmental, values: &["X", "U", "C"] },
    Metric { name: "MC", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MI", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MA", group: Group::Environmental, values: MODIFIED_IMPACT },
];

/// Where the modified metrics begin, in the order of the base metrics.
const MODIFIED: usize = 14;

// The weights of clause 7.4, in the order of the values above.
const ATTACK_VECTOR: [f64; 4] = [0.85, 0.62, 0.55, 0.2];
const ATTACK_COMPLEXITY: [f64; 2] = [0.77, 0.44];
const PRIVILEGES: [f64; 3] = [0.85, 0.62, 0.27];
const PRIVILEGES_CHANGED: [f64; 3] = [0.85, 0.68, 0.5];
const INTERACTION: [f64; 2] = [0.85, 0.62];
const IMPACTS: [f64; 3] = [0.56, 0.22, 0.0];
const REQUIREMENTS: [f64; 4] = [1.0, 1.5, 1.0, 0.5];
/// In hundredths.
const EXPLOIT: [i64; 5] = [100, 100, 97, 94, 91];
/// In hundredths.
const REMEDIATION: [i64; 5] = [100, 100, 97, 96, 95];
/// In hundredths.
const CONFIDENCE: [i64; 4] = [100, 100, 96, 92];

/// A vector of version 3.0 or 3.1. The two differ in the environmental equation only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vector3 {
    version: Version,
    values: [u8; 22],
}

impl Vector3 {
    /// Reads what follows `CVSS:3.x/`. The order of metrics is free (clause 6).
    pub(super) fn of_metrics(version: Version, text: &str) -> Result<Self, MetricError> {
        Ok(Self { version, values: table::read(&METRICS, Order::Any, text)? })
    }

    /// [`Version::V3_0`] or [`Version::V3_1`].
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether a metric of the group is given.
    pub fn defines(&self, group: Group) -> bool {
        table::defines(&METRICS, &self.values, group)
    }

    /// Clause 7.1.
    pub fn base(&self) -> Score {
        Score::from_tenths(self.before_time(self.base_values(), [1.0; 3], false))
    }

    /// Clause 7.2.
    pub fn temporal(&self) -> Score {
        let base = self.before_time(self.base_values(), [1.0; 3], false);
        Score::from_tenths(self.in_time(base))
    }

    /// Clause 7.3. Without environmental metrics it is computed all the same, as the specification's own calculator does.
    pub fn environmental(&self) -> Score {
        let requirement = |at: usize| pick(&REQUIREMENTS, self.values[at]);
        let requirements = [requirement(11), requirement(12), requirement(13)];
        Score::from_tenths(self.in_time(self.before_time(
            self.modified_values(),
            requirements,
            true,
        )))
    }

    fn base_values(&self) -> [u8; 8] {
        std::array::from_fn(|at| self.values[at])
    }

    /// Each modified metric, or the base metric where it is not defined (clause 4.2).
    fn modified_values(&self) -> [u8; 8] {
        std::array::from_fn(|at| match self.values[MODIFIED + at] {
            0 => self.values[at],
            modified => modified - 1,
        })
    }

    /// The base equation, or the environmental one up to the temporal weights, in tenths.
    fn before_time(&self, values: [u8; 8], requirements: [f64; 3], modified: bool) -> i64 {
        let changed = values[4] == 1;
        let impact = self.impact(values, requirements, modified);
        if impact <= 0.0 {
            return 0;
        }
        let sum = impact + exploitability(values);
        round_up(if changed { 1.08 * sum } else { sum }.min(10.0))
    }

    fn impact(&self, values: [u8; 8], requirements: [f64; 3], modified: bool) -> f64 {
        let mut rest = 1.0;
        for (value, requirement) in values[5..].iter().zip(requirements) {
            rest *= 1.0 - pick(&IMPACTS, *value) * requirement;
        }
        let sub_score = if modified { (1.0 - rest).min(0.915) } else { 1.0 - rest };
        if values[4] == 0 {
            return 6.42 * sub_score;
        }
        let tail = match (modified, self.version) {
            (true, Version::V3_1) => power(sub_score * 0.9731 - 0.02, 13),
            _ => power(sub_score - 0.02, 15),
        };
        7.52 * (sub_score - 0.029) - 3.25 * tail
    }

    fn in_time(&self, score: i64) -> i64 {
        let weights = pick(&EXPLOIT, self.values[8])
            * pick(&REMEDIATION, self.values[9])
            * pick(&CONFIDENCE, self.values[10]);
        // Exactly the smallest tenth that is not less.
        (score * weights + 999_999).div_euclid(1_000_000)
    }
}

/// `8.22 × AV × AC × PR × UI`.
fn exploitability(values: [u8; 8]) -> f64 {
    let privileges = if values[4] == 1 { &PRIVILEGES_CHANGED } else { &PRIVILEGES };
    8.22 * pick(&ATTACK_VECTOR, values[0])
        * pick(&ATTACK_COMPLEXITY, values[1])
        * pick(privileges, values[2])
        * pick(&INTERACTION, values[3])
}

fn pick<T: Copy + Default>(weights: &[T], value: u8) -> T {
    weights.get(usize::from(value)).copied().unwrap_or_default()
}

/// A small power by multiplication: the same bits on every machine.
fn power(number: f64, exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * number)
}

/// Roundup as 3.1 appendix A defines it, in tenths. Version 3.0 means the same ("the smallest number, to one decimal place,
/// that is equal to or higher") and leaves out how to guard it against the errors of binary fractions.
fn round_up(number: f64) -> i64 {
    let scaled = (number * 100_000.0).round() as i64;
    (scaled + 9_999).div_euclid(10_000)
}

impl fmt::Display for Vector3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CVSS:{}/", self.version)?;
        table::write(&METRICS, &self.values, f)
    }
}

impl fmt::Debug for Vector3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
