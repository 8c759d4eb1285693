//! MAC addresses, and what their bits say about how far they can be trusted as an identity.

use std::fmt;
use std::str::FromStr;

/// A 48-bit MAC address (EUI-48, IEEE 802-2014 clause 8.2).
///
/// A value of this type is always six bytes; 8-byte tunnel addresses and DHCP client identifiers are refused when parsing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(pub [u8; 6]);

/// Why a text is not a MAC address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MacError {
    /// Not twelve hexadecimal digits in one of the usual notations.
    #[error("not twelve hexadecimal digits")]
    Malformed,
    /// Would be an address if letters that look like digits were those digits; the suggestion must be confirmed by a person.
    #[error("letters that look like digits; perhaps {0}")]
    LooksLike(MacAddress),
}

impl MacAddress {
    /// The address with all bits set, to which everyone listens.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// Broadcast or multicast (the I/G bit, IEEE 802-2014 clause 8.2.2): a group, never one device.
    pub fn is_group(self) -> bool {
        self.0[0] & 0x01 != 0
    }

    /// Locally administered (the U/L bit): a phone's random address, a virtual machine or a cluster.
    ///
    /// It names its holder only inside one network context and only for a while.
    pub fn is_local(self) -> bool {
        self.0[0] & 0x02 != 0
    }

    /// All bytes zero: what an ARP table prints where it has no answer.
    pub fn is_zero(self) -> bool {
        self.0 == [0; 6]
    }

    /// An address that moves between routers: VRRP and CARP (RFC 5798 clause 7.3), HSRP versions 1 and 2, and GLBP.
    ///
    /// It identifies a group of routers, not a device.
    pub fn is_virtual_router(self) -> bool {
        matches!(
            self.0,
            [0x00, 0x00, 0x5e, 0x00, 0x01 | 0x02, _]
                | [0x00, 0x00, 0x0c, 0x07, 0xac, _]
                | [0x00, 0x00, 0x0c, 0x9f, 0xf0..=0xff, _]
                | [0x00, 0x07, 0xb4, 0x00, _, _]
        )
    }

    /// Whether this address can name one device for good: a single, universally administered, non-virtual station.
    pub fn is_stable(self) -> bool {
        !(self.is_group() || self.is_local() || self.is_zero() || self.is_virtual_router())
    }

    /// The 24-bit prefix that the IEEE registers (MA-L).
    pub fn oui(self) -> [u8; 3] {
        [self.0[0], self.0[1], self.0[2]]
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 17];
        for (index, byte) in self.0.into_iter().enumerate() {
            text[index * 3] = DIGITS[usize::from(byte >> 4)];
            text[index * 3 + 1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MacAddress {
    type Err = MacError;

    /// Reads every notation seen in hospitals: `00-1B-21-AA-00-01`, `00:1b:…`, `001b.21aa.0003`, `001B21AA0004`,
    /// `0015b2-a45078`, `00 1b 21 aa 00 05`, and macOS without zero padding (`0:a0:de:12:34:56`).
    ///
    /// The text must already be half width; see [`crate::fold()`] for the rest.
    fn from_str(text: &str) -> Result<Self, MacError> {
        let text = text.trim();
        if let Some(mac) = parse_strictly(text) {
            return Ok(mac);
        }
        let digits: String = text.chars().map(as_digit).collect();
        match parse_strictly(&digits) {
            Some(mac) => Err(MacError::LooksLike(mac)),
            None => Err(MacError::Malformed),
        }
    }
}

/// The digit a letter is most often typed for.
fn as_digit(letter: char) -> char {
    match letter {
        'O' | 'o' => '0',
        'I' | 'l' => '1',
        other => other,
    }
}

fn parse_strictly(text: &str) -> Option<MacAddress> {
    if text.len() > 17 || !text.is_ascii() {
        return None;
    }
    let separator = text.bytes().find(|b| !b.is_ascii_hexdigit());
    match separator {
        None => from_groups([text].into_iter(), 12),
        Some(b':') => from_padded(text.split(':')),
        Some(mark @ (b'-' | b'.' | b' ')) => {
            let groups = text.split(mark as char);
            match groups.clone().count() {
                6 => from_groups(groups, 2),
                3 => from_groups(groups, 4),
                2 => from_groups(groups, 6),
                _ => None,
            }
        }
        Some(_) => None,
    }
}

/// Six colon parts of one or two digits each, as macOS prints them.
fn from_padded<'a>(parts: impl Iterator<Item = &'a str>) -> Option<MacAddress> {
    let mut bytes = [0; 6];
    let mut filled = 0;
    for part in parts {
        if filled == 6
            || !(1..=2).contains(&part.len())
            || !part.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return None;
        }
        bytes[filled] = u8::from_str_radix(part, 16).ok()?;
        filled += 1;
    }
    (filled == 6).then_some(MacAddress(bytes))
}

/// Groups of exactly `width` digits, twelve digits together.
fn from_groups<'a>(groups: impl Iterator<Item = &'a str>, width: usize) -> Option<MacAddress> {
    let mut digits = [0u8; 12];
    let mut filled = 0;
    for group in groups {
        if group.len() != width {
            return None;
        }
        for byte in group.bytes() {
            *digits.get_mut(filled)? = (byte as char).to_digit(16)? as u8;
            filled += 1;
        }
    }
    if filled != 12 {
        return None;
    }
    let mut bytes = [0; 6];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = digits[index * 2] << 4 | digits[index * 2 + 1];
    }
    Some(MacAddress(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let read = match text.parse::<MacAddress>() {
            Ok(mac) => mac.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn every_notation_gives_the_same_address() {
        for text in [
            "00-1B-21-AA-00-01",
            "00:1b:21:aa:00:01",
            "001b.21aa.0001",
            "001B21AA0001",
            "001b21-aa0001",
            "00 1b 21 aa 00 01",
            " 0:1b:21:aa:0:1 ",
        ] {
            check(text, "00-1b-21-aa-00-01");
        }
    }

    #[test]
    fn what_is_not_six_bytes_is_refused() {
        for text in [
            "",
            "00-1B-21-AA-00",
            "42-41-44-5f-41-44-44-52",
            "00-1B-21-AA-00-0G",
            "0:1:2:3:4:5:6",
            "一",
            "::::::",
        ] {
            check(text, "not twelve hexadecimal digits");
        }
    }

    #[test]
    fn a_letter_for_a_digit_is_only_a_suggestion() {
        check("00-1B-21-AA-00-O7", "letters that look like digits; perhaps 00-1b-21-aa-00-07");
    }

    #[test]
    fn only_a_single_universal_station_is_stable() {
        let stable = |text: &str| text.parse::<MacAddress>().unwrap().is_stable();
        assert!(stable("00-1b-21-aa-00-01"));
        assert!(stable("00-50-56-37-23-cc"));
        for text in [
            "ff-ff-ff-ff-ff-ff",
            "01-00-5e-00-00-16",
            "3e-91-5a-0c-77-12",
            "00-00-5e-00-01-0a",
            "00-00-0c-07-ac-01",
            "00-00-00-00-00-00",
        ] {
            assert!(!stable(text), "{text}");
        }
    }
}
