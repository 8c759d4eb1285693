//! A package of SPDX 2 (clause 7).

use domain::{Component, ComponentKind, msg};

use super::asserted;
use crate::parts::names::{is_cpe, is_purl};
use crate::parts::node::{Fields, Node, Shape};
use crate::parts::told::Told;

/// Reads a package.
pub(super) fn read(fields: Fields<'_>, told: &mut Told) -> Component {
    fields.check_twice(told);
    let name = fields.required("name", told).unwrap_or_default();
    let mut component = Component::new(told.place(), name);
    if name.is_empty() {
        told.say(msg!("parts.no_name"));
    }
    component.reference = fields.required("SPDXID", told).map(str::to_owned);
    fields.required("downloadLocation", told);
    component.kind =
        fields.text("primaryPackagePurpose", told).map_or(ComponentKind::Library, |word| {
            kind(word).unwrap_or_else(|| {
                told.wrong_value("primaryPackagePurpose", word);
                ComponentKind::Library
            })
        });
    component.version = asserted(fields.text("versionInfo", told));
    component.supplier =
        party(fields.text("supplier", told)).or_else(|| party(fields.text("originator", told)));
    component.licences = licences(fields, told);
    component.end_of_support = fields.owned("validUntilDate", told);
    references(fields, &mut component, told);
    for checksum in fields.maps("checksums", told) {
        let algorithm = checksum.required("algorithm", told);
        let digest = checksum.required("checksumValue", told);
        if let (Some(algorithm), Some(digest)) = (algorithm, digest) {
            component.hashes.push((algorithm.to_owned(), digest.to_owned()));
        }
    }
    if let Some(analysed) = fields.get("filesAnalyzed")
        && fields.shape() == Shape::Typed
        && !matches!(analysed, Node::Flag(_))
    {
        told.wrong_type("filesAnalyzed");
    }
    component
}

/// `primaryPackagePurpose` (7.24), which 3.0 writes in small letters. Source, archives and installers are programs of no kind that
/// is said.
pub(super) fn kind(word: &str) -> Option<ComponentKind> {
    Some(match word.to_ascii_uppercase().replace('_', "-").as_str() {
        "APPLICATION" | "EXECUTABLE" => ComponentKind::Application,
        "CONTAINER" => ComponentKind::Container,
        "DEVICE" => ComponentKind::Device,
        "DEVICEDRIVER" => ComponentKind::DeviceDriver,
        "FILE" => ComponentKind::File,
        "FIRMWARE" => ComponentKind::Firmware,
        "FRAMEWORK" => ComponentKind::Framework,
        "LIBRARY" | "SOURCE" | "ARCHIVE" | "INSTALL" | "MODULE" | "PATCH" => ComponentKind::Library,
        "OPERATING-SYSTEM" | "OPERATINGSYSTEM" => ComponentKind::OperatingSystem,
        "PLATFORM" => ComponentKind::Platform,
        "OTHER" | "BOM" | "CONFIGURATION" | "DATA" | "DISKIMAGE" | "DOCUMENTATION" | "EVIDENCE"
        | "FILESYSTEMIMAGE" | "MANIFEST" | "MODEL" | "REQUIREMENT" | "SPECIFICATION" | "TEST" => {
            ComponentKind::Other
        }
        _ => return None,
    })
}

/// `Organization: Red Hat (secalert@redhat.com)`: the name (7.5).
fn party(text: Option<&str>) -> Option<String> {
    let text = text.filter(|text| !matches!(*text, "NOASSERTION" | "NONE"))?;
    let kinds = ["Organization:", "Person:", "Tool:"];
    let name = kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text).trim();
    let name = match name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        // A name may itself hold parentheses: `GE (Healthcare)`.
        Some((name, mail)) if mail.is_empty() || mail.contains('@') => name.trim(),
        _ => name,
    };
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// What was concluded (7.13) and what was declared (7.15), each once.
fn licences(fields: Fields<'_>, told: &mut Told) -> Vec<String> {
    let mut licences = Vec::new();
    for field in ["licenseConcluded", "licenseDeclared"] {
        if let Some(licence) = asserted(fields.text(field, told))
            && !licences.contains(&licence)
        {
            licences.push(licence);
        }
    }
    licences
}

/// `externalRefs` (7.21, annex F): package URLs, CPE names, SWID tags. Others lead to pages.
fn references(fields: Fields<'_>, component: &mut Component, told: &mut Told) {
    for reference in fields.maps("externalRefs", told) {
        let kind = reference.required("referenceType", told).unwrap_or_default();
        let Some(locator) = reference.required("referenceLocator", told) else { continue };
        // A type may be written as the address of its definition.
        match kind.rsplit(['#', '/']).next().unwrap_or_default() {
            "purl" => {
                if !is_purl(locator) {
                    told.no_purl(locator);
                }
                component.purls.push(locator.to_owned());
            }
            "cpe23Type" | "cpe22Type" => {
                if !is_cpe(locator) {
                    told.no_cpe(locator);
                }
                component.cpes.push(locator.to_owned());
            }
            "swid" => component.swid = Some(locator.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_called_by_its_name() {
        for (text, name) in [
            ("Organization: Red Hat", Some("Red Hat")),
            ("Person: Jane Doe (jane.doe@example.com)", Some("Jane Doe")),
            ("Organization: ExampleCodeInspect ()", Some("ExampleCodeInspect")),
            ("Organization: GE (Healthcare)", Some("GE (Healthcare)")),
            ("株式会社見回り", Some("株式会社見回り")),
            ("NOASSERTION", None),
            ("Organization:", None),
        ] {
            assert_eq!(party(Some(text)).as_deref(), name, "{text}");
        }
    }
}
