//! Proving that a backup is whole, by restoring it where nobody sees it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use domain::Digest;
use domain::digest::Digester;

use super::chunks::{ChunkReader, Kind};
use super::{BackupError, Manifest, Passphrase};
use crate::StoreError;
use crate::sqlite::{Pull, Snapshot, Tally};

/// What was proven of a backup: every chunk, every record, and that the records can be filled into a database again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// What it says of itself, which is true.
    pub manifest: Manifest,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// How many chunks it has.
    pub chunks: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Evidence that was damaged already when the backup was made.
    pub damaged_evidence: Vec<Digest>,
}

/// Proves the backup in `file`, and leaves nothing behind.
///
/// Every chunk is read and its checksum proven; the records are filled into a private database, whose digest of all records and
/// whose chains must be the ones of the manifest. Takes disk space for the database in the system's folder for temporary files.
///
/// # Errors
///
/// What is wrong with the file, or why it cannot be read.
pub fn verify_backup(file: &Path, passphrase: Option<&Passphrase>) -> Result<Proven, BackupError> {
    prove_privately(open(file, passphrase)?).map_err(|error| error.reading(file))
}

/// Whether the backup in `file` opens with a passphrase only. `false` also where it cannot be read: reading it says why.
pub fn is_encrypted(file: &Path) -> bool {
    matches!(open(file, None), Err(BackupError::PassphraseNeeded))
}

/// Proves a backup in a database that nobody sees.
pub(super) fn prove_privately(chunks: Chunks) -> Result<Proven, BackupError> {
    let empty = Snapshot::private().map_err(no_room)?;
    let (_, proven) = prove(chunks, empty);
    proven.map_err(|error| match error {
        BackupError::Store(error) => no_room(error),
        other => other,
    })
}

/// Where the private database cannot be written, it is the folder for temporary files that is full or closed.
fn no_room(error: StoreError) -> BackupError {
    match error {
        StoreError::Full | StoreError::Io { .. } => BackupError::NoRoomToProve,
        other => other.into(),
    }
}

/// A backup whose header was read.
pub(super) type Chunks = ChunkReader<BufReader<File>>;

/// Opens the file and reads its header.
pub(super) fn open(file: &Path, passphrase: Option<&Passphrase>) -> Result<Chunks, BackupError> {
    let named = |error: BackupError| error.reading(file);
    // Asked before opening: a pipe that nobody writes to would be waited for without end.
    let metadata = std::fs::metadata(file).map_err(BackupError::from).map_err(named)?;
    if metadata.is_dir() {
        return Err(named(io::Error::from(io::ErrorKind::IsADirectory).into()));
    }
    if !metadata.is_file() {
        return Err(BackupError::NotABackup);
    }
    let input = File::open(file).map_err(BackupError::from).map_err(named)?;
    ChunkReader::new(BufReader::new(input), passphrase).map_err(named)
}

/// Fills `empty` with the records and proves that they are the ones of the manifest.
pub(super) fn prove(chunks: Chunks, empty: Snapshot) -> (Snapshot, Result<Proven, BackupError>) {
    let encrypted = chunks.is_sealed();
    let mut records = Records::new(chunks);
    let filled = empty.fill(&mut records).and_then(|()| records.end());
    let (manifest, digest, (chunks, size)) = match filled {
        Ok(found) => found,
        Err(error) => return (empty, Err(error)),
    };
    if let Err(error) = compare(&empty, &manifest, digest) {
        return (empty, Err(error));
    }
    let (filled, marks) = empty.marks();
    let (filled, damaged) = filled.damaged_evidence();
    let proven = marks.map_err(BackupError::from).and_then(|marks| {
        if marks != manifest.facilities {
            return Err(BackupError::Damaged { chunk: chunks, offset: size });
        }
        Ok(Proven { manifest, encrypted, chunks, size, damaged_evidence: damaged? })
    });
    (filled, proven)
}

/// What was read must be what the manifest names, and what stands in the database too.
fn compare(filled: &Snapshot, manifest: &Manifest, read: Digest) -> Result<(), BackupError> {
    let tally: Tally = filled.write(&mut io::sink())?;
    let expected = manifest.digest;
    if let Some(found) = [read, tally.digest].into_iter().find(|found| *found != expected) {
        return Err(BackupError::Unfaithful { expected, found });
    }
    Ok(())
}

/// The records of a backup as one run of bytes, hashed as they are taken.
struct Records<R> {
    chunks: ChunkReader<R>,
    digester: Digester,
    chunk: Vec<u8>,
    used: usize,
    joined: Vec<u8>,
}

impl<R: Read> Records<R> {
    fn new(chunks: ChunkReader<R>) -> Self {
        Self {
            chunks,
            digester: Digester::default(),
            chunk: Vec::new(),
            used: 0,
            joined: Vec::new(),
        }
    }

    /// The manifest, the digest of what was taken, and chunks and bytes of the file. Nothing may stand between.
    fn end(mut self) -> Result<(Manifest, Digest, (u64, u64)), BackupError> {
        if self.used < self.chunk.len() {
            return Err(self.chunks.damaged());
        }
        match self.chunks.next()? {
            (Kind::Manifest, json) => {
                let manifest = Manifest::from_json(&json).ok_or_else(|| self.chunks.damaged())?;
                Ok((manifest, self.digester.finish(), self.chunks.read_so_far()))
            }
            (Kind::Records, _) => Err(self.chunks.damaged()),
        }
    }

    /// Reads on where the chunk is used up.
    fn read_on(&mut self) -> Result<(), BackupError> {
        while self.used == self.chunk.len() {
            match self.chunks.next()? {
                (Kind::Records, chunk) => (self.chunk, self.used) = (chunk, 0),
                (Kind::Manifest, _) => return Err(self.chunks.damaged()),
            }
        }
        Ok(())
    }
}

impl<R: Read> Pull for Records<R> {
    fn take(&mut self, count: usize) -> Result<&[u8], BackupError> {
        let end = self.used.saturating_add(count);
        if end <= self.chunk.len() {
            let taken = self.chunk.get(self.used..end).unwrap_or_default();
            self.used = end;
            self.digester.update(taken);
            return Ok(taken);
        }
        self.joined.clear();
        while self.joined.len() < count {
            self.read_on()?;
            let rest = self.chunk.get(self.used..).unwrap_or_default();
            let taken = rest.get(..count - self.joined.len()).unwrap_or(rest);
            self.joined.extend_from_slice(taken);
            self.used += taken.len();
        }
        self.digester.update(&self.joined);
        Ok(&self.joined)
    }

    fn damaged(&self) -> BackupError {
        self.chunks.damaged()
    }
}
