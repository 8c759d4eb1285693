//! Inquiries as pages and scripts show them.

use domain::{
    AskedVulnerability, Inquiry, InquiryItem, InquiryState, InquiryStep, KeptFile, Message, msg,
};
use jiff::civil::Date;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

use super::letter::letter;
use crate::MatterStepView;
use crate::matter::history;

/// An inquiry.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InquiryView {
    /// Its number.
    pub number: u32,
    /// How many steps were taken: whoever changes it says how many they saw.
    pub steps: u32,
    /// `draft`, `sent`, `answered_in_part`, `answered`, `withdrawn`.
    pub state: String,
    /// Whether it waits for an answer whose day is over.
    pub overdue: bool,
    /// To whom.
    pub vendor: String,
    /// Who asks.
    pub contact: String,
    /// What the hospital added in its own words.
    pub note: String,
    /// The product's mark, by which findings know it.
    pub mark: String,
    /// What people call the product.
    pub product: String,
    /// Devices that ran it when it was drafted.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// The day on which it was drafted last.
    pub drafted: String,
    /// Until when an answer is waited for.
    pub due: String,
    /// How it was sent.
    pub sent: Option<SendingView>,
    /// What is asked about, with what is answered.
    pub asked: Vec<AskedView>,
    /// Items that are not answered.
    pub missing: u64,
    /// Why an answer is waited for no more.
    pub withdrawn: Option<String>,
    /// The letter, to be copied.
    pub letter: String,
    /// Its steps, the first first.
    pub history: Vec<MatterStepView>,
}

/// How an inquiry was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SendingView {
    /// On which day.
    pub on: String,
    /// To whom.
    pub to: String,
    /// How.
    pub way: String,
}

/// A vulnerability that is asked about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AskedView {
    /// Its number.
    pub id: String,
    /// `critical`, `high`, `medium`, `low`, `none`, `unknown`, as it was known when the letter was drafted.
    pub severity: String,
    /// The score, likewise.
    pub score: Option<f64>,
    /// Since when it is known to be exploited.
    pub exploited: Option<String>,
    /// Whether it is known to be used by ransomware.
    pub ransomware: bool,
    /// The items, in the order of the letter.
    pub items: Vec<ItemView>,
}

/// What is asked of a vulnerability, and what is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemView {
    /// The item, by key: `resolution_schedule`, `resolution_method`, `score`, `exploitability_index`, `exploit_method`,
    /// `interim_mitigation`.
    pub item: String,
    /// What is answered; none where nothing is.
    pub answer: Option<ItemAnswerView>,
}

/// The vendor's word on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemAnswerView {
    /// The vendor's words.
    pub text: String,
    /// Who entered them.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// The file that they were read from; none where they were typed.
    pub file: Option<String>,
    /// The digest of that file, which is kept.
    pub evidence: Option<String>,
}

pub(super) fn view(inquiry: &Inquiry, today: Date, texts: &Catalogue) -> InquiryView {
    let draft = &inquiry.draft;
    InquiryView {
        number: inquiry.number,
        steps: inquiry.steps.len() as u32,
        state: inquiry.state().key().to_owned(),
        overdue: inquiry.is_overdue(today),
        vendor: draft.vendor.clone(),
        contact: draft.contact.clone(),
        note: draft.note.clone(),
        mark: draft.facts.mark.clone(),
        product: draft.facts.product.clone(),
        devices: draft.facts.devices,
        medical: draft.facts.medical,
        drafted: inquiry.drafted_on.to_string(),
        due: inquiry.due.to_string(),
        sent: inquiry.sent.as_ref().map(|sent| SendingView {
            on: sent.on.to_string(),
            to: sent.to.clone(),
            way: sent.way.clone(),
        }),
        asked: draft.facts.asked.iter().map(|asked| asked_view(inquiry, asked)).collect(),
        missing: inquiry.missing() as u64,
        withdrawn: inquiry.withdrawn.clone(),
        letter: letter(inquiry, texts),
        history: history(&inquiry.steps, texts, told, file),
    }
}

fn asked_view(inquiry: &Inquiry, asked: &AskedVulnerability) -> AskedView {
    let item = |item: &InquiryItem| ItemView {
        item: item.key().to_owned(),
        answer: inquiry.answer(&asked.id, *item).map(|answered| ItemAnswerView {
            text: answered.text.clone(),
            by: answered.by.clone(),
            at: answered.at.to_string(),
            file: answered.file.as_ref().map(|file| file.name.clone()),
            evidence: answered.file.as_ref().map(|file| file.evidence.to_string()),
        }),
    };
    AskedView {
        id: asked.id.clone(),
        severity: asked.severity.clone(),
        score: asked.score.map(|tenths| f64::from(tenths) / 10.0),
        exploited: asked.exploited.clone(),
        ransomware: asked.ransomware,
        items: InquiryItem::ALL.iter().map(item).collect(),
    }
}

fn file(step: &InquiryStep) -> Option<&KeptFile> {
    match step {
        InquiryStep::Answers(_, file) => file.as_ref(),
        _ => None,
    }
}

/// The step as a sentence.
fn told(step: &InquiryStep) -> Message {
    match step {
        InquiryStep::Draft(draft) => {
            msg!(
                "inquiry.step.draft",
                vendor = &draft.vendor,
                count = draft.facts.asked.len(),
                due = draft.due
            )
        }
        InquiryStep::Sent(sent) => {
            msg!("inquiry.step.sent", day = sent.on, to = &sent.to, way = &sent.way)
        }
        InquiryStep::Due(due) => msg!("inquiry.step.due", due = *due),
        InquiryStep::Answers(answers, None) => {
            msg!("inquiry.step.answers", count = answers.len())
        }
        InquiryStep::Answers(answers, Some(file)) => {
            msg!("inquiry.step.answers_file", count = answers.len(), file = &file.name)
        }
        InquiryStep::Withdrawn(reason) => msg!("inquiry.step.withdrawn", reason = reason),
    }
}

/// The most urgent first: what is late, then what waits, by its day; then drafts; then what is done, the newest first.
pub(super) fn sort(inquiries: &mut [Inquiry], today: Date) {
    let rank = |inquiry: &Inquiry| match inquiry.state() {
        InquiryState::Sent | InquiryState::PartlyAnswered => 0,
        InquiryState::Draft => 1,
        InquiryState::Answered => 2,
        InquiryState::Withdrawn => 3,
    };
    inquiries.sort_by_key(|inquiry| {
        let waits = rank(inquiry) < 2;
        let due = waits.then_some(inquiry.due);
        (!inquiry.is_overdue(today), rank(inquiry), due, std::cmp::Reverse(inquiry.number))
    });
}
