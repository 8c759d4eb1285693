//! A block of devices that follow one another in the list.
//!
//! Four parts, so that what is asked for often can be read without the rest: the ids, eight bytes each; the details, each after its
//! length; the aliases, for each device their count and eight bytes each; and the rows, the only part that is packed.
//!
//! The rows are the length of their heads, the heads, and then all texts in one. A head is two bytes that say which of the sixteen
//! texts differ from those of the row before, from the lowest bit on, and the lengths of these.

use domain::{DeviceId, DeviceKind, Status};

use super::bytes::{put_bytes, put_number};
use super::{Block, BlockError, Bytes, Packer, unpack};
use crate::{DeviceRow, KeptDevice};

/// Texts of a row.
const TEXTS: usize = 16;

/// A device begins a block where these bits of its id are zero: blocks hold 256 devices, more or less. So it follows from a device
/// alone where blocks begin, and a device that comes or goes changes no block but its own, or two.
const BOUNDARY: u64 = 0xff;

/// Whether the device of this id begins a block.
pub(crate) fn begins_a_block(id: DeviceId) -> bool {
    id.bits() & BOUNDARY == 0
}

/// A block as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// By what its first device is listed.
    pub(crate) sort: String,
    /// The id of its first device.
    pub(crate) id: DeviceId,
    /// The length of the rows before they were packed.
    pub(crate) size: usize,
    pub(crate) ids: Vec<u8>,
    pub(crate) details: Vec<u8>,
    pub(crate) aliases: Vec<u8>,
    pub(crate) rows: Vec<u8>,
}

/// A block that is being filled.
#[derive(Debug, Default)]
pub(crate) struct Filling {
    sort: String,
    ids: Vec<u8>,
    details: Vec<u8>,
    aliases: Vec<u8>,
    heads: Vec<u8>,
    texts: String,
    /// Where the texts of the last row stand.
    last: [(usize, usize); TEXTS],
}

impl Filling {
    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a device.
    pub(crate) fn add(&mut self, device: &KeptDevice<'_>) {
        if self.is_empty() {
            device.row.sort.clone_into(&mut self.sort);
        }
        self.ids.extend(device.row.id.bits().to_be_bytes());
        put_bytes(&mut self.details, device.detail);
        put_number(&mut self.aliases, device.aliases.len() as u64);
        self.aliases.extend(device.aliases.iter().flat_map(|alias| alias.bits().to_be_bytes()));
        self.add_row(&texts(&device.row));
    }

    fn add_row(&mut self, row: &[&str; TEXTS]) {
        let start = self.heads.len();
        self.heads.extend([0, 0]);
        let mut differing = 0u16;
        for (number, (text, (from, to))) in row.iter().zip(&mut self.last).enumerate() {
            if self.texts.get(*from..*to) == Some(*text) {
                continue;
            }
            differing |= 1 << number;
            put_number(&mut self.heads, text.len() as u64);
            *from = self.texts.len();
            self.texts.push_str(text);
            *to = self.texts.len();
        }
        if let Some(mask) = self.heads.get_mut(start..start + 2) {
            mask.copy_from_slice(&differing.to_be_bytes());
        }
    }

    /// Packs what was added, and is empty afterwards.
    pub(crate) fn finish(&mut self, packer: &mut Packer) -> Option<Stored> {
        let (first, _) = self.ids.split_first_chunk::<8>()?;
        let id = DeviceId::from_bits(u64::from_be_bytes(*first));
        let mut rows = Vec::with_capacity(self.heads.len() + self.texts.len() + 9);
        put_bytes(&mut rows, &self.heads);
        rows.extend_from_slice(self.texts.as_bytes());
        let stored = Stored {
            sort: std::mem::take(&mut self.sort),
            id,
            size: rows.len(),
            ids: std::mem::take(&mut self.ids),
            details: std::mem::take(&mut self.details),
            aliases: std::mem::take(&mut self.aliases),
            rows: packer.pack(&rows),
        };
        self.heads.clear();
        self.texts.clear();
        self.last = Default::default();
        Some(stored)
    }
}

/// The ids in a block.
pub(crate) fn ids(bytes: &[u8]) -> Block<impl ExactSizeIterator<Item = DeviceId> + '_> {
    match bytes.as_chunks::<8>() {
        (ids, []) => Ok(ids.iter().map(|id| DeviceId::from_bits(u64::from_be_bytes(*id)))),
        _ => Err(BlockError),
    }
}

/// The aliases of the next device.
pub(crate) fn next_aliases(bytes: &mut Bytes<'_>) -> Block<Vec<DeviceId>> {
    let count: usize = bytes.number()?;
    let length = count.checked_mul(8).ok_or(BlockError)?;
    Ok(ids(bytes.take(length)?)?.collect())
}

/// The rows of a block, unpacked.
#[derive(Debug, Default)]
pub(crate) struct Rows(Vec<u8>);

