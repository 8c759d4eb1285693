//! CycloneDX 1.0 to 1.7 (ECMA-424), in JSON and XML.
//!
//! Components in `pedigree`, `tools`, `evidence` and `formulation` are no parts of the product, and are not read.  CPE names that a
//! tool guessed into `properties` (`syft:cpe23`) are not taken for the maker's.

mod component;
mod licence;
mod products;
mod vers;
mod vulnerability;

use std::collections::HashSet;
use std::sync::Arc;

use domain::{Advisory, Needs, PartsFormat, PartsList, Place, msg};

use super::bounds::{MAX_KEPT, Repeats};
use super::graph::{self, Index};
use super::node::{Fields, Node, Shape, Sink, Want};
use super::told::Told;
use super::xml::Vocabulary;
use super::{Break, MAX_COMPONENTS, PartsReading, empty_list};

/// How the XML becomes what the JSON is: elements that are lists, and what they hold.
pub(super) const XML: Vocabulary = Vocabulary {
    lists: &[
        ("advisories", &["advisory"]),
        ("affects", &["target"]),
        ("authors", &["author"]),
        ("components", &["component"]),
        ("compositions", &["composition"]),
        ("cwes", &["cwe"]),
        ("dependencies", &["dependency"]),
        ("externalReferences", &["reference"]),
        ("hashes", &["hash"]),
        ("licenses", &["license", "expression"]),
        ("properties", &["property"]),
        ("ratings", &["rating"]),
        ("references", &["reference"]),
        ("responses", &["response"]),
        ("services", &["service"]),
        ("tools", &["tool"]),
        ("versions", &["version"]),
        ("vulnerabilities", &["vulnerability"]),
    ],
    named: "license expression",
};

/// Versions of the specification that are known: the number behind `1.`.
const KNOWN: std::ops::RangeInclusive<u8> = 0..=7;

/// A document while it is read.
pub(super) struct Document {
    shape: Shape,
    /// The version of the specification, as the number behind `1.`; the newest where it is none that is known.
    minor: u8,
    list: PartsList,
    told: Told,
    number: u32,
    services: u32,
    dependencies: u32,
    /// How many ends all dependencies have together.
    ends: usize,
    /// What lists beside the components are called in places.
    sheets: Sheets,
    /// `bom-ref` of what is no component: services, vulnerabilities.
    others: HashSet<String>,
    publisher: Option<String>,
    advisories: Vec<Advisory>,
    /// Claims whose product is found once all components were read: advisory, claim, reference.
    pending: Vec<(usize, usize, String)>,
    has_mark: bool,
    has_edition: bool,
    repeats: Repeats,
}

/// Names of lists beside the components, made once.
struct Sheets {
    dependencies: Arc<str>,
    vulnerabilities: Arc<str>,
}

impl Default for Sheets {
    fn default() -> Self {
        Self { dependencies: "dependencies".into(), vulnerabilities: "vulnerabilities".into() }
    }
}

impl Document {
    /// A document whose `specVersion` is `version`, as far as it could be told before reading.
    pub(super) fn new(shape: Shape, version: Option<&str>) -> Self {
        let minor = version.and_then(minor).filter(|minor| KNOWN.contains(minor));
        Self {
            shape,
            minor: minor.unwrap_or(*KNOWN.end()),
            list: empty_list(PartsFormat::CycloneDx),
            told: Told::default(),
            number: 0,
            services: 0,
            dependencies: 0,
            ends: 0,
            sheets: Sheets::default(),
            others: HashSet::new(),
            publisher: None,
            advisories: Vec::new(),
            pending: Vec::new(),
            has_mark: false,
            has_edition: false,
            repeats: Repeats::default(),
        }
    }

