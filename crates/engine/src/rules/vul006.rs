//! VUL006: there is no vulnerability data, or it is stale.

use domain::{Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::weaknesses::State;

/// Older than this, in days, and what came out since is not known. This program's own choice: the lists change every day, and a stick
/// carried once a month is what a closed network can keep up.
const STALE_AFTER: i32 = 31;

/// One finding where nothing, or nothing of today, can be said of weaknesses.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let Some(weaknesses) = known.weaknesses() else { return };
    // A hospital without anything to judge misses nothing.
    if weaknesses.products.is_empty() {
        return;
    }
    let (severity, title, reason, rests_on) = match (weaknesses.state, weaknesses.newest()) {
        (State::Ready, Some(newest)) => {
            let newest = known.day(newest);
            let days = (today - newest).get_days();
            if days <= STALE_AFTER {
                return;
            }
            let title = msg!("VUL006.title_stale", date = newest);
            (Severity::Warning, title, msg!("VUL006.reason_stale", days = days), newest.to_string())
        }
        (State::Lost, _) => {
            (Severity::Unknown, msg!("VUL006.title"), msg!("VUL006.reason_lost"), "lost".to_owned())
        }
        (State::Damaged, _) => (
            Severity::Unknown,
            msg!("VUL006.title"),
            msg!("VUL006.reason_damaged"),
            "damaged".to_owned(),
        ),
        (State::None | State::Ready, _) => {
            (Severity::Unknown, msg!("VUL006.title"), msg!("VUL006.reason"), "none".to_owned())
        }
    };
    findings.add(
        Subject::Source(SourceId::new("feeds")),
        Said {
            severity,
            device: None,
            title,
            reason,
            remedy: msg!("VUL006.remedy"),
            evidence: Vec::new(),
            rests_on: vec![rests_on],
        },
    );
}
