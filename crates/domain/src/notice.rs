//! Notices (お知らせ): what 医療セプター, a ministry, another authority or a vendor sent round, which of the hospital's devices it means,
//! and what was answered.
//!
//! What is under embargo is kept as any other notice is, with the roles that may read it. Who may read is decided in one place of `app`;
//! here stands only whether an embargo is in force on a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::advisory::Confidence;
use crate::matter::{KeptFile, Stepped};
use crate::vocabulary::words;

mod embargo;
mod meant;
mod refusal;

pub use embargo::{Embargo, Tlp};
pub use meant::{Meant, MeantError};
pub use refusal::NoticeRefusal;

words! {
    /// Who sends such notices.
    NoticeSender {
        /// Another authority, such as JPCERT/CC or IPA.
        Authority = "authority",
        /// 医療セプター (CEPTOAR).
        Ceptoar = "ceptoar",
        /// 厚生労働省.
        Ministry = "ministry",
        /// A maker, or a company that looks after devices.
        Vendor = "vendor",
    }
}

words! {
    /// Where a notice stands. It follows from its steps, and nobody sets it.
    NoticeState {
        /// 回答済み.
        Answered = "answered",
        /// 確認済み: it is known which devices are meant, and no answer is asked for.
        Settled = "settled",
        /// 回答待ち: it is known which devices are meant, and the answer was not given.
        ToAnswer = "to_answer",
        /// 未確認: nobody has said which devices are meant.
        Untriaged = "untriaged",
        /// 取り消し: it should not have been taken in.
        Withdrawn = "withdrawn",
    }
}

/// An answer that the sender asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerAsked {
    /// Whom to answer, and how.
    pub to: String,
    /// By when.
    pub due: Date,
}

/// A notice as it is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDraft {
    /// What kind of sender.
    pub sender: NoticeSender,
    /// The sender's name.
    pub name: String,
    /// The title.
    pub title: String,
    /// On which day it was sent.
    pub sent_on: Date,
    /// How it came: by mail, by post, on a page.
    pub way: String,
    /// Its text; empty where only a file was kept.
    pub text: String,
    /// The file it came as.
    pub file: Option<KeptFile>,
    /// The answer that is asked for; none where none is.
    pub answer: Option<AnswerAsked>,
    /// The mark of the sender on whom it may be told.
    pub tlp: Option<Tlp>,
    /// Who alone may read it, and until when; none where everybody may.
    pub embargo: Option<Embargo>,
}

/// What a person says of one thing that a notice may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriageVerdict {
    /// The thing.
    pub what: Meant,
    /// What people called it.
    pub label: String,
    /// Whether the notice means it.
    pub is_meant: bool,
    /// How sure the proposal was; none where a person named it.
    pub confidence: Option<Confidence>,
    /// Why it was proposed, or why the person says so.
    pub reason: String,
    /// How many devices it was on that day.
    pub devices: u64,
    /// How many of them were medical devices.
    pub medical: u64,
}

/// What was done and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeAnswer {
    /// On which day.
    pub on: Date,
    /// Whom.
    pub to: String,
    /// What was done about it.
    pub done: String,
    /// The answer, as it was sent.
    pub text: String,
}

/// What is done with a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeStep {
    /// It is taken in.
    Taken(NoticeDraft),
    /// A person says what it means and what not; a later word on a thing takes the place of an earlier one.
    Triage(Vec<TriageVerdict>),
    /// It means nothing that the hospital has, for this reason.
    NoneOfOurs(String),
    /// Another day is agreed on for the answer.
    Due(Date),
    /// It was answered.
    Answered(NoticeAnswer),
    /// The embargo lasts until another day, or lets others read.
    Embargo(Embargo),
    /// The embargo is lifted, for this reason. It never comes back: what was read cannot be called back.
    Lifted(String),
    /// It should not have been taken in, for this reason.
    Withdrawn(String),
}

