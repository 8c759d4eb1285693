//! Flow collections of YAML: `[a, b]`, `{key: value}` (YAML 1.2.2, 7.4).

use std::borrow::Cow;

use super::scalar::{in_quotes, scalar};
use super::{DEPTH, Yaml};
use crate::parts::Break;
use crate::parts::node::{Entry, Node};

/// How many lines one flow collection may have.
const MAX_LINES: usize = 10_000;

impl<'t> Yaml<'t> {
    /// A flow collection that begins with `text`, over as many lines as it takes.
    pub(super) fn flow(&mut self, text: &'t str, line: u32) -> Result<Node<'t>, Break> {
        let mut whole = String::new();
        let mut scan = Scan::default();
        let mut next = text;
        for _ in 0..MAX_LINES {
            whole.push_str(scan.line(next));
            if scan.open == 0 {
                break;
            }
            let Some(line) = self.lines.get(self.at) else { break };
            whole.push('\n');
            next = line.text;
            self.at += 1;
        }
        if scan.open != 0 {
            return Err(Break::Syntax { line });
        }
        let mut flow = Flow { rest: &whole, line, depth: 0, left: self.left };
        let node = flow.value()?;
        self.left = flow.left;
        match flow.rest.trim() {
            "" => Ok(node),
            _ => Err(Break::Syntax { line }),
        }
    }
}

/// Looks for where a flow collection ends, line by line.
#[derive(Default)]
struct Scan {
    /// How many brackets are open.
    open: usize,
    /// The quote that is open.
    quote: Option<char>,
}

impl Scan {
    /// The line without its comment.
    fn line<'l>(&mut self, line: &'l str) -> &'l str {
        let mut before = ' ';
        let mut letters = line.char_indices();
        while let Some((at, letter)) = letters.next() {
            // Only at its beginning can a quote begin a scalar: elsewhere it is an apostrophe.
            let begins = matches!(before, ' ' | '\t' | '[' | '{' | ',' | ':');
            match (self.quote, letter) {
                (Some('"'), '\\') => drop(letters.next()),
                // Of two single quotes the second opens again what the first closed.
                (Some(quote), _) if quote == letter => self.quote = None,
                (Some(_), _) => {}
                (None, '"') if begins => self.quote = Some(letter),
                (None, '\'') if begins || before == '\'' => self.quote = Some(letter),
                (None, '[' | '{') => self.open += 1,
                (None, ']' | '}') => self.open = self.open.saturating_sub(1),
                (None, '#') if matches!(before, ' ' | '\t') => {
                    return line.get(..at).unwrap_or(line);
                }
                _ => {}
            }
            before = letter;
        }
        line
    }
}

struct Flow<'w> {
    rest: &'w str,
    line: u32,
    depth: u32,
    left: u32,
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
        self.left = self.left.checked_sub(1).ok_or(Break::Large)?;
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
            let (value, rest) = in_quotes(text).ok_or_else(|| self.broken())?;
            self.rest = rest;
            return Ok(Node::Text(Cow::Owned(value)));
        }
        if let Some(what) = ["&", "*", "!"].into_iter().find(|mark| text.starts_with(mark)) {
            return Err(Break::Yaml { line: self.line, what });
        }
        let ends = |at: usize, letter: char| match letter {
            ',' | '[' | ']' | '{' | '}' => true,
            // `{a: b}`, and `http://` inside a value.
            ':' => text
                .get(at + 1..)
                .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\n'])),
            _ => false,
        };
        let end = text.char_indices().find(|(at, letter)| ends(*at, *letter));
        let (value, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
        if value.is_empty() && !rest.starts_with([',', ':']) {
            return Err(self.broken());
        }
        self.rest = rest;
        let value = value.trim_end();
        if value.contains('\n') {
            let parts: Vec<&str> = value.lines().map(str::trim).collect();
            return Ok(Node::Text(Cow::Owned(parts.join(" "))));
        }
        Ok(match scalar(value) {
            Node::Text(text) => Node::Text(Cow::Owned(text.into_owned())),
            Node::Flag(flag) => Node::Flag(flag),
            _ => Node::Null,
        })
    }
}
