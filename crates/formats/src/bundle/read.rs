//! Reading a bundle: first whose it is, then entry by entry, each checked whole.

use std::io::{ErrorKind, Read, Write};

use super::{BundleFault, Digester, Entry, Front, MAGIC, Manifest, PublicKey, Signature};

/// Bytes taken at once.
const PIECE: usize = 64 << 10;

/// A bundle whose signature is genuine, with its entries still to be read.
#[derive(Debug)]
pub struct Bundle<R> {
    from: R,
    key: PublicKey,
    manifest: Manifest,
    next: usize,
}

/// Whether something that begins so says it is a bundle.
pub fn is_bundle(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

impl<R: Read> Bundle<R> {
    /// Reads up to the content. `genuine` is asked whether the signature is that of the key over what was signed.
    ///
    /// # Errors
    ///
    /// Why it cannot be used.
    pub fn open(
        mut from: R,
        genuine: impl FnOnce(&Front, &Signature) -> bool,
    ) -> Result<Self, BundleFault> {
        let (front, signature) = Front::read(&mut from)?;
        // What nobody signed is not even looked at.
        if !genuine(&front, &signature) {
            return Err(BundleFault::Forged);
        }
        Ok(Self { from, key: front.key(), manifest: front.manifest()?, next: 0 })
    }

    /// The key that signed it.
    pub fn key(&self) -> PublicKey {
        self.key
    }

    /// What is in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The entry that is read next; none where all were.
    pub fn next_entry(&self) -> Option<&Entry> {
        self.manifest.entries.get(self.next)
    }

    /// Copies the next entry to `to`. Only when this returns is what was written what was signed, and may be used. None where all
    /// were read, and nothing follows them.
    ///
    /// # Errors
    ///
    /// Why the bundle cannot be used: what was written then, now and before, may not be either.
    pub fn copy_next(&mut self, to: &mut dyn Write) -> Result<Option<Entry>, BundleFault> {
        let Some(entry) = self.next_entry().cloned() else {
            return self.at_end().map(|()| None);
        };
        self.next += 1;
        let mut digester = Digester::default();
        let mut piece = vec![0; PIECE];
        let mut left = entry.size;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let Some(piece) = piece.get_mut(..most) else { break };
            let read = read_some(&mut self.from, piece)?;
            let bytes = piece.get(..read).unwrap_or_default();
            digester.update(bytes);
            to.write_all(bytes).map_err(BundleFault::Unwritten)?;
            left = left.saturating_sub(read as u64);
        }
        if digester.finish() != entry.digest {
            return Err(BundleFault::Damaged(entry.name));
        }
        Ok(Some(entry))
    }

    fn at_end(&mut self) -> Result<(), BundleFault> {
        match read_some(&mut self.from, &mut [0]) {
            Err(BundleFault::Cut) => Ok(()),
            Ok(_) => Err(BundleFault::Longer),
            Err(fault) => Err(fault),
        }
    }
}

/// Reads at least one byte; an end is a cut.
fn read_some(from: &mut impl Read, piece: &mut [u8]) -> Result<usize, BundleFault> {
    loop {
        match from.read(piece) {
            Ok(0) => return Err(BundleFault::Cut),
            Ok(read) => return Ok(read),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(BundleFault::reading(error)),
        }
    }
}
