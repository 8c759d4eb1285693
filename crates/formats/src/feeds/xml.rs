//! XML feeds, element by element: memory is bounded by one record, and no entity is believed.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::fault::{Fault, MAX_RECORD};

/// How deep elements may stand in one another: JVN's need a dozen.
const DEPTH: usize = 64;

/// Attributes of one element that are looked at.
const ATTRIBUTES: usize = 64;

/// The next thing in a document.
#[derive(Debug)]
pub(super) enum Piece {
    /// An element begins: its name and its attributes, without prefixes.
    Open(String, Vec<(String, String)>),
    /// An element ends: its name, and the text in it since its last child.
    Close(String, String),
    /// The document ends.
    End,
}

/// Reads a document.
pub(super) struct Xml<R: Read> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    meter: Rc<Meter>,
    open: Vec<String>,
    text: String,
    empty: bool,
}

/// What was read: bytes since the last mark, and lines.
#[derive(Debug, Default)]
struct Meter {
    bytes: Cell<usize>,
    lines: Cell<u64>,
}

/// Counts what is read, and fails where a record is longer than any.
struct Metered<R> {
    inner: BufReader<R>,
    meter: Rc<Meter>,
}

/// The mark of a record that is too long.
#[derive(Debug)]
struct Overlong;

impl std::fmt::Display for Overlong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the record is longer than any")
    }
}

impl std::error::Error for Overlong {}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.meter.bytes.get() > MAX_RECORD {
            return Err(io::Error::other(Overlong));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        let passed = self.inner.buffer().get(..count).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count() as u64;
        self.meter.lines.set(self.meter.lines.get() + lines);
        self.meter.bytes.set(self.meter.bytes.get() + count);
        self.inner.consume(count);
    }
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        let meter = Rc::new(Meter::default());
        let inner = BufReader::with_capacity(64 << 10, input);
        let mut reader = Reader::from_reader(Metered { inner, meter: Rc::clone(&meter) });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        let (buffer, open, text) = (Vec::new(), Vec::new(), String::new());
        Self { reader, buffer, meter, open, text, empty: true }
    }

    /// A record begins: what came before it no longer counts.
    pub(super) fn mark(&self) {
        self.meter.bytes.set(0);
    }

    /// The element that what comes next stands in.
    pub(super) fn parent(&self) -> &str {
        self.open.last().map_or("", String::as_str)
    }

    /// The next beginning or end of an element.
    pub(super) fn next(&mut self) -> Result<Piece, Fault> {
        loop {
            self.buffer.clear();
            let line = self.meter.lines.get() + 1;
            let event = self.reader.read_event_into(&mut self.buffer);
            match event.map_err(|error| fault(&error, line))? {
                Event::Start(tag) => {
                    let (name, attributes) =
                        (local(tag.name().as_ref()).to_owned(), attributes(&tag));
                    if self.open.len() >= DEPTH {
                        return Err(Fault::TooDeep(line));
                    }
                    self.empty = false;
                    self.open.push(name.clone());
                    self.text.clear();
                    return Ok(Piece::Open(name, attributes));
                }
                Event::End(_) => {
                    let name = self.open.pop().unwrap_or_default();
                    let text = std::mem::take(&mut self.text);
                    return Ok(Piece::Close(name, text.trim().to_owned()));
                }
                Event::Text(text) => self.text.push_str(&text.xml10_content()),
                Event::CData(text) => self.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => add_reference(&mut self.text, &reference),
                Event::DocType(_) => return Err(Fault::Syntax(line)),
                Event::Eof if self.empty || !self.open.is_empty() => return Err(Fault::Cut(line)),
                Event::Eof => return Ok(Piece::End),
                _ => {}
            }
        }
    }
}

fn fault(error: &Error, line: u64) -> Fault {
    match error {
        Error::Io(error) if matches!(error.get_ref(), Some(inner) if inner.is::<Overlong>()) => {
            Fault::TooLong(line)
        }
        Error::Io(error) => Fault::of(error, line),
        Error::Syntax(_) => Fault::Cut(line),
        _ => Fault::Syntax(line),
    }
}

/// `&amp;`, `&#10;`; an entity that nobody may declare here stays as it is written.
fn add_reference(text: &mut String, reference: &BytesRef<'_>) {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return text.push(letter);
    }
    match quick_xml::escape::resolve_predefined_entity(reference) {
        Some(plain) => text.push_str(plain),
        None => text.push_str(&format!("&{};", &**reference)),
    }
}

fn attributes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().take(ATTRIBUTES);
    let plain = found.map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map(std::borrow::Cow::into_owned).unwrap_or_default();
        (local(attribute.key.as_ref()).to_owned(), value)
    });
    plain.collect()
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Vec<String>, Fault> {
        let mut xml = Xml::new(text.as_bytes());
        let mut told = Vec::new();
        loop {
            match xml.next()? {
                Piece::Open(name, attributes) => told.push(format!("+{name}{attributes:?}")),
                Piece::Close(name, text) => {
                    told.push(format!("-{name} {text} in {}", xml.parent()));
                }
                Piece::End => return Ok(told),
            }
        }
    }

    #[test]
    fn elements_are_told_with_their_texts_and_attributes() {
        let text = "<?xml version=\"1.0\"?><a><x:b x:c=\"1&amp;2\">t &lt;&#33;</x:b><d/></a>";
        assert_eq!(
            told(text).unwrap(),
            ["+a[]", "+b[(\"c\", \"1&2\")]", "-b t <! in a", "+d[]", "-d  in a", "-a  in "]
        );
    }

    #[test]
    fn what_is_cut_broken_deep_or_declares_entities_is_refused() {
        for (text, fault) in [
            ("<a><b>", Fault::Cut(1)),
            ("<a><b", Fault::Cut(1)),
            ("", Fault::Cut(1)),
            ("<a>\n</b>", Fault::Syntax(2)),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", Fault::Syntax(1)),
        ] {
            assert_eq!(told(text), Err(fault), "{text}");
        }
        assert_eq!(told(&"<a>".repeat(100)), Err(Fault::TooDeep(1)));
        let long = format!("<a>{}</a>", "b".repeat(MAX_RECORD + (1 << 20)));
        assert_eq!(told(&long), Err(Fault::TooLong(1)));
    }
}
