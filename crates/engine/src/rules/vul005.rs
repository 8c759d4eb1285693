//! VUL005: what devices run has other known weaknesses.

use domain::{Severity, msg};
use jiff::civil::Date;

use super::Findings;
use super::weak::{Class, of_class};
use crate::known::Known;

/// One finding for each product with weaknesses of which no other rule speaks.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for work in of_class(known, Class::Other) {
        let Some(first) = work.matches.first() else { continue };
        let score = first.weight().and_then(|weight| weight.score);
        let score = score.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
        let reason = match score {
            Some(score) => msg!("VUL005.reason", number = &first.vulnerability.id, score = score),
            None => msg!("VUL005.reason_unrated", number = &first.vulnerability.id),
        };
        let (product, count, devices) = work.title();
        let title = match work.is_open() {
            true => msg!("VUL005.title_open", product = product, count = count, devices = devices),
            false => msg!("VUL005.title", product = product, count = count, devices = devices),
        };
        let remedy = match work.is_on_medical() {
            true => msg!("VUL005.remedy_medical"),
            false => msg!("VUL005.remedy"),
        };
        work.tell(findings, Severity::Notice, [title, reason, remedy]);
    }
}
