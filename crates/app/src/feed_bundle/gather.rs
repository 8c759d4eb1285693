//! Which files go into a bundle.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::digest::Digester;
use formats::bundle::{Entry, MAGIC, Manifest, fits, is_bundle};
use jiff::Timestamp;

use super::{FeedBundleError, key};

/// Bytes taken at once.
const PIECE: usize = 1 << 20;

/// A file that goes into a bundle.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) entry: Entry,
}

/// The files that `paths` name, with their digests: of a folder those in it that are neither hidden, nor parts of a download, nor
/// bundles.
pub(super) fn gather(paths: &[PathBuf]) -> Result<Vec<Source>, FeedBundleError> {
    let mut sources = Vec::new();
    for path in paths {
        let files = if path.is_dir() { files_in(path)? } else { vec![path.clone()] };
        for file in files {
            sources.push(Source { entry: entry(&file)?, path: file });
        }
    }
    if sources.is_empty() { Err(FeedBundleError::Nothing) } else { Ok(sources) }
}

/// The manifest of these files.
pub(super) fn manifest(sources: &[Source], now: Timestamp) -> Result<Manifest, FeedBundleError> {
    for (at, source) in sources.iter().enumerate() {
        let same = |other: &Source| other.entry.name.eq_ignore_ascii_case(&source.entry.name);
        if !fits(&source.entry.name) || sources.iter().take(at).any(same) {
            return Err(FeedBundleError::Name(source.path.clone()));
        }
    }
    let made_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let entries = sources.iter().map(|source| source.entry.clone()).collect();
    let manifest = Manifest { made_at, entries };
    if manifest.holds() { Ok(manifest) } else { Err(FeedBundleError::TooMuch) }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, FeedBundleError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(FeedBundleError::read(folder))? {
        let entry = entry.map_err(FeedBundleError::read(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let path = entry.path();
        if is_file && !name.starts_with('.') && !name.ends_with(".part") && !starts_a_bundle(&path)
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn starts_a_bundle(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && is_bundle(&start)
}

fn entry(path: &Path) -> Result<Entry, FeedBundleError> {
    let unread = || FeedBundleError::read(path);
    // Asked before opening: a pipe that nobody writes to would be waited for without end.
    if !std::fs::metadata(path).map_err(unread())?.is_file() {
        return Err(FeedBundleError::Name(path.to_owned()));
    }
    if key::is_secret(path)? {
        return Err(FeedBundleError::KeyAmong(path.to_owned()));
    }
    let mut file = File::open(path).map_err(unread())?;
    let (mut digester, mut size, mut piece) = (Digester::default(), 0, vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece).map_err(unread())?;
        if read == 0 {
            break;
        }
        digester.update(piece.get(..read).unwrap_or_default());
        size += read as u64;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Entry { name, size, digest: digester.finish() })
}
