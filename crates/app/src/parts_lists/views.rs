//! What pages and scripts get to see of parts lists. The keys are a contract: they change only by adding.

use domain::{Component, PartsFormat};
use engine::parts::{Change, Comparison};
use formats::parts::PartsHead;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::views::WarningView;

/// What a parts list says of itself.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct PartsHeadView {
    /// The family of its format: `cyclonedx` or `spdx`.
    pub format: String,
    /// The version of the format, such as `1.6`.
    pub format_version: String,
    /// What names the document everywhere.
    pub serial: Option<String>,
    /// The edition of the same list.
    pub edition: Option<u32>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it, as written.
    pub makers: Vec<String>,
    /// The name of the product it is of; none where it does not say.
    pub product: Option<String>,
    /// The group of that name.
    pub group: Option<String>,
    /// The product's version.
    pub version: Option<String>,
    /// Who supplies the product.
    pub supplier: Option<String>,
    /// The product's package URLs.
    pub purls: Vec<String>,
    /// The product's CPE names.
    pub cpes: Vec<String>,
    /// How many components it holds.
    pub components: u64,
    /// Services (CycloneDX), which are no components.
    pub services: u64,
    /// Files and snippets (SPDX), which are no components.
    pub files: u64,
    /// What it says of vulnerabilities: the VEX inside.
    pub statements: u64,
    /// How often it does not keep to its specification.
    pub faults: u64,
    /// Whether it says itself that it is not complete, or breaks off.
    pub incomplete: bool,
}

impl PartsHeadView {
    pub(crate) fn of(head: &PartsHead) -> Self {
        let subject = head.subject.as_ref();
        let name = subject.map(|subject| subject.name.trim().to_owned());
        Self {
            format: head.format.key().to_owned(),
            format_version: head.format_version.clone(),
            serial: head.serial.clone(),
            edition: head.edition,
            created: head.created.clone(),
            makers: head.makers.clone(),
            product: name.filter(|name| !name.is_empty()),
            group: subject.and_then(|subject| subject.group.clone()),
            version: subject.and_then(|subject| subject.version.clone()),
            supplier: subject.and_then(|subject| subject.supplier.clone()),
            purls: subject.map(|subject| subject.purls.clone()).unwrap_or_default(),
            cpes: subject.map(|subject| subject.cpes.clone()).unwrap_or_default(),
            components: head.components,
            services: head.services,
            files: head.files,
            statements: head.statements,
            faults: head.faults,
            incomplete: head.incomplete,
        }
    }

    /// The format as people call it, with its version: `CycloneDX 1.6`, `SPDX 2.3`.
    pub fn notation(&self) -> String {
        let family = match PartsFormat::from_key(&self.format) {
            Some(PartsFormat::CycloneDx) => "CycloneDX",
            Some(PartsFormat::Spdx) => "SPDX",
            None => "",
        };
        let version = self.format_version.strip_prefix("SPDX-").unwrap_or(&self.format_version);
        format!("{family} {version}").trim().to_owned()
    }

    /// The name of the product, after its group where it has one; empty where the list does not say.
    pub fn full_name(&self) -> String {
        self.subject().map(|subject| subject.full_name()).unwrap_or_default()
    }
}

/// A parts list that was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartsListView {
    /// The number of its import, by which it is asked for.
    pub import: u32,
    /// The file's name.
    pub file: String,
    /// What it was read as.
    pub kind: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// When it was made, as far as the document tells (RFC 3339, UTC).
    pub captured_at: String,
    /// When it was brought in.
    pub imported_at: String,
    /// Who brought it in.
    pub imported_by: String,
    /// What it says of itself.
    pub document: PartsHeadView,
    /// How many warnings there are.
    pub warnings: u64,
    /// `attached`: it belongs to a product of the hospital; `apart`: a person said that it belongs to none; `open`: nobody said.
    pub state: String,
    /// The product it belongs to.
    pub product: Option<OwnProductView>,
    /// The release it counts for: as a person said, else as it says itself.
    pub release: Option<String>,
    /// Whether that release is in use: `in_use`, `other`, or `unknown` where it or the version in use is not known; none where it
    /// belongs to no product here.
    pub use_state: Option<String>,
    /// Who said to what it belongs, when and why.
    pub said: Option<AttachmentView>,
    /// The products it may belong to, the likeliest first, where nobody said anything.
    pub proposals: Vec<ProposalView>,
}

