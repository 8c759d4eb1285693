//! What stands today, small enough to be kept in memory: which findings, how urgent, and what was decided; their sentences are read
//! when they are shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use domain::{DeviceId, FindingKey, FindingState, RuleCode, Severity, Subject};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use store::{FindingHead, Round, View};

use crate::findings::decisions;
use crate::views::FindingView;
use crate::{App, AppError, FeedsAge};

/// One finding on the board, as it is lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardRow<'b> {
    /// The rule's code.
    pub rule: RuleCode,
    about: &'b About,
    /// How soon somebody should look.
    pub severity: Severity,
    /// `open`, or what was decided and still holds.
    pub state: FindingState,
    /// Day of the round that found it first.
    pub opened: Date,
    /// Until when what was decided holds.
    pub until: Option<Date>,
}

/// One finding as it is kept. A hospital has a hundred thousand of them, so that each byte of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    /// Where what it speaks of stands: a device has several findings.
    about: u32,
    rule: RuleCode,
    severity: Severity,
    state: FindingState,
    opened: Date,
}

/// What a finding speaks of, and the device whose chart it belongs on: for most that is the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum About {
    Device(DeviceId),
    Other(Box<(Subject, Option<DeviceId>)>),
}

impl BoardRow<'_> {
    /// Rule and subject.
    pub fn key(&self) -> FindingKey {
        FindingKey { rule: self.rule, subject: self.about.subject().into_owned() }
    }

    /// The device whose chart it belongs on.
    pub fn device(&self) -> Option<DeviceId> {
        match self.about {
            About::Device(id) => Some(*id),
            About::Other(other) => other.1,
        }
    }
}

impl About {
    fn new(subject: Subject, device: Option<DeviceId>) -> Self {
        match subject {
            Subject::Device(id) if device == Some(id) => Self::Device(id),
            subject => Self::Other(Box::new((subject, device))),
        }
    }

    fn subject(&self) -> Cow<'_, Subject> {
        match self {
            Self::Device(id) => Cow::Owned(Subject::Device(*id)),
            Self::Other(other) => Cow::Borrowed(&other.0),
        }
    }
}

/// What stands, as the last round left it and with what people decided since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The number of the record's last entry when it was made.
    pub moment: u64,
    /// Every finding that stands: the most urgent first, then by rule and subject.
    kept: Vec<Kept>,
    /// What they speak of, each once.
    abouts: Vec<About>,
    /// Until when what was decided holds, by the place of the finding; most have no such day.
    until: BTreeMap<u32, Date>,
    /// How many of each severity nobody has decided anything about that holds.
    open: BTreeMap<Severity, usize>,
    /// The day on which the oldest of them was found.
    oldest: Option<Date>,
    last: Option<Round>,
    /// How old what is at hand of vulnerabilities is, where that was asked for.
    pub feeds: Option<FeedsAge>,
}

/// A round that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoundRowView {
    /// Counted from 1.
    pub number: u32,
    /// The day it was done for.
    pub date: String,
    /// When it was run (RFC 3339, UTC).
    pub run_at: String,
    /// Findings that were new.
    pub new: u32,
    /// Findings that were gone.
    pub gone: u32,
    /// Findings that stood before.
    pub standing: u32,
    /// Hash of the record's last entry before the round.
    pub audit_head: String,
}

impl Board {
    /// How many findings somebody should look at today: urgent, and nobody has decided anything that holds.
    pub fn urgent(&self) -> usize {
        self.open_of(Severity::Urgent)
    }

    /// How many findings of a severity there are about which nothing is decided that holds.
    pub fn open_of(&self, severity: Severity) -> usize {
        self.open.get(&severity).copied().unwrap_or_default()
    }

    /// The day whose findings count as new: that of the last round, unless it was the first that found anything.
    pub fn newest(&self) -> Option<Date> {
        let last = self.last_round()?;
        self.oldest.is_some_and(|oldest| oldest < last).then_some(last)
    }

    /// Every finding that stands: the most urgent first, then by rule and subject.
    pub fn rows(&self) -> impl Iterator<Item = BoardRow<'_>> {
        self.kept.iter().zip(0..).map(|(kept, place)| BoardRow {
            rule: kept.rule,
            about: &self.abouts[kept.about as usize],
            severity: kept.severity,
            state: kept.state,
            opened: kept.opened,
            until: self.until.get(&place).copied(),
        })
    }

    /// How many they are.
    pub fn standing(&self) -> usize {
        self.kept.len()
    }

    /// The findings about which nothing is decided that holds.
    pub fn open(&self) -> impl Iterator<Item = BoardRow<'_>> {
        self.rows().filter(|row| row.state == FindingState::Open)
    }

    /// The day of the last round.
    pub fn last_round(&self) -> Option<Date> {
        self.last.as_ref().map(|round| round.date)
    }

    /// The last round.
    pub fn round(&self) -> Option<RoundRowView> {
        self.last.as_ref().map(round_view)
    }
}

