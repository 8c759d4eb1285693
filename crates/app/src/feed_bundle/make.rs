//! Making a bundle: hash, sign, write, read again, and only then put it in its place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use formats::bundle::{Bundle, Front, Manifest};

use super::gather::{Source, gather, manifest};
use super::key::{SecretKey, is_genuine};
use super::{BundleEntryView, FeedBundleError, FeedBundleOrder, MadeBundleView};
use crate::AppError;

/// What the name of a bundle ends with.
const SUFFIX: &str = "mmb";

/// Makes a bundle of feeds. It is under its name only after it was read again and proven.
///
/// # Errors
///
/// [`AppError::FeedBundle`]: why not. What stood there stands there still.
pub fn make_feed_bundle(order: &FeedBundleOrder) -> Result<MadeBundleView, AppError> {
    let out = place(order)?;
    let sources = gather(&order.files)?;
    let manifest = manifest(&sources, order.now)?;
    let key = SecretKey::at(&order.key)?;
    let front = Front::new(key.public(), &manifest).ok_or(FeedBundleError::TooMuch)?;
    let part = Part::beside(&out);
    write(&part.0, &front, &key, &sources)?;
    prove(&part.0)?;
    let size = fs::metadata(&part.0).map_err(FeedBundleError::read(&part.0))?.len();
    fs::rename(&part.0, &out).map_err(FeedBundleError::write(&out))?;
    Ok(MadeBundleView {
        file: out.display().to_string(),
        size,
        made_at: manifest.made_at.to_string(),
        fingerprint: key.public().fingerprint(),
        key: order.key.display().to_string(),
        key_made: key.is_new,
        entries: entries(&manifest),
    })
}

fn entries(manifest: &Manifest) -> Vec<BundleEntryView> {
    let view = |entry: &formats::bundle::Entry| BundleEntryView {
        name: entry.name.clone(),
        size: entry.size,
        sha256: entry.digest.to_string(),
    };
    manifest.entries.iter().map(view).collect()
}

/// Where it is to stand. A bundle that stands there makes room; nothing else does.
fn place(order: &FeedBundleOrder) -> Result<PathBuf, FeedBundleError> {
    let out = if order.out.is_dir() {
        order.out.join(format!("mimawari-feeds-{}.{SUFFIX}", order.day))
    } else {
        order.out.clone()
    };
    if out.symlink_metadata().is_ok() && !is_one(&out) {
        return Err(FeedBundleError::Taken(out));
    }
    Ok(out)
}

fn is_one(path: &Path) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|meta| meta.is_file());
    is_file && File::open(path).is_ok_and(|file| Bundle::open(file, is_genuine).is_ok())
}

fn write(
    to: &Path,
    front: &Front,
    key: &SecretKey,
    sources: &[Source],
) -> Result<(), FeedBundleError> {
    let mut file = BufWriter::new(File::create(to).map_err(FeedBundleError::write(to))?);
    front.write(&key.sign(front), &mut file).map_err(FeedBundleError::write(to))?;
    for source in sources {
        let from = File::open(&source.path).map_err(FeedBundleError::read(&source.path))?;
        let size = source.entry.size;
        // One more byte than there should be, so that a file that grew is noticed.
        let copied = io::copy(&mut from.take(size + 1), &mut file);
        if copied.map_err(FeedBundleError::write(to))? != size {
            return Err(FeedBundleError::Changed(source.path.clone()));
        }
    }
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(FeedBundleError::write(to))
}

/// Reads it again, as the hospital will. What changed in a file while it was copied is noticed here.
fn prove(path: &Path) -> Result<(), FeedBundleError> {
    let file = File::open(path).map_err(FeedBundleError::read(path))?;
    let fault = || FeedBundleError::fault(path);
    let mut bundle = Bundle::open(file, is_genuine).map_err(fault())?;
    while bundle.copy_next(&mut io::sink()).map_err(fault())?.is_some() {}
    Ok(())
}

/// A bundle under way, which is gone where it does not become one.
struct Part(PathBuf);

impl Part {
    fn beside(out: &Path) -> Self {
        let mut name = out.as_os_str().to_owned();
        name.push(".part");
        Self(name.into())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it was put in its place, nothing is here.
        let _ = fs::remove_file(&self.0);
    }
}
