//! What is known of the weaknesses (脆弱性) of all that runs in the hospital: each product once, with the devices it runs on.
//!
//! A product comes from what the ledger or the device itself says of operating system, firmware and software. What cannot be named or
//! judged stands here too, with the reason: it is never left out and never counted as affected.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::advisory::{Confidence, FeedKind, VexStatus};
use domain::{DeviceId, MakerTable, Message, ObservationRef, VexDecision, Writing, msg};

use crate::advisories::index::{Index, IndexError, Source};
use crate::advisories::judge::{Judge, Judged, Match, Open, Product, Verdicts};
use crate::known::Known;
use crate::parts::{self, AttachedList, Inside};
use crate::products::{Named, Namer, Said, What};
use crate::vex::{self, DecisionState, Laying, Standing, speaks_for_maker};
use crate::weighing::{Harm, Reach, Urgency};

mod advised;
mod found;

use advised::Advised;
pub(crate) use found::written;
use found::{Collected, Found, collect};
pub use found::{OwnWriting, owned, writings};

/// What is at hand of vulnerabilities.
#[derive(Clone, Copy)]
pub enum AtHand<'a> {
    /// Nothing was ever taken in.
    None,
    /// Something was, and is gone.
    Lost,
    /// It is not what was written.
    Damaged,
    /// The index.
    Ready(&'a Index<'a>),
}

/// What judging the hospital's products needs.
#[derive(Clone, Copy)]
pub struct Advisories<'a> {
    /// Which products what was written means.
    pub namer: &'a Namer<'a>,
    /// Which names are of one maker.
    pub makers: &'a MakerTable,
    /// What is at hand.
    pub at_hand: AtHand<'a>,
    /// The parts lists that people laid beside products.
    pub lists: &'a [AttachedList],
}

impl std::fmt::Debug for Advisories<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Advisories")
    }
}

/// Whether anything can be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was ever taken in.
    None,
    /// What was taken in is gone.
    Lost,
    /// What was taken in is damaged.
    Damaged,
    /// It can.
    Ready,
}

impl State {
    /// The word of texts and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::Ready => "ready",
        }
    }
}

/// A device that a product runs on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// What people call it.
    pub label: String,
    /// The device.
    pub device: DeviceId,
    /// Whether it is a medical device.
    pub is_medical: bool,
    /// From where it can be reached.
    pub reach: Reach,
    /// What a fault of it may do to a patient.
    pub harm: Harm,
    /// Whom the hospital turns to for it: the company that looks after it (保守業者), or without one its maker, as the ledger writes it;
    /// none where neither is written.
    pub vendor: Option<Arc<str>>,
    /// What says that it runs the product.
    pub evidence: Vec<ObservationRef>,
}

/// A product with the devices it runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its folded name and version, by which decisions know it; with a question mark where it is only a candidate for what was written.
    pub mark: String,
    /// The same whatever the updates of its devices say of its build.
    pub mark_as_written: String,
    /// Its folded name, whatever its version; with a question mark as well.
    pub family: String,
    /// It, as advisories name products.
    pub product: Product,
    /// What of the devices it is.
    pub what: What,
    /// What people call it, with its version.
    pub name: String,
    /// How sure it is that this product is meant.
    pub naming: Confidence,
    /// Why.
    pub naming_reason: Message,
    /// Whether only a scan tells that it runs, by what answered over the network.
    pub is_banner: bool,
    /// What a person said of that.
    pub said: Option<Said>,
    /// What the hospital writes for it.
    pub writings: Vec<Writing>,
    /// The families it would be of without people's words: what was laid beside those is laid beside it.
    pub before: Vec<String>,
    /// The devices, by name. A device holds several products, and is told of once.
    pub holders: Vec<Arc<Holder>>,
    /// Why it cannot be judged; none where it was.
    pub unjudged: Option<Message>,
    /// What is said of it, the most urgent first.
    pub matches: Vec<Match>,
    /// Advisories that speak of it and could not be judged.
    pub open: Vec<Open>,
    /// What its parts lists tell of it: what they say of vulnerabilities stands among the matches.
    pub inside: Inside,
    /// How the hospital's own decisions stand for what is said of it.
    pub standings: Vec<Standing>,
}

impl Running {
    /// Whether it is of this family, or would be without people's words on what is written.
    pub fn is_of(&self, family: &str) -> bool {
        self.family == family || self.before.iter().any(|before| before == family)
    }

    /// Matches that are no mere candidates and were not decided away on every device, the most urgent first.
    pub fn affected(&self) -> impl Iterator<Item = &Match> {
        let is_sure = |found: &&Match| found.affected >= Some(Confidence::Likely);
        self.matches.iter().filter(is_sure).filter(|found| !self.is_decided_away(found))
    }

