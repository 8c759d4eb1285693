//! Signing the day's round, and what was signed: 点検記録.

use std::collections::BTreeMap;

use domain::{CheckCounts, DailyCheck, Severity, msg};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use store::{FindingFilter, Round, View};

use crate::board::{board_of, round_view};
use crate::views::FindingView;
use crate::{Act, App, AppError, Board, RoundRowView, day_of};

/// The longest note, in characters.
const MOST_NOTE: usize = 2000;

/// A signature under a day's round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckView {
    /// The day that was looked at.
    pub day: String,
    /// Counted from 1 on each day.
    pub number: u32,
    /// Who signed, as the record names them.
    pub by: String,
    /// The person's name on that day.
    pub name: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Devices that were known.
    pub devices: u64,
    /// Urgent findings about which nothing was decided.
    pub urgent: u64,
    /// The same of warnings.
    pub warning: u64,
    /// The same of notices.
    pub notice: u64,
    /// What could not be judged.
    pub unknown: u64,
    /// Findings with a decision that held.
    pub decided: u64,
    /// Findings that were new on that day.
    pub new: u64,
    /// Findings that were gone on that day.
    pub gone: u64,
    /// What the person wrote to it.
    pub note: String,
    /// Hash of the record's last entry before the signature.
    pub audit_head: String,
}

/// A day with the round that was done for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundDayView {
    /// The day.
    pub date: String,
    /// The last round of that day.
    pub round: Option<RoundRowView>,
    /// Urgent findings that stood after it.
    pub urgent: u64,
    /// Who signed it.
    pub checks: Vec<CheckView>,
}

/// A day with what its round found, to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundPageView {
    /// The day.
    pub day: RoundDayView,
    /// Urgent findings that stood after its round, in the words of the last round that found them.
    pub urgent: Vec<FindingView>,
}

impl App {
    /// Signs today's round in the name of `name`, with a note that may be empty.
    ///
    /// # Errors
    ///
    /// [`AppError::Round`] where today's round was not done or the note is too long; and what the store says.
    pub fn sign_round(&self, name: &str, note: &str, act: &Act) -> Result<CheckView, AppError> {
        let today = day_of(act.now);
        let note = note.trim();
        if note.chars().count() > MOST_NOTE {
            return Err(AppError::Round(msg!("app.sign_note_long", most = MOST_NOTE)));
        }
        let entry = act.entry("round.sign", format!("round:{today}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let board = board_of(change.view(), today)?;
            if board.last_round() != Some(today) {
                return Err(AppError::Round(msg!("app.sign_no_round", day = today)));
            }
            let check = change.add_check(DailyCheck {
                day: today,
                number: 0,
                by: act.actor.to_string(),
                name: name.to_owned(),
                at: act.now,
                counts: counts(change.view(), &board, today)?,
                note: note.to_owned(),
                audit_head: domain::AuditLink::START,
            })?;
            let view = view(&check);
            change.detail(serde_json::to_string(&view).unwrap_or_default());
            Ok(view)
        })
    }

    /// The signatures under the round of `day`, the first first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn checks_of(&self, day: Date) -> Result<Vec<CheckView>, AppError> {
        let checks = self.facility()?.read(|store| store.checks_of(day))?;
        Ok(checks.iter().map(view).collect())
    }

    /// Every day of the month that `day` lies in.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn round_month(&self, day: Date) -> Result<Vec<RoundDayView>, AppError> {
        self.facility()?.read(|store| {
            let rounds = by_day(store)?;
            let checks = store.checks()?;
            let spans = store.spans(Severity::Urgent)?;
            let first = day.first_of_month();
            let days = (0..i32::from(day.days_in_month()))
                .filter_map(|after| first.checked_add(after.days()).ok());
            Ok(days
                .map(|day| {
                    let stood = spans.iter().filter(|(opened, closed)| {
                        *opened <= day && closed.is_none_or(|closed| closed > day)
                    });
                    RoundDayView {
                        date: day.to_string(),
                        round: rounds.get(&day).map(round_view),
                        urgent: stood.count() as u64,
                        checks: checks.iter().filter(|c| c.day == day).map(view).collect(),
                    }
                })
                .collect())
        })
    }

    /// The day `day` with what its round found; `None` where no round was done.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn round_page(&self, day: Date) -> Result<Option<RoundPageView>, AppError> {
        let Some(round) = self.facility()?.read(by_day)?.remove(&day) else { return Ok(None) };
        let urgent = self.read_findings(FindingFilter::StoodOn(Severity::Urgent, day), day)?;
        Ok(Some(RoundPageView {
            day: RoundDayView {
                date: day.to_string(),
                round: Some(round_view(&round)),
                urgent: urgent.len() as u64,
                checks: self.checks_of(day)?,
            },
            urgent,
        }))
    }

    /// How many findings the round of `day` did not find any more, and the `most` most urgent of them.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn gone_on(&self, day: Date, most: usize) -> Result<(usize, Vec<FindingView>), AppError> {
        self.read_gone(day, most)
    }
}

/// The last round of each day.
fn by_day(view: &View) -> Result<BTreeMap<Date, Round>, AppError> {
    Ok(view.rounds()?.into_iter().map(|round| (round.date, round)).collect())
}

fn counts(view: &View, board: &Board, day: Date) -> Result<CheckCounts, AppError> {
    let of = |severity| board.open().filter(|row| row.severity == severity).count() as u64;
    let mut devices = 0;
    view.each_device_detail(|_, _| {
        devices += 1;
        Ok::<_, AppError>(())
    })?;
    let severities = [Severity::Urgent, Severity::Warning, Severity::Notice, Severity::Unknown];
    Ok(CheckCounts {
        devices,
        open: severities.map(of),
        decided: (board.standing() - board.open().count()) as u64,
        new: board.rows().filter(|row| row.opened == day).count() as u64,
        gone: view.closed_on(day, 0)?.0,
    })
}

fn view(check: &DailyCheck) -> CheckView {
    let [urgent, warning, notice, unknown] = check.counts.open;
    CheckView {
        day: check.day.to_string(),
        number: check.number,
        by: check.by.clone(),
        name: check.name.clone(),
        at: check.at.to_string(),
        devices: check.counts.devices,
        urgent,
        warning,
        notice,
        unknown,
        decided: check.counts.decided,
        new: check.counts.new,
        gone: check.counts.gone,
        note: check.note.clone(),
        audit_head: check.audit_head.to_string(),
    }
}
