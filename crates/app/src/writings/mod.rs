//! Which products what the hospital writes means (書き方が指す製品), by the table and by people's words.
//!
//! What the table cannot tell surely is a candidate. A person confirms it, refuses it or names another product, once for each writing;
//! it is remembered for every version of it.

mod kept;
mod views;

use std::cmp::Reverse;

use domain::{
    Confidence, Digest, MatterKind, NamedProduct, SettledWriting, Settlement, What, Writing,
    WritingStep, WritingWord, fold, msg,
};
use engine::products::{Named, Said};
use engine::weaknesses::OwnWriting;
use serde_json::json;
use store::{Change, MatterStep, View};

pub(crate) use kept::settled_writings;
pub use views::{MeantProductView, WritingStepView, WritingView};

use crate::books::Books;
use crate::weak::WeakBook;
use crate::{Act, App, AppError, namer};

/// The longest product and the longest reason that are taken, in letters.
const MOST_LETTERS: usize = 500;

/// What a person says of a writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritingChoice {
    /// The writing, as it is written or folded.
    pub writing: String,
    /// What of a device it names, where the same is written for several things.
    pub what: Option<What>,
    /// What is said.
    pub answer: WritingAnswer,
    /// Why.
    pub reason: String,
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WritingAnswer {
    /// It means this product, by the name of a candidate or of the table, a CPE name or a package URL; the only candidate where none.
    Confirm(Option<String>),
    /// It does not mean this product, by its name; none of its candidates where none.
    Refuse(Option<String>),
    /// What was said counts no more.
    Reopen,
}

impl App {
    /// Everything that the hospital writes for products: what is open first, then what people said, then what is sure; what most
    /// devices have first, and machines by their models last.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn writings(&self, book: &WeakBook) -> Result<Vec<WritingView>, AppError> {
        let settled = self.facility()?.read(settled_writings)?;
        let own = &book.weaknesses().writings;
        let is_in_use = |one: &&SettledWriting| own.iter().any(|own| own.writing == one.writing);
        let idle = settled.iter().filter(|one| !is_in_use(one)).map(idle);
        let idle: Vec<OwnWriting> = idle.collect();
        let mut views: Vec<WritingView> =
            own.iter().chain(&idle).map(|own| self.writing_view(own, &settled)).collect();
        views.sort_by_cached_key(|view| {
            let state =
                ["open", "confirmed", "refused", "sure"].iter().position(|one| *one == view.state);
            let is_machine = view.what == What::Hardware.key();
            (view.devices == 0, is_machine, state, Reverse(view.devices), view.text.clone())
        });
        Ok(views)
    }

    /// What is written for the product of this mark.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn writings_of(&self, mark: &str, book: &WeakBook) -> Result<Vec<WritingView>, AppError> {
        let settled = self.facility()?.read(settled_writings)?;
        let weaknesses = book.weaknesses();
        let running = weaknesses.product(mark);
        let writings = running.map(|running| running.writings.as_slice()).unwrap_or_default();
        let own = weaknesses.writings.iter().filter(|own| writings.contains(&own.writing));
        Ok(own.map(|own| self.writing_view(own, &settled)).collect())
    }

    /// Keeps what a person says of a writing: it holds wherever the same is written, in any version.
    ///
    /// # Errors
    ///
    /// [`AppError::NoWriting`], [`AppError::Writing`] where something does not fit; and what the store says.
    pub fn settle_writing(
        &self,
        choice: &WritingChoice,
        act: &Act,
    ) -> Result<WritingView, AppError> {
        let (word, product) = match &choice.answer {
            WritingAnswer::Confirm(product) => ("products.confirm", product.as_deref()),
            WritingAnswer::Refuse(product) => ("products.refuse", product.as_deref()),
            WritingAnswer::Reopen => ("products.reopen", None),
        };
        let is_long = |text: &str| text.chars().count() > MOST_LETTERS;
        if is_long(&choice.reason) || product.is_some_and(is_long) {
            return Err(AppError::Writing(msg!("writings.text_long", most = MOST_LETTERS)));
        }
        let entry = act.entry(word, String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            let settled = settled_writings(change.view())?;
            let own = one(change.view(), &settled, choice)?;
            let known = settled.iter().find(|one| one.writing == own.writing);
            let counts = known.map(SettledWriting::settlement).unwrap_or_default();
            let step = WritingStep {
                shown: own.shown.clone(),
                word: word_of(&own, &counts, &choice.answer)?,
                reason: choice.reason.trim().to_owned(),
            };
            keep(change, &own.writing, known, &step, act)?;
            let view = change.view();
            let settled = settled_writings(view)?;
            let own = one(view, &settled, choice)?;
            Ok(self.writing_view(&own, &settled))
        })
    }

    fn writing_view(&self, own: &OwnWriting, settled: &[SettledWriting]) -> WritingView {
        let known = settled.iter().find(|one| one.writing == own.writing);
        let counts = known.map(SettledWriting::settlement).unwrap_or_default();
        let said = counts.is.map(|(_, step)| step);
        let said = said.or_else(|| counts.not.last().map(|(_, step)| *step));
        let views = |all: &[Named]| -> Vec<MeantProductView> {
            all.iter().map(|one| MeantProductView::of(one, self.catalogue())).collect()
        };
        let steps = known.iter().flat_map(|one| one.steps.iter().rev());
        WritingView {
            what: own.writing.what.key().to_owned(),
            text: own.writing.text.clone(),
            shown: own.shown.clone(),
            devices: own.devices as u64,
            state: state(own, &counts).to_owned(),
            meant: views(&own.meant),
            candidates: views(&own.candidates),
            said: said.map(WritingStepView::of),
            history: steps.map(WritingStepView::of).collect(),
        }
    }
}

