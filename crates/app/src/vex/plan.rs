//! What a decision must have, and what it becomes on what is known today.

use std::collections::BTreeSet;

use domain::{
    Control, DeviceId, Justification, Message, VexDecision, VexOrigin, VexProduct, VexScope,
    VexStatus, fold, msg,
};
use engine::advisories::judge::Match;
use engine::weaknesses::{Running, State, Weaknesses};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::{Act, AppError};

/// Letters of a text that a person writes about a decision.
pub const MOST_LETTERS: usize = 2000;

/// What a person decides about a vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexChoice {
    /// The vulnerability, by any of its numbers.
    pub vulnerability: String,
    /// The product, by its mark or as people call it.
    pub product: String,
    /// The devices it is limited to, by id, asset number, computer name, address or MAC; all that run the product where it is empty.
    pub devices: Vec<String>,
    /// For which versions.
    pub scope: VexScope,
    /// What is decided.
    pub status: VexStatus,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// What that means here, for others to read.
    pub impact: String,
    /// What is done, for others to read.
    pub action: String,
    /// With which controls.
    pub controls: BTreeSet<Control>,
    /// By which day it is looked at again.
    pub review: Option<Date>,
    /// Whose word it rests on.
    pub origin: VexOrigin,
    /// Why, for the hospital itself.
    pub reason: String,
}

/// Refuses what can be refused without looking at what runs.
pub(super) fn check(choice: &VexChoice, today: Date) -> Result<(), AppError> {
    check_reason(&choice.reason)?;
    let is_long = |text: &String| text.chars().count() > MOST_LETTERS;
    if [&choice.impact, &choice.action].into_iter().any(is_long) {
        return Err(wrong(msg!("app.vex_long", limit = MOST_LETTERS)));
    }
    if let Some(day) = choice.review.filter(|day| *day < today) {
        return Err(wrong(msg!("app.vex_review_past", day = day)));
    }
    match choice.status {
        VexStatus::NotAffected => check_not_affected(choice),
        VexStatus::Affected => check_affected(choice),
        VexStatus::UnderInvestigation if choice.review.is_none() => {
            Err(wrong(msg!("app.vex_review_investigation")))
        }
        VexStatus::Fixed | VexStatus::UnderInvestigation => Ok(()),
    }?;
    check_others(choice)
}

/// A reason is always asked for.
pub(super) fn check_reason(reason: &str) -> Result<(), AppError> {
    if reason.trim().is_empty() {
        return Err(wrong(msg!("app.decision_reason")));
    }
    match reason.chars().count() > MOST_LETTERS {
        true => Err(wrong(msg!("app.vex_long", limit = MOST_LETTERS))),
        false => Ok(()),
    }
}

fn check_not_affected(choice: &VexChoice) -> Result<(), AppError> {
    match choice.justification {
        None => Err(wrong(msg!("app.vex_justification"))),
        Some(_) => Ok(()),
    }
}

fn check_affected(choice: &VexChoice) -> Result<(), AppError> {
    if choice.action.trim().is_empty() {
        return Err(wrong(msg!("app.vex_action")));
    }
    match choice.review {
        None => Err(wrong(msg!("app.vex_review_affected"))),
        Some(_) => Ok(()),
    }
}

/// A word that belongs to another state is not dropped in silence.
fn check_others(choice: &VexChoice) -> Result<(), AppError> {
    let says_why = choice.justification.is_some() || !choice.impact.trim().is_empty();
    if choice.status != VexStatus::NotAffected && says_why {
        return Err(wrong(msg!("app.vex_justification_only")));
    }
    let says_what = !choice.controls.is_empty() || !choice.action.trim().is_empty();
    if choice.status != VexStatus::Affected && says_what {
        return Err(wrong(msg!("app.vex_action_only")));
    }
    Ok(())
}

/// The decision on what is known today; its number comes of the store.
pub(super) fn plan(
    weaknesses: &Weaknesses,
    choice: &VexChoice,
    devices: BTreeSet<DeviceId>,
    act: &Act,
) -> Result<VexDecision, AppError> {
    if weaknesses.state != State::Ready {
        return Err(super::no_data());
    }
    let (running, found) = find(weaknesses, choice)?;
    let holders: BTreeSet<DeviceId> = running.holders.iter().map(|holder| holder.device).collect();
    if let Some(other) = devices.difference(&holders).next() {
        let (device, product) = (other.to_string(), &running.name);
        return Err(wrong(msg!("app.vex_not_on_device", device = device, product = product)));
    }
    Ok(VexDecision {
        number: 0,
        vulnerability: found.vulnerability.id.clone(),
        product: VexProduct {
            mark: running.mark.clone(),
            family: running.family.clone(),
            name: running.name.clone(),
        },
        scope: choice.scope,
        devices,
        status: choice.status,
        justification: choice.justification,
        impact: choice.impact.trim().to_owned(),
        action: choice.action.trim().to_owned(),
        controls: choice.controls.clone(),
        review: choice.review,
        origin: choice.origin,
        reason: choice.reason.trim().to_owned(),
        by: act.actor.to_string(),
        at: as_kept(act.now),
        basis: engine::vex::basis(all_versions(weaknesses, running, found, choice.scope)),
        taken_back: None,
    })
}

/// The product and what is said of it.
fn find<'w>(
    weaknesses: &'w Weaknesses,
    choice: &VexChoice,
) -> Result<(&'w Running, &'w Match), AppError> {
    let id = choice.vulnerability.trim();
    if !weaknesses.products.iter().any(|running| matched(running, id).is_some()) {
        return Err(AppError::NoVulnerability(id.to_owned()));
    }
    let wanted = fold(&choice.product);
    let is_meant =
        |running: &&Running| running.mark == choice.product || fold(&running.name) == wanted;
    let by_mark = weaknesses.products.iter().find(|running| running.mark == choice.product);
    let running = by_mark.or_else(|| weaknesses.products.iter().find(is_meant));
    let running =
        running.ok_or_else(|| wrong(msg!("app.vex_no_product", product = &choice.product)))?;
    let found = matched(running, id);
    let none = || wrong(msg!("app.vex_not_of_product", id = id, product = &running.name));
    Ok((running, found.ok_or_else(none)?))
}

/// What is said of the product about the vulnerability of any of its numbers.
fn matched<'r>(running: &'r Running, id: &str) -> Option<&'r Match> {
    let is_meant = |known: &String| known.eq_ignore_ascii_case(id);
    running.matches.iter().find(|found| found.vulnerability.numbers.iter().any(is_meant))
}

/// What is known of all versions that the decision speaks of.
fn all_versions<'w>(
    weaknesses: &'w Weaknesses,
    running: &'w Running,
    found: &'w Match,
    scope: VexScope,
) -> Vec<&'w Match> {
    match scope {
        VexScope::Version => vec![found],
        VexScope::Product => weaknesses
            .products
            .iter()
            .filter(|other| other.family == running.family)
            .filter_map(|other| matched(other, &found.vulnerability.id))
            .collect(),
    }
}

/// A moment as the store keeps it: to the millisecond. What is answered is what will be read.
pub(super) fn as_kept(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

fn wrong(message: Message) -> AppError {
    AppError::Decision(message)
}
