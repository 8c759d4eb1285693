//! Building an index.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use domain::advisory::{Advisory, AdvisoryState, Claim, Exploited, FeedRecord, Forecast};

use super::Source;
use super::code::Coded;
use super::kept::{Kept, newest, origin};
use super::over::Amendment;
use super::pack::Packer;
use super::pages;
use super::plain::{self, Reach};
use super::write;
use crate::advisories::key::{self, Key, Naming};
use crate::advisories::updates::{self, Update};

/// Takes records in any order and writes an index.
///
/// Claims stay in memory as they are written to the file; details are packed as they come.
#[derive(Debug, Default)]
pub struct Builder {
    packer: Packer,
    pub(super) blocks: Vec<Vec<u8>>,
    pub(super) claims: Vec<u8>,
    /// Of each claim where its bytes begin, and how many there are.
    pub(super) places: Vec<(usize, u32)>,
    /// The keys of claims, each with the place of its claim in its advisory.
    pub(super) named: Vec<(u32, u32)>,
    /// What claims reach, each with the place of its claim in its advisory.
    pub(super) reaches: Vec<(u32, Reach)>,
    /// What advisories say of updates.
    pub(super) updates: Vec<Update>,
    pub(super) keys: HashMap<Key, u32>,
    kept: Vec<Kept>,
    pub(super) exploited: BTreeMap<String, Exploited>,
    pub(super) forecasts: BTreeMap<String, Forecast>,
    /// What is said of the file that this one is written over.
    pub(super) amendment: Option<Amendment>,
    /// The forecasts that hold for that file too.
    pub(super) listed: Option<BTreeMap<String, Forecast>>,
}

/// What went into an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Advisories.
    pub advisories: u64,
    /// What they say of products.
    pub claims: u64,
    /// Products of which anything is said.
    pub keys: u64,
    /// Vulnerabilities.
    pub vulnerabilities: u64,
    /// Advisories that were left out, since a later one of the same document, or the same one, was there.
    pub replaced: u64,
    /// The size of the file.
    pub bytes: u64,
}

impl Builder {
    /// With nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record. Which feed comes first makes no difference.
    pub fn add(&mut self, record: FeedRecord) -> io::Result<()> {
        match record {
            FeedRecord::Advisory(advisory) => return self.add_advisory(*advisory),
            FeedRecord::Exploited(entry) => self.add_exploited(entry),
            FeedRecord::Forecast(id, forecast) => {
                // Forecasts carry no date here: of two, the one that frightens more.
                let kept = self.forecasts.entry(id).or_insert(forecast);
                *kept = (*kept).max(forecast);
            }
        }
        Ok(())
    }

    fn add_exploited(&mut self, entry: Exploited) {
        match self.exploited.get_mut(&entry.id) {
            Some(kept) if !says_more(&entry, kept) => {}
            Some(kept) => *kept = entry,
            None => {
                self.exploited.insert(entry.id.clone(), entry);
            }
        }
    }

    /// How many advisories were added.
    pub(super) fn added(&self) -> usize {
        self.kept.len()
    }

    /// Of each advisory that was added its origin and its numbers.
    pub(super) fn spoken(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.kept.iter().map(|kept| {
            let numbers = kept.aliases.iter().chain([&kept.id]).map(String::as_str);
            (kept.origin.as_str(), numbers)
        })
    }

    fn add_advisory(&mut self, mut advisory: Advisory) -> io::Result<()> {
        let claims = std::mem::take(&mut advisory.claims);
        let (start, first_place) = (self.claims.len(), self.places.len());
        let (first_named, first_reach) = (self.named.len(), self.reaches.len());
        let is_plain = self.add_claims(&claims)?;
        let first_update = self.updates.len();
        self.updates.extend(updates::of(&advisory));
        let details = advisory.to_bytes();
        let said = self.claims.get(start..).unwrap_or_default();
        let digest = pages::identity(&[&details, said].concat());
        let position = self.packer.add(&details);
        let details = (self.blocks.len(), position, details.len());
        self.blocks.extend(self.packer.full()?);
        self.kept.push(Kept {
            origin: origin(&advisory, digest),
            modified: advisory.modified,
            revision: advisory.revision,
            id: advisory.id,
            aliases: advisory.aliases,
            stands: advisory.state == AdvisoryState::Published,
            ssvc: advisory.ssvc.map(Box::new),
            digest,
            details,
            claims: first_place..self.places.len(),
            keys: first_named..self.named.len(),
            reaches: is_plain.then_some(first_reach..self.reaches.len()),
            updates: first_update..self.updates.len(),
        });
        Ok(())
    }

    /// Keeps claims with their keys; whether numbers say all of them.
    fn add_claims(&mut self, claims: &[Claim]) -> io::Result<bool> {
        let (first_reach, mut naming, mut is_plain) = (self.reaches.len(), None, true);
        for (place, claim) in (0u32..).zip(claims) {
            let at = self.claims.len();
            claim.write(&mut self.claims);
            let length = u32::try_from(self.claims.len() - at).map_err(|_| too_many())?;
            self.places.push((at, length));
            let keys = key::of_product(&claim.product);
            is_plain = is_plain && self.add_reaches(claim, place, &keys, &mut naming);
            for key in keys {
                let key = self.key(key)?;
                self.named.push((key, place));
            }
        }
        if !is_plain {
            self.reaches.truncate(first_reach);
        }
        Ok(is_plain)
    }

    /// Keeps what a claim reaches. It has one name only, of the kind that all of its advisory have: no other name may be surer.
    fn add_reaches(
        &mut self,
        claim: &Claim,
        place: u32,
        keys: &[Key],
        naming: &mut Option<Naming>,
    ) -> bool {
        let [key] = keys else { return keys.is_empty() };
        let is_first = naming.is_none_or(|naming| naming == key.naming());
        *naming = Some(key.naming());
        let Some(reaches) = plain::reaches(claim, key).filter(|_| is_first) else { return false };
        self.reaches.extend(reaches.into_iter().map(|reach| (place, reach)));
        true
    }

    fn key(&mut self, key: Key) -> io::Result<u32> {
        let next = u32::try_from(self.keys.len()).map_err(|_| too_many())?;
        Ok(*self.keys.entry(key).or_insert(next))
    }

    /// Writes the index. The same records and sources give the same bytes.
    pub fn finish(mut self, sources: Vec<Source>, out: &mut impl Write) -> io::Result<Summary> {
        let last = self.packer.close()?;
        self.blocks.push(last);
        let added = self.kept.len();
        let kept = newest(std::mem::take(&mut self.kept));
        let summary = write::index(self, &kept, sources, out)?;
        Ok(Summary { replaced: (added - kept.len()) as u64, ..summary })
    }
}

/// Whether one entry says more than another: the catalogue's own says more than what others repeat of it.
pub(super) fn says_more(one: &Exploited, other: &Exploited) -> bool {
    let rank = |entry: &Exploited| {
        let said = [&entry.vendor, &entry.product, &entry.name, &entry.action];
        let said = said.iter().filter(|text| !text.is_empty()).count();
        (said, entry.added, entry.due, entry.ransomware, entry.to_bytes())
    };
    rank(one) > rank(other)
}

pub(super) fn too_many() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "more than an index holds")
}
