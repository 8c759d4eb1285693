//! What can go wrong with a bundle of feeds.

use std::io;
use std::path::{Path, PathBuf};

use domain::{Message, msg};
use formats::bundle::BundleFault;
use jiff::Timestamp;

/// Why a bundle was not made, or not opened.
#[derive(Debug, thiserror::Error)]
pub enum FeedBundleError {
    /// It is not whole, not genuine, or not a bundle.
    #[error("`{path}` cannot be used")]
    Fault {
        /// The bundle.
        path: PathBuf,
        /// Why.
        fault: BundleFault,
    },
    /// Nobody here has confirmed the key that signed it.
    #[error("the key {fingerprint} is not known here")]
    UnknownKey {
        /// The bundle.
        path: PathBuf,
        /// The key.
        fingerprint: String,
    },
    /// The key that was confirmed is not the one that signed it.
    #[error("the key is {fingerprint}, not {given}")]
    OtherKey {
        /// What was confirmed.
        given: String,
        /// The key that signed it.
        fingerprint: String,
    },
    /// It is older than the last that was taken from its key.
    #[error("it is of {made_at}, and one of {last} was taken before")]
    Older {
        /// When it was made.
        made_at: Timestamp,
        /// When the last was made.
        last: Timestamp,
    },
    /// It was made in the future, by the clock of this PC.
    #[error("it is of {made_at}, which has not come yet")]
    Ahead {
        /// When it was made.
        made_at: Timestamp,
    },
    /// There is no key of this fingerprint.
    #[error("no key {0} is known here")]
    NoKey(String),
    /// The disk does not hold it.
    #[error("{needed} bytes do not fit")]
    NoSpace {
        /// What is needed, in bytes.
        needed: u64,
        /// What is free, in bytes.
        free: u64,
    },
    /// Another one is being opened.
    #[error("another bundle is being opened")]
    AtWork,
    /// There is nothing to put into it.
    #[error("there is nothing to put into it")]
    Nothing,
    /// A file cannot be called so in a bundle, or two are called the same.
    #[error("`{0}` cannot stand in a bundle under its name")]
    Name(PathBuf),
    /// There is more than a bundle holds.
    #[error("it would be too much")]
    TooMuch,
    /// A file changed while the bundle was made.
    #[error("`{0}` changed meanwhile")]
    Changed(PathBuf),
    /// The secret key would have gone into the bundle.
    #[error("the secret key `{0}` is among the files")]
    KeyAmong(PathBuf),
    /// The file of the key holds something else.
    #[error("`{0}` is no key")]
    NotAKey(PathBuf),
    /// Something else stands where the bundle was to be.
    #[error("`{0}` is something else")]
    Taken(PathBuf),
    /// No key could be made.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// A file cannot be read.
    #[error("`{path}` cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A file cannot be written.
    #[error("`{path}` cannot be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

impl FeedBundleError {
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |cause| Self::Read { path, cause }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |cause| Self::Write { path, cause }
    }

    pub(super) fn fault(path: &Path) -> impl FnOnce(BundleFault) -> Self + use<> {
        let path = path.to_owned();
        move |fault| Self::Fault { path, fault }
    }

    /// The sentence for the user.
    pub fn message(&self) -> Message {
        match self {
            Self::Fault { path, fault } => fault.message(&shown(path)),
            Self::UnknownKey { path, fingerprint } => {
                msg!("bundle.unknown_key", path = shown(path), fingerprint = fingerprint)
            }
            Self::OtherKey { given, fingerprint } => {
                msg!("bundle.other_key", given = given, fingerprint = fingerprint)
            }
            Self::Older { made_at, last } => {
                msg!("bundle.older", made_at = clock(*made_at), last = clock(*last))
            }
            Self::Ahead { made_at } => {
                msg!("bundle.ahead", made_at = clock(*made_at))
            }
            Self::NoKey(fingerprint) => msg!("bundle.no_key", fingerprint = fingerprint),
            Self::NoSpace { needed, free } => {
                msg!("bundle.no_space", needed = needed.div_ceil(1 << 20), free = free >> 20)
            }
            Self::AtWork => msg!("bundle.at_work"),
            Self::NoRandom => msg!("bundle.no_random"),
            _ => self.message_of_making(),
        }
    }

    /// The sentences on files.
    fn message_of_making(&self) -> Message {
        match self {
            Self::Name(path) => msg!("bundle.name", path = shown(path)),
            Self::TooMuch => msg!("bundle.too_much"),
            Self::Changed(path) => msg!("bundle.changed", path = shown(path)),
            Self::KeyAmong(path) => msg!("bundle.key_among", path = shown(path)),
            Self::NotAKey(path) => msg!("bundle.not_a_key", path = shown(path)),
            Self::Taken(path) => msg!("bundle.taken", path = shown(path)),
            Self::Read { path, cause } => {
                msg!("bundle.read", path = shown(path), cause = cause.to_string())
            }
            Self::Write { path, cause } => {
                msg!("bundle.write", path = shown(path), cause = cause.to_string())
            }
            _ => msg!("bundle.nothing"),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The minute, in Japan.
fn clock(at: Timestamp) -> String {
    engine::known::JAPAN.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
