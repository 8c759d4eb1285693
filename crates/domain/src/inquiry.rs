//! Inquiries (照会): what a vendor is asked about the vulnerabilities of one product, and what it answered.
//!
//! Six items are asked for, by the words of 手引書 (医療機関における医療機器のサイバーセキュリティ確保のための手引書, 令和5年3月31日)
//! 4.3④1): these must be learned from the vendor and judged.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::matter::{KeptFile, Stepped};
use crate::vocabulary::words;

mod refusal;

pub use refusal::InquiryRefusal;

words! {
    /// What is asked of each vulnerability, in the order of 手引書 4.3④1).
    InquiryItem {
        /// 脆弱性解決スケジュール.
        Schedule = "resolution_schedule",
        /// 脆弱性解決方法.
        Method = "resolution_method",
        /// 脆弱性スコア(CVSS).
        Score = "score",
        /// 悪用可能性指標.
        Exploitability = "exploitability_index",
        /// 悪用方法.
        ExploitMethod = "exploit_method",
        /// 暫定的なリスク緩和手法.
        Mitigation = "interim_mitigation",
    }
}

words! {
    /// Where an inquiry stands. It follows from its steps, and nobody sets it.
    InquiryState {
        /// 回答済み: every item of every vulnerability is answered.
        Answered = "answered",
        /// 下書き: not sent yet.
        Draft = "draft",
        /// 一部回答: something is answered, and something is not.
        PartlyAnswered = "answered_in_part",
        /// 送付済み: sent, and nothing is answered.
        Sent = "sent",
        /// 取り下げ: an answer is waited for no more.
        Withdrawn = "withdrawn",
    }
}

/// A vulnerability that is asked about, as it was known when the letter was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedVulnerability {
    /// Its number.
    pub id: String,
    /// `critical`, `high`, `medium`, `low`, `none` or `unknown`.
    pub severity: String,
    /// The score in tenths.
    pub score: Option<u16>,
    /// Since when it is known to be exploited (CISA KEV).
    pub exploited: Option<String>,
    /// Whether it is known to be used by ransomware.
    pub ransomware: bool,
}

/// What is known of the product on the day the letter is written. No address is among it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryFacts {
    /// The name of the hospital.
    pub facility: String,
    /// The product's mark, by which findings know it.
    pub mark: String,
    /// What people call the product, with its version.
    pub product: String,
    /// How many devices run it.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// What is asked about.
    pub asked: Vec<AskedVulnerability>,
}

/// A letter as it is drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryDraft {
    /// To whom.
    pub vendor: String,
    /// Who asks, and where an answer reaches them.
    pub contact: String,
    /// What the hospital adds in its own words.
    pub note: String,
    /// Until when an answer is asked for.
    pub due: Date,
    /// What is known.
    pub facts: InquiryFacts,
}

/// How a letter went out. A person sends it; this program sends nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// On which day.
    pub on: Date,
    /// To whom by name.
    pub to: String,
    /// How: by post, by mail, by hand.
    pub way: String,
}

/// What the vendor says of one item of one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAnswer {
    /// The vulnerability.
    pub id: String,
    /// The item.
    pub item: InquiryItem,
    /// The vendor's words.
    pub text: String,
}

/// What is done with an inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryStep {
    /// It is written, or written anew before it is sent.
    Draft(InquiryDraft),
    /// A person sent it.
    Sent(Sending),
    /// Another day is agreed on for the answer.
    Due(Date),
    /// The vendor answered; a later answer takes the place of an earlier one.
    Answers(Vec<ItemAnswer>, Option<KeptFile>),
    /// An answer is waited for no more, for this reason.
    Withdrawn(String),
}

/// An answer with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The vendor's words.
    pub text: String,
    /// Who entered them.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The file they were read from; none where they were typed.
    pub file: Option<KeptFile>,
}

/// An inquiry as its steps made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Counted from 1 in the facility.
    pub number: u32,
    /// The letter as it was drafted last.
    pub draft: InquiryDraft,
    /// The day on which it was drafted last: the facts are of that day.
    pub drafted_on: Date,
    /// How it was sent.
    pub sent: Option<Sending>,
    /// Until when an answer is waited for.
    pub due: Date,
    /// What is answered, by vulnerability and item.
    pub answers: BTreeMap<(String, InquiryItem), Answered>,
    /// Why an answer is waited for no more.
    pub withdrawn: Option<String>,
    /// Every step, the first first.
    pub steps: Vec<Stepped<InquiryStep>>,
}

type Checked = Result<(), InquiryRefusal>;

impl Inquiry {
    /// Vulnerabilities that one letter asks about.
    pub const MOST_ASKED: usize = 50;

    /// The longest text of a field, in characters.
    pub const MOST_TEXT: usize = 2000;

    /// Begins an inquiry with its first draft.
    ///
    /// # Errors
    ///
    /// [`InquiryRefusal`], why it cannot begin so.
    pub fn begin(number: u32, first: Stepped<InquiryStep>) -> Result<Self, InquiryRefusal> {
        let InquiryStep::Draft(draft) = &first.step else { return Err(InquiryRefusal::NoDraft) };
        check_draft(draft, first.day)?;
        Ok(Self {
            number,
            draft: draft.clone(),
            drafted_on: first.day,
            sent: None,
            due: draft.due,
            answers: BTreeMap::new(),
            withdrawn: None,
            steps: vec![first],
        })
    }

