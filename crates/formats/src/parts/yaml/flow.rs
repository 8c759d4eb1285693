//! Flow collections of YAML: `[a, b]`, `{key: value}` (YAML 1.2.2, 7.4).

use std::borrow::Cow;

use super::scalar::{quoted_on_line, scalar, without_comment};
use super::{DEPTH, Yaml};
use crate::parts::Break;
use crate::parts::node::{Entry, Node};

/// How many lines one flow collection may have.
const MAX_LINES: usize = 10_000;

impl<'t> Yaml<'t> {
    /// A flow collection that begins with `text`, over as many lines as it takes.
    pub(super) fn flow(&mut self, text: &'t str, line: u32) -> Result<Node<'t>, Break> {
        let mut whole = without_comment(text).to_owned();
        let mut open = depth_of(&whole);
        let mut lines = 0;
        while open > 0 {
            let next = self.lines.get(self.at).filter(|_| lines < MAX_LINES);
            let Some(next) = next else { return Err(Break::Syntax { line }) };
            let part = without_comment(next.text);
            open += depth_of(part);
            whole.push(' ');
            whole.push_str(part);
            self.at += 1;
            lines += 1;
        }
        let mut flow = Flow { rest: &whole, line, depth: 0 };
        let node = flow.value()?;
        match flow.rest.trim() {
            "" => Ok(node),
            _ => Err(Break::Syntax { line }),
        }
    }
}

/// How many more brackets a text opens than it closes, outside quotes.
fn depth_of(text: &str) -> i64 {
    let mut open = 0;
    let mut rest = text;
    // An apostrophe begins nothing; a line of them must not be looked through as often as it has some.
    let mut unclosed = 0;
    while let Some(at) = rest.find(['[', ']', '{', '}', '"', '\'']) {
        let found = rest.get(at..).unwrap_or_default();
        rest = found.get(1..).unwrap_or_default();
        match found.as_bytes().first() {
            Some(b'[' | b'{') => open += 1,
            Some(b']' | b'}') => open -= 1,
            _ if unclosed > 8 => {}
            _ => match quoted_on_line(found) {
                Some((_, after)) => rest = after,
                None => unclosed += 1,
            },
        }
    }
    open
}

struct Flow<'w> {
    rest: &'w str,
    line: u32,
    depth: u32,
}

impl Flow<'_> {
    fn broken(&self) -> Break {
        Break::Syntax { line: self.line }
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.rest.trim_start().strip_prefix(mark);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn value(&mut self) -> Result<Node<'static>, Break> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Break::Deep);
        }
        let node = if self.eat('[') {
            self.list()
        } else if self.eat('{') {
            self.map()
        } else {
            self.scalar()
        };
        self.depth -= 1;
        node
    }

    fn list(&mut self) -> Result<Node<'static>, Break> {
        let mut items = Vec::new();
        while !self.eat(']') {
            items.push(self.value()?);
            if !self.eat(',') && !self.rest.trim_start().starts_with(']') {
                return Err(self.broken());
            }
        }
        Ok(Node::List(items))
    }

    fn map(&mut self) -> Result<Node<'static>, Break> {
        let mut entries: Vec<Entry<'static>> = Vec::new();
        while !self.eat('}') {
            let key = self.scalar()?.scalar().unwrap_or_default().to_owned();
            let node = if self.eat(':') { self.value()? } else { Node::Null };
            entries.push((Cow::Owned(key), node));
            if !self.eat(',') && !self.rest.trim_start().starts_with('}') {
                return Err(self.broken());
            }
        }
        Ok(Node::Map(entries))
    }

    fn scalar(&mut self) -> Result<Node<'static>, Break> {
        let text = self.rest.trim_start();
        if text.starts_with(['"', '\'']) {
            let (value, rest) = quoted_on_line(text).ok_or_else(|| self.broken())?;
            self.rest = rest;
            return Ok(Node::Text(Cow::Owned(value)));
        }
        if let Some(what) = ["&", "*", "!"].into_iter().find(|mark| text.starts_with(mark)) {
            return Err(Break::Yaml { line: self.line, what });
        }
        let ends = |at: usize, letter: char| match letter {
            ',' | '[' | ']' | '{' | '}' => true,
            // `{a: b}`, and `http://` inside a value.
            ':' => text.get(at + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' ')),
            _ => false,
        };
        let end = text.char_indices().find(|(at, letter)| ends(*at, *letter));
        let (value, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
        if value.is_empty() && !rest.starts_with([',', ':']) {
            return Err(self.broken());
        }
        self.rest = rest;
        Ok(match scalar(value.trim_end()) {
            Node::Text(text) => Node::Text(Cow::Owned(text.into_owned())),
            Node::Flag(flag) => Node::Flag(flag),
            _ => Node::Null,
        })
    }
}
