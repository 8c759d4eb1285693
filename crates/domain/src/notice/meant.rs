//! What a notice may mean: a product by its mark, a maker's model, all that a maker made, or one device.

use std::fmt;
use std::str::FromStr;

use crate::Sign;

/// One thing that a notice may mean. Written `product:MARK`, `model:NAME`, `maker:NAME` or `device:SIGN`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meant {
    /// A product with its version, by the mark by which findings know it.
    Product(String),
    /// A maker's model, by its folded name.
    Model(String),
    /// All that a maker made, by its folded name.
    Maker(String),
    /// One device, by a sign: ids may be led on by a later import.
    Device(Sign),
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product(mark) => write!(f, "product:{mark}"),
            Self::Model(name) => write!(f, "model:{name}"),
            Self::Maker(name) => write!(f, "maker:{name}"),
            Self::Device(sign) => write!(f, "device:{sign}"),
        }
    }
}

/// The text names nothing that a notice can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a thing is named product:MARK, model:NAME, maker:NAME or device:SIGN")]
pub struct MeantError;

impl FromStr for Meant {
    type Err = MeantError;

    fn from_str(text: &str) -> Result<Self, MeantError> {
        let (kind, name) = text.split_once(':').ok_or(MeantError)?;
        if name.is_empty() {
            return Err(MeantError);
        }
        Ok(match kind {
            "product" => Self::Product(name.to_owned()),
            "model" => Self::Model(name.to_owned()),
            "maker" => Self::Maker(name.to_owned()),
            "device" => Self::Device(name.parse().map_err(|_| MeantError)?),
            _ => return Err(MeantError),
        })
    }
}
