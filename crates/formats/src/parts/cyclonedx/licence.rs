//! `licenses` (ECMA-424): licences by identifier or name, or an expression.

use crate::parts::names::is_licence_id;
use crate::parts::node::{Fields, Node, Shape};
use crate::parts::told::Told;

/// The licences of a component or of the document, as written.
pub(super) fn read(fields: Fields<'_>, minor: u8, told: &mut Told) -> Vec<String> {
    let mut licences = Vec::new();
    let mut single = 0;
    let mut expressions = 0;
    for choice in fields.maps("licenses", told) {
        let expression = choice.get("expression");
        if let Some(node) = expression {
            expressions += 1;
            licences.extend(text_of(node, choice).map(str::to_owned));
        }
        if let Some(licence) = choice.map("license", told) {
            single += 1;
            licences.extend(one(licence, told));
        } else if expression.is_none() && !choice.has("license") {
            told.missing("license");
        }
    }
    if is_mixed(single, expressions, fields, minor) {
        told.wrong_value("licenses", "expression");
    }
    licences.retain(|licence| !licence.is_empty());
    licences
}

/// Up to 1.6 an expression stands alone: by the XML schemas always, by the JSON schemas since 1.5.
fn is_mixed(single: u32, expressions: u32, fields: Fields<'_>, minor: u8) -> bool {
    let strict = match fields.shape() {
        Shape::Typed => (5..7).contains(&minor),
        _ => minor < 7,
    };
    strict && (expressions > 1 || expressions == 1 && single > 0)
}

/// An expression: text, in XML with attributes beside it.
fn text_of<'n>(node: &'n Node<'n>, choice: Fields<'n>) -> Option<&'n str> {
    match node.fields(choice.shape()) {
        Some(fields) => fields.get("content").and_then(Node::scalar).map(str::trim),
        None => node.scalar().map(str::trim),
    }
}

/// `license`: an identifier of the SPDX License List or a name, one of both and once.
fn one(licence: Fields<'_>, told: &mut Told) -> Option<String> {
    licence.check_twice(told);
    let id = licence.text("id", told);
    let name = licence.text("name", told);
    match licence.count("id") + licence.count("name") {
        0 => told.missing("license.name"),
        1 => {}
        _ => told.twice_in_one("license.name"),
    }
    if let Some(id) = id.filter(|id| !is_licence_id(id)) {
        told.wrong_value("license.id", id);
    }
    let text = licence.get("text").and_then(|node| node.fields(licence.shape()));
    if let Some(encoding) = text.and_then(|text| text.text("encoding", told))
        && encoding != "base64"
    {
        told.wrong_value("encoding", encoding);
    }
    id.or(name).map(str::to_owned)
}
