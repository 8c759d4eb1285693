//! Which product a claim is on: a component of this list, the product itself, or something in another document.

use std::sync::Arc;

use domain::{
    Advisory, Claim, Component, Condition, Criterion, PartsList, Place, ProductName, Versions, msg,
};

use super::vers;
use super::vulnerability::listed;
use crate::parts::bounds::Repeats;
use crate::parts::graph::Index;
use crate::parts::told::Told;
use crate::text::excerpt;

/// Names the products of claims, now that all components are known.
pub(super) fn resolve(
    advisories: &mut [Advisory],
    pending: &[(usize, usize, String)],
    list: &PartsList,
    index: &Index<'_>,
    repeats: &mut Repeats,
) {
    let of_subject = list.subject.as_ref().map_or(0, size);
    for (advisory, claim, reference) in pending {
        let advisory = advisories.get_mut(*advisory);
        let Some(claim) = advisory.and_then(|one| one.claims.get_mut(*claim)) else { continue };
        let link = Link::of(reference);
        let here = link.serial.is_none_or(|serial| Some(serial) == serial_number(list));
        let component = index.get(reference).or_else(|| index.get(&link.name).filter(|_| here));
        let Some(component) = component else {
            if repeats.may(reference.len()) {
                claim.product = elsewhere(reference);
            }
            continue;
        };
        if !repeats.may(size(component) + of_subject) {
            return;
        }
        name(claim, component);
        // What is said of a part holds in this product: elsewhere the same library may well be open to attack.
        if let Some(subject) = list.subject.as_ref().filter(|subject| !same(subject, component)) {
            claim.conditions.push(Condition { negated: false, any: vec![criterion(subject)] });
        }
    }
}

/// Whether a component is the subject itself.
fn same(subject: &Component, component: &Component) -> bool {
    std::ptr::eq(subject, component)
        || subject.reference.is_some() && subject.reference == component.reference
}

/// The product in its version.
fn criterion(component: &Component) -> Criterion {
    let versions = component.version.as_deref().map_or(Versions::Unstated, listed);
    Criterion { product: product(component), versions }
}

/// What names no product with `affects` speaks of what the document is of. Where that is not said either, the word is on nothing.
pub(super) fn name_subject(
    advisories: &mut [Advisory],
    list: &PartsList,
    sheet: &Arc<str>,
    repeats: &mut Repeats,
    told: &mut Told,
) {
    for (at, advisory) in advisories.iter_mut().enumerate() {
        let nameless = ProductName::default();
        let [claim] = &mut *advisory.claims else { continue };
        if claim.product != nameless {
            continue;
        }
        match &list.subject {
            Some(subject) if repeats.may(size(subject)) => name(claim, subject),
            Some(_) => return,
            None => {
                let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
                told.stand(Place::row(Some(sheet.clone()), number));
                told.say(msg!("parts.no_product", text = excerpt(&advisory.id)));
                advisory.claims.clear();
            }
        }
    }
}

/// Says of all advisories who says it, and in which document.
pub(super) fn sign(
    advisories: &mut [Advisory],
    list: &PartsList,
    publisher: Option<&str>,
    repeats: &mut Repeats,
) {
    let serial = list.serial.as_deref();
    for advisory in advisories {
        if !repeats.may(serial.map_or(0, str::len) + publisher.map_or(0, str::len)) {
            return;
        }
        advisory.publisher = publisher.map(str::to_owned);
        advisory.revision = list.edition.map(|edition| edition.to_string());
        if let Some(serial) = serial {
            serial.clone_into(&mut advisory.document);
        }
    }
}

/// How many bytes the name of a product takes.
fn size(component: &Component) -> usize {
    let lists = component.purls.iter().chain(&component.cpes).map(String::len).sum::<usize>();
    let supplier = component.supplier.as_ref().map_or(0, String::len);
    let version = component.version.as_ref().map_or(0, String::len);
    lists + supplier + version + component.name.len()
}

/// Says of a claim that it is on a component; in its version, where the claim gives none.
fn name(claim: &mut Claim, component: &Component) {
    claim.product = product(component);
    if claim.versions == Versions::Unstated
        && let Some(version) = &component.version
    {
        claim.versions = listed(version);
    }
}

fn product(component: &Component) -> ProductName {
    ProductName {
        vendor: component.supplier.clone(),
        name: Some(component.name.clone()).filter(|name| !name.is_empty()),
        purls: component.purls.clone(),
        cpes: component.cpes.clone(),
        ..ProductName::default()
    }
}

/// A product in another document is called by the whole reference, so that it is found where that document is kept, and nowhere
/// else: its name may look like a package URL, but what is said of it holds inside the product of that document.
fn elsewhere(reference: &str) -> ProductName {
    ProductName { name: Some(reference.to_owned()), ..ProductName::default() }
}

/// A reference into a document: `urn:cdx:SERIAL/VERSION#BOM-REF` (BOM-Link, ECMA-424), or a `bom-ref` of this one.
struct Link<'r> {
    serial: Option<&'r str>,
    name: String,
}

impl<'r> Link<'r> {
    fn of(reference: &'r str) -> Self {
        let link = reference.strip_prefix("urn:cdx:").map(|rest| match rest.split_once('#') {
            Some((document, name)) => (document, name),
            None => (rest, ""),
        });
        match link {
            Some((document, name)) => Self {
                serial: document.split('/').next(),
                name: vers::decoded(name).unwrap_or_else(|| name.to_owned()),
            },
            None => Self { serial: None, name: reference.to_owned() },
        }
    }
}

/// The number in `serialNumber`, as links to the document write it.
fn serial_number(list: &PartsList) -> Option<&str> {
    let serial = list.serial.as_deref()?;
    Some(serial.strip_prefix("urn:uuid:").unwrap_or(serial))
}
