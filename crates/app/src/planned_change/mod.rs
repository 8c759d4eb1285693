//! Planned changes (作業): agreeing on an update or a change of settings, and keeping what came of it.
//!
//! Nothing is installed from here, and nothing is closed by a tick: a finding goes when the next file shows that the change is in.

mod kept;
mod views;

use domain::{
    ChangeKind, ChangePlan, ChangeRefusal, ChangeResult, ChangeStep, ChangedDevice, ClinicalWindow,
    DeviceId, Digest, MatterKind, PlannedChange, ToldBack, msg,
};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, View};

pub use views::{ChangedDeviceView, PlannedChangeView, ToldView, WindowView};

use crate::books::Books;
use crate::hand::named_by;
use crate::matter::{Matter as _, all, check_seen, row, stepped};
use crate::weak::WeakBook;
use crate::{Act, App, AppError, day_of};

/// Vulnerabilities that a plan names at most.
const MOST_VULNERABILITIES: usize = 200;

/// A plan as a person makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Update, or settings.
    pub kind: ChangeKind,
    /// What is done, in a sentence.
    pub what: String,
    /// The mark of the product that is replaced; empty where no product is.
    pub mark: String,
    /// Why: the vulnerabilities it is to mend.
    pub vulnerabilities: Vec<String>,
    /// The devices.
    pub devices: Vec<DeviceId>,
    /// Who does it.
    pub performer: String,
    /// Under which instruction of the maker.
    pub instruction: String,
    /// The inquiry that was answered with it.
    pub inquiry: Option<u32>,
}

