//! SPDX 3.0 in JSON-LD: a graph of elements that refer to each other by name.
//!
//! Terms of the software profile are written with `software_` before them (SPDX 3.0.1, annex on serialisation).

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Component, ComponentKind, Needs, PartsFormat, PartsList, Place, msg};

use super::{asserted, package, take_subject};
use crate::parts::bounds::{MAX_KEPT, Repeats};
use crate::parts::graph::{self, Index};
use crate::parts::names::{is_cpe, is_purl};
use crate::parts::node::{Fields, Node, Shape, Sink, Want};
use crate::parts::told::Told;
use crate::parts::{Break, MAX_COMPONENTS, PartsReading, empty_list};
use crate::text::excerpt;

/// A document while it is read.
pub(in crate::parts) struct Graph {
    list: PartsList,
    told: Told,
    number: u32,
    files: u32,
    /// Names of agents, tools and licences, by the name of the element.
    called: HashMap<String, String>,
    /// Names of all elements.
    known: HashSet<String>,
    /// Suppliers of components, by the component's place in the list: names of elements.
    suppliers: Vec<(usize, String)>,
    makers: Vec<String>,
    /// What the document and its lists of parts are about.
    roots: Vec<String>,
    relations: Vec<(String, String, String)>,
    imported: HashSet<String>,
    security: u64,
    repeats: Repeats,
}

impl Graph {
    pub(in crate::parts) fn new() -> Self {
        Self {
            list: empty_list(PartsFormat::Spdx),
            told: Told::default(),
            number: 0,
            files: 0,
            called: HashMap::new(),
            known: HashSet::new(),
            suppliers: Vec::new(),
            makers: Vec::new(),
            roots: Vec::new(),
            relations: Vec::new(),
            imported: HashSet::new(),
            security: 0,
            repeats: Repeats::default(),
        }
    }

    /// Judges what needs all of the document.
    pub(in crate::parts) fn settle(&mut self) -> Result<(), Break> {
        self.told.stand(Place::DOCUMENT);
        if self.list.format_version.is_empty() {
            self.told.missing("specVersion");
        }
        for (at, name) in &self.suppliers {
            let (component, called) = (self.list.components.get_mut(*at), self.called.get(name));
            if let (Some(component), Some(called)) = (component, called)
                && self.repeats.may(called.len())
            {
                component.supplier = Some(called.clone());
            }
        }
        once(&mut self.makers);
        for name in &self.makers {
            let called = self.called.get(name).unwrap_or(name);
            if self.repeats.may(called.len()) {
                self.list.makers.push(called.clone());
            }
        }
        self.relate();
        let _ = Index::of(&self.list, &mut self.told);
        graph::tell_circles(&self.list.needs, &mut self.told);
        take_subject(&mut self.list, &self.roots);
        self.told.stand(Place::DOCUMENT);
        if self.security > 0 {
            self.told.say(msg!("parts.security_unread", count = self.security));
        }
        if self.list.components.is_empty() && self.list.subject.is_none() {
            self.told.say(msg!("parts.no_components"));
        }
        if self.repeats.is_spent() { Err(Break::Large) } else { Ok(()) }
    }

    /// Everything that was read.
    pub(in crate::parts) fn finish(self, kind: &'static str) -> PartsReading {
        PartsReading {
            kind,
            list: self.list,
            advisories: Vec::new(),
            services: 0,
            files: self.files,
            warnings: self.told.finish(),
        }
    }

