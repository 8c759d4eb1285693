//! Parts lists (部品表): those that were brought in, the product each belongs to by a person's word, and what changed between two.
//!
//! A list is an import like any other: it is kept whole, every edition of it, and taken back and up again as an import. To which
//! product it belongs is said by a person, remembered for the product's name and supplier, and never guessed.

pub(crate) mod judged;
mod kept;
mod lists;
mod views;

use domain::{
    Attached, Attachment, AttachmentStep, Digest, ImportId, ImportState, MatterKind, OwnProduct,
    Stepped, fold, msg,
};
use engine::parts::{Owned, compare, is_same_release, propose};
use serde_json::json;
use store::{Change, MatterStep, StoreError, View};

pub(crate) use kept::attachments;
pub(crate) use lists::is_parts_list;
pub use views::{
    AttachmentView, OwnProductView, PartChangeView, PartView, PartsComparisonView, PartsHeadView,
    PartsListPageView, PartsListView, ProposalView,
};

use self::lists::{List, list, lists, read_again};
use crate::books::Books;
use crate::views::WarningView;
use crate::weak::WeakBook;
use crate::{Act, App, AppError, namer};

/// The longest release and the longest reason that are taken, in letters.
const MOST_LETTERS: usize = 500;

/// What a person says of a parts list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartsChoice {
    /// The product it belongs to, by its folded name, its mark, or as people call it; none: it belongs to none here.
    pub product: Option<String>,
    /// The release it is of, where that is another than the list says.
    pub release: String,
    /// Why.
    pub reason: String,
}

