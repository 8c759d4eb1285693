//! VUL003: the maker of what devices run says that it is affected.

use std::collections::BTreeSet;

use domain::{Severity, VexStatus, msg};
use jiff::civil::Date;

use super::weak::{Class, of_class};
use super::{Findings, names};
use crate::known::Known;

/// One finding for each product that an advisory of its maker, or one that speaks for the maker, names as affected.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for work in of_class(known, Class::ByMaker) {
        let said = work.matches.iter().flat_map(|found| &found.statements);
        let said = said.filter(|said| said.status == VexStatus::Affected);
        let documents: BTreeSet<&str> = said.map(|said| said.document.as_str()).collect();
        let documents: Vec<String> = documents.into_iter().map(str::to_owned).collect();
        let reason =
            msg!("VUL003.reason", numbers = names(&work.numbers()), documents = names(&documents));
        let (product, count, devices) = work.title();
        let title = match work.is_open() {
            true => msg!("VUL003.title_open", product = product, count = count, devices = devices),
            false => msg!("VUL003.title", product = product, count = count, devices = devices),
        };
        let remedy = match work.is_on_medical() {
            true => msg!("VUL003.remedy_medical"),
            false => msg!("VUL003.remedy"),
        };
        work.tell(findings, Severity::Warning, [title, reason, remedy]);
    }
}
