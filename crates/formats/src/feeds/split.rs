//! Walks a JSON document of any length and hands out one record at a time (RFC 8259), so that memory is bounded by one record.
//!
//! What stands outside the records is checked here; each record and each other member is checked by who parses it.

use std::io::Read;

use serde::de::IgnoredAny;

use self::cursor::Cursor;
use super::fault::Fault;

mod cursor;

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
    /// In what is open.
    Inside,
    /// Behind a record that stands by itself.
    Between,
    /// Behind a line that is a record: each further line is one.
    Lines,
    /// Behind the outermost value.
    Behind,
    /// Nothing is left.
    End,
}

/// What is open; `more` once something was read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// An object on the way to the records, which is so many names deep.
    Object { depth: usize, more: bool },
    /// An array of such objects.
    Array { depth: usize, more: bool },
    /// The array of records.
    Records { more: bool },
}

/// Splits a document.
pub(super) struct Splitter<R> {
    cursor: Cursor<R>,
    state: State,
    open: Vec<Open>,
    records: &'static [&'static str],
    name: String,
}

impl<R: Read> Splitter<R> {
    /// Of a document whose records are the elements of the array that `records` leads to, member by member, through objects and
    /// arrays of them; where that is empty, the document is one record, an array of them, or has one in each line.
    pub(super) fn new(input: R, records: &'static [&'static str]) -> Self {
        Self {
            cursor: Cursor::new(input),
            state: State::Start,
            open: Vec::new(),
            records,
            name: String::new(),
        }
    }

    /// Of a document that has a record in each line, from the first.
    pub(super) fn lines(input: R) -> Self {
        Self { state: State::Lines, ..Self::new(input, &[]) }
    }

    /// The next piece; none at the end of a whole document.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'_>>, Fault> {
        loop {
            match self.state {
                State::Start => {
                    if let Some(line) = self.start()? {
                        return Ok(Some(Piece::Record(&self.cursor.piece, line, false)));
                    }
                }
                State::Inside => match self.open.pop() {
                    None => self.state = State::Behind,
                    Some(Open::Object { depth, more }) => {
                        if self.member(depth, more)? {
                            return Ok(Some(Piece::Member(&self.name, &self.cursor.piece)));
                        }
                    }
                    Some(Open::Array { depth, more }) => self.object(depth, more)?,
                    Some(Open::Records { more }) => {
                        if let Some(line) = self.record(more)? {
                            return Ok(Some(Piece::Record(&self.cursor.piece, line, false)));
                        }
                    }
                },
                State::Between => self.between()?,
                State::Lines => {
                    if let Some(line) = self.next_line()? {
                        return Ok(Some(Piece::Record(&self.cursor.piece, line, true)));
                    }
                }
                State::Behind => match self.cursor.peek()? {
                    None => self.state = State::End,
                    Some(_) => return Err(Fault::Syntax(self.cursor.line)),
                },
                State::End => return Ok(None),
            }
        }
    }

    /// The outermost value: an array or an object of records is entered, another value is one.
    fn start(&mut self) -> Result<Option<u64>, Fault> {
        match (self.cursor.expect()?, self.records) {
            (b'[', []) => {
                self.cursor.skip(1);
                self.state = State::Inside;
                self.open.push(Open::Records { more: false });
                Ok(None)
            }
            (b'{', [_, ..]) => {
                self.cursor.skip(1);
                self.state = State::Inside;
                self.open.push(Open::Object { depth: 0, more: false });
                Ok(None)
            }
            (b'{', []) => {
                let line = self.cursor.line;
                self.cursor.capture()?;
                self.state = State::Between;
                Ok(Some(line))
            }
            _ => Err(Fault::Syntax(self.cursor.line)),
        }
    }

    /// Passes the comma before another part of what ends with `close`; `false` where it ends.
    fn part(&mut self, close: u8, more: bool) -> Result<bool, Fault> {
        let next = self.cursor.expect()?;
        if next == close {
            self.cursor.skip(1);
            return Ok(false);
        }
        if more {
            if next != b',' {
                return Err(Fault::Syntax(self.cursor.line));
            }
            self.cursor.skip(1);
            self.cursor.expect()?;
        }
        Ok(true)
    }

    /// Reads a member of an object; `false` where it was entered, or the object ends.
    fn member(&mut self, depth: usize, more: bool) -> Result<bool, Fault> {
        if !self.part(b'}', more)? {
            return Ok(false);
        }
        self.open.push(Open::Object { depth, more: true });
        if self.cursor.expect()? != b'"' {
            return Err(Fault::Syntax(self.cursor.line));
        }
        let line = self.cursor.line;
        self.cursor.capture()?;
        self.name = serde_json::from_slice(&self.cursor.piece).map_err(|_| Fault::Syntax(line))?;
        if self.cursor.expect()? != b':' {
            return Err(Fault::Syntax(self.cursor.line));
        }
        self.cursor.skip(1);
        let next = self.cursor.expect()?;
        if self.records.get(depth) == Some(&&*self.name)
            && let Some(inner) = self.entered(next, depth + 1)
        {
            self.cursor.skip(1);
            self.open.push(inner);
            return Ok(false);
        }
        self.checked()?;
        Ok(true)
    }

    /// What is entered where the way to the records leads on behind `depth` names.
    fn entered(&self, next: u8, depth: usize) -> Option<Open> {
        match (next, depth == self.records.len()) {
            (b'[', true) => Some(Open::Records { more: false }),
            (b'[', false) => Some(Open::Array { depth, more: false }),
            (b'{', false) => Some(Open::Object { depth, more: false }),
            _ => None,
        }
    }

    /// Enters the next object of an array on the way; other elements are passed over.
    fn object(&mut self, depth: usize, more: bool) -> Result<(), Fault> {
        if !self.part(b']', more)? {
            return Ok(());
        }
        self.open.push(Open::Array { depth, more: true });
        if self.cursor.expect()? == b'{' {
            self.cursor.skip(1);
            self.open.push(Open::Object { depth, more: false });
            return Ok(());
        }
        self.checked()
    }

    /// Reads an element of the array of records; none where it ends.
    fn record(&mut self, more: bool) -> Result<Option<u64>, Fault> {
        if !self.part(b']', more)? {
            return Ok(None);
        }
        let line = self.cursor.line;
        self.cursor.capture()?;
        self.open.push(Open::Records { more: true });
        Ok(Some(line))
    }

    /// Takes a value that must be well-formed.
    fn checked(&mut self) -> Result<(), Fault> {
        let line = self.cursor.line;
        self.cursor.capture()?;
        let sound = serde_json::from_slice::<IgnoredAny>(&self.cursor.piece);
        sound.map(drop).map_err(|_| Fault::Syntax(line))
    }

    /// Behind a record: the end, or another record on a new line.
    fn between(&mut self) -> Result<(), Fault> {
        let line = self.cursor.line;
        self.state = match self.cursor.peek()? {
            None => State::End,
            Some(_) if self.cursor.line > line => State::Lines,
            Some(_) => return Err(Fault::Syntax(self.cursor.line)),
        };
        Ok(())
    }

    /// The next line that is not blank; none at the end.
    fn next_line(&mut self) -> Result<Option<u64>, Fault> {
        if self.cursor.peek()?.is_none() {
            self.state = State::End;
            return Ok(None);
        }
        let line = self.cursor.line;
        self.cursor.capture_line()?;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests;