/// A notice as its steps made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// By which it is named. It is drawn, not counted: a gap would tell of what a reader may not know of.
    pub number: u32,
    /// As it was taken in.
    pub draft: NoticeDraft,
    /// On which day that was.
    pub taken_on: Date,
    /// What people say of each thing.
    pub verdicts: BTreeMap<Meant, TriageVerdict>,
    /// Why it means nothing that the hospital has.
    pub none_of_ours: Option<String>,
    /// By when an answer is asked for.
    pub due: Option<Date>,
    /// What was answered, the first first.
    pub answers: Vec<NoticeAnswer>,
    /// Why it should not have been taken in.
    pub withdrawn: Option<String>,
    /// Every step, the first first.
    pub steps: Vec<Stepped<NoticeStep>>,
    embargo: Option<Embargo>,
}

type Checked = Result<(), NoticeRefusal>;

impl Notice {
    /// Things that one step of triage speaks of at most.
    pub const MOST_VERDICTS: usize = 500;

    /// The longest text of a field, in characters.
    pub const MOST_TEXT: usize = 2000;

    /// The longest text of a notice or of an answer, in characters.
    pub const MOST_LETTERS: usize = 20_000;

    /// Begins with the notice as it is taken in.
    ///
    /// # Errors
    ///
    /// [`NoticeRefusal`], why it cannot begin so.
    pub fn begin(number: u32, first: Stepped<NoticeStep>) -> Result<Self, NoticeRefusal> {
        let NoticeStep::Taken(draft) = &first.step else { return Err(NoticeRefusal::NotTaken) };
        check_draft(draft, first.day)?;
        Ok(Self {
            number,
            draft: draft.clone(),
            taken_on: first.day,
            verdicts: BTreeMap::new(),
            none_of_ours: None,
            due: draft.answer.as_ref().map(|asked| asked.due),
            answers: Vec::new(),
            withdrawn: None,
            embargo: draft.embargo.clone(),
            steps: vec![first],
        })
    }

    /// Takes the next step.
    ///
    /// # Errors
    ///
    /// [`NoticeRefusal`], why it cannot be taken; nothing is changed then.
    pub fn take(&mut self, next: Stepped<NoticeStep>) -> Checked {
        self.check(&next)?;
        match &next.step {
            NoticeStep::Taken(_) => {}
            NoticeStep::Triage(verdicts) => {
                if verdicts.iter().any(|verdict| verdict.is_meant) {
                    self.none_of_ours = None;
                }
                let by_thing = verdicts.iter().map(|one| (one.what.clone(), one.clone()));
                self.verdicts.extend(by_thing);
            }
            NoticeStep::NoneOfOurs(reason) => self.none_of_ours = Some(reason.clone()),
            NoticeStep::Due(due) => self.due = Some(*due),
            NoticeStep::Answered(answer) => self.answers.push(answer.clone()),
            NoticeStep::Embargo(embargo) => self.embargo = Some(embargo.clone()),
            NoticeStep::Lifted(_) => self.embargo = None,
            NoticeStep::Withdrawn(reason) => self.withdrawn = Some(reason.clone()),
        }
        self.steps.push(next);
        Ok(())
    }

    fn check(&self, next: &Stepped<NoticeStep>) -> Checked {
        if self.withdrawn.is_some() {
            return Err(NoticeRefusal::WasWithdrawn);
        }
        match &next.step {
            NoticeStep::Taken(_) => Err(NoticeRefusal::WasTaken),
            NoticeStep::Triage(verdicts) => check_verdicts(verdicts),
            NoticeStep::NoneOfOurs(_) if self.meant().next().is_some() => {
                Err(NoticeRefusal::SomeMeant)
            }
            NoticeStep::NoneOfOurs(reason) | NoticeStep::Withdrawn(reason) => {
                filled("reason", reason)
            }
            NoticeStep::Due(due) => self.check_due(*due, next.day),
            NoticeStep::Answered(answer) => self.check_answer(answer, next.day),
            NoticeStep::Embargo(_) | NoticeStep::Lifted(_)
                if self.embargo_on(next.day).is_none() =>
            {
                Err(NoticeRefusal::WasOpen)
            }
            NoticeStep::Embargo(embargo) => embargo.check(next.day),
            NoticeStep::Lifted(reason) => filled("reason", reason),
        }
    }

