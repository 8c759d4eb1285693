//! Writing an index: section by section, in the order of [`Section`].

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::Range;

use domain::advisory::{Advisory, Forecast};

use super::brief::Brief;
use super::build::{Builder, Summary, too_many};
use super::code::{Coded, Input};
use super::groups::Groups;
use super::kept::Kept;
use super::numbers::{self, Numbered};
use super::over::cve_number;
use super::pack::{Cache, Packer};
use super::pages::{self, PAGE, Writer};
use super::posting::{Place, Posting, Span};
use super::{MAGIC, SECTIONS, Section, Source, VERSION, leads, number_hash, updates};
use crate::advisories::key::Key;

/// Writes what was added, of which `kept` stays.
pub(super) fn index(
    mut builder: Builder,
    kept: &[Kept],
    mut sources: Vec<Source>,
    out: &mut impl Write,
) -> io::Result<Summary> {
    let mut file = File { pages: Writer::new(out), sections: [(0, 0); SECTIONS] };
    file.pages.put(MAGIC)?;
    let groups = Groups::of(kept.iter().map(|kept| (kept.id.as_str(), &*kept.aliases)));
    let exploited = std::mem::take(&mut builder.exploited);
    let forecasts = std::mem::take(&mut builder.forecasts);
    let numbered = Numbered::of(kept, &groups, &exploited, &forecasts);
    let of_kept: Vec<u32> = kept.iter().map(|kept| numbered.place(&kept.id)).collect();
    let keys = Keys::of(&mut builder)?;
    let claims = write_claims(&builder, kept, &keys, &mut file)?;
    builder.claims = Vec::new();
    let written = write_keys(&builder, kept, &of_kept, &keys, &claims, &mut file)?;
    let (rows, briefs) = write_details(&builder, kept, &of_kept, &claims, &mut file)?;
    file.section(Section::Advisories, &rows)?;
    file.section(Section::Briefs, &briefs)?;
    let vulnerabilities = numbers::write(&numbered, &mut file)?;
    sources.sort();
    file.section(Section::Sources, &sources.to_bytes())?;
    file.section(Section::Worlds, &written.worlds.into_iter().collect::<Vec<_>>().to_bytes())?;
    write_leads(kept, &of_kept, &mut file)?;
    write_amendment(&mut builder, &mut file)?;
    updates::write(&builder, kept, &mut file)?;
    Ok(Summary {
        advisories: kept.len() as u64,
        claims: claims.places.len() as u64,
        keys: written.count,
        vulnerabilities,
        replaced: 0,
        bytes: file.finish()?,
    })
}

/// The keys in the order in which they are written, and the place of each in it by its number in the builder.
struct Keys {
    sorted: Vec<(u64, Key)>,
    places: Vec<u32>,
}

impl Keys {
    fn of(builder: &mut Builder) -> io::Result<Self> {
        let keys = std::mem::take(&mut builder.keys).into_iter();
        let mut sorted: Vec<(u64, Key, u32)> =
            keys.map(|(key, number)| (key.hash(), key, number)).collect();
        sorted.sort_unstable();
        let mut places = vec![0; sorted.len()];
        for (place, (_, _, number)) in (0u32..).zip(&sorted) {
            *places.get_mut(*number as usize).ok_or_else(too_many)? = place;
        }
        Ok(Self { sorted: sorted.into_iter().map(|(hash, key, _)| (hash, key)).collect(), places })
    }

    fn place(&self, number: u32) -> u32 {
        self.places.get(number as usize).copied().unwrap_or(u32::MAX)
    }
}

/// Where the claims of the advisories stand.
struct Claims {
    /// One advisory after the other.
    places: Vec<Place>,
    /// Which of them are of which advisory.
    of: Vec<Range<usize>>,
}

impl Claims {
    fn of_advisory(&self, advisory: usize) -> &[Place] {
        self.of.get(advisory).and_then(|range| self.places.get(range.clone())).unwrap_or_default()
    }
}

