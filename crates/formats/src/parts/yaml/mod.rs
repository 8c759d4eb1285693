//! The part of YAML 1.2.2 that tools write SPDX in: block mappings and sequences, all five kinds of scalars, flow collections.
//!
//! Anchors, aliases and tags (6.8, 6.9, 7.1) are refused by name: SPDX has no use for them, and aliases are how a small document
//! becomes a large one. Our own code, since what exists either expands aliases or promises nothing of hostile bytes.

mod flow;
mod scalar;

use std::borrow::Cow;

use self::scalar::without_comment;
use super::Break;
use super::bounds::MAX_NODES;
use super::node::{Entry, Node, Sink, Want};

/// How deep collections may stand in one another.
pub(super) const DEPTH: u32 = 64;

/// How many lines a document may have.
const MAX_LINES: usize = 5_000_000;

/// A line with something on it, or an empty one inside a scalar.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// How many spaces stand before it.
    indent: usize,
    /// Without these, and without its end.
    text: &'t str,
    /// From 1.
    number: u32,
}

/// Reads lines into values.
pub(super) struct Yaml<'t> {
    lines: Vec<Line<'t>>,
    at: usize,
    left: u32,
    depth: u32,
}

/// Gives every field of the document's mapping to `sink`.
pub(super) fn walk<S: Sink>(text: &str, sink: &mut S) -> Result<(), Break> {
    let mut yaml = Yaml::new(text)?;
    let Some(first) = yaml.peek() else { return Ok(()) };
    if first.indent != 0 || key_of(first.text).is_none() {
        return Err(Break::Syntax { line: first.number });
    }
    while let Some(line) = yaml.peek() {
        let Some((field, node)) = yaml.field(line, 0)? else {
            return Err(Break::Syntax { line: line.number });
        };
        match (sink.want(&field), &node) {
            (Want::Skip | Want::Inside, _) => {}
            (Want::Each, Node::List(items)) => {
                for item in items {
                    sink.take(&field, item);
                }
            }
            (Want::Each, _) => sink.is_no_list(&field),
            (Want::Whole, _) => sink.take(&field, &node),
        }
        if sink.is_full() {
            return Err(Break::Large);
        }
        yaml.left = MAX_NODES;
    }
    Ok(())
}

impl<'t> Yaml<'t> {
    fn new(text: &'t str) -> Result<Self, Break> {
        let mut lines: Vec<Line<'t>> = Vec::new();
        for line in crate::text::lines(text) {
            let text = line.text.trim_start_matches(' ');
            if lines.len() >= MAX_LINES {
                return Err(Break::Large);
            }
            let line = Line { indent: line.text.len() - text.len(), text, number: line.number };
            match text {
                // Another document would follow (9.2); of a stream, one is read.
                "---" if line.indent == 0 && any_content(&lines) => {
                    return Err(Break::Yaml { line: line.number, what: "---" });
                }
                "---" if line.indent == 0 => lines.clear(),
                "..." if line.indent == 0 => break,
                _ if line.indent == 0 && text.starts_with('%') && !any_content(&lines) => {}
                _ => lines.push(line),
            }
        }
        Ok(Self { lines, at: 0, left: MAX_NODES, depth: 0 })
    }

