//! Decisions about one vulnerability of one product, in the words of VEX: taking them, taking them back, and listing them.

mod export;
mod plan;
mod views;

use domain::{VexDecision, VexTakenBack, msg};
use jiff::civil::Date;
use serde_json::{Value, json};

pub use export::{VexDocument, VexFormat, VexOrder};
pub use plan::{MOST_LETTERS, VexChoice};
pub(crate) use views::{Labels, standing_view, vex_view};
pub use views::{StandingView, VexDeviceView, VexTakenBackView, VexView};

use crate::books::Books;
use crate::devices::find_in;
use crate::ground::Ground;
use crate::{Act, App, AppError};

impl App {
    /// Every decision about a vulnerability: those that stand open again first, then those that hold by their next review, then all
    /// others, the newest first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn vex_decisions(&self, today: Date) -> Result<Vec<VexView>, AppError> {
        Ok(self.weaknesses(today)?.decisions(self.catalogue()))
    }

    /// Keeps a decision about a vulnerability of a product that runs here.
    ///
    /// # Errors
    ///
    /// [`AppError::NoVulnerability`] where nothing here has it, [`AppError::NoDevice`], [`AppError::Decision`] where something is
    /// missing or does not fit, and what the store says.
    pub fn decide_vex(&self, choice: &VexChoice, act: &Act) -> Result<VexView, AppError> {
        let today = engine::known::JAPAN.to_datetime(act.now).date();
        plan::check(choice, today)?;
        let subject = format!("vulnerability:{}", choice.vulnerability);
        let entry = act.entry("vex.decide", subject, &json!({}));
        self.facility()?.change(entry, |change| {
            let ground = Ground::load(change.view())?;
            let named = choice.devices.iter().map(|name| find_in(change.view(), &ground, name));
            let devices = named.collect::<Result<_, AppError>>()?;
            let books = Books::load(change.view())?.with_advisories(self, change.view(), today)?;
            let (mut decision, labels) = books.with_known(|known, _| {
                let weaknesses = known.weaknesses().ok_or_else(no_data)?;
                let decision = plan::plan(weaknesses, choice, devices, act)?;
                Ok::<_, AppError>((decision, Labels::of(weaknesses)))
            })?;
            decision.number = change.add_vex_decision(&decision)?;
            change.detail(detail(&decision).to_string());
            // It is the newest word, on the facts of today.
            let state = engine::vex::DecisionState::InForce;
            Ok(vex_view(&decision, &state, &labels, self.catalogue()))
        })
    }

    /// Takes a decision back: those before it count again, where there are any.
    ///
    /// # Errors
    ///
    /// [`AppError::NoVexDecision`], [`AppError::Decision`] where it was taken back already or no reason is given, and what the store
    /// says.
    pub fn take_back_vex(&self, number: u32, reason: &str, act: &Act) -> Result<VexView, AppError> {
        plan::check_reason(reason)?;
        let detail = json!({ "reason": reason });
        let entry = act.entry("vex.take_back", format!("vex:{number}"), &detail);
        let decision = self.facility()?.change(entry, |change| {
            let all = change.view().vex_decisions()?;
            let decision = all.into_iter().find(|decision| decision.number == number);
            let mut decision = decision.ok_or(AppError::NoVexDecision(number))?;
            if decision.taken_back.is_some() {
                return Err(AppError::Decision(msg!("app.vex_taken_back", number = number)));
            }
            let taken_back = VexTakenBack {
                by: act.actor.to_string(),
                at: plan::as_kept(act.now),
                reason: reason.trim().to_owned(),
            };
            change.take_back_vex_decision(number, &taken_back)?;
            decision.taken_back = Some(taken_back);
            Ok::<VexDecision, AppError>(decision)
        })?;
        let state = engine::vex::DecisionState::TakenBack;
        Ok(vex_view(&decision, &state, &Labels::default(), self.catalogue()))
    }
}

fn no_data() -> AppError {
    AppError::Decision(msg!("app.vex_no_data"))
}

/// What the record keeps of a decision beside who took it and when.
fn detail(decision: &VexDecision) -> Value {
    let devices: Vec<String> = decision.devices.iter().map(ToString::to_string).collect();
    let controls: Vec<&str> = decision.controls.iter().map(|control| control.key()).collect();
    json!({
        "number": decision.number,
        "vulnerability": decision.vulnerability,
        "product": decision.product.name,
        "mark": decision.product.mark,
        "scope": decision.scope.key(),
        "device_ids": devices,
        "vex": decision.status.key(),
        "justification": decision.justification.map(domain::Justification::key),
        "impact": decision.impact,
        "action": decision.action,
        "controls": controls,
        "review": decision.review.map(|day| day.to_string()),
        "origin": decision.origin.key(),
        "reason": decision.reason,
    })
}
