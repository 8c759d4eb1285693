//! Building an index.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use domain::advisory::{Advisory, AdvisoryState, Exploited, FeedRecord, Forecast};

use super::code::Coded;
use super::groups::Groups;
use super::kept::{Kept, newest, origin};
use super::pack::{Cache, Packer};
use super::pages::{self, PAGE, Writer};
use super::{MAGIC, SECTIONS, Section, Source, VERSION, Vulnerability, number_hash};
use crate::advisories::key::{self, Key};

/// Takes records in any order and writes an index.
///
/// Claims stay in memory as they are written to the file; details are packed as they come.
#[derive(Debug, Default)]
pub struct Builder {
    packer: Packer,
    blocks: Vec<Vec<u8>>,
    claims: Vec<u8>,
    keys: HashMap<Key, u32>,
    kept: Vec<Kept>,
    exploited: BTreeMap<String, Exploited>,
    forecasts: BTreeMap<String, Forecast>,
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
        // The catalogue's own entry says more than what others repeat of it.
        let rank = |entry: &Exploited| {
            let said = [&entry.vendor, &entry.product, &entry.name, &entry.action];
            let said = said.iter().filter(|text| !text.is_empty()).count();
            (said, entry.added, entry.due, entry.ransomware, entry.to_bytes())
        };
        match self.exploited.get_mut(&entry.id) {
            Some(kept) if rank(kept) >= rank(&entry) => {}
            Some(kept) => *kept = entry,
            None => {
                self.exploited.insert(entry.id.clone(), entry);
            }
        }
    }

    fn add_advisory(&mut self, mut advisory: Advisory) -> io::Result<()> {
        let claims = std::mem::take(&mut advisory.claims);
        let (start, mut places, mut keys) = (self.claims.len(), Vec::new(), Vec::new());
        for (place, claim) in (0u32..).zip(&claims) {
            let at = self.claims.len();
            claim.write(&mut self.claims);
            places.push(at..self.claims.len());
            for key in key::of_product(&claim.product) {
                keys.push((self.key(key)?, place));
            }
        }
        let details = advisory.to_bytes();
        let said = self.claims.get(start..).unwrap_or_default();
        let digest = pages::mark(&[&details, said].concat());
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
            digest,
            details,
            claims: places,
            keys,
        });
        Ok(())
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
        let groups = Groups::of(kept.iter().map(|kept| (kept.id.as_str(), &*kept.aliases)));
        let vulnerabilities = self.vulnerabilities(&kept, &groups);
        let mut file = File { pages: Writer::new(out), sections: [(0, 0); SECTIONS] };
        file.pages.put(MAGIC)?;
        let details = self.write_details(&kept, &mut file)?;
        let (said, postings) = self.write_claims(&kept, &mut file)?;
        let keys = self.write_keys(postings, &mut file)?;
        let numbers: BTreeMap<&str, u32> =
            vulnerabilities.keys().map(String::as_str).zip(0..).collect();
        let rows = kept.iter().zip(details).zip(&said).map(|((kept, details), said)| {
            let number = numbers.get(groups.of_number(&kept.id)).copied().unwrap_or(u32::MAX);
            row(number, kept.stands, details, said)
        });
        file.section(Section::Advisories, &rows.collect::<Vec<_>>().concat())?;
        write_vulnerabilities(&vulnerabilities, &mut file)?;
        let mut sources = sources;
        sources.sort();
        file.section(Section::Sources, &sources.to_bytes())?;
        file.section(Section::Worlds, &keys.worlds.into_iter().collect::<Vec<_>>().to_bytes())?;
        Ok(Summary {
            advisories: kept.len() as u64,
            claims: kept.iter().map(|kept| kept.claims.len() as u64).sum(),
            keys: keys.count,
            vulnerabilities: vulnerabilities.len() as u64,
            replaced: (added - kept.len()) as u64,
            bytes: file.finish()?,
        })
    }

    fn vulnerabilities(
        &mut self,
        kept: &[Kept],
        groups: &Groups,
    ) -> BTreeMap<String, Vulnerability> {
        let mut found: BTreeMap<String, Vulnerability> = BTreeMap::new();
        let mut entry = |number: &str, numbers: &[&str]| {
            let id = groups.of_number(number).to_owned();
            let known = found.entry(id.clone()).or_insert_with(|| Vulnerability {
                numbers: vec![id.clone()],
                id: id.clone(),
                exploited: None,
                forecast: None,
            });
            // Another CVE number is another vulnerability, whatever one party calls it.
            let own = numbers
                .iter()
                .filter(|other| groups.of_number(other) == id || !other.starts_with("CVE-"));
            known.numbers.extend(own.map(|other| (*other).to_owned()));
            id
        };
        for kept in kept {
            let aliases = kept.aliases.iter().map(String::as_str);
            entry(&kept.id, &aliases.chain([kept.id.as_str()]).collect::<Vec<_>>());
        }
        let exploited: Vec<_> = std::mem::take(&mut self.exploited).into_iter().collect();
        let exploited: Vec<_> =
            exploited.into_iter().map(|(id, said)| (entry(&id, &[&id]), said)).collect();
        let forecasts: Vec<_> = std::mem::take(&mut self.forecasts).into_iter().collect();
        let forecasts: Vec<_> =
            forecasts.into_iter().map(|(id, said)| (entry(&id, &[&id]), said)).collect();
        for (id, said) in exploited {
            found.entry(id).and_modify(|known| known.exploited = Some(said));
        }
        for (id, said) in forecasts {
            found.entry(id).and_modify(|known| known.forecast = known.forecast.max(Some(said)));
        }
        for known in found.values_mut() {
            known.numbers.sort();
            known.numbers.dedup();
        }
        found
    }

    /// Packs the details again in the order of the advisories: block, its length, position.
    fn write_details<W: Write>(
        &self,
        kept: &[Kept],
        file: &mut File<'_, W>,
    ) -> io::Result<Vec<(u64, u64, u64)>> {
        let (mut cache, mut packer) = (Cache::default(), Packer::default());
        let (mut details, mut open) = (Vec::new(), 0);
        let start = file.pages.at();
        let mut close = |block: Vec<u8>, details: &mut Vec<(u64, u64, u64)>, open: usize| {
            let place = (file.pages.at() - start, block.len() as u64);
            details.iter_mut().skip(open).for_each(|entry| (entry.0, entry.1) = place);
            file.pages.put(&block)
        };
        for kept in kept {
            let (block, position, length) = kept.details;
            let pieces = cache.get(block, &self.blocks)?;
            let piece = pieces.get(position..position + length).unwrap_or_default();
            details.push((0, 0, packer.add(piece) as u64));
            if let Some(block) = packer.full()? {
                close(block, &mut details, open)?;
                open = details.len();
            }
        }
        close(packer.close()?, &mut details, open)?;
        file.close(Section::Blocks, start);
        Ok(details)
    }

    /// The claims of each advisory, and for each key where its claims stand.
    fn write_claims<W: Write>(&self, kept: &[Kept], file: &mut File<'_, W>) -> io::Result<Placed> {
        let (mut said, mut postings) = (Vec::new(), Vec::new());
        let start = file.pages.at();
        for (advisory, kept) in (0u32..).zip(kept) {
            let first = file.pages.at() - start;
            let mut places = Vec::with_capacity(kept.claims.len());
            for (place, range) in (0u32..).zip(&kept.claims) {
                let mut bytes = Vec::new();
                advisory.write(&mut bytes);
                place.write(&mut bytes);
                bytes.extend_from_slice(self.claims.get(range.clone()).unwrap_or_default());
                places.push((file.pages.at() - start, bytes.len() as u64));
                file.pages.put(&bytes)?;
            }
            let placed = kept.keys.iter().filter_map(|(key, place)| {
                let (at, length) = *places.get(*place as usize)?;
                Some(Posting { key: *key, at, length })
            });
            postings.extend(placed);
            said.push((first, file.pages.at() - start - first));
        }
        file.close(Section::Claims, start);
        Ok((said, postings))
    }

    fn write_keys<W: Write>(
        &mut self,
        mut postings: Vec<Posting>,
        file: &mut File<'_, W>,
    ) -> io::Result<Keys> {
        postings.sort_unstable();
        let mut keys: Vec<(u64, Key, u32)> = std::mem::take(&mut self.keys)
            .into_iter()
            .map(|(key, number)| (key.hash(), key, number))
            .collect();
        keys.sort_unstable();
        let (mut slots, mut written) = (Vec::new(), Keys::default());
        let start = file.pages.at();
        for (hash, key, number) in keys {
            let first = postings.partition_point(|posting| posting.key < number);
            let after = postings.partition_point(|posting| posting.key <= number);
            let own = postings.get(first..after).unwrap_or_default();
            // All that spoke of it may have been replaced.
            if own.is_empty() {
                continue;
            }
            let at = file.pages.at() - start;
            file.pages.put(&posting_list(&key, own))?;
            let length = file.pages.at() - start - at;
            [hash, at, length].iter().for_each(|value| slots.extend(value.to_be_bytes()));
            written.worlds.insert(key.world());
            written.count += 1;
        }
        file.close(Section::Postings, start);
        file.section(Section::Slots, &slots)?;
        Ok(written)
    }
}

