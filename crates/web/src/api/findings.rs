//! Findings, and what is decided about them.

use app::{BoardRow, Choice, FindingView};
use domain::{FindingKey, FindingState, Permission, Severity, msg};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::{CURSOR, Kind, LIMIT, Operation, Param};
use crate::answer::Answer;
use crate::problem::Problem;

const SEVERITY: Param =
    Param::of("severity", Kind::Word(|| Severity::ALL.iter().map(|word| word.key()).collect()));
const STATE: Param =
    Param::of("state", Kind::Word(|| FindingState::ALL.iter().map(|word| word.key()).collect()));
const RULE: Param = Param::of("rule", Kind::Text);
const DEVICE: Param = Param::of("device", Kind::Text);

pub(super) fn operations() -> Vec<Operation> {
    let decide_path = "/api/v1/findings/decide";
    vec![
        Operation::get::<FindingsPart, _, _>("findings", "/api/v1/findings", list)
            .asking(&[SEVERITY, STATE, RULE, DEVICE, CURSOR, LIMIT]),
        Operation::post::<FindingView, _, _>("decide", decide_path, Permission::Work, decide)
            .taking::<Decision>(),
    ]
}

/// A part of the list of findings.
#[derive(Serialize, JsonSchema)]
struct FindingsPart {
    /// The findings: the most urgent first, then by key.
    findings: Vec<FindingView>,
    /// What to give as `cursor` for the next part; none at the end.
    next: Option<String>,
}

/// What is decided about a finding.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// The finding's key.
    key: String,
    /// `open`, `in_hand`, `accepted`, `mitigated` or `not_affected`.
    state: String,
    /// Until when it holds (`2026-11-20`); accepting needs it.
    #[serde(default)]
    until: Option<String>,
    /// Why.
    reason: String,
}

/// What of the findings is asked for.
struct Wanted {
    severity: Option<Severity>,
    state: Option<FindingState>,
    rule: Option<String>,
    device: Option<String>,
}

impl Wanted {
    fn of(call: &Call) -> Self {
        Self {
            severity: call.text("severity").and_then(Severity::from_key),
            state: call.text("state").and_then(FindingState::from_key),
            rule: call.text("rule").map(str::to_owned),
            device: call.text("device").map(str::to_owned),
        }
    }

    fn has(&self, row: &BoardRow<'_>) -> bool {
        self.severity.is_none_or(|severity| severity == row.severity)
            && self.state.is_none_or(|state| state == row.state)
            && self.rule.as_ref().is_none_or(|rule| rule.eq_ignore_ascii_case(&row.rule))
            && self
                .device
                .as_ref()
                .is_none_or(|device| row.device().is_some_and(|known| known.to_string() == *device))
    }
}

async fn list(call: Call) -> Answer {
    let wanted = Wanted::of(&call);
    if wanted.state == Some(FindingState::Closed) {
        return closed(call, wanted).await;
    }
    let board = call.visitor.desk.board(call.visitor.who()?.seen).await?;
    if let Some(unchanged) = call.unchanged(board.moment) {
        return Ok(unchanged);
    }
    let mut rows = board.rows().filter(|row| wanted.has(row));
    if let Some(cursor) = call.text("cursor") {
        rows.find(|row| row.key().to_string() == cursor).ok_or_else(moved)?;
    }
    let keys: Vec<FindingKey> = rows.by_ref().take(call.limit()).map(|row| row.key()).collect();
    let next = keys.last().filter(|_| rows.next().is_some()).map(ToString::to_string);
    let today = call.today();
    let findings = call.visitor.read(move |app| app.findings_by_key(&keys, today)).await?;
    call.of_moment(board.moment, &FindingsPart { findings, next })
}

/// Findings that are gone: read from the whole history, the newest first.
async fn closed(call: Call, wanted: Wanted) -> Answer {
    let (cursor, most, today) =
        (call.text("cursor").map(str::to_owned), call.limit(), call.today());
    call.answer(move |app| {
        let mut all = app.findings(true, today)?;
        all.retain(|view| view.closed.is_some() && wanted.has_view(view));
        all.sort_by(|one, other| (&other.closed, &one.key).cmp(&(&one.closed, &other.key)));
        let place = |view: &FindingView| format!("{}@{}", view.key, view.opened);
        let begin = match cursor {
            None => 0,
            Some(cursor) => {
                let at = all.iter().position(|view| place(view) == cursor);
                1 + at.ok_or(app::AppError::ListMoved)?
            }
        };
        let mut rest = all.split_off(begin.min(all.len()));
        let more = rest.len() > most;
        rest.truncate(most);
        let next = rest.last().filter(|_| more).map(place);
        Ok(FindingsPart { findings: rest, next })
    })
    .await
}

impl Wanted {
    fn has_view(&self, view: &FindingView) -> bool {
        self.severity.is_none_or(|severity| severity.key() == view.severity)
            && self.rule.as_ref().is_none_or(|rule| rule.eq_ignore_ascii_case(&view.rule))
            && self.device.as_ref().is_none_or(|device| view.device_id.as_ref() == Some(device))
    }
}

fn moved() -> Problem {
    Problem::from(app::AppError::ListMoved)
}

async fn decide(call: Call, Sent(decision): Sent<Decision>) -> Answer {
    let state = FindingState::from_key(&decision.state).ok_or_else(|| {
        let known: Vec<&str> = FindingState::ALL.iter().map(|state| state.key()).collect();
        bad(msg!("web.api.bad_word", name = "state", known = known))
    })?;
    let until = decision.until.filter(|until| !until.is_empty());
    let until = until.map(|until| until.parse::<Date>()).transpose();
    let until = until.map_err(|_| bad(msg!("web.api.bad_day", name = "until")))?;
    let choice = Choice { state, until, reason: decision.reason };
    call.change(move |app, act| app.decide(&decision.key, choice, act)).await
}
