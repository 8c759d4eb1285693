//! What is kept of a derived device beside its row: a digest, by which the next derivation tells whether it changed.

use domain::{Digest, Field, ObservationRef};
use engine::Device;

/// The digest of all that `device` is: its id and aliases, its observations, and which of them says what.
///
/// Its cards and the words of its row follow from these.
pub(crate) fn fingerprint(device: &Device) -> Vec<u8> {
    let name =
        |at: &ObservationRef| (u64::from(at.import.0) << 32 | u64::from(at.seq)).to_be_bytes();
    let layer = |values: &[(Field, ObservationRef)]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|(field, at)| std::iter::once(*field as u8).chain(name(at)))
            .collect()
    };
    let aliases: String = device.aliases.iter().map(ToString::to_string).collect();
    let members: Vec<u8> = device.members.iter().flat_map(name).collect();
    let (declared, observed) = (layer(&device.declared), layer(&device.observed));
    let Digest(bytes) = Digest::of_parts([
        device.id.to_string().as_bytes(),
        aliases.as_bytes(),
        &members,
        &declared,
        &observed,
    ]);
    bytes.to_vec()
}
