//! Records of a workbook stream (MS-XLS 2.1.4), and the strings inside them, which may run on into the next record.

use super::super::fault::Fault;
use super::compound::{u16_at, u32_at};

/// Goes on with the record before.
pub(super) const CONTINUE: u16 = 0x3c;

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) data: &'s [u8],
}

impl Record<'_> {
    pub(super) fn u16(&self, at: usize) -> Result<u16, Fault> {
        u16_at(self.data, at).ok_or(Fault::Damaged)
    }

    pub(super) fn u32(&self, at: usize) -> Result<u32, Fault> {
        u32_at(self.data, at).ok_or(Fault::Damaged)
    }

    pub(super) fn f64(&self, at: usize) -> Result<f64, Fault> {
        let eight = self.data.get(at..at + 8).and_then(|eight| eight.try_into().ok());
        eight.map(f64::from_le_bytes).ok_or(Fault::Damaged)
    }
}

/// Cuts a stream into records.
#[derive(Debug, Clone)]
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    pub(super) fn from(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The next record; none at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<Record<'s>>, Fault> {
        if self.at >= self.stream.len() {
            return Ok(None);
        }
        let kind = u16_at(self.stream, self.at).ok_or(Fault::CutShort)?;
        let length = u16_at(self.stream, self.at + 2).ok_or(Fault::CutShort)?;
        let from = self.at + 4;
        let data = self.stream.get(from..from + usize::from(length)).ok_or(Fault::CutShort)?;
        self.at = from + usize::from(length);
        Ok(Some(Record { kind, data }))
    }

    /// The pieces of `first` and of the records that go on with it.
    pub(super) fn pieces(&mut self, first: Record<'s>) -> Result<Vec<&'s [u8]>, Fault> {
        let mut pieces = vec![first.data];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            match self.next()? {
                Some(more) => pieces.push(more.data),
                None => break,
            }
        }
        Ok(pieces)
    }
}

/// Reads strings from pieces that belong together.
pub(super) struct Strings<'p, 's> {
    pieces: &'p [&'s [u8]],
    piece: usize,
    at: usize,
}

/// Letters are stored in one byte each, or in two (MS-XLS 2.5.293).
const WIDE: u8 = 1;
const PHONETIC: u8 = 4;
const RICH: u8 = 8;

impl<'p, 's> Strings<'p, 's> {
    pub(super) fn new(pieces: &'p [&'s [u8]], at: usize) -> Self {
        Self { pieces, piece: 0, at }
    }

    fn here(&self) -> &'s [u8] {
        self.pieces.get(self.piece).and_then(|piece| piece.get(self.at..)).unwrap_or_default()
    }

    /// Moves on to the next piece where this one is used up.
    fn turn(&mut self) -> Result<bool, Fault> {
        if !self.here().is_empty() {
            return Ok(false);
        }
        self.piece += 1;
        self.at = 0;
        if self.piece >= self.pieces.len() { Err(Fault::CutShort) } else { Ok(true) }
    }

    fn number(&mut self, bytes: usize) -> Result<u32, Fault> {
        let mut number = 0_u32;
        for place in 0..bytes {
            while self.turn()? {}
            let byte = *self.here().first().ok_or(Fault::CutShort)?;
            self.at += 1;
            number |= u32::from(byte) << (8 * place);
        }
        Ok(number)
    }

    fn skip(&mut self, mut bytes: usize) -> Result<(), Fault> {
        while bytes > 0 {
            while self.turn()? {}
            let step = bytes.min(self.here().len());
            self.at += step;
            bytes -= step;
        }
        Ok(())
    }

    /// Adds the next string to `text`; its furigana and fonts are passed over.
    pub(super) fn read(&mut self, length_bytes: usize, text: &mut String) -> Result<(), Fault> {
        let mut letters = self.number(length_bytes)? as usize;
        let flags = self.number(1)? as u8;
        let runs = if flags & RICH == 0 { 0 } else { self.number(2)? as usize };
        let phonetic = if flags & PHONETIC == 0 { 0 } else { self.number(4)? as usize };
        let mut wide = flags & WIDE != 0;
        let mut units: Vec<u16> = Vec::new();
        while letters > 0 {
            // Each piece says anew how its letters are stored.
            while self.turn()? {
                wide = self.number(1)? as u8 & WIDE != 0;
            }
            let size = if wide { 2 } else { 1 };
            let here = self.here();
            let count = letters.min(here.len() / size);
            if count == 0 {
                return Err(Fault::Damaged);
            }
            let bytes = here.get(..count * size).unwrap_or_default();
            if wide {
                units.extend(
                    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
                );
            } else {
                units.extend(bytes.iter().map(|byte| u16::from(*byte)));
            }
            self.at += count * size;
            letters -= count;
        }
        text.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')));
        self.skip(runs * 4)?;
        self.skip(phonetic)
    }
}
