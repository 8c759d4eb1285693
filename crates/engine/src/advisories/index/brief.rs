//! What is told of an advisory wherever it is named, so that no block need be unpacked for it.

use domain::advisory::{Advisory, FeedKind, Rating};

use super::code::{Coded, Garbled, Input};
use super::posting::Place;

/// What is told of an advisory wherever it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Whose list it comes from.
    pub feed: FeedKind,
    /// Who published it.
    pub publisher: Option<String>,
    /// The document's own name.
    pub document: String,
    /// Ratings of its severity.
    pub ratings: Vec<Rating>,
    /// Where its claims stand, in their order.
    pub(super) claims: Vec<Place>,
}

impl Brief {
    pub(super) fn of(advisory: Advisory, claims: &[Place]) -> Self {
        let Advisory { feed, publisher, document, ratings, .. } = advisory;
        Self { feed, publisher, document, ratings, claims: claims.to_vec() }
    }
}

impl Coded for Brief {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { feed, publisher, document, ratings, claims } = self;
        feed.write(out);
        publisher.write(out);
        document.write(out);
        ratings.write(out);
        (claims.len() as u64).write(out);
        claims.iter().flat_map(|(at, length)| [at, length]).for_each(|value| value.write(out));
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        Ok(Self {
            feed: Coded::read(input)?,
            publisher: Coded::read(input)?,
            document: Coded::read(input)?,
            ratings: Coded::read(input)?,
            claims: (0..u64::read(input)?)
                .map(|_| Ok((u64::read(input)?, u64::read(input)?)))
                .collect::<Result<_, _>>()?,
        })
    }
}
