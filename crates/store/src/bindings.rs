//! The stored form of an observation's cards and addresses.
//!
//! Each binding is one byte that says what follows (1 MAC, 2 IPv4, 4 IPv6, 8 prefix length), then those bytes in that order.
//! A card with an IPv4 address takes 11 bytes.

use std::net::IpAddr;

use domain::{Binding, MacAddress};

const MAC: u8 = 1;
const V4: u8 = 2;
const V6: u8 = 4;
const PREFIX: u8 = 8;

/// The stored bytes are no bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BindingsError;

/// Appends the stored form of `bindings` to `bytes`.
pub(crate) fn encode(bindings: &[Binding], bytes: &mut Vec<u8>) {
    for binding in bindings {
        let start = bytes.len();
        bytes.push(0);
        let mut flags = 0;
        if let Some(MacAddress(mac)) = binding.mac {
            flags |= MAC;
            bytes.extend(mac);
        }
        match binding.address {
            Some(IpAddr::V4(address)) => {
                flags |= V4;
                bytes.extend(address.octets());
            }
            Some(IpAddr::V6(address)) => {
                flags |= V6;
                bytes.extend(address.octets());
            }
            None => {}
        }
        if let Some(prefix) = binding.prefix {
            flags |= PREFIX;
            bytes.push(prefix);
        }
        bytes[start] = flags;
    }
}

/// The bindings of the stored form `bytes`, checked whole.
pub(crate) fn decode(mut bytes: &[u8]) -> Result<Vec<Binding>, BindingsError> {
    let mut bindings = Vec::new();
    while let Some((&flags, rest)) = bytes.split_first() {
        bytes = rest;
        bindings.push(take_binding(flags, &mut bytes)?);
    }
    Ok(bindings)
}

fn take_binding(flags: u8, bytes: &mut &[u8]) -> Result<Binding, BindingsError> {
    let has = |flag| flags & flag != 0;
    if flags > MAC | V4 | V6 | PREFIX || has(V4) && has(V6) {
        return Err(BindingsError);
    }
    let mac = if has(MAC) { Some(MacAddress(take(bytes)?)) } else { None };
    let address = match (has(V4), has(V6)) {
        (true, _) => Some(IpAddr::from(take::<4>(bytes)?)),
        (_, true) => Some(IpAddr::from(take::<16>(bytes)?)),
        _ => None,
    };
    let prefix = if has(PREFIX) { Some(take::<1>(bytes)?[0]) } else { None };
    Ok(Binding { mac, address, prefix })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], BindingsError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(BindingsError)?;
    *bytes = rest;
    Ok(*taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings() -> Vec<Binding> {
        let mac = Some(MacAddress([0, 0x1b, 0x21, 0xaa, 0, 1]));
        let v4 = "10.102.41.1".parse().ok();
        let v6 = "fe80::1".parse().ok();
        vec![
            Binding { mac, address: v4, prefix: Some(24) },
            Binding { mac, address: v6, prefix: None },
            Binding { mac, address: None, prefix: None },
            Binding { mac: None, address: v4, prefix: None },
            Binding { mac: None, address: None, prefix: None },
        ]
    }

    #[test]
    fn bindings_read_back_as_they_were_written() {
        let mut bytes = Vec::new();
        encode(&bindings(), &mut bytes);
        assert_eq!(decode(&bytes), Ok(bindings()));
        assert_eq!(decode(&[]), Ok(Vec::new()));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let mut bytes = Vec::new();
        encode(&bindings()[..1], &mut bytes);
        for length in 1..bytes.len() {
            assert_eq!(decode(&bytes[..length]), Err(BindingsError), "{length}");
        }
        assert_eq!(decode(&[16]), Err(BindingsError));
        assert_eq!(decode(&[V4 | V6]), Err(BindingsError));
    }
}
