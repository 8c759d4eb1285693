//! A block of observations of one import.
//!
//! Each observation is a byte of flags; its kind and its sheet's name, where they differ from those of the one before; its row; its
//! column and part, where it has them; its bindings; and its facts, both after their length.

use std::sync::Arc;

use domain::{Facts, Observation, ObservationKind, Place};

use super::bytes::{put_bytes, put_number};
use super::{Block, BlockError, Bytes};
use crate::bindings;

/// Observations in a block. Few enough that one of them is found quickly, so many that little room is lost between blocks.
const MOST: u32 = 64;

/// A block of wide rows ends earlier.
const MOST_BYTES: usize = 32 * 1024;

const KIND: u8 = 1;
const SHEET: u8 = 2;
const NO_SHEET: u8 = 4;
const COLUMN: u8 = 8;
const PART: u8 = 16;

/// A block that is being filled.
#[derive(Debug, Default)]
pub(crate) struct Filling {
    bytes: Vec<u8>,
    count: u32,
    kind: Option<ObservationKind>,
    sheet: Option<Arc<str>>,
    bindings: Vec<u8>,
}

impl Filling {
    /// Whether no more should be added.
    pub(crate) fn is_full(&self) -> bool {
        self.count >= MOST || self.bytes.len() >= MOST_BYTES
    }

    /// How many observations it holds.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// What it holds, as it is to be packed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Empties it for the next block.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
        self.kind = None;
        self.sheet = None;
    }

    /// Adds one.
    pub(crate) fn add(&mut self, observation: &Observation) {
        let place = &observation.place;
        let start = self.bytes.len();
        self.bytes.push(0);
        let mut flags = 0;
        if self.kind != Some(observation.kind) {
            flags |= KIND;
            self.kind = Some(observation.kind);
            put_bytes(&mut self.bytes, observation.kind.key().as_bytes());
        }
        flags |= self.add_sheet(place.sheet.as_ref());
        put_number(&mut self.bytes, place.row.into());
        for (flag, number) in [(COLUMN, place.column), (PART, place.part)] {
            if number != 0 {
                flags |= flag;
                put_number(&mut self.bytes, number.into());
            }
        }
        self.bindings.clear();
        bindings::encode(&observation.bindings, &mut self.bindings);
        put_bytes(&mut self.bytes, &self.bindings);
        put_bytes(&mut self.bytes, observation.facts.as_bytes());
        if let Some(place) = self.bytes.get_mut(start) {
            *place = flags;
        }
        self.count += 1;
    }

    fn add_sheet(&mut self, sheet: Option<&Arc<str>>) -> u8 {
        if self.sheet.as_ref() == sheet {
            return 0;
        }
        self.sheet = sheet.cloned();
        let Some(name) = sheet else { return NO_SHEET };
        put_bytes(&mut self.bytes, name.as_bytes());
        SHEET
    }
}

/// Reads the observations of a block one by one.
#[derive(Debug)]
pub(crate) struct Reading<'b> {
    bytes: Bytes<'b>,
    kind: Option<ObservationKind>,
    sheet: Option<Arc<str>>,
    /// A sheet's name of the block before: its rows share it in memory, as they did when they were read.
    known: Option<Arc<str>>,
}

impl<'b> Reading<'b> {
    /// A reading of `bytes`; `sheet` is the last sheet's name of the block before.
    pub(crate) fn new(bytes: &'b [u8], sheet: Option<Arc<str>>) -> Self {
        Self { bytes: Bytes(bytes), kind: None, sheet: None, known: sheet }
    }

    /// The last sheet's name, for the reading of the next block.
    pub(crate) fn sheet(self) -> Option<Arc<str>> {
        self.sheet.or(self.known)
    }

    /// Whether all was read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next observation.
    pub(crate) fn next(&mut self) -> Block<Observation> {
        let (place, bindings, facts) = self.parts()?;
        Ok(Observation {
            place,
            kind: self.kind.ok_or(BlockError)?,
            bindings: bindings::decode(bindings).map_err(|_| BlockError)?,
            facts: Facts::from_bytes(facts).map_err(|_| BlockError)?,
        })
    }

    /// Steps over the next observation.
    pub(crate) fn skip(&mut self) -> Block<()> {
        self.parts().map(|_| ())
    }

