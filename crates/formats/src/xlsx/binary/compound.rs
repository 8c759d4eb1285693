//! Compound files (MS-CFB): the little file system in which Excel kept workbooks before 2007.

use super::super::fault::Fault;

/// Sector numbers above this are marks, not sectors (MS-CFB 2.1).
const LAST_SECTOR: u32 = 0xffff_fffa;

/// Entries of the directory that are looked at: a workbook has about ten.
const ENTRIES: usize = 4_096;

/// A compound file.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    mini_sector: usize,
    cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    directory: Vec<u8>,
}

/// An entry of the directory.
struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

const STREAM: u8 = 2;
const ROOT: u8 = 5;

impl<'b> Compound<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        let shift = |at: usize, known: &[u16]| {
            let shift = u16_at(bytes, at).ok_or(Fault::CutShort)?;
            if known.contains(&shift) { Ok(1_usize << shift) } else { Err(Fault::Damaged) }
        };
        let mut file = Self {
            bytes,
            sector: shift(30, &[9, 12])?,
            mini_sector: shift(32, &[6])?,
            cutoff: u64::from(u32_at(bytes, 56).ok_or(Fault::CutShort)?),
            fat: Vec::new(),
            mini_fat: Vec::new(),
            directory: Vec::new(),
        };
        file.read_fat()?;
        file.directory = file.chain(file.header(48)?)?;
        let mini_fat = file.chain(file.header(60)?)?;
        file.mini_fat = numbers(&mini_fat).collect();
        Ok(file)
    }

    fn header(&self, at: usize) -> Result<u32, Fault> {
        u32_at(self.bytes, at).ok_or(Fault::CutShort)
    }

    /// How many sectors the file can hold at most: no chain is longer.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }

    fn sector(&self, number: u32) -> Result<&'b [u8], Fault> {
        let start = (number as usize).checked_add(1).and_then(|n| n.checked_mul(self.sector));
        let start = start.filter(|start| *start < self.bytes.len()).ok_or(Fault::CutShort)?;
        let end = (start + self.sector).min(self.bytes.len());
        Ok(self.bytes.get(start..end).unwrap_or_default())
    }

    /// The table of which sector follows which; its own sectors are listed in the header and in further sectors.
    fn read_fat(&mut self) -> Result<(), Fault> {
        let listed = self.bytes.get(76..512).ok_or(Fault::CutShort)?;
        let mut own: Vec<u32> = numbers(listed).filter(|number| *number < LAST_SECTOR).collect();
        let mut next = self.header(68)?;
        let mut rounds = 0;
        while next < LAST_SECTOR {
            let more: Vec<u32> = numbers(self.sector(next)?).collect();
            let Some((after, listed)) = more.split_last() else { break };
            own.extend(listed.iter().copied().filter(|number| *number < LAST_SECTOR));
            next = *after;
            rounds += 1;
            if rounds > self.sectors() || own.len() > self.sectors() {
                return Err(Fault::Damaged);
            }
        }
        for number in own {
            let table: Vec<u32> = numbers(self.sector(number)?).collect();
            self.fat.extend(table);
        }
        Ok(())
    }

    /// The bytes of the chain of sectors that begins at `start`.
    fn chain(&self, start: u32) -> Result<Vec<u8>, Fault> {
        let (mut bytes, mut next, mut count) = (Vec::new(), start, 0);
        while next < LAST_SECTOR {
            bytes.extend_from_slice(self.sector(next)?);
            next = *self.fat.get(next as usize).ok_or(Fault::Damaged)?;
            count += 1;
            if count > self.sectors() {
                return Err(Fault::Damaged);
            }
        }
        Ok(bytes)
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.directory.chunks_exact(128).take(ENTRIES).filter_map(|entry| {
            let length = usize::from(u16_at(entry, 64)?).clamp(2, 64) - 2;
            let units = entry
                .get(..length)?
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            let name = char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}'));
            Some(Entry {
                name: name.collect(),
                kind: *entry.get(66)?,
                start: u32_at(entry, 116)?,
                // The upper half is of no use in small files, and some programs leave noise there.
                size: u64::from(u32_at(entry, 120)?),
            })
        })
    }

    /// The stream `name`; none where the file has no such.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let is = |entry: &Entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name);
        let Some(entry) = self.entries().find(is) else { return Ok(None) };
        let mut bytes = if entry.size < self.cutoff {
            self.mini_chain(entry.start)?
        } else {
            self.chain(entry.start)?
        };
        if (bytes.len() as u64) < entry.size {
            return Err(Fault::CutShort);
        }
        bytes.truncate(entry.size as usize);
        Ok(Some(bytes))
    }

    /// Small streams share the sectors of one large one, which belongs to the root.
    fn mini_chain(&self, start: u32) -> Result<Vec<u8>, Fault> {
        let root = self.entries().find(|entry| entry.kind == ROOT).ok_or(Fault::Damaged)?;
        let all = self.chain(root.start)?;
        let (mut bytes, mut next, mut count) = (Vec::new(), start, 0);
        while next < LAST_SECTOR {
            let from = (next as usize).checked_mul(self.mini_sector).ok_or(Fault::Damaged)?;
            let piece = all.get(from..(from + self.mini_sector).min(all.len()));
            bytes.extend_from_slice(piece.ok_or(Fault::CutShort)?);
            next = *self.mini_fat.get(next as usize).ok_or(Fault::Damaged)?;
            count += 1;
            if count > all.len() / self.mini_sector + 1 {
                return Err(Fault::Damaged);
            }
        }
        Ok(bytes)
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
