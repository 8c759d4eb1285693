//! BKP003: bringing a backup back was never tried, or long ago.

use domain::{RunResult, Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::backups;
use crate::known::Known;

/// A trial counts for a year: the ministry's checklist is answered once a year. In days.
const HOLDS_FOR: i32 = 365;

/// One finding for each group of jobs without a successful trial in the last year.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let trials = backups::trials(known);
    for group in backups::groups(known) {
        let good = |trial: &&backups::Trial<'_>| {
            trial.result == RunResult::Success && trial.day.is_some() && group.is_tried_by(trial)
        };
        let last = trials.iter().find(good);
        let (severity, title, at) = match last.and_then(|trial| Some((trial, trial.day?))) {
            Some((_, day)) if (today - day).get_days() <= HOLDS_FOR => continue,
            Some((trial, day)) => {
                let days = (today - day).get_days();
                let title = msg!("BKP003.title", group = group.name, date = day, days = days);
                (Severity::Warning, title, Some(trial.at))
            }
            None => (Severity::Unknown, msg!("BKP003.title_never", group = group.name), None),
        };
        let runs = || group.jobs.iter().filter_map(|job| Some(job.runs.last()?.at));
        findings.add(
            Subject::Job(fold(group.name)),
            Said {
                severity,
                device: None,
                title,
                reason: msg!("BKP003.reason"),
                remedy: msg!("BKP003.remedy"),
                evidence: at.map_or_else(|| runs().collect(), |at| vec![at]),
                rests_on: vec![
                    last.and_then(|trial| trial.day).map_or(String::new(), |day| day.to_string()),
                ],
            },
        );
    }
}
