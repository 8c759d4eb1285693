//! SPDX 2.0 to 2.3 (ISO/IEC 5962) in four notations, and 3.0 (`three`).
//!
//! Packages are components. Files and snippets are counted: a package is what has a version, and what others speak of.

mod package;
mod relations;
pub(super) mod three;

use std::collections::HashSet;

use domain::{PartsFormat, PartsList, Place, msg};

use self::relations::Relation;
use super::bounds::MAX_KEPT;
use super::graph::{self, Index};
use super::node::{Fields, Node, Shape, Sink, Want};
use super::told::Told;
use super::xml::Vocabulary;
use super::{MAX_COMPONENTS, PartsReading, empty_list};

/// The XML that the SPDX tools write: a list is an element that stands several times.
pub(super) const XML: Vocabulary = Vocabulary { lists: &[], named: "" };

/// What the document calls itself (6.3).
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// A document while it is read.
pub(super) struct Document {
    shape: Shape,
    list: PartsList,
    told: Told,
    number: u32,
    files: u32,
    /// What is no package and can be referred to: the document, files, snippets.
    others: HashSet<String>,
    described: Vec<String>,
    relations: Vec<Relation>,
    seen: HashSet<&'static str>,
}

/// Fields that every document has (SPDX 2.3, clause 6).
const REQUIRED: &[&str] =
    &["SPDXID", "creationInfo", "dataLicense", "documentNamespace", "name", "spdxVersion"];

impl Document {
    /// An empty document.
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            shape,
            list: empty_list(PartsFormat::Spdx),
            told: Told::default(),
            number: 0,
            files: 0,
            others: HashSet::from([DOCUMENT.to_owned()]),
            described: Vec::new(),
            relations: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Judges what needs all of the document.
    pub(super) fn settle(&mut self) {
        self.told.stand(Place::DOCUMENT);
        for field in REQUIRED {
            if !self.seen.contains(field) {
                self.told.missing(field);
            }
        }
        relations::apply(
            &self.relations,
            &mut self.list,
            &mut self.described,
            &self.others,
            &mut self.told,
        );
        // For what stands twice.
        let _ = Index::of(&self.list, &mut self.told);
        graph::tell_circles(&self.list.needs, &mut self.told);
        take_subject(&mut self.list, &self.described);
        if self.list.components.is_empty() && self.list.subject.is_none() {
            self.told.stand(Place::DOCUMENT);
            self.told.say(msg!("parts.no_components"));
        }
    }

    /// Everything that was read.
    pub(super) fn finish(self, kind: &'static str) -> PartsReading {
        PartsReading {
            kind,
            list: self.list,
            advisories: Vec::new(),
            services: 0,
            files: self.files,
            warnings: self.told.finish(),
        }
    }

    fn package(&mut self, node: &Node<'_>) {
        self.number = self.number.saturating_add(1);
        self.told.stand(Place::line(self.number));
        match node.fields(self.shape) {
            Some(fields) => {
                let component = package::read(fields, &mut self.told);
                self.list.components.push(component);
            }
            None => self.told.say(msg!("parts.fault_component")),
        }
    }

    /// A file or a snippet: counted, and known to relationships.
    fn other(&mut self, node: &Node<'_>) {
        self.files = self.files.saturating_add(1);
        self.told.stand(Place::row(Some("files".into()), self.files));
        match node.fields(self.shape) {
            Some(fields) => self.others.extend(fields.owned("SPDXID", &mut self.told)),
            None => self.told.wrong_type("files"),
        }
    }

    fn relationship(&mut self, node: &Node<'_>) {
        let number = u32::try_from(self.relations.len() + 1).unwrap_or(u32::MAX);
        self.told.stand(Place::row(Some("relationships".into()), number));
        let told = &mut self.told;
        let Some(fields) = node.fields(self.shape) else { return told.wrong_type("relationships") };
        let from = fields.required("spdxElementId", told);
        let word = fields.required("relationshipType", told);
        let to = fields.required("relatedSpdxElement", told);
        if let (Some(from), Some(word), Some(to)) = (from, word, to) {
            self.relations.push(Relation::of(from, word, to, told));
        }
    }

    fn creation(&mut self, fields: Fields<'_>) {
        fields.check_twice(&mut self.told);
        self.list.created = fields.required("created", &mut self.told).map(str::to_owned);
        let creators = fields.texts("creators", &mut self.told);
        if creators.is_empty() {
            self.told.missing("creators");
        }
        self.list.makers = creators.into_iter().map(str::to_owned).collect();
    }

    fn text(&mut self, field: &str, node: &Node<'_>) {
        if self.shape == Shape::Typed && !matches!(node, Node::Text(_)) {
            self.told.wrong_type(field);
        }
        let text = node.scalar().map(str::trim).unwrap_or_default();
        match field {
            "spdxVersion" => {
                if !matches!(text, "SPDX-2.0" | "SPDX-2.1" | "SPDX-2.2" | "SPDX-2.3") {
                    self.told.wrong_value("spdxVersion", text);
                }
                text.clone_into(&mut self.list.format_version);
            }
            "documentNamespace" => {
                self.list.serial = Some(text.to_owned()).filter(|text| !text.is_empty());
            }
            "dataLicense" if text != "CC0-1.0" => self.told.wrong_value("dataLicense", text),
            "SPDXID" if text != DOCUMENT => self.told.wrong_value("SPDXID", text),
            _ => {}
        }
    }
}

impl Sink for Document {
    fn want(&self, field: &str) -> Want {
        match field {
            "packages" | "files" | "snippets" | "relationships" | "documentDescribes" => Want::Each,
            // GitHub's export, and an attestation around a list (in-toto Statement).
            "predicate" | "sbom" => Want::Inside,
            field if REQUIRED.contains(&field) => Want::Whole,
            _ => Want::Skip,
        }
    }

    fn take(&mut self, field: &str, node: &Node<'_>) {
        match field {
            "packages" => return self.package(node),
            "files" | "snippets" => return self.other(node),
            "relationships" => return self.relationship(node),
            "documentDescribes" => {
                self.described.extend(node.scalar().map(str::to_owned));
                return;
            }
            _ => self.told.stand(Place::DOCUMENT),
        }
        self.seen.extend(REQUIRED.iter().find(|known| **known == field));
        match (field, node.fields(self.shape)) {
            ("creationInfo", Some(fields)) => self.creation(fields),
            ("creationInfo", None) => self.told.wrong_type("creationInfo"),
            _ => self.text(field, node),
        }
    }

    fn is_no_list(&mut self, field: &str) {
        self.told.stand(Place::DOCUMENT);
        self.told.wrong_type(field);
    }

    fn is_full(&self) -> bool {
        self.number >= MAX_COMPONENTS
            || self.relations.len().max(self.others.len()).max(self.described.len()) >= MAX_KEPT
    }
}

/// The one package that the document describes is what the list is of, and no component of it.
fn take_subject(list: &mut PartsList, described: &[String]) {
    let described: HashSet<&str> = described.iter().map(String::as_str).collect();
    let mut found = None;
    for (at, component) in list.components.iter().enumerate() {
        let is_described =
            component.reference.as_deref().is_some_and(|reference| described.contains(reference));
        if is_described && found.replace(at).is_some() {
            return;
        }
    }
    if let Some(at) = found {
        list.subject = Some(list.components.remove(at));
    }
}

/// A value, or none where the document says that it gives none (SPDX 2.3, 7.3: `NOASSERTION`, `NONE`).
fn asserted(text: Option<&str>) -> Option<String> {
    text.filter(|text| !matches!(*text, "NOASSERTION" | "NONE")).map(str::to_owned)
}
