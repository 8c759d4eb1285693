//! Packing devices into blocks. It needs no store, so it can be done while the blocks before are written.

use std::collections::{HashSet, VecDeque};

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

/// Blocks beside one another that will be written anew.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) blocks: VecDeque<Stored>,
    /// What the first block after them is listed by; `None` where there is none.
    pub(crate) until: Option<(String, DeviceId)>,
}

/// Puts devices in their order among those that stay, and packs them into blocks.
#[derive(Debug)]
pub struct DevicePacking {
    opened: VecDeque<Opened>,
    gone: HashSet<DeviceId>,
    held: VecDeque<Held>,
    filling: Filling,
    packer: Packer,
    ready: Vec<DeviceBlock>,
}

impl DevicePacking {
    pub(crate) fn new(opened: VecDeque<Opened>, gone: HashSet<DeviceId>) -> Self {
        let (held, filling, packer) = (VecDeque::new(), Filling::default(), Packer::new());
        Self { opened, gone, held, filling, packer, ready: Vec::new() }
    }

    /// Adds a device, one of those that were announced and in their order, and gives the blocks that are full.
    pub fn add(
        &mut self,
        device: &KeptDevice<'_>,
    ) -> Result<impl Iterator<Item = DeviceBlock>, StoreError> {
        let key = (device.row.sort, device.row.id);
        while self.opened.len() > 1 && self.opened.front().is_some_and(|opened| opened.ends(key)) {
            self.close()?;
        }
        self.hold_until(Some(key))?;
        self.put(device);
        Ok(self.ready.drain(..))
    }

    /// Gives what is left.
    pub fn finish(mut self) -> Result<Vec<DeviceBlock>, StoreError> {
        while !self.opened.is_empty() {
            self.close()?;
        }
        self.cut();
        Ok(self.ready)
    }

    /// Puts back what stays of the blocks that were opened first, and goes on to the next.
    fn close(&mut self) -> Result<(), StoreError> {
        self.hold_until(None)?;
        self.cut();
        self.opened.pop_front();
        Ok(())
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
            let Some(opened) = self.opened.front_mut() else { return Ok(()) };
            let before = |block: &Stored| key.is_none_or(|key| (&*block.sort, block.id) < key);
            let Some(block) = opened.blocks.pop_front_if(|block| before(block)) else {
                return Ok(());
            };
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
        self.ready.extend(self.filling.finish(&mut self.packer).map(DeviceBlock));
    }
}

impl Opened {
    /// Whether `key` is listed behind these blocks.
    fn ends(&self, key: (&str, DeviceId)) -> bool {
        self.until.as_ref().is_some_and(|(sort, id)| (sort.as_str(), *id) <= key)
    }
}

pub(crate) fn damaged(_: BlockError) -> StoreError {
    StoreError::Damaged { what: "a block of devices".to_owned() }
}
