//! Encryption with a passphrase: argon2id (RFC 9106) makes the key, XChaCha20-Poly1305 in the STREAM construction seals the chunks.
//!
//! STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) numbers the chunks and marks the last one, so that none can be left out,
//! repeated or cut off at the end. Why these libraries: `docs/decisions/`.

use aead_stream::{DecryptorBE32, EncryptorBE32};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::Payload;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::BackupError;

/// What the seal adds to each chunk: the tag of Poly1305.
pub(super) const TAG_BYTES: usize = 16;

/// Random bytes that begin each nonce: 24, less four for the number and one for the mark of the last.
pub(super) const NONCE_BYTES: usize = 19;

/// Random bytes that keep two keys of one passphrase apart (RFC 9106, 3.1).
pub(super) const SALT_BYTES: usize = 16;

/// How much work it is to make the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Work {
    /// The second recommended choice of RFC 9106, 4: 64 MiB, which an old PC of 4 GB can spare.
    pub(super) const USUAL: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// The most a file may ask for: 1 GiB and a few seconds, whoever wrote it.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

    fn is_bearable(self) -> bool {
        self.memory_kib <= Self::MOST.memory_kib
            && self.passes <= Self::MOST.passes
            && self.lanes <= Self::MOST.lanes
    }
}

/// A passphrase, wiped from memory when it is dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The passphrase `text`, in Unicode's form NFC: the same letters typed on another system open the backup there.
    pub fn new(text: impl Into<String>) -> Self {
        let typed = Zeroizing::new(text.into());
        Self(Zeroizing::new(typed.nfc().collect()))
    }

    /// How many characters it has.
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// `None` where the work asked for is none that argon2 knows, or more than anyone would ask for.
    fn key(&self, salt: &[u8], work: Work) -> Option<Zeroizing<[u8; 32]>> {
        let params = Params::new(work.memory_kib, work.passes, work.lanes, Some(32)).ok();
        let params = params.filter(|_| work.is_bearable())?;
        let mut key = Zeroizing::new([0; 32]);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(self.0.as_bytes(), salt, key.as_mut()).ok()?;
        Some(key)
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// What the header keeps so that the passphrase gives the same key again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lock {
    pub(super) work: Work,
    pub(super) salt: [u8; SALT_BYTES],
    pub(super) nonce: [u8; NONCE_BYTES],
}

impl Lock {
    /// A lock that was never used before.
    pub(super) fn new(salt: [u8; SALT_BYTES]) -> Result<Self, BackupError> {
        let mut nonce = [0; NONCE_BYTES];
        fill_at_random(&mut nonce)?;
        Ok(Self { work: Work::USUAL, salt, nonce })
    }

    fn cipher(&self, passphrase: &Passphrase) -> Option<XChaCha20Poly1305> {
        let key = passphrase.key(&self.salt, self.work)?;
        XChaCha20Poly1305::new_from_slice(key.as_ref()).ok()
    }
}

/// Fills `bytes` from the operating system.
pub(super) fn fill_at_random(bytes: &mut [u8]) -> Result<(), BackupError> {
    getrandom::fill(bytes).map_err(|_| BackupError::Random)
}

/// Seals chunks, one after the other; the last one ends it.
pub(super) struct Sealer(Option<EncryptorBE32<XChaCha20Poly1305>>);

impl Sealer {
    pub(super) fn new(lock: &Lock, passphrase: &Passphrase) -> Result<Self, BackupError> {
        let cipher = lock.cipher(passphrase).ok_or(BackupError::Random)?;
        Ok(Self(Some(EncryptorBE32::from_aead(cipher, &lock.nonce.into()))))
    }

    /// The sealed chunk; `beside` is bound to it without being kept in it.
    pub(super) fn seal(
        &mut self,
        chunk: &[u8],
        beside: &[u8],
        last: bool,
    ) -> Result<Vec<u8>, BackupError> {
        let payload = Payload { msg: chunk, aad: beside };
        let sealed = if last {
            self.0.take().and_then(|stream| stream.encrypt_last(payload).ok())
        } else {
            self.0.as_mut().and_then(|stream| stream.encrypt_next(payload).ok())
        };
        // Only a stream of more than 2^32 chunks, 4 PiB, comes here.
        sealed.ok_or(BackupError::Random)
    }
}

/// Opens what a [`Sealer`] sealed, in the same order.
pub(super) struct Opener(Option<DecryptorBE32<XChaCha20Poly1305>>);

impl Opener {
    /// `None` where the lock asks for a work that nobody would have asked for.
    pub(super) fn new(lock: &Lock, passphrase: &Passphrase) -> Option<Self> {
        let cipher = lock.cipher(passphrase)?;
        Some(Self(Some(DecryptorBE32::from_aead(cipher, &lock.nonce.into()))))
    }

    /// The chunk; `None` where it was not sealed so with this passphrase.
    pub(super) fn open(&mut self, sealed: &[u8], beside: &[u8], last: bool) -> Option<Vec<u8>> {
        let payload = Payload { msg: sealed, aad: beside };
        if last {
            self.0.take()?.decrypt_last(payload).ok()
        } else {
            self.0.as_mut()?.decrypt_next(payload).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let work = Work { memory_kib: 64, passes: 1, lanes: 1 };
        Lock { work, salt: [7; SALT_BYTES], nonce: [9; NONCE_BYTES] }
    }

    #[test]
    fn what_was_sealed_opens_in_its_order_and_with_its_passphrase_only() {
        let right = Passphrase::new("正しい合言葉");
        let mut sealer = Sealer::new(&lock(), &right).unwrap();
        let one = sealer.seal(b"one", b"1", false).unwrap();
        let two = sealer.seal(b"two", b"2", true).unwrap();
        let open = |passphrase: &str| Opener::new(&lock(), &Passphrase::new(passphrase)).unwrap();
        let mut opener = open("正しい合言葉");
        assert_eq!(opener.open(&one, b"1", false).as_deref(), Some(&b"one"[..]));
        assert_eq!(opener.open(&two, b"2", true).as_deref(), Some(&b"two"[..]));
        assert_eq!(open("別の合言葉").open(&one, b"1", false), None);
        assert_eq!(open("正しい合言葉").open(&two, b"2", true), None, "one is left out");
        assert_eq!(open("正しい合言葉").open(&one, b"1", true), None, "cut off after one");
        assert_eq!(open("正しい合言葉").open(&one, b"2", false), None, "under another head");
    }

    #[test]
    fn the_same_letters_typed_on_another_system_are_the_same_passphrase() {
        assert_eq!(Passphrase::new("か\u{3099}ラス"), Passphrase::new("がラス"));
        assert!(Passphrase::new(" ").is_empty());
        assert_eq!(format!("{:?}", Passphrase::new("secret")), "Passphrase");
    }

    #[test]
    fn a_file_cannot_ask_for_endless_work() {
        let mut greedy = lock();
        greedy.work = Work { memory_kib: u32::MAX, passes: 1, lanes: 1 };
        assert!(Opener::new(&greedy, &Passphrase::new("x")).is_none());
        greedy.work = Work { memory_kib: 64, passes: u32::MAX, lanes: 1 };
        assert!(Opener::new(&greedy, &Passphrase::new("x")).is_none());
        greedy.work = Work { memory_kib: 0, passes: 0, lanes: 0 };
        assert!(Opener::new(&greedy, &Passphrase::new("x")).is_none());
    }
}
