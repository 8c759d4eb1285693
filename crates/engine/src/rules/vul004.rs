//! VUL004: whether what devices run has weaknesses cannot be judged.

use std::collections::BTreeSet;

use domain::{ObservationRef, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;
use crate::weaknesses::{Running, State};

/// One finding for all products of which nothing can be said, or only something that a person must look at.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let Some(weaknesses) = known.weaknesses() else { return };
    if weaknesses.state != State::Ready {
        return;
    }
    let is_doubtful = |running: &&Running| {
        running.unjudged.is_some()
            || running.candidates().next().is_some()
            || !running.open.is_empty()
            || !running.inside.unjudged.is_empty()
            || !running.inside.others.is_empty()
    };
    let doubtful: Vec<&Running> = weaknesses.products.iter().filter(is_doubtful).collect();
    if doubtful.is_empty() {
        return;
    }
    let holders = doubtful.iter().flat_map(|running| &running.holders);
    let evidence: BTreeSet<ObservationRef> =
        holders.flat_map(|holder| holder.evidence.iter().copied()).collect();
    let told: Vec<String> = doubtful.iter().map(|running| running.name.clone()).collect();
    findings.add(
        Subject::Source(SourceId::new("feeds/unjudged")),
        Said {
            severity: Severity::Unknown,
            device: None,
            title: msg!("VUL004.title", count = doubtful.len()),
            reason: msg!("VUL004.reason", products = names(&told)),
            remedy: msg!("VUL004.remedy"),
            evidence: evidence.into_iter().collect(),
            rests_on: doubtful.iter().map(|running| running.mark.clone()).collect(),
        },
    );
}
