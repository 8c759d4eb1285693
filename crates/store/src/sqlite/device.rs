//! Devices (機器): what was derived, kept so that lists and charts need not derive it again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use domain::DeviceId;
use rusqlite::params;

use super::db::{Columns, count};
use super::{Change, Db, View};
use crate::blocks::Bytes;
use crate::blocks::devices::{self, Rows, Stored};
use crate::packing::damaged;
use crate::{DeviceBlock, DevicePacking, DeviceRow, KeptDevice, StoreError};

/// Words of one search that are looked for; nobody types more.
const WORDS: usize = 16;

/// What a block is known by before it is read.
struct Known {
    sort: String,
    id: DeviceId,
    ids: Vec<u8>,
}

/// Blocks beside one another that will be written anew.
#[derive(Default)]
struct Opened<'k> {
    blocks: VecDeque<Stored>,
    /// The block after them; `None` where there is none.
    until: Option<&'k Known>,
}

/// Where every device stood at one moment: sixteen bytes for each.
#[derive(Debug, Default)]
pub struct DevicePlaces {
    /// Id, block, and how many devices stand before it there, by id.
    ids: Vec<(DeviceId, u32, u32)>,
    /// Alias and device, by alias.
    aliases: Vec<(DeviceId, DeviceId)>,
    /// What each block is known by.
    blocks: Vec<(String, DeviceId)>,
}

impl DevicePlaces {
    /// Where `id` leads: to itself, where such a device is; to the device it is an alias of; or nowhere.
    pub fn id(&self, id: DeviceId) -> Option<DeviceId> {
        self.of(id).map(|(id, ..)| id)
    }

    /// The device to which `id` leads, its block, and how many stand before it there.
    fn of(&self, id: DeviceId) -> Option<(DeviceId, &str, DeviceId, u32)> {
        let own = |id| {
            let at = self.ids.binary_search_by_key(&id, |(id, ..)| *id).ok()?;
            let (_, block, before) = self.ids.get(at)?;
            let (sort, first) = self.blocks.get(*block as usize)?;
            Some((id, sort.as_str(), *first, *before))
        };
        let led = || {
            let at = self.aliases.binary_search_by_key(&id, |(alias, _)| *alias).ok()?;
            own(self.aliases.get(at)?.1)
        };
        own(id).or_else(led)
    }
}

/// Devices that one packing is worth making for, or more.
const PIECE: usize = 2048;

impl Change {
    /// Opens the blocks of devices that are to be written anew: devices of the ids in `gone` are taken out, and those in `order`,
    /// what they are listed by and their ids, will be put in. What is kept under their ids is taken out as well.
    ///
    /// They must then be added to the packings in that order, to each as many as it announces, and every block that these give must
    /// be kept. No packing needs another.
    pub fn open_devices(
        &mut self,
        gone: impl IntoIterator<Item = DeviceId>,
        order: &[(&str, DeviceId)],
    ) -> Result<Vec<DevicePacking>, StoreError> {
        let known = self.view.device_blocks()?;
        let gone: HashSet<DeviceId> =
            gone.into_iter().chain(order.iter().map(|(_, id)| *id)).collect();
        let marks = marks(&known, &gone, order)?;
        let opened = self.take_out(&known, &marks, &gone)?;
        let gone = Arc::new(gone);
        let mut order = order.iter();
        let mut packings = Vec::new();
        for opened in opened {
            let until = opened.until.as_ref().map(|block| (&*block.sort, block.id));
            let own =
                order.as_slice().partition_point(|key| until.is_none_or(|until| *key < until));
            let own = order.by_ref().take(own).map(|(_, id)| *id);
            let pieces = if opened.blocks.is_empty() { pieces(own) } else { vec![own.count()] };
            let mut blocks = opened.blocks;
            packings.extend(pieces.into_iter().map(|announced| {
                DevicePacking::new(announced, std::mem::take(&mut blocks), gone.clone())
            }));
        }
        Ok(packings)
    }