    fn element(&mut self, fields: Fields<'_>) {
        let told = &mut self.told;
        let kind = fields.required("type", told).unwrap_or_default();
        let name = fields.owned("spdxId", told).or_else(|| fields.owned("@id", told));
        self.known.extend(name.clone());
        match kind {
            "software_Package" => self.package(fields),
            "software_File" | "software_Snippet" => self.files = self.files.saturating_add(1),
            "Relationship" | "LifecycleScopedRelationship" => self.relationship(fields),
            "SpdxDocument" => {
                self.list.serial = name;
                self.imports(fields);
                self.root(fields);
            }
            "software_Sbom" | "Bom" | "Bundle" => self.root(fields),
            "CreationInfo" => self.creation(fields),
            "simplelicensing_LicenseExpression" => {
                let text = fields.owned("simplelicensing_licenseExpression", told);
                self.called.extend(name.zip(text));
            }
            kind if kind.starts_with("security_") => self.security += 1,
            _ => {
                let text = fields.owned("name", told);
                self.called.extend(name.zip(text));
            }
        }
    }

    fn root(&mut self, fields: Fields<'_>) {
        let roots = fields.texts("rootElement", &mut self.told);
        self.roots.extend(roots.into_iter().map(str::to_owned));
    }

    /// Elements of other documents that this one speaks of (`ExternalMap`).
    fn imports(&mut self, fields: Fields<'_>) {
        for import in fields.maps("import", &mut self.told) {
            self.imported.extend(import.owned("externalSpdxId", &mut self.told));
        }
    }

    fn creation(&mut self, fields: Fields<'_>) {
        let told = &mut self.told;
        if let Some(version) = fields.required("specVersion", told) {
            if !version.starts_with("3.0") {
                told.wrong_value("specVersion", version);
            }
            version.clone_into(&mut self.list.format_version);
        }
        let created = fields.required("created", told).map(str::to_owned);
        self.list.created = self.list.created.take().or(created);
        for field in ["createdBy", "createdUsing"] {
            self.makers.extend(fields.texts(field, told).into_iter().map(str::to_owned));
        }
    }

    fn package(&mut self, fields: Fields<'_>) {
        self.number = self.number.saturating_add(1);
        self.told.stand(Place::line(self.number));
        let component = package(fields, &mut self.told);
        let supplier = fields.owned("suppliedBy", &mut self.told).or_else(|| {
            let makers = fields.texts("originatedBy", &mut self.told);
            makers.first().map(|name| (*name).to_owned())
        });
        self.suppliers.extend(supplier.map(|name| (self.list.components.len(), name)));
        self.list.components.push(component);
    }

    fn relationship(&mut self, fields: Fields<'_>) {
        let told = &mut self.told;
        let from = fields.required("from", told);
        let word = fields.required("relationshipType", told);
        let to = fields.texts("to", told);
        let (Some(from), Some(word)) = (from, word) else { return };
        let is_need = matches!(word, "contains" | "dependsOn" | "hasDynamicLink" | "hasStaticLink");
        let is_open = fields.text("completeness", told) == Some("incomplete")
            || to.iter().any(|name| name.ends_with("NoAssertionElement"));
        if is_need && is_open {
            self.list.incomplete = true;
        }
        for to in to {
            self.relations.push((from.to_owned(), word.to_owned(), to.to_owned()));
        }
    }

    /// Puts what relationships say into the list.
    fn relate(&mut self) {
        let names = self.list.components.iter().enumerate();
        let packages: HashMap<String, usize> =
            names.filter_map(|(at, one)| Some((one.reference.clone()?, at))).collect();
        let mut needs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut missing: HashSet<&str> = HashSet::new();
        for (from, word, to) in &self.relations {
            for end in [from, to] {
                let known = self.known.contains(end) || self.imported.contains(end);
                if !known && !is_individual(end) && missing.insert(end) {
                    self.told.say(msg!("parts.reference_unknown", text = excerpt(end)));
                }
            }
            let left = packages.get(from).copied();
            match word.as_str() {
                "describes" => self.roots.push(to.clone()),
                "dependsOn" | "hasDynamicLink" | "hasStaticLink" if !is_individual(to) => {
                    needs.entry(from).or_default().push(to.clone());
                }
                "contains" if left.is_some() => {
                    let held = packages.get(to).and_then(|at| self.list.components.get_mut(*at));
                    if let Some(held) = held {
                        held.inside.get_or_insert_with(|| from.clone());
                    }
                }
                "hasConcludedLicense" | "hasDeclaredLicense" => {
                    let component = left.and_then(|at| self.list.components.get_mut(at));
                    let text = self.called.get(to).map(String::as_str);
                    if let Some(component) = component
                        && self.repeats.may(text.map_or(0, str::len))
                    {
                        component.licences.extend(asserted(text));
                    }
                }
                _ => {}
            }
        }
        self.list.components.iter_mut().for_each(|component| once(&mut component.licences));
        self.list.needs = needs
            .into_iter()
            .map(|(reference, on)| Needs { reference: reference.to_owned(), on })
            .collect();
    }
}

