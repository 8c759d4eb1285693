//! Planned changes as they are kept: each step as JSON, which later programs must still read.

use domain::{
    ChangeKind, ChangeOutcome, ChangePlan, ChangeResult, ChangeStep, ChangedDevice, ClinicalWindow,
    MatterKind, PlannedChange, Stepped, ToldBack,
};
use serde::{Deserialize, Serialize};
use store::View;

use crate::AppError;
use crate::matter::{self, Matter};

#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Kept {
    Plan(Plan),
    Agreed { from: String, to: String, with: String },
    Results { results: Vec<Outcome> },
    Told { on: String, to: String, text: String },
    Cancelled { reason: String },
}

#[derive(Serialize, Deserialize)]
struct Plan {
    kind: String,
    what: String,
    mark: String,
    product: String,
    vulnerabilities: Vec<String>,
    devices: Vec<Device>,
    performer: String,
    instruction: String,
    inquiry: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct Device {
    sign: String,
    label: String,
    medical: bool,
}

#[derive(Serialize, Deserialize)]
struct Outcome {
    sign: String,
    outcome: String,
    note: String,
    on: String,
}

fn written(step: &ChangeStep) -> String {
    let kept = match step {
        ChangeStep::Plan(plan) => Kept::Plan(Plan::of(plan)),
        ChangeStep::Agreed(window) => Kept::Agreed {
            from: window.from.to_string(),
            to: window.to.to_string(),
            with: window.with.clone(),
        },
        ChangeStep::Results(results) => {
            Kept::Results { results: results.iter().map(Outcome::of).collect() }
        }
        ChangeStep::Told(told) => {
            Kept::Told { on: told.on.to_string(), to: told.to.clone(), text: told.text.clone() }
        }
        ChangeStep::Cancelled(reason) => Kept::Cancelled { reason: reason.clone() },
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

impl Matter for PlannedChange {
    const KIND: MatterKind = MatterKind::Change;
    type Step = ChangeStep;

    fn begun(number: u32, first: Stepped<ChangeStep>) -> Option<Self> {
        Self::begin(number, first).ok()
    }

    fn taken(&mut self, next: Stepped<ChangeStep>) -> Option<()> {
        self.take(next).ok()
    }

    fn number(&self) -> u32 {
        self.number
    }

    fn written(step: &ChangeStep) -> String {
        written(step)
    }

    fn read(body: &str) -> Option<ChangeStep> {
        read(body)
    }
}

/// The planned change of this number.
pub(super) fn planned_change(view: &View, number: u32) -> Result<PlannedChange, AppError> {
    matter::one(view, number)?.ok_or(AppError::NoChange(number))
}

fn read(body: &str) -> Option<ChangeStep> {
    Some(match serde_json::from_str(body).ok()? {
        Kept::Plan(plan) => ChangeStep::Plan(plan.read()?),
        Kept::Agreed { from, to, with } => ChangeStep::Agreed(ClinicalWindow {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
            with,
        }),
        Kept::Results { results } => {
            let results = results.into_iter().map(Outcome::read).collect::<Option<Vec<_>>>()?;
            ChangeStep::Results(results)
        }
        Kept::Told { on, to, text } => {
            ChangeStep::Told(ToldBack { on: on.parse().ok()?, to, text })
        }
        Kept::Cancelled { reason } => ChangeStep::Cancelled(reason),
    })
}

impl Plan {
    fn of(plan: &ChangePlan) -> Self {
        let device = |device: &ChangedDevice| Device {
            sign: device.sign.to_string(),
            label: device.label.clone(),
            medical: device.is_medical,
        };
        Self {
            kind: plan.kind.key().to_owned(),
            what: plan.what.clone(),
            mark: plan.mark.clone(),
            product: plan.product.clone(),
            vulnerabilities: plan.vulnerabilities.clone(),
            devices: plan.devices.iter().map(device).collect(),
            performer: plan.performer.clone(),
            instruction: plan.instruction.clone(),
            inquiry: plan.inquiry,
        }
    }

    fn read(self) -> Option<ChangePlan> {
        let device = |device: Device| {
            let sign = device.sign.parse().ok()?;
            Some(ChangedDevice { sign, label: device.label, is_medical: device.medical })
        };
        Some(ChangePlan {
            kind: ChangeKind::from_key(&self.kind)?,
            what: self.what,
            mark: self.mark,
            product: self.product,
            vulnerabilities: self.vulnerabilities,
            devices: self.devices.into_iter().map(device).collect::<Option<Vec<_>>>()?,
            performer: self.performer,
            instruction: self.instruction,
            inquiry: self.inquiry,
        })
    }
}

impl Outcome {
    fn of(result: &ChangeResult) -> Self {
        Self {
            sign: result.sign.to_string(),
            outcome: result.outcome.key().to_owned(),
            note: result.note.clone(),
            on: result.on.to_string(),
        }
    }

    fn read(self) -> Option<ChangeResult> {
        Some(ChangeResult {
            sign: self.sign.parse().ok()?,
            outcome: ChangeOutcome::from_key(&self.outcome)?,
            note: self.note,
            on: self.on.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_kept() {
        let day: Date = date(2026, 11, 20);
        let sign: domain::Sign = "host:ct-01".parse().unwrap();
        let device = ChangedDevice { sign: sign.clone(), label: "CT-01".into(), is_medical: true };
        for step in [
            ChangeStep::Plan(ChangePlan {
                kind: ChangeKind::Setting,
                what: "SSL-VPN を止める".into(),
                mark: "fortios 7.0.5".into(),
                product: "FortiOS 7.0.5".into(),
                vulnerabilities: vec!["CVE-1".into()],
                devices: vec![device],
                performer: "A社".into(),
                instruction: "指示書".into(),
                inquiry: Some(3),
            }),
            ChangeStep::Agreed(ClinicalWindow {
                from: day.at(19, 0, 0, 0),
                to: day.at(21, 30, 0, 0),
                with: "技師長".into(),
            }),
            ChangeStep::Results(vec![ChangeResult {
                sign,
                outcome: ChangeOutcome::Failed,
                note: "戻しました".into(),
                on: day,
            }]),
            ChangeStep::Told(ToldBack { on: day, to: "A社".into(), text: "済み".into() }),
            ChangeStep::Cancelled("不要".into()),
        ] {
            assert_eq!(read(&written(&step)), Some(step));
        }
    }

    #[test]
    fn what_was_never_kept_so_is_no_step() {
        for body in [
            "",
            r#"{"step":"flown"}"#,
            r#"{"step":"agreed","from":"soon","to":"later","with":"x"}"#,
            r#"{"step":"results","results":[{"sign":"x","outcome":"done","note":"","on":"2026-11-20"}]}"#,
            r#"{"step":"told","on":"soon","to":"x","text":"y"}"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
