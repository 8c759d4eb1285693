//! FWU004: a vendor has not answered an inquiry in time.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// One finding for each inquiry that waits for an answer whose day is over.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for inquiry in known.inquiries.iter().filter(|inquiry| inquiry.is_overdue(today)) {
        let facts = &inquiry.draft.facts;
        let (all, missing) = (inquiry.missing() + inquiry.answers.len(), inquiry.missing());
        findings.add(
            Subject::Inquiry(inquiry.number),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!(
                    "FWU004.title",
                    vendor = &inquiry.draft.vendor,
                    product = &facts.product,
                    due = inquiry.due,
                    days = (today - inquiry.due).get_days()
                ),
                reason: match inquiry.answers.is_empty() {
                    true => msg!("FWU004.reason", count = facts.asked.len()),
                    false => msg!("FWU004.reason_part", missing = missing, all = all),
                },
                remedy: match facts.medical {
                    0 => msg!("FWU004.remedy", number = inquiry.number),
                    _ => msg!("FWU004.remedy_medical", number = inquiry.number),
                },
                evidence: Vec::new(),
                rests_on: vec![inquiry.due.to_string()],
            },
        );
    }
}
