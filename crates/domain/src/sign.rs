//! Signs: what lets two observations be recognised as the same device.

use std::fmt::{self, Write};
use std::net::Ipv4Addr;
use std::str::FromStr;

use crate::digest::Digest;
use crate::{MacAddress, SourceId};

/// How much a sign proves. Weakest first, so that `max` is the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The row itself: it can be found again only while it is written the same.
    Row,
    /// An address: joins an observation to a declaration, never two observed hosts.
    Address,
    /// A locally administered MAC: good inside one network context and only for a while.
    LocalMac,
    /// A computer name, within its domain.
    HostName,
    /// A universally administered MAC.
    Mac,
    /// Maker and serial number.
    Serial,
    /// The hospital's own number, within its source.
    AssetNumber,
}

/// Names that thousands of machines carry from the factory; folded.
const FACTORY_NAMES: [&str; 22] = [
    "localhost",
    "iphone",
    "ipad",
    "android",
    "unknown",
    "user-pc",
    "macbook",
    "macbook-pro",
    "router",
    "switch",
    "firewall",
    "gateway",
    "hostname",
    "awplus",
    "ciscoasa",
    "fortigate",
    "fortiwifi",
    "procurve",
    "hp",
    "aruba",
    "ap",
    "console",
];

/// Whether a computer name, folded and without its domain, says nothing: it came from the factory, alone or with a model
/// (`FortiGate-60F`, `RTX1210`).
pub fn is_factory_name(folded: &str) -> bool {
    let of_model = ["fortigate-", "fortiwifi-", "rtx", "nvr"].iter().any(|start| {
        folded.strip_prefix(start).is_some_and(|model| {
            model.len() <= 5 && model.starts_with(|c: char| c.is_ascii_digit())
        })
    });
    of_model || FACTORY_NAMES.contains(&folded)
}

/// Something that identifies a device.
///
/// Texts inside are folded (see [`crate::fold()`]). Written `asset:SOURCE/NUMBER`, `serial:MAKER/SERIAL`, `mac:…`,
/// `local-mac:CONTEXT/…`, `host:NAME`, `address:CONTEXT/…` and `row:…`; people name the parts of a merge or split by this writing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// The hospital's own number, within its source.
    AssetNumber {
        /// Whose number.
        source: SourceId,
        /// The number, folded.
        number: String,
    },
    /// Maker and serial number, folded; the maker is empty where the source does not say it.
    Serial {
        /// Who made it.
        maker: String,
        /// The number on its plate.
        serial: String,
    },
    /// A universally administered MAC.
    Mac(MacAddress),
    /// A locally administered MAC in one network context.
    LocalMac {
        /// Where it was seen.
        context: u16,
        /// The address.
        mac: MacAddress,
    },
    /// A computer name, folded, without its domain.
    HostName(String),
    /// An address in one network context; 0 is the hospital's own address space.
    Address {
        /// Where it means something.
        context: u16,
        /// The address.
        address: Ipv4Addr,
    },
    /// A row that carries no other sign: the digest of source, words and how many rows before it say the same.
    Row(Digest),
}

impl Sign {
    /// How much it proves.
    pub fn strength(&self) -> Strength {
        match self {
            Self::AssetNumber { .. } => Strength::AssetNumber,
            Self::Serial { .. } => Strength::Serial,
            Self::Mac(_) => Strength::Mac,
            Self::LocalMac { .. } => Strength::LocalMac,
            Self::HostName(_) => Strength::HostName,
            Self::Address { .. } => Strength::Address,
            Self::Row(_) => Strength::Row,
        }
    }

    /// The short key by which the sign is compared and stored.
    pub fn key(&self) -> SignKey {
        SignKey::of(&self.written())
    }

