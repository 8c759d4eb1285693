//! Texts that many products share, each kept once.
//!
//! An inventory of millions asks for the same thousands of names again and again, in no order: what takes time is waiting for memory.
//! So texts are gathered and looked up many at a time, which lets the machine wait for many at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::ops::Range;

/// How many are looked up at a time.
const BATCH: usize = 128;

/// Texts, each kept once and numbered as they came.
#[derive(Debug, Default)]
pub(super) struct Stems {
    /// The hashes by which texts are found; of two that are equal, the later is found under the next number that is free.
    known: HashMap<u64, u32, BuildHasherDefault<Same>>,
    hashes: RandomState,
    texts: Vec<u8>,
    places: Vec<Range<usize>>,
    waiting: Vec<u8>,
    /// Hash, end of the text in `waiting`, and what goes with it.
    asks: Vec<(u64, usize, u64)>,
}

impl Stems {
    /// Adds a text, which `write` appends, with what it gives. What is found goes to `found` in the order of adding, perhaps later.
    pub(super) fn add(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> u64,
        found: &mut Vec<(u32, u64)>,
    ) {
        let start = self.waiting.len();
        let with = write(&mut self.waiting);
        let hash = self.hashes.hash_one(self.waiting.get(start..).unwrap_or_default());
        self.asks.push((hash, self.waiting.len(), with));
        if self.asks.len() == BATCH {
            self.look_up(found);
        }
    }

    /// Looks up what waits.
    pub(super) fn look_up(&mut self, found: &mut Vec<(u32, u64)>) {
        let guesses = self.asks.iter().map(|(hash, ..)| self.known.get(hash).copied());
        let guesses: Vec<Option<u32>> = guesses.collect();
        let (waiting, asks) = (std::mem::take(&mut self.waiting), std::mem::take(&mut self.asks));
        let mut start = 0;
        for ((hash, end, with), guess) in asks.iter().zip(guesses) {
            let text = waiting.get(start..*end).unwrap_or_default();
            start = *end;
            let known = guess.filter(|number| self.text(*number) == text);
            found.push((known.unwrap_or_else(|| self.number(text, *hash)), *with));
        }
        (self.waiting, self.asks) = (waiting, asks);
        self.waiting.clear();
        self.asks.clear();
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.asks.len()
    }

    /// How many distinct ones there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// A text by its number.
    pub(super) fn text(&self, number: u32) -> &[u8] {
        let place = self.places.get(number as usize).cloned();
        place.and_then(|place| self.texts.get(place)).unwrap_or_default()
    }

    /// The number of a text, a new one where it is not known.
    fn number(&mut self, text: &[u8], mut hash: u64) -> u32 {
        while let Some(known) = self.known.get(&hash).copied() {
            if self.text(known) == text {
                return known;
            }
            hash = hash.wrapping_add(1);
        }
        // Products are numbered by 32 bits: more of them would not fit into memory.
        let number = self.places.len() as u32;
        let start = self.texts.len();
        self.texts.extend_from_slice(text);
        self.places.push(start..self.texts.len());
        self.known.insert(hash, number);
        number
    }
}

/// Takes what is already a hash.
#[derive(Debug, Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number() {
        let (mut stems, mut found) = (Stems::default(), Vec::new());
        for round in 0..2u64 {
            for number in 0..500u64 {
                let text = (number % 300).to_string();
                let write = |out: &mut Vec<u8>| {
                    out.extend(text.bytes());
                    round
                };
                stems.add(write, &mut found);
            }
        }
        assert_eq!(found.len() + stems.waiting(), 1000);
        stems.look_up(&mut found);
        assert_eq!((stems.len(), found.len()), (300, 1000));
        for (at, (number, round)) in found.iter().enumerate() {
            assert_eq!(*round, at as u64 / 500);
            assert_eq!(stems.text(*number), (at % 500 % 300).to_string().as_bytes());
        }
    }

    #[test]
    fn texts_of_one_hash_stay_two() {
        let mut stems = Stems::default();
        assert_eq!(
            [stems.number(b"a", 7), stems.number(b"b", 7), stems.number(b"b", 7)],
            [0, 1, 1]
        );
        assert_eq!(stems.number(b"a", 7), 0);
    }
}