/// The claims in the order of their first keys: what is said of a product stands together, and few pages are touched for it.
fn write_claims<W: Write>(
    builder: &Builder,
    kept: &[Kept],
    keys: &Keys,
    file: &mut File<'_, W>,
) -> io::Result<Claims> {
    let mut of = Vec::with_capacity(kept.len());
    let mut order: Vec<(u32, u32, u32)> = Vec::new();
    for (advisory, kept) in (0u32..).zip(kept) {
        let first = order.len();
        order.extend((0..kept.claims.len() as u32).map(|place| (u32::MAX, advisory, place)));
        of.push(first..order.len());
        for (key, place) in named(builder, kept) {
            if let Some(entry) = order.get_mut(first + *place as usize) {
                entry.0 = entry.0.min(keys.place(*key));
            }
        }
    }
    order.sort_unstable();
    let mut places = vec![(0, 0); order.len()];
    let start = file.pages.at();
    let mut bytes = Vec::new();
    for (_, advisory, place) in order {
        let at = file.pages.at() - start;
        bytes.clear();
        advisory.write(&mut bytes);
        place.write(&mut bytes);
        bytes.extend_from_slice(claim(builder, kept, advisory, place));
        file.pages.put(&bytes)?;
        let slot = of.get(advisory as usize).map(|range| range.start + place as usize);
        if let Some(slot) = slot.and_then(|slot| places.get_mut(slot)) {
            *slot = (at, bytes.len() as u64);
        }
    }
    file.close(Section::Claims, start);
    Ok(Claims { places, of })
}

fn claim<'b>(builder: &'b Builder, kept: &[Kept], advisory: u32, place: u32) -> &'b [u8] {
    let kept = kept.get(advisory as usize);
    let place = kept.and_then(|kept| builder.places.get(kept.claims.start + place as usize));
    let bytes = place.and_then(|(at, length)| builder.claims.get(*at..*at + *length as usize));
    bytes.unwrap_or_default()
}

fn named<'b>(builder: &'b Builder, kept: &Kept) -> &'b [(u32, u32)] {
    builder.named.get(kept.keys.clone()).unwrap_or_default()
}

/// What was written under the keys.
#[derive(Default)]
struct Written {
    worlds: BTreeSet<String>,
    count: u64,
}

/// A claim under a key: place of the key, advisory, place in the advisory.
type Under = (u32, u32, u32);

fn write_keys<W: Write>(
    builder: &Builder,
    kept: &[Kept],
    of_kept: &[u32],
    keys: &Keys,
    claims: &Claims,
    file: &mut File<'_, W>,
) -> io::Result<Written> {
    let mut all: Vec<Under> = Vec::with_capacity(builder.named.len());
    for (advisory, kept) in (0u32..).zip(kept) {
        let own = named(builder, kept).iter();
        all.extend(own.map(|(key, place)| (keys.place(*key), advisory, *place)));
    }
    all.sort_unstable();
    let (mut slots, mut written, mut bytes) = (Vec::new(), Written::default(), Vec::new());
    let start = file.pages.at();
    for own in all.chunk_by(|one, other| one.0 == other.0) {
        let key = own.first().and_then(|(place, ..)| keys.sorted.get(*place as usize));
        let Some((hash, key)) = key else { continue };
        bytes.clear();
        key.to_string().write(&mut bytes);
        posting(builder, kept, of_kept, claims, own).write(&mut bytes);
        let at = file.pages.at() - start;
        file.pages.put(&bytes)?;
        let length = bytes.len() as u64;
        [*hash, at, length].iter().for_each(|value| slots.extend(value.to_be_bytes()));
        written.worlds.insert(key.world());
        written.count += 1;
    }
    file.close(Section::Postings, start);
    file.section(Section::Slots, &slots)?;
    Ok(written)
}

/// What stands under one key.
fn posting(
    builder: &Builder,
    kept: &[Kept],
    of_kept: &[u32],
    claims: &Claims,
    own: &[Under],
) -> Posting {
    let mut posting = Posting::default();
    for (_, advisory, place) in own {
        let at = *advisory as usize;
        let Some(stands) = claims.of_advisory(at).get(*place as usize) else { continue };
        let reaches = kept.get(at).and_then(|kept| kept.reaches.clone());
        let Some(reaches) = reaches.and_then(|range| builder.reaches.get(range)) else {
            posting.others.push(*stands);
            continue;
        };
        let (claim, vulnerability) = (posting.plain.len() as u32, of_kept.get(at).copied());
        let vulnerability = vulnerability.unwrap_or(u32::MAX);
        let span = |reach| Span::new(vulnerability, *advisory, claim, reach);
        let reaches = reaches.iter().filter(|(of, _)| of == place);
        // What its party no longer stands by is no word at all.
        if kept.get(at).is_some_and(|kept| kept.stands) {
            posting.spans.extend(reaches.map(|(_, reach)| span(*reach)));
        }
        posting.plain.push(*stands);
    }
    posting.others.sort_unstable();
    posting.spans.sort_unstable();
    posting
}