    /// Takes the marked blocks out of the table, those beside one another together.
    fn take_out<'k>(
        &self,
        known: &'k [Known],
        marks: &[bool],
        gone: &HashSet<DeviceId>,
    ) -> Result<Vec<Opened<'k>>, StoreError> {
        let mut every = Vec::new();
        // Where there is no block yet, all devices belong together.
        let mut open = known.is_empty().then(Opened::default);
        for (block, marked) in known.iter().zip(marks) {
            if *marked {
                let open = open.get_or_insert_default();
                // Of a block that goes as a whole nothing need be read.
                if devices::ids(&block.ids).map_err(damaged)?.any(|id| !gone.contains(&id)) {
                    open.blocks.extend(self.view.device_block(block)?);
                }
                self.run_sql(
                    "DELETE FROM device_block WHERE facility = ?1 AND sort = ?2 AND id = ?3",
                    params![self.view.facility, block.sort, stored(block.id)],
                )?;
            } else if let Some(open) = open.take() {
                every.push(Opened { until: Some(block), ..open });
            }
        }
        every.extend(open);
        Ok(every)
    }

    /// Keeps a block that a [`DevicePacking`] gave.
    pub fn keep_device_block(&mut self, block: &DeviceBlock) -> Result<(), StoreError> {
        write_block(&self.view.db, self.view.facility, &block.0)
    }

    /// Takes out the devices of the ids in `gone`, and keeps `devices` in place of what is kept under theirs.
    pub fn replace_devices(
        &mut self,
        gone: &[DeviceId],
        devices: &[KeptDevice<'_>],
    ) -> Result<(), StoreError> {
        let mut devices = devices.to_vec();
        devices.sort_by_key(|device| (device.row.sort, device.row.id));
        let order: Vec<_> = devices.iter().map(|device| (device.row.sort, device.row.id)).collect();
        let mut devices = devices.iter();
        for mut packing in self.open_devices(gone.iter().copied(), &order)? {
            for device in devices.by_ref().take(packing.announced()) {
                for block in packing.add(device)? {
                    self.keep_device_block(&block)?;
                }
            }
            packing.finish()?.iter().try_for_each(|block| self.keep_device_block(block))?;
        }
        Ok(())
    }

    /// Takes every device out, before all are derived anew.
    pub fn clear_devices(&mut self) -> Result<(), StoreError> {
        self.run_sql("DELETE FROM device_block WHERE facility = ?1", [self.view.facility])
    }
}

impl View {
    /// Lends every device, in the order of their `sort`.
    pub fn each_device<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(DeviceRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = Rows::default();
        self.db.each(
            "SELECT ids, rows, size FROM device_block WHERE facility = ?1 ORDER BY sort, id",
            [self.facility],
            |mut columns| {
                let (ids, packed, size) = (columns.bytes()?, columns.bytes()?, columns.number()?);
                let mut reading = rows.open(ids, packed, size).map_err(damaged)?;
                while let Some(row) = reading.next().map_err(damaged)? {
                    take(row)?;
                }
                Ok(())
            },
        )
    }