impl App {
    /// Every parts list that counts: those of which nobody said to what they belong first, then by product, the newest first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn parts_lists(&self, book: &WeakBook) -> Result<Vec<PartsListView>, AppError> {
        let mut views = self.facility()?.read(|view| {
            let attachments = attachments(view)?;
            let lists = lists(view)?;
            let view = |list| self.parts_view(list, &attachments, book);
            Ok::<_, AppError>(lists.iter().map(view).collect::<Vec<_>>())
        })?;
        // The order among equals stays: the newest first.
        views.sort_by_key(|view: &PartsListView| {
            let own = view.product.as_ref().map(|own| own.family.clone());
            (view.state != "open", own.is_none(), own, fold(&view.document.full_name()))
        });
        Ok(views)
    }

    /// The lists that belong to the product of this folded name, the newest first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn parts_lists_of(
        &self,
        family: &str,
        book: &WeakBook,
    ) -> Result<Vec<PartsListView>, AppError> {
        let mut views = self.parts_lists(book)?;
        views.retain(|view| view.product.as_ref().is_some_and(|own| own.family == family));
        Ok(views)
    }

    /// The parts list that import `id` brought, with all it holds.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPartsList`]; and what the store says.
    pub fn parts_list(&self, id: ImportId, book: &WeakBook) -> Result<PartsListPageView, AppError> {
        self.facility()?.read(|view| {
            let list = one(view, id)?;
            let attachments = attachments(view)?;
            let reading = read_again(view, &list.import)?;
            let warnings = reading.iter().flat_map(|reading| &reading.warnings);
            let components = reading.iter().flat_map(|reading| &reading.list.components);
            Ok(PartsListPageView {
                warnings: warnings
                    .map(|warning| WarningView {
                        said_of: None,
                        ..self.said_at(&warning.place, &warning.message)
                    })
                    .collect(),
                components: components.map(PartView::of).collect(),
                history: history(&list, &attachments),
                list: self.parts_view(&list, &attachments, book),
            })
        })
    }

    /// What changed from the list of import `old` to the one of `new`.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPartsList`], [`AppError::Parts`] where one of them can be read no more; and what the store says.
    pub fn compare_parts(
        &self,
        old: ImportId,
        new: ImportId,
        book: &WeakBook,
    ) -> Result<PartsComparisonView, AppError> {
        self.facility()?.read(|view| {
            let attachments = attachments(view)?;
            let [old, new] = [one(view, old)?, one(view, new)?];
            let whole = |list: &List| {
                let unread = || AppError::Parts(msg!("parts.not_kept", import = list.import.id.0));
                read_again(view, &list.import)?.ok_or_else(unread)
            };
            let (before, after) = (whole(&old)?, whole(&new)?);
            let comparison = compare(&before.list.components, &after.list.components);
            let [old, new] = [&old, &new].map(|list| self.parts_view(list, &attachments, book));
            Ok(PartsComparisonView::of(old, new, &comparison))
        })
    }

    /// Keeps what a person says of the list that import `id` brought: it holds for the next list of the same name and supplier, too.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPartsList`], [`AppError::Parts`] where something does not fit; and what the store says.
    pub fn attach_parts(
        &self,
        id: ImportId,
        choice: &PartsChoice,
        act: &Act,
    ) -> Result<(), AppError> {
        let is_long = |text: &str| text.chars().count() > MOST_LETTERS;
        if is_long(&choice.release) || is_long(&choice.reason) {
            return Err(AppError::Parts(msg!("parts.text_long", most = MOST_LETTERS)));
        }
        let word = if choice.product.is_some() { "parts.attach" } else { "parts.apart" };
        let entry = act.entry(word, format!("import:{id}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let list = one(change.view(), id)?;
            let attachments = attachments(change.view())?;
            let asked = choice.product.as_deref().map(str::trim);
            let product = match asked {
                None => None,
                Some(asked) => Some(own_product(change.view(), asked)?),
            };
            let release = choice.release.trim();
            let step = AttachmentStep {
                list: list.import.evidence,
                product,
                release: (!release.is_empty()).then(|| release.to_owned()),
                reason: choice.reason.trim().to_owned(),
            };
            let said = list.attached(&attachments).filter(|said| !said.is_remembered);
            if said.is_some_and(|said| is_same_word(&said.step.step, &step)) {
                return Err(AppError::Parts(msg!("parts.said_already")));
            }
            keep(change, &list, &attachments, &step, act)
        })
    }

    fn parts_view(
        &self,
        list: &List,
        attachments: &[Attachment],
        book: &WeakBook,
    ) -> PartsListView {
        let attached = list.attached(attachments);
        let own = attached.and_then(|attached| attached.step.step.product.as_ref());
        let product = own.map(|own| own_view(own, book.owned()));
        let release = list.release(attached.as_ref());
        let import = &list.import;
        PartsListView {
            import: import.id.0,
            file: import.file_name.clone(),
            kind: import.kind.clone(),
            digest: import.evidence.to_string(),
            captured_at: import.captured_at.to_string(),
            imported_at: import.imported_at.to_string(),
            imported_by: import.imported_by.clone(),
            document: list.head.clone(),
            warnings: list.warnings,
            state: match (&attached, &product) {
                (None, _) => "open",
                (Some(_), None) => "apart",
                (Some(_), Some(_)) => "attached",
            }
            .to_owned(),
            use_state: product
                .as_ref()
                .map(|own| use_state(release.as_deref(), &own.versions).to_owned()),
            proposals: match attached {
                Some(_) => Vec::new(),
                None => self.proposals(list, book),
            },
            said: attached.map(|attached| said(&attached)),
            product,
            release,
        }
    }

    fn proposals(&self, list: &List, book: &WeakBook) -> Vec<ProposalView> {
        let Some(subject) = list.head.subject() else { return Vec::new() };
        let proposals = propose(&subject, book.owned());
        let view = |proposal: engine::parts::Proposal<'_>| ProposalView {
            product: owned_view(proposal.owned),
            reason: self.catalogue().say(&proposal.reason),
        };
        proposals.into_iter().map(view).collect()
    }
}

/// The list of this import, which counts.
fn one(view: &View, id: ImportId) -> Result<List, AppError> {
    let import = view.import(id).map_err(|error| match error {
        StoreError::NoImport { import } => AppError::NoPartsList(import),
        other => other.into(),
    })?;
    if import.state != ImportState::Active || !is_parts_list(&import.kind) {
        return Err(AppError::NoPartsList(id));
    }
    list(view, import)
}

