//! In which order weaknesses are worked on, and why (対応の順番).
//!
//! The order is a row of reasons, not a number: what is being exploited comes first; of the rest what is surely here, then what is
//! graver, then what can be reached from outside, then what may harm a patient. Each reason is a sentence, and what is not known is
//! said to be so. That order is this program's own; the facts it is made of are those of the parties named with them.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::advisory::{Confidence, Ssvc, VexStatus};
use domain::message::Arg;
use domain::{Control, DeviceId, Field, Message, VexDecision, ZoneKind, msg};

use crate::advisories::judge::Match;
use crate::advisories::weigh::grade;
use crate::known::{Chart, Known};
use crate::rules::{gates, names};
use crate::weaknesses::{Holder, Running};

/// From where a device can be reached, as far as the documents tell: the further away, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Its zone is neither the border nor one for visitors, and nothing lets people in through it.
    Inside,
    /// None of its addresses is in a zone, or nobody knows an address: nobody can say that it is inside.
    Unknown,
    /// It is in a zone at the border (外部との境界・保守回線) or for visitors (来訪者・患者用).
    Edge,
    /// It lets people in from outside, or its administration is open to the outside.
    Outside,
}

/// What a fault of a device may do to a patient, by its class under the device law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Harm {
    /// It is no medical device.
    None,
    /// It is one.
    Medical,
    /// It is of class III or IV: 高度管理医療機器, of which a fault may have grave effects on life and health (医薬品医療機器等法2条5項).
    Grave,
}

/// Who lets people in from outside, looked up once.
pub(crate) struct Reaches<'k> {
    known: &'k Known<'k>,
    gates: BTreeSet<DeviceId>,
}

impl<'k> Reaches<'k> {
    pub(crate) fn of(known: &'k Known<'k>) -> Self {
        Self { known, gates: gates(known) }
    }

    /// From where the device can be reached.
    pub(crate) fn reach(&self, chart: &Chart<'_>) -> Reach {
        if self.gates.contains(&chart.device.id) {
            return Reach::Outside;
        }
        let zones = chart.addresses().filter_map(|(_, address)| self.known.zone_of(address));
        let of_zone = |kind| match kind {
            ZoneKind::Perimeter | ZoneKind::Guest => Reach::Edge,
            // A zone of which nobody has said what it is for says nothing.
            ZoneKind::Unclassified => Reach::Unknown,
            _ => Reach::Inside,
        };
        zones.map(|zone| of_zone(zone.kind)).max().unwrap_or(Reach::Unknown)
    }
}

/// What a fault of the device may do to a patient.
pub(crate) fn harm(chart: &Chart<'_>) -> Harm {
    let class = chart.declared(Field::DeviceClass);
    match class.map(|fact| fact.value) {
        Some("III" | "IV") => Harm::Grave,
        _ if chart.is_medical() => Harm::Medical,
        _ => Harm::None,
    }
}

/// What CISA says of the exploitation of a vulnerability (CISA, *Stakeholder-Specific Vulnerability Categorization Guide*, 2022, State of
/// Exploitation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exploitation {
    /// Nothing, or that there is no evidence of it.
    None,
    /// A way of attack is public.
    Poc,
    /// It is being exploited.
    Active,
}

impl Exploitation {
    /// What `ssvc` says of it.
    pub fn of(ssvc: Option<&Ssvc>) -> Self {
        match ssvc.and_then(|ssvc| ssvc.exploitation.as_deref()) {
            Some("active") => Self::Active,
            Some("poc" | "public poc") => Self::Poc,
            _ => Self::None,
        }
    }
}

/// The place of a weakness in the order of work: the lesser, the sooner. The fields count in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Urgency {
    /// Nobody says that anything here is affected.
    pub is_cleared: bool,
    /// It is in nobody's catalogue of exploited vulnerabilities.
    pub is_not_exploited: bool,
    /// CISA does not say that it is being exploited.
    pub is_not_active: bool,
    /// How sure it is.
    pub confidence: Reverse<Option<Confidence>>,
    /// How grave, by the word of CVSS: none or unknown, low, medium, high, critical.
    pub grade: Reverse<u8>,
    /// From where the devices can be reached.
    pub reach: Reverse<Reach>,
    /// What a fault of them may do to a patient.
    pub harm: Reverse<Harm>,
    /// Whether a way of attack is public.
    pub exploitation: Reverse<Exploitation>,
    /// The score.
    pub score: Reverse<u8>,
    /// How likely it is to be exploited.
    pub forecast: Reverse<u32>,
    /// The number, so that the order is one.
    pub id: String,
}

impl Urgency {
    /// The place of `found`, wherever it is.
    pub fn of(found: &Match) -> Self {
        Self::at(found, Reach::Unknown, Harm::None)
    }

    /// The place of `found` on the devices of `running` that it concerns.
    pub fn on(running: &Running, found: &Match) -> Self {
        let concerned = running.concerned(found);
        let reach = concerned.iter().map(|holder| holder.reach).max();
        let harm = concerned.iter().map(|holder| holder.harm).max();
        Self::at(found, reach.unwrap_or(Reach::Unknown), harm.unwrap_or(Harm::None))
    }

