//! Why a bundle cannot be used.

use std::io;

use domain::{Message, msg};

/// Why a bundle cannot be used. Nothing of it may be.
#[derive(Debug)]
pub enum BundleFault {
    /// It is something else.
    NotOne,
    /// It is of a form that a later program writes.
    Newer(u16),
    /// It ends before its end.
    Cut,
    /// The signature is not that of the key over this manifest.
    Forged,
    /// What was signed is no manifest that may be used.
    Manifest,
    /// An entry is not what was signed.
    Damaged(String),
    /// Something follows after its end.
    Longer,
    /// It could not be read: the stick may have been pulled out.
    Unread(io::Error),
    /// What was read could not be written.
    Unwritten(io::Error),
}

impl BundleFault {
    /// What an error of reading means: an end that comes too early is a cut.
    pub(super) fn reading(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Cut } else { Self::Unread(error) }
    }

    /// The sentence for the user, on the bundle that is shown as `path`.
    pub fn message(&self, path: &str) -> Message {
        match self {
            Self::NotOne => msg!("bundle.not_one", path = path),
            Self::Newer(format) => {
                msg!("bundle.newer", path = path, format = i64::from(*format))
            }
            Self::Cut => msg!("bundle.cut", path = path),
            Self::Forged => msg!("bundle.forged", path = path),
            Self::Manifest => msg!("bundle.manifest", path = path),
            Self::Damaged(name) => msg!("bundle.damaged", path = path, name = name),
            Self::Longer => msg!("bundle.longer", path = path),
            Self::Unread(error) => msg!("bundle.unread", path = path, cause = error.to_string()),
            Self::Unwritten(error) => {
                msg!("bundle.unwritten", path = path, cause = error.to_string())
            }
        }
    }
}
