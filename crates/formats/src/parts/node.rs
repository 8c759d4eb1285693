//! A piece of a document, as all notations (JSON, XML, YAML, tag-value) give it: one reader then reads them all.

use std::borrow::Cow;

use super::told::Told;

/// A value, borrowed from the document where it stands there as it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    /// JSON's `null`, an empty value in YAML.
    Null,
    /// JSON's `true` and `false`.
    Flag(bool),
    /// A number of JSON, as written.
    Number(String),
    /// Text; every scalar of a notation without types.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object.
    Map(Vec<Entry<'a>>),
}

/// A field of an object.
pub(super) type Entry<'a> = (Cow<'a, str>, Node<'a>);

/// What a notation can tell of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// JSON: every value has its type, and a field stands once.
    Typed,
    /// XML of CycloneDX, YAML: lists are lists, scalars are text.
    Textual,
    /// XML of SPDX, tag-value: a list is a field that stands several times.
    Repeating,
}

/// The fields of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'n> {
    entries: &'n [Entry<'n>],
    shape: Shape,
}

/// What notations give their pieces to.
pub(super) trait Sink {
    /// How a field of the document's root is wanted.
    fn want(&self, field: &str) -> Want;

    /// A field of the root, or an element of it.
    fn take(&mut self, field: &str, node: &Node<'_>);

    /// A field that is wanted element by element is no list.
    fn is_no_list(&mut self, field: &str);

    /// No more is taken: the document holds more than is kept.
    fn is_full(&self) -> bool;
}

/// How a field of the root is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Element by element, so that no long list is held whole.
    Each,
    /// As one piece.
    Whole,
    /// It holds the document: its fields are taken for those of the root, where a notation has such wrappings.
    Inside,
    /// Not at all.
    Skip,
}

impl<'n> Node<'n> {
    /// The fields of an object; none where it is something else.
    pub(super) fn fields<'s>(&'s self, shape: Shape) -> Option<Fields<'s>> {
        match self {
            Self::Map(entries) => Some(Fields { entries, shape }),
            _ => None,
        }
    }

    /// The text of a scalar, whatever its type.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number),
            Self::Flag(true) => Some("true"),
            Self::Flag(false) => Some("false"),
            _ => None,
        }
    }
}

impl<'n> Fields<'n> {
    /// What the notation can tell of types.
    pub(super) fn shape(self) -> Shape {
        self.shape
    }

    /// The first field called `name`.
    pub(super) fn get(self, name: &str) -> Option<&'n Node<'n>> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// Whether there is a field called `name`, whatever is in it.
    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// How often a field called `name` stands there.
    pub(super) fn count(self, name: &str) -> usize {
        self.entries.iter().filter(|(key, _)| key == name).count()
    }

    /// Tells of fields that stand twice, where the notation has each once (RFC 8259, 4).
    pub(super) fn check_twice(self, told: &mut Told) {
        if self.shape != Shape::Typed || self.entries.len() > 64 {
            return;
        }
        for (at, (key, _)) in self.entries.iter().enumerate() {
            if self.entries.iter().take(at).any(|(other, _)| other == key) {
                told.twice_in_one(key);
            }
        }
    }

    /// The text of a field, trimmed; none where it is empty. What is no text is told, and read where it can be.
    pub(super) fn text(self, name: &str, told: &mut Told) -> Option<&'n str> {
        let node = self.get(name)?;
        if self.shape == Shape::Typed && !matches!(node, Node::Text(_)) {
            told.wrong_type(name);
        }
        // An element of XML with attributes of its own.
        let node = match node {
            Node::Map(entries) if self.shape != Shape::Typed => {
                entries.iter().find(|(key, _)| key == "content").map(|(_, node)| node)?
            }
            node => node,
        };
        node.scalar().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The same, owned.
    pub(super) fn owned(self, name: &str, told: &mut Told) -> Option<String> {
        self.text(name, told).map(str::to_owned)
    }

    /// The text of a field that must be there.
    pub(super) fn required(self, name: &'static str, told: &mut Told) -> Option<&'n str> {
        let text = self.text(name, told);
        if !self.has(name) {
            told.missing(name);
        }
        text
    }

    /// The elements of a list, or of a field that stands several times. One value in place of a list is told, and read as one.
    pub(super) fn items(self, name: &str, told: &mut Told) -> Vec<&'n Node<'n>> {
        let mut items = Vec::new();
        for (_, node) in self.entries.iter().filter(|(key, _)| key == name) {
            match node {
                Node::List(list) => items.extend(list),
                Node::Null if self.shape != Shape::Typed => {}
                node => {
                    if self.shape == Shape::Typed {
                        told.wrong_type(name);
                    }
                    items.push(node);
                }
            }
        }
        items
    }

    /// The texts of a list, without empty ones.
    pub(super) fn texts(self, name: &str, told: &mut Told) -> Vec<&'n str> {
        let mut texts = Vec::new();
        for node in self.items(name, told) {
            match node.scalar().map(str::trim) {
                Some(text) if !text.is_empty() => texts.push(text),
                Some(_) => {}
                None => told.wrong_type(name),
            }
        }
        texts
    }

    /// The objects of a list. What is none is told.
    pub(super) fn maps(self, name: &str, told: &mut Told) -> Vec<Fields<'n>> {
        let mut maps = Vec::new();
        for node in self.items(name, told) {
            match node.fields(self.shape) {
                Some(fields) => maps.push(fields),
                None => told.wrong_type(name),
            }
        }
        maps
    }

    /// The object in a field.
    pub(super) fn map(self, name: &str, told: &mut Told) -> Option<Fields<'n>> {
        let node = self.get(name)?;
        let fields = node.fields(self.shape);
        // An empty element of XML is an empty text.
        let nothing = self.shape != Shape::Typed && matches!(node, Node::Null | Node::Text(_));
        if fields.is_none() && !nothing {
            told.wrong_type(name);
        }
        fields
    }
}
