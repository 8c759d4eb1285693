//! FWU006: a notice was not answered in time, or nobody has said which devices it means.

use domain::message::Arg;
use domain::{Notice, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// Longer than this after it was taken in, in days, somebody should have said which devices a notice means. This program's own choice:
/// what is taken in on a Friday is in time on the Monday after.
const WAITS: i32 = 3;

/// One finding for each notice whose day is over, and for each that waits too long to be looked through.
///
/// What is under embargo never comes here (`docs/model/notice.md`), so that nothing of it can stand in a finding.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for notice in known.notices.iter().filter(|notice| notice.is_open()) {
        let waits = (today - notice.taken_on).get_days();
        let said = match notice.late_since(today) {
            Some(due) => late(notice, due, today),
            None if !notice.is_triaged() && waits > WAITS => untriaged(notice, waits),
            None => continue,
        };
        findings.add(Subject::Notice(notice.number), said);
    }
}

fn late(notice: &Notice, due: Date, today: Date) -> Said {
    let draft = &notice.draft;
    Said {
        severity: Severity::Warning,
        device: None,
        title: msg!(
            "FWU006.title",
            sender = &draft.name,
            title = &draft.title,
            due = due,
            days = (today - due).get_days()
        ),
        reason: match notice.is_triaged() {
            true => msg!("FWU006.reason", count = notice.meant().count()),
            false => msg!("FWU006.reason_untriaged"),
        },
        remedy: msg!("FWU006.remedy", number = notice.number.to_string()),
        evidence: Vec::new(),
        rests_on: vec![due.to_string(), notice.state().key().to_owned()],
    }
}

fn untriaged(notice: &Notice, waits: i32) -> Said {
    let draft = &notice.draft;
    Said {
        severity: Severity::Notice,
        device: None,
        title: msg!(
            "FWU006.title_untriaged",
            sender = &draft.name,
            title = &draft.title,
            days = waits
        ),
        reason: msg!(
            "FWU006.reason_waits",
            sender = Arg::Term(format!("notice_sender.{}", draft.sender.key()).into()),
            sent = draft.sent_on
        ),
        remedy: msg!("FWU006.remedy_untriaged", number = notice.number.to_string()),
        evidence: Vec::new(),
        rests_on: vec![notice.state().key().to_owned()],
    }
}