    /// Judges what needs all of the document.
    pub(super) fn settle(&mut self) -> Result<(), Break> {
        self.told.stand(Place::DOCUMENT);
        if self.shape == Shape::Typed && !self.has_mark {
            self.told.missing("bomFormat");
        }
        if self.list.format_version.is_empty() {
            self.told.missing("specVersion");
        }
        // The edition may be left out since 1.5, and in XML, where it is 1 then.
        if self.shape == Shape::Typed && self.minor < 5 && !self.has_edition {
            self.told.missing("version");
        }
        let index = Index::of(&self.list, &mut self.told);
        graph::tell_missing(&self.list.needs, &index, &self.others, &mut self.told);
        graph::tell_circles(&self.list.needs, &mut self.told);
        let (list, repeats) = (&self.list, &mut self.repeats);
        products::resolve(&mut self.advisories, &self.pending, list, &index, repeats);
        let sheet = &self.sheets.vulnerabilities;
        products::name_subject(&mut self.advisories, list, sheet, repeats, &mut self.told);
        products::sign(&mut self.advisories, list, self.publisher.as_deref(), repeats);
        if self.list.components.is_empty()
            && self.list.subject.is_none()
            && self.advisories.is_empty()
        {
            self.told.stand(Place::DOCUMENT);
            self.told.say(msg!("parts.no_components"));
        }
        if self.repeats.is_spent() { Err(Break::Large) } else { Ok(()) }
    }

    /// Everything that was read.
    pub(super) fn finish(self, kind: &'static str) -> PartsReading {
        PartsReading {
            kind,
            list: self.list,
            advisories: self.advisories,
            services: self.services,
            files: 0,
            warnings: self.told.finish(),
        }
    }

    fn version(&mut self, text: &str) {
        if !minor(text).is_some_and(|minor| KNOWN.contains(&minor)) {
            self.told.wrong_value("specVersion", text);
        }
        text.clone_into(&mut self.list.format_version);
    }

    fn edition(&mut self, node: &Node<'_>) {
        self.has_edition = true;
        let is_text = matches!(node, Node::Text(_));
        if self.shape == Shape::Typed && is_text {
            self.told.wrong_type("version");
        }
        let text = node.scalar().unwrap_or_default().trim();
        match text.parse::<u32>() {
            Ok(edition) if edition > 0 => self.list.edition = Some(edition),
            _ => self.told.wrong_value("version", text),
        }
    }

    fn metadata(&mut self, fields: Fields<'_>) {
        let told = &mut self.told;
        fields.check_twice(told);
        self.list.created = fields.owned("timestamp", told);
        let mut makers: Vec<String> = Vec::new();
        // `manufacture` is the name up to 1.5.
        for field in ["manufacturer", "manufacture", "supplier"] {
            let organisation = fields.map(field, told);
            makers.extend(organisation.and_then(|one| one.owned("name", told)));
        }
        let authors = fields.maps("authors", told);
        makers.extend(authors.into_iter().filter_map(|author| author.owned("name", told)));
        self.publisher = makers.first().cloned();
        makers.extend(tools(fields, told));
        self.list.makers = makers;
        licence::read(fields, self.minor, told);
        if let Some(node) = fields.get("component") {
            self.subject(node);
        }
    }

    fn subject(&mut self, node: &Node<'_>) {
        match node.fields(self.shape) {
            Some(fields) => {
                let subject = component::read(fields, None, self.minor, &mut self.told);
                let inside = subject.reference.clone();
                self.list.subject = Some(subject);
                self.nested(fields, inside.as_deref());
            }
            None => self.told.wrong_type("metadata.component"),
        }
    }

    fn component(&mut self, node: &Node<'_>, inside: Option<&str>) {
        self.number = self.number.saturating_add(1);
        self.told.stand(Place::line(self.number));
        let Some(fields) = node.fields(self.shape) else {
            self.told.say(msg!("parts.fault_component"));
            return;
        };
        if !self.repeats.may(inside.map_or(0, str::len)) {
            return;
        }
        let component = component::read(fields, inside, self.minor, &mut self.told);
        let reference = component.reference.clone();
        self.list.components.push(component);
        self.nested(fields, reference.as_deref());
    }

    /// The components that a component holds (`component.components`).
    fn nested(&mut self, fields: Fields<'_>, inside: Option<&str>) {
        for node in fields.items("components", &mut self.told) {
            if self.is_full() {
                return;
            }
            self.component(node, inside);
        }
    }

    fn service(&mut self, node: &Node<'_>) {
        self.services = self.services.saturating_add(1);
        let Some(fields) = node.fields(self.shape) else {
            return self.told.wrong_type("services");
        };
        self.others.extend(fields.owned("bom-ref", &mut self.told));
        for node in fields.items("services", &mut self.told) {
            self.service(node);
        }
    }

