//! A derived device as it is kept, so that its chart opens without deriving anew: names of observations, no words.

use domain::{DeviceId, Field, ImportId, ObservationRef};
use engine::Device;
use serde::{Deserialize, Serialize};

/// What is kept of a device beside the row that lists show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Its strongest sign.
    pub(crate) anchor: String,
    members: Vec<(u32, u32)>,
    declared: Vec<(u8, u32, u32)>,
    observed: Vec<(u8, u32, u32)>,
    aliases: Vec<String>,
}

impl Kept {
    pub(crate) fn of(device: &Device) -> Self {
        let layer = |values: &[(Field, ObservationRef)]| {
            values.iter().map(|(field, at)| (*field as u8, at.import.0, at.seq)).collect()
        };
        Self {
            anchor: device.anchor.to_string(),
            members: device.members.iter().map(|at| (at.import.0, at.seq)).collect(),
            declared: layer(&device.declared),
            observed: layer(&device.observed),
            aliases: device.aliases.iter().map(ToString::to_string).collect(),
        }
    }

    /// The bytes to keep.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Every part of `Kept` can be written, so there is nothing that could fail.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From kept bytes; `None` where they were written by another version, and the devices must be derived anew.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// The names of its observations, by precedence.
    pub(crate) fn members(&self) -> impl Iterator<Item = ObservationRef> {
        self.members.iter().map(|(import, seq)| ObservationRef { import: ImportId(*import), seq: *seq })
    }

    /// What is declared: field and the observation that says so.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (Field, ObservationRef)> {
        unpack(&self.declared)
    }

    /// What was observed.
    pub(crate) fn observed(&self) -> impl Iterator<Item = (Field, ObservationRef)> {
        unpack(&self.observed)
    }

    /// Ids that lead here.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = DeviceId> {
        self.aliases.iter().filter_map(|alias| alias.parse().ok())
    }
}

fn unpack(values: &[(u8, u32, u32)]) -> impl Iterator<Item = (Field, ObservationRef)> {
    values.iter().filter_map(|(field, import, seq)| {
        Some((Field::from_number(*field)?, ObservationRef { import: ImportId(*import), seq: *seq }))
    })
}
