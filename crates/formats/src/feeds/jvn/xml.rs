//! JVN iPedia in XML: VULDEF 3.2 (`Vulinfo`) and JVNRSS 3.2 (`item`).

use std::io::Read;

use domain::{LocalText, Rating, Remedy, RemedyKind, VexStatus, msg};

use super::{Entry, Item};
use crate::feeds::fault::Fault;
use crate::feeds::gather::{Gather, Reject};
use crate::feeds::json::{is_cwe, moment, tenths};
use crate::feeds::xml::{Piece, Xml};
use crate::text::excerpt;

/// Reads a document.
pub(in crate::feeds) fn read(bytes: impl Read, gather: &mut Gather<'_>) -> Result<(), Fault> {
    let mut xml = Xml::new(bytes);
    let mut lang = String::new();
    let mut draft: Option<Draft> = None;
    let mut number = 0;
    loop {
        match xml.next()? {
            Piece::Open(name, attributes) => {
                let get = |name: &str| attribute(&attributes, name);
                match name.as_str() {
                    "VULDEF-Document" => {
                        gather.schema(get("version"));
                        lang = get("lang").to_owned();
                    }
                    "RDF" => lang = get("lang").to_owned(),
                    "Vulinfo" | "item" => {
                        xml.mark();
                        draft = Some(Draft::new(lang.clone()));
                    }
                    "Status" => status(&attributes, gather),
                    _ => {}
                }
                if let Some(draft) = &mut draft {
                    draft.open(&name, attributes);
                }
            }
            Piece::Close(name, _) if name == "Vulinfo" || name == "item" => {
                number += 1;
                if let Some(draft) = draft.take() {
                    draft.give(number, gather);
                }
                xml.mark();
            }
            Piece::Close(name, text) => {
                if let Some(draft) = &mut draft {
                    draft.close(xml.parent(), &name, text);
                }
            }
            Piece::End => return Ok(()),
        }
    }
}

/// What the API says of its own answer: an error, or of how many entries this is a part.
fn status(attributes: &[(String, String)], gather: &mut Gather<'_>) {
    let get = |name: &str| attribute(attributes, name);
    if !matches!(get("retCd"), "" | "0") {
        let text = excerpt(get("errMsg"));
        gather.warn(0, msg!("feed.answer", code = get("retCd"), text = text));
    }
    if let Ok(count) = get("totalRes").parse() {
        gather.expect(count);
    }
}

fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> &'a str {
    attributes.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
}

/// An entry while it is read.
#[derive(Debug)]
struct Draft {
    entry: Entry,
    lang: String,
    rating: Option<Rating>,
    related: [String; 2],
    own: Vec<(String, String)>,
}

impl Draft {
    fn new(lang: String) -> Self {
        let (rating, related) = (None, Default::default());
        Self { entry: Entry::new(), lang, rating, related, own: Vec::new() }
    }

    fn open(&mut self, name: &str, attributes: Vec<(String, String)>) {
        match name {
            "AffectedItem" => {
                let status = affected_status(attribute(&attributes, "affectedstatus"));
                self.entry.items.push(Item { status, ..Item::default() });
            }
            "Cvss" => {
                let (by, vector, score, word) = (None, None, None, None);
                self.rating = Some(Rating { by, vector, score, word, claims: Vec::new() });
            }
            "RelatedItem" => self.related = Default::default(),
            _ => {}
        }
        self.own = attributes;
    }

    fn close(&mut self, parent: &str, name: &str, text: String) {
        match parent {
            "Vulinfo" | "VulinfoData" | "VulinfoDescription" | "SolutionItem" => {
                self.detail(name, text);
            }
            "AffectedItem" => self.affected(name, text),
            "Cvss" => self.cvss(name, text),
            "Impact" if name == "Cvss" => self.entry.whole.ratings.extend(self.rating.take()),
            "RelatedItem" => match name {
                "VulinfoID" => self.related[0] = text,
                "URL" => self.related[1] = text,
                _ => {}
            },
            "Related" => self.related_item(),
            "item" => self.item(name, text),
            _ => {}
        }
    }

    fn local(&self, text: String) -> LocalText {
        LocalText { lang: self.lang.clone(), text }
    }

