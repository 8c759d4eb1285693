//! The round: every rule over everything that is known; and what people decide about what it finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::message::Arg::Term;
use domain::{
    DeviceId, Finding, FindingDecision, FindingKey, FindingState, ImportId, Severity, msg,
};
use engine::{Findings, Known};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{FindingFilter, FindingRow, StoredFinding, View};

use crate::books::Books;
use crate::ground::Ground;
use crate::views::{DecisionView, EvidenceView, FindingView};
use crate::words::Kept;
use crate::{Act, App, AppError, words};

/// What a round changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoundView {
    /// The day it was done for.
    pub date: String,
    /// How many devices are known.
    pub devices: u64,
    /// Findings that were new.
    pub new: Vec<FindingView>,
    /// Findings that are gone.
    pub gone: Vec<FindingView>,
    /// Findings that stood before.
    pub standing: Vec<FindingView>,
    /// Hash of the record's last entry before the round.
    pub audit_head: String,
}

/// What a person decides about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The state.
    pub state: FindingState,
    /// Until when it holds.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

impl App {
    /// Runs every rule for `date`, and keeps what is new, gone and standing.
    ///
    /// # Errors
    ///
    /// [`AppError::RoundDate`], [`AppError::RoundAhead`], and what the store says.
    pub fn round(&self, date: Date, act: &Act) -> Result<RoundView, AppError> {
        // A round of a day to come would lock out every round until then.
        let today = engine::known::JAPAN.to_datetime(act.now).date();
        if date > today {
            return Err(AppError::RoundAhead(date, today));
        }
        let entry = act.entry("round", format!("round:{date}"), &json!({}));
        self.facility()?.change(entry, |change| {
            // A round of an earlier day would write anew what was new and gone on days that people have read.
            if let Some(last) = change.view().last_round()?.filter(|last| date < last.date) {
                return Err(AppError::RoundDate(date, last.date));
            }
            let books = Books::load(change.view())?.with_advisories(self, change.view(), date)?;
            let (found, devices) = books.with_known(|known, _| {
                let rows: Vec<FindingRow> = Findings::of(known, date).iter().map(|finding| row(known, finding)).collect();
                (rows, known.charts().count() as u64)
            });
            let settled = change.settle_findings(date, &found)?;
            let round = change.add_round(date, act.now, &settled)?;
            change.detail(
                json!({ "new": settled.new.len(), "gone": settled.gone.len(), "standing": settled.standing.len() }).to_string(),
            );
            let reader = Reader::new(self, Arc::new(Ground::load(change.view())?), date);
            let mut newest: BTreeMap<String, FindingView> = BTreeMap::new();
            for stored in change.view().findings(FindingFilter::All)? {
                // The last time a key stood is the one this round spoke of.
                newest.insert(stored.finding.key.to_string(), reader.view(&stored));
            }
            let mut pick = |keys: &[FindingKey]| {
                let mut views: Vec<FindingView> = keys.iter().filter_map(|key| newest.remove(&key.to_string())).collect();
                sort(&mut views);
                views
            };
            Ok(RoundView {
                date: date.to_string(),
                devices,
                new: pick(&settled.new),
                gone: pick(&settled.gone),
                standing: pick(&settled.standing),
                audit_head: round.audit_head.to_string(),
            })
        })
    }

