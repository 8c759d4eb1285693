//! The fields of one observation, packed: a ledger of 100,000 rows must fit an old PC.

use std::fmt;

use crate::Field;

/// The fields of one observation, as one block of bytes that is stored as it is.
///
/// Each entry is a field number, a flag whether a writing follows, and one or two texts, each a length in LEB128 and UTF-8 bytes.
/// Entries stand in the order they were added; a field may stand more than once, and then the first counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Facts(Box<[u8]>);

/// One field of an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    /// Which field.
    pub field: Field,
    /// Its value in the canonical writing (dates ISO 8601, words by key).
    pub value: &'a str,
    /// How the document wrote it, where that differs.
    pub written: Option<&'a str>,
}

impl<'a> Fact<'a> {
    /// The text a person should see: as the document wrote it.
    pub fn shown(&self) -> &'a str {
        self.written.unwrap_or(self.value)
    }
}

/// The stored bytes are no facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stored facts are damaged")]
pub struct FactsError;

impl Facts {
    /// Facts from stored bytes, checked whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FactsError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (_, after) = take_fact(rest).ok_or(FactsError)?;
            rest = after;
        }
        Ok(Self(bytes.into()))
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Every entry, in order.
    pub fn iter(&self) -> impl Iterator<Item = Fact<'_>> {
        let mut rest: &[u8] = &self.0;
        std::iter::from_fn(move || {
            let (fact, after) = take_fact(rest)?;
            rest = after;
            Some(fact)
        })
    }

    /// The first entry of `field`.
    pub fn get(&self, field: Field) -> Option<Fact<'_>> {
        let mut rest: &[u8] = &self.0;
        loop {
            // What stands before it is stepped over unread: a device asks for its fields one by one.
            if *rest.first()? == field as u8 {
                return take_fact(rest).map(|(fact, _)| fact);
            }
            rest = skip_fact(rest)?;
        }
    }

    /// The canonical value of `field`.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.get(field).map(|fact| fact.value)
    }

    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|fact| (fact.field.key(), fact.shown()))).finish()
    }
}

/// Collects facts; the buffer can be used again for the next row.
#[derive(Debug, Default)]
pub struct FactsBuilder(Vec<u8>);

impl FactsBuilder {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `value`, unless it is empty.
    pub fn add(&mut self, field: Field, value: &str) -> &mut Self {
        if !value.is_empty() {
            self.0.extend([field as u8, 0]);
            self.text(value);
        }
        self
    }

    /// Adds `value` with the writing of the document, where that differs.
    pub fn add_written(&mut self, field: Field, value: &str, written: &str) -> &mut Self {
        if value == written {
            return self.add(field, value);
        }
        self.0.extend([field as u8, 1]);
        self.text(value);
        self.text(written);
        self
    }

    /// What was collected; the builder is empty afterwards.
    pub fn finish(&mut self) -> Facts {
        let facts = Facts(self.0.as_slice().into());
        self.0.clear();
        facts
    }

    fn text(&mut self, text: &str) {
        let mut length = text.len();
        while length >= 0x80 {
            self.0.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.0.push(length as u8);
        self.0.extend_from_slice(text.as_bytes());
    }
}

fn take_fact(bytes: &[u8]) -> Option<(Fact<'_>, &[u8])> {
    let (&[number, flag], rest) = bytes.split_first_chunk::<2>()?;
    let field = Field::from_number(number)?;
    let (value, rest) = take_text(rest)?;
    let (written, rest) = match flag {
        0 => (None, rest),
        1 => take_text(rest).map(|(written, rest)| (Some(written), rest))?,
        _ => return None,
    };
    Some((Fact { field, value, written }, rest))
}

fn skip_fact(bytes: &[u8]) -> Option<&[u8]> {
    let (&[_, flag], rest) = bytes.split_first_chunk::<2>()?;
    let (_, mut rest) = take_bytes(rest)?;
    if flag == 1 {
        (_, rest) = take_bytes(rest)?;
    }
    Some(rest)
}

fn take_text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (text, rest) = take_bytes(bytes)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

/// A length in LEB128, at most four bytes of it, and so many bytes.
fn take_bytes(mut bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0usize;
    for shift in (0..28).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        bytes = rest;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return bytes.split_at_checked(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_read_back_as_they_were_added() {
        let long = "長".repeat(100);
        let mut builder = FactsBuilder::new();
        builder.add(Field::Name, "CTコンソール").add(Field::Maker, "").add(Field::Remark, &long);
        builder.add_written(Field::Registered, "2023-03-01", "令和5年3月1日");
        let facts = builder.finish();
        assert_eq!(facts.value(Field::Name), Some("CTコンソール"));
        assert_eq!(facts.value(Field::Maker), None);
        assert_eq!(facts.value(Field::Remark), Some(long.as_str()));
        assert_eq!(facts.get(Field::Registered).unwrap().shown(), "令和5年3月1日");
        assert_eq!(Facts::from_bytes(facts.as_bytes()), Ok(facts));
        assert!(builder.finish().is_empty());
    }

    #[test]
    fn damaged_bytes_are_refused_at_every_length() {
        let facts = FactsBuilder::new()
            .add(Field::Name, "CT")
            .add_written(Field::Status, "in_use", "稼働")
            .finish();
        let whole = facts.as_bytes();
        let boundaries = [0, 5, whole.len()];
        for length in 0..=whole.len() {
            let read = Facts::from_bytes(&whole[..length]);
            assert_eq!(read.is_ok(), boundaries.contains(&length), "{length}");
        }
        assert_eq!(Facts::from_bytes(&[255, 0, 0]), Err(FactsError));
        assert_eq!(Facts::from_bytes(&[1, 2, 0]), Err(FactsError));
        assert_eq!(Facts::from_bytes(&[1, 0, 0x80, 0x80, 0x80, 0x80, 0x80]), Err(FactsError));
    }
}
