//! How values are written into the file: numbers in groups of seven bits, texts after their length, fields one after the other.

use domain::advisory::{
    Advisory, AdvisoryState, Claim, Condition, Criterion, Exploited, FeedKind, Forecast,
    Justification, LocalText, ProductName, Rating, Remedy, RemedyKind, Ssvc, VersionBound,
    VersionRange, VersionSet, Versions, VexStatus,
};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Source, Vulnerability};

/// The bytes are none that were written by this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Garbled;

/// Bytes that are being read.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

/// A value that can be written and read.
pub(super) trait Coded: Sized {
    fn write(&self, out: &mut Vec<u8>);
    fn read(input: &mut Input<'_>) -> Result<Self, Garbled>;

    /// As bytes of its own.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }
}

impl<'a> Input<'a> {
    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Garbled> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Garbled)?;
        self.0 = rest;
        Ok(taken)
    }
}

impl Coded for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            out.push(left.to_le_bytes()[0] | 0x80);
            left >>= 7;
        }
        out.push(left.to_le_bytes()[0]);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = *input.take(1)?.first().ok_or(Garbled)?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Garbled)
    }
}

/// Numbers that fit into 64 bits.
macro_rules! number {
    ($($kind:ty),*) => {$(
        impl Coded for $kind {
            fn write(&self, out: &mut Vec<u8>) {
                u64::from(*self).write(out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
                u64::read(input)?.try_into().map_err(|_| Garbled)
            }
        }
    )*};
}
number!(u8, u32);

impl Coded for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        // Turned so that small numbers of either sign are short.
        ((self << 1) ^ (self >> 63)).cast_unsigned().write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let value = u64::read(input)?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

impl Coded for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        match u8::read(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Garbled),
        }
    }
}

impl Coded for String {
    fn write(&self, out: &mut Vec<u8>) {
        (self.len() as u64).write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let length = u64::read(input)?.try_into().map_err(|_| Garbled)?;
        let bytes = input.take(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Garbled)
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        bool::read(input)?.then(|| T::read(input)).transpose()
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        (self.len() as u64).write(out);
        self.iter().for_each(|value| value.write(out));
    }

    /// Every value takes a byte at least, so what is read is never longer than the bytes.
    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        (0..u64::read(input)?).map(|_| T::read(input)).collect()
    }
}

impl Coded for Timestamp {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_second().write(out);
        i64::from(self.subsec_nanosecond()).write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let second = i64::read(input)?;
        let rest = i64::read(input)?.try_into().map_err(|_| Garbled)?;
        Self::new(second, rest).map_err(|_| Garbled)
    }
}

impl Coded for Date {
    fn write(&self, out: &mut Vec<u8>) {
        [i64::from(self.year()), i64::from(self.month()), i64::from(self.day())]
            .iter()
            .for_each(|part| part.write(out));
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let year = i64::read(input)?.try_into().map_err(|_| Garbled)?;
        let month = i64::read(input)?.try_into().map_err(|_| Garbled)?;
        let day = i64::read(input)?.try_into().map_err(|_| Garbled)?;
        Self::new(year, month, day).map_err(|_| Garbled)
    }
}

/// Words of the closed lists, by their keys: a list that grows leaves old files readable.
macro_rules! word {
    ($($kind:ty),*) => {$(
        impl Coded for $kind {
            fn write(&self, out: &mut Vec<u8>) {
                self.key().to_owned().write(out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
                Self::from_key(&String::read(input)?).ok_or(Garbled)
            }
        }
    )*};
}
word!(AdvisoryState, FeedKind, Justification, RemedyKind, VexStatus);

/// Structures, field by field. A field that is not listed does not compile.
macro_rules! fields {
    ($($kind:ident { $($field:ident),* })*) => {$(
        impl Coded for $kind {
            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(out);)*
            }

            fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
                Ok(Self { $($field: Coded::read(input)?),* })
            }
        }
    )*};
}

fields! {
    Advisory {
        feed, publisher, document, revision, id, aliases, state, published, modified, titles, descriptions, weaknesses, ratings, ssvc,
        claims, remedies, references, tlp
    }
    Claim { status, product, versions, conditions, justification, note, fixed }
    Condition { negated, any }
    Criterion { product, versions }
    Exploited { id, vendor, product, name, added, due, action, ransomware }
    Forecast { probability, percentile }
    LocalText { lang, text }
    ProductName { vendor, name, families, platforms, purls, cpes, models, serials, ecosystem, package }
    Rating { by, vector, score, word, claims }
    Remedy { kind, text, url, date, claims }
    Source { feed, name, records, newest, refused }
    Ssvc { at, exploitation, automatable, technical_impact }
    VersionBound { version, included }
    VersionRange { from, to }
    VersionSet { scheme, listed, ranges }
    Vulnerability { id, numbers, exploited, forecast, ssvc }
}

impl Coded for Versions {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::All => out.push(0),
            Self::Others => out.push(1),
            Self::Unstated => out.push(2),
            Self::Text(text) => {
                out.push(3);
                text.write(out);
            }
            Self::These(set) => {
                out.push(4);
                set.write(out);
            }
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        Ok(match u8::read(input)? {
            0 => Self::All,
            1 => Self::Others,
            2 => Self::Unstated,
            3 => Self::Text(String::read(input)?),
            4 => Self::These(VersionSet::read(input)?),
            _ => return Err(Garbled),
        })
    }
}
