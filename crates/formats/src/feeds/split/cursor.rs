//! Goes through JSON byte by byte, and takes one value at a time.

use std::io::{ErrorKind, Read};

use crate::feeds::fault::{Fault, MAX_DEPTH, MAX_RECORD};

/// Objects and arrays in one record: an empty one of three bytes becomes some hundred in memory.
const MAX_VALUES: usize = 1 << 20;

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// Where the splitter stands in its bytes.
pub(super) struct Cursor<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    /// The line it stands in, from 1.
    pub(super) line: u64,
    /// The value it took last.
    pub(super) piece: Vec<u8>,
}

impl<R: Read> Cursor<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), at: 0, line: 1, piece: Vec::new() }
    }

    /// Takes the rest of a line into `piece`.
    pub(super) fn capture_line(&mut self) -> Result<(), Fault> {
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
        self.few(line)
    }

    /// Takes one value into `piece`.
    pub(super) fn capture(&mut self) -> Result<(), Fault> {
        self.piece.clear();
        let line = self.line;
        match self.expect()? {
            b'{' | b'[' => {
                self.capture_nested(line)?;
                self.few(line)
            }
            b'"' => {
                self.take(1, line)?;
                self.finish_string(line)
            }
            b',' | b':' | b'}' | b']' => Err(Fault::Syntax(self.line)),
            _ => self.capture_scalar(line),
        }
    }

    /// Refuses a piece that would take far more memory than it has bytes.
    fn few(&self, line: u64) -> Result<(), Fault> {
        let values = memchr::memchr2_iter(b'{', b'[', &self.piece).count();
        if values > MAX_VALUES { Err(Fault::TooMany(line)) } else { Ok(()) }
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
    pub(super) fn expect(&mut self) -> Result<u8, Fault> {
        self.peek()?.ok_or(Fault::Cut(self.line))
    }

    /// The next byte that is no white space; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Fault> {
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

    pub(super) fn skip(&mut self, count: usize) {
        let passed = &self.buffer[self.at..self.at + count];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at += count;
    }
}
