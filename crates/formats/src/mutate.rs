//! Changes real inputs at random, for tests that nothing panics.

use std::time::{Duration, Instant};

/// Marsaglia's xorshift: the same sequence on every run, so that a failure can be repeated.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Gives `target` mutations of `seeds` until `time` is over, and at least once each; returns how many.
pub(crate) fn for_a_while(seeds: &[Vec<u8>], time: Duration, target: fn(&[u8])) -> usize {
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let mut runs = 0;
    while runs < seeds.len() || start.elapsed() < time {
        let mut bytes = seeds[runs % seeds.len()].clone();
        for _ in 0..=random.below(6) {
            mutate(&mut bytes, &mut random);
        }
        target(&bytes);
        runs += 1;
    }
    runs
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Xorshift) {
    const WORDS: &[&[u8]] = &[
        b"<",
        b">",
        b"\"",
        b"&",
        b"</",
        b"/>",
        b"<!",
        b"\r\n",
        b"r=\"",
        b"0",
        b"99999999999",
        b"\xff\xfe",
        b"XFD",
    ];
    let at = random.below(bytes.len());
    let to = (at + random.below(64)).min(bytes.len());
    match random.below(6) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        1 if !bytes.is_empty() => bytes[at] = random.next() as u8,
        2 => drop(bytes.drain(at.min(to)..to)),
        3 => {
            let piece = bytes[at.min(to)..to].to_vec();
            let here = random.below(bytes.len());
            bytes.splice(here..here, piece);
        }
        4 => {
            let word = WORDS[random.below(WORDS.len())];
            bytes.splice(at..at, word.iter().copied());
        }
        _ if random.below(4) == 0 => bytes.truncate(at),
        _ => {}
    }
}
