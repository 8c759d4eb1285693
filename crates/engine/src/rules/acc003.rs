//! ACC003: somebody signs in to Mimawari itself with a password alone.

use domain::{Permission, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// One finding for each account that can be used and has no second factor. Whoever may change things weighs more than whoever only
/// reads.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let open = known.accounts.iter().filter(|account| account.is_open(today));
    for account in open.filter(|account| !account.has_second_factor) {
        let works = account.role.may(Permission::Work);
        let person = if account.name.is_empty() { &account.login } else { &account.name };
        findings.add(
            Subject::Account(account.login.clone()),
            Said {
                severity: if works { Severity::Warning } else { Severity::Notice },
                device: None,
                title: msg!(
                    "ACC003.title",
                    person = person.as_str(),
                    login = account.login.as_str()
                ),
                reason: msg!("ACC003.reason"),
                remedy: msg!("ACC003.remedy"),
                evidence: Vec::new(),
                rests_on: vec![account.role.key().to_owned()],
            },
        );
    }
}
