//! How much the desk has answered, and how quickly: what `/metrics` tells of requests.
//!
//! Counters and one histogram are all there is to count, and the text format is a few lines (Prometheus exposition format 0.0.4);
//! a library for it would be larger than this file.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;

use crate::routes::Listed;

/// Upper ends of the histogram, in seconds.
const ENDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// What was answered on every route since the start.
#[derive(Debug)]
pub(crate) struct Meter {
    /// One for each route of the table, and one more for what stands in no table.
    tallies: Vec<Mutex<Tally>>,
}

#[derive(Debug, Clone, Default)]
struct Tally {
    statuses: Vec<(u16, u64)>,
    buckets: [u64; ENDS.len()],
    seconds: f64,
    count: u64,
}

impl Meter {
    pub(crate) fn new(routes: usize) -> Self {
        Self { tallies: (0..=routes).map(|_| Mutex::default()).collect() }
    }

    /// Notes an answer on the route of this place in the table.
    pub(crate) fn note(&self, route: Option<usize>, status: u16, took: Duration) {
        let place = route.unwrap_or(self.tallies.len() - 1);
        let Some(tally) = self.tallies.get(place) else { return };
        tally.lock().unwrap_or_else(PoisonError::into_inner).add(status, took.as_secs_f64());
    }

    /// Everything as text.
    pub(crate) fn write(&self, table: &[Listed], text: &mut String) {
        let tallies: Vec<Tally> = self
            .tallies
            .iter()
            .map(|tally| tally.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .collect();
        let used = || tallies.iter().enumerate().filter(|(_, tally)| tally.count > 0);
        text.push_str("# HELP mimawari_requests_total Answers by route and status.\n");
        text.push_str("# TYPE mimawari_requests_total counter\n");
        for (place, tally) in used() {
            let (method, path) = named(table, place);
            for (status, count) in &tally.statuses {
                let _ = writeln!(
                    text,
                    "mimawari_requests_total{{method=\"{method}\",route=\"{path}\",status=\"{status}\"}} {count}"
                );
            }
        }
        text.push_str("# HELP mimawari_request_seconds How long answers took.\n");
        text.push_str("# TYPE mimawari_request_seconds histogram\n");
        for (place, tally) in used() {
            let (method, path) = named(table, place);
            tally.write(&format!("method=\"{method}\",route=\"{path}\""), text);
        }
    }
}

/// Method and path of a route; the paths of the table hold nothing that would have to be escaped.
fn named(table: &[Listed], place: usize) -> (&str, &str) {
    table
        .get(place)
        .map_or((Method::GET.as_str(), "none"), |listed| (listed.method.as_str(), listed.path))
}

impl Tally {
    fn add(&mut self, status: u16, seconds: f64) {
        match self.statuses.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => self.statuses.push((status, 1)),
        }
        for (bucket, end) in self.buckets.iter_mut().zip(ENDS) {
            *bucket += u64::from(seconds <= end);
        }
        self.seconds += seconds;
        self.count += 1;
    }

    fn write(&self, labels: &str, text: &mut String) {
        let name = "mimawari_request_seconds";
        for (bucket, end) in self.buckets.iter().zip(ENDS) {
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{end}\"}} {bucket}");
        }
        let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", self.count);
        let _ = writeln!(text, "{name}_sum{{{labels}}} {}", self.seconds);
        let _ = writeln!(text, "{name}_count{{{labels}}} {}", self.count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_told_by_route_status_and_time() {
        let table = crate::listed();
        let meter = Meter::new(table.len());
        meter.note(Some(0), 200, Duration::from_millis(3));
        meter.note(Some(0), 200, Duration::from_millis(30));
        meter.note(None, 404, Duration::from_secs(99));
        let mut text = String::new();
        meter.write(&table, &mut text);
        let path = table[0].path;
        for line in [
            format!("mimawari_requests_total{{method=\"GET\",route=\"{path}\",status=\"200\"}} 2"),
            "mimawari_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1".to_owned(),
            format!(
                "mimawari_request_seconds_bucket{{method=\"GET\",route=\"{path}\",le=\"0.005\"}} 1"
            ),
            format!(
                "mimawari_request_seconds_bucket{{method=\"GET\",route=\"{path}\",le=\"0.05\"}} 2"
            ),
            "mimawari_request_seconds_bucket{method=\"GET\",route=\"none\",le=\"10\"} 0".to_owned(),
            "mimawari_request_seconds_bucket{method=\"GET\",route=\"none\",le=\"+Inf\"} 1"
                .to_owned(),
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
    }
}