    fn at(found: &Match, reach: Reach, harm: Harm) -> Self {
        let score = found.weight().map_or(0, |weight| weight.rank);
        let known = &found.vulnerability;
        let exploitation = Exploitation::of(known.ssvc.as_ref());
        Self {
            is_cleared: found.affected.is_none(),
            is_not_exploited: known.exploited.is_none(),
            is_not_active: exploitation != Exploitation::Active,
            confidence: Reverse(found.affected),
            grade: Reverse(grade(score)),
            reach: Reverse(reach),
            harm: Reverse(harm),
            exploitation: Reverse(exploitation),
            score: Reverse(score),
            forecast: Reverse(known.forecast.map_or(0, |forecast| forecast.probability)),
            id: known.id.clone(),
        }
    }
}

/// Why `found` has its place in the order of work on the devices of `running`, in sentences: the weightiest first. What is not known
/// is said too; what counts for nothing is not.
pub fn grounds(running: &Running, found: &Match, decisions: &[VexDecision]) -> Vec<Message> {
    let mut grounds = Vec::new();
    of_attacks(found, &mut grounds);
    of_devices(&running.concerned(found), &mut grounds);
    grounds.push(of_score(found));
    grounds.extend(of_forecast(found));
    grounds.extend(of_controls(running, found, decisions));
    grounds
}

fn of_attacks(found: &Match, grounds: &mut Vec<Message>) {
    let known = &found.vulnerability;
    if let Some(entry) = &known.exploited {
        grounds.push(match entry.ransomware {
            true => msg!("weigh.kev_ransomware"),
            false => msg!("weigh.kev"),
        });
    }
    let Some(ssvc) = &known.ssvc else { return };
    match Exploitation::of(Some(ssvc)) {
        Exploitation::Active if known.exploited.is_none() => grounds.push(msg!("weigh.active")),
        Exploitation::Poc => grounds.push(msg!("weigh.poc")),
        _ => {}
    }
    if ssvc.automatable.as_deref() == Some("yes") {
        grounds.push(msg!("weigh.automatable"));
    }
    if ssvc.technical_impact.as_deref() == Some("total") {
        grounds.push(msg!("weigh.total"));
    }
}

fn of_devices(concerned: &[&Holder], grounds: &mut Vec<Message>) {
    let of_reach = |reach: Reach| told(concerned, |holder| holder.reach == reach);
    if let Some(devices) = of_reach(Reach::Outside) {
        grounds.push(msg!("weigh.outside", devices = devices));
    }
    if let Some(devices) = of_reach(Reach::Edge) {
        grounds.push(msg!("weigh.edge", devices = devices));
    }
    if let Some(devices) = of_reach(Reach::Unknown) {
        grounds.push(msg!("weigh.no_zone", devices = devices));
    }
    if !concerned.is_empty() && concerned.iter().all(|holder| holder.reach == Reach::Inside) {
        grounds.push(msg!("weigh.inside"));
    }
    if let Some(devices) = told(concerned, |holder| holder.harm == Harm::Grave) {
        grounds.push(msg!("weigh.grave", devices = devices));
    }
    if let Some(devices) = told(concerned, |holder| holder.harm == Harm::Medical) {
        grounds.push(msg!("weigh.medical", devices = devices));
    }
}

/// The names of those devices of which `is_told` holds; none where there is no such device.
fn told(concerned: &[&Holder], is_told: impl Fn(&Holder) -> bool) -> Option<Arg> {
    let labels =
        concerned.iter().filter(|holder| is_told(holder)).map(|holder| holder.label.clone());
    let labels: Vec<String> = labels.collect();
    (!labels.is_empty()).then(|| names(&labels))
}

fn of_score(found: &Match) -> Message {
    let Some(weight) = found.weight() else { return msg!("weigh.no_score") };
    let severity = Arg::Term(format!("cvss_severity.{}", weight.severity).into());
    match weight.score {
        Some(score) => {
            let score = format!("{}.{}", score / 10, score % 10);
            msg!("weigh.score", severity = severity, score = score)
        }
        None => msg!("weigh.severity", severity = severity),
    }
}

/// What FIRST forecasts, where it does. In hundredths of a hundredth: below one in a thousand it is told as such.
fn of_forecast(found: &Match) -> Option<Message> {
    let probability = found.vulnerability.forecast?.probability;
    let share = format!("{}.{}", probability / 1_000, probability / 100 % 10);
    Some(match probability {
        0..100 => msg!("weigh.forecast_least"),
        _ => msg!("weigh.forecast", share = share),
    })
}

/// The controls of decisions that hold.
fn of_controls(running: &Running, found: &Match, decisions: &[VexDecision]) -> Option<Message> {
    let holding = running.standings_of(found).filter(|standing| {
        standing.reopened.is_none()
            && standing.status == VexStatus::Affected
            && !standing.devices.is_empty()
    });
    let decisions = holding.filter_map(|standing| {
        decisions.iter().find(|decision| decision.number == standing.decision)
    });
    let controls: BTreeSet<Control> =
        decisions.flat_map(|decision| decision.controls.iter().copied()).collect();
    let term = |control: Control| Arg::Term(format!("control.{}", control.key()).into());
    let controls: Vec<Arg> = controls.into_iter().map(term).collect();
    (!controls.is_empty()).then(|| msg!("weigh.controls", controls = Arg::List(controls)))
}
