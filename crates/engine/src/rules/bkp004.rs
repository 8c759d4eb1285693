//! BKP004: a backup keeps one generation only.

use domain::{Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::backups;
use crate::known::Known;

/// One finding for each job whose last run says that one generation is kept. The guideline asks for several without a number.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for job in backups::jobs(known) {
        let Some(last) = job.runs.last().filter(|run| run.generations.is_some_and(|n| n < 2))
        else {
            continue;
        };
        findings.add(
            Subject::Job(fold(job.name)),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("BKP004.title", job = job.name),
                reason: msg!("BKP004.reason"),
                remedy: msg!("BKP004.remedy"),
                evidence: vec![last.at],
                rests_on: vec!["1".to_owned()],
            },
        );
    }
}