    /// What the last round left standing, the most urgent first; with those that are gone, where `closed` is asked for.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn findings(&self, closed: bool, today: Date) -> Result<Vec<FindingView>, AppError> {
        let filter = if closed { FindingFilter::All } else { FindingFilter::Open };
        self.read_findings(filter, today)
    }

    /// The day of the last round, where there was one.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_round(&self) -> Result<Option<Date>, AppError> {
        Ok(self.facility()?.read(View::last_round)?.map(|round| round.date))
    }

    /// What stands of one device, read on the ground of the same moment.
    pub(crate) fn findings_in(
        &self,
        view: &View,
        ground: Arc<Ground>,
        device: DeviceId,
        today: Date,
    ) -> Result<Vec<FindingView>, AppError> {
        let reader = Reader::new(self, ground, today);
        let stored = view.findings(FindingFilter::OfDevice(device))?;
        let mut views: Vec<FindingView> = stored.iter().map(|stored| reader.view(stored)).collect();
        sort(&mut views);
        Ok(views)
    }

    pub(crate) fn read_findings_by_key(
        &self,
        keys: &[FindingKey],
        today: Date,
    ) -> Result<Vec<FindingView>, AppError> {
        self.facility()?.read(|view| {
            let reader = Reader::new(self, self.ground(view)?, today);
            let mut views = Vec::with_capacity(keys.len());
            for key in keys {
                let standing =
                    view.finding(key)?.into_iter().find(|stored| stored.closed.is_none());
                views.extend(standing.map(|stored| reader.view(&stored)));
            }
            Ok(views)
        })
    }

    /// Everything that was ever decided about the finding `key`, the newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::NoFinding`] where that is no key, and what the store says.
    pub fn finding_history(&self, key: &str) -> Result<Vec<DecisionView>, AppError> {
        let wanted: FindingKey = key.parse().map_err(|_| AppError::NoFinding(key.to_owned()))?;
        let history = self.facility()?.read(|view| view.finding_history(&wanted))?;
        Ok(history.iter().rev().map(decision_view).collect())
    }

    /// The finding `key` as it stands, or as it stood last.
    ///
    /// # Errors
    ///
    /// [`AppError::NoFinding`], and what the store says.
    pub fn finding(&self, key: &str, today: Date) -> Result<FindingView, AppError> {
        let missing = || AppError::NoFinding(key.to_owned());
        let wanted: FindingKey = key.parse().map_err(|_| missing())?;
        self.facility()?.read(|view| {
            let wanted = follow(view, wanted)?;
            let stored = view.finding(&wanted)?;
            let open = stored.iter().find(|stored| stored.closed.is_none());
            let stored = open.or(stored.last()).ok_or_else(missing)?;
            Ok(Reader::new(self, self.ground(view)?, today).view(stored))
        })
    }

    pub(crate) fn read_findings(
        &self,
        filter: FindingFilter,
        today: Date,
    ) -> Result<Vec<FindingView>, AppError> {
        self.facility()?.read(|view| {
            let reader = Reader::new(self, self.ground(view)?, today);
            let mut views: Vec<FindingView> =
                view.findings(filter)?.iter().map(|stored| reader.view(stored)).collect();
            sort(&mut views);
            Ok(views)
        })
    }

    pub(crate) fn read_gone(
        &self,
        day: Date,
        most: usize,
    ) -> Result<(usize, Vec<FindingView>), AppError> {
        self.facility()?.read(|view| {
            let reader = Reader::new(self, self.ground(view)?, day);
            let (count, gone) = view.closed_on(day, most)?;
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            Ok((count, gone.iter().map(|stored| reader.view(stored)).collect()))
        })
    }

    /// Keeps a decision about the finding `key`, which must stand.
    ///
    /// # Errors
    ///
    /// [`AppError::NoFinding`], [`AppError::Decision`] where something is missing, and what the store says.
    pub fn decide(&self, key: &str, choice: Choice, act: &Act) -> Result<FindingView, AppError> {
        let today = engine::known::JAPAN.to_datetime(act.now).date();
        check(&choice, today)?;
        let detail = json!({
            "state": choice.state.key(),
            "until": choice.until.map(|until| until.to_string()),
            "reason": choice.reason,
        });
        let entry = act.entry("decide", format!("finding:{key}"), &detail);
        self.facility()?.change(entry, |change| {
            let wanted: FindingKey =
                key.parse().map_err(|_| AppError::NoFinding(key.to_owned()))?;
            let wanted = follow(change.view(), wanted)?;
            let standing =
                change.view().finding(&wanted)?.into_iter().find(|stored| stored.closed.is_none());
            let stored = standing.ok_or_else(|| AppError::NoFinding(key.to_owned()))?;
            change.decide_finding(&FindingDecision {
                key: wanted,
                state: choice.state,
                until: choice.until,
                reason: choice.reason,
                by: act.actor.to_string(),
                at: act.now,
                basis: stored.finding.basis,
            })?;
            Ok(Reader::new(self, Arc::new(Ground::load(change.view())?), today).view(&stored))
        })
    }
}

/// What a decision must have.
pub(crate) fn check(choice: &Choice, today: Date) -> Result<(), AppError> {
    if choice.reason.trim().is_empty() {
        return Err(AppError::Decision(msg!("app.decision_reason")));
    }
    // A decision that is over when it is made would be kept, and hold for nothing.
    if let Some(until) = choice.until.filter(|until| *until < today) {
        return Err(AppError::Decision(msg!("app.decision_over", until = until)));
    }
    match choice.state {
        FindingState::Closed => Err(AppError::Decision(msg!("app.decision_closed"))),
        FindingState::Accepted if choice.until.is_none() => {
            Err(AppError::Decision(msg!("app.decision_until")))
        }
        _ => Ok(()),
    }
}

/// The key with the id its device has now: a decision follows a merge.
pub(crate) fn follow(view: &View, mut key: FindingKey) -> Result<FindingKey, AppError> {
    if let Some(id) = key.subject.device() {
        key.subject = key.subject.of_device(view.device_id(id)?.unwrap_or(id));
    }
    Ok(key)
}

