//! BKP005: a backup job has stopped running.

use domain::{Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::backups::{self, Job};
use crate::known::Known;

/// A job is late after three of its usual intervals, but not before a week, in days. This program's own choice.
const NEVER_BEFORE: i32 = 7;

/// One finding for each job with at least three runs that has not begun one for so long on the day its list was made.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for job in backups::jobs(known) {
        let Some((interval, last)) = interval(&job) else { continue };
        let Some(at) = job.runs.last().map(|run| run.at) else { continue };
        let days = (known.captured_on(at) - last).get_days();
        if days <= NEVER_BEFORE.max(3 * interval) {
            continue;
        }
        findings.add(
            Subject::Job(fold(job.name)),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("BKP005.title", job = job.name, date = last, days = days),
                reason: msg!("BKP005.reason", interval = interval),
                remedy: msg!("BKP005.remedy"),
                evidence: vec![at],
                rests_on: vec![last.to_string()],
            },
        );
    }
}

/// The middle of the intervals between the runs of a job, in days, and the day of its last run.
fn interval(job: &Job<'_>) -> Option<(i32, Date)> {
    let days: Vec<Date> = job.runs.iter().filter_map(|run| run.day).collect();
    let last = *days.last().filter(|_| days.len() >= 3)?;
    let mut gaps: Vec<i32> = days.windows(2).map(|pair| (pair[1] - pair[0]).get_days()).collect();
    gaps.sort_unstable();
    Some((gaps.get(gaps.len() / 2).copied()?.max(1), last))
}
