//! Which keys a person here has confirmed, and how new the last bundle of each was.

use formats::bundle::{Manifest, PublicKey};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Change, StoreError, View};

use super::FeedBundleError;
use crate::{Act, App, AppError};

/// Where the keys stand among the settings of a facility.
const KEYS: &str = "feeds.keys";

/// How far the clocks of two PCs may lie apart.
const CLOCKS: SignedDuration = SignedDuration::from_hours(24);

/// The keys that were confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trusted(Vec<TrustedKeyView>);

/// A key that a person here has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedKeyView {
    /// Its fingerprint.
    pub fingerprint: String,
    /// When it was confirmed.
    pub since: String,
    /// Who confirmed it.
    pub by: String,
    /// When the newest bundle that was taken from it was made.
    pub newest: String,
}

/// What a bundle asks for, to be let in.
pub(super) struct Asking<'a> {
    pub(super) key: PublicKey,
    pub(super) manifest: &'a Manifest,
    /// The fingerprint that the person confirms.
    pub(super) confirmed: Option<&'a str>,
    /// Whether the person takes a step back knowingly.
    pub(super) allow_older: bool,
    pub(super) act: &'a Act,
}

/// How a bundle was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admission {
    /// Its key was confirmed just now.
    pub(super) is_new_key: bool,
    /// It is older than one that was taken before.
    pub(super) is_older: bool,
}

/// Why a bundle is not let in.
pub(super) enum Refused {
    UnknownKey,
    Other(FeedBundleError),
}

impl Trusted {
    pub(super) fn read(view: &View) -> Result<Self, StoreError> {
        let kept = view.setting(KEYS)?;
        // What cannot be read is trusted by nobody: the person is asked again.
        Ok(Self(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()))
    }

    pub(super) fn write(&self, change: &mut Change) -> Result<(), StoreError> {
        change.set_setting(KEYS, &json!(self.0).to_string())
    }

    /// Lets a bundle in, or says why not; and keeps in mind how new it is.
    pub(super) fn admit(&mut self, asking: &Asking<'_>) -> Result<Admission, Refused> {
        let fingerprint = asking.key.fingerprint();
        let made_at = asking.manifest.made_at;
        if let Some(given) = asking.confirmed.filter(|given| !asking.key.is_called(given)) {
            let given = given.to_owned();
            return Err(Refused::Other(FeedBundleError::OtherKey { given, fingerprint }));
        }
        let known = self.0.iter_mut().find(|key| key.fingerprint == fingerprint);
        if known.is_none() && asking.confirmed.is_none() {
            return Err(Refused::UnknownKey);
        }
        if made_at.duration_since(asking.act.now) > CLOCKS {
            return Err(Refused::Other(FeedBundleError::Ahead { made_at }));
        }
        let Some(known) = known else {
            self.0.push(TrustedKeyView {
                fingerprint,
                since: asking.act.now.to_string(),
                by: asking.act.actor.0.clone(),
                newest: made_at.to_string(),
            });
            return Ok(Admission { is_new_key: true, is_older: false });
        };
        let newest = known.newest.parse::<Timestamp>().ok();
        let last = newest.filter(|newest| made_at < *newest);
        if let Some(last) = last.filter(|_| !asking.allow_older) {
            return Err(Refused::Other(FeedBundleError::Older { made_at, last }));
        }
        // Taken knowingly or not: what was newest stays the mark.
        known.newest = newest.map_or(made_at, |newest| newest.max(made_at)).to_string();
        Ok(Admission { is_new_key: false, is_older: last.is_some() })
    }
}

impl App {
    /// The keys whose bundles are taken here.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn feed_keys(&self) -> Result<Vec<TrustedKeyView>, AppError> {
        Ok(self.facility()?.read(Trusted::read)?.0)
    }

    /// Takes no bundle of this key any more, until somebody confirms it again: it was lost, or stolen.
    ///
    /// # Errors
    ///
    /// [`FeedBundleError::NoKey`], and what the store says.
    pub fn forget_feed_key(&self, fingerprint: &str, act: &Act) -> Result<(), AppError> {
        let entry = act.entry("feeds.key.forget", fingerprint.to_owned(), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut trusted = Trusted::read(change.view())?;
            let before = trusted.0.len();
            trusted.0.retain(|key| key.fingerprint != fingerprint);
            if trusted.0.len() == before {
                return Err(FeedBundleError::NoKey(fingerprint.to_owned()).into());
            }
            Ok(trusted.write(change)?)
        })
    }
}