/// Where a claim on the product of a key stands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    key: u32,
    at: u64,
    length: u64,
}

/// Where the claims of each advisory stand, and those of each key.
type Placed = (Vec<(u64, u64)>, Vec<Posting>);

/// The keys that were written.
#[derive(Default)]
struct Keys {
    worlds: BTreeSet<String>,
    count: u64,
}

fn posting_list(key: &Key, postings: &[Posting]) -> Vec<u8> {
    let mut bytes = key.to_string().to_bytes();
    (postings.len() as u64).write(&mut bytes);
    let mut last = 0;
    for posting in postings {
        (posting.at - last).write(&mut bytes);
        posting.length.write(&mut bytes);
        last = posting.at;
    }
    bytes
}

fn row(number: u32, stands: bool, details: (u64, u64, u64), claims: &(u64, u64)) -> Vec<u8> {
    let mut row = number.to_be_bytes().to_vec();
    row.push(u8::from(stands));
    row.extend(details.0.to_be_bytes());
    row.extend(u32::try_from(details.1).unwrap_or(u32::MAX).to_be_bytes());
    [details.2, claims.0, claims.1].iter().for_each(|value| row.extend(value.to_be_bytes()));
    row
}

fn write_vulnerabilities<W: Write>(
    vulnerabilities: &BTreeMap<String, Vulnerability>,
    file: &mut File<'_, W>,
) -> io::Result<()> {
    let (mut extents, mut numbers) = (Vec::new(), Vec::new());
    let start = file.pages.at();
    for (at, vulnerability) in (0u32..).zip(vulnerabilities.values()) {
        let bytes = vulnerability.to_bytes();
        extents.extend((file.pages.at() - start).to_be_bytes());
        extents.extend((bytes.len() as u64).to_be_bytes());
        file.pages.put(&bytes)?;
        numbers.extend(vulnerability.numbers.iter().map(|number| (number_hash(number), at)));
    }
    file.close(Section::Vulnerabilities, start);
    file.section(Section::Extents, &extents)?;
    numbers.sort_unstable();
    let entry = |(hash, at): (u64, u32)| [&hash.to_be_bytes()[..], &at.to_be_bytes()].concat();
    file.section(Section::Numbers, &numbers.into_iter().map(entry).collect::<Vec<_>>().concat())
}

/// The file in the making.
struct File<'w, W> {
    pages: Writer<'w, W>,
    sections: [(u64, u64); SECTIONS],
}

impl<W: Write> File<'_, W> {
    fn section(&mut self, section: Section, bytes: &[u8]) -> io::Result<()> {
        let start = self.pages.at();
        self.pages.put(bytes)?;
        self.close(section, start);
        Ok(())
    }

    /// Notes that a section ends here.
    fn close(&mut self, section: Section, start: u64) {
        if let Some(extent) = self.sections.get_mut(section as usize) {
            *extent = (start, self.pages.at() - start);
        }
    }

    /// Writes the digests and the last page; the size of the file.
    fn finish(self) -> io::Result<u64> {
        let (body, root, out) = self.pages.finish()?;
        let mut last = MAGIC.to_vec();
        VERSION.write(&mut last);
        body.write(&mut last);
        last.extend(root);
        for (start, length) in self.sections {
            start.write(&mut last);
            length.write(&mut last);
        }
        last.resize(PAGE - 16, 0);
        last.extend(pages::mark(&last));
        out.write_all(&last)?;
        Ok((pages::with_levels(body) + 1) * PAGE as u64)
    }
}

fn too_many() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "more products than an index holds")
}