/// What was said of something that nothing in use is written as any more.
fn idle(settled: &SettledWriting) -> OwnWriting {
    let shown = settled.steps.last().map(|step| step.step.shown.clone()).unwrap_or_default();
    OwnWriting {
        writing: settled.writing.clone(),
        called: shown.clone(),
        shown,
        devices: 0,
        candidates: Vec::new(),
        meant: Vec::new(),
    }
}

fn state(own: &OwnWriting, counts: &Settlement<'_>) -> &'static str {
    let is_open = |one: &Named| one.confidence == Confidence::Candidate;
    match () {
        () if counts.is.is_some() => "confirmed",
        () if own.meant.iter().any(|one| one.said == Some(Said::Refused)) => "refused",
        () if own.meant.is_empty() && !counts.not.is_empty() => "refused",
        () if own.meant.iter().any(is_open) || own.meant.is_empty() => "open",
        () => "sure",
    }
}

/// The writing that a person means.
fn one(
    view: &View,
    settled: &[SettledWriting],
    choice: &WritingChoice,
) -> Result<OwnWriting, AppError> {
    let books = Books::load(view)?;
    let own = books.with_known(|known, _| engine::weaknesses::writings(known, namer()));
    let asked = fold(&choice.writing);
    let is_of_kind = |own: &&OwnWriting| choice.what.is_none_or(|what| own.writing.what == what);
    let of_kind: Vec<&OwnWriting> = own.iter().filter(is_of_kind).collect();
    let is_text = |own: &&&OwnWriting| own.writing.text == asked;
    let is_shown = |own: &&&OwnWriting| fold(&own.shown) == asked || fold(&own.called) == asked;
    let mut found: Vec<&OwnWriting> = of_kind.iter().filter(is_text).copied().collect();
    if found.is_empty() {
        found = of_kind.iter().filter(is_shown).copied().collect();
    }
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let is_meant = |one: &&SettledWriting| {
                one.writing.text == asked && choice.what.is_none_or(|what| one.writing.what == what)
            };
            let known = settled.iter().find(is_meant).map(idle);
            known.ok_or_else(|| AppError::NoWriting(choice.writing.trim().to_owned()))
        }
        several => {
            let what: Vec<&str> = several.iter().map(|own| own.writing.what.key()).collect();
            let text = choice.writing.trim();
            Err(AppError::Writing(msg!("writings.several", text = text, what = what)))
        }
    }
}

