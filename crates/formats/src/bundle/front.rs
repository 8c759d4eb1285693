//! The front of a bundle: what stands before its content.

use std::io::{self, Read, Write};

use super::{BundleFault, FORMAT, FRONT, MAGIC, MOST_MANIFEST, Manifest, PublicKey, Signature};

/// Bytes before the signature.
const HEAD: usize = FRONT - 64;

/// What is signed: the head, and the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    key: PublicKey,
    signed: Vec<u8>,
}

impl Front {
    /// The front of a bundle of `manifest`, by `key`; none where the manifest may not be used.
    pub fn new(key: PublicKey, manifest: &Manifest) -> Option<Self> {
        Some(Self::around(key, &manifest.write()?))
    }

    /// The front around these bytes of a manifest.
    pub(super) fn around(key: PublicKey, manifest: &[u8]) -> Self {
        let mut signed = MAGIC.to_vec();
        signed.extend(FORMAT.to_le_bytes());
        signed.extend((manifest.len() as u32).to_le_bytes());
        signed.extend(key.0);
        signed.extend(manifest);
        Self { key, signed }
    }

    /// The key that is to have signed.
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// What is to be signed.
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// Writes it with its signature; the content comes after it.
    ///
    /// # Errors
    ///
    /// What `to` says.
    pub fn write(&self, signature: &Signature, to: &mut dyn Write) -> io::Result<()> {
        let (head, manifest) = self.signed.split_at(HEAD.min(self.signed.len()));
        to.write_all(head)?;
        to.write_all(signature)?;
        to.write_all(manifest)
    }

    /// Reads it, with the signature that stands in it. Nothing of it is to be believed yet.
    pub(super) fn read(from: &mut impl Read) -> Result<(Self, Signature), BundleFault> {
        let magic: [u8; 16] = take(from)?;
        if magic != *MAGIC {
            return Err(BundleFault::NotOne);
        }
        let format = u16::from_le_bytes(take(from)?);
        if format != FORMAT {
            return Err(BundleFault::Newer(format));
        }
        let length = u32::from_le_bytes(take(from)?) as usize;
        let key = PublicKey(take(from)?);
        let signature = take(from)?;
        if length > MOST_MANIFEST {
            return Err(BundleFault::Manifest);
        }
        let mut manifest = vec![0; length];
        from.read_exact(&mut manifest).map_err(BundleFault::reading)?;
        Ok((Self::around(key, &manifest), signature))
    }

    /// What is in the bundle, as it was signed.
    pub(super) fn manifest(&self) -> Result<Manifest, BundleFault> {
        self.signed.get(HEAD..).and_then(Manifest::read).ok_or(BundleFault::Manifest)
    }
}

fn take<const N: usize>(from: &mut impl Read) -> Result<[u8; N], BundleFault> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(BundleFault::reading)?;
    Ok(bytes)
}