    /// VULDEF: what stands in the entry itself.
    fn detail(&mut self, name: &str, text: String) {
        if text.is_empty() {
            return;
        }
        let local = self.local(text.clone());
        let whole = &mut self.entry.whole;
        match name {
            "VulinfoID" => whole.document = text,
            "Title" => whole.titles.push(local),
            "Overview" => whole.descriptions.push(local),
            "Description" => whole.remedies.push(Remedy {
                kind: RemedyKind::VendorFix,
                text,
                url: None,
                date: None,
                claims: Vec::new(),
            }),
            "DateFirstPublished" => whole.published = moment(&text),
            "DateLastUpdated" => whole.modified = moment(&text),
            _ => {}
        }
    }

    fn affected(&mut self, name: &str, text: String) {
        let Some(item) = self.entry.items.last_mut().filter(|_| !text.is_empty()) else { return };
        match name {
            "Name" => item.name.vendor = Some(text),
            "ProductName" => item.name.name = Some(text),
            "Cpe" => item.name.cpes.push(text),
            "VersionNumber" => item.versions.push(text),
            _ => {}
        }
    }

    fn cvss(&mut self, name: &str, text: String) {
        let Some(rating) = self.rating.as_mut().filter(|_| !text.is_empty()) else { return };
        match name {
            "Severity" => rating.word = Some(text),
            "Base" => rating.score = text.parse().ok().and_then(tenths),
            "Vector" => rating.vector = Some(text),
            _ => {}
        }
    }

    fn related_item(&mut self) {
        let [id, url] = std::mem::take(&mut self.related);
        if id.starts_with("CWE-") {
            self.entry.whole.weaknesses.extend(Some(id).filter(|id| is_cwe(id)));
            return;
        }
        self.entry.number(&id);
        if !url.is_empty() {
            self.entry.whole.references.push(url);
        }
    }

    /// JVNRSS: what stands in an item.
    fn item(&mut self, name: &str, text: String) {
        let own = std::mem::take(&mut self.own);
        let get =
            |name: &str| Some(attribute(&own, name).to_owned()).filter(|text| !text.is_empty());
        let local = self.local(text.clone());
        let whole = &mut self.entry.whole;
        match name {
            "identifier" => whole.document = text,
            "title" => whole.titles.push(local),
            "description" => whole.descriptions.push(local),
            "creator" => whole.publisher = Some(text).filter(|text| !text.is_empty()),
            "issued" => whole.published = moment(&text),
            "modified" => whole.modified = moment(&text),
            "references" => match get("id") {
                Some(id) if id.starts_with("CWE-") => {
                    whole.weaknesses.extend(Some(id).filter(|id| is_cwe(id)));
                }
                id => {
                    whole.references.push(text);
                    self.entry.number(&id.unwrap_or_default());
                }
            },
            "cpe" => {
                let mut item = Item::default();
                (item.name.vendor, item.name.name) = (get("vendor"), get("product"));
                item.name.cpes.push(text);
                self.entry.items.push(item);
            }
            "cvss" => whole.ratings.push(Rating {
                by: None,
                vector: get("vector"),
                score: get("score").and_then(|score| tenths(score.parse().ok()?)),
                word: get("severity"),
                claims: Vec::new(),
            }),
            _ => {}
        }
    }

    fn give(self, number: u64, gather: &mut Gather<'_>) {
        if self.entry.whole.document.is_empty() {
            gather.refuse(number, None, &Reject::NoNumber);
            return;
        }
        let id = self.entry.whole.document.clone();
        match self.entry.advisories(number) {
            Ok(advisories) => {
                advisories.into_iter().for_each(|advisory| gather.advisory(advisory));
                gather.record();
            }
            Err(why) => gather.refuse(number, Some(&id), &why),
        }
    }
}

/// VULDEF 3.2, `affectedstatusEnum`; affected where it says nothing, as every feed leaves it.
fn affected_status(word: &str) -> Option<VexStatus> {
    Some(match word {
        "" => return None,
        "vulnerable" => VexStatus::Affected,
        "notvulnerable" => VexStatus::NotAffected,
        _ => VexStatus::UnderInvestigation,
    })
}
