//! The hospital's own decisions (`domain::vex`) laid beside what parties say of the products that run here.
//!
//! A decision is never changed by what is found later: it holds, or it stands open again with the reason.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeviceId, Digest, FeedKind, Message, VexDecision, VexStatus, msg};
use jiff::civil::Date;

use crate::advisories::judge::Match;
use crate::weaknesses::Running;

pub mod told;

/// The decisions that people took, and the day on which they are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// All of them, by number.
    pub decisions: &'a [VexDecision],
    /// The day.
    pub today: Date,
}

/// Why a decision stands open again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reopening {
    /// It is in the catalogue of known exploited vulnerabilities since this day, and was not.
    Exploited(Date),
    /// It was made for this version alone, and another runs.
    OtherVersion(String),
    /// It was to be looked at again by this day.
    Review(Date),
    /// A document says otherwise that did not when it was made.
    Statement(String),
}

impl Reopening {
    /// The word of JSON.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Exploited(_) => "exploited",
            Self::OtherVersion(_) => "other_version",
            Self::Review(_) => "review",
            Self::Statement(_) => "statement",
        }
    }

    /// The sentence for people.
    pub fn message(&self) -> Message {
        match self {
            Self::Exploited(day) => msg!("vex.reopened_exploited", day = *day),
            Self::OtherVersion(name) => msg!("vex.reopened_version", product = name),
            Self::Review(day) => msg!("vex.reopened_review", day = *day),
            Self::Statement(document) => msg!("vex.reopened_statement", document = document),
        }
    }
}

/// How a decision stands for one vulnerability of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The vulnerability, by the number that stands for it today.
    pub vulnerability: String,
    /// The number of the decision.
    pub decision: u32,
    /// What was decided.
    pub status: VexStatus,
    /// The devices for which it is the newest word.
    pub devices: BTreeSet<DeviceId>,
    /// Why it stands open again; none where it holds.
    pub reopened: Option<Reopening>,
}

impl Standing {
    /// Whether it takes the vulnerability off its devices.
    pub fn clears(&self) -> bool {
        self.reopened.is_none() && matches!(self.status, VexStatus::NotAffected | VexStatus::Fixed)
    }
}

/// Where a decision stands as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionState {
    /// It holds for something that runs.
    InForce,
    /// It holds for nothing, and why.
    Reopened(Reopening),
    /// Newer ones speak of all that it spoke of.
    Superseded,
    /// It was taken back.
    TakenBack,
    /// Nothing runs of which it speaks, or no party speaks of the vulnerability there any more.
    Idle,
    /// There is no data to hold it against.
    Unknown,
}

impl DecisionState {
    /// The word of texts and JSON.
    pub fn key(&self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Reopened(_) => "reopened",
            Self::Superseded => "superseded",
            Self::TakenBack => "taken_back",
            Self::Idle => "idle",
            Self::Unknown => "unknown",
        }
    }
}

/// Digests of all that is known of the vulnerability in the product and could speak against a decision.
pub fn basis<'m>(found: impl IntoIterator<Item = &'m Match>) -> BTreeSet<Digest> {
    let facts = found.into_iter().flat_map(facts);
    facts.map(|fact| fact.digest).collect()
}

/// What could speak against a decision.
struct Fact {
    digest: Digest,
    /// What the maker says; none for the entry of the catalogue.
    status: Option<VexStatus>,
    why: Reopening,
}

/// The entry of the catalogue, and what the maker or who speaks for it says, each document once for each of its words.
fn facts(found: &Match) -> Vec<Fact> {
    let exploited = found.vulnerability.exploited.iter().map(|entry| Fact {
        digest: Digest::of_parts([b"exploited".as_slice()]),
        status: None,
        why: Reopening::Exploited(entry.added),
    });
    let said = found.statements.iter().filter(|said| speaks_for_maker(said.feed)).map(|said| {
        let publisher = said.publisher.as_deref().unwrap_or_default();
        let words = [said.feed.key(), publisher, &said.document, said.status.key()];
        Fact {
            digest: Digest::of_parts(words.map(str::as_bytes)),
            status: Some(said.status),
            why: Reopening::Statement(said.document.clone()),
        }
    });
    exploited.chain(said).collect()
}

/// Whether a feed is the word of the maker of a product, or of who speaks for it: an advisory or a VEX, not a list.
pub(crate) fn speaks_for_maker(feed: FeedKind) -> bool {
    matches!(feed, FeedKind::Csaf | FeedKind::CycloneDx | FeedKind::OpenVex)
}