    /// The next line with something on it.
    fn peek(&mut self) -> Option<Line<'t>> {
        while let Some(line) = self.lines.get(self.at) {
            if line.is_content() {
                return Some(*line);
            }
            self.at += 1;
        }
        None
    }

    fn spend(&mut self) -> Result<(), Break> {
        self.left = self.left.checked_sub(1).ok_or(Break::Large)?;
        Ok(())
    }

    /// The collection or scalar that begins at the next line.
    fn block(&mut self, outer: usize) -> Result<Node<'t>, Break> {
        let Some(line) = self.peek() else { return Ok(Node::Null) };
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Break::Deep);
        }
        let node = if is_item(line.text) {
            self.sequence(line.indent)
        } else if key_of(line.text).is_some() {
            self.mapping(line.indent)
        } else {
            self.at += 1;
            self.value(line.text, outer, line.number)
        };
        self.depth -= 1;
        node
    }

    fn sequence(&mut self, indent: usize) -> Result<Node<'t>, Break> {
        let mut items = Vec::new();
        while let Some(line) = self.peek() {
            if line.indent != indent || !is_item(line.text) {
                break;
            }
            self.spend()?;
            let rest = line.text.get(1..).unwrap_or_default();
            let text = rest.trim_start_matches(' ');
            if without_comment(text).is_empty() {
                self.at += 1;
                items.push(self.below(indent, false)?);
            } else if is_item(text) || key_of(text).is_some() {
                // What stands behind the dash is a collection of its own, as if it stood on a line of its own.
                let inner = indent + 1 + rest.len() - text.len();
                if let Some(line) = self.lines.get_mut(self.at) {
                    *line = Line { indent: inner, text, number: line.number };
                }
                items.push(self.block(indent)?);
            } else {
                self.at += 1;
                items.push(self.value(text, indent, line.number)?);
            }
        }
        self.close(indent)?;
        Ok(Node::List(items))
    }

    fn mapping(&mut self, indent: usize) -> Result<Node<'t>, Break> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        while let Some(line) = self.peek() {
            if line.indent != indent {
                break;
            }
            match self.field(line, indent)? {
                Some(entry) => entries.push(entry),
                None => break,
            }
        }
        self.close(indent)?;
        Ok(Node::Map(entries))
    }

    /// Nothing may stand deeper than the collection that just ended.
    fn close(&mut self, indent: usize) -> Result<(), Break> {
        match self.peek() {
            Some(line) if line.indent > indent => Err(Break::Syntax { line: line.number }),
            _ => Ok(()),
        }
    }

    /// `key: value`, at `line`.
    fn field(&mut self, line: Line<'t>, indent: usize) -> Result<Option<Entry<'t>>, Break> {
        if line.indent != indent || is_item(line.text) {
            return Ok(None);
        }
        let Some((key, rest)) = key_of(line.text) else { return Ok(None) };
        if line.text.starts_with("? ") {
            return Err(Break::Yaml { line: line.number, what: "?" });
        }
        self.spend()?;
        self.at += 1;
        let text = rest.trim_start_matches([' ', '\t']);
        let node = if without_comment(text).is_empty() {
            self.below(indent, true)?
        } else {
            self.value(text, indent, line.number)?
        };
        Ok(Some((Cow::Owned(key), node)))
    }

    /// The value that stands on the lines below; a sequence may stand at its key's own indent (8.2.1).
    fn below(&mut self, indent: usize, sequence: bool) -> Result<Node<'t>, Break> {
        match self.peek() {
            Some(line) if line.indent > indent => self.block(indent),
            Some(line) if sequence && line.indent == indent && is_item(line.text) => {
                self.block(indent)
            }
            _ => Ok(Node::Null),
        }
    }

    /// A value that begins on a line, behind its key or dash.
    fn value(&mut self, text: &'t str, indent: usize, line: u32) -> Result<Node<'t>, Break> {
        self.spend()?;
        match text.as_bytes().first() {
            Some(b'&') => Err(Break::Yaml { line, what: "&" }),
            Some(b'*') => Err(Break::Yaml { line, what: "*" }),
            Some(b'!') => Err(Break::Yaml { line, what: "!" }),
            Some(b'|' | b'>') => self.block_scalar(text, indent, line),
            Some(b'"' | b'\'') => self.quoted(text, line),
            Some(b'[' | b'{') => self.flow(text, line),
            _ => self.plain(text, indent),
        }
    }
}

impl Line<'_> {
    fn is_content(&self) -> bool {
        !self.text.trim().is_empty() && !self.text.starts_with('#')
    }
}

fn any_content(lines: &[Line<'_>]) -> bool {
    lines.iter().any(Line::is_content)
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// The key that a line begins with, and what follows its colon.
fn key_of(text: &str) -> Option<(String, &str)> {
    if text.starts_with(['"', '\'']) {
        let (key, rest) = scalar::in_quotes(text)?;
        let rest = rest.trim_start().strip_prefix(':')?;
        return (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((key, rest));
    }
    if text.starts_with(['[', '{', '#', '&', '*', '!', '|', '>', '%', '@', '`']) {
        return None;
    }
    let comment = text.find(" #").unwrap_or(text.len());
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find(':')?;
        let rest = text.get(at + 1..)?;
        let key = text.get(..at)?;
        if at > comment {
            return None;
        }
        if rest.is_empty() || rest.starts_with([' ', '\t']) {
            return Some((key.trim_end().to_owned(), rest));
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests;
