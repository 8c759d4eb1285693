//! XML, child by child of its root, in the form that JSON has: no document is held whole, and no entity is believed.
//!
//! Elements of other namespaces are passed over: CycloneDX lets them stand anywhere.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Break;
use super::bounds::MAX_NODES;
use super::node::{Entry, Node, Sink, Want};

/// How deep elements may stand in one another.
const DEPTH: usize = 100;

/// How the elements of a vocabulary become fields and lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary {
    /// Elements that are lists, and what each of their elements is called.
    pub(super) lists: &'static [(&'static str, &'static [&'static str])],
    /// The list whose elements keep their name, as JSON has them: `licenses`.
    pub(super) named: &'static str,
}

/// An element that is not closed yet.
struct Frame {
    name: String,
    entries: Vec<Entry<'static>>,
    items: Vec<Node<'static>>,
    text: String,
    streamed: bool,
}

/// The name of the root element and its namespace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Root {
    /// Its name, without prefix.
    pub(super) name: String,
    /// Its namespace; empty where it has none.
    pub(super) namespace: String,
}

struct Walker<'t, 's, S> {
    reader: Reader<&'t [u8]>,
    vocabulary: Vocabulary,
    sink: &'s mut S,
    root: Root,
    prefix: String,
    stack: Vec<Frame>,
    /// How deep the reader stands in what is passed over.
    passed: usize,
    left: u32,
}

/// Gives every child of the root element to `sink`; the attributes of the root first, and its namespace as `xmlns`.
pub(super) fn walk<S: Sink>(text: &str, vocabulary: Vocabulary, sink: &mut S) -> Result<(), Break> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut walker = Walker {
        reader,
        vocabulary,
        sink,
        root: Root::default(),
        prefix: String::new(),
        stack: Vec::new(),
        passed: 0,
        left: MAX_NODES,
    };
    walker.run().map_err(|fault| match fault {
        Break::Syntax { .. } => {
            let at = usize::try_from(walker.reader.buffer_position()).unwrap_or(usize::MAX);
            let read = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
            let lines = memchr::memchr_iter(b'\n', read).count() + 1;
            Break::Syntax { line: u32::try_from(lines).unwrap_or(u32::MAX) }
        }
        other => other,
    })
}