impl Rows {
    /// Unpacks the rows of another block in place of those of before, and lends them.
    pub(crate) fn open<'b>(
        &'b mut self,
        ids: &'b [u8],
        rows: &[u8],
        size: usize,
    ) -> Block<Reading<'b>> {
        unpack(rows, size, &mut self.0)?;
        let mut bytes = Bytes(&self.0);
        let heads = Bytes(bytes.bytes()?);
        let texts = std::str::from_utf8(bytes.0).map_err(|_| BlockError)?;
        Ok(Reading { ids: Bytes(ids), heads, texts, last: [""; TEXTS] })
    }
}

/// Reads the rows of a block one by one.
#[derive(Debug)]
pub(crate) struct Reading<'b> {
    ids: Bytes<'b>,
    heads: Bytes<'b>,
    texts: &'b str,
    last: [&'b str; TEXTS],
}

impl<'b> Reading<'b> {
    /// The next row; `None` after the last.
    pub(crate) fn next(&mut self) -> Block<Option<DeviceRow<'b>>> {
        if self.ids.is_empty() {
            let whole = self.heads.is_empty() && self.texts.is_empty();
            return if whole { Ok(None) } else { Err(BlockError) };
        }
        let id = self.ids.take(8)?.try_into().map(u64::from_be_bytes).map_err(|_| BlockError)?;
        let differing = u16::from_be_bytes([self.heads.byte()?, self.heads.byte()?]);
        for (number, text) in self.last.iter_mut().enumerate() {
            if differing >> number & 1 == 1 {
                let length = self.heads.number()?;
                (*text, self.texts) = self.texts.split_at_checked(length).ok_or(BlockError)?;
            }
        }
        row(DeviceId::from_bits(id), &self.last).map(Some)
    }
}

/// The texts of a row, in the order of [`row`].
fn texts<'r>(row: &DeviceRow<'r>) -> [&'r str; TEXTS] {
    [
        row.sort,
        row.asset_number,
        row.name,
        row.kind.map_or("", DeviceKind::key),
        row.maker,
        row.model,
        row.os,
        row.os_version,
        row.software,
        row.software_version,
        row.location,
        row.status.map_or("", Status::key),
        row.zone,
        row.hostnames,
        row.addresses,
        row.macs,
    ]
}

fn row<'b>(id: DeviceId, texts: &[&'b str; TEXTS]) -> Block<DeviceRow<'b>> {
    let [
        sort,
        asset_number,
        name,
        kind,
        maker,
        model,
        os,
        os_version,
        software,
        software_version,
        location,
        status,
        zone,
        hostnames,
        addresses,
        macs,
    ] = *texts;
    Ok(DeviceRow {
        id,
        sort,
        asset_number,
        name,
        kind: word(kind, DeviceKind::from_key)?,
        maker,
        model,
        os,
        os_version,
        software,
        software_version,
        location,
        status: word(status, Status::from_key)?,
        zone,
        hostnames,
        addresses,
        macs,
    })
}

fn word<T>(key: &str, from_key: fn(&str) -> Option<T>) -> Block<Option<T>> {
    if key.is_empty() { Ok(None) } else { from_key(key).map(Some).ok_or(BlockError) }
}

/// A device that stands in a block and is to stay while others come and go.
#[derive(Debug)]
pub(crate) struct Held {
    id: DeviceId,
    texts: String,
    ends: [usize; TEXTS],
    detail: Vec<u8>,
    aliases: Vec<DeviceId>,
}

impl Held {
    /// Every device of a block that `stays`.
    pub(crate) fn of(block: &Stored, stays: impl Fn(DeviceId) -> bool) -> Block<Vec<Self>> {
        let mut rows = Rows::default();
        let mut reading = rows.open(&block.ids, &block.rows, block.size)?;
        let (mut details, mut aliases) = (Bytes(&block.details), Bytes(&block.aliases));
        let mut held = Vec::new();
        while let Some(row) = reading.next()? {
            let (detail, aliases) = (details.bytes()?, next_aliases(&mut aliases)?);
            if stays(row.id) {
                held.push(Self::new(&row, detail.to_vec(), aliases));
            }
        }
        Ok(held)
    }

    fn new(row: &DeviceRow<'_>, detail: Vec<u8>, aliases: Vec<DeviceId>) -> Self {
        let mut texts_in_one = String::new();
        let ends = texts(row).map(|text| {
            texts_in_one.push_str(text);
            texts_in_one.len()
        });
        Self { id: row.id, texts: texts_in_one, ends, detail, aliases }
    }

    /// Lends it.
    pub(crate) fn lend(&self) -> Block<KeptDevice<'_>> {
        let mut texts = [""; TEXTS];
        let mut start = 0;
        for (text, end) in texts.iter_mut().zip(self.ends) {
            *text = self.texts.get(start..end).ok_or(BlockError)?;
            start = end;
        }
        let row = row(self.id, &texts)?;
        Ok(KeptDevice { row, aliases: &self.aliases, detail: &self.detail })
    }

    /// What it is listed by.
    pub(crate) fn key(&self) -> (&str, DeviceId) {
        (self.texts.get(..self.ends[0]).unwrap_or_default(), self.id)
    }
}