    /// Takes the next step.
    ///
    /// # Errors
    ///
    /// [`InquiryRefusal`], why it cannot be taken; nothing is changed then.
    pub fn take(&mut self, next: Stepped<InquiryStep>) -> Checked {
        self.check(&next)?;
        match &next.step {
            InquiryStep::Draft(draft) => {
                self.draft = draft.clone();
                (self.due, self.drafted_on) = (draft.due, next.day);
            }
            InquiryStep::Sent(sending) => self.sent = Some(sending.clone()),
            InquiryStep::Due(due) => self.due = *due,
            InquiryStep::Answers(answers, file) => {
                for answer in answers {
                    let answered = Answered {
                        text: answer.text.clone(),
                        by: next.by.clone(),
                        at: next.at,
                        file: file.clone(),
                    };
                    self.answers.insert((answer.id.clone(), answer.item), answered);
                }
            }
            InquiryStep::Withdrawn(reason) => self.withdrawn = Some(reason.clone()),
        }
        self.steps.push(next);
        Ok(())
    }

    fn check(&self, next: &Stepped<InquiryStep>) -> Checked {
        if self.withdrawn.is_some() {
            return Err(InquiryRefusal::WasWithdrawn);
        }
        match &next.step {
            InquiryStep::Draft(_) | InquiryStep::Sent(_) if self.sent.is_some() => {
                Err(InquiryRefusal::WasSent)
            }
            InquiryStep::Draft(draft) => check_draft(draft, next.day),
            InquiryStep::Sent(sending) => {
                filled("to", &sending.to).and_then(|()| filled("way", &sending.way))?;
                if sending.on > next.day { Err(InquiryRefusal::SentAhead) } else { Ok(()) }
            }
            InquiryStep::Due(_) | InquiryStep::Answers(..) if self.sent.is_none() => {
                Err(InquiryRefusal::NotSent)
            }
            InquiryStep::Due(_) | InquiryStep::Withdrawn(_) if self.missing() == 0 => {
                Err(InquiryRefusal::Complete)
            }
            InquiryStep::Due(due) if *due < next.day => Err(InquiryRefusal::DueOver),
            InquiryStep::Due(_) => Ok(()),
            InquiryStep::Answers(answers, _) => self.check_answers(answers),
            InquiryStep::Withdrawn(reason) => filled("reason", reason),
        }
    }

    fn check_answers(&self, answers: &[ItemAnswer]) -> Checked {
        if answers.is_empty() {
            return Err(InquiryRefusal::Empty("answers"));
        }
        for answer in answers {
            if !self.asks(&answer.id) {
                return Err(InquiryRefusal::NotAsked(answer.id.clone()));
            }
            filled("answers", &answer.text)?;
        }
        Ok(())
    }

    /// Whether it asks about the vulnerability of this number.
    pub fn asks(&self, id: &str) -> bool {
        self.draft.facts.asked.iter().any(|asked| asked.id == id)
    }

    /// What is answered of an item.
    pub fn answer(&self, id: &str, item: InquiryItem) -> Option<&Answered> {
        self.answers.get(&(id.to_owned(), item))
    }

    /// How many items are not answered.
    pub fn missing(&self) -> usize {
        self.draft.facts.asked.len() * InquiryItem::ALL.len() - self.answers.len()
    }

    /// Where it stands.
    pub fn state(&self) -> InquiryState {
        match (&self.withdrawn, &self.sent, self.missing()) {
            (Some(_), ..) => InquiryState::Withdrawn,
            (None, None, _) => InquiryState::Draft,
            (None, Some(_), 0) => InquiryState::Answered,
            (None, Some(_), _) if self.answers.is_empty() => InquiryState::Sent,
            (None, Some(_), _) => InquiryState::PartlyAnswered,
        }
    }

    /// Whether an answer is missing whose day is over.
    pub fn is_overdue(&self, today: Date) -> bool {
        let waits = matches!(self.state(), InquiryState::Sent | InquiryState::PartlyAnswered);
        waits && self.due < today
    }
}

fn check_draft(draft: &InquiryDraft, day: Date) -> Checked {
    filled("vendor", &draft.vendor)?;
    filled("contact", &draft.contact)?;
    fits("note", &draft.note)?;
    let asked = &draft.facts.asked;
    if asked.is_empty() || asked.len() > Inquiry::MOST_ASKED {
        return Err(InquiryRefusal::Count);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = asked.iter().find(|asked| !seen.insert(&asked.id)) {
        return Err(InquiryRefusal::Twice(twice.id.clone()));
    }
    if draft.due < day { Err(InquiryRefusal::DueOver) } else { Ok(()) }
}

fn filled(what: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() { Err(InquiryRefusal::Empty(what)) } else { fits(what, text) }
}

fn fits(what: &'static str, text: &str) -> Checked {
    if text.chars().count() > Inquiry::MOST_TEXT {
        return Err(InquiryRefusal::Long(what));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
