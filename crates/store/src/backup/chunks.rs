//! The file: a header, then chunks, each compressed where that helps, sealed on wish, and with a checksum.
//!
//! Numbers are big-endian. Nothing in a file is believed before its checksum is proven, and no length in it makes the reader
//! hold more than two chunks.

use std::io::{self, ErrorKind, Read, Write};

use domain::Digest;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::BackupError;
use super::seal::{
    Lock, NONCE_BYTES, Opener, Passphrase, SALT_BYTES, Sealer, TAG_BYTES, Work, fill_at_random,
};

/// What every backup begins with, whatever its format.
const MAGIC: &[u8; 16] = b"mimawari-backup\n";

/// Raised whenever an older program could not read the file.
pub(super) const FORMAT: u16 = 1;

/// The most that a chunk holds before it is compressed.
const CHUNK_BYTES: usize = 1024 * 1024;

/// The most that the words of the header take, in whatever format.
const HEADER_BYTES: usize = 4096;

const SUM_BYTES: usize = 32;

/// A chunk's head: what it is (1), how it is packed (1), its length as it was (4) and as it stands (4), and a checksum of these (8).
const HEAD_BYTES: usize = 18;

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A piece of the records.
    Records = 1,
    /// The manifest, which is the last chunk.
    Manifest = 2,
}

/// Writes a backup. What is written as records is cut into chunks; [`ChunkWriter::finish`] adds the manifest.
pub(super) struct ChunkWriter<W> {
    out: W,
    file: Digest,
    sealer: Option<Sealer>,
    pending: Vec<u8>,
    chunks: u64,
}

impl<W: Write> ChunkWriter<W> {
    /// Writes the header.
    pub(super) fn new(mut out: W, passphrase: Option<&Passphrase>) -> Result<Self, BackupError> {
        let mut mark = [0; SALT_BYTES];
        fill_at_random(&mut mark)?;
        let lock = passphrase.map(|_| Lock::new(mark)).transpose()?;
        let header = header(mark, lock.as_ref());
        let file = Digest::of(&header);
        out.write_all(&header)?;
        out.write_all(&file.0)?;
        let sealer = match (&lock, passphrase) {
            (Some(lock), Some(passphrase)) => Some(Sealer::new(lock, passphrase)?),
            _ => None,
        };
        Ok(Self { out, file, sealer, pending: Vec::with_capacity(CHUNK_BYTES), chunks: 0 })
    }

    /// Writes what is pending, then `manifest`, and gives the number of chunks and what is written to.
    pub(super) fn finish(mut self, manifest: &[u8]) -> Result<(u64, W), BackupError> {
        self.write_pending()?;
        self.write_chunk(Kind::Manifest, manifest)?;
        self.out.flush()?;
        Ok((self.chunks, self.out))
    }

    fn write_pending(&mut self) -> Result<(), BackupError> {
        if !self.pending.is_empty() {
            let chunk = std::mem::take(&mut self.pending);
            self.write_chunk(Kind::Records, &chunk)?;
            self.pending = chunk;
            self.pending.clear();
        }
        Ok(())
    }

    fn write_chunk(&mut self, kind: Kind, chunk: &[u8]) -> Result<(), BackupError> {
        let packed = pack(chunk)?;
        let body = packed.as_deref().unwrap_or(chunk);
        let seal = if self.sealer.is_some() { TAG_BYTES } else { 0 };
        let head = head(kind, packed.is_some(), chunk.len(), body.len() + seal);
        let sealed = match &mut self.sealer {
            Some(sealer) => {
                Some(sealer.seal(body, &beside(self.file, &head), kind == Kind::Manifest)?)
            }
            None => None,
        };
        let body = sealed.as_deref().unwrap_or(body);
        self.out.write_all(&head)?;
        self.out.write_all(body)?;
        self.out.write_all(&sum(self.file, self.chunks + 1, &head, body).0)?;
        self.chunks += 1;
        Ok(())
    }
}