/// The product of the hospital that a person means by `asked`.
fn own_product(view: &View, asked: &str) -> Result<OwnProduct, AppError> {
    let books = Books::load(view)?;
    let owned = books.with_known(|known, _| engine::weaknesses::owned(known, namer()));
    let folded = fold(asked);
    let is_meant = |own: &&Owned| {
        let with_version = |version: &String| fold(&format!("{} {version}", own.name)) == folded;
        own.family == asked
            || fold(&own.family) == folded
            || fold(&own.name) == folded
            || own.versions.iter().any(with_version)
    };
    let found = owned.iter().find(|own| own.family == asked);
    let found = found.or_else(|| owned.iter().find(is_meant));
    let own = found.ok_or_else(|| AppError::Parts(msg!("parts.no_own_product", name = asked)))?;
    Ok(OwnProduct { family: own.family.clone(), name: own.name.clone() })
}

/// Whether a step says nothing that does not count already.
fn is_same_word(one: &AttachmentStep, other: &AttachmentStep) -> bool {
    let family = |step: &AttachmentStep| step.product.as_ref().map(|own| own.family.clone());
    family(one) == family(other) && one.release == other.release && one.reason == other.reason
}

fn keep(
    change: &mut Change,
    list: &List,
    attachments: &[Attachment],
    step: &AttachmentStep,
    act: &Act,
) -> Result<(), AppError> {
    let described = list.described();
    let body = kept::written(&described, step);
    let is_its = |one: &&Attachment| {
        one.described.is_same(&described)
            || one.steps.iter().any(|said| said.step.list == step.list)
    };
    let row = MatterStep { number: 0, step: 1, at: act.now, by: act.actor.to_string(), body };
    let digest = Digest::of(row.body.as_bytes());
    let number = match attachments.iter().find(is_its) {
        Some(known) => {
            let next =
                MatterStep { number: known.number, step: known.steps.len() as u32 + 1, ..row };
            change.add_matter_step(MatterKind::Attachment, &next)?;
            known.number
        }
        None => change.begin_matter(MatterKind::Attachment, &row)?,
    };
    let detail = json!({
        "number": number,
        "described": described.name,
        "supplier": described.supplier,
        "evidence": step.list.to_string(),
        "product": step.product.as_ref().map(|own| &own.name),
        "family": step.product.as_ref().map(|own| &own.family),
        "release": step.release,
        "reason": step.reason,
        "digest": digest.to_string(),
    });
    change.detail(detail.to_string());
    Ok(())
}

/// Whether the release is one of the versions in use.
fn use_state(release: Option<&str>, versions: &[String]) -> &'static str {
    match release {
        Some(release) if versions.iter().any(|one| is_same_release(one, release)) => "in_use",
        Some(_) if !versions.is_empty() => "other",
        _ => "unknown",
    }
}

fn own_view(own: &OwnProduct, owned: &[Owned]) -> OwnProductView {
    match owned.iter().find(|known| known.is_of(&own.family)) {
        Some(known) => owned_view(known),
        None => OwnProductView {
            family: own.family.clone(),
            name: own.name.clone(),
            versions: Vec::new(),
            devices: 0,
        },
    }
}

pub(crate) fn owned_view(owned: &Owned) -> OwnProductView {
    OwnProductView {
        family: owned.family.clone(),
        name: owned.name.clone(),
        versions: owned.versions.clone(),
        devices: owned.devices as u64,
    }
}

fn said(attached: &Attached<'_>) -> AttachmentView {
    attachment_view(attached.step, attached.is_remembered)
}

fn attachment_view(step: &Stepped<AttachmentStep>, remembered: bool) -> AttachmentView {
    AttachmentView {
        at: step.at.to_string(),
        by: step.by.clone(),
        product: step.step.product.as_ref().map(|own| own.name.clone()),
        release: step.step.release.clone(),
        reason: step.step.reason.clone(),
        remembered,
    }
}

/// What people said of the list and of others of the same product, the newest first.
fn history(list: &List, attachments: &[Attachment]) -> Vec<AttachmentView> {
    let (described, digest) = (list.described(), list.import.evidence);
    let is_its = |one: &&Attachment| {
        one.described.is_same(&described) || one.steps.iter().any(|step| step.step.list == digest)
    };
    let steps = attachments.iter().filter(is_its).flat_map(|one| one.steps.iter().rev());
    steps.map(|step| attachment_view(step, step.step.list != digest)).collect()
}
