//! 規則: what is looked for every day, why, and what to do about it.

use std::collections::BTreeMap;

use app::{BoardRow, FindingView, RuleView};
use askama::Template;
use axum::extract::{Path, Query};
use domain::{FindingKey, FindingState, Permission, RuleCode, fold};
use serde::Deserialize;

use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

/// Findings that the page of a rule shows.
const FIRST: usize = 20;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/rules", Access::May(Permission::Look), list),
        Route::get("/rules/{code}", Access::May(Permission::Look), show),
    ]
}

/// A rule with how many of its findings stand.
struct Counted {
    rule: RuleView,
    open: usize,
    decided: usize,
}

#[derive(Template)]
#[template(path = "rules/page.html")]
struct RulesPage {
    frame: Frame,
    q: String,
    rules: Vec<Counted>,
}

#[derive(Template)]
#[template(path = "rules/one.html")]
struct RulePage {
    frame: Frame,
    rule: RuleView,
    /// What to do, with `…` where a finding has its own words.
    remedies: Vec<String>,
    open: usize,
    decided: usize,
    findings: Vec<FindingView>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let board = visitor.desk.board(visitor.who()?.seen).await?;
    let words: Vec<String> = asked.q.split_whitespace().map(fold).collect();
    let mut rules = visitor.app().rules();
    rules.retain(|rule| {
        let text = fold(&format!("{} {} {} {}", rule.code, rule.name, rule.clause, rule.why));
        words.iter().all(|word| text.contains(word.as_str()))
    });
    let mut counts: BTreeMap<RuleCode, (usize, usize)> = BTreeMap::new();
    for row in board.rows() {
        let (open, decided) = counts.entry(row.rule).or_default();
        *if row.state == FindingState::Open { open } else { decided } += 1;
    }
    let counted = |rule: RuleView| {
        let (open, decided) = RuleCode::new(&rule.code)
            .and_then(|code| counts.get(&code))
            .copied()
            .unwrap_or_default();
        Counted { rule, open, decided }
    };
    let rules = rules.into_iter().map(counted).collect();
    let frame = visitor.frame("rules").await?;
    page(&RulesPage { frame, q: asked.q, rules })
}

async fn show(visitor: Visitor, Path(code): Path<String>) -> Answer {
    let rule = visitor.read(move |app| app.rule(&code)).await?;
    let board = visitor.desk.board(visitor.who()?.seen).await?;
    let standing: Vec<_> = board.rows().filter(|row| row.rule == *rule.code).collect();
    let is_open = |state: FindingState| state == FindingState::Open;
    let open = standing.iter().filter(|row| is_open(row.state)).count();
    let decided = standing.len() - open;
    let keys: Vec<FindingKey> =
        standing.iter().filter(|row| is_open(row.state)).take(FIRST).map(BoardRow::key).collect();
    let today = visitor.desk.today();
    let findings = visitor.read(move |app| app.findings_by_key(&keys, today)).await?;
    let remedies = rule.remedies.iter().map(|remedy| without_placeholders(remedy)).collect();
    let frame = visitor.frame("rules").await?;
    page(&RulePage { frame, rule, remedies, open, decided, findings })
}

/// The sentence with `…` in place of what each finding fills in.
fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('…');
            }
            '}' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_finding_fills_in_is_left_open() {
        assert_eq!(without_placeholders("{device} を {n} 台。"), "… を … 台。");
        assert_eq!(without_placeholders("そのまま"), "そのまま");
    }
}
