//! Packing devices into blocks. It needs no store, so several threads can do it while the blocks before are written.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use domain::DeviceId;

use crate::blocks::devices::{Filling, Held, Stored, begins_a_block};
use crate::blocks::{BlockError, Packer};
use crate::{DeviceRow, StoreError};

/// Everything that is kept of one device.
#[derive(Debug, Clone, Copy)]
pub struct KeptDevice<'a> {
    /// As a list shows it.
    pub row: DeviceRow<'a>,
    /// Ids that lead to it.
    pub aliases: &'a [DeviceId],
    /// More about it that this crate does not look into.
    pub detail: &'a [u8],
}

/// A block of devices, ready to be kept.
#[derive(Debug)]
pub struct DeviceBlock(pub(crate) Stored);

/// Puts devices in their order among those of the same blocks that stay, and packs them into blocks.
#[derive(Debug)]
pub struct DevicePacking {
    announced: usize,
    blocks: VecDeque<Stored>,
    gone: Arc<HashSet<DeviceId>>,
    held: VecDeque<Held>,
    filling: Filling,
    /// Made with the first block: there may be many packings, of which few are at work.
    packer: Option<Packer>,
    ready: Vec<DeviceBlock>,
}

impl DevicePacking {
    /// A packing of as many devices as were `announced`, and of those in `blocks` that are not `gone`.
    pub(crate) fn new(
        announced: usize,
        blocks: VecDeque<Stored>,
        gone: Arc<HashSet<DeviceId>>,
    ) -> Self {
        Self {
            announced,
            blocks,
            gone,
            held: VecDeque::new(),
            filling: Filling::default(),
            packer: None,
            ready: Vec::new(),
        }
    }

    /// How many devices must be added.
    pub fn announced(&self) -> usize {
        self.announced
    }

    /// Adds the next device, and gives the blocks that are full.
    pub fn add(
        &mut self,
        device: &KeptDevice<'_>,
    ) -> Result<impl Iterator<Item = DeviceBlock>, StoreError> {
        self.hold_until(Some((device.row.sort, device.row.id)))?;
        self.put(device);
        Ok(self.ready.drain(..))
    }

    /// Gives what is left.
    pub fn finish(mut self) -> Result<Vec<DeviceBlock>, StoreError> {
        self.hold_until(None)?;
        self.cut();
        Ok(self.ready)
    }

    /// Puts back the devices that stay and are listed before `key`.
    fn hold_until(&mut self, key: Option<(&str, DeviceId)>) -> Result<(), StoreError> {
        loop {
            while let Some(held) = self.held.pop_front() {
                if key.is_some_and(|key| key < held.key()) {
                    self.held.push_front(held);
                    return Ok(());
                }
                let device = held.lend().map_err(damaged)?;
                self.put(&device);
            }
            let before = |block: &mut Stored| key.is_none_or(|key| (&*block.sort, block.id) < key);
            let Some(block) = self.blocks.pop_front_if(before) else { return Ok(()) };
            let gone = &self.gone;
            self.held.extend(Held::of(&block, |id| !gone.contains(&id)).map_err(damaged)?);
        }
    }

    fn put(&mut self, device: &KeptDevice<'_>) {
        if begins_a_block(device.row.id) {
            self.cut();
        }
        self.filling.add(device);
    }

    fn cut(&mut self) {
        if !self.filling.is_empty() {
            let packer = self.packer.get_or_insert_with(Packer::new);
            self.ready.extend(self.filling.finish(packer).map(DeviceBlock));
        }
    }
}

pub(crate) fn damaged(_: BlockError) -> StoreError {
    StoreError::Damaged { what: "a block of devices".to_owned() }
}