fn row(known: &Known<'_>, finding: &Finding) -> FindingRow {
    // In an order that does not depend on the order of import.
    let mut places: Vec<_> = finding
        .evidence
        .iter()
        .filter_map(|at| {
            let source = &known.world.import(at.import)?.import.source;
            Some((source, &known.world.observation(*at)?.place, at))
        })
        .collect();
    places.sort();
    let evidence: Vec<Value> = places
        .into_iter()
        .map(|(_, place, at)| json!([at.import.0, at.seq, place.to_string()]))
        .collect();
    FindingRow {
        key: finding.key.clone(),
        severity: finding.severity,
        device: finding.device,
        basis: finding.basis,
        messages: json!({
            "title": words::to_json(&finding.title),
            "reason": words::to_json(&finding.reason),
            "remedy": words::to_json(&finding.remedy),
            "evidence": evidence,
        })
        .to_string(),
    }
}

/// The most urgent first, then by rule and subject.
fn sort(views: &mut [FindingView]) {
    let rank = |view: &FindingView| Severity::from_key(&view.severity).map(std::cmp::Reverse);
    views.sort_by(|one, other| {
        (rank(one), &one.rule, &one.title, &one.key).cmp(&(
            rank(other),
            &other.rule,
            &other.title,
            &other.key,
        ))
    });
}

/// The last decision about each finding, by its key as it is now.
pub(crate) fn decisions(view: &View) -> Result<BTreeMap<String, FindingDecision>, AppError> {
    let mut decisions: BTreeMap<String, FindingDecision> = BTreeMap::new();
    for decision in view.finding_decisions()? {
        let key = follow(view, decision.key.clone())?.to_string();
        let newer = decisions.get(&key).is_none_or(|known| known.at <= decision.at);
        if newer {
            decisions.insert(key, decision);
        }
    }
    Ok(decisions)
}

/// What [`row`] keeps of a finding beside its key; nothing where that cannot be read.
#[derive(Deserialize, Default)]
struct Words {
    title: Kept,
    reason: Kept,
    remedy: Kept,
    /// Import, number and place of each observation it rests on.
    evidence: Vec<(u32, u32, String)>,
}

/// Turns kept findings into views: says their sentences, and looks up what was decided.
struct Reader<'a> {
    app: &'a App,
    today: Date,
    ground: Arc<Ground>,
}

impl<'a> Reader<'a> {
    fn new(app: &'a App, ground: Arc<Ground>, today: Date) -> Self {
        Self { app, today, ground }
    }

    fn view(&self, stored: &StoredFinding) -> FindingView {
        let finding = &stored.finding;
        let words: Words = serde_json::from_str(&finding.messages).unwrap_or_default();
        let say = |message: &Kept| self.app.catalogue().say(&message.0);
        let key = finding.key.to_string();
        let decided = self.ground.decisions.get(&key);
        let holding = decided.filter(|decision| decision.holds(finding.basis, self.today));
        let state = match (stored.closed, holding) {
            (Some(_), _) => FindingState::Closed,
            (None, Some(decision)) => decision.state,
            (None, None) => FindingState::Open,
        };
        let is_open = state == FindingState::Open;
        let lapsed = decided.filter(|_| is_open && holding.is_none());
        FindingView {
            rule: finding.key.rule.to_string(),
            severity: finding.severity.key().to_owned(),
            device_id: finding.device.map(|id| id.to_string()),
            subject: finding.key.subject.to_string(),
            key,
            title: say(&words.title),
            reason: say(&words.reason),
            remedy: say(&words.remedy),
            evidence: words.evidence.into_iter().map(|at| self.evidence(at)).collect(),
            state: state.key().to_owned(),
            decision: holding.map(decision_view),
            lapsed: lapsed.and_then(|decision| self.lapsed(decision)),
            opened: stored.opened.to_string(),
            closed: stored.closed.map(|day| day.to_string()),
        }
    }

    /// Why `decision` holds no more; none where it was to be open.
    fn lapsed(&self, decision: &FindingDecision) -> Option<String> {
        if decision.state == FindingState::Open {
            return None;
        }
        let state = Term(format!("finding_state.{}", decision.state.key()).into());
        let message = match decision.until.filter(|until| *until < self.today) {
            Some(until) => msg!("app.decision_ended", state = state, until = until),
            None => msg!("app.decision_outdated", state = state),
        };
        Some(self.app.catalogue().say(&message))
    }

    fn evidence(&self, (import, _, place): (u32, u32, String)) -> EvidenceView {
        let source = self.ground.sources.get(&ImportId(import)).cloned().unwrap_or_default();
        EvidenceView { import, source, place }
    }
}

fn decision_view(decision: &FindingDecision) -> DecisionView {
    DecisionView {
        state: decision.state.key().to_owned(),
        until: decision.until.map(|until| until.to_string()),
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        at: decision.at.to_string(),
    }
}
