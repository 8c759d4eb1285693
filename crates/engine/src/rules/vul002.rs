//! VUL002: what devices run has a critical weakness that can be attacked over a network.

use domain::{Severity, msg};
use jiff::civil::Date;

use super::weak::{Class, of_class};
use super::{Findings, names};
use crate::known::Known;

/// One finding for each product with such weaknesses that are not known to be exploited.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for work in of_class(known, Class::Critical) {
        let reason = msg!("VUL002.reason", numbers = names(&work.numbers()));
        let (product, count, devices) = work.title();
        let title = match work.is_open() {
            true => msg!("VUL002.title_open", product = product, count = count, devices = devices),
            false => msg!("VUL002.title", product = product, count = count, devices = devices),
        };
        let remedy = match work.is_on_medical() {
            true => msg!("VUL002.remedy_medical"),
            false => msg!("VUL002.remedy"),
        };
        work.tell(findings, Severity::Warning, [title, reason, remedy]);
    }
}