impl Sink for Graph {
    fn want(&self, field: &str) -> Want {
        if field == "@graph" { Want::Each } else { Want::Skip }
    }

    fn take(&mut self, _: &str, node: &Node<'_>) {
        self.told.stand(Place::DOCUMENT);
        match node.fields(Shape::Typed) {
            Some(fields) => self.element(fields),
            None => self.told.wrong_type("@graph"),
        }
    }

    fn is_no_list(&mut self, field: &str) {
        self.told.stand(Place::DOCUMENT);
        self.told.wrong_type(field);
    }

    fn is_full(&self) -> bool {
        self.number >= MAX_COMPONENTS || self.known.len().max(self.relations.len()) >= MAX_KEPT
    }
}

/// Names that the specification itself gives: `NoAssertionElement`, `NoneElement`, licences of the list.
fn is_individual(name: &str) -> bool {
    let given = ["https://spdx.org/rdf/", "https://spdx.org/licenses/"];
    given.iter().any(|begin| name.starts_with(begin))
        || name.ends_with("NoAssertionElement")
        || name.ends_with("NoneElement")
        || name.ends_with("NoAssertionLicense")
        || name.ends_with("NoneLicense")
}

/// `software_Package`.
fn package(fields: Fields<'_>, told: &mut Told) -> Component {
    fields.check_twice(told);
    let name = fields.required("name", told).unwrap_or_default();
    let mut component = Component::new(told.place(), name);
    if name.is_empty() {
        told.say(msg!("parts.no_name"));
    }
    component.reference = fields.required("spdxId", told).map(str::to_owned);
    component.version = asserted(fields.text("software_packageVersion", told));
    component.end_of_support = fields.owned("validUntilTime", told);
    if let Some(word) = fields.text("software_primaryPurpose", told) {
        component.kind = package::kind(word).unwrap_or_else(|| {
            told.wrong_value("software_primaryPurpose", word);
            ComponentKind::Library
        });
    }
    if let Some(purl) = fields.text("software_packageUrl", told) {
        take_purl(&mut component, purl, told);
    }
    for one in fields.maps("externalIdentifier", told) {
        let kind = one.text("externalIdentifierType", told).unwrap_or_default();
        let Some(text) = one.text("identifier", told) else { continue };
        match kind {
            "packageUrl" => take_purl(&mut component, text, told),
            "cpe22" | "cpe23" => {
                if !is_cpe(text) {
                    told.no_cpe(text);
                }
                component.cpes.push(text.to_owned());
            }
            "swid" => component.swid = Some(text.to_owned()),
            _ => {}
        }
    }
    once(&mut component.purls);
    for hash in fields.maps("verifiedUsing", told) {
        let algorithm = hash.owned("algorithm", told);
        component.hashes.extend(algorithm.zip(hash.owned("hashValue", told)));
    }
    component
}

/// Each text once, in the order of the first.
fn once(texts: &mut Vec<String>) {
    let mut seen = HashSet::new();
    if texts.len() > 1 {
        texts.retain(|text| seen.insert(text.clone()));
    }
}

fn take_purl(component: &mut Component, purl: &str, told: &mut Told) {
    if !is_purl(purl) {
        told.no_purl(purl);
    }
    component.purls.push(purl.to_owned());
}
