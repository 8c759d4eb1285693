//! The parts lists that were imported and count, each with what its import told of it.

use std::collections::BTreeMap;

use domain::attachment::attached;
use domain::{Attached, Attachment, Component, Described, Digest, Import, ImportState, fold};
use formats::parts::{KINDS, PartsReading};
use formats::reading::Input;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use store::View;

use super::views::PartsHeadView;
use crate::AppError;

/// Whether an import of this kind brought a parts list.
pub(crate) fn is_parts_list(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// A parts list that counts.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) import: Import,
    pub(super) head: PartsHeadView,
    pub(super) warnings: u64,
}

/// What is read again of the report of an import.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Report {
    parts: Option<PartsHeadView>,
    warnings: Vec<IgnoredAny>,
}

impl List {
    /// What it says it is of.
    pub(super) fn described(&self) -> Described {
        Described::of(self.head.subject().as_ref())
    }

    /// What a person said of it, or of an earlier one of the same product.
    pub(super) fn attached<'a>(&self, attachments: &'a [Attachment]) -> Option<Attached<'a>> {
        attached(attachments, &self.described(), self.import.evidence)
    }

    /// The release it is of: as a person said, else as it says itself.
    pub(super) fn release(&self, attached: Option<&Attached<'_>>) -> Option<String> {
        let said = attached.and_then(Attached::release).map(str::to_owned);
        said.or_else(|| self.head.version.clone()).filter(|release| !release.trim().is_empty())
    }

    /// Which of two lists is the newer: when they were made decides, then the digest; never when they were brought in.
    pub(super) fn age(&self) -> (Timestamp, Digest) {
        (self.import.captured_at, self.import.evidence)
    }
}

/// Every list that counts, the newest first.
pub(super) fn lists(view: &View) -> Result<Vec<List>, AppError> {
    let imports = view.imports()?.into_iter();
    let counts =
        |import: &Import| import.state == ImportState::Active && is_parts_list(&import.kind);
    let mut lists = Vec::new();
    for import in imports.filter(counts) {
        lists.push(list(view, import)?);
    }
    lists.sort_by_key(|list| std::cmp::Reverse(list.age()));
    Ok(lists)
}

/// The list that `import` brought.
pub(super) fn list(view: &View, import: Import) -> Result<List, AppError> {
    let report = view.import_report(import.id)?;
    let report: Report =
        report.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let (head, warnings) = (report.parts.unwrap_or_default(), report.warnings.len() as u64);
    Ok(List { import, head, warnings })
}

/// The whole of a list, read again from what is kept; none where it cannot be.
pub(super) fn read_again(view: &View, import: &Import) -> Result<Option<PartsReading>, AppError> {
    let Some(bytes) = view.evidence(import.evidence)? else { return Ok(None) };
    let name = import.file_name.as_str();
    let input = Input { name, bytes: &bytes, mapping: None, machine: None };
    Ok(formats::parts::read(&input).ok())
}

/// Of the lists that a person laid beside a product the newest of each release, with the folded name of the product.
pub(super) fn newest_attached<'l>(
    lists: &'l [List],
    attachments: &[Attachment],
) -> Vec<(String, Option<String>, &'l List)> {
    let mut newest: BTreeMap<(String, String), (Option<String>, &List)> = BTreeMap::new();
    for list in lists {
        let attached = list.attached(attachments);
        let product = attached.and_then(|attached| attached.step.step.product.as_ref());
        let Some(product) = product else { continue };
        let release = list.release(attached.as_ref());
        let key = (product.family.clone(), fold(release.as_deref().unwrap_or_default()));
        // They come newest first.
        newest.entry(key).or_insert((release, list));
    }
    newest.into_iter().map(|((family, _), (release, list))| (family, release, list)).collect()
}

impl PartsHeadView {
    /// What the list is of, as far as it tells products apart.
    pub(super) fn subject(&self) -> Option<Component> {
        let name = self.product.clone()?;
        Some(Component {
            group: self.group.clone(),
            supplier: self.supplier.clone(),
            version: self.version.clone(),
            purls: self.purls.clone(),
            cpes: self.cpes.clone(),
            ..Component::new(domain::Place::DOCUMENT, name)
        })
    }
}
