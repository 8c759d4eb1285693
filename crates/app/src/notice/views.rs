//! Notices as pages and scripts show them.

use domain::{KeptFile, Message, Notice, NoticeState, NoticeStep, msg};
use jiff::civil::Date;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

use crate::MatterStepView;
use crate::matter::history;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeView {
    /// Its number, which is drawn and not counted.
    pub number: u32,
    /// How many steps were taken: whoever changes it says how many they saw.
    pub steps: u32,
    /// `untriaged`, `to_answer`, `answered`, `settled`, `withdrawn`.
    pub state: String,
    /// Whether its answer is late.
    pub late: bool,
    /// `ceptoar`, `ministry`, `authority`, `vendor`.
    pub sender: String,
    /// The sender's name.
    pub name: String,
    /// The title.
    pub title: String,
    /// On which day it was sent.
    pub sent: String,
    /// On which day it was taken in.
    pub taken: String,
    /// How it came.
    pub way: String,
    /// Its text.
    pub text: String,
    /// The file it came as.
    pub file: Option<String>,
    /// The digest of that file, which is kept.
    pub evidence: Option<String>,
    /// Whom to answer; none where no answer is asked for.
    pub to: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// The mark of the sender: `red`, `amber_strict`, `amber`, `green`, `clear`.
    pub tlp: Option<String>,
    /// Who alone may read it, while that is so.
    pub embargo: Option<EmbargoView>,
    /// What people say it means.
    pub meant: Vec<MeantView>,
    /// Why it means nothing that the hospital has.
    pub none_of_ours: Option<String>,
    /// What was answered, the first first.
    pub answers: Vec<NoticeAnswerView>,
    /// Why it should not have been taken in.
    pub withdrawn: Option<String>,
    /// Its steps, the first first.
    pub history: Vec<MatterStepView>,
}

/// Who alone may read a notice, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EmbargoView {
    /// The day on which everybody may; none where an act must lift it.
    pub until: Option<String>,
    /// The roles that may before.
    pub roles: Vec<String>,
}

/// Something that a notice means, as a person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MeantView {
    /// Its name for scripts.
    pub what: String,
    /// What people call it.
    pub label: String,
    /// How many devices it was on that day.
    pub devices: u64,
    /// How many of them were medical devices.
    pub medical: u64,
}

/// What was done and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeAnswerView {
    /// On which day.
    pub on: String,
    /// Whom.
    pub to: String,
    /// What was done.
    pub done: String,
    /// The answer, as it was sent.
    pub text: String,
}

pub(super) fn view(notice: &Notice, today: Date, texts: &Catalogue) -> NoticeView {
    let draft = &notice.draft;
    NoticeView {
        number: notice.number,
        steps: notice.steps.len() as u32,
        state: notice.state().key().to_owned(),
        late: notice.late_since(today).is_some(),
        sender: draft.sender.key().to_owned(),
        name: draft.name.clone(),
        title: draft.title.clone(),
        sent: draft.sent_on.to_string(),
        taken: notice.taken_on.to_string(),
        way: draft.way.clone(),
        text: draft.text.clone(),
        file: draft.file.as_ref().map(|file| file.name.clone()),
        evidence: draft.file.as_ref().map(|file| file.evidence.to_string()),
        to: draft.answer.as_ref().map(|asked| asked.to.clone()),
        due: notice.due.map(|due| due.to_string()),
        tlp: draft.tlp.map(|tlp| tlp.key().to_owned()),
        embargo: notice.embargo_on(today).map(|embargo| EmbargoView {
            until: embargo.until.map(|until| until.to_string()),
            roles: embargo.roles.iter().map(|role| role.key().to_owned()).collect(),
        }),
        meant: notice
            .meant()
            .map(|verdict| MeantView {
                what: verdict.what.to_string(),
                label: verdict.label.clone(),
                devices: verdict.devices,
                medical: verdict.medical,
            })
            .collect(),
        none_of_ours: notice.none_of_ours.clone(),
        answers: notice
            .answers
            .iter()
            .map(|answer| NoticeAnswerView {
                on: answer.on.to_string(),
                to: answer.to.clone(),
                done: answer.done.clone(),
                text: answer.text.clone(),
            })
            .collect(),
        withdrawn: notice.withdrawn.clone(),
        history: history(&notice.steps, texts, told, file),
    }
}

fn file(step: &NoticeStep) -> Option<&KeptFile> {
    match step {
        NoticeStep::Taken(draft) => draft.file.as_ref(),
        _ => None,
    }
}

/// The step as a sentence.
fn told(step: &NoticeStep) -> Message {
    match step {
        NoticeStep::Taken(draft) => {
            msg!("notice.step.taken", sender = &draft.name, title = &draft.title)
        }
        NoticeStep::Triage(verdicts) => {
            let meant = verdicts.iter().filter(|verdict| verdict.is_meant).count();
            msg!("notice.step.triage", meant = meant, not_meant = verdicts.len() - meant)
        }
        NoticeStep::NoneOfOurs(reason) => msg!("notice.step.none", reason = reason),
        NoticeStep::Due(due) => msg!("notice.step.due", due = *due),
        NoticeStep::Answered(answer) => {
            msg!("notice.step.answered", day = answer.on, to = &answer.to)
        }
        NoticeStep::Embargo(embargo) => match embargo.until {
            Some(until) => msg!("notice.step.embargo", until = until),
            None => msg!("notice.step.embargo_open_end"),
        },
        NoticeStep::Lifted(reason) => msg!("notice.step.lifted", reason = reason),
        NoticeStep::Withdrawn(reason) => msg!("notice.step.withdrawn", reason = reason),
    }
}

/// What is late first, then what waits, by its day; then what is done, what was sent last first.
pub(super) fn sort(notices: &mut [Notice], today: Date) {
    let rank = |notice: &Notice| match notice.state() {
        NoticeState::Untriaged | NoticeState::ToAnswer => 0,
        NoticeState::Answered | NoticeState::Settled => 1,
        NoticeState::Withdrawn => 2,
    };
    notices.sort_by_key(|notice| {
        let due = notice.due.filter(|_| notice.is_open());
        let newest = std::cmp::Reverse((notice.draft.sent_on, notice.number));
        (notice.late_since(today).is_none(), rank(notice), due.is_none(), due, newest)
    });
}