/// Packs the details again in the order of the advisories; the rows of the table, and the briefs.
fn write_details<W: Write>(
    builder: &Builder,
    kept: &[Kept],
    of_kept: &[u32],
    claims: &Claims,
    file: &mut File<'_, W>,
) -> io::Result<(Vec<u8>, Vec<u8>)> {
    // What is written over an index is written anew with every day.
    let mut packer = if builder.amendment.is_some() { Packer::quick() } else { Packer::small() };
    let mut cache = Cache::default();
    let (mut rows, mut briefs, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let start = file.pages.at();
    for ((at, kept), vulnerability) in kept.iter().enumerate().zip(of_kept) {
        let (block, position, length) = kept.details;
        let pieces = cache.get(block, &builder.blocks)?;
        let piece = pieces.get(position..position + length).unwrap_or_default();
        let brief = briefs.len() as u64;
        let advisory = Advisory::read(&mut Input(piece)).map_err(|_| too_many())?;
        Brief::of(advisory, claims.of_advisory(at)).write(&mut briefs);
        open.push(Row {
            vulnerability: *vulnerability,
            stands: kept.stands,
            position: packer.add(piece) as u64,
            brief: (brief, briefs.len() as u64 - brief),
        });
        if let Some(block) = packer.full()? {
            file.block(start, &block, &mut open, &mut rows)?;
        }
    }
    let last = packer.close()?;
    file.block(start, &last, &mut open, &mut rows)?;
    file.close(Section::Blocks, start);
    Ok((rows, briefs))
}

/// Writes the tables by which the records of a document, and those on a vulnerability, are found.
fn write_leads<W: Write>(kept: &[Kept], of_kept: &[u32], file: &mut File<'_, W>) -> io::Result<()> {
    let documents = (0u32..).zip(kept).map(|(at, kept)| (number_hash(&kept.origin), at));
    file.section(Section::Documents, &leads(documents.collect()))?;
    let members = (0u32..).zip(of_kept).map(|(at, vulnerability)| (u64::from(*vulnerability), at));
    file.section(Section::Members, &leads(members.collect()))
}

/// Writes what is said of the file below, where there is one.
fn write_amendment<W: Write>(builder: &mut Builder, file: &mut File<'_, W>) -> io::Result<()> {
    let amendment = builder.amendment.take();
    let amendment = amendment.map(|amendment| amendment.to_bytes()).unwrap_or_default();
    file.section(Section::Amendment, &amendment)?;
    let listed = builder.listed.take().unwrap_or_default();
    let numbered = listed.iter().filter_map(|(id, forecast)| Some((cve_number(id)?, forecast)));
    let mut numbered: Vec<(u64, &Forecast)> = numbered.collect();
    numbered.sort_unstable();
    let entry = |(number, forecast): (u64, &Forecast)| {
        let percentile = forecast.percentile.unwrap_or(u32::MAX);
        let parts = [forecast.probability.to_be_bytes(), percentile.to_be_bytes()].concat();
        [&number.to_be_bytes()[..], &parts].concat()
    };
    let rows: Vec<u8> = numbered.into_iter().flat_map(entry).collect();
    file.section(Section::Forecasts, &rows)
}

/// An advisory whose block is not closed yet.
struct Row {
    vulnerability: u32,
    stands: bool,
    position: u64,
    brief: Place,
}

impl Row {
    fn write(&self, (at, length): (u64, u32), rows: &mut Vec<u8>) {
        rows.extend(self.vulnerability.to_be_bytes());
        rows.push(u8::from(self.stands));
        rows.extend(at.to_be_bytes());
        rows.extend(length.to_be_bytes());
        [self.position, self.brief.0, self.brief.1]
            .iter()
            .for_each(|value| rows.extend(value.to_be_bytes()));
    }
}

/// The file in the making.
pub(super) struct File<'w, W> {
    pub(super) pages: Writer<'w, W>,
    sections: [(u64, u64); SECTIONS],
}

impl<W: Write> File<'_, W> {
    pub(super) fn section(&mut self, section: Section, bytes: &[u8]) -> io::Result<()> {
        let start = self.pages.at();
        self.pages.put(bytes)?;
        self.close(section, start);
        Ok(())
    }

    /// Notes that a section ends here.
    pub(super) fn close(&mut self, section: Section, start: u64) {
        if let Some(extent) = self.sections.get_mut(section as usize) {
            *extent = (start, self.pages.at() - start);
        }
    }

    /// Writes a block, and the rows of the advisories in it.
    fn block(
        &mut self,
        start: u64,
        block: &[u8],
        open: &mut Vec<Row>,
        rows: &mut Vec<u8>,
    ) -> io::Result<()> {
        let length = u32::try_from(block.len()).map_err(|_| too_many())?;
        let place = (self.pages.at() - start, length);
        open.drain(..).for_each(|row| row.write(place, rows));
        self.pages.put(block)
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
        last.extend(pages::identity(&last));
        out.write_all(&last)?;
        Ok((pages::with_levels(body) + 1) * PAGE as u64)
    }
}
