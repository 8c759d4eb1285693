//! What to look at first: findings of one rule and urgency together, so that a morning's list is short.

use std::collections::{BTreeMap, BTreeSet};

use app::{Board, FindingView};
use domain::{FindingKey, Severity};

use crate::frame::Frame;

/// Groups on the page, beyond those that are urgent, which are all there.
const GROUPS: usize = 7;

/// Groups that stand open; the others are one line each until somebody opens them.
const OPEN: usize = 5;

/// Findings of a group that are told one by one for each remedy.
const CASES: usize = 3;

/// Findings of a group whose sentences are read: enough to meet each remedy a rule has.
const READ: usize = 40;

/// What the page begins with.
pub(super) struct First {
    pub(super) picks: Vec<Pick>,
    /// Severity and number of open findings that no group tells of.
    pub(super) rest: Vec<(&'static str, usize)>,
}

/// Open findings of one rule and severity.
pub(super) struct Pick {
    rule: String,
    severity: Severity,
    count: usize,
    new: usize,
    /// The first of them.
    pub(super) keys: Vec<FindingKey>,
}

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

/// Picks the groups: all that are urgent, then warnings as far as there is room.
pub(super) fn pick(board: &Board) -> First {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<Severity>, &str), Pick> = BTreeMap::new();
    let last = newest(board);
    for row in board.open() {
        let at = (std::cmp::Reverse(row.severity), row.key.rule.as_str());
        let pick = by_rule.entry(at).or_insert_with(|| Pick {
            rule: row.key.rule.clone(),
            severity: row.severity,
            count: 0,
            new: 0,
            keys: Vec::new(),
        });
        pick.count += 1;
        let is_new = last == Some(row.opened);
        pick.new += usize::from(is_new);
        match pick.keys.len() < READ {
            true if is_new => pick.keys.insert(0, row.key.clone()),
            true => pick.keys.push(row.key.clone()),
            false => {}
        }
    }
    let mut picks = Vec::new();
    let mut rest: BTreeMap<std::cmp::Reverse<Severity>, usize> = BTreeMap::new();
    let mut found: Vec<Pick> = by_rule.into_values().collect();
    // Of one urgency, what is new stands first.
    found.sort_by_key(|pick| (std::cmp::Reverse(pick.severity), pick.new == 0));
    for pick in found {
        let has_room = pick.severity == Severity::Warning && picks.len() < GROUPS;
        match pick.severity == Severity::Urgent || has_room {
            true => picks.push(pick),
            false => *rest.entry(std::cmp::Reverse(pick.severity)).or_default() += pick.count,
        }
    }
    let rest = rest.into_iter().map(|(severity, count)| (severity.0.key(), count)).collect();
    First { picks, rest }
}

/// The day whose findings count as new: that of the last round, unless it was the first that found anything.
fn newest(board: &Board) -> Option<jiff::civil::Date> {
    let last = board.last_round()?;
    board.rows.iter().any(|row| row.opened < last).then_some(last)
}

/// The groups with the sentences of their findings, of which `views` holds those that stand.
pub(super) fn groups(
    frame: &Frame,
    board: &Board,
    picks: Vec<Pick>,
    views: &[FindingView],
) -> Vec<Group> {
    let by_key: BTreeMap<&str, &FindingView> =
        views.iter().map(|view| (view.key.as_str(), view)).collect();
    let last = newest(board).map(|day| day.to_string());
    let each = picks.into_iter().enumerate();
    each.map(|(at, pick)| Group {
        is_open: at < OPEN,
        ..group(frame, pick, &by_key, last.as_deref())
    })
    .collect()
}

fn group(
    frame: &Frame,
    pick: Pick,
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
        rule: pick.rule,
        severity,
        count: pick.count,
        new: pick.new,
        is_open: true,
        remedies,
    }
}
