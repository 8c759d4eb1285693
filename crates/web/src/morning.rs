//! What the page of the morning is made of, made once for everybody who opens it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use app::{Board, Picture, Vitals};
use domain::{FindingKey, RuleCode, Severity};

/// Groups on the page, beyond those that are urgent, which are all there.
const GROUPS: usize = 7;

/// Findings of a group whose sentences are read: enough to meet each remedy a rule has.
const READ: usize = 40;

/// The hospital on one morning.
#[derive(Debug)]
pub(crate) struct Morning {
    /// What stands.
    pub(crate) board: Arc<Board>,
    /// The numbers.
    pub(crate) vitals: Vitals,
    /// What to look at first.
    pub(crate) first: First,
}

impl Morning {
    /// Lays what stands over what the documents tell.
    pub(crate) fn of(board: Arc<Board>, picture: &Picture) -> Self {
        Self { vitals: picture.vitals(&board), first: pick(&board), board }
    }
}

/// What the page begins with.
#[derive(Debug)]
pub(crate) struct First {
    pub(crate) picks: Vec<Pick>,
    /// Severity and number of open findings that no group tells of.
    pub(crate) rest: Vec<(&'static str, usize)>,
}

/// Open findings of one rule and severity.
#[derive(Debug)]
pub(crate) struct Pick {
    pub(crate) rule: String,
    pub(crate) severity: Severity,
    pub(crate) count: usize,
    pub(crate) new: usize,
    /// The first of them.
    pub(crate) keys: Vec<FindingKey>,
}

/// Picks the groups: all that are urgent, then warnings as far as there is room.
fn pick(board: &Board) -> First {
    let mut by_rule: BTreeMap<(Reverse<Severity>, RuleCode), Pick> = BTreeMap::new();
    let last = board.newest();
    for row in board.open() {
        let at = (Reverse(row.severity), row.rule);
        let pick = by_rule.entry(at).or_insert_with(|| Pick {
            rule: row.rule.to_string(),
            severity: row.severity,
            count: 0,
            new: 0,
            keys: Vec::new(),
        });
        pick.count += 1;
        let is_new = last == Some(row.opened);
        pick.new += usize::from(is_new);
        match pick.keys.len() < READ {
            true if is_new => pick.keys.insert(0, row.key()),
            true => pick.keys.push(row.key()),
            false => {}
        }
    }
    let mut picks = Vec::new();
    let mut rest: BTreeMap<Reverse<Severity>, usize> = BTreeMap::new();
    let mut found: Vec<Pick> = by_rule.into_values().collect();
    // Of one urgency, what is new stands first.
    found.sort_by_key(|pick| (Reverse(pick.severity), pick.new == 0));
    for pick in found {
        let has_room = pick.severity == Severity::Warning && picks.len() < GROUPS;
        match pick.severity == Severity::Urgent || has_room {
            true => picks.push(pick),
            false => *rest.entry(Reverse(pick.severity)).or_default() += pick.count,
        }
    }
    let rest = rest.into_iter().map(|(severity, count)| (severity.0.key(), count)).collect();
    First { picks, rest }
}
