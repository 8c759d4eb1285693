//! XML reports, element by element: no document is held whole, and no entity is believed.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How deep elements may stand in one another: reports need a dozen.
const DEPTH: u32 = 64;

/// How much of one element's text is kept, in bytes: outputs of checks may be long, and only their beginning is looked at.
const TEXT: usize = 64 << 10;

/// The next thing in a report.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    /// An element begins.
    Open(BytesStart<'t>),
    /// The element of this name ends; [`Xml::text`] is what stood in it since its last child.
    Close(String),
    /// There is no more, or no more that can be read: see [`Xml::fault`].
    End,
}

/// Why a report ended before its root did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was cut short, or its markup is broken.
    Broken,
    /// It declares entities, which no scanner does.
    Entities,
    /// Its elements stand too deep in one another.
    TooDeep,
}

/// Reads a report.
pub(super) struct Xml<'t> {
    reader: Reader<&'t [u8]>,
    source: &'t str,
    counted: usize,
    line: u32,
    depth: u32,
    before: String,
    text: String,
    fault: Option<Fault>,
}

impl<'t> Xml<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            source,
            counted: 0,
            line: 1,
            depth: 0,
            before: String::new(),
            text: String::new(),
            fault: None,
        }
    }

    /// The next beginning or end of an element.
    pub(super) fn next(&mut self) -> Piece<'t> {
        while self.fault.is_none() {
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => return self.open(tag),
                Ok(Event::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Piece::Close(local(tag.name().as_ref()).to_owned());
                }
                Ok(Event::Text(text)) => self.add(&text.xml10_content()),
                Ok(Event::CData(text)) => self.add(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => self.add_reference(&reference),
                Ok(Event::DocType(declared)) if declared.contains('[') => {
                    self.fault = Some(Fault::Entities);
                }
                Ok(Event::Eof) => {
                    if self.depth > 0 {
                        self.fault = Some(Fault::Broken);
                    }
                    return Piece::End;
                }
                Ok(_) => {}
                Err(_) => self.fault = Some(Fault::Broken),
            }
        }
        Piece::End
    }

    fn open(&mut self, tag: BytesStart<'t>) -> Piece<'t> {
        self.depth += 1;
        if self.depth > DEPTH {
            self.fault = Some(Fault::TooDeep);
            return Piece::End;
        }
        std::mem::swap(&mut self.before, &mut self.text);
        self.text.clear();
        Piece::Open(tag)
    }

    fn add(&mut self, text: &str) {
        let room = TEXT.saturating_sub(self.text.len());
        self.text.push_str(&text[..text.floor_char_boundary(room)]);
    }

    /// `&amp;`, `&#10;`; an entity that nobody declared stays as it is written.
    fn add_reference(&mut self, reference: &BytesRef<'_>) {
        if let Ok(Some(letter)) = reference.resolve_char_ref() {
            return self.add(letter.encode_utf8(&mut [0; 4]));
        }
        match quick_xml::escape::resolve_predefined_entity(reference) {
            Some(text) => self.add(text),
            None => self.add(&format!("&{};", &**reference)),
        }
    }

    /// What stood in the element that just closed, since its last child; trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// What stood in the parent before the element that just opened; trimmed.
    pub(super) fn text_before(&self) -> &str {
        self.before.trim()
    }

    /// Why the report ended too early; none where it did not.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The line at which the reader stands, from 1.
    pub(super) fn line(&mut self) -> u32 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let passed = self.source.as_bytes().get(self.counted..at).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = at.max(self.counted);
        self.line
    }
}

/// The name of an element, without its prefix.
pub(super) fn name<'a>(tag: &'a BytesStart<'_>) -> &'a str {
    local(tag.name().into_inner())
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The value of the attribute `name`; empty where there is none.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = tag.attributes();
    let mut found = attributes.with_checks(false).flatten().take(64);
    let value = found.find(|attribute| attribute.key.as_ref() == name);
    let value = value.map(|attribute| {
        let plain = attribute.normalized_value(XmlVersion::Implicit1_0);
        plain.unwrap_or_else(|_| Cow::Owned(attribute.value.clone().into_owned())).into_owned()
    });
    value.unwrap_or_default()
}

/// The name of the root element, as far as the beginning of a text shows it.
pub(super) fn root(head: &str) -> Option<&str> {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        let (after, end) = if let Some(after) = rest.strip_prefix("<?") {
            (after, "?>")
        } else if let Some(after) = rest.strip_prefix("<!--") {
            (after, "-->")
        } else if let Some(after) = rest.strip_prefix("<!") {
            (after, ">")
        } else {
            break;
        };
        rest = after.split_once(end)?.1.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    Some(local(&name[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(source: &str) -> (Vec<String>, Option<Fault>) {
        let mut xml = Xml::new(source);
        let mut told = Vec::new();
        loop {
            match xml.next() {
                Piece::Open(tag) => told.push(format!("+{}@{}", name(&tag), xml.line())),
                Piece::Close(name) => told.push(format!("-{name} {}", xml.text())),
                Piece::End => return (told, xml.fault()),
            }
        }
    }

    #[test]
    fn elements_and_their_texts_are_given_in_order() {
        let (told, fault) = pieces(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE a>\n<x:a>\n<b>1 &lt; 2&#33; &who;</b><c/></x:a>",
        );
        assert_eq!(told, ["+a@3", "+b@4", "-b 1 < 2! &who;", "+c@4", "-c ", "-a "]);
        assert_eq!(fault, None);
    }

    #[test]
    fn entities_depth_and_broken_markup_end_a_report() {
        assert_eq!(pieces("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").1, Some(Fault::Entities));
        assert_eq!(pieces(&"<a>".repeat(100)).1, Some(Fault::TooDeep));
        for source in ["<a><b></a>", "<a>", "<a", "<a x=", "<a></b>"] {
            assert_eq!(pieces(source).1, Some(Fault::Broken), "{source}");
        }
    }

    #[test]
    fn the_root_is_found_behind_declarations_and_comments() {
        assert_eq!(root("<?xml?>\n<!DOCTYPE r>\n<!-- <x> -->\n<r a=\"1\">"), Some("r"));
        for head in ["", "r", "<r", "<!-- r", "text <r>"] {
            assert_eq!(root(head), None, "{head}");
        }
    }
}
