//! Making a backup, while others read and write.

use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;

use super::chunks::{ChunkReader, ChunkWriter, FORMAT};
use super::place::Part;
use super::prove::{Proven, prove_privately};
use super::{BackupError, Manifest, Passphrase};
use crate::Store;
use crate::sqlite::Snapshot;

/// How a backup is to be made.
#[derive(Debug, Clone)]
pub struct BackupOptions {
    /// The facility it is asked for.
    pub facility: String,
    /// Now.
    pub now: Timestamp,
    /// Name and version of the program.
    pub program: String,
    /// With what it is encrypted.
    pub passphrase: Option<Passphrase>,
    /// Whether it may take the place of a file that stands there.
    pub force: bool,
}

/// A backup that was made, proven, and put in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// What was proven of it.
    pub proven: Proven,
    /// Whether it took the place of another file.
    pub replaced: bool,
}

impl Store {
    /// Writes every record of every facility, as of one moment, into a file at `out`.
    ///
    /// The file is written under another name beside it, brought to the disk, read again and proven whole as
    /// [`super::verify_backup`] does, and only then put in its place. Others may read and write meanwhile.
    ///
    /// # Errors
    ///
    /// [`BackupError::Exists`] where a file stands there and `force` is not set; and where nothing can be written or read. No
    /// file is left behind then.
    pub fn create_backup(
        &self,
        out: &Path,
        options: &BackupOptions,
    ) -> Result<Created, BackupError> {
        let stands = stands(out, options.force)?;
        let part = Part::beside(out)?;
        let named = |error: BackupError| error.writing(out);
        let manifest = self.snapshot(|snapshot| write(snapshot, &part, options)).map_err(named)?;
        let written = part.written().map_err(BackupError::from).map_err(named)?;
        let chunks = ChunkReader::new(BufReader::new(written), options.passphrase.as_ref())?;
        let proven = prove_privately(chunks)?;
        if proven.manifest != manifest {
            let (expected, found) = (manifest.digest, proven.manifest.digest);
            return Err(BackupError::Unfaithful { expected, found });
        }
        part.put(out, options.force).map_err(named)?;
        Ok(Created { proven, replaced: stands })
    }
}

/// Whether a file stands at `out` that may be replaced.
fn stands(out: &Path, force: bool) -> Result<bool, BackupError> {
    let Ok(metadata) = out.symlink_metadata() else { return Ok(false) };
    match (force, metadata.is_file()) {
        (false, _) => Err(BackupError::Exists { path: out.to_owned() }),
        // A folder, a device or a link is never taken away, whoever asks.
        (true, false) => Err(BackupError::NoFile { path: out.to_owned() }),
        (true, true) => Ok(true),
    }
}

fn write(
    snapshot: Snapshot,
    part: &Part,
    options: &BackupOptions,
) -> (Snapshot, Result<Manifest, BackupError>) {
    let (snapshot, marks) = snapshot.marks();
    let written = marks.map_err(BackupError::from).and_then(|facilities| {
        let out = BufWriter::new(part.file()?);
        let mut chunks = ChunkWriter::new(out, options.passphrase.as_ref())?;
        let tally = snapshot.write(&mut chunks)?;
        let manifest = Manifest {
            format: FORMAT,
            program: options.program.clone(),
            created_at: options.now,
            facility: options.facility.clone(),
            step: tally.step,
            digest: tally.digest,
            records: tally.tables.values().sum(),
            bytes: tally.bytes,
            tables: tally.tables,
            facilities,
        };
        let (_, mut out) = chunks.finish(&manifest.to_json())?;
        out.flush()?;
        Ok(manifest)
    });
    (snapshot, written)
}