impl App {
    /// Every planned change, what is under way first; `book` is what runs now.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn planned_changes(&self, book: &WeakBook) -> Result<Vec<PlannedChangeView>, AppError> {
        self.facility()?.read(|view| {
            let mut changes: Vec<PlannedChange> = all(view)?;
            views::sort(&mut changes);
            let sight = self.sight(view, book);
            changes.iter().map(|change| views::view(change, &sight)).collect()
        })
    }

    /// The planned change of this number; `book` is what runs now.
    ///
    /// # Errors
    ///
    /// [`AppError::NoChange`], and what the store says.
    pub fn planned_change(
        &self,
        number: u32,
        book: &WeakBook,
    ) -> Result<PlannedChangeView, AppError> {
        self.facility()?
            .read(|view| views::view(&kept::planned_change(view, number)?, &self.sight(view, book)))
    }

    /// Plans a change; gives its number.
    ///
    /// # Errors
    ///
    /// [`AppError::Change`] where something does not fit, [`AppError::NoDevice`]; and what the store says.
    pub fn plan_change(&self, new: &NewChange, act: &Act) -> Result<u32, AppError> {
        let entry = act.entry("change.plan", String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            let step = ChangeStep::Plan(self.plan(change.view(), new, day_of(act.now))?);
            let first = row::<PlannedChange>(0, 0, &step, act);
            let mut planned = PlannedChange::begin(0, stepped(step, act)).map_err(refused)?;
            planned.number = change.begin_matter(MatterKind::Change, &first)?;
            note(change, &planned);
            Ok(planned.number)
        })
    }

    /// Plans it anew; what was agreed on before must be agreed on again. `seen` is how many steps the person saw.
    ///
    /// # Errors
    ///
    /// As [`App::plan_change`]; [`AppError::NoChange`], [`AppError::MatterMoved`].
    pub fn replan_change(
        &self,
        number: u32,
        seen: Option<u32>,
        new: &NewChange,
        act: &Act,
    ) -> Result<(), AppError> {
        self.change_step(number, seen, act, "change.plan", |view| {
            Ok(ChangeStep::Plan(self.plan(view, new, day_of(act.now))?))
        })
    }

    /// Keeps when it is done, and with whom that is agreed.
    ///
    /// # Errors
    ///
    /// [`AppError::NoChange`], [`AppError::Change`], [`AppError::MatterMoved`]; and what the store says.
    pub fn agree_change(
        &self,
        number: u32,
        seen: Option<u32>,
        window: ClinicalWindow,
        act: &Act,
    ) -> Result<(), AppError> {
        self.change_step(number, seen, act, "change.agreed", |_| Ok(ChangeStep::Agreed(window)))
    }

    /// Keeps what came of it on devices.
    ///
    /// # Errors
    ///
    /// As [`App::agree_change`].
    pub fn record_change(
        &self,
        number: u32,
        seen: Option<u32>,
        results: Vec<ChangeResult>,
        act: &Act,
    ) -> Result<(), AppError> {
        self.change_step(number, seen, act, "change.results", |_| Ok(ChangeStep::Results(results)))
    }

    /// Keeps what the vendor was told.
    ///
    /// # Errors
    ///
    /// As [`App::agree_change`].
    pub fn tell_change(
        &self,
        number: u32,
        seen: Option<u32>,
        told: ToldBack,
        act: &Act,
    ) -> Result<(), AppError> {
        self.change_step(number, seen, act, "change.told", |_| Ok(ChangeStep::Told(told)))
    }

    /// Says that it will not be done.
    ///
    /// # Errors
    ///
    /// As [`App::agree_change`].
    pub fn cancel_change(
        &self,
        number: u32,
        seen: Option<u32>,
        reason: String,
        act: &Act,
    ) -> Result<(), AppError> {
        self.change_step(number, seen, act, "change.cancelled", |_| {
            Ok(ChangeStep::Cancelled(reason))
        })
    }

    fn sight<'a>(&'a self, view: &'a View, book: &'a WeakBook) -> views::Sight<'a> {
        views::Sight { view, book, texts: self.catalogue() }
    }

    fn change_step(
        &self,
        number: u32,
        seen: Option<u32>,
        act: &Act,
        name: &'static str,
        make: impl FnOnce(&View) -> Result<ChangeStep, AppError>,
    ) -> Result<(), AppError> {
        let entry = act.entry(name, format!("change:{number}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut planned = kept::planned_change(change.view(), number)?;
            check_seen(seen, planned.steps.len())?;
            let step = make(change.view())?;
            let next = row::<PlannedChange>(number, planned.steps.len() as u32 + 1, &step, act);
            planned.take(stepped(step, act)).map_err(refused)?;
            change.add_matter_step(MatterKind::Change, &next)?;
            note(change, &planned);
            Ok(())
        })
    }

    /// The plan with what is known today of its devices and its product.
    fn plan(&self, view: &View, new: &NewChange, today: Date) -> Result<ChangePlan, AppError> {
        if new.vulnerabilities.len() > MOST_VULNERABILITIES {
            let most = MOST_VULNERABILITIES;
            return Err(AppError::Change(msg!("change.refused.vulnerabilities", most = most)));
        }
        if let Some(inquiry) = new.inquiry
            && view.matter(MatterKind::Inquiry, inquiry)?.is_empty()
        {
            return Err(AppError::NoInquiry(inquiry));
        }
        let books = Books::load(view)?.with_advisories(self, view, today)?;
        books.with_known(|known, derivation| {
            let book = WeakBook::of(known, &books);
            let product = book.product(&new.mark, self.catalogue());
            if product.is_none() && !new.mark.is_empty() {
                let product = new.mark.as_str();
                return Err(AppError::Change(msg!(
                    "inquiry.refused.no_product",
                    product = product
                )));
            }
            let device = |id: &DeviceId| {
                let chart = known.chart(*id).ok_or_else(|| AppError::NoDevice(id.to_string()))?;
                Ok::<_, AppError>(ChangedDevice {
                    sign: named_by(known, derivation.contexts(), &chart),
                    label: chart.label(),
                    is_medical: chart.is_medical(),
                })
            };
            Ok(ChangePlan {
                kind: new.kind,
                what: new.what.trim().to_owned(),
                mark: new.mark.clone(),
                product: product.map(|page| page.product.name).unwrap_or_default(),
                vulnerabilities: new.vulnerabilities.clone(),
                devices: new.devices.iter().map(device).collect::<Result<_, _>>()?,
                performer: new.performer.trim().to_owned(),
                instruction: new.instruction.trim().to_owned(),
                inquiry: new.inquiry,
            })
        })
    }
}

fn refused(refusal: ChangeRefusal) -> AppError {
    AppError::Change(refusal.message())
}

/// Completes the entry of the record: which change, on how many devices, and a digest of all that was kept.
fn note(change: &mut Change, planned: &PlannedChange) {
    let Some(last) = planned.steps.last() else { return };
    let body = PlannedChange::written(&last.step);
    let count = match &last.step {
        ChangeStep::Results(results) => results.len(),
        _ => planned.plan.devices.len(),
    };
    let detail = json!({
        "step": planned.steps.len(),
        "what": planned.plan.what,
        "count": count,
        "digest": Digest::of(body.as_bytes()).to_string(),
    });
    change.entry().subject = format!("change:{}", planned.number);
    change.detail(detail.to_string());
}