/// The root element of a text, as far as its beginning shows it.
pub(super) fn root(head: &str) -> Option<Root> {
    let mut reader = Reader::from_str(head);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let (prefix, name) = split(tag.name().into_inner());
                let namespace = namespace(&tag, prefix).unwrap_or_default();
                return Some(Root { name: name.to_owned(), namespace });
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

const BROKEN: Break = Break::Syntax { line: 0 };

impl<'t, S: Sink> Walker<'t, '_, S> {
    fn run(&mut self) -> Result<(), Break> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => self.open(&tag)?,
                Ok(Event::End(_)) => self.close()?,
                Ok(Event::Text(text)) => self.add(&text.xml10_content()),
                Ok(Event::CData(text)) => self.add(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => self.add_reference(&reference),
                Ok(Event::DocType(declared)) if declared.contains('[') => {
                    return Err(Break::Entities);
                }
                Ok(Event::Eof) if self.stack.is_empty() && self.passed == 0 => return Ok(()),
                Ok(Event::Eof) | Err(_) => return Err(BROKEN),
                Ok(_) => {}
            }
            if self.sink.is_full() || self.left == 0 {
                return Err(Break::Large);
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'t>) -> Result<(), Break> {
        if self.stack.len() + self.passed >= DEPTH {
            return Err(Break::Deep);
        }
        if self.passed > 0 {
            self.passed += 1;
            return Ok(());
        }
        let (prefix, name) = split(tag.name().into_inner());
        if self.stack.is_empty() {
            self.open_root(tag, prefix, name);
        } else if self.is_foreign(tag, prefix)
            || self.stack.len() == 1 && self.sink.want(name) == Want::Skip
        {
            self.passed = 1;
            return Ok(());
        }
        let entries = if self.stack.is_empty() { Vec::new() } else { attributes(tag) };
        self.left = self.left.saturating_sub(u32::try_from(entries.len() + 1).unwrap_or(u32::MAX));
        self.stack.push(Frame {
            name: name.to_owned(),
            entries,
            items: Vec::new(),
            text: String::new(),
            streamed: false,
        });
        Ok(())
    }

    fn open_root(&mut self, tag: &BytesStart<'t>, prefix: &str, name: &str) {
        self.prefix = prefix.to_owned();
        self.root =
            Root { name: name.to_owned(), namespace: namespace(tag, prefix).unwrap_or_default() };
        let declared = Node::Text(Cow::Borrowed(self.root.namespace.as_str()));
        self.sink.take("xmlns", &declared);
        for (key, node) in attributes(tag) {
            self.sink.take(&key, &node);
        }
    }

    /// Whether an element is of another namespace than the root: by its prefix, or because it declares another.
    fn is_foreign(&self, tag: &BytesStart<'_>, prefix: &str) -> bool {
        prefix != self.prefix
            || namespace(tag, prefix).is_some_and(|other| other != self.root.namespace)
    }

    fn close(&mut self) -> Result<(), Break> {
        if self.passed > 0 {
            self.passed -= 1;
            return Ok(());
        }
        let Some(frame) = self.stack.pop() else { return Err(BROKEN) };
        let depth = self.stack.len();
        let Some(parent) = self.stack.last_mut() else { return Ok(()) };
        let listed = self.vocabulary.lists.iter().find(|(list, _)| *list == parent.name);
        let is_item = listed.is_some_and(|(_, items)| items.contains(&frame.name.as_str()));
        let streamed = frame.streamed;
        let name = frame.name.clone();
        let node = self.vocabulary.node(frame);
        if depth == 1 {
            // Of a list that is wanted element by element, all were given, or there are none.
            let given =
                streamed || matches!(node, Node::List(_)) && self.sink.want(&name) == Want::Each;
            if !given {
                self.sink.take(&name, &node);
            }
            self.left = MAX_NODES;
        } else if is_item && depth == 2 && self.sink.want(&parent.name) == Want::Each {
            parent.streamed = true;
            self.sink.take(&parent.name, &node);
            self.left = MAX_NODES;
        } else if is_item {
            parent.items.push(self.vocabulary.item(name, node));
        } else {
            parent.entries.push((Cow::Owned(name), node));
        }
        Ok(())
    }

    fn add(&mut self, text: &str) {
        if self.passed == 0
            && let Some(frame) = self.stack.last_mut()
        {
            frame.text.push_str(text);
        }
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
}

impl Vocabulary {
    /// A closed element as JSON would have it.
    fn node(self, frame: Frame) -> Node<'static> {
        let is_list = self.lists.iter().any(|(list, _)| *list == frame.name);
        let Frame { mut entries, items, text, .. } = frame;
        if is_list && entries.is_empty() {
            return Node::List(items);
        }
        if entries.is_empty() {
            return Node::Text(Cow::Owned(text));
        }
        if !text.trim().is_empty() {
            entries.push((Cow::Borrowed("content"), Node::Text(Cow::Owned(text))));
        }
        if !items.is_empty() {
            entries.push((Cow::Borrowed("items"), Node::List(items)));
        }
        Node::Map(entries)
    }

    fn item(self, name: String, node: Node<'static>) -> Node<'static> {
        if self.named.split(' ').any(|named| named == name) {
            Node::Map(vec![(Cow::Owned(name), node)])
        } else {
            node
        }
    }
}

fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// The namespace that an element declares for `prefix`.
fn namespace(tag: &BytesStart<'_>, prefix: &str) -> Option<String> {
    let wanted =
        if prefix.is_empty() { Cow::Borrowed("xmlns") } else { format!("xmlns:{prefix}").into() };
    let mut all = tag.attributes();
    let found =
        all.with_checks(false).flatten().take(64).find(|one| one.key.as_ref() == &*wanted)?;
    Some(found.value.clone().into_owned())
}

/// The attributes of an element, without declarations of namespaces and without those of other namespaces.
fn attributes(tag: &BytesStart<'_>) -> Vec<Entry<'static>> {
    let mut all = tag.attributes();
    let mut entries = Vec::new();
    for attribute in all.with_checks(false).flatten().take(64) {
        let key: &str = attribute.key.as_ref();
        if key == "xmlns" || key.contains(':') {
            continue;
        }
        let plain = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value =
            plain.unwrap_or_else(|_| Cow::Owned(attribute.value.clone().into_owned())).into_owned();
        entries.push((Cow::Owned(key.to_owned()), Node::Text(Cow::Owned(value))));
    }
    entries
}