impl<W: Write> Write for ChunkWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(CHUNK_BYTES - self.pending.len());
        let (now, _) = bytes.split_at(taken);
        self.pending.extend_from_slice(now);
        if self.pending.len() == CHUNK_BYTES {
            self.write_pending().map_err(|error| match error {
                BackupError::Io(error) => error,
                other => io::Error::other(other),
            })?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a backup, proving each chunk before it gives it away.
pub(super) struct ChunkReader<R> {
    input: Counted<R>,
    file: Digest,
    opener: Option<Opener>,
    sealed: bool,
    chunks: u64,
    ended: bool,
}

impl<R: Read> ChunkReader<R> {
    /// Reads the header, and makes the key where the backup is encrypted.
    pub(super) fn new(input: R, passphrase: Option<&Passphrase>) -> Result<Self, BackupError> {
        let mut input = Counted { input, at: 0 };
        let (file, lock) = read_header(&mut input)?;
        let opener = match (lock, passphrase) {
            (None, _) => None,
            (Some(_), None) => return Err(BackupError::PassphraseNeeded),
            (Some(lock), Some(passphrase)) => {
                Some(Opener::new(&lock, passphrase).ok_or(HEADER_DAMAGED)?)
            }
        };
        let sealed = opener.is_some();
        Ok(Self { input, file, opener, sealed, chunks: 0, ended: false })
    }

    /// Whether the backup is encrypted.
    pub(super) fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// How many chunks were read, and how many bytes.
    pub(super) fn read_so_far(&self) -> (u64, u64) {
        (self.chunks, self.input.at)
    }

    /// The error of a chunk whose content is wrong although its checksum holds.
    pub(super) fn damaged(&self) -> BackupError {
        BackupError::Damaged { chunk: self.chunks, offset: self.input.at }
    }

    /// The next chunk; after the manifest the file must end.
    pub(super) fn next(&mut self) -> Result<(Kind, Vec<u8>), BackupError> {
        let at = self.input.at;
        self.chunks += 1;
        let damaged = BackupError::Damaged { chunk: self.chunks, offset: at };
        if self.ended {
            return Err(damaged);
        }
        let mut head = [0; HEAD_BYTES];
        self.input.fill(&mut head)?;
        let Some(read) = Head::read(&head, self.sealed) else { return Err(damaged) };
        let mut body = vec![0; read.stored];
        self.input.fill(&mut body)?;
        let mut expected = [0; SUM_BYTES];
        self.input.fill(&mut expected)?;
        if sum(self.file, self.chunks, &head, &body).0 != expected {
            return Err(damaged);
        }
        self.ended = read.kind == Kind::Manifest;
        let body = self.open(body, &head)?;
        let chunk = unpack(body, &read).ok_or(damaged)?;
        if self.ended {
            self.refuse_more()?;
        }
        Ok((read.kind, chunk))
    }

    fn open(&mut self, body: Vec<u8>, head: &[u8; HEAD_BYTES]) -> Result<Vec<u8>, BackupError> {
        let Some(opener) = &mut self.opener else { return Ok(body) };
        match opener.open(&body, &beside(self.file, head), self.ended) {
            Some(body) => Ok(body),
            // The checksum holds: what does not open was sealed with another passphrase.
            None if self.chunks == 1 => Err(BackupError::WrongPassphrase),
            None => Err(self.damaged()),
        }
    }

    fn refuse_more(&mut self) -> Result<(), BackupError> {
        let offset = self.input.at;
        let mut more = [0; 1];
        match self.input.fill(&mut more) {
            Err(BackupError::Truncated { .. }) => Ok(()),
            Err(other) => Err(other),
            Ok(()) => Err(BackupError::Damaged { chunk: self.chunks + 1, offset }),
        }
    }
}

const HEADER_DAMAGED: BackupError = BackupError::Damaged { chunk: 0, offset: 0 };

/// Counts what is read, and tells where a file ends too early.
struct Counted<R> {
    input: R,
    at: u64,
}

impl<R: Read> Counted<R> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.input.read(rest) {
                Ok(0) => return Err(BackupError::Truncated { offset: self.at }),
                Ok(read) => {
                    self.at += read as u64;
                    rest = rest.get_mut(read..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn header(mark: [u8; SALT_BYTES], lock: Option<&Lock>) -> Vec<u8> {
    let mut words = vec![u8::from(lock.is_some())];
    words.extend(mark);
    if let Some(lock) = lock {
        for number in [lock.work.memory_kib, lock.work.passes, lock.work.lanes] {
            words.extend(number.to_be_bytes());
        }
        words.extend(lock.nonce);
    }
    let mut header = MAGIC.to_vec();
    header.extend(FORMAT.to_be_bytes());
    header.extend((words.len() as u16).to_be_bytes());
    header.extend(words);
    header
}

/// The header's digest, which every chunk is bound to, and the lock where the backup is encrypted.
///
/// Where the words of the header begin and end, and that a checksum follows, is the same in every format: whether a file is
/// newer or damaged can be told of each.
fn read_header<R: Read>(input: &mut Counted<R>) -> Result<(Digest, Option<Lock>), BackupError> {
    let mut header = vec![0; MAGIC.len()];
    if let Err(error) = input.fill(&mut header) {
        let begun = header.get(..input.at as usize).unwrap_or_default();
        return Err(if MAGIC.starts_with(begun) { error } else { BackupError::NotABackup });
    }
    if header != MAGIC {
        return Err(BackupError::NotABackup);
    }
    let [mut format, mut length] = [[0; 2]; 2];
    input.fill(&mut format)?;
    input.fill(&mut length)?;
    let words = usize::from(u16::from_be_bytes(length));
    if words > HEADER_BYTES {
        return Err(HEADER_DAMAGED);
    }
    let mut words = vec![0; words];
    input.fill(&mut words)?;
    header.extend(format);
    header.extend(length);
    header.extend(&words);
    let mut expected = [0; SUM_BYTES];
    input.fill(&mut expected)?;
    let file = Digest::of(&header);
    if file.0 != expected {
        return Err(HEADER_DAMAGED);
    }
    if u16::from_be_bytes(format) > FORMAT {
        return Err(BackupError::Newer);
    }
    let lock = lock(&words).ok_or(HEADER_DAMAGED)?;
    Ok((file, lock))
}

/// The lock that the words of the header tell of; `None` where they are none of this format.
fn lock(words: &[u8]) -> Option<Option<Lock>> {
    let (sealed, rest) = words.split_first()?;
    let (salt, rest) = rest.split_first_chunk::<SALT_BYTES>()?;
    match (sealed, rest.is_empty()) {
        (0, true) => return Some(None),
        (1, false) => {}
        _ => return None,
    }
    let (memory, rest) = rest.split_first_chunk::<4>()?;
    let (passes, rest) = rest.split_first_chunk::<4>()?;
    let (lanes, rest) = rest.split_first_chunk::<4>()?;
    let nonce: [u8; NONCE_BYTES] = rest.try_into().ok()?;
    let work = Work {
        memory_kib: u32::from_be_bytes(*memory),
        passes: u32::from_be_bytes(*passes),
        lanes: u32::from_be_bytes(*lanes),
    };
    Some(Some(Lock { work, salt: *salt, nonce }))
}

/// A chunk's head, proven.
struct Head {
    kind: Kind,
    packed: bool,
    plain: usize,
    stored: usize,
}

impl Head {
    fn read(head: &[u8; HEAD_BYTES], sealed: bool) -> Option<Self> {
        let (words, check) = head.split_at(HEAD_BYTES - 8);
        if Digest::of(words).0.get(..8) != Some(check) {
            return None;
        }
        let ([kind, packed], rest) = words.split_first_chunk::<2>()?;
        let (plain, stored) = rest.split_first_chunk::<4>()?;
        let read = Self {
            kind: match kind {
                1 => Kind::Records,
                2 => Kind::Manifest,
                _ => return None,
            },
            packed: *packed == 1,
            plain: u32::from_be_bytes(*plain) as usize,
            stored: u32::from_be_bytes(stored.try_into().ok()?) as usize,
        };
        let seal = if sealed { TAG_BYTES } else { 0 };
        let fits = read.plain <= CHUNK_BYTES && read.stored <= CHUNK_BYTES + seal && *packed < 2;
        fits.then_some(read)
    }
}

fn head(kind: Kind, packed: bool, plain: usize, stored: usize) -> [u8; HEAD_BYTES] {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    head.extend([kind as u8, u8::from(packed)]);
    // Neither is more than a chunk and a seal.
    head.extend((plain as u32).to_be_bytes());
    head.extend((stored as u32).to_be_bytes());
    let check = Digest::of(&head);
    head.extend(check.0.iter().take(8));
    let mut array = [0; HEAD_BYTES];
    array.iter_mut().zip(head).for_each(|(to, from)| *to = from);
    array
}

/// What a sealed chunk is bound to: its file and its head.
fn beside(file: Digest, head: &[u8; HEAD_BYTES]) -> Vec<u8> {
    [file.0.as_slice(), head].concat()
}

/// A chunk's checksum, over its file, its number, its head and its body as they stand: a chunk of another file or place is none.
fn sum(file: Digest, number: u64, head: &[u8; HEAD_BYTES], body: &[u8]) -> Digest {
    Digest::of_parts([file.0.as_slice(), &number.to_be_bytes(), head, body])
}

/// The deflated chunk, where that saves at least a sixteenth.
fn pack(chunk: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(chunk.len() / 2), Compression::fast());
    encoder.write_all(chunk)?;
    let packed = encoder.finish()?;
    Ok((packed.len() < chunk.len() - chunk.len() / 16).then_some(packed))
}

fn unpack(body: Vec<u8>, head: &Head) -> Option<Vec<u8>> {
    if !head.packed {
        return (body.len() == head.plain).then_some(body);
    }
    let mut chunk = Vec::with_capacity(head.plain);
    let decoder = DeflateDecoder::new(body.as_slice());
    decoder.take(head.plain as u64 + 1).read_to_end(&mut chunk).ok()?;
    (chunk.len() == head.plain).then_some(chunk)
}

#[cfg(test)]
mod tests;