    /// Lends the devices whose words (see [`DeviceRow::write_words`]) hold every one of `words`, in the order of their `sort`.
    ///
    /// The words must be folded as those are (see [`fn@domain::fold`]). Of more than sixteen words the first sixteen count.
    pub fn each_device_with<E: From<StoreError>>(
        &self,
        words: &[&str],
        mut take: impl FnMut(DeviceRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let words = &words[..words.len().min(WORDS)];
        if words.iter().all(|word| word.is_empty()) {
            return self.each_device(take);
        }
        let mut text = String::new();
        self.each_device(|row| {
            text.clear();
            row.write_words(&mut text);
            if words.iter().all(|word| text.contains(word)) { take(row) } else { Ok(()) }
        })
    }

    /// Lends one device with its detail, by its id or an alias of it; `None` where there is none.
    pub fn device<T, E: From<StoreError>>(
        &self,
        id: DeviceId,
        take: impl FnOnce(DeviceRow<'_>, &[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let own = self.place_of(id)?;
        let found = match own {
            Some(found) => Some(found),
            None => self.alias(id)?.map(|id| self.place_of(id)).transpose()?.flatten(),
        };
        let Some((block, place)) = found else { return Ok(None) };
        let Some(block) = self.device_block(&block)? else { return Ok(None) };
        let mut rows = Rows::default();
        let mut reading = rows.open(&block.ids, &block.rows, block.size).map_err(damaged)?;
        let mut details = Bytes(&block.details);
        for _ in 0..place {
            reading.next().map_err(damaged)?;
            details.bytes().map_err(damaged)?;
        }
        let Some(row) = reading.next().map_err(damaged)? else { return Ok(None) };
        take(row, details.bytes().map_err(damaged)?).map(Some)
    }

    /// Lends the detail of one device, by its id or an alias of it, and gives its id; `None` where there is none. `places` must be
    /// those of the same moment.
    pub fn device_detail<T>(
        &self,
        places: &DevicePlaces,
        id: DeviceId,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<(DeviceId, T)>, StoreError> {
        let Some((id, sort, first, before)) = places.of(id) else { return Ok(None) };
        self.db.one(
            "SELECT details FROM device_block WHERE facility = ?1 AND sort = ?2 AND id = ?3",
            params![self.facility, sort, stored(first)],
            |mut row| {
                let mut details = Bytes(row.bytes()?);
                for _ in 0..before {
                    details.bytes().map_err(damaged)?;
                }
                Ok((id, take(details.bytes().map_err(damaged)?)))
            },
        )
    }

    /// Where every device stands, to be asked many times at one moment.
    pub fn device_places(&self) -> Result<DevicePlaces, StoreError> {
        let mut places = DevicePlaces { aliases: self.aliases()?, ..DevicePlaces::default() };
        for (number, block) in self.device_blocks()?.into_iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            for (id, before) in devices::ids(&block.ids).map_err(damaged)?.zip(0..) {
                places.ids.push((id, number, before));
            }
            places.blocks.push((block.sort, block.id));
        }
        places.ids.sort_unstable();
        Ok(places)
    }

    /// Where `id` leads: to itself, where such a device is; to the device it is an alias of; or nowhere.
    pub fn device_id(&self, id: DeviceId) -> Result<Option<DeviceId>, StoreError> {
        if self.place_of(id)?.is_some() {
            return Ok(Some(id));
        }
        self.alias(id)
    }

    /// The device that `id` is an alias of.
    fn alias(&self, id: DeviceId) -> Result<Option<DeviceId>, StoreError> {
        Ok(self.aliases()?.into_iter().find(|(alias, _)| *alias == id).map(|(_, device)| device))
    }

    /// Lends the detail of every device, in the order of their `sort`.
    pub fn each_device_detail<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(DeviceId, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.db.each(
            "SELECT ids, details FROM device_block WHERE facility = ?1 ORDER BY sort, id",
            [self.facility],
            |mut columns| {
                let ids = devices::ids(columns.bytes()?).map_err(damaged)?;
                let mut details = Bytes(columns.bytes()?);
                for id in ids {
                    take(id, details.bytes().map_err(damaged)?)?;
                }
                Ok(())
            },
        )
    }

    /// Every alias and the device it leads to, in the order of the aliases.
    pub fn aliases(&self) -> Result<Vec<(DeviceId, DeviceId)>, StoreError> {
        let mut found = Vec::new();
        self.db.each::<StoreError>(
            "SELECT ids, aliases FROM device_block WHERE facility = ?1",
            [self.facility],
            |mut columns| {
                let ids = devices::ids(columns.bytes()?).map_err(damaged)?;
                let mut aliases = Bytes(columns.bytes()?);
                for id in ids {
                    let own = devices::next_aliases(&mut aliases).map_err(damaged)?;
                    found.extend(own.into_iter().map(|alias| (alias, id)));
                }
                Ok(())
            },
        )?;
        found.sort();
        Ok(found)
    }

    /// In which block the device is, and how many devices stand before it there. There are a few hundred blocks, and of each only
    /// the ids are looked at.
    fn place_of(&self, id: DeviceId) -> Result<Option<(Known, usize)>, StoreError> {
        let found = self.device_blocks()?.into_iter().find_map(|block| {
            let place = devices::ids(&block.ids).ok()?.position(|held| held == id)?;
            Some((block, place))
        });
        Ok(found)
    }

    fn device_blocks(&self) -> Result<Vec<Known>, StoreError> {
        self.db.all(
            "SELECT sort, id, ids FROM device_block WHERE facility = ?1 ORDER BY sort, id",
            [self.facility],
            |mut row| {
                let (sort, id) = (row.string()?, device_id(&mut row)?);
                Ok(Known { sort, id, ids: row.bytes()?.to_vec() })
            },
        )
    }

    fn device_block(&self, known: &Known) -> Result<Option<Stored>, StoreError> {
        self.db.one(
            "SELECT size, ids, details, aliases, rows FROM device_block
             WHERE facility = ?1 AND sort = ?2 AND id = ?3",
            params![self.facility, known.sort, stored(known.id)],
            |mut row| {
                Ok(Stored {
                    sort: known.sort.clone(),
                    id: known.id,
                    size: row.number()?,
                    ids: row.bytes()?.to_vec(),
                    details: row.bytes()?.to_vec(),
                    aliases: row.bytes()?.to_vec(),
                    rows: row.bytes()?.to_vec(),
                })
            },
        )
    }
}

/// Which blocks are to be written anew: those that lose devices or get some.
fn marks(
    known: &[Known],
    gone: &HashSet<DeviceId>,
    order: &[(&str, DeviceId)],
) -> Result<Vec<bool>, StoreError> {
    let mut marks = vec![false; known.len()];
    let mut mark = |index: usize| marks.get_mut(index).into_iter().for_each(|mark| *mark = true);
    for key in order {
        let behind = known.partition_point(|block| (&*block.sort, block.id) <= *key);
        mark(behind.saturating_sub(1));
    }
    for (index, block) in known.iter().enumerate() {
        if devices::ids(&block.ids).map_err(damaged)?.any(|id| gone.contains(&id)) {
            mark(index);
        }
        // Without the device that began it, what is left of a block belongs to the one before.
        if gone.contains(&block.id) {
            mark(index.saturating_sub(1));
        }
    }
    Ok(marks)
}

/// Cuts devices that stand alone into pieces of whole blocks; gives how many are in each.
fn pieces(ids: impl Iterator<Item = DeviceId>) -> Vec<usize> {
    let mut pieces = vec![0];
    for id in ids {
        let full = pieces.last().is_some_and(|piece| *piece >= PIECE);
        if full && devices::begins_a_block(id) {
            pieces.push(0);
        }
        pieces.last_mut().into_iter().for_each(|piece| *piece += 1);
    }
    pieces
}

/// Writes a block, which must not stand there.
pub(super) fn write_block(db: &Db, facility: i64, block: &Stored) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO device_block (facility, sort, id, size, ids, details, aliases, rows)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            facility,
            block.sort,
            stored(block.id),
            count(block.size as u64),
            block.ids,
            block.details,
            block.aliases,
            block.rows
        ],
    )
    .map(|_| ())
}

fn device_id(row: &mut Columns<'_>) -> Result<DeviceId, StoreError> {
    Ok(DeviceId::from_bits(row.integer()? as u64))
}

/// An id as it is stored: its sixty bits are never negative.
fn stored(id: DeviceId) -> i64 {
    id.bits() as i64
}

#[cfg(test)]
mod tests;