/// Whether a word of the maker contradicts what was decided, or answers what was asked.
fn contradicts(said: VexStatus, decided: VexStatus) -> bool {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    match decided {
        NotAffected | Fixed => said == Affected,
        Affected => matches!(said, NotAffected | Fixed),
        UnderInvestigation => said != UnderInvestigation,
    }
}

/// Why the decision does not hold for what is found today; none where it holds.
fn reopened(decision: &VexDecision, found: &Match, today: Date) -> Option<Reopening> {
    if let Some(day) = decision.review.filter(|day| *day < today) {
        return Some(Reopening::Review(day));
    }
    let speaks_against = |fact: &Fact| {
        fact.status.is_none_or(|said| contradicts(said, decision.status))
            && !decision.basis.contains(&fact.digest)
    };
    facts(found).into_iter().find(speaks_against).map(|fact| fact.why)
}

/// Decisions made ready to be laid beside products.
pub(crate) struct Laying<'a> {
    by_family: BTreeMap<&'a str, Vec<(&'a VexDecision, BTreeSet<DeviceId>)>>,
    today: Date,
}

impl<'a> Laying<'a> {
    /// Those that were not taken back, the newest first; `now` leads an id of before on to the device it is today.
    pub(crate) fn new(decided: Decided<'a>, now: impl Fn(DeviceId) -> DeviceId) -> Self {
        let mut by_family: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for decision in decided.decisions.iter().rev().filter(|one| one.taken_back.is_none()) {
            let devices = decision.devices.iter().map(|id| now(*id)).collect();
            by_family.entry(&decision.product.family).or_default().push((decision, devices));
        }
        Self { by_family, today: decided.today }
    }

    /// How decisions stand for each vulnerability of the product.
    pub(crate) fn standings(&self, running: &Running) -> Vec<Standing> {
        let Some(decisions) = self.by_family.get(running.family.as_str()) else {
            return Vec::new();
        };
        running.matches.iter().flat_map(|found| self.of_match(decisions, running, found)).collect()
    }

    fn of_match(
        &self,
        decisions: &[(&VexDecision, BTreeSet<DeviceId>)],
        running: &Running,
        found: &Match,
    ) -> Vec<Standing> {
        let numbers = &found.vulnerability.numbers;
        let is_meant = |decision: &VexDecision| numbers.contains(&decision.vulnerability);
        let of_match: Vec<_> =
            decisions.iter().filter(|(decision, _)| is_meant(decision)).collect();
        let mut standings = Vec::new();
        if of_match.is_empty() {
            return standings;
        }
        let mut open: BTreeSet<DeviceId> =
            running.holders.iter().map(|holder| holder.device).collect();
        // First those that speak of this version, then those that spoke of another one.
        for speaks in [true, false] {
            for (decision, devices) in &of_match {
                if decision.is_of(&running.mark, &running.family) != speaks {
                    continue;
                }
                let is_meant = |id: &DeviceId| devices.is_empty() || devices.contains(id);
                let taken: BTreeSet<DeviceId> = open.extract_if(.., |id| is_meant(id)).collect();
                let is_held = running.holders.iter().any(|holder| is_meant(&holder.device));
                if !taken.is_empty() || (speaks && is_held) {
                    standings.push(self.standing(decision, taken, found, speaks));
                }
            }
        }
        standings
    }

    fn standing(
        &self,
        decision: &VexDecision,
        devices: BTreeSet<DeviceId>,
        found: &Match,
        speaks: bool,
    ) -> Standing {
        let reopened = match speaks {
            true => reopened(decision, found, self.today),
            false => Some(Reopening::OtherVersion(decision.product.name.clone())),
        };
        let vulnerability = found.vulnerability.id.clone();
        Standing {
            vulnerability,
            decision: decision.number,
            status: decision.status,
            devices,
            reopened,
        }
    }
}

/// Where `decision` stands, by how it stands for each product.
pub(crate) fn state<'s>(
    decision: &VexDecision,
    standings: impl Iterator<Item = &'s Standing>,
) -> DecisionState {
    if decision.taken_back.is_some() {
        return DecisionState::TakenBack;
    }
    let mut state = DecisionState::Idle;
    for standing in standings.filter(|standing| standing.decision == decision.number) {
        match &standing.reopened {
            _ if standing.devices.is_empty() => {
                if state == DecisionState::Idle {
                    state = DecisionState::Superseded;
                }
            }
            None => return DecisionState::InForce,
            Some(why) => {
                if !matches!(state, DecisionState::Reopened(_)) {
                    state = DecisionState::Reopened(why.clone());
                }
            }
        }
    }
    state
}
