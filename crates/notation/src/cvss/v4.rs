//! CVSS 4.0: FIRST, "Common Vulnerability Scoring System version 4.0: Specification Document".
//!
//! A vector falls into one of 270 MacroVectors; its score is that of the MacroVector, less the mean of how far
//! it lies on the way to the next lower ones (clause 8.2). All of it is computed in whole numbers.

use std::fmt;

use super::lookup4;
use super::score::Score;
use super::table::{self, Group, Metric, MetricError, Order};

const IMPACT: &[&str] = &["H", "L", "N"];
const REQUIREMENT: &[&str] = &["X", "H", "M", "L"];
const MODIFIED_IMPACT: &[&str] = &["X", "H", "L", "N"];
const MODIFIED_SAFETY: &[&str] = &["X", "S", "H", "L", "N"];

/// Clause 7, in its order; values from the most severe on.
static METRICS: [Metric; 32] = [
    Metric { name: "AV", group: Group::Base, values: &["N", "A", "L", "P"] },
    Metric { name: "AC", group: Group::Base, values: &["L", "H"] },
    Metric { name: "AT", group: Group::Base, values: &["N", "P"] },
    Metric { name: "PR", group: Group::Base, values: &["N", "L", "H"] },
    Metric { name: "UI", group: Group::Base, values: &["N", "P", "A"] },
    Metric { name: "VC", group: Group::Base, values: IMPACT },
    Metric { name: "VI", group: Group::Base, values: IMPACT },
    Metric { name: "VA", group: Group::Base, values: IMPACT },
    Metric { name: "SC", group: Group::Base, values: IMPACT },
    Metric { name: "SI", group: Group::Base, values: IMPACT },
    Metric { name: "SA", group: Group::Base, values: IMPACT },
    Metric { name: "E", group: Group::Temporal, values: &["X", "A", "P", "U"] },
    Metric { name: "CR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "IR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "AR", group: Group::Environmental, values: REQUIREMENT },
    Metric { name: "MAV", group: Group::Environmental, values: &["X", "N", "A", "L", "P"] },
    Metric { name: "MAC", group: Group::Environmental, values: &["X", "L", "H"] },
    Metric { name: "MAT", group: Group::Environmental, values: &["X", "N", "P"] },
    Metric { name: "MPR", group: Group::Environmental, values: &["X", "N", "L", "H"] },
    Metric { name: "MUI", group: Group::Environmental, values: &["X", "N", "P", "A"] },
    Metric { name: "MVC", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MVI", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MVA", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MSC", group: Group::Environmental, values: MODIFIED_IMPACT },
    Metric { name: "MSI", group: Group::Environmental, values: MODIFIED_SAFETY },
    Metric { name: "MSA", group: Group::Environmental, values: MODIFIED_SAFETY },
    Metric { name: "S", group: Group::Supplemental, values: &["X", "N", "P"] },
    Metric { name: "AU", group: Group::Supplemental, values: &["X", "N", "Y"] },
    Metric { name: "R", group: Group::Supplemental, values: &["X", "A", "U", "I"] },
    Metric { name: "V", group: Group::Supplemental, values: &["X", "D", "C"] },
    Metric { name: "RE", group: Group::Supplemental, values: &["X", "L", "M", "H"] },
    Metric {
        name: "U",
        group: Group::Supplemental,
        values: &["X", "Clear", "Green", "Amber", "Red"],
    },
];

/// Which metrics a score was computed with (clause 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nomenclature {
    /// CVSS-B: base only.
    Base,
    /// CVSS-BT: base and threat.
    BaseThreat,
    /// CVSS-BE: base and environmental.
    BaseEnvironmental,
    /// CVSS-BTE: all three.
    All,
}

impl Nomenclature {
    /// As the specification writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "CVSS-B",
            Self::BaseThreat => "CVSS-BT",
            Self::BaseEnvironmental => "CVSS-BE",
            Self::All => "CVSS-BTE",
        }
    }
}

/// A vector of version 4.0.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vector4([u8; 32]);

impl Vector4 {
    /// Reads what follows `CVSS:4.0/`. The order of metrics is fixed (clause 7).
    pub(super) fn of_metrics(text: &str) -> Result<Self, MetricError> {
        table::read(&METRICS, Order::Fixed, text).map(Self)
    }

    /// Whether a metric of the group is given.
    pub fn defines(&self, group: Group) -> bool {
        table::defines(&METRICS, &self.0, group)
    }

    /// What [`Vector4::score`] was computed with.
    pub fn nomenclature(&self) -> Nomenclature {
        match (self.defines(Group::Temporal), self.defines(Group::Environmental)) {
            (false, false) => Nomenclature::Base,
            (true, false) => Nomenclature::BaseThreat,
            (false, true) => Nomenclature::BaseEnvironmental,
            (true, true) => Nomenclature::All,
        }
    }

    /// CVSS-B: threat and environment as if not defined.
    pub fn base(&self) -> Score {
        self.without(11..26).score()
    }

    /// CVSS-BT: the environment as if not defined.
    pub fn threat(&self) -> Score {
        self.without(12..26).score()
    }

    /// With everything that is given.
    pub fn score(&self) -> Score {
        let levels = Levels::of(self);
        if levels.0[VC..CR].iter().zip([2, 2, 2, 3, 3, 3]).all(|(level, none)| *level == none) {
            return Score::ZERO;
        }
        Score::from_tenths(levels.score())
    }

    /// The MacroVector, EQ1 to EQ6 (clause 8.2).
    pub fn macro_vector(&self) -> [u8; 6] {
        Levels::of(self).macro_vector()
    }

