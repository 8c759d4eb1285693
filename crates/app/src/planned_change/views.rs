//! Planned changes as pages and scripts show them.

use domain::{ChangeState, ChangeStep, ChangedDevice, DeviceId, Message, PlannedChange, msg};
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;
use store::View;

use crate::matter::history;
use crate::weak::WeakBook;
use crate::{AppError, MatterStepView};

/// A planned change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedChangeView {
    /// Its number.
    pub number: u32,
    /// How many steps were taken: whoever changes it says how many they saw.
    pub steps: u32,
    /// `planned`, `agreed`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// `update` or `setting`.
    pub kind: String,
    /// What is done.
    pub what: String,
    /// The mark of the product that is replaced; empty where no product is.
    pub mark: String,
    /// What people call it.
    pub product: String,
    /// The vulnerabilities it is to mend.
    pub vulnerabilities: Vec<String>,
    /// Who does it.
    pub performer: String,
    /// Under which instruction of the maker.
    pub instruction: String,
    /// The inquiry that was answered with it.
    pub inquiry: Option<u32>,
    /// Whether a medical device is among them: its maker must agree.
    pub medical: bool,
    /// When it is done.
    pub window: Option<WindowView>,
    /// The devices, each with what came of it.
    pub devices: Vec<ChangedDeviceView>,
    /// Devices on which it is said to be done, and which evidence still shows as before.
    pub waiting: u64,
    /// What the vendor was told.
    pub told: Vec<ToldView>,
    /// Why it will not be done.
    pub cancelled: Option<String>,
    /// Its steps, the first first.
    pub history: Vec<MatterStepView>,
}

/// When a change is done, by the clock of the hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WindowView {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// With whom it is agreed.
    pub with: String,
}

/// What the vendor was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToldView {
    /// On which day.
    pub on: String,
    /// Whom.
    pub to: String,
    /// What.
    pub text: String,
}

/// A device that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedDeviceView {
    /// The sign by which it is named.
    pub sign: String,
    /// Its id now; none where no such device is known any more.
    pub id: Option<String>,
    /// What people called it when it was planned.
    pub label: String,
    /// Whether it is a medical device.
    pub medical: bool,
    /// `done`, `failed`, `not_needed`; none where nothing is recorded.
    pub outcome: Option<String>,
    /// On which day.
    pub on: Option<String>,
    /// In words.
    pub note: String,
    /// What evidence says where it is said to be done: `shown` that it is in, `waiting` while the version before is still seen,
    /// `unknown` where no version can tell.
    pub evidence: Option<String>,
    /// The files that would tell, by source and kind of document.
    pub files: Vec<String>,
}

/// What views are made with: the moment of the store, what runs, and the texts.
pub(super) struct Sight<'a> {
    pub(super) view: &'a View,
    pub(super) book: &'a WeakBook,
    pub(super) texts: &'a Catalogue,
}

pub(super) fn view(
    change: &PlannedChange,
    sight: &Sight<'_>,
) -> Result<PlannedChangeView, AppError> {
    let plan = &change.plan;
    let devices: Vec<ChangedDeviceView> = plan
        .devices
        .iter()
        .map(|device| device_view(change, device, sight))
        .collect::<Result<_, _>>()?;
    let waiting = devices.iter().filter(|one| one.evidence.as_deref() == Some("waiting")).count();
    Ok(PlannedChangeView {
        number: change.number,
        steps: change.steps.len() as u32,
        state: change.state().key().to_owned(),
        kind: plan.kind.key().to_owned(),
        what: plan.what.clone(),
        mark: plan.mark.clone(),
        product: plan.product.clone(),
        vulnerabilities: plan.vulnerabilities.clone(),
        performer: plan.performer.clone(),
        instruction: plan.instruction.clone(),
        inquiry: plan.inquiry,
        medical: change.is_medical(),
        window: change.window.as_ref().map(|window| WindowView {
            from: window.from.strftime("%Y-%m-%d %H:%M").to_string(),
            to: window.to.strftime("%Y-%m-%d %H:%M").to_string(),
            with: window.with.clone(),
        }),
        devices,
        waiting: waiting as u64,
        told: change
            .told
            .iter()
            .map(|told| ToldView {
                on: told.on.to_string(),
                to: told.to.clone(),
                text: told.text.clone(),
            })
            .collect(),
        cancelled: change.cancelled.clone(),
        history: history(&change.steps, sight.texts, told, |_| None),
    })
}

fn device_view(
    change: &PlannedChange,
    device: &ChangedDevice,
    sight: &Sight<'_>,
) -> Result<ChangedDeviceView, AppError> {
    let id = sight.view.device_id(DeviceId::of(device.sign.key()))?;
    let result = change.result(&device.sign);
    let is_done = change.done().any(|(done, _)| done.sign == device.sign);
    let holder = id.and_then(|id| sight.book.holder(&change.plan.mark, id));
    let told = match (change.plan.mark.is_empty(), &id, &holder) {
        (true, ..) | (_, None, _) => "unknown",
        (false, Some(_), Some(_)) => "waiting",
        (false, Some(_), None) => "shown",
    };
    let evidence = is_done.then_some(told);
    let mut files = Vec::new();
    for at in holder.into_iter().flatten().filter(|_| is_done) {
        let import = sight.view.import(at.import)?;
        let kind = sight.texts.text(&format!("format.{}", import.kind));
        files.push(format!("{} ({kind})", import.source));
    }
    files.dedup();
    Ok(ChangedDeviceView {
        sign: device.sign.to_string(),
        id: id.map(|id| id.to_string()),
        label: device.label.clone(),
        medical: device.is_medical,
        outcome: result.map(|result| result.outcome.key().to_owned()),
        on: result.map(|result| result.on.to_string()),
        note: result.map(|result| result.note.clone()).unwrap_or_default(),
        evidence: evidence.map(str::to_owned),
        files,
    })
}

/// The step as a sentence.
fn told(step: &ChangeStep) -> Message {
    match step {
        ChangeStep::Plan(plan) => {
            msg!("change.step.plan", what = &plan.what, count = plan.devices.len())
        }
        ChangeStep::Agreed(window) => msg!(
            "change.step.agreed",
            with = &window.with,
            from = window.from.strftime("%Y-%m-%d %H:%M").to_string(),
            to = window.to.strftime("%Y-%m-%d %H:%M").to_string()
        ),
        ChangeStep::Results(results) => msg!("change.step.results", count = results.len()),
        ChangeStep::Told(told) => msg!("change.step.told", day = told.on, to = &told.to),
        ChangeStep::Cancelled(reason) => msg!("change.step.cancelled", reason = reason),
    }
}

/// What is under way first, by its window; then what waits for evidence, and what is over, the newest first.
pub(super) fn sort(changes: &mut [PlannedChange]) {
    let rank = |change: &PlannedChange| match change.state() {
        ChangeState::Agreed => 0,
        ChangeState::Planned => 1,
        ChangeState::Failed => 2,
        ChangeState::Done => 3,
        ChangeState::Cancelled => 4,
    };
    changes.sort_by_key(|change| {
        let from = change.window.as_ref().map(|window| window.from).filter(|_| rank(change) == 0);
        (rank(change), from, std::cmp::Reverse(change.number))
    });
}
