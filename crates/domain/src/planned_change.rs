//! Planned changes (作業): an update or a change of settings on named devices, as it is agreed on, done and told back.
//!
//! Nothing is installed by this program, and a tick proves nothing: whether a change is in is told by evidence alone. Changes to a
//! medical device are made by its maker or under its instructions (手引書 4.3③, N60 6.4.2), so that none can be called done before
//! the instruction is on record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};

use crate::Sign;
use crate::matter::Stepped;
use crate::vocabulary::words;

mod refusal;

pub use refusal::ChangeRefusal;

words! {
    /// What is changed.
    ChangeKind {
        /// 設定の変更.
        Setting = "setting",
        /// 更新: another version of a product.
        Update = "update",
    }
}

words! {
    /// Where a planned change stands. It follows from its steps, and nobody sets it.
    ChangeState {
        /// 合意済み: when it is done is agreed on.
        Agreed = "agreed",
        /// 中止: it will not be done.
        Cancelled = "cancelled",
        /// 実施済み: it was done on every device.
        Done = "done",
        /// 失敗: a result of every device is there, and of at least one it is a failure.
        Failed = "failed",
        /// 計画: when it is done is not agreed on.
        Planned = "planned",
    }
}

words! {
    /// What came of it on one device.
    ChangeOutcome {
        /// できた.
        Done = "done",
        /// できなかった.
        Failed = "failed",
        /// 要らなかった: the device did not need it after all.
        NotNeeded = "not_needed",
    }
}

/// A device that is changed, named by a sign: ids may be led on by a later import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedDevice {
    /// The sign.
    pub sign: Sign,
    /// What people called it when it was planned.
    pub label: String,
    /// Whether it is a medical device.
    pub is_medical: bool,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePlan {
    /// Update, or settings.
    pub kind: ChangeKind,
    /// What is done, in a sentence.
    pub what: String,
    /// The mark of the product and version that is replaced; empty where no product is.
    pub mark: String,
    /// What people call that product.
    pub product: String,
    /// Why: the vulnerabilities it is to mend.
    pub vulnerabilities: Vec<String>,
    /// The devices.
    pub devices: Vec<ChangedDevice>,
    /// Who does it.
    pub performer: String,
    /// Under which instruction of the maker: a document, or the answer to an inquiry.
    pub instruction: String,
    /// The inquiry that was answered with it.
    pub inquiry: Option<u32>,
}

/// When it is done, by the clock of the hospital, and with whom that is agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicalWindow {
    /// From.
    pub from: DateTime,
    /// To.
    pub to: DateTime,
    /// With whom of the wards or departments it is agreed.
    pub with: String,
}

/// What came of it on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeResult {
    /// The device's sign.
    pub sign: Sign,
    /// What came of it.
    pub outcome: ChangeOutcome,
    /// In words, such as the version after it.
    pub note: String,
    /// On which day.
    pub on: Date,
}

/// What the vendor was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldBack {
    /// On which day.
    pub on: Date,
    /// Whom.
    pub to: String,
    /// What.
    pub text: String,
}

/// What is done with a planned change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeStep {
    /// It is planned, or planned anew; what was agreed on before must be agreed on again.
    Plan(ChangePlan),
    /// When it is done is agreed on.
    Agreed(ClinicalWindow),
    /// What came of it; a later result of a device takes the place of an earlier one.
    Results(Vec<ChangeResult>),
    /// The vendor was told.
    Told(ToldBack),
    /// It will not be done, for this reason.
    Cancelled(String),
}

/// A planned change as its steps made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChange {
    /// Counted from 1 in the facility.
    pub number: u32,
    /// What is to be done.
    pub plan: ChangePlan,
    /// When that is agreed on.
    pub window: Option<ClinicalWindow>,
    /// What came of it, by the device's sign as it is written.
    pub results: BTreeMap<String, ChangeResult>,
    /// What the vendor was told, the first first.
    pub told: Vec<ToldBack>,
    /// Why it will not be done.
    pub cancelled: Option<String>,
    /// Every step, the first first.
    pub steps: Vec<Stepped<ChangeStep>>,
}

type Checked = Result<(), ChangeRefusal>;

impl PlannedChange {
    /// Devices that one change names at most.
    pub const MOST_DEVICES: usize = 500;

    /// The longest text of a field, in characters.
    pub const MOST_TEXT: usize = 2000;

    /// Begins with its first plan.
    ///
    /// # Errors
    ///
    /// [`ChangeRefusal`], why it cannot begin so.
    pub fn begin(number: u32, first: Stepped<ChangeStep>) -> Result<Self, ChangeRefusal> {
        let ChangeStep::Plan(plan) = &first.step else { return Err(ChangeRefusal::NoPlan) };
        check_plan(plan)?;
        Ok(Self {
            number,
            plan: plan.clone(),
            window: None,
            results: BTreeMap::new(),
            told: Vec::new(),
            cancelled: None,
            steps: vec![first],
        })
    }

