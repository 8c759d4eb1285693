//! The key that signs: made on first use, kept by its owner, and by nobody else.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use formats::bundle::{Front, PublicKey, Signature};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::FeedBundleError;

/// A key in PKCS#8 takes 83 bytes (RFC 5958, RFC 8410); what is longer than this is none.
const MOST_KEY: u64 = 200;

/// The secret key of whoever makes bundles.
pub(super) struct SecretKey {
    pair: Ed25519KeyPair,
    /// Whether it was made just now.
    pub(super) is_new: bool,
}

impl SecretKey {
    /// The key in the file, made where there is none yet.
    pub(super) fn at(path: &Path) -> Result<Self, FeedBundleError> {
        match Self::in_file(path) {
            Err(FeedBundleError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
                Self::make(path)
            }
            other => other,
        }
    }

    fn in_file(path: &Path) -> Result<Self, FeedBundleError> {
        let not_one = || FeedBundleError::NotAKey(path.to_owned());
        let bytes = start_of(path)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&bytes).map_err(|_| not_one())?;
        Ok(Self { pair, is_new: false })
    }

    fn make(path: &Path) -> Result<Self, FeedBundleError> {
        let random = |_| FeedBundleError::NoRandom;
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(random)?;
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref())
            .map_err(|_| FeedBundleError::NotAKey(path.to_owned()))?;
        write_secret(path, document.as_ref()).map_err(FeedBundleError::write(path))?;
        Ok(Self { pair, is_new: true })
    }

    /// What everybody may know of it.
    pub(super) fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(self.pair.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey(key)
    }

    /// Signs the front of a bundle (RFC 8032, 5.1.6).
    pub(super) fn sign(&self, front: &Front) -> Signature {
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(self.pair.sign(front.signed()).as_ref()) {
            *to = *from;
        }
        signature
    }
}

/// Whether the signature is that of the key over the front (RFC 8032, 5.1.7).
pub(super) fn is_genuine(front: &Front, signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, front.key().0).verify(front.signed(), signature).is_ok()
}

/// Whether the file holds a secret key, which must never leave in a bundle.
pub(super) fn is_secret(path: &Path) -> Result<bool, FeedBundleError> {
    Ok(Ed25519KeyPair::from_pkcs8_maybe_unchecked(&start_of(path)?).is_ok())
}

fn start_of(path: &Path) -> Result<Vec<u8>, FeedBundleError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(FeedBundleError::read(path))?;
    file.take(MOST_KEY).read_to_end(&mut bytes).map_err(FeedBundleError::read(path))?;
    Ok(bytes)
}

/// Writes what only its owner may read. What stands there is never written over.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