    /// `dependsOn` in JSON; elements of the same name in XML.
    fn dependency(&mut self, node: &Node<'_>) {
        self.dependencies = self.dependencies.saturating_add(1);
        self.told.stand(Place::row(Some(self.sheets.dependencies.clone()), self.dependencies));
        let told = &mut self.told;
        let Some(fields) = node.fields(self.shape) else { return told.wrong_type("dependencies") };
        fields.check_twice(told);
        let Some(reference) = fields.required("ref", told) else { return };
        let mut on: Vec<String> = Vec::new();
        on.extend(fields.texts("dependsOn", told).into_iter().map(str::to_owned));
        for inner in fields.maps("dependency", told) {
            on.extend(inner.owned("ref", told));
        }
        self.ends += on.len() + 1;
        if !on.is_empty() {
            self.list.needs.push(Needs { reference: reference.to_owned(), on });
        }
    }

    /// `aggregate` (ECMA-424, compositions).
    fn composition(&mut self, node: &Node<'_>) {
        let told = &mut self.told;
        told.stand(Place::DOCUMENT);
        let Some(fields) = node.fields(self.shape) else { return told.wrong_type("compositions") };
        let Some(aggregate) = fields.required("aggregate", told) else { return };
        if aggregate.starts_with("incomplete") {
            self.list.incomplete = true;
        } else if !matches!(aggregate, "complete" | "unknown" | "not_specified") {
            told.wrong_value("aggregate", aggregate);
        }
    }
}

impl Sink for Document {
    fn want(&self, field: &str) -> Want {
        match field {
            "components" | "dependencies" | "vulnerabilities" | "compositions" | "services" => {
                Want::Each
            }
            // An attestation around a list (in-toto Statement, `predicate`).
            "predicate" => Want::Inside,
            "bomFormat" | "specVersion" | "serialNumber" | "version" | "metadata" => Want::Whole,
            _ => Want::Skip,
        }
    }

    fn take(&mut self, field: &str, node: &Node<'_>) {
        match field {
            "components" => return self.component(node, None),
            "dependencies" => return self.dependency(node),
            "vulnerabilities" => return self.vulnerability(node),
            "services" => return self.service(node),
            "compositions" => return self.composition(node),
            _ => self.told.stand(Place::DOCUMENT),
        }
        let text = node.scalar().map(str::trim).unwrap_or_default();
        match field {
            "metadata" => match node.fields(self.shape) {
                Some(fields) => self.metadata(fields),
                None => self.told.wrong_type("metadata"),
            },
            "xmlns" => self.version(text.rsplit('/').next().unwrap_or_default()),
            "specVersion" => self.version(text),
            "bomFormat" => {
                self.has_mark = true;
                if text != "CycloneDX" {
                    self.told.wrong_value("bomFormat", text);
                }
            }
            "serialNumber" => {
                if !is_serial(text) {
                    self.told.wrong_value("serialNumber", text);
                }
                self.list.serial = Some(text.to_owned()).filter(|text| !text.is_empty());
            }
            "version" => self.edition(node),
            _ => {}
        }
    }

    fn is_no_list(&mut self, field: &str) {
        self.told.stand(Place::DOCUMENT);
        self.told.wrong_type(field);
    }

    fn is_full(&self) -> bool {
        self.number >= MAX_COMPONENTS
            || self.repeats.is_spent()
            || self.ends.max(self.others.len()) >= MAX_KEPT
            || self.advisories.len().max(self.pending.len()) >= MAX_KEPT / 4
    }
}

/// The number behind `1.`.
fn minor(version: &str) -> Option<u8> {
    version.strip_prefix("1.")?.parse().ok()
}

/// `urn:uuid:` and a UUID (RFC 4122).
fn is_serial(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let groups: Vec<&str> = uuid.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The tools that made the document: since 1.5 components, before that `vendor`, `name` and `version`.
fn tools(fields: Fields<'_>, told: &mut Told) -> Vec<String> {
    let tools = match fields.get("tools").and_then(|node| node.fields(fields.shape())) {
        Some(since_1_5) => since_1_5.maps("components", told),
        None => fields.maps("tools", told),
    };
    let mut named = Vec::new();
    for tool in tools {
        let parts: Vec<&str> = ["vendor", "group", "name", "version"]
            .into_iter()
            .filter_map(|field| tool.text(field, told))
            .collect();
        named.push(parts.join(" "));
    }
    named.retain(|name| !name.is_empty());
    named
}
