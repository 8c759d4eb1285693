//! What a finding tells of the hospital's own decisions about single vulnerabilities.

use std::collections::BTreeSet;

use domain::{DeviceId, Message, VexStatus, msg};

use crate::advisories::judge::Match;
use crate::rules::names;
use crate::vex::Standing;
use crate::weaknesses::Running;

/// The reason with how the product is known, where only a scan tells it, and with what was decided about some of `matches`: which are
/// dealt with, which are looked into, which stand open again, and on which devices some of them were decided away.
pub(super) fn reason(running: &Running, matches: &[&Match], reason: Message) -> Message {
    let of = |is_told: fn(&Standing) -> bool| -> Vec<String> {
        let is_told = |found: &&&Match| {
            running.standings_of(found).any(|one| !one.devices.is_empty() && is_told(one))
        };
        matches.iter().filter(is_told).map(|found| found.vulnerability.id.clone()).collect()
    };
    let mut reason = reason;
    if running.is_banner {
        reason = msg!("weak.banner", reason = reason);
    }
    let components = inside(running, matches);
    if !components.is_empty() {
        reason = msg!("weak.inside", reason = reason, components = names(&components));
    }
    let affected = of(|one| one.reopened.is_none() && one.status == VexStatus::Affected);
    if !affected.is_empty() {
        reason = msg!("weak.affected", reason = reason, numbers = names(&affected));
    }
    let looked_into =
        of(|one| one.reopened.is_none() && one.status == VexStatus::UnderInvestigation);
    if !looked_into.is_empty() {
        reason = msg!("weak.under_investigation", reason = reason, numbers = names(&looked_into));
    }
    let reopened = of(|one| one.reopened.is_some());
    if !reopened.is_empty() {
        reason = msg!("weak.reopened", reason = reason, numbers = names(&reopened));
    }
    let excepted = excepted(running, matches);
    if !excepted.is_empty() {
        reason = msg!("weak.excepted", reason = reason, devices = names(&excepted));
    }
    reason
}

/// The components of its parts list through which some of `matches` concern the product.
fn inside(running: &Running, matches: &[&Match]) -> Vec<String> {
    let through = &running.inside.through;
    let components = matches.iter().filter_map(|found| through.get(&found.vulnerability.id));
    let components: BTreeSet<&String> = components.flatten().collect();
    components.into_iter().cloned().collect()
}

/// The devices on which some of `matches`, but not the whole product, were decided away, by name.
fn excepted(running: &Running, matches: &[&Match]) -> Vec<String> {
    let standings = matches.iter().flat_map(|found| running.standings_of(found));
    let cleared: BTreeSet<DeviceId> = standings
        .filter(|standing| standing.clears())
        .flat_map(|standing| standing.devices.iter().copied())
        .collect();
    let excepted = running.holders.iter().filter(|holder| cleared.contains(&holder.device));
    excepted.map(|holder| holder.label.clone()).collect()
}
