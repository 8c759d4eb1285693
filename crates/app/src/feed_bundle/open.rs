//! Opening a bundle in the hospital.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use formats::bundle::Bundle;
use jiff::Timestamp;
use serde_json::json;

use super::FeedBundleError;
use super::incoming::Incoming;
use super::key::is_genuine;
use super::trust::{Admission, Asking, Refused, Trusted};
use crate::{Act, App, AppError};

/// A bundle that was copied off its stick and proven. Its files can be read while this is held.
#[derive(Debug)]
pub struct OpenedBundle {
    /// The files, in the order of the bundle, each under its own name.
    pub files: Vec<PathBuf>,
    /// The fingerprint of the key that signed it.
    pub fingerprint: String,
    /// When it was made.
    pub made_at: Timestamp,
    _incoming: Incoming,
}

/// Where a bundle lies.
#[derive(Clone, Copy)]
pub(crate) struct BundleAt<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// The path that people know it by.
    pub(crate) known_as: &'a Path,
}

impl App {
    /// Copies the bundle at `path` off its stick, proves all of it, and gives its files to be read as feeds.
    ///
    /// A key that nobody here has confirmed is refused, with its fingerprint; `confirm` is that fingerprint, as the person who made the
    /// bundle reads it out. A bundle that is older than the last one of its key is refused unless `allow_older`. What was confirmed
    /// and taken is recorded.
    ///
    /// # Errors
    ///
    /// [`AppError::FeedBundle`]: why nothing of it may be used. Then nothing changed. And what the store says.
    pub fn open_bundle(
        &self,
        path: &Path,
        confirm: Option<&str>,
        allow_older: bool,
        act: &Act,
    ) -> Result<OpenedBundle, AppError> {
        self.open_bundle_at(BundleAt { path, known_as: path }, confirm, allow_older, act)
    }

    /// The same for a bundle that people know by another path.
    pub(crate) fn open_bundle_at(
        &self,
        at: BundleAt<'_>,
        confirm: Option<&str>,
        allow_older: bool,
        act: &Act,
    ) -> Result<OpenedBundle, AppError> {
        let (file, path) = (BufReader::new(open_file(at.path)?), at.known_as);
        let mut bundle = Bundle::open(file, is_genuine).map_err(FeedBundleError::fault(path))?;
        let (key, manifest) = (bundle.key(), bundle.manifest().clone());
        let asking = Asking { key, manifest: &manifest, confirmed: confirm, allow_older, act };
        let refused = |refused| refusal(refused, path, &asking);
        // Asked now, so that nobody waits for a copy that will be refused; and again where it counts.
        self.facility()?.read(Trusted::read)?.admit(&asking).map_err(refused)?;
        let incoming = Incoming::below(self.folder())?;
        incoming.check_space(manifest.size().unwrap_or(u64::MAX))?;
        let files = incoming.take(&mut bundle, path)?;
        self.record_bundle(path, &asking)?;
        let made_at = manifest.made_at;
        Ok(OpenedBundle { files, fingerprint: key.fingerprint(), made_at, _incoming: incoming })
    }

    /// Lets it in, and records that.
    fn record_bundle(&self, path: &Path, asking: &Asking<'_>) -> Result<(), AppError> {
        let fingerprint = asking.key.fingerprint();
        let entry = asking.act.entry("feeds.bundle", fingerprint.clone(), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut trusted = Trusted::read(change.view())?;
            let admission =
                trusted.admit(asking).map_err(|refused| refusal(refused, path, asking))?;
            trusted.write(change)?;
            if admission.is_new_key {
                let trust = asking.act.entry("feeds.key.trust", fingerprint, &json!({}));
                change.record_too(trust)?;
            }
            change.detail(detail(path, asking, admission));
            Ok(())
        })
    }
}

fn detail(path: &Path, asking: &Asking<'_>, admission: Admission) -> String {
    let entries: Vec<_> = asking
        .manifest
        .entries
        .iter()
        .map(|entry| json!({ "name": entry.name, "sha256": entry.digest.to_string() }))
        .collect();
    json!({
        "file": path.display().to_string(),
        "made_at": asking.manifest.made_at.to_string(),
        "older": admission.is_older,
        "entries": entries,
    })
    .to_string()
}

fn refusal(refused: Refused, path: &Path, asking: &Asking<'_>) -> AppError {
    match refused {
        Refused::Other(error) => error.into(),
        Refused::UnknownKey => {
            let fingerprint = asking.key.fingerprint();
            FeedBundleError::UnknownKey { path: path.to_owned(), fingerprint }.into()
        }
    }
}

/// Opens an ordinary file: a pipe that nobody writes to would be waited for without end.
fn open_file(path: &Path) -> Result<File, FeedBundleError> {
    let meta = std::fs::metadata(path).map_err(FeedBundleError::read(path))?;
    if !meta.is_file() {
        let fault = formats::bundle::BundleFault::NotOne;
        return Err(FeedBundleError::Fault { path: path.to_owned(), fault });
    }
    File::open(path).map_err(FeedBundleError::read(path))
}

/// Whether the file at `path` says that it is a bundle.
///
/// # Errors
///
/// [`AppError::FeedBundle`] where it cannot be read.
pub fn is_feed_bundle(path: &Path) -> Result<bool, AppError> {
    use std::io::Read as _;
    let mut start = Vec::new();
    let most = formats::bundle::MAGIC.len() as u64;
    open_file(path)?.take(most).read_to_end(&mut start).map_err(FeedBundleError::read(path))?;
    Ok(formats::bundle::is_bundle(&start))
}
