//! What the rules about weaknesses share: one finding is one piece of work, and that is one product with all its devices.

use std::collections::BTreeSet;

use domain::message::Arg;
use domain::{DeviceId, Message, ObservationRef, SettingKind, Severity, Subject};

use super::{Findings, Said, cnx003, names, net013};
use crate::advisories::judge::Match;
use crate::advisories::weigh::CRITICAL;
use crate::known::Known;
use crate::weaknesses::{Holder, Running, is_by_maker};

mod told;

/// Which of the rules speaks of a match: each of them once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Known to be exploited.
    Exploited,
    /// Critical, over a network.
    Critical,
    /// Affected by the word of the maker.
    ByMaker,
    /// Any other.
    Other,
}

impl Class {
    fn of(found: &Match) -> Self {
        let score = found.weight().map_or(0, |weight| weight.rank);
        // Where no vector says how it is attacked, the worse is taken.
        let is_critical = score >= CRITICAL && found.is_over_network() != Some(false);
        match found {
            _ if found.vulnerability.exploited.is_some() => Self::Exploited,
            _ if is_critical => Self::Critical,
            _ if is_by_maker(found) => Self::ByMaker,
            _ => Self::Other,
        }
    }
}

/// A product with its matches of one class.
pub(super) struct Work<'k> {
    pub(super) running: &'k Running,
    pub(super) matches: Vec<&'k Match>,
    /// The devices that one of them concerns, by name.
    holders: Vec<&'k Holder>,
    /// Those of its devices that let people in from outside.
    gates: Vec<String>,
}

impl Work<'_> {
    /// The numbers of the vulnerabilities, the most urgent first.
    pub(super) fn numbers(&self) -> Vec<String> {
        self.matches.iter().map(|found| found.vulnerability.id.clone()).collect()
    }

    /// Whether one of its devices lets people in from outside.
    pub(super) fn is_open(&self) -> bool {
        !self.gates.is_empty()
    }

    /// Whether one of its devices is a medical device.
    pub(super) fn is_on_medical(&self) -> bool {
        self.holders.iter().any(|holder| holder.is_medical)
    }

    /// Product, number of vulnerabilities, and devices: those that let people in from outside, where there are any.
    pub(super) fn title(&self) -> (&str, usize, Arg) {
        let labels = || self.holders.iter().map(|holder| holder.label.clone()).collect();
        let devices: Vec<String> = if self.is_open() { self.gates.clone() } else { labels() };
        (&self.running.name, self.matches.len(), names(&devices))
    }

    /// Adds the finding with this title, reason and remedy.
    pub(super) fn tell(
        &self,
        findings: &mut Findings,
        severity: Severity,
        [title, reason, remedy]: [Message; 3],
    ) {
        let device = match &self.holders[..] {
            [only] => Some(only.device),
            _ => None,
        };
        // A device more does not make it another question; one that lets people in from outside does.
        let mut rests_on = self.numbers();
        rests_on.sort();
        rests_on.extend(self.gates.iter().cloned());
        let reason = told::reason(self.running, &self.matches, reason);
        let evidence = self.holders.iter().flat_map(|holder| holder.evidence.iter());
        let evidence: BTreeSet<ObservationRef> = evidence.copied().collect();
        findings.add(
            Subject::Product(self.running.mark.clone()),
            Said {
                severity,
                device,
                title,
                reason,
                remedy,
                evidence: evidence.into_iter().collect(),
                rests_on,
            },
        );
    }
}

/// Every product that is affected by something of this class.
pub(super) fn of_class<'k>(known: &'k Known<'_>, class: Class) -> Vec<Work<'k>> {
    let Some(weaknesses) = known.weaknesses() else { return Vec::new() };
    let gates = gates(known);
    let mut works = Vec::new();
    for running in &weaknesses.products {
        let matches: Vec<&Match> =
            running.affected().filter(|found| Class::of(found) == class).collect();
        if matches.is_empty() {
            continue;
        }
        let holders = concerned(running, &matches);
        let open = holders.iter().filter(|holder| gates.contains(&holder.device));
        let gates = open.map(|holder| holder.label.clone()).collect();
        works.push(Work { running, matches, holders, gates });
    }
    works
}

/// The devices that one of `matches` concerns, by name.
fn concerned<'k>(running: &'k Running, matches: &[&Match]) -> Vec<&'k Holder> {
    if running.standings.is_empty() {
        return running.holders.iter().map(AsRef::as_ref).collect();
    }
    let concerned = matches.iter().flat_map(|found| running.concerned(found));
    let concerned: BTreeSet<DeviceId> = concerned.map(|holder| holder.device).collect();
    let all = running.holders.iter().map(AsRef::as_ref);
    all.filter(|holder: &&Holder| concerned.contains(&holder.device)).collect()
}

/// Devices that let people in from outside, or whose administration can be reached from there.
pub(crate) fn gates(known: &Known<'_>) -> BTreeSet<DeviceId> {
    let remote = known.settings(SettingKind::RemoteAccess);
    let remote = remote.into_iter().filter(|(setting, _)| cnx003::is_open(setting));
    let administration = known.settings(SettingKind::AdminAccess);
    let administration = administration.into_iter().filter(|(setting, _)| net013::is_open(setting));
    remote.chain(administration).map(|(_, chart)| chart.device.id).collect()
}