    fn parts(&mut self) -> Block<(Place, &'b [u8], &'b [u8])> {
        let bytes = &mut self.bytes;
        let flags = bytes.byte()?;
        if flags > KIND | SHEET | NO_SHEET | COLUMN | PART {
            return Err(BlockError);
        }
        if flags & KIND != 0 {
            self.kind = Some(ObservationKind::from_key(bytes.text()?).ok_or(BlockError)?);
        }
        if flags & NO_SHEET != 0 {
            self.known = self.sheet.take();
        }
        if flags & SHEET != 0 {
            let name = bytes.text()?;
            let known = self.known.take().filter(|known| **known == *name);
            self.sheet = Some(known.unwrap_or_else(|| Arc::from(name)));
        }
        let row = bytes.number()?;
        let column = if flags & COLUMN == 0 { 0 } else { bytes.number()? };
        let part = if flags & PART == 0 { 0 } else { bytes.number()? };
        let place = Place { sheet: self.sheet.clone(), row, column, part };
        Ok((place, bytes.bytes()?, bytes.bytes()?))
    }
}

#[cfg(test)]
mod tests {
    use domain::{Binding, FactsBuilder, Field};

    use super::*;

    fn sample() -> Vec<Observation> {
        let sheet: Arc<str> = Arc::from("機器!台帳");
        let places = [
            Place::row(Some(sheet.clone()), 4),
            Place::row(Some(sheet.clone()), 5).at_column(3).part(2),
            Place::row(None, 70_000),
            Place::row(Some(sheet), 4_000_000_000),
            Place::DOCUMENT,
        ];
        let kinds = [ObservationKind::LedgerRow, ObservationKind::Lease];
        let observation = |(n, place): (usize, Place)| Observation {
            place,
            kind: kinds[n / 3],
            bindings: vec![
                Binding { mac: None, address: "10.1.1.1".parse().ok(), prefix: None };
                n
            ],
            facts: FactsBuilder::new().add(Field::Name, &"長い名".repeat(n * 9)).finish(),
        };
        places.into_iter().enumerate().map(observation).collect()
    }

    fn filled(observations: &[Observation]) -> Vec<u8> {
        let mut filling = Filling::default();
        observations.iter().for_each(|observation| filling.add(observation));
        assert_eq!(filling.count() as usize, observations.len());
        filling.bytes().to_vec()
    }

    #[test]
    fn observations_read_back_as_they_were_written_and_can_be_stepped_over() {
        let (sample, bytes) = (sample(), filled(&sample()));
        let mut reading = Reading::new(&bytes, None);
        let read: Vec<_> = sample.iter().map(|_| reading.next().unwrap()).collect();
        assert_eq!((read, reading.is_at_end()), (sample.clone(), true));
        let mut reading = Reading::new(&bytes, None);
        assert_eq!((reading.skip(), reading.skip()), (Ok(()), Ok(())));
        assert_eq!(reading.next().as_ref(), Ok(&sample[2]));
    }

    #[test]
    fn rows_of_a_sheet_share_its_name_from_block_to_block() {
        let bytes = filled(&sample()[..2]);
        let mut first = Reading::new(&bytes, None);
        let one = first.next().unwrap();
        let mut second = Reading::new(&bytes, first.sheet());
        let other = second.next().unwrap();
        assert!(Arc::ptr_eq(&one.place.sheet.unwrap(), &other.place.sheet.unwrap()));
    }

    #[test]
    fn a_block_ends_at_its_count_or_its_size() {
        let narrow = &sample()[1];
        let mut filling = Filling::default();
        (0..MOST - 1).for_each(|_| filling.add(narrow));
        assert!(!filling.is_full());
        filling.add(narrow);
        assert!(filling.is_full());
        filling.clear();
        let long = "長".repeat(MOST_BYTES / 3);
        let facts = FactsBuilder::new().add(Field::Remark, &long).finish();
        let wide = Observation { facts, ..narrow.clone() };
        filling.add(&wide);
        assert!(filling.is_full());
    }

    #[test]
    fn bytes_that_are_no_block_are_refused_and_never_a_panic() {
        let bytes = filled(&sample());
        let read_all = |bytes: &[u8]| {
            let mut reading = Reading::new(bytes, None);
            (0..sample().len()).try_for_each(|_| reading.next().map(|_| ()))
        };
        assert_eq!(read_all(&bytes), Ok(()));
        for length in 0..bytes.len() {
            assert_eq!(read_all(&bytes[..length]), Err(BlockError), "{length}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 0xff;
            let _ = read_all(&other);
        }
        assert_eq!(read_all(&[32, 1]), Err(BlockError));
        assert_eq!(read_all(&[0, 1, 0, 0]), Err(BlockError), "the first has a kind");
    }
}