/// A product of the hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnProductView {
    /// Its folded name, by which it is asked for.
    pub family: String,
    /// What people call it.
    pub name: String,
    /// The versions in use.
    pub versions: Vec<String>,
    /// How many devices are or run it; 0 where none does any more.
    pub devices: u64,
}

/// A product that a list may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProposalView {
    /// The product.
    pub product: OwnProductView,
    /// Why.
    pub reason: String,
}

/// What a person said of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttachmentView {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who.
    pub by: String,
    /// The product; none where it belongs to none here.
    pub product: Option<String>,
    /// The release, where the person named one.
    pub release: Option<String>,
    /// Why.
    pub reason: String,
    /// It was said of an earlier list of the same name and supplier.
    pub remembered: bool,
}

/// A parts list with all it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartsListPageView {
    /// What the list of lists says of it.
    pub list: PartsListView,
    /// Its components, as written; none where what is kept can be read no more.
    pub components: Vec<PartView>,
    /// What a person should know of it, place by place.
    pub warnings: Vec<WarningView>,
    /// What people said of it and of the lists of the same product, the newest first.
    pub history: Vec<AttachmentView>,
}

/// A component, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartView {
    /// Its number in the document, from 1.
    pub number: u32,
    /// Its name, after its group where it has one.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Its first package URL.
    pub purl: Option<String>,
    /// Its first CPE name.
    pub cpe: Option<String>,
    /// Licences.
    pub licences: Vec<String>,
    /// When its maker ends its support.
    pub end_of_support: Option<String>,
}

impl PartView {
    pub(super) fn of(component: &Component) -> Self {
        Self {
            number: component.place.row,
            name: component.full_name(),
            version: component.version.clone(),
            supplier: component.supplier.clone(),
            purl: component.purls.first().cloned(),
            cpe: component.cpes.first().cloned(),
            licences: component.licences.clone(),
            end_of_support: component.end_of_support.clone(),
        }
    }
}

/// What changed from one list to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartsComparisonView {
    /// The list that is compared from.
    pub old: PartsListView,
    /// The list that is compared to.
    pub new: PartsListView,
    /// Components of the new list alone.
    pub added: Vec<PartView>,
    /// Components of the old list alone.
    pub removed: Vec<PartView>,
    /// Components of both, with another version or another licence.
    pub changed: Vec<PartChangeView>,
    /// How many are the same.
    pub same: u64,
}

/// A component of both lists that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartChangeView {
    /// As it was.
    pub old: PartView,
    /// As it is.
    pub new: PartView,
    /// `up`, `down`, or `other` where nobody orders the two; none where the version is the same.
    pub turn: Option<String>,
    /// Whether the licences are others.
    pub licence_changed: bool,
}

impl PartsComparisonView {
    pub(super) fn of(old: PartsListView, new: PartsListView, comparison: &Comparison<'_>) -> Self {
        let parts = |all: &[&Component]| all.iter().map(|one| PartView::of(one)).collect();
        let change = |change: &Change<'_>| PartChangeView {
            old: PartView::of(change.old),
            new: PartView::of(change.new),
            turn: change.turn.map(|turn| turn.key().to_owned()),
            licence_changed: change.is_licence_changed,
        };
        Self {
            old,
            new,
            added: parts(&comparison.added),
            removed: parts(&comparison.removed),
            changed: comparison.changed.iter().map(change).collect(),
            same: comparison.same as u64,
        }
    }
}
