//! Many products at once: each distinct one is judged once, and what is said of a product is read once for all its versions.
//!
//! What is told is short: which vulnerabilities, and how sure. It is what [`Judge::judge`] comes to for each product alone;
//! conditions on what else is on a machine are not known to hold.

mod asked;
mod group;
mod stems;

use std::collections::HashMap;
use std::ops::Range;

use domain::advisory::Confidence;
use domain::{MakerTable, Message};
use notation::version::Plain;

use super::Judge;
use crate::advisories::index::{Index, IndexError};
use crate::parallel;
use group::Group;
use stems::Stems;

pub use asked::Asked;

/// Products that are to be judged.
#[derive(Debug, Default)]
pub struct Survey {
    /// What tells groups of products that differ by their version only.
    stems: Stems,
    versions: Texts,
    /// What was asked: group and version.
    asks: Vec<(u32, Token)>,
}

/// Versions that are not only dotted numbers.
#[derive(Debug, Default)]
struct Texts {
    all: Vec<String>,
    known: HashMap<String, Token>,
}

/// A version of a survey: the bits of a [`Plain`], or what follows.
type Token = u64;
/// With this bit: the place of a text.
const TEXT: Token = 1 << 63;
/// No version at all.
const NONE: Token = u64::MAX;

/// A vulnerability of which something is said for a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its number in the index.
    pub vulnerability: u32,
    /// How sure it is that the product is affected; none where no party says so.
    pub affected: Option<Confidence>,
}

/// An advisory that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The number of the vulnerability in the index.
    pub vulnerability: u32,
    /// The number of the advisory in the index.
    pub advisory: u32,
}

/// What came of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance<'s> {
    /// Why it could not be judged, where it could not: see [`super::Judged`].
    pub refused: Option<&'s Message>,
    /// Of which vulnerabilities something is said, by number.
    pub found: &'s [Found],
    /// What is open, by advisory.
    pub open: &'s [Left],
}

/// What came of all.
#[derive(Debug)]
pub struct Surveyed {
    runs: Vec<Run>,
    /// Of each product that was asked about the run, and its place in it.
    asks: Vec<(u32, u32)>,
}

/// What came of the groups that were judged one after the other.
#[derive(Debug, Default)]
struct Run {
    entries: Vec<Entry>,
    found: Vec<Found>,
    open: Vec<Left>,
    reasons: Vec<Message>,
    /// What was asked, and its entry.
    asks: Vec<(u32, u32)>,
}

/// A distinct product: where what was found of it ends, where what is open ends, and the place of the reason one after.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    found: u32,
    open: u32,
    reason: Option<u32>,
}

impl Survey {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a product. Products are numbered as they are added, from zero.
    pub fn add(&mut self, asked: &Asked<'_>) {
        let Self { stems, versions, asks } = self;
        stems.add(|stem| versions.token(asked.write_stem(stem)), asks);
    }

    /// How many were added.
    pub fn len(&self) -> usize {
        self.asks.len() + self.stems.waiting()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Judges them, on as many cores as there are; `makers` says which names are of one maker.
    pub fn judge(mut self, index: &Index<'_>, makers: &MakerTable) -> Result<Surveyed, IndexError> {
        self.stems.look_up(&mut self.asks);
        let members = Members::of(&self.asks, self.stems.len());
        let groups: Vec<u32> = (0..self.stems.len() as u32).collect();
        let run = |groups: &[u32]| -> Result<Run, IndexError> {
            let (judge, mut run) = (Judge::new(index, makers), Run::default());
            for number in groups {
                let group = Group::read(self.stems.text(*number));
                group.judge(&judge, members.of_group(*number), &self.versions.all, &mut run)?;
            }
            Ok(run)
        };
        let runs: Vec<Run> =
            parallel::in_runs(&groups, run).into_iter().collect::<Result<_, _>>()?;
        let mut asks = vec![(0, 0); self.asks.len()];
        let mut surveyed = Surveyed { runs, asks: Vec::new() };
        for (at, run) in (0u32..).zip(&mut surveyed.runs) {
            for (ask, entry) in std::mem::take(&mut run.asks) {
                if let Some(slot) = asks.get_mut(ask as usize) {
                    *slot = (at, entry);
                }
            }
        }
        surveyed.asks = asks;
        Ok(surveyed)
    }
}

impl Texts {
    fn token(&mut self, version: Option<&str>) -> Token {
        let Some(version) = version else { return NONE };
        if let Some(plain) = Plain::read(version) {
            return plain.to_bits();
        }
        if let Some(known) = self.known.get(version) {
            return *known;
        }
        let token = TEXT | self.all.len() as u64;
        self.all.push(version.to_owned());
        self.known.insert(version.to_owned(), token);
        token
    }
}

impl Surveyed {
    /// What came of a product, by the number under which it was added; none beyond the last.
    pub fn of(&self, number: usize) -> Option<Glance<'_>> {
        let (run, entry) = *self.asks.get(number)?;
        self.runs.get(run as usize)?.glance(entry as usize)
    }

    /// How many distinct products there were.
    pub fn distinct(&self) -> usize {
        self.runs.iter().map(|run| run.entries.len()).sum()
    }
}

impl Run {
    fn glance(&self, at: usize) -> Option<Glance<'_>> {
        let end = self.entries.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.entries.get(before));
        let start = start.copied().unwrap_or_default();
        Some(Glance {
            refused: end.reason.and_then(|reason| self.reasons.get(reason as usize)),
            found: self.found.get(start.found as usize..end.found as usize)?,
            open: self.open.get(start.open as usize..end.open as usize)?,
        })
    }

    /// Ends what was found of a product.
    fn close(&mut self, reason: Option<Message>) {
        let reason = reason.map(|reason| {
            if self.reasons.last() != Some(&reason) {
                self.reasons.push(reason);
            }
            self.reasons.len() as u32 - 1
        });
        let (found, open) = (self.found.len() as u32, self.open.len() as u32);
        self.entries.push(Entry { found, open, reason });
    }
}

/// What was asked, by group.
struct Members {
    /// Version and number of what was asked.
    sorted: Vec<(Token, u32)>,
    starts: Vec<u32>,
}

impl Members {
    fn of(asks: &[(u32, Token)], groups: usize) -> Self {
        let mut starts = vec![0u32; groups + 1];
        for (group, _) in asks {
            if let Some(count) = starts.get_mut(*group as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut sorted = vec![(NONE, 0); asks.len()];
        for (number, (group, token)) in (0u32..).zip(asks) {
            let Some(place) = next.get_mut(*group as usize) else { continue };
            if let Some(slot) = sorted.get_mut(*place as usize) {
                *slot = (*token, number);
            }
            *place += 1;
        }
        Self { sorted, starts }
    }

    fn of_group(&self, group: u32) -> &[(Token, u32)] {
        let at = |group: usize| self.starts.get(group).map_or(0, |start| *start as usize);
        let range: Range<usize> = at(group as usize)..at(group as usize + 1);
        self.sorted.get(range).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
