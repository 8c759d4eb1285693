//! 所見: all that stand, and one of them with its evidence and what was decided about it.

use app::{BoardRow, DecisionView, EvidenceView, FindingView, RuleView};
use askama::Template;
use axum::extract::Query;
use domain::{FindingKey, FindingState, Permission, Place, Severity};
use serde::Deserialize;

use super::pager::Pager;
use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

/// What a person can decide.
pub(crate) const CHOICES: [&str; 5] = ["open", "in_hand", "accepted", "mitigated", "not_affected"];

/// Findings on a page.
const EACH: usize = 50;

/// Places of evidence that one finding shows.
const PLACES: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/findings", Access::May(Permission::Look), list),
        Route::get("/findings/one", Access::May(Permission::Look), one),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    state: String,
    page: Option<usize>,
}

impl Asked {
    fn takes(&self, row: &BoardRow<'_>) -> bool {
        let state = match self.state.as_str() {
            "" => true,
            "decided" => row.state != FindingState::Open,
            state => row.state.key() == state,
        };
        state
            && (self.rule.is_empty() || row.rule.eq_ignore_ascii_case(&self.rule))
            && (self.severity.is_empty() || row.severity.key() == self.severity)
    }

    /// The address of the list as it was asked for, without the page.
    fn address(&self, frame: &Frame) -> String {
        let asked = [
            ("q", &self.q),
            ("rule", &self.rule),
            ("severity", &self.severity),
            ("state", &self.state),
        ];
        let parts: Vec<String> = asked
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", frame.q(value)))
            .collect();
        if parts.is_empty() { "/findings".into() } else { format!("/findings?{}", parts.join("&")) }
    }
}

#[derive(Template)]
#[template(path = "findings/page.html")]
struct FindingsPage {
    frame: Frame,
    asked: Asked,
    total: usize,
    findings: Vec<FindingView>,
    rules: Vec<RuleView>,
    severities: Vec<&'static str>,
    states: Vec<&'static str>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "findings/one.html")]
struct FindingPage {
    frame: Frame,
    finding: FindingView,
    rule: String,
    history: Vec<DecisionView>,
    /// Places with their words.
    evidence: Vec<(EvidenceView, String)>,
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let seen = visitor.who()?.seen;
    let board = visitor.desk.board(seen).await?;
    let roll = match asked.q.trim() {
        "" => None,
        _ => Some(visitor.desk.roll(seen).await?),
    };
    let (of, today) = (asked.clone(), visitor.desk.today());
    let frame = visitor.frame("rules").await?;
    let (address, at) = (asked.address(&frame), asked.page.unwrap_or(1));
    let (pager, total, findings) = visitor
        .read(move |app| {
            let rows: Vec<BoardRow<'_>> = match &roll {
                None => board.rows().collect(),
                Some(roll) => app.matching_findings(&of.q, roll, &board),
            };
            let rows: Vec<BoardRow<'_>> = rows.into_iter().filter(|row| of.takes(row)).collect();
            let pager = Pager::new(at, rows.len(), EACH, address);
            let shown = rows.iter().skip(pager.skip()).take(EACH);
            let keys: Vec<FindingKey> = shown.map(BoardRow::key).collect();
            Ok((pager, rows.len(), app.findings_by_key(&keys, today)?))
        })
        .await?;
    let rules = visitor.app().rules();
    let severities = Severity::ALL.iter().rev().map(|severity| severity.key()).collect();
    let mut states = CHOICES.to_vec();
    states.push("decided");
    page(&FindingsPage { frame, asked, total, findings, rules, severities, states, pager })
}

#[derive(Deserialize)]
struct AskedOne {
    key: String,
}

async fn one(visitor: Visitor, Query(asked): Query<AskedOne>) -> Answer {
    let today = visitor.desk.today();
    let (finding, history) = visitor
        .read(move |app| {
            let finding = app.finding(&asked.key, today)?;
            let history = app.finding_history(&finding.key)?;
            Ok((finding, history))
        })
        .await?;
    let app = visitor.app();
    let rule = app.rule(&finding.rule).map(|rule| rule.name).unwrap_or_default();
    let evidence = finding.evidence.iter().take(PLACES).map(|at| {
        let place = at.place.parse::<Place>().unwrap_or_default();
        (at.clone(), app.catalogue().place(&place))
    });
    let evidence = evidence.collect();
    let frame = visitor.frame("rules").await?;
    page(&FindingPage { frame, finding, rule, history, evidence })
}
