//! VUL001: what devices run has a weakness that is known to be exploited.

use domain::{Severity, msg};
use jiff::civil::Date;

use super::weak::{Class, of_class};
use super::{Findings, names};
use crate::known::Known;

/// One finding for each product that is affected by an entry of CISA's catalogue of known exploited vulnerabilities.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for work in of_class(known, Class::Exploited) {
        let is_ransomware = work.matches.iter().filter(|found| {
            found.vulnerability.exploited.as_ref().is_some_and(|entry| entry.ransomware)
        });
        let ransomware: Vec<String> =
            is_ransomware.map(|found| found.vulnerability.id.clone()).collect();
        let numbers = names(&work.numbers());
        let reason = match ransomware.is_empty() {
            true => msg!("VUL001.reason", numbers = numbers),
            false => {
                msg!("VUL001.reason_ransomware", numbers = numbers, ransomware = names(&ransomware))
            }
        };
        let (product, count, devices) = work.title();
        let title = match work.is_open() {
            true => msg!("VUL001.title_open", product = product, count = count, devices = devices),
            false => msg!("VUL001.title", product = product, count = count, devices = devices),
        };
        let remedy = match work.is_on_medical() {
            true => msg!("VUL001.remedy_medical"),
            false => msg!("VUL001.remedy"),
        };
        work.tell(findings, Severity::Urgent, [title, reason, remedy]);
    }
}
