//! Inquiries (照会): asking a vendor about the vulnerabilities of a product, and keeping what it answers.
//!
//! Nothing is sent from here: a person sends the letter, and says so. What the vendor answers comes back typed, or on the sheet that
//! went with the letter; that is looked at before it counts, and its file is kept.

mod answers;
mod kept;
mod letter;
mod sheet;
mod views;

use domain::{
    AskedVulnerability, Digest, Inquiry, InquiryDraft, InquiryFacts, InquiryRefusal, InquiryStep,
    MatterKind, Sending, msg,
};
use jiff::civil::Date;
use reference::Language;
use serde_json::{Value, json};
use store::Change;

pub(crate) use answers::evidence_of;
pub use answers::{AnswersPreview, MOST_SHEET_BYTES, PreviewedAnswer, inquiry_items};
pub use views::{AskedView, InquiryView, ItemAnswerView, ItemView, SendingView};

use crate::books::Books;
use crate::matter::{Matter as _, all, check_seen, row, stepped};
use crate::weak::{ProductPageView, WeakBook};
use crate::{Act, App, AppError, day_of};

/// A letter as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// The product's mark.
    pub mark: String,
    /// The numbers of the vulnerabilities.
    pub vulnerabilities: Vec<String>,
    /// To whom.
    pub vendor: String,
    /// Who asks, and where an answer reaches them.
    pub contact: String,
    /// What the hospital adds in its own words.
    pub note: String,
    /// Until when an answer is asked for.
    pub due: Date,
}

impl App {
    /// Every inquiry: what is late first, then what waits, drafts, and what is done.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn inquiries(&self, today: Date) -> Result<Vec<InquiryView>, AppError> {
        let mut inquiries =
            self.facility()?.read(|view| Ok::<_, AppError>(all::<Inquiry>(view)?))?;
        views::sort(&mut inquiries, today);
        Ok(inquiries.iter().map(|one| views::view(one, today, self.catalogue())).collect())
    }

    /// The inquiry of this number.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`], and what the store says.
    pub fn inquiry(&self, number: u32, today: Date) -> Result<InquiryView, AppError> {
        let inquiry = self.facility()?.read(|view| kept::inquiry(view, number))?;
        Ok(views::view(&inquiry, today, self.catalogue()))
    }

    /// The letter of an inquiry in `language`, as plain text.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`], and what the store says.
    pub fn inquiry_letter(&self, number: u32, language: Language) -> Result<String, AppError> {
        let inquiry = self.facility()?.read(|view| kept::inquiry(view, number))?;
        if language == self.catalogue().language() {
            return Ok(letter::letter(&inquiry, self.catalogue()));
        }
        Ok(letter::letter(&inquiry, &reference::Catalogue::load(language)))
    }

    /// The sheet of an inquiry for the vendor to fill in, as a workbook.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`], [`AppError::Export`], and what the store says.
    pub fn inquiry_sheet(&self, number: u32) -> Result<Vec<u8>, AppError> {
        let inquiry = self.facility()?.read(|view| kept::inquiry(view, number))?;
        sheet::workbook(&inquiry).map_err(|_| AppError::Export)
    }

    /// Writes a letter.
    ///
    /// # Errors
    ///
    /// [`AppError::Inquiry`] where something does not fit; and what the store says.
    pub fn draft_inquiry(&self, new: &NewInquiry, act: &Act) -> Result<InquiryView, AppError> {
        let entry = act.entry("inquiry.draft", String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            let draft = self.draft(change, new, day_of(act.now))?;
            let step = InquiryStep::Draft(draft);
            let first = row::<Inquiry>(0, 0, &step, act);
            let refused = |refusal: InquiryRefusal| AppError::Inquiry(refusal.message());
            let mut inquiry = Inquiry::begin(0, stepped(step, act)).map_err(refused)?;
            inquiry.number = change.begin_matter(MatterKind::Inquiry, &first)?;
            note(change, &inquiry);
            Ok(views::view(&inquiry, day_of(act.now), self.catalogue()))
        })
    }

    /// Writes the letter anew, while it is not sent; `seen` is how many steps the person saw.
    ///
    /// # Errors
    ///
    /// [`AppError::NoInquiry`], [`AppError::Inquiry`], [`AppError::MatterMoved`]; and what the store says.
    pub fn redraft_inquiry(
        &self,
        number: u32,
        seen: Option<u32>,
        new: &NewInquiry,
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        self.step(number, seen, act, "inquiry.draft", |change, _| {
            Ok(InquiryStep::Draft(self.draft(change, new, day_of(act.now))?))
        })
    }

    /// Says that a person sent it.
    ///
    /// # Errors
    ///
    /// As [`App::redraft_inquiry`].
    pub fn mark_inquiry_sent(
        &self,
        number: u32,
        seen: Option<u32>,
        sending: Sending,
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        self.step(number, seen, act, "inquiry.sent", |_, _| Ok(InquiryStep::Sent(sending)))
    }

    /// Says that another day was agreed on for the answer.
    ///
    /// # Errors
    ///
    /// As [`App::redraft_inquiry`].
    pub fn set_inquiry_due(
        &self,
        number: u32,
        seen: Option<u32>,
        due: Date,
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        self.step(number, seen, act, "inquiry.due", |_, _| Ok(InquiryStep::Due(due)))
    }

    /// Says that an answer is waited for no more.
    ///
    /// # Errors
    ///
    /// As [`App::redraft_inquiry`].
    pub fn withdraw_inquiry(
        &self,
        number: u32,
        seen: Option<u32>,
        reason: String,
        act: &Act,
    ) -> Result<InquiryView, AppError> {
        self.step(number, seen, act, "inquiry.withdrawn", |_, _| Ok(InquiryStep::Withdrawn(reason)))
    }

    /// Takes the step that `make` makes of the inquiry as it is.
    fn step(
        &self,
        number: u32,
        seen: Option<u32>,
        act: &Act,
        name: &'static str,
        make: impl FnOnce(&mut Change, &Inquiry) -> Result<InquiryStep, AppError>,
    ) -> Result<InquiryView, AppError> {
        let entry = act.entry(name, format!("inquiry:{number}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut inquiry = kept::inquiry(change.view(), number)?;
            check_seen(seen, inquiry.steps.len())?;
            let step = make(change, &inquiry)?;
            let next = row::<Inquiry>(number, inquiry.steps.len() as u32 + 1, &step, act);
            let refused = |refusal: InquiryRefusal| AppError::Inquiry(refusal.message());
            inquiry.take(stepped(step, act)).map_err(refused)?;
            change.add_matter_step(MatterKind::Inquiry, &next)?;
            note(change, &inquiry);
            Ok(views::view(&inquiry, day_of(act.now), self.catalogue()))
        })
    }

    /// The letter with what is known today of its product.
    fn draft(
        &self,
        change: &Change,
        new: &NewInquiry,
        today: Date,
    ) -> Result<InquiryDraft, AppError> {
        let books = Books::load(change.view())?.with_advisories(self, change.view(), today)?;
        let page = books.with_known(|known, _| {
            WeakBook::of(known, &books).product(&new.mark, self.catalogue())
        });
        let page = page.ok_or_else(|| {
            AppError::Inquiry(msg!("inquiry.refused.no_product", product = &new.mark))
        })?;
        let facility = change.view().facility_name()?;
        let asked = new.vulnerabilities.iter().map(|id| asked(&page, id));
        Ok(InquiryDraft {
            vendor: new.vendor.trim().to_owned(),
            contact: new.contact.trim().to_owned(),
            note: new.note.trim().to_owned(),
            due: new.due,
            facts: InquiryFacts {
                facility,
                mark: page.product.mark.clone(),
                product: page.product.name.clone(),
                devices: page.product.devices,
                medical: page.product.medical,
                asked: asked.collect::<Result<_, _>>()?,
            },
        })
    }
}