    /// The writing, put together by hand in one piece of memory: every row of a ledger asks for several.
    fn written(&self) -> String {
        let mut text = String::with_capacity(80);
        let mut add = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
        match self {
            Self::AssetNumber { source, number } => add(&["asset:", source.as_str(), "/", number]),
            Self::Serial { maker, serial } => add(&["serial:", maker, "/", serial]),
            Self::HostName(name) => add(&["host:", name]),
            // Writing to a string cannot fail.
            Self::Mac(mac) => _ = write!(text, "mac:{mac}"),
            Self::LocalMac { context, mac } => _ = write!(text, "local-mac:{context}/{mac}"),
            Self::Address { context, address } => {
                let [a, b, c, d] = address.octets();
                _ = write!(text, "address:{context}/{a}.{b}.{c}.{d}");
            }
            Self::Row(digest) => _ = write!(text, "row:{digest}"),
        }
        text
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written())
    }
}

/// The text is not a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a sign is written asset:SOURCE/NUMBER, serial:MAKER/SERIAL, mac:…, local-mac:CONTEXT/…, host:NAME, address:CONTEXT/… or row:…"
)]
pub struct SignError;

impl FromStr for Sign {
    type Err = SignError;

    fn from_str(text: &str) -> Result<Self, SignError> {
        let (kind, rest) = text.split_once(':').ok_or(SignError)?;
        let mac = |text: &str| text.parse::<MacAddress>().map_err(|_| SignError);
        match kind {
            "asset" => {
                let (source, number) = rest.rsplit_once('/').ok_or(SignError)?;
                Ok(Self::AssetNumber { source: SourceId::new(source), number: number.to_owned() })
            }
            "serial" => {
                let (maker, serial) = rest.rsplit_once('/').ok_or(SignError)?;
                Ok(Self::Serial { maker: maker.to_owned(), serial: serial.to_owned() })
            }
            "mac" => Ok(Self::Mac(mac(rest)?)),
            "local-mac" => {
                let (context, address) = in_context(rest)?;
                Ok(Self::LocalMac { context, mac: mac(address)? })
            }
            "host" if !rest.is_empty() => Ok(Self::HostName(rest.to_owned())),
            "address" => {
                let (context, address) = in_context(rest)?;
                Ok(Self::Address { context, address: address.parse().map_err(|_| SignError)? })
            }
            "row" => rest.parse().map(Self::Row).map_err(|_| SignError),
            _ => Err(SignError),
        }
    }
}

fn in_context(text: &str) -> Result<(u16, &str), SignError> {
    let (context, rest) = text.split_once('/').ok_or(SignError)?;
    Ok((context.parse().map_err(|_| SignError)?, rest))
}

/// The first 16 bytes of the SHA-256 of a sign's writing: short, and the same on every machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignKey(pub [u8; 16]);

impl SignKey {
    /// The key of a sign written `text`.
    pub fn of(text: &str) -> Self {
        let Digest(bytes) = Digest::of(text.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&bytes[..16]);
        Self(key)
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_reads_back_as_it_was_written() {
        for sign in [
            Sign::AssetNumber { source: SourceId::new("ledger/台帳"), number: "0104".into() },
            Sign::Serial { maker: "g社".into(), serial: "b8533081".into() },
            Sign::Mac(MacAddress([0, 0x1b, 0x21, 0xaa, 0, 1])),
            Sign::LocalMac { context: 2, mac: MacAddress([0x3e, 0x91, 0x5a, 0x0c, 0x77, 0x12]) },
            Sign::HostName("ct-01".into()),
            Sign::Address { context: 0, address: Ipv4Addr::new(10, 102, 41, 1) },
            Sign::Row(Digest::of(b"row")),
        ] {
            assert_eq!(sign.to_string().parse(), Ok(sign));
        }
    }

    #[test]
    fn what_is_no_sign_is_refused() {
        for text in [
            "",
            "mac:",
            "mac:xyz",
            "host:",
            "asset:1",
            "address:10.0.0.1",
            "address:x/10.0.0.1",
            "row:12",
            "colour:red",
        ] {
            assert_eq!(text.parse::<Sign>(), Err(SignError), "{text}");
        }
    }

    #[test]
    fn the_hospitals_own_number_is_the_strongest_sign_and_an_address_a_weak_one() {
        assert!(Strength::AssetNumber > Strength::Serial && Strength::Serial > Strength::Mac);
        assert!(Strength::Mac > Strength::HostName && Strength::HostName > Strength::Address);
    }
}
