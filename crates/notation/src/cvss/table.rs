//! Tables of metrics, and the one reader and the one writer for all versions.

use std::fmt;

/// What a metric speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The vulnerability itself. Mandatory.
    Base,
    /// Its exploitation now: "temporal" in versions 2 and 3, "threat" in version 4.
    Temporal,
    /// The place where it is met.
    Environmental,
    /// Context without influence on the score (4.0 clause 5).
    Supplemental,
}

/// A metric of one version. The values of an optional one begin with "not defined".
#[derive(Debug)]
pub(super) struct Metric {
    pub(super) name: &'static str,
    pub(super) group: Group,
    pub(super) values: &'static [&'static str],
}

/// What is wrong with a metric of a vector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetricError {
    /// Between two slashes stands nothing, or something without a colon.
    #[error("`{0}` is no metric with a value")]
    NoPair(String),
    /// The version has no such metric.
    #[error("there is no metric `{0}`")]
    UnknownMetric(String),
    /// The metric has no such value.
    #[error("`{metric}` has no value `{value}`")]
    UnknownValue {
        /// The metric.
        metric: &'static str,
        /// What stands after the colon.
        value: String,
    },
    /// The metric is given twice; no version allows that.
    #[error("`{0}` is given twice")]
    Twice(&'static str),
    /// The metric is mandatory and not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// The metric stands after one that it must precede (4.0 clause 7).
    #[error("`{0}` stands out of order")]
    OutOfOrder(&'static str),
}

/// Whether a version fixes the order of its metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Any,
    Fixed,
}

/// Not given yet; no metric has so many values.
const ABSENT: u8 = u8::MAX;

/// The value of each metric as its place in the table. Optional metrics that are not given are 0, "not defined".
pub(super) fn read<const N: usize>(
    table: &'static [Metric; N],
    order: Order,
    text: &str,
) -> Result<[u8; N], MetricError> {
    let mut values = [ABSENT; N];
    let mut last = 0;
    for pair in text.split('/') {
        let (at, value) = read_pair(table, pair)?;
        if std::mem::replace(&mut values[at], value) != ABSENT {
            return Err(MetricError::Twice(table[at].name));
        }
        if order == Order::Fixed && at < last {
            return Err(MetricError::OutOfOrder(table[at].name));
        }
        last = at;
    }
    for (value, metric) in values.iter_mut().zip(table) {
        if *value == ABSENT {
            *value = match metric.group {
                Group::Base => return Err(MetricError::Missing(metric.name)),
                _ => 0,
            };
        }
    }
    Ok(values)
}

fn read_pair(table: &'static [Metric], pair: &str) -> Result<(usize, u8), MetricError> {
    let (name, value) = pair.split_once(':').ok_or_else(|| MetricError::NoPair(shown(pair)))?;
    let at = table
        .iter()
        .position(|metric| metric.name == name)
        .ok_or_else(|| MetricError::UnknownMetric(shown(name)))?;
    let metric = &table[at];
    let value =
        metric.values.iter().position(|known| *known == value).ok_or_else(|| {
            MetricError::UnknownValue { metric: metric.name, value: shown(value) }
        })?;
    Ok((at, u8::try_from(value).unwrap_or(0)))
}

/// The first letters of a text, for an error: no error is longer than what it can tell.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Writes the metrics that are defined, with `/` between them.
pub(super) fn write(
    table: &'static [Metric],
    values: &[u8],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut between = "";
    for (metric, value) in table.iter().zip(values) {
        if metric.group == Group::Base || *value != 0 {
            let value = metric.values.get(usize::from(*value)).copied().unwrap_or_default();
            write!(f, "{between}{}:{value}", metric.name)?;
            between = "/";
        }
    }
    Ok(())
}

/// Whether a metric of the group has a value other than "not defined".
pub(super) fn defines(table: &'static [Metric], values: &[u8], group: Group) -> bool {
    let mut of_group = table.iter().zip(values).filter(|(metric, _)| metric.group == group);
    of_group.any(|(metric, value)| metric.group == Group::Base || *value != 0)
}
