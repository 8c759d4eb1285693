//! Scalars of YAML: plain, quoted, literal and folded (YAML 1.2.2, 7.3 and 8.1).

use std::borrow::Cow;

use super::Yaml;
use crate::parts::Break;
use crate::parts::node::Node;

impl<'t> Yaml<'t> {
    /// Without quotes; goes on over deeper lines, whose ends become spaces (7.3.3).
    pub(super) fn plain(&mut self, text: &'t str, indent: usize) -> Node<'t> {
        let first = without_comment(text);
        if first.len() < text.trim_end().len() || !self.goes_on(indent) {
            return scalar(first);
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
                fold(&mut whole, &mut empty);
                let part = without_comment(text);
                whole.push_str(part);
                if part.len() < text.len() {
                    return Node::Text(Cow::Owned(whole));
                }
                break;
            }
        }
        Node::Text(Cow::Owned(whole))
    }

    /// Whether the next line with something on it stands deeper than `indent`, and is no comment.
    fn goes_on(&self, indent: usize) -> bool {
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let next = rest.iter().find(|line| !line.text.trim().is_empty());
        next.is_some_and(|line| line.indent > indent && !line.text.starts_with('#'))
    }

    /// In quotes, over as many lines as it takes (7.3.1, 7.3.2).
    pub(super) fn quoted(&mut self, text: &'t str, number: u32) -> Result<Node<'t>, Break> {
        if let Some((value, rest)) = quoted_on_line(text) {
            return match without_comment(rest.trim_start()) {
                "" => Ok(Node::Text(Cow::Owned(value))),
                _ => Err(Break::Syntax { line: number }),
            };
        }
        let double = text.starts_with('"');
        let mut whole = text.trim_end().to_owned();
        let mut empty = 0;
        while let Some(line) = self.lines.get(self.at) {
            self.at += 1;
            let part = line.text.trim();
            if part.is_empty() {
                empty += 1;
                continue;
            }
            // A backslash at the end of a line joins it to the next without a space.
            if double && ends_escaped(&whole) && empty == 0 {
                whole.pop();
            } else {
                fold_quoted(&mut whole, &mut empty, double);
            }
            whole.push_str(part);
            if closes(part, double)
                && let Some((value, rest)) = quoted_on_line(&whole)
            {
                return match without_comment(rest.trim_start()) {
                    "" => Ok(Node::Text(Cow::Owned(value))),
                    _ => Err(Break::Syntax { line: line.number }),
                };
            }
        }
        Err(Break::Syntax { line: number })
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

/// The lines of a block scalar, of which more deeply indented ones are never folded (8.1.3).
fn joined(lines: &[(usize, &str)], folded: bool) -> String {
    let mut text = String::new();
    for (at, (deeper, line)) in lines.iter().enumerate() {
        // More spaces than a line can have would be an attack, and mean nothing.
        text.extend(std::iter::repeat_n(' ', (*deeper).min(256)));
        text.push_str(line);
        let Some((next_deeper, next)) = lines.get(at + 1) else {
            text.push('\n');
            break;
        };
        let folds = folded && *deeper == 0 && *next_deeper == 0 && !line.is_empty();
        match (folds, next.is_empty()) {
            (true, true) => {}
            (true, false) => text.push(' '),
            (false, _) => text.push('\n'),
        }
    }
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

/// The end of a line becomes a space, and every empty line an end of line (6.5).
fn fold(whole: &mut String, empty: &mut usize) {
    if *empty == 0 {
        whole.push(' ');
    }
    whole.extend(std::iter::repeat_n('\n', *empty));
    *empty = 0;
}

/// The same inside quotes, where an end of line is written as an escape, so that it is not taken for one of the source.
fn fold_quoted(whole: &mut String, empty: &mut usize, double: bool) {
    if double && *empty > 0 {
        for _ in 0..*empty {
            whole.push_str("\\n");
        }
        *empty = 0;
    } else {
        fold(whole, empty);
    }
}

/// Whether the text ends with a backslash that is not itself escaped.
fn ends_escaped(text: &str) -> bool {
    let slashes = text.bytes().rev().take_while(|byte| *byte == b'\\').count();
    slashes % 2 == 1
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

/// A scalar in quotes that ends within `text`, and what follows.
pub(super) fn quoted_on_line(text: &str) -> Option<(String, &str)> {
    let mut letters = text.char_indices();
    let (_, quote) = letters.next()?;
    let mut value = String::new();
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            let rest = text.get(at + 1..)?;
            if quote == '\'' && rest.starts_with('\'') {
                letters.next();
                value.push('\'');
                continue;
            }
            return Some((value, rest));
        }
        if letter == '\\' && quote == '"' {
            let (_, mark) = letters.next()?;
            value.push(escaped(mark, &mut letters)?);
        } else {
            value.push(letter);
        }
    }
    None
}

/// What an escape stands for (5.7).
fn escaped(mark: char, letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    Some(match mark {
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
        'x' => code(2, letters)?,
        'u' => code(4, letters)?,
        'U' => code(8, letters)?,
        _ => return None,
    })
}

fn code(digits: usize, letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    let mut code = 0u32;
    for _ in 0..digits {
        let (_, digit) = letters.next()?;
        code = code.checked_mul(16)? + digit.to_digit(16)?;
    }
    // Halves of a pair, as JSON writes what needs two, are no letters of their own.
    Some(char::from_u32(code).unwrap_or('\u{fffd}'))
}
