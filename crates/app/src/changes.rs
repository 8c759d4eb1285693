//! What changed on a day, and why: findings that came and went, and the acts behind them.

use domain::message::Arg;
use domain::{AuditLink, DeviceId, FindingKey, Message};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use store::View;

use crate::board::{Board, day_of};
use crate::chart::label;
use crate::notice::{Reader, may_hear};
use crate::story::encoded;
use crate::views::FindingView;
use crate::{App, AppError};

/// What changed on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangesView {
    /// The day.
    pub day: String,
    /// How many findings came.
    pub new_count: usize,
    /// Findings that came, the most urgent first.
    pub new: Vec<FindingView>,
    /// How many findings went.
    pub gone_count: usize,
    /// Findings that went.
    pub gone: Vec<FindingView>,
    /// What was done, the newest first.
    pub acts: Vec<ActView>,
    /// Whether more was done than is told.
    pub acts_more: bool,
}

/// Something somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActView {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who.
    pub by: String,
    /// What, as a sentence.
    pub text: String,
    /// Where more stands about it; empty where nothing does.
    pub link: String,
}

/// Findings of one day that are told.
const TOLD: usize = 60;

/// Acts of one day that are told.
const ACTS: usize = 200;

/// Entries of the record that are looked through for one day.
const ENTRIES: u64 = 20_000;

/// Entries that are read at once.
const AT_ONCE: u64 = 500;

impl App {
    /// What changed on `day` as `reader` may know of it, where `board` is what stands on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn changes(
        &self,
        day: Date,
        board: &Board,
        today: Date,
        reader: Reader,
    ) -> Result<ChangesView, AppError> {
        let came = || board.rows().filter(|row| row.opened == day);
        let keys: Vec<FindingKey> = came().take(TOLD).map(|row| row.key()).collect();
        let (gone_count, gone) = self.gone_on(day, TOLD)?;
        let (acts, acts_more) =
            self.facility()?.read(|view| self.acts(view, day, (reader, today)))?;
        Ok(ChangesView {
            day: day.to_string(),
            new_count: came().count(),
            new: self.findings_by_key(&keys, today)?,
            gone_count,
            gone,
            acts,
            acts_more,
        })
    }

    fn acts(
        &self,
        view: &View,
        day: Date,
        (reader, today): (Reader, Date),
    ) -> Result<(Vec<ActView>, bool), AppError> {
        let (last, _) = view.audit_head()?;
        let least = last.saturating_sub(ENTRIES);
        let mut acts = Vec::new();
        let mut end = last;
        while end > least {
            let start = end.saturating_sub(AT_ONCE).max(least);
            let entries = view.audit_entries(start + 1..=end)?;
            for link in entries.iter().rev().filter(|link| day_of(link.entry.at) == day) {
                if !may_hear(view, &link.entry.subject, reader, today)? {
                    continue;
                }
                acts.extend(self.act_view(view, link)?);
                if acts.len() > ACTS {
                    acts.truncate(ACTS);
                    return Ok((acts, true));
                }
            }
            // The record runs with time; what is older than the day need not be read.
            if entries.first().is_some_and(|link| day_of(link.entry.at) < day) {
                break;
            }
            end = start;
        }
        Ok((acts, false))
    }

    /// The entry as a sentence; `None` where it changed nothing of what is known or decided.
    fn act_view(&self, view: &View, link: &AuditLink) -> Result<Option<ActView>, AppError> {
        let entry = &link.entry;
        let key = format!("act.{}", entry.act);
        if !self.catalogue().knows(&key) {
            return Ok(None);
        }
        let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        let (_, name) = entry.subject.split_once(':').unwrap_or_default();
        let mut message = Message::new(key).with("subject", name.to_owned());
        for (word, value) in detail.as_object().into_iter().flatten() {
            if let Some(arg) = argument(word, value) {
                message.args.push((word.clone().into(), arg));
            }
        }
        if let Some(signs) = detail["signs"].as_array() {
            let pair: Vec<String> = signs
                .iter()
                .flat_map(|sign| sign.as_array().cloned().unwrap_or_else(|| vec![sign.clone()]))
                .filter_map(|sign| self.sign_name(view, sign.as_str()?))
                .collect();
            message = message.with("devices", pair);
        }
        let text = self.catalogue().say(&message);
        let to = target(&entry.act, name);
        let by = entry.actor.to_string();
        Ok(Some(ActView { at: entry.at.to_string(), by, text, link: to }))
    }

    /// What people call the device of a sign.
    fn sign_name(&self, view: &View, written: &str) -> Option<String> {
        let sign: domain::Sign = written.parse().ok()?;
        let id = DeviceId::of(sign.key());
        let known = view.device(id, |row, _| Ok::<_, AppError>(label(&row))).ok().flatten();
        Some(known.unwrap_or_else(|| self.sign_said(&sign)))
    }
}

/// A value of an entry's particulars as sentences take it.
fn argument(word: &str, value: &Value) -> Option<Arg> {
    Some(match (word, value) {
        ("state", Value::String(state)) => Arg::Term(format!("finding_state.{state}").into()),
        ("vex", Value::String(status)) => Arg::Term(format!("vex.{status}").into()),
        ("field", Value::String(field)) => Arg::Term(format!("field.{field}").into()),
        ("verdict", Value::String(verdict)) => Arg::Term(format!("verdict.{verdict}").into()),
        ("kind", Value::String(kind)) => Arg::Term(format!("format.{kind}").into()),
        (_, Value::String(text)) => Arg::Text(text.clone()),
        (_, Value::Number(number)) => Arg::Number(number.as_i64()?),
        _ => return None,
    })
}

/// The page that tells more of an act on `name`.
fn target(act: &str, name: &str) -> String {
    match act {
        "import" | "import.undo" | "import.redo" => format!("/imports/{}", encoded(name)),
        "decide" => format!("/findings/one?key={}", encoded(name)),
        "vex.decide" => format!("/vulnerability?id={}", encoded(name)),
        "vex.take_back" => "/vex".to_owned(),
        "device.accept" | "device.keep" => format!("/devices/{}", encoded(name)),
        "device.merge" | "device.split" | "device.apart" | "device.undo" => "/queue".to_owned(),
        act if act.starts_with("feeds.") => "/feeds".to_owned(),
        act if act.starts_with("change.") => format!("/planned-changes/{}", encoded(name)),
        act if act.starts_with("notice.") => format!("/notices/{}", encoded(name)),
        act if act.starts_with("inquiry.") => format!("/inquiries/{}", encoded(name)),
        "zone.set" | "zone.remove" => "/zones".to_owned(),
        "round" => "/findings".to_owned(),
        _ => String::new(),
    }
}
