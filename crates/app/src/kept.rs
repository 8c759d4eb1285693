//! What is kept of a derived device beside its row: a fingerprint, by which the next derivation tells whether it changed; its aliases and
//! the observations it is made of, from which its chart is made without deriving all the others.

use domain::{DeviceId, Digest, ImportId, ObservationRef};
use engine::Device;

/// The first half of a digest: enough to tell a device from itself before.
pub(crate) type Fingerprint = [u8; 16];

/// What a device is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Ids that lead to it.
    pub(crate) aliases: Box<[DeviceId]>,
    /// Its observations.
    pub(crate) members: Vec<ObservationRef>,
}

/// The fingerprint, the number of aliases, each in eight bytes, and the observations as numbers in LEB128: import and sequence in turn.
pub(crate) fn detail(device: &Device, fingerprint: &Fingerprint) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(
        fingerprint.len() + 1 + device.aliases.len() * 8 + device.members.len() * 4,
    );
    bytes.extend_from_slice(fingerprint);
    put_number(&mut bytes, device.aliases.len() as u32);
    bytes.extend(device.aliases.iter().flat_map(|alias| alias.bits().to_be_bytes()));
    for member in &device.members {
        put_number(&mut bytes, member.import.0);
        put_number(&mut bytes, member.seq);
    }
    bytes
}

/// The fingerprint in a detail.
pub(crate) fn fingerprint_in(detail: &[u8]) -> Option<Fingerprint> {
    detail.first_chunk().copied()
}

/// What a device is made of, by its detail; `None` where an earlier version of the program wrote nothing of it.
pub(crate) fn parts_in(detail: &[u8]) -> Option<Parts> {
    let (_, mut rest) = detail.split_first_chunk::<16>()?;
    let aliases = take_number(&mut rest)? as usize;
    let (aliases, mut rest) = rest.split_at_checked(aliases.checked_mul(8)?)?;
    let (aliases, _) = aliases.as_chunks::<8>();
    let aliases = aliases.iter().map(|bits| DeviceId::from_bits(u64::from_be_bytes(*bits)));
    let mut members = Vec::new();
    while !rest.is_empty() {
        let import = ImportId(take_number(&mut rest)?);
        members.push(ObservationRef { import, seq: take_number(&mut rest)? });
    }
    Some(Parts { aliases: aliases.collect(), members })
}

fn put_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

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

#[cfg(test)]
mod tests {
    use domain::Sign;

    use super::*;

    fn device(aliases: &[u64], members: &[(u32, u32)]) -> Device {
        let anchor = Sign::HostName("ct-01".into());
        let at =
            |(import, seq): &(u32, u32)| ObservationRef { import: ImportId(*import), seq: *seq };
        Device {
            id: DeviceId::of(anchor.key()),
            aliases: aliases.iter().map(|bits| DeviceId::from_bits(*bits)).collect(),
            anchor,
            members: members.iter().map(at).collect(),
            declared: [].into(),
            observed: [].into(),
            interfaces: Vec::new(),
        }
    }

    #[test]
    fn what_a_device_is_made_of_reads_back_as_it_was_kept() {
        for device in [
            device(&[], &[]),
            device(&[1, u64::MAX >> 4], &[(1, 0), (127, 128), (u32::MAX, u32::MAX)]),
        ] {
            let digest = fingerprint(&device);
            let kept = detail(&device, &digest);
            let parts = Parts { aliases: device.aliases.clone(), members: device.members.to_vec() };
            assert_eq!((fingerprint_in(&kept), parts_in(&kept)), (Some(digest), Some(parts)));
        }
    }

    #[test]
    fn a_detail_without_parts_or_cut_short_has_none() {
        let device = device(&[1, 2], &[(300, 5)]);
        let kept = detail(&device, &fingerprint(&device));
        for length in 0..kept.len() {
            // Cut between two observations it reads as fewer, which the store's checksums speak against.
            let whole = length == kept.len() - 3;
            assert_eq!(parts_in(&kept[..length]).is_some(), whole, "{length}");
        }
    }
}
