//! BKP002: no copy of a backup is off the network.

use domain::{Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::backups;
use crate::known::Known;

/// One finding for each group of jobs none of which writes to tape or to what is said to be taken off the network.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for group in backups::groups(known) {
        let runs = || group.jobs.iter().flat_map(|job| &job.runs);
        if runs().any(backups::Run::is_off_the_network) {
            continue;
        }
        let jobs: Vec<String> = group.jobs.iter().map(|job| job.name.to_owned()).collect();
        findings.add(
            Subject::Job(fold(group.name)),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("BKP002.title", group = group.name),
                reason: msg!("BKP002.reason", jobs = names(&jobs)),
                remedy: msg!("BKP002.remedy"),
                evidence: group.jobs.iter().filter_map(|job| Some(job.runs.last()?.at)).collect(),
                rests_on: jobs,
            },
        );
    }
}