    /// Takes the next step.
    ///
    /// # Errors
    ///
    /// [`ChangeRefusal`], why it cannot be taken; nothing is changed then.
    pub fn take(&mut self, next: Stepped<ChangeStep>) -> Checked {
        self.check(&next)?;
        match &next.step {
            ChangeStep::Plan(plan) => {
                self.plan = plan.clone();
                self.window = None;
            }
            ChangeStep::Agreed(window) => self.window = Some(window.clone()),
            ChangeStep::Results(results) => {
                let by_sign = results.iter().map(|one| (one.sign.to_string(), one.clone()));
                self.results.extend(by_sign);
            }
            ChangeStep::Told(told) => self.told.push(told.clone()),
            ChangeStep::Cancelled(reason) => self.cancelled = Some(reason.clone()),
        }
        self.steps.push(next);
        Ok(())
    }

    fn check(&self, next: &Stepped<ChangeStep>) -> Checked {
        if self.cancelled.is_some() {
            return Err(ChangeRefusal::WasCancelled);
        }
        match &next.step {
            ChangeStep::Plan(_) | ChangeStep::Agreed(_) | ChangeStep::Cancelled(_)
                if !self.results.is_empty() =>
            {
                Err(ChangeRefusal::HasResults)
            }
            ChangeStep::Plan(plan) => check_plan(plan),
            ChangeStep::Agreed(window) => {
                filled("with", &window.with)?;
                if window.to <= window.from { Err(ChangeRefusal::WindowTurned) } else { Ok(()) }
            }
            ChangeStep::Results(results) => self.check_results(results, next.day),
            ChangeStep::Told(told) => {
                filled("to", &told.to)?;
                filled("text", &told.text)?;
                if told.on > next.day { Err(ChangeRefusal::Ahead) } else { Ok(()) }
            }
            ChangeStep::Cancelled(reason) => filled("reason", reason),
        }
    }

    fn check_results(&self, results: &[ChangeResult], today: Date) -> Checked {
        if results.is_empty() {
            return Err(ChangeRefusal::Empty("results"));
        }
        if self.window.is_none() {
            return Err(ChangeRefusal::NotAgreed);
        }
        for result in results {
            let device = self.plan.devices.iter().find(|device| device.sign == result.sign);
            let device =
                device.ok_or_else(|| ChangeRefusal::NotPlanned(result.sign.to_string()))?;
            fits("note", &result.note)?;
            if result.on > today {
                return Err(ChangeRefusal::Ahead);
            }
            // Its maker must have agreed, and that must be on record.
            let is_done = result.outcome == ChangeOutcome::Done;
            if is_done && device.is_medical && self.plan.instruction.trim().is_empty() {
                return Err(ChangeRefusal::NoInstruction(device.label.clone()));
            }
        }
        Ok(())
    }

    /// What came of it on the device of this sign.
    pub fn result(&self, sign: &Sign) -> Option<&ChangeResult> {
        self.results.get(&sign.to_string())
    }

    /// Where it stands.
    pub fn state(&self) -> ChangeState {
        let is_whole = self.plan.devices.iter().all(|device| self.result(&device.sign).is_some());
        let has_failed =
            self.results.values().any(|result| result.outcome == ChangeOutcome::Failed);
        match (&self.cancelled, &self.window) {
            (Some(_), _) => ChangeState::Cancelled,
            (None, _) if is_whole && has_failed => ChangeState::Failed,
            (None, _) if is_whole => ChangeState::Done,
            (None, Some(_)) => ChangeState::Agreed,
            (None, None) => ChangeState::Planned,
        }
    }

    /// The devices on which it is said to be done, each with the day.
    pub fn done(&self) -> impl Iterator<Item = (&ChangedDevice, Date)> {
        self.plan.devices.iter().filter_map(|device| {
            let result = self.result(&device.sign)?;
            (result.outcome == ChangeOutcome::Done).then_some((device, result.on))
        })
    }

    /// Whether a medical device is among those that are changed.
    pub fn is_medical(&self) -> bool {
        self.plan.devices.iter().any(|device| device.is_medical)
    }
}

fn check_plan(plan: &ChangePlan) -> Checked {
    filled("what", &plan.what)?;
    filled("performer", &plan.performer)?;
    fits("instruction", &plan.instruction)?;
    if plan.devices.is_empty() || plan.devices.len() > PlannedChange::MOST_DEVICES {
        return Err(ChangeRefusal::Count);
    }
    let mut seen = BTreeSet::new();
    let twice = plan.devices.iter().find(|device| !seen.insert(device.sign.to_string()));
    twice.map_or(Ok(()), |device| Err(ChangeRefusal::Twice(device.label.clone())))
}

fn filled(what: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() { Err(ChangeRefusal::Empty(what)) } else { fits(what, text) }
}

fn fits(what: &'static str, text: &str) -> Checked {
    if text.chars().count() > PlannedChange::MOST_TEXT {
        return Err(ChangeRefusal::Long(what));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