/// What is known of the vulnerability `id`, which must concern the product or may.
fn asked(page: &ProductPageView, id: &str) -> Result<AskedVulnerability, AppError> {
    let bare = |id: &str| AskedVulnerability {
        id: id.to_owned(),
        severity: "unknown".to_owned(),
        score: None,
        exploited: None,
        ransomware: false,
    };
    let found = page.matches.iter().map(|found| &found.weakness).find(|weak| weak.id == id);
    if let Some(weak) = found {
        let kev = weak.kev.as_ref();
        return Ok(AskedVulnerability {
            severity: weak.severity.clone(),
            // Scores have one digit after the point.
            score: weak.score.map(|score| (score * 10.0).round() as u16),
            exploited: kev.map(|kev| kev.added.clone()),
            ransomware: kev.is_some_and(|kev| kev.ransomware),
            ..bare(id)
        });
    }
    // What could not be judged is all the more to be asked.
    let is_open = page.open.iter().any(|(open, _)| open == id);
    let refused = || {
        let product = &page.product.name;
        AppError::Inquiry(msg!("inquiry.refused.no_vulnerability", id = id, product = product))
    };
    is_open.then(|| bare(id)).ok_or_else(refused)
}

/// Completes the entry of the record: which inquiry, what became of it, and a digest of all that was kept.
fn note(change: &mut Change, inquiry: &Inquiry) {
    let Some(last) = inquiry.steps.last() else { return };
    change.entry().subject = format!("inquiry:{}", inquiry.number);
    change.detail(detail(inquiry, &last.step).to_string());
}

fn detail(inquiry: &Inquiry, step: &InquiryStep) -> Value {
    let body = Inquiry::written(step);
    let facts = &inquiry.draft.facts;
    let mut detail = json!({
        "step": inquiry.steps.len(),
        "vendor": inquiry.draft.vendor,
        "product": facts.product,
        "count": facts.asked.len(),
        "digest": Digest::of(body.as_bytes()).to_string(),
    });
    match step {
        InquiryStep::Answers(answers, file) => {
            detail["count"] = answers.len().into();
            if let Some(file) = file {
                detail["evidence"] = file.evidence.to_string().into();
            }
        }
        InquiryStep::Due(due) => detail["due"] = due.to_string().into(),
        InquiryStep::Sent(sent) => detail["on"] = sent.on.to_string().into(),
        InquiryStep::Draft(_) | InquiryStep::Withdrawn(_) => {}
    }
    detail
}
