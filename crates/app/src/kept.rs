//! What is kept of a derived device beside its row: a fingerprint, by which the next derivation tells whether it changed.

use domain::{Digest, ObservationRef};
use engine::Device;

/// The first half of a digest: enough to tell a device from itself before.
pub(crate) type Fingerprint = [u8; 16];

/// The fingerprint of all that `device` is: its id and aliases, and its observations. Its cards and the words of its row follow from these.
pub(crate) fn fingerprint(device: &Device) -> Fingerprint {
    let name =
        |at: &ObservationRef| (u64::from(at.import.0) << 32 | u64::from(at.seq)).to_be_bytes();
    let aliases: Vec<u8> =
        device.aliases.iter().flat_map(|alias| alias.bits().to_be_bytes()).collect();
    let members: Vec<u8> = device.members.iter().flat_map(name).collect();
    let digest = Digest::of_parts([device.id.bits().to_be_bytes().as_slice(), &aliases, &members]);
    digest.0.first_chunk().copied().unwrap_or_default()
}
