//! Scalars of YAML: plain, quoted, literal and folded (YAML 1.2.2, 7.3 and 8.1).

use std::borrow::Cow;

use super::Yaml;
use crate::parts::Break;
use crate::parts::node::Node;

impl<'t> Yaml<'t> {
    /// Without quotes; goes on over deeper lines, whose ends become spaces (7.3.3).
    pub(super) fn plain(&mut self, text: &'t str, indent: usize) -> Result<Node<'t>, Break> {
        let first = without_comment(text);
        if first.len() < text.trim_end().len() || !self.goes_on(indent) {
            return Ok(scalar(first));
        }
        let mut whole = first.to_owned();
        let mut empty = 0;
        while self.goes_on(indent) {
            while let Some(line) = self.lines.get(self.at) {
                self.at += 1;
                let text = line.text.trim();
                if text.is_empty() {
                    empty += 1;
                    continue;
                }
                let part = without_comment(text);
                // A field that stands too deep, not the rest of a text.
                if part.ends_with(':') || part.contains(": ") {
                    return Err(Break::Syntax { line: line.number });
                }
                if empty == 0 {
                    whole.push(' ');
                }
                whole.extend(std::iter::repeat_n('\n', empty));
                empty = 0;
                whole.push_str(part);
                if part.len() < text.len() {
                    return Ok(Node::Text(Cow::Owned(whole)));
                }
                break;
            }
        }
        Ok(Node::Text(Cow::Owned(whole)))
    }

    /// Whether the next line with something on it stands deeper than `indent`, and is no comment.
    fn goes_on(&self, indent: usize) -> bool {
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let next = rest.iter().find(|line| !line.text.trim().is_empty());
        next.is_some_and(|line| line.indent > indent && !line.text.starts_with('#'))
    }

    /// In quotes, over as many lines as it takes (7.3.1, 7.3.2).
    pub(super) fn quoted(&mut self, text: &'t str, number: u32) -> Result<Node<'t>, Break> {
        let double = text.starts_with('"');
        let mut whole = Cow::Borrowed(text);
        let mut last = number;
        let mut closed = closes(text.get(1..).unwrap_or_default(), double);
        while !closed {
            let Some(line) = self.lines.get(self.at) else {
                return Err(Break::Syntax { line: number });
            };
            self.at += 1;
            last = line.number;
            closed = closes(line.text, double);
            let whole = whole.to_mut();
            whole.push('\n');
            whole.push_str(line.text);
        }
        match in_quotes(&whole) {
            Some((value, rest)) if without_comment(rest.trim_start()).is_empty() => {
                Ok(Node::Text(Cow::Owned(value)))
            }
            _ => Err(Break::Syntax { line: last }),
        }
    }

    /// `|` keeps the ends of lines, `>` makes spaces of them; `-` and `+` say what becomes of the last (8.1).
    pub(super) fn block_scalar(
        &mut self,
        header: &str,
        indent: usize,
        number: u32,
    ) -> Result<Node<'t>, Break> {
        let header = without_comment(header);
        let folded = header.starts_with('>');
        let mut inner: Option<usize> = None;
        let mut keep = None;
        for mark in header.chars().skip(1) {
            match mark {
                '-' | '+' => keep = Some(mark),
                '1'..='9' => inner = mark.to_digit(10).map(|digit| indent + digit as usize),
                _ => return Err(Break::Syntax { line: number }),
            }
        }
        let mut lines: Vec<(usize, &str)> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            let empty = line.text.trim().is_empty();
            if !empty && line.indent <= indent {
                break;
            }
            if empty {
                lines.push((0, ""));
            } else {
                let inner = *inner.get_or_insert(line.indent);
                lines.push((line.indent.saturating_sub(inner), line.text));
            }
            self.at += 1;
        }
        let mut text = joined(&lines, folded);
        if keep != Some('+') {
            text.truncate(text.trim_end_matches('\n').len());
            if keep.is_none() && !text.is_empty() {
                text.push('\n');
            }
        }
        Ok(Node::Text(Cow::Owned(text)))
    }
}

