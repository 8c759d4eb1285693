//! What to look at first: findings of one rule and urgency together, so that a morning's list is short.

use std::collections::{BTreeMap, BTreeSet};

use app::{Board, FindingView};

use crate::frame::Frame;
use crate::morning::Pick;

/// Groups that stand open; the others are one line each until somebody opens them.
const OPEN: usize = 5;

/// Findings of a group that are told one by one for each remedy.
const CASES: usize = 3;

/// The same with its sentences.
pub(super) struct Group {
    pub(super) rule: String,
    pub(super) severity: &'static str,
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) new: usize,
    pub(super) href: String,
    pub(super) remedies: Vec<Remedy>,
    /// Findings that are not told one by one.
    pub(super) more: usize,
    pub(super) is_open: bool,
}

/// Findings for which there is one thing to do.
pub(super) struct Remedy {
    pub(super) text: String,
    pub(super) cases: Vec<Case>,
}

/// One finding.
pub(super) struct Case {
    pub(super) finding: FindingView,
    pub(super) is_new: bool,
}

/// The groups with the sentences of their findings, of which `views` holds those that stand.
pub(super) fn groups(
    frame: &Frame,
    board: &Board,
    picks: &[Pick],
    views: &[FindingView],
) -> Vec<Group> {
    let by_key: BTreeMap<&str, &FindingView> =
        views.iter().map(|view| (view.key.as_str(), view)).collect();
    let last = board.newest().map(|day| day.to_string());
    let each = picks.iter().enumerate();
    each.map(|(at, pick)| Group {
        is_open: at < OPEN,
        ..group(frame, pick, &by_key, last.as_deref())
    })
    .collect()
}

fn group(
    frame: &Frame,
    pick: &Pick,
    by_key: &BTreeMap<&str, &FindingView>,
    last: Option<&str>,
) -> Group {
    let mut remedies: Vec<Remedy> = Vec::new();
    let mut told = BTreeSet::new();
    let read = pick.keys.iter().filter_map(|key| by_key.get(key.to_string().as_str()).copied());
    for finding in read {
        let remedy = match remedies.iter().position(|remedy| remedy.text == finding.remedy) {
            Some(at) => remedies.get_mut(at),
            None => {
                remedies.push(Remedy { text: finding.remedy.clone(), cases: Vec::new() });
                remedies.last_mut()
            }
        };
        if let Some(remedy) = remedy.filter(|remedy| remedy.cases.len() < CASES) {
            told.insert(&finding.key);
            let is_new = last == Some(finding.opened.as_str());
            remedy.cases.push(Case { finding: finding.clone(), is_new });
        }
    }
    let severity = pick.severity.key();
    Group {
        name: frame.t(&format!("rule.{}.name", pick.rule)).into_owned(),
        href: format!("/findings?rule={}&severity={severity}", pick.rule),
        more: pick.count.saturating_sub(told.len()),
        rule: pick.rule.clone(),
        severity,
        count: pick.count,
        new: pick.new,
        is_open: true,
        remedies,
    }
}
