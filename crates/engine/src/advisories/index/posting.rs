//! What stands under a key: where its claims are, and the spans of those that numbers say.

use super::code::{Coded, Garbled, Input};
use super::plain::Reach;

/// The bytes of a span: vulnerability, advisory, place in the list, both ends.
const SPAN: usize = 28;

/// Where a claim stands among all, and how long it is.
pub(super) type Place = (u64, u64);

/// Versions of which a claim speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::advisories) struct Span {
    /// The number of the vulnerability in this index.
    pub(in crate::advisories) vulnerability: u32,
    /// The number of the advisory in this index.
    pub(in crate::advisories) advisory: u32,
    /// The place of the claim in [`Posting::plain`].
    pub(in crate::advisories) claim: u32,
    /// From here on.
    pub(super) low: u64,
    /// Up to here, which is not within.
    pub(super) high: u64,
}

/// What stands under a key.
#[derive(Debug, Default)]
pub(in crate::advisories) struct Posting {
    /// Claims of advisories that numbers do not say.
    pub(super) others: Vec<Place>,
    /// Claims of advisories of which each claim is said by numbers, by advisory and place.
    pub(super) plain: Vec<Place>,
    /// Those numbers, by vulnerability, advisory and claim.
    pub(in crate::advisories) spans: Vec<Span>,
}

impl Span {
    pub(super) fn new(vulnerability: u32, advisory: u32, claim: u32, (low, high): Reach) -> Self {
        Self { vulnerability, advisory, claim, low, high }
    }

    /// Whether a version is within.
    pub(in crate::advisories) fn holds(&self, rank: u64) -> bool {
        self.low <= rank && rank < self.high
    }

    fn write(&self, out: &mut Vec<u8>) {
        [self.vulnerability, self.advisory, self.claim]
            .iter()
            .for_each(|value| out.extend(value.to_be_bytes()));
        [self.low, self.high].iter().for_each(|value| out.extend(value.to_be_bytes()));
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (vulnerability, rest) = bytes.split_first_chunk()?;
        let (advisory, rest) = rest.split_first_chunk()?;
        let (claim, rest) = rest.split_first_chunk()?;
        let (low, rest) = rest.split_first_chunk()?;
        Some(Self {
            vulnerability: u32::from_be_bytes(*vulnerability),
            advisory: u32::from_be_bytes(*advisory),
            claim: u32::from_be_bytes(*claim),
            low: u64::from_be_bytes(*low),
            high: u64::from_be_bytes(*rest.first_chunk()?),
        })
    }
}

impl Posting {
    /// Whether nothing stands there.
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty() && self.plain.is_empty()
    }

    /// As it stands in the file after the text of its key.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write_places(&self.others, out);
        write_places(&self.plain, out);
        (self.spans.len() as u64).write(out);
        self.spans.iter().for_each(|span| span.write(out));
    }

    pub(super) fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        let (others, plain) = (read_places(input)?, read_places(input)?);
        let length =
            usize::try_from(u64::read(input)?).ok().and_then(|count| count.checked_mul(SPAN));
        let spans = input.take(length.ok_or(Garbled)?)?.chunks_exact(SPAN);
        let spans = spans.map(Span::read).collect::<Option<_>>().ok_or(Garbled)?;
        Ok(Self { others, plain, spans })
    }
}

/// Distances from one to the next, and lengths.
fn write_places(places: &[Place], out: &mut Vec<u8>) {
    (places.len() as u64).write(out);
    let mut last = 0;
    for (at, length) in places {
        at.wrapping_sub(last).write(out);
        length.write(out);
        last = *at;
    }
}

/// Every place takes two bytes at least, so what is read is never much longer than the bytes.
fn read_places(input: &mut Input<'_>) -> Result<Vec<Place>, Garbled> {
    let mut at = 0u64;
    (0..u64::read(input)?)
        .map(|_| {
            at = at.checked_add(u64::read(input)?).ok_or(Garbled)?;
            Ok((at, u64::read(input)?))
        })
        .collect()
}
