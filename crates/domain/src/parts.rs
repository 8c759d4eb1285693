//! Parts lists (部品表, SBOM): what a product's release is made of, as its maker or a tool wrote it.
//!
//! Names, versions, package URLs and CPE names stand here as written. What they mean is judged above, where what cannot be
//! understood can be told as such.

use crate::Place;
use crate::vocabulary::words;

words! {
    /// The family of formats a parts list is written in.
    PartsFormat {
        /// CycloneDX (ECMA-424).
        CycloneDx = "cyclonedx",
        /// SPDX (ISO/IEC 5962).
        Spdx = "spdx",
    }
}

words! {
    /// What kind of thing a component is: CycloneDX's `component.type`, to which SPDX's `primaryPackagePurpose` is mapped.
    ComponentKind {
        /// A program a person starts.
        Application = "application",
        /// A container image.
        Container = "container",
        /// Cryptographic material, a model, data, a platform: what is no program.
        Other = "other",
        /// A piece of hardware.
        Device = "device",
        /// A driver of a piece of hardware.
        DeviceDriver = "device_driver",
        /// A file.
        File = "file",
        /// Firmware.
        Firmware = "firmware",
        /// A framework.
        Framework = "framework",
        /// A library, and what does not say what it is.
        Library = "library",
        /// An operating system.
        OperatingSystem = "operating_system",
        /// A runtime environment or an interpreter.
        Platform = "platform",
    }
}

/// One parts list, as one document holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsList {
    /// The family of its format.
    pub format: PartsFormat,
    /// The version of the format, such as `1.6`, `SPDX-2.3`.
    pub format_version: String,
    /// What names the document everywhere: CycloneDX's `serialNumber`, SPDX's `documentNamespace` or `spdxId`.
    pub serial: Option<String>,
    /// The edition of the same list: CycloneDX's `version`.
    pub edition: Option<u32>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it, person, organisation or tool, as written.
    pub makers: Vec<String>,
    /// What the list is of: the product's release.
    pub subject: Option<Component>,
    /// The components, nested ones after the one that holds them.
    pub components: Vec<Component>,
    /// Which component needs which others, by [`Component::reference`].
    pub needs: Vec<Needs>,
    /// What it says of its completeness: CycloneDX's `compositions` that are `incomplete` in any way, SPDX's `NOASSERTION` relations.
    pub incomplete: bool,
}

/// A component of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Where it stands: its number among the components of the document, from 1.
    pub place: Place,
    /// The document's own name for it: `bom-ref`, `SPDXID`.
    pub reference: Option<String>,
    /// What kind of thing it is.
    pub kind: ComponentKind,
    /// Who supplies it: CycloneDX's `supplier`, `manufacturer`, `publisher` or `author`, in this order; SPDX's `PackageSupplier` or
    /// `PackageOriginator`.
    pub supplier: Option<String>,
    /// The group of its name, such as Maven's `groupId`.
    pub group: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version; none where the document gives none, an empty one, or SPDX's `NOASSERTION`.
    pub version: Option<String>,
    /// Its package URLs, as written: usually one.
    pub purls: Vec<String>,
    /// Its CPE names, as written, 2.2 or 2.3.
    pub cpes: Vec<String>,
    /// Its SWID tag.
    pub swid: Option<String>,
    /// Licences, as written.
    pub licences: Vec<String>,
    /// Digests: algorithm and hexadecimal value, as written.
    pub hashes: Vec<(String, String)>,
    /// When its maker ends its support, where the document says so (CycloneDX properties, FDA 2023 premarket guidance), as written.
    pub end_of_support: Option<String>,
    /// The [`Component::reference`] of the component that holds it.
    pub inside: Option<String>,
}

/// Which others a component needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The component that needs.
    pub reference: String,
    /// What it needs.
    pub on: Vec<String>,
}

impl Component {
    /// Its name, after its group where it has one.
    pub fn full_name(&self) -> String {
        let group = self.group.as_deref().map(|group| format!("{group}/")).unwrap_or_default();
        format!("{group}{}", self.name)
    }

    /// A library called `name` of which nothing else is known, at `place`.
    pub fn new(place: Place, name: impl Into<String>) -> Self {
        Self {
            place,
            reference: None,
            kind: ComponentKind::Library,
            supplier: None,
            group: None,
            name: name.into(),
            version: None,
            purls: Vec::new(),
            cpes: Vec::new(),
            swid: None,
            licences: Vec::new(),
            hashes: Vec::new(),
            end_of_support: None,
            inside: None,
        }
    }
}