/// The lines of a block scalar. Neither more deeply indented lines are folded (8.1.3), nor empty ones at the end (8.1.1.2).
fn joined(lines: &[(usize, &str)], folded: bool) -> String {
    let end = lines.iter().rposition(|(_, line)| !line.is_empty()).map_or(0, |last| last + 1);
    let is_deep = |(deeper, line): &(usize, &str)| *deeper > 0 || line.starts_with('\t');
    // Whether the next line with something on it is indented more deeply.
    let mut before_deep = vec![false; end];
    for at in (0..end.saturating_sub(1)).rev() {
        let next = lines.get(at + 1).filter(|(_, line)| !line.is_empty());
        let beyond = before_deep.get(at + 1).copied().unwrap_or_default();
        if let Some(deep) = before_deep.get_mut(at) {
            *deep = next.map_or(beyond, is_deep);
        }
    }
    let mut text = String::new();
    for (at, (line, deep)) in lines.iter().zip(&before_deep).enumerate() {
        // More spaces than a line can have would be an attack, and mean nothing.
        text.extend(std::iter::repeat_n(' ', line.0.min(256)));
        text.push_str(line.1);
        let folds = folded && !line.1.is_empty() && !is_deep(line) && !deep;
        match lines.get(at + 1) {
            Some((_, next)) if folds && at + 1 < end => {
                if !next.is_empty() {
                    text.push(' ');
                }
            }
            _ => text.push('\n'),
        }
    }
    text.extend(std::iter::repeat_n('\n', lines.len() - end));
    text
}

/// A plain scalar as what it says: nothing, or text. SPDX has no numbers that matter here.
pub(super) fn scalar(text: &str) -> Node<'_> {
    match text {
        "" | "~" | "null" => Node::Null,
        "true" => Node::Flag(true),
        "false" => Node::Flag(false),
        _ => Node::Text(Cow::Borrowed(text)),
    }
}

/// The text before a comment, trimmed (6.6).
pub(super) fn without_comment(text: &str) -> &str {
    if text.starts_with('#') {
        return "";
    }
    let end = text.find(" #").or_else(|| text.find("\t#")).unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end()
}

/// Whether a line holds the closing quote: one that is not escaped, or doubled where quotes are single.
fn closes(part: &str, double: bool) -> bool {
    let mut bytes = part.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if double => {
                bytes.next();
            }
            b'"' if double => return true,
            b'\'' if !double && bytes.next_if_eq(&b'\'').is_none() => return true,
            _ => {}
        }
    }
    false
}

/// A scalar in quotes that ends within `text`, and what follows. The end of a line becomes a space, each empty line an end of line
/// (6.5); a backslash before it takes it away.
pub(super) fn in_quotes(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next()?;
    let mut rest = text.get(1..)?;
    let mut value = String::new();
    // Up to where spaces stand that are not those before the end of a line.
    let mut solid = 0;
    loop {
        let letter = rest.chars().next()?;
        let after = rest.get(letter.len_utf8()..)?;
        rest = after;
        match letter {
            '\'' if letter == quote && after.starts_with('\'') => {
                value.push('\'');
                rest = after.get(1..)?;
            }
            _ if letter == quote => return Some((value, after)),
            '\n' => {
                value.truncate(solid);
                let (ends, after) = line_ends(after);
                value.extend(std::iter::repeat_n('\n', ends));
                value.extend((ends == 0).then_some(' '));
                rest = after;
            }
            '\\' if quote == '"' => {
                if let Some(after) = after.strip_prefix('\n') {
                    let (ends, after) = line_ends(after);
                    value.extend(std::iter::repeat_n('\n', ends));
                    rest = after;
                } else {
                    let (letter, after) = escaped(after)?;
                    value.push(letter);
                    rest = after;
                }
            }
            ' ' | '\t' => {
                value.push(letter);
                continue;
            }
            _ => value.push(letter),
        }
        solid = value.len();
    }
}

/// How many further ends of lines stand at the beginning, with nothing between them, and what follows them.
fn line_ends(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches([' ', '\t', '\n']);
    let passed = text.get(..text.len() - rest.len()).unwrap_or_default();
    (memchr::memchr_iter(b'\n', passed.as_bytes()).count(), rest)
}

/// What an escape stands for (5.7), and what follows it.
fn escaped(text: &str) -> Option<(char, &str)> {
    let mark = text.chars().next()?;
    let rest = text.get(mark.len_utf8()..)?;
    let letter = match mark {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => mark,
        'x' => return code(rest, 2),
        'u' => return code(rest, 4),
        'U' => return code(rest, 8),
        _ => return None,
    };
    Some((letter, rest))
}

fn code(text: &str, digits: usize) -> Option<(char, &str)> {
    let code = text.get(..digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(code, 16).ok()?;
    // Halves of a pair, as JSON writes what needs two, are no letters of their own.
    Some((char::from_u32(number).unwrap_or('\u{fffd}'), text.get(digits..)?))
}
