//! What vendors answer: typed, or on the sheet that went with the letter, which is looked at before it counts.

use domain::{Digest, Inquiry, InquiryItem, InquiryStep, ItemAnswer, KeptFile, Stepped};
use schemars::JsonSchema;
use serde::Serialize;

use super::{InquiryView, kept, sheet};
use crate::matter::file_name;
use crate::{Act, App, AppError};

/// The largest answer sheet that is read, in bytes.
pub const MOST_SHEET_BYTES: usize = formats::answer_sheet::MOST_BYTES;

/// What would be taken in from a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswersPreview {
    /// Answers that are new or differ from what is known.
    pub answers: Vec<PreviewedAnswer>,
    /// How many say what is known already.
    pub same: u64,
    /// Cells that are not taken, each as a sentence with its address.
    pub refused: Vec<String>,
    /// Cells that are not taken beside those.
    pub refused_more: u64,
}

/// An answer on a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviewedAnswer {
    /// The address of its cell, such as `C8`.
    pub cell: String,
    /// The vulnerability.
    pub id: String,
    /// The item, by key.
    pub item: String,
    /// The vendor's words.
    pub text: String,
    /// What was known before; none where nothing was.
    pub before: Option<String>,
}

impl App {
    /// Keeps answers that a person typed. What is blank deletes nothing, and what is known already is not kept again.
    ///
    /// # Errors
    ///
    /// As [`App::redraft_inquiry`].
    pub fn answer_inquiry(
        &self,
        number: u32,
        seen: Option<u32>,
        answers: Vec<ItemAnswer>,
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        self.step(number, seen, act, "inquiry.answers", |_, inquiry| {
            Ok(InquiryStep::Answers(news(inquiry, answers), None))
        })
    }

    /// What would be taken in from the sheet `bytes`; nothing is changed.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`]; [`AppError::Inquiry`] where it is not the sheet of this inquiry; and what the store says.
    pub fn preview_answers(&self, number: u32, bytes: &[u8]) -> Result<AnswersPreview, AppError> {
        let inquiry = self.facility()?.read(|view| kept::inquiry(view, number))?;
        let filled = sheet::read(&inquiry, bytes).map_err(AppError::Inquiry)?;
        let all = filled.answers.len();
        let fresh = filled.answers.into_iter().filter(|found| is_new(&inquiry, &found.answer));
        let answers: Vec<PreviewedAnswer> = fresh
            .map(|found| PreviewedAnswer {
                before: inquiry
                    .answer(&found.answer.id, found.answer.item)
                    .map(|answer| answer.text.clone()),
                cell: found.cell,
                id: found.answer.id,
                item: found.answer.item.key().to_owned(),
                text: found.answer.text,
            })
            .collect();
        Ok(AnswersPreview {
            same: (all - answers.len()) as u64,
            answers,
            refused: filled.refused.iter().map(|why| self.catalogue().say(why)).collect(),
            refused_more: filled.refused_more as u64,
        })
    }

    /// Takes in what the sheet `bytes` answers, and keeps the file. Cells that cannot be taken are left out.
    ///
    /// # Errors
    ///
    /// As [`App::preview_answers`] and [`App::redraft_inquiry`].
    pub fn take_answers(
        &self,
        number: u32,
        seen: Option<u32>,
        (name, bytes): (&str, &[u8]),
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        let name = file_name(name);
        self.step(number, seen, act, "inquiry.answers", |change, inquiry| {
            let filled = sheet::read(inquiry, bytes).map_err(AppError::Inquiry)?;
            let answers = filled.answers.into_iter().map(|found| found.answer).collect();
            let evidence = change.keep_evidence(bytes)?;
            let file = KeptFile { name, evidence };
            Ok(InquiryStep::Answers(news(inquiry, answers), Some(file)))
        })
    }

    /// The file whose answers came in with this step: its name and its bytes, proven.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`] where there is no such file; and what the store says.
    pub fn inquiry_file(&self, number: u32, step: u32) -> Result<(String, Vec<u8>), AppError> {
        self.facility()?.read(|view| {
            let inquiry = kept::inquiry(view, number)?;
            let at = (step as usize).checked_sub(1);
            let stepped = at.and_then(|at| inquiry.steps.get(at)).map(|stepped| &stepped.step);
            let Some(InquiryStep::Answers(_, Some(file))) = stepped else {
                return Err(AppError::NoInquiry(number));
            };
            let bytes = view.evidence(file.evidence)?.ok_or(AppError::NoInquiry(number))?;
            Ok((file.name.clone(), bytes))
        })
    }
}

/// The digests of the files that answers were read from: they stay as long as the answers do.
pub(crate) fn evidence_of(inquiries: &[Inquiry]) -> Vec<Digest> {
    let steps = inquiries.iter().flat_map(|inquiry| &inquiry.steps);
    let file = |stepped: &Stepped<InquiryStep>| match &stepped.step {
        InquiryStep::Answers(_, Some(file)) => Some(file.evidence),
        _ => None,
    };
    steps.filter_map(file).collect()
}

/// Those of `answers` that say something which is not known yet.
fn news(inquiry: &Inquiry, answers: Vec<ItemAnswer>) -> Vec<ItemAnswer> {
    answers.into_iter().filter(|answer| is_new(inquiry, answer)).collect()
}

fn is_new(inquiry: &Inquiry, answer: &ItemAnswer) -> bool {
    let known = inquiry.answer(&answer.id, answer.item).map(|answer| answer.text.as_str());
    let text = answer.text.trim();
    !text.is_empty() && known.is_none_or(|known| known.trim() != text)
}

/// The items by key, in the order of the letter.
pub fn inquiry_items() -> impl Iterator<Item = &'static str> {
    InquiryItem::ALL.iter().map(|item| item.key())
}