    fn without(mut self, metrics: std::ops::Range<usize>) -> Self {
        self.0[metrics].fill(0);
        self
    }
}

// Places in `Levels`.
const AV: usize = 0;
const PR: usize = 1;
const UI: usize = 2;
const AC: usize = 3;
const AT: usize = 4;
const VC: usize = 5;
const SC: usize = 8;
const SI: usize = 9;
const SA: usize = 10;
const CR: usize = 11;

/// How far each metric lies from its most severe value, after the modified metrics and the defaults of clauses 3 and 4:
/// AV PR UI AC AT, VC VI VA, SC SI SA (from 0 = safety), CR IR AR, E.
struct Levels([u8; 15]);

impl Levels {
    fn of(vector: &Vector4) -> Self {
        let values = &vector.0;
        let modified = |base: usize, modified: usize| match values[modified] {
            0 => values[base],
            value => value - 1,
        };
        // `S` stands before `H` in the subsequent system's integrity and availability, once they are modified.
        let subsequent = |base: usize, modified: usize| match values[modified] {
            0 => values[base] + 1,
            value if modified == 23 => value,
            value => value - 1,
        };
        // "Not defined" counts as the worst case (clauses 3.1 and 4.1).
        let worst = |at: usize| values[at].saturating_sub(1);
        Self([
            modified(0, 15),
            modified(3, 18),
            modified(4, 19),
            modified(1, 16),
            modified(2, 17),
            modified(5, 20),
            modified(6, 21),
            modified(7, 22),
            subsequent(8, 23),
            subsequent(9, 24),
            subsequent(10, 25),
            worst(12),
            worst(13),
            worst(14),
            worst(11),
        ])
    }

    /// Clause 8.2: the definitions of EQ1 to EQ6.
    fn macro_vector(&self) -> [u8; 6] {
        let levels = &self.0;
        let reach = [levels[AV], levels[PR], levels[UI]];
        let eq1 = match reach {
            [0, 0, 0] => 0,
            [3, ..] => 2,
            _ if reach.contains(&0) => 1,
            _ => 2,
        };
        let eq2 = u8::from(levels[AC] != 0 || levels[AT] != 0);
        let eq3 = match [levels[VC], levels[VC + 1], levels[VC + 2]] {
            [0, 0, _] => 0,
            impacts if impacts.contains(&0) => 1,
            _ => 2,
        };
        let eq4 = match [levels[SC], levels[SI], levels[SA]] {
            [_, 0, _] | [_, _, 0] => 0,
            impacts if impacts.contains(&1) => 1,
            _ => 2,
        };
        let needed = (0..3).any(|at| levels[VC + at] == 0 && levels[CR + at] == 0);
        [eq1, eq2, eq3, eq4, levels[14], u8::from(!needed)]
    }

    /// Clause 8.2, in tenths.
    fn score(&self) -> i64 {
        let vector = self.macro_vector();
        let Some(value) = lookup4::score(vector) else { return 0 };
        let mut sum = 0;
        let mut lower = 0;
        for (next, distance, depth) in self.ways_down(vector) {
            let Some(next) = next else { continue };
            lower += 1;
            sum += (value - next) * distance * COMMON / depth;
        }
        let Some(unit) = Some(lower * COMMON).filter(|unit| *unit != 0) else { return value };
        (2 * (value * unit - sum) + unit).div_euclid(2 * unit)
    }

    /// For EQ1, EQ2, EQ3 with EQ6, EQ4 and EQ5: the score of the next lower MacroVector, how far this vector lies from the
    /// highest of its own, and how deep that is.
    fn ways_down(&self, vector: [u8; 6]) -> [(Option<i64>, i64, i64); 5] {
        let [eq1, eq2, eq3, eq4, _, eq6] = vector;
        let next = |at: usize| {
            let mut lower = vector;
            lower[at] += 1;
            lookup4::score(lower)
        };
        let with_requirements = match (eq3, eq6) {
            (0, 0) => next(2).max(next(5)),
            (1, 0) => next(5),
            _ => next(2),
        };
        let levels = &self.0;
        let own: [u8; 6] = [5, 6, 7, 11, 12, 13].map(|at| levels[at]);
        [
            (next(0), distance(lookup4::highest1(eq1), &levels[..3]), lookup4::depth1(eq1)),
            (next(1), distance(lookup4::highest2(eq2), &levels[3..5]), lookup4::depth2(eq2)),
            (
                with_requirements,
                distance(lookup4::highest36(eq3, eq6), &own),
                lookup4::depth36(eq3, eq6),
            ),
            (next(3), distance(lookup4::highest4(eq4), &levels[8..11]), lookup4::depth4(eq4)),
            (next(4), 0, 1),
        ]
    }
}

/// A multiple of every depth: 1, 2, 4, 5, 6, 7, 8 and 10.
const COMMON: i64 = 840;

/// The steps from the first of the highest vectors that is nowhere lower than this one (clause 8.2, step 1 b).
fn distance<const N: usize>(highest: &[[u8; N]], levels: &[u8]) -> i64 {
    let above = |top: &&[u8; N]| top.iter().zip(levels).all(|(top, level)| top <= level);
    let Some(top) = highest.iter().find(above) else { return 0 };
    top.iter().zip(levels).map(|(top, level)| i64::from(*level) - i64::from(*top)).sum()
}

impl fmt::Display for Vector4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CVSS:4.0/")?;
        table::write(&METRICS, &self.0, f)
    }
}

impl fmt::Debug for Vector4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
