//! Decisions about single vulnerabilities, in the words of VEX.

use std::collections::BTreeSet;

use app::{VexChoice, VexFormat, VexOrder, VexView};
use domain::{Control, Justification, Permission, VexOrigin, VexScope, VexStatus, msg};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, Sent, bad};
use super::operation::{Kind, Operation, Param};
use crate::answer::Answer;
use crate::problem::Problem;

const FORMAT: Param = Param {
    name: "format",
    kind: Kind::Word(|| VexFormat::ALL.iter().map(|format| format.key()).collect()),
    required: true,
};
const DATE: Param = Param::of("date", Kind::Day);
const NAMESPACE: Param = Param::of("namespace", Kind::Text);

pub(super) fn operations() -> Vec<Operation> {
    let work = Permission::Work;
    vec![
        Operation::get::<Decisions, _, _>("vex", "/api/v1/vex", list),
        Operation::post::<VexView, _, _>("vex_decide", "/api/v1/vex/decide", work, decide)
            .taking::<Decision>(),
        Operation::post::<VexView, _, _>("vex_take_back", "/api/v1/vex/take-back", work, take_back)
            .taking::<TakenBack>(),
        Operation::get::<Value, _, _>("vex_export", "/api/v1/vex/export", export)
            .asking(&[FORMAT, DATE, NAMESPACE]),
    ]
}

/// What was decided about single vulnerabilities.
#[derive(Serialize, JsonSchema)]
struct Decisions {
    /// Those that stand open again first, then those that hold by their next review, then all others, the newest first.
    decisions: Vec<VexView>,
}

/// What is decided about a vulnerability of a product.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// The vulnerability, by any of its numbers.
    vulnerability: String,
    /// The product: its `mark`, or what people call it.
    product: String,
    /// The devices it is limited to, by id, asset number, computer name, address or MAC; all that run the product where there are none.
    #[serde(default)]
    devices: Vec<String>,
    /// `version`: this version alone; `product`: whatever version.
    scope: String,
    /// `affected`, `fixed`, `not_affected` or `under_investigation`.
    status: String,
    /// Why it is not affected; `not_affected` needs it.
    #[serde(default)]
    justification: Option<String>,
    /// What that means here. It goes into documents for others.
    #[serde(default)]
    impact: String,
    /// What is done; `affected` needs it. It goes into documents for others.
    #[serde(default)]
    action: String,
    /// With which controls.
    #[serde(default)]
    controls: Vec<String>,
    /// By which day it is looked at again (`2026-11-20`); `affected` and `under_investigation` need it.
    #[serde(default)]
    review: Option<String>,
    /// Whose word it rests on: `document`, `own_judgement`, `own_test` or `vendor_answer`.
    origin: String,
    /// Why.
    reason: String,
}

/// Which decision is taken back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TakenBack {
    /// Its number.
    number: u32,
    /// Why.
    reason: String,
}

/// A word of a list; what stands in none is refused with those that do.
macro_rules! word {
    ($type:ident, $name:literal, $text:expr) => {
        $type::from_key($text).ok_or_else(|| {
            let known: Vec<&str> = $type::ALL.iter().map(|word| word.key()).collect();
            bad(msg!("web.api.bad_word", name = $name, known = known))
        })
    };
}

impl Decision {
    fn choice(self) -> Result<VexChoice, Problem> {
        let why = self.justification.filter(|why| !why.is_empty());
        let why = why.map(|why| word!(Justification, "justification", &why)).transpose()?;
        let controls = self.controls.iter().map(|control| word!(Control, "controls", control));
        let review = self.review.filter(|day| !day.is_empty()).map(|day| day.parse::<Date>());
        Ok(VexChoice {
            scope: word!(VexScope, "scope", &self.scope)?,
            status: word!(VexStatus, "status", &self.status)?,
            origin: word!(VexOrigin, "origin", &self.origin)?,
            justification: why,
            controls: controls.collect::<Result<BTreeSet<_>, Problem>>()?,
            review: review
                .transpose()
                .map_err(|_| bad(msg!("web.api.bad_day", name = "review")))?,
            vulnerability: self.vulnerability,
            product: self.product,
            devices: self.devices,
            impact: self.impact,
            action: self.action,
            reason: self.reason,
        })
    }
}

async fn list(call: Call) -> Answer {
    let today = call.today();
    call.answer(move |app| Ok(Decisions { decisions: app.vex_decisions(today)? })).await
}

async fn decide(call: Call, Sent(decision): Sent<Decision>) -> Answer {
    let choice = decision.choice()?;
    call.change(move |app, act| app.decide_vex(&choice, act)).await
}

async fn take_back(call: Call, Sent(asked): Sent<TakenBack>) -> Answer {
    call.change(move |app, act| app.take_back_vex(asked.number, &asked.reason, act)).await
}

async fn export(call: Call) -> Answer {
    let format = call.text("format").and_then(VexFormat::from_key);
    let order = VexOrder {
        // The table of parameters lets in only words that are formats.
        format: format.unwrap_or(VexFormat::OpenVex),
        date: call.text("date").and_then(|day| day.parse().ok()).unwrap_or(call.today()),
        namespace: call.text("namespace").map(str::to_owned),
        publisher: None,
    };
    call.answer(move |app| Ok(app.export_vex(&order)?.document)).await
}
