//! BKP001: a backup job does not succeed.

use domain::{RunResult, Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::backups::{self, Job, Run};
use crate::known::Known;

/// One finding for each job whose last run did not succeed, or in whose list a run failed.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for job in backups::jobs(known) {
        let Some((severity, reason, shown)) = judge(&job) else { continue };
        let wrong = job.runs.iter().filter(|run| run.result != RunResult::Success);
        findings.add(
            Subject::Job(fold(job.name)),
            Said {
                severity,
                device: None,
                title: msg!("BKP001.title", job = job.name, result = shown),
                reason,
                remedy: msg!("BKP001.remedy"),
                evidence: wrong.clone().map(|run| run.at).collect(),
                rests_on: wrong.map(day_of).collect(),
            },
        );
    }
}

/// What the runs of a job say, with the word the list has for it.
fn judge<'a>(job: &Job<'a>) -> Option<(Severity, domain::Message, &'a str)> {
    let last = job.runs.last()?;
    let succeeded = job.runs.iter().rev().find(|run| run.result == RunResult::Success);
    let good = succeeded.and_then(|run| run.day);
    match (last.result, good) {
        (RunResult::Success, _) => {
            let failed: Vec<&Run<'_>> =
                job.runs.iter().filter(|run| run.result == RunResult::Failed).collect();
            let shown = failed.first()?.shown;
            let days: Vec<String> = failed.into_iter().map(day_of).collect();
            Some((Severity::Notice, msg!("BKP001.reason_then_good", days = names(&days)), shown))
        }
        (RunResult::Warning, Some(good)) => {
            Some((Severity::Warning, msg!("BKP001.reason_since", date = good), last.shown))
        }
        (RunResult::Warning, None) => {
            Some((Severity::Warning, msg!("BKP001.reason_never"), last.shown))
        }
        (RunResult::Unrecognised, _) => {
            Some((Severity::Unknown, msg!("BKP001.reason_unknown"), last.shown))
        }
        (RunResult::Failed | RunResult::Unfinished, Some(good)) => {
            Some((Severity::Urgent, msg!("BKP001.reason_since", date = good), last.shown))
        }
        (RunResult::Failed | RunResult::Unfinished, None) => {
            Some((Severity::Urgent, msg!("BKP001.reason_never"), last.shown))
        }
    }
}

fn day_of(run: &Run<'_>) -> String {
    run.day.map_or_else(|| "?".to_owned(), |day| day.to_string())
}