impl App {
    /// What stands on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn board(&self, today: Date) -> Result<Board, AppError> {
        let board = self.facility()?.read(|view| {
            let feeds = Some(self.feeds_age(view)?);
            Ok::<_, AppError>(Board { feeds, ..board_of(view, today)? })
        })?;
        self.store.shrink()?;
        Ok(board)
    }

    /// The findings of these keys that stand, in the order of the keys.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn findings_by_key(
        &self,
        keys: &[FindingKey],
        today: Date,
    ) -> Result<Vec<FindingView>, AppError> {
        self.read_findings_by_key(keys, today)
    }

    /// The number of the record's last entry: whenever it is the same, all that is stored is the same.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn moment(&self) -> Result<u64, AppError> {
        Ok(self.facility()?.read(store::View::audit_head)?.0)
    }

    /// Every round that was done, the first of each day's last run first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn rounds(&self) -> Result<Vec<RoundRowView>, AppError> {
        let rounds = self.facility()?.read(store::View::rounds)?;
        let by_day: BTreeMap<Date, Round> =
            rounds.into_iter().map(|round| (round.date, round)).collect();
        Ok(by_day.values().map(round_view).collect())
    }
}

/// What stands in `view` on `today`.
pub(crate) fn board_of(view: &View, today: Date) -> Result<Board, AppError> {
    let decisions = decisions(view)?;
    let (mut kept, mut abouts) = (Vec::new(), Vec::new());
    let mut places: HashMap<About, u32> = HashMap::new();
    view.each_standing(|head: FindingHead| {
        // Where nobody has decided anything, no key need be written out.
        let key = (!decisions.is_empty()).then(|| head.key.to_string());
        let decided = key.and_then(|key| decisions.get(&key));
        let holding = decided.filter(|decision| decision.holds(head.basis, today));
        let about = About::new(head.key.subject, head.device);
        let about = *places.entry(about).or_insert_with_key(|about| {
            abouts.push(about.clone());
            abouts.len() as u32 - 1
        });
        let row = Kept {
            about,
            rule: head.key.rule,
            severity: head.severity,
            state: holding.map_or(FindingState::Open, |decision| decision.state),
            opened: head.opened,
        };
        kept.push((row, holding.and_then(|decision| decision.until)));
        Ok::<_, AppError>(())
    })?;
    drop(places);
    let place = |row: &Kept| (row.rule, abouts[row.about as usize].subject());
    kept.sort_by(|(one, _), (other, _)| {
        (other.severity, place(one)).cmp(&(one.severity, place(other)))
    });
    let until = kept.iter().zip(0..).filter_map(|((_, until), at)| Some((at, (*until)?)));
    let until = until.collect();
    // Of its own, so that the room of what was gathered goes back whole.
    let kept: Vec<Kept> = kept.iter().map(|(row, _)| *row).collect();
    abouts.shrink_to_fit();
    let mut open = BTreeMap::new();
    for row in kept.iter().filter(|row| row.state == FindingState::Open) {
        *open.entry(row.severity).or_default() += 1;
    }
    let oldest = kept.iter().map(|row| row.opened).min();
    Ok(Board {
        moment: view.audit_head()?.0,
        kept,
        abouts,
        until,
        open,
        oldest,
        last: view.last_round()?,
        feeds: None,
    })
}

pub(crate) fn round_view(round: &Round) -> RoundRowView {
    RoundRowView {
        number: round.number,
        date: round.date.to_string(),
        run_at: round.run_at.to_string(),
        new: round.new,
        gone: round.gone,
        standing: round.standing,
        audit_head: round.audit_head.to_string(),
    }
}

/// The day in Japan at a moment.
pub fn day_of(at: Timestamp) -> Date {
    engine::known::JAPAN.to_datetime(at).date()
}

/// The moment of a clock in Japan: `2026-11-20T06:00`, with seconds or without; a day alone counts from its end.
pub fn moment_of_clock(text: &str) -> Option<Timestamp> {
    engine::world::local_time(text)
}

/// The hour of the day in Japan at a moment.
pub fn hour_of(at: Timestamp) -> i8 {
    engine::known::JAPAN.to_datetime(at).hour()
}

/// The moment as a clock in Japan shows it, to the minute: `2026-11-20 06:00`.
pub fn clock_of(at: Timestamp) -> String {
    engine::known::JAPAN.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The moment in Japan as it can stand in the name of a file: `20261120-090000`.
pub fn stamp_of(at: Timestamp) -> String {
    engine::known::JAPAN.to_datetime(at).strftime("%Y%m%d-%H%M%S").to_string()
}
