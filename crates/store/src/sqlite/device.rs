//! Devices (機器): what was derived, kept so that lists and charts need not derive it again.

use std::collections::{HashSet, VecDeque};

use domain::DeviceId;
use rusqlite::params;

use super::db::{Columns, count};
use super::{Change, Db, View};
use crate::blocks::Bytes;
use crate::blocks::devices::{self, Rows, Stored};
use crate::packing::{Opened, damaged};
use crate::{DeviceBlock, DevicePacking, DeviceRow, KeptDevice, StoreError};

/// Words of one search that are looked for; nobody types more.
const WORDS: usize = 16;

/// What a block is known by before it is read.
struct Known {
    sort: String,
    id: DeviceId,
    ids: Vec<u8>,
}

impl Change {
    /// Opens the blocks of devices that are to be written anew: devices of the ids in `gone` are taken out, and those in `order`,
    /// what they are listed by and their ids, will be put in. What is kept under their ids is taken out as well.
    ///
    /// They must then be added to the packing in that order, each once, and every block it gives must be kept.
    pub fn open_devices<'d>(
        &mut self,
        gone: impl IntoIterator<Item = DeviceId>,
        order: impl IntoIterator<Item = (&'d str, DeviceId)>,
    ) -> Result<DevicePacking, StoreError> {
        let known = self.view.device_blocks()?;
        let mut gone: HashSet<DeviceId> = gone.into_iter().collect();
        let mut opened = vec![false; known.len()];
        for (sort, id) in order {
            gone.insert(id);
            let behind = known.partition_point(|block| (&*block.sort, block.id) <= (sort, id));
            if let Some(mark) = opened.get_mut(behind.saturating_sub(1)) {
                *mark = true;
            }
        }
        for (index, block) in known.iter().enumerate() {
            let leaves = devices::ids(&block.ids).map_err(damaged)?.any(|id| gone.contains(&id));
            if let Some(mark) = opened.get_mut(index).filter(|_| leaves) {
                *mark = true;
            }
            // Without the device that began it, what is left of a block belongs to the one before.
            if let Some(mark) = index.checked_sub(1).and_then(|before| opened.get_mut(before))
                && gone.contains(&block.id)
            {
                *mark = true;
            }
        }
        let opened = self.take_out(&known, &opened, &gone)?;
        Ok(DevicePacking::new(opened, gone))
    }

    /// Takes the marked blocks out of the table, those beside one another together.
    fn take_out(
        &self,
        known: &[Known],
        marks: &[bool],
        gone: &HashSet<DeviceId>,
    ) -> Result<VecDeque<Opened>, StoreError> {
        let mut every = VecDeque::new();
        let mut open = Opened::default();
        let mut is_open = known.is_empty();
        for (block, marked) in known.iter().zip(marks) {
            if *marked {
                is_open = true;
                // Of a block that goes as a whole nothing need be read.
                let stays =
                    devices::ids(&block.ids).map_err(damaged)?.any(|id| !gone.contains(&id));
                if stays {
                    open.blocks.extend(self.view.device_block(block)?);
                }
                self.run_sql(
                    "DELETE FROM device_block WHERE facility = ?1 AND sort = ?2 AND id = ?3",
                    params![self.view.facility, block.sort, stored(block.id)],
                )?;
            } else if is_open {
                is_open = false;
                let until = Some((block.sort.clone(), block.id));
                every.push_back(Opened { until, ..std::mem::take(&mut open) });
            }
        }
        if is_open {
            every.push_back(open);
        }
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
        let order = devices.iter().map(|device| (device.row.sort, device.row.id));
        let mut packing = self.open_devices(gone.iter().copied(), order)?;
        for device in &devices {
            for block in packing.add(device)? {
                self.keep_device_block(&block)?;
            }
        }
        packing.finish()?.iter().try_for_each(|block| self.keep_device_block(block))
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
        let Some(id) = self.device_id(id)? else { return Ok(None) };
        let Some((block, place)) = self.place_of(id)? else { return Ok(None) };
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

    /// Where `id` leads: to itself, where such a device is; to the device it is an alias of; or nowhere.
    pub fn device_id(&self, id: DeviceId) -> Result<Option<DeviceId>, StoreError> {
        if self.place_of(id)?.is_some() {
            return Ok(Some(id));
        }
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
