//! Walks a JSON document of any length and hands out one record at a time (RFC 8259), so that memory is bounded by one record.
//!
//! What stands outside the records is checked here; each record and each other member is checked by who parses it.

use std::io::{ErrorKind, Read};

use serde::de::IgnoredAny;

use super::fault::{Fault, MAX_DEPTH, MAX_RECORD};

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// A piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'b> {
    /// A member of the outermost object beside the records: its name and its value, which is well-formed.
    Member(&'b str, &'b [u8]),
    /// A record, not yet checked, the line it begins at, and whether it is the whole of that line.
    Record(&'b [u8], u64, bool),
}

/// Where in the document the splitter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte.
    Start,
    /// In the outermost object; `true` once a member was read.
    Members(bool),
    /// In the array of records; `first` before its first, `inside` an object that goes on behind it.
    Records { first: bool, inside: bool },
    /// Behind a record that stands by itself.
    Between,
    /// Behind a line that is a record: each further line is one.
    Lines,
    /// Behind the outermost value.
    Behind,
    /// Nothing is left.
    End,
}

/// Splits a document.
pub(super) struct Splitter<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    state: State,
    records: Option<&'static str>,
    name: String,
    piece: Vec<u8>,
}

impl<R: Read> Splitter<R> {
    /// Of a document whose records are the elements of the member `records` of an object; where that is not given, the document is
    /// one record, an array of them, or has one in each line.
    pub(super) fn new(input: R, records: Option<&'static str>) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            line: 1,
            state: State::Start,
            records,
            name: String::new(),
            piece: Vec::new(),
        }
    }

    /// Of a document that has a record in each line, from the first.
    pub(super) fn lines(input: R) -> Self {
        Self { state: State::Lines, ..Self::new(input, None) }
    }

    /// The next piece; none at the end of a whole document.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'_>>, Fault> {
        loop {
            match self.state {
                State::Start => {
                    if let Some(line) = self.start()? {
                        return Ok(Some(Piece::Record(&self.piece, line, false)));
                    }
                }
                State::Members(more) => {
                    if self.member(more)? {
                        return Ok(Some(Piece::Member(&self.name, &self.piece)));
                    }
                }
                State::Records { first, inside } => {
                    if let Some(line) = self.element(first, inside)? {
                        return Ok(Some(Piece::Record(&self.piece, line, false)));
                    }
                }
                State::Between => self.between()?,
                State::Lines => {
                    if let Some(line) = self.next_line()? {
                        return Ok(Some(Piece::Record(&self.piece, line, true)));
                    }
                }
                State::Behind => match self.peek()? {
                    None => self.state = State::End,
                    Some(_) => return Err(Fault::Syntax(self.line)),
                },
                State::End => return Ok(None),
            }
        }
    }

    /// The outermost value: an array or an object of records is entered, another value is one.
    fn start(&mut self) -> Result<Option<u64>, Fault> {
        match (self.expect()?, self.records) {
            (b'[', None) => {
                self.skip(1);
                self.state = State::Records { first: true, inside: false };
                Ok(None)
            }
            (b'{', Some(_)) => {
                self.skip(1);
                self.state = State::Members(false);
                Ok(None)
            }
            (b'{', None) => {
                let line = self.line;
                self.capture()?;
                self.state = State::Between;
                Ok(Some(line))
            }
            _ => Err(Fault::Syntax(self.line)),
        }
    }

    /// Reads a member of the outermost object; `false` where its records begin, or the object ends.
    fn member(&mut self, more: bool) -> Result<bool, Fault> {
        match (self.expect()?, more) {
            (b'}', _) => {
                self.skip(1);
                self.state = State::Behind;
                return Ok(false);
            }
            (b',', true) => self.skip(1),
            (_, true) => return Err(Fault::Syntax(self.line)),
            (_, false) => {}
        }
        if self.expect()? != b'"' {
            return Err(Fault::Syntax(self.line));
        }
        let line = self.line;
        self.capture()?;
        self.name = serde_json::from_slice(&self.piece).map_err(|_| Fault::Syntax(line))?;
        if self.expect()? != b':' {
            return Err(Fault::Syntax(self.line));
        }
        self.skip(1);
        if self.expect()? == b'[' && self.records == Some(&*self.name) {
            self.skip(1);
            self.state = State::Records { first: true, inside: true };
            return Ok(false);
        }
        let line = self.line;
        self.capture()?;
        serde_json::from_slice::<IgnoredAny>(&self.piece).map_err(|_| Fault::Syntax(line))?;
        self.state = State::Members(true);
        Ok(true)
    }

    /// Reads an element of the array of records; none where it ends.
    fn element(&mut self, first: bool, inside: bool) -> Result<Option<u64>, Fault> {
        match (self.expect()?, first) {
            (b']', _) => {
                self.skip(1);
                self.state = if inside { State::Members(true) } else { State::Behind };
                return Ok(None);
            }
            (b',', false) => {
                self.skip(1);
                self.expect()?;
            }
            (_, false) => return Err(Fault::Syntax(self.line)),
            (_, true) => {}
        }
        let line = self.line;
        self.capture()?;
        self.state = State::Records { first: false, inside };
        Ok(Some(line))
    }

    /// Behind a record: the end, or another record on a new line.
    fn between(&mut self) -> Result<(), Fault> {
        let line = self.line;
        self.state = match self.peek()? {
            None => State::End,
            Some(_) if self.line > line => State::Lines,
            Some(_) => return Err(Fault::Syntax(self.line)),
        };
        Ok(())
    }

    /// The next line that is not blank; none at the end.
    fn next_line(&mut self) -> Result<Option<u64>, Fault> {
        if self.peek()?.is_none() {
            self.state = State::End;
            return Ok(None);
        }
        let line = self.line;
        self.piece.clear();
        while self.fill()? {
            let rest = &self.buffer[self.at..];
            let end = memchr::memchr(b'\n', rest);
            self.take(end.unwrap_or(rest.len()), line)?;
            if end.is_some() {
                break;
            }
        }
        Ok(Some(line))
    }

    /// Takes one value into `piece`.
    fn capture(&mut self) -> Result<(), Fault> {
        self.piece.clear();
        let line = self.line;
        match self.expect()? {
            b'{' | b'[' => self.capture_nested(line),
            b'"' => {
                self.take(1, line)?;
                self.finish_string(line)
            }
            b',' | b':' | b'}' | b']' => Err(Fault::Syntax(self.line)),
            _ => self.capture_scalar(line),
        }
    }

    fn capture_scalar(&mut self, line: u64) -> Result<(), Fault> {
        while self.fill()? {
            let rest = &self.buffer[self.at..];
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
            let end = rest.iter().position(ends);
            self.take(end.unwrap_or(rest.len()), line)?;
            if end.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// An object or an array, by its brackets: one bit for each that is open says which.
    fn capture_nested(&mut self, line: u64) -> Result<(), Fault> {
        let mut objects = 0_u128;
        let mut depth = 0;
        loop {
            if !self.fill()? {
                return Err(Fault::Cut(self.line));
            }
            let rest = &self.buffer[self.at..];
            let telling = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b'"');
            let Some(at) = rest.iter().position(telling) else {
                self.take(rest.len(), line)?;
                continue;
            };
            let byte = rest[at];
            self.take(at + 1, line)?;
            match byte {
                b'"' => self.finish_string(line)?,
                b'{' | b'[' => {
                    objects = objects << 1 | u128::from(byte == b'{');
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(Fault::TooDeep(self.line));
                    }
                }
                _ => {
                    if (objects & 1 == 1) != (byte == b'}') {
                        return Err(Fault::Syntax(self.line));
                    }
                    objects >>= 1;
                    depth -= 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// The rest of a string behind its first quote.
    fn finish_string(&mut self, line: u64) -> Result<(), Fault> {
        let mut escaped = false;
        loop {
            if !self.fill()? {
                return Err(Fault::Cut(self.line));
            }
            if escaped {
                escaped = false;
                self.take(1, line)?;
                continue;
            }
            let rest = &self.buffer[self.at..];
            match memchr::memchr2(b'"', b'\\', rest) {
                None => self.take(rest.len(), line)?,
                Some(at) => {
                    escaped = rest[at] == b'\\';
                    self.take(at + 1, line)?;
                    if !escaped {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// The next byte that is no white space, which must be there.
    fn expect(&mut self) -> Result<u8, Fault> {
        self.peek()?.ok_or(Fault::Cut(self.line))
    }

    /// The next byte that is no white space; none at the end.
    fn peek(&mut self) -> Result<Option<u8>, Fault> {
        while self.fill()? {
            let rest = &self.buffer[self.at..];
            let white = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let found = rest.iter().position(white);
            let count = found.unwrap_or(rest.len());
            let byte = found.map(|at| rest[at]);
            self.skip(count);
            if byte.is_some() {
                return Ok(byte);
            }
        }
        Ok(None)
    }

    /// Whether there is a byte to look at, which is read where need be.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.at < self.buffer.len() {
            return Ok(true);
        }
        self.at = 0;
        self.buffer.resize(CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let count = read.map_err(|error| Fault::of(&error, self.line));
        self.buffer.truncate(*count.as_ref().unwrap_or(&0));
        Ok(count? > 0)
    }

    /// Puts the next `count` bytes into the piece that began at `line`.
    fn take(&mut self, count: usize, line: u64) -> Result<(), Fault> {
        if self.piece.len() + count > MAX_RECORD {
            return Err(Fault::TooLong(line));
        }
        self.piece.extend_from_slice(&self.buffer[self.at..self.at + count]);
        self.skip(count);
        Ok(())
    }

    fn skip(&mut self, count: usize) {
        let passed = &self.buffer[self.at..self.at + count];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at += count;
    }
}

#[cfg(test)]
mod tests;
