//! A decision about a vulnerability, as pages and scripts show it.

use std::collections::BTreeMap;

use domain::{DeviceId, VexDecision};
use engine::vex::{DecisionState, Standing};
use engine::weaknesses::Weaknesses;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

/// A decision about a vulnerability of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VexView {
    /// Its number, by which it can be taken back.
    pub number: u32,
    /// `in_force`, `reopened`, `superseded`, `taken_back`, `idle` where nothing runs of which it speaks, or `unknown` where there is no
    /// vulnerability data.
    pub state: String,
    /// Why it stands open again: `exploited`, `other_version`, `review` or `statement`.
    pub reopened: Option<String>,
    /// The same as a sentence.
    pub reopened_reason: Option<String>,
    /// The vulnerability.
    pub vulnerability: String,
    /// The product's folded name and version.
    pub product: String,
    /// What people call it.
    pub product_name: String,
    /// `version`: this version alone; `product`: whatever version.
    pub scope: String,
    /// The devices it is limited to; none where it speaks of all.
    pub devices: Vec<VexDeviceView>,
    /// `affected`, `fixed`, `not_affected` or `under_investigation`.
    pub status: String,
    /// Why it is not affected, in the words of VEX.
    pub justification: Option<String>,
    /// What that means here.
    pub impact: String,
    /// What is done.
    pub action: String,
    /// With which controls.
    pub controls: Vec<String>,
    /// By which day it is looked at again.
    pub review: Option<String>,
    /// Whose word it rests on: `document`, `own_judgement`, `own_test` or `vendor_answer`.
    pub origin: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// That it was taken back.
    pub taken_back: Option<VexTakenBackView>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VexDeviceView {
    /// Its id.
    pub id: String,
    /// What people call it; its id where it does not run the product any more.
    pub label: String,
}

/// That a decision was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VexTakenBackView {
    /// Who.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Why.
    pub reason: String,
}

/// How a decision stands for one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandingView {
    /// The decision, as it stands here.
    pub decision: VexView,
    /// The devices for which it is the newest word.
    pub devices: Vec<VexDeviceView>,
    /// Whether it is all that run the product.
    pub all: bool,
    /// Whether it takes the vulnerability off them.
    pub clears: bool,
}

/// What people call the devices that run something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labels(BTreeMap<DeviceId, String>);

impl Labels {
    pub(crate) fn of(weaknesses: &Weaknesses) -> Self {
        let holders = weaknesses.products.iter().flat_map(|running| &running.holders);
        Self(holders.map(|holder| (holder.device, holder.label.clone())).collect())
    }

    fn view<'d>(&self, devices: impl IntoIterator<Item = &'d DeviceId>) -> Vec<VexDeviceView> {
        let view = |id: &DeviceId| VexDeviceView {
            id: id.to_string(),
            label: self.0.get(id).cloned().unwrap_or_else(|| id.to_string()),
        };
        let mut views: Vec<VexDeviceView> = devices.into_iter().map(view).collect();
        views.sort_by(|one, other| (&one.label, &one.id).cmp(&(&other.label, &other.id)));
        views
    }
}

pub(crate) fn vex_view(
    decision: &VexDecision,
    state: &DecisionState,
    labels: &Labels,
    texts: &Catalogue,
) -> VexView {
    let reopened = match state {
        DecisionState::Reopened(why) => Some(why),
        _ => None,
    };
    VexView {
        number: decision.number,
        state: state.key().to_owned(),
        reopened: reopened.map(|why| why.key().to_owned()),
        reopened_reason: reopened.map(|why| texts.say(&why.message())),
        vulnerability: decision.vulnerability.clone(),
        product: decision.product.mark.clone(),
        product_name: decision.product.name.clone(),
        scope: decision.scope.key().to_owned(),
        devices: labels.view(&decision.devices),
        status: decision.status.key().to_owned(),
        justification: decision.justification.map(|why| why.key().to_owned()),
        impact: decision.impact.clone(),
        action: decision.action.clone(),
        controls: decision.controls.iter().map(|control| control.key().to_owned()).collect(),
        review: decision.review.map(|day| day.to_string()),
        origin: decision.origin.key().to_owned(),
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        at: decision.at.to_string(),
        taken_back: decision.taken_back.as_ref().map(|back| VexTakenBackView {
            by: back.by.clone(),
            at: back.at.to_string(),
            reason: back.reason.clone(),
        }),
    }
}

/// How `standing` stands for a product that runs on `holders` devices.
pub(crate) fn standing_view(
    standing: &Standing,
    decision: &VexDecision,
    holders: usize,
    labels: &Labels,
    texts: &Catalogue,
) -> StandingView {
    let state = match &standing.reopened {
        _ if standing.devices.is_empty() => DecisionState::Superseded,
        Some(why) => DecisionState::Reopened(why.clone()),
        None => DecisionState::InForce,
    };
    StandingView {
        decision: vex_view(decision, &state, labels, texts),
        devices: labels.view(&standing.devices),
        all: standing.devices.len() == holders,
        clears: standing.clears() && !standing.devices.is_empty(),
    }
}
