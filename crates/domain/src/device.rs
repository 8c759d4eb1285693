//! Devices (機器): one thing in the hospital, as all observations together show it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{MacAddress, ObservationRef, SignKey};

/// Names a device, in twelve letters and digits.
///
/// It is made of the strongest sign the device has, so it does not depend on when what was imported.
/// When devices merge, the ids of all other signs stay as aliases that lead on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(u64);

/// Letters of an id: Crockford's base 32, which leaves out i, l, o and u.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 12;

/// The value of each letter, small or capital; `NO_LETTER` for what is none. A list reads an id for every row.
const VALUES: [u8; 256] = values();
const NO_LETTER: u8 = 255;

const fn values() -> [u8; 256] {
    let mut values = [NO_LETTER; 256];
    let mut value = 0;
    while value < LETTERS.len() {
        values[LETTERS[value] as usize] = value as u8;
        values[LETTERS[value].to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    values
}

impl DeviceId {
    /// The id of a device whose strongest sign has this key: its first 60 bits.
    pub fn of(key: SignKey) -> Self {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&key.0[..8]);
        Self(u64::from_be_bytes(bytes) >> 4)
    }

    /// The id as a number of 60 bits, for storing.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The id with these [`DeviceId::bits`]; bits above the sixtieth are dropped.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & (u64::MAX >> 4))
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; LENGTH];
        for (index, letter) in text.iter_mut().enumerate() {
            *letter = LETTERS[(self.0 >> (5 * (LENGTH - 1 - index)) & 31) as usize];
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a device id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a device id is twelve letters and digits")]
pub struct DeviceIdError;

impl FromStr for DeviceId {
    type Err = DeviceIdError;

    fn from_str(text: &str) -> Result<Self, DeviceIdError> {
        if text.len() != LENGTH {
            return Err(DeviceIdError);
        }
        let mut id = 0;
        for byte in text.bytes() {
            let value = VALUES[usize::from(byte)];
            if value == NO_LETTER {
                return Err(DeviceIdError);
            }
            id = id << 5 | u64::from(value);
        }
        Ok(Self(id))
    }
}

/// A value in a device's layer, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerValue {
    /// The canonical value.
    pub value: String,
    /// As the document wrote it.
    pub shown: String,
    /// The observation that says so.
    pub from: ObservationRef,
}

/// A network card (接続点) with what it was called over time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interface {
    /// The card; `None` where only the address is known.
    pub mac: Option<MacAddress>,
    /// Its addresses.
    pub sightings: Vec<Sighting>,
}

/// An address of a card over an interval, instead of one entry for each time it was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// The address.
    pub address: IpAddr,
    /// Whether a ledger or reservation states it.
    pub declared: bool,
    /// When it was first seen on the wire, or in a lease.
    pub first: Option<Timestamp>,
    /// When it was last seen.
    pub last: Option<Timestamp>,
    /// How many times.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SignKey;

    #[test]
    fn an_id_reads_back_and_accepts_capitals() {
        let id = DeviceId::of(SignKey::of("asset:ledger/0104"));
        assert_eq!(id.to_string().len(), 12);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "abc", "abcdefghjkml", "十二文字"] {
            assert_eq!(text.parse::<DeviceId>(), Err(DeviceIdError), "{text}");
        }
    }
}