/// What is said, laid beside what is known of the writing.
fn word_of(
    own: &OwnWriting,
    counts: &Settlement<'_>,
    answer: &WritingAnswer,
) -> Result<WritingWord, AppError> {
    let refused = |message| Err(AppError::Writing(message));
    let text = own.shown.as_str();
    let candidates: Vec<NamedProduct> = own.candidates.iter().map(Named::product).collect();
    let names = || candidates.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let word = match answer {
        WritingAnswer::Confirm(None) => {
            let listed: Vec<&Named> = own.candidates.iter().filter(|one| one.is_listed()).collect();
            match listed.as_slice() {
                [only] => WritingWord::Is(only.product()),
                [] => return refused(msg!("writings.none_listed", text = text)),
                _ => return refused(msg!("writings.which", text = text, names = names())),
            }
        }
        WritingAnswer::Confirm(Some(asked)) => WritingWord::Is(meant(own, asked)?),
        WritingAnswer::Refuse(None) => {
            let said = counts.is.map(|(product, _)| product.name.clone());
            let mut names = names();
            names.extend(said.filter(|said| !candidates.iter().any(|one| one.name == *said)));
            if names.is_empty() {
                return refused(msg!("writings.not_in_use", text = text));
            }
            WritingWord::Not(names)
        }
        WritingAnswer::Refuse(Some(asked)) => {
            let asked = asked.trim();
            let said = counts.is.map(|(product, _)| product.name.clone());
            let known = names().into_iter().chain(said).find(|name| fold(name) == fold(asked));
            match known {
                Some(name) => WritingWord::Not(vec![name]),
                None => {
                    return refused(msg!("writings.no_candidate", text = text, name = asked));
                }
            }
        }
        WritingAnswer::Reopen => WritingWord::Open,
    };
    let counts_already = match &word {
        WritingWord::Is(product) => counts.is.is_some_and(|(own, _)| own == product),
        WritingWord::Not(names) => {
            let is_refused = |name: &String| counts.not.iter().any(|(own, _)| own == name);
            counts.is.is_none() && names.iter().all(is_refused)
        }
        WritingWord::Open => counts.is_open(),
    };
    match counts_already {
        true => refused(msg!("writings.said_already")),
        false => Ok(word),
    }
}

/// The product that a person means: a candidate by its name, else what they typed.
fn meant(own: &OwnWriting, asked: &str) -> Result<NamedProduct, AppError> {
    let listed = own.candidates.iter().filter(|one| one.is_listed()).map(Named::product);
    let named = listed.into_iter().find(|one| fold(&one.name) == fold(asked));
    match named {
        Some(product) => Ok(product),
        None => namer().product(asked, &own.called).map_err(AppError::Writing),
    }
}

fn keep(
    change: &mut Change,
    writing: &Writing,
    known: Option<&SettledWriting>,
    step: &WritingStep,
    act: &Act,
) -> Result<(), AppError> {
    let body = kept::written(writing, step);
    let digest = Digest::of(body.as_bytes());
    let row = MatterStep { number: 0, step: 1, at: act.now, by: act.actor.to_string(), body };
    let number = match known {
        Some(known) => {
            let next =
                MatterStep { number: known.number, step: known.steps.len() as u32 + 1, ..row };
            change.add_matter_step(MatterKind::Writing, &next)?;
            known.number
        }
        None => change.begin_matter(MatterKind::Writing, &row)?,
    };
    let (products, names) = match &step.word {
        WritingWord::Is(product) => (
            vec![product.name.clone()],
            product.cpes.iter().chain(&product.purl).cloned().collect::<Vec<_>>(),
        ),
        WritingWord::Not(names) => (names.clone(), Vec::new()),
        WritingWord::Open => (Vec::new(), Vec::new()),
    };
    change.entry().subject = format!("writing:{number}");
    let detail = json!({
        "number": number,
        "what": writing.what.key(),
        "text": writing.text,
        "writing": step.shown,
        // As the sentence of the record tells it.
        "products": products.join(", "),
        "names": names,
        "reason": step.reason,
        "digest": digest.to_string(),
    });
    change.detail(detail.to_string());
    Ok(())
}