    fn check_due(&self, due: Date, today: Date) -> Checked {
        match self.due {
            None => Err(NoticeRefusal::NotAsked),
            Some(_) if !self.answers.is_empty() => Err(NoticeRefusal::WasAnswered),
            Some(_) if due < today => Err(NoticeRefusal::DueOver),
            Some(_) => Ok(()),
        }
    }

    fn check_answer(&self, answer: &NoticeAnswer, today: Date) -> Checked {
        if !self.is_triaged() {
            return Err(NoticeRefusal::NotTriaged);
        }
        filled("to", &answer.to)?;
        fits("done", &answer.done)?;
        long_filled("answer", &answer.text)?;
        if answer.on > today || answer.on < self.draft.sent_on {
            return Err(NoticeRefusal::OutOfTime);
        }
        Ok(())
    }

    /// The embargo that is in force on `day`; none where everybody may read.
    pub fn embargo_on(&self, day: Date) -> Option<&Embargo> {
        self.embargo.as_ref().filter(|embargo| embargo.holds_on(day))
    }

    /// The things it means, as people said.
    pub fn meant(&self) -> impl Iterator<Item = &TriageVerdict> {
        self.verdicts.values().filter(|verdict| verdict.is_meant)
    }

    /// Whether somebody said which devices are meant, or that none are.
    pub fn is_triaged(&self) -> bool {
        self.none_of_ours.is_some() || self.meant().next().is_some()
    }

    /// Where it stands.
    pub fn state(&self) -> NoticeState {
        match (&self.withdrawn, self.answers.is_empty(), self.is_triaged(), self.due) {
            (Some(_), ..) => NoticeState::Withdrawn,
            (None, false, ..) => NoticeState::Answered,
            (None, true, false, _) => NoticeState::Untriaged,
            (None, true, true, Some(_)) => NoticeState::ToAnswer,
            (None, true, true, None) => NoticeState::Settled,
        }
    }

    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), NoticeState::Untriaged | NoticeState::ToAnswer)
    }

    /// By when it was to be answered, where that day is over and it was not.
    pub fn late_since(&self, today: Date) -> Option<Date> {
        self.due.filter(|due| self.is_open() && *due < today)
    }
}

fn check_draft(draft: &NoticeDraft, day: Date) -> Checked {
    filled("name", &draft.name)?;
    filled("title", &draft.title)?;
    filled("way", &draft.way)?;
    match &draft.file {
        None => long_filled("notice", &draft.text)?,
        Some(_) => long_fits("notice", &draft.text)?,
    }
    if draft.sent_on > day {
        return Err(NoticeRefusal::SentAhead);
    }
    if let Some(asked) = &draft.answer {
        filled("to", &asked.to)?;
        if asked.due < draft.sent_on {
            return Err(NoticeRefusal::DueOver);
        }
    }
    match &draft.embargo {
        Some(embargo) => embargo.check(day),
        None if draft.tlp == Some(Tlp::Red) => Err(NoticeRefusal::RedOpen),
        None => Ok(()),
    }
}

fn check_verdicts(verdicts: &[TriageVerdict]) -> Checked {
    if verdicts.is_empty() || verdicts.len() > Notice::MOST_VERDICTS {
        return Err(NoticeRefusal::Count);
    }
    let mut seen = BTreeSet::new();
    for verdict in verdicts {
        filled("label", &verdict.label)?;
        fits("reason", &verdict.reason)?;
        fits("label", &verdict.what.to_string())?;
        if !seen.insert(&verdict.what) {
            return Err(NoticeRefusal::Twice(verdict.label.clone()));
        }
    }
    Ok(())
}

fn filled(what: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() { Err(NoticeRefusal::Empty(what)) } else { fits(what, text) }
}

fn fits(what: &'static str, text: &str) -> Checked {
    within(what, text, Notice::MOST_TEXT)
}

fn long_filled(what: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() { Err(NoticeRefusal::Empty(what)) } else { long_fits(what, text) }
}

fn long_fits(what: &'static str, text: &str) -> Checked {
    within(what, text, Notice::MOST_LETTERS)
}

fn within(what: &'static str, text: &str, most: usize) -> Checked {
    if text.chars().count() > most { Err(NoticeRefusal::Long(what, most)) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