    /// Matches for a person to look at: affected by a name alone, or against another party's word.
    pub fn candidates(&self) -> impl Iterator<Item = &Match> {
        let is_doubtful = |found: &&Match| found.affected == Some(Confidence::Candidate);
        self.matches.iter().filter(is_doubtful).filter(|found| !self.is_decided_away(found))
    }

    /// How decisions stand for `found`, the newest of each version first.
    pub fn standings_of(&self, found: &Match) -> impl Iterator<Item = &Standing> {
        let id = &found.vulnerability.id;
        self.standings.iter().filter(move |standing| standing.vulnerability == *id)
    }

    /// The devices from which no decision takes `found`, by name.
    pub fn concerned(&self, found: &Match) -> Vec<&Holder> {
        let clearing: Vec<&Standing> =
            self.standings_of(found).filter(|standing| standing.clears()).collect();
        let is_cleared = |id: &DeviceId| clearing.iter().any(|one| one.devices.contains(id));
        let all = self.holders.iter().map(AsRef::as_ref);
        all.filter(|holder: &&Holder| !is_cleared(&holder.device)).collect()
    }

    /// Whether decisions take `found` from every device.
    pub fn is_decided_away(&self, found: &Match) -> bool {
        !self.standings.is_empty() && self.concerned(found).is_empty()
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weaknesses {
    /// Whether anything can be judged.
    pub state: State,
    /// The feeds at hand.
    pub sources: Vec<Source>,
    /// Every product, by name.
    pub products: Vec<Running>,
    /// Everything that is written for products, with what it means.
    pub writings: Vec<OwnWriting>,
    /// What the hospital decided, by number.
    pub decisions: Vec<VexDecision>,
}

impl Weaknesses {
    /// The device as one that runs the product of this mark; none where it does not.
    pub fn holder(&self, mark: &str, device: DeviceId) -> Option<&Holder> {
        let running = self.products.iter().find(|running| running.mark == mark)?;
        running.holders.iter().map(AsRef::as_ref).find(|holder| holder.device == device)
    }

    /// Judges every product of `known`.
    pub fn of(known: &Known<'_>, advisories: Advisories<'_>) -> Self {
        let lists = advisories.lists;
        let has_list = |family: &str| lists.iter().any(|list| list.family == family);
        let wanted: Option<&dyn Fn(&str) -> bool> =
            if lists.is_empty() { None } else { Some(&has_list) };
        let index = match advisories.at_hand {
            AtHand::Ready(index) => Some(index),
            _ => None,
        };
        let advised = Advised::of(index, advisories.makers);
        let collected = collect(known, advisories.namer, wanted, Some(&advised));
        let Collected { products, writings } = collected;
        let judged = match advisories.at_hand {
            AtHand::None => Err(State::None),
            AtHand::Lost => Err(State::Lost),
            AtHand::Damaged => Err(State::Damaged),
            AtHand::Ready(_) if advised.is_damaged() => Err(State::Damaged),
            AtHand::Ready(index) => {
                let judge = Judge::new(index, advisories.makers);
                judge_all(&products, lists, index, &judge).map_err(|_| State::Damaged)
            }
        };
        let (state, mut products, sources) = match judged {
            Ok((products, sources)) => (State::Ready, products, sources),
            Err(state) => (state, unjudged(&products), Vec::new()),
        };
        parts::tell_others(&mut products, lists);
        let decisions = known.decided.map(|decided| {
            let now = |id| known.chart(id).map_or(id, |chart| chart.device.id);
            let laying = Laying::new(decided, now);
            products.iter_mut().for_each(|one| one.standings = laying.standings(one));
            decided.decisions.to_vec()
        });
        let decisions = decisions.unwrap_or_default();
        Self { state, sources, products, writings, decisions }
    }

    /// Nothing, where nobody asked.
    pub fn nothing() -> Self {
        Self {
            state: State::None,
            sources: Vec::new(),
            products: Vec::new(),
            writings: Vec::new(),
            decisions: Vec::new(),
        }
    }

    /// Where a decision stands.
    pub fn state_of(&self, decision: &VexDecision) -> DecisionState {
        let standings = self.products.iter().flat_map(|running| &running.standings);
        match vex::state(decision, standings) {
            DecisionState::Idle if self.state != State::Ready => DecisionState::Unknown,
            state => state,
        }
    }

    /// The product of this mark; the first of those that only the updates of their devices tell apart, where the mark is that of what is
    /// written for all of them.
    pub fn product(&self, mark: &str) -> Option<&Running> {
        let own = self.products.iter().find(|running| running.mark == mark);
        own.or_else(|| self.products.iter().find(|running| running.mark_as_written == mark))
    }

    /// When the newest record of the lists of vulnerabilities was changed. Other feeds may be newer and say nothing of what is new.
    pub fn newest(&self) -> Option<jiff::Timestamp> {
        newest(&self.sources)
    }
}

/// When the newest record of the lists of vulnerabilities was changed; of all feeds where there is no such list.
pub fn newest(sources: &[Source]) -> Option<jiff::Timestamp> {
    use FeedKind::{Cve, Ghsa, Jvn, Nvd, Osv};
    let is_list = |source: &&Source| matches!(source.feed, Cve | Ghsa | Jvn | Nvd | Osv);
    let of_lists = sources.iter().filter(is_list).filter_map(|source| source.newest).max();
    of_lists.or_else(|| sources.iter().filter_map(|source| source.newest).max())
}

fn judge_all(
    found: &BTreeMap<String, Found>,
    lists: &[AttachedList],
    index: &Index<'_>,
    judge: &Judge<'_, '_>,
) -> Result<(Vec<Running>, Vec<Source>), IndexError> {
    let running = found.iter().map(|(mark, found)| {
        // What it is not by a person's word is not judged; and what it is, nobody knows.
        let verdicts = match found.named.said {
            Some(Said::Refused) => not_judged(found.named.reason.clone()),
            _ => judge.judge(&product(&found.named))?,
        };
        Ok(running(mark, found, verdicts))
    });
    let mut running = running.collect::<Result<Vec<Running>, IndexError>>()?;
    parts::lay(&mut running, lists)?;
    Ok((running, index.sources()?))
}

fn unjudged(found: &BTreeMap<String, Found>) -> Vec<Running> {
    let nothing = |(mark, found): (&String, &Found)| {
        running(mark, found, not_judged(msg!("advisories.no_feed")))
    };
    found.iter().map(nothing).collect()
}

fn not_judged(reason: Message) -> Verdicts {
    Verdicts { judged: Judged::Not(reason), open: Vec::new() }
}

/// The product as the judge takes it. A name that only may be meant gives no more than candidates.
fn product(named: &Named) -> Product {
    let vendor = |cpe: &notation::cpe::Cpe| match cpe.get(notation::cpe::Key::Vendor) {
        notation::cpe::Attribute::Value(value) => Some(value.plain().replace('_', " ")),
        _ => None,
    };
    Product {
        purls: named.purl.iter().map(ToString::to_string).collect(),
        cpes: named.cpes.iter().map(ToString::to_string).collect(),
        name: Some(named.name.clone()),
        supplier: named.cpes.iter().find_map(vendor),
        version: named.version.clone(),
        least: named.least,
        machine: named.machine.clone(),
        beside: None,
    }
}

fn running(mark: &str, found: &Found, verdicts: Verdicts) -> Running {
    let named = &found.named;
    let (unjudged, mut matches) = match verdicts.judged {
        Judged::Yes(matches) => (None, matches),
        Judged::Not(reason) => (Some(reason), Vec::new()),
    };
    // What is not surely this product is not surely affected.
    let surest = match named.confidence {
        Confidence::Likely if !named.is_banner => Confidence::Exact,
        naming => naming,
    };
    for found in &mut matches {
        found.affected = found.affected.map(|sure| sure.min(surest));
    }
    matches.sort_by_cached_key(Urgency::of);
    let version = named.version_told().filter(|version| !named.name.contains(version.as_str()));
    let called = [Some(named.name.clone()), version, named.units()];
    Running {
        mark: mark.to_owned(),
        mark_as_written: named.mark_as_written(),
        family: named.family(),
        product: product(named),
        what: named.what,
        name: called.into_iter().flatten().collect::<Vec<_>>().join(" "),
        naming: named.confidence,
        naming_reason: named.reason.clone(),
        is_banner: named.is_banner,
        said: named.said,
        writings: found.writings.iter().cloned().collect(),
        before: found.before.iter().cloned().collect(),
        holders: found.holders.clone(),
        unjudged,
        matches,
        open: verdicts.open,
        inside: Inside::default(),
        standings: Vec::new(),
    }
}

/// Whether the maker of the product, or who speaks for it, says that it is affected: an advisory or a VEX, not a list.
pub fn is_by_maker(found: &Match) -> bool {
    found
        .statements
        .iter()
        .any(|said| speaks_for_maker(said.feed) && said.status == VexStatus::Affected)
}
