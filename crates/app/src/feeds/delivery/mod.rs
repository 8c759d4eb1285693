//! Deliveries: vulnerability data that was brought to the page, from the moment it arrives until it is taken in or given up.
//!
//! A delivery is a folder `deliveries/ID` in the data folder with one file for each that was brought, named by its number, and a
//! manifest that says what stands there and how far it came. What was begun goes on after a restart: taking the same feeds in again
//! changes nothing. The bytes are gone once they are taken in; what came of them is kept for a while.

mod intake;
mod work;

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Message, msg};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::intake::DeliveryIntake;
pub use self::work::DeliveryWork;
use super::FeedFileView;
use crate::arrival::{io, is_id, write_whole};
use crate::words::Kept;
use crate::{Act, App, AppError, Bounds};

/// The manifest of a delivery.
const MANIFEST: &str = "manifest.json";

/// Days for which one that is over can still be looked at.
const KEPT_DAYS: i64 = 30;

/// How often the work on a delivery is begun by itself. Where the program ended each time, it may be the delivery that ends it.
const TRIES: u32 = 2;

/// One process writes manifests, one at a time.
static WRITING: Mutex<()> = Mutex::new(());

/// How far a delivery came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits to be taken in, or is being taken in.
    Waiting,
    /// It is a bundle of which nobody here has confirmed who made it.
    UnknownKey,
    /// The work on it broke off, and waits for a person.
    Stopped,
    /// It was taken in.
    Taken,
    /// None of it was taken in.
    Refused,
}

impl DeliveryState {
    /// The key of its text.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::UnknownKey => "unknown_key",
            Self::Stopped => "stopped",
            Self::Taken => "taken",
            Self::Refused => "refused",
        }
    }

    /// Whether nothing of it waits any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Taken | Self::Refused)
    }

    /// Whether a person is waited for.
    pub fn is_asking(self) -> bool {
        matches!(self, Self::UnknownKey | Self::Stopped)
    }
}

/// A delivery, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// Its id: sixteen hexadecimal digits.
    pub id: String,
    /// The name of who brought it.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// How far it came.
    pub state: DeliveryState,
    /// The path of the first file that was brought.
    pub first: String,
    /// How many files were brought.
    pub count: usize,
    /// How many bytes.
    pub size: u64,
    /// The fingerprint of the key that signed it, where nobody here has confirmed that key.
    pub fingerprint: Option<String>,
    /// Why it was refused, or the work on it broke off.
    pub trouble: Option<String>,
    /// What should be known of the whole.
    pub warnings: Vec<String>,
    /// What came of its files, those that were refused first.
    pub files: Vec<FeedFileView>,
    /// How many more files there were.
    pub untold: usize,
}

/// A delivery, as its manifest keeps it.
#[derive(Clone, Serialize, Deserialize)]
struct Delivery {
    id: String,
    facility: String,
    /// Who brought it, as the record names them.
    actor: String,
    name: String,
    #[serde(with = "crate::as_text")]
    at: Timestamp,
    state: DeliveryState,
    files: Vec<Brought>,
    /// The fingerprint that is to be confirmed.
    fingerprint: Option<String>,
    confirmed: Option<Confirmed>,
    /// How often the work on it was begun and not ended.
    tries: u32,
    #[serde(with = "crate::words::kept")]
    trouble: Option<Message>,
    told: Vec<Told>,
    /// How many files there were beside those that are told of.
    untold: usize,
    /// Whether what was there before could not be built upon.
    is_lost: bool,
}

/// A file that was brought.
#[derive(Clone, Serialize, Deserialize)]
struct Brought {
    number: u32,
    /// The path it had; for people only.
    path: String,
    size: u64,
}

/// A person's word that a bundle is of whom it should be.
#[derive(Clone, Serialize, Deserialize)]
struct Confirmed {
    fingerprint: String,
    /// Who gave it, as the record names them.
    by: String,
}

/// What came of a file.
#[derive(Clone, Serialize, Deserialize)]
struct Told {
    path: String,
    format: Option<String>,
    error: Option<Kept>,
    records: u64,
    #[serde(with = "crate::as_text::option")]
    newest: Option<Timestamp>,
    refused: u64,
    refusals: Vec<Kept>,
    warnings: Vec<Kept>,
    skipped: Vec<(String, u64)>,
}

impl Bounds {
    /// How much may come in with vulnerability data: a year of one list has hundreds of megabytes, and a bundle holds all of them.
    pub fn of_deliveries() -> Self {
        Self {
            file: 16 << 30,
            upload: 16 << 30,
            inbox: 32 << 30,
            // Beside the ledger, the index that is made of it must find room.
            reserve: 2 << 30,
            ask_every: 64 << 20,
            ..Self::default()
        }
    }
}

impl App {
    /// The same hospital, taking in no more vulnerability data than this.
    #[must_use]
    pub fn delivering_within(self, deliveries: Bounds) -> Self {
        Self { deliveries, ..self }
    }

    /// How much vulnerability data may come in at once.
    pub fn delivery_bounds(&self) -> Bounds {
        self.deliveries
    }

    /// Every delivery, the newest first.
    ///
    /// # Errors
    ///
    /// Where the folder of deliveries cannot be read.
    pub fn deliveries(&self) -> Result<Vec<DeliveryView>, AppError> {
        Ok(self.all_deliveries()?.iter().map(|delivery| self.delivery_view(delivery)).collect())
    }

    /// How far the delivery of this id came.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDelivery`].
    pub fn delivery_state(&self, id: &str) -> Result<DeliveryState, AppError> {
        Ok(self.delivery(id)?.state)
    }

    /// Confirms that a bundle is of whom it should be: its maker has told `fingerprint`. Its key is trusted from when it is taken in.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDelivery`], and [`AppError::Feeds`] where it does not ask for this.
    pub fn confirm_delivery(&self, id: &str, fingerprint: &str, act: &Act) -> Result<(), AppError> {
        self.edit_delivery(id, |delivery| {
            let is_asked = delivery.state == DeliveryState::UnknownKey
                && delivery.fingerprint.as_deref() == Some(fingerprint);
            if !is_asked {
                return Err(AppError::Feeds(msg!("app.delivery_moved")));
            }
            let (fingerprint, by) = (fingerprint.to_owned(), act.actor.to_string());
            delivery.confirmed = Some(Confirmed { fingerprint, by });
            delivery.wait();
            Ok(())
        })
    }

    /// Has a delivery taken in again on which the work broke off.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDelivery`], and [`AppError::Feeds`] where it did not.
    pub fn retry_delivery(&self, id: &str) -> Result<(), AppError> {
        self.edit_delivery(id, |delivery| match delivery.state {
            DeliveryState::Stopped => {
                delivery.wait();
                Ok(())
            }
            _ => Err(AppError::Feeds(msg!("app.delivery_moved"))),
        })
    }

    /// Gives a delivery up that waits for a person, and deletes what was brought.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDelivery`], and [`AppError::Feeds`] where it does not wait for a person.
    pub fn leave_delivery(&self, id: &str) -> Result<(), AppError> {
        let _turn = writing();
        let delivery = self.delivery(id)?;
        if !delivery.state.is_asking() {
            return Err(AppError::Feeds(msg!("app.delivery_moved")));
        }
        fs::remove_dir_all(self.delivery_folder(&delivery.id)?).map_err(|error| io(&error))
    }

    /// Deletes what a process that ended in the middle left behind, and deliveries that were over long ago.
    pub fn clear_deliveries(&self, now: Timestamp) {
        for id in self.delivery_ids().unwrap_or_default() {
            let Ok(folder) = self.delivery_folder(&id) else { continue };
            let is_old = self.delivery(&id).is_ok_and(|delivery| {
                delivery.state.is_over()
                    && now.duration_since(delivery.at).as_hours() > KEPT_DAYS * 24
            });
            if is_old || !folder.join(MANIFEST).exists() {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }

    fn delivery_room(&self) -> PathBuf {
        self.folder().join("deliveries")
    }

    fn delivery_folder(&self, id: &str) -> Result<PathBuf, AppError> {
        if is_id(id) { Ok(self.delivery_room().join(id)) } else { Err(AppError::NoDelivery) }
    }

    fn delivery_ids(&self) -> Result<Vec<String>, AppError> {
        match fs::read_dir(self.delivery_room()) {
            Ok(entries) => {
                let names =
                    entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
                Ok(names.filter(|id| is_id(id)).collect())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(io(&error)),
        }
    }

    fn all_deliveries(&self) -> Result<Vec<Delivery>, AppError> {
        let ids = self.delivery_ids()?;
        let mut all: Vec<Delivery> = ids.iter().filter_map(|id| self.delivery(id).ok()).collect();
        all.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        Ok(all)
    }

    fn delivery(&self, id: &str) -> Result<Delivery, AppError> {
        let text = fs::read(self.delivery_folder(id)?.join(MANIFEST));
        let text = text.map_err(|_| AppError::NoDelivery)?;
        let read: Delivery = serde_json::from_slice(&text).map_err(|_| AppError::NoDelivery)?;
        // A manifest that was moved here from elsewhere speaks of other files.
        let is_own = read.id == id && read.facility == self.facility;
        if is_own { Ok(read) } else { Err(AppError::NoDelivery) }
    }

    fn save_delivery(&self, delivery: &Delivery) -> Result<(), AppError> {
        let text = serde_json::to_vec(delivery).unwrap_or_default();
        let path = self.delivery_folder(&delivery.id)?.join(MANIFEST);
        write_whole(&path, &text).map_err(|error| io(&error))
    }

    /// Changes a manifest, under the lock.
    fn edit_delivery<T>(
        &self,
        id: &str,
        edit: impl FnOnce(&mut Delivery) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let _turn = writing();
        let mut delivery = self.delivery(id)?;
        let done = edit(&mut delivery)?;
        self.save_delivery(&delivery)?;
        Ok(done)
    }

    fn delivery_view(&self, delivery: &Delivery) -> DeliveryView {
        let texts = self.catalogue();
        let asks = delivery.state == DeliveryState::UnknownKey;
        let lost = delivery.is_lost.then(|| texts.text("feeds.lost").into_owned());
        DeliveryView {
            id: delivery.id.clone(),
            name: delivery.name.clone(),
            at: delivery.at,
            state: delivery.state,
            first: delivery.files.first().map(|file| file.path.clone()).unwrap_or_default(),
            count: delivery.files.len(),
            size: delivery.files.iter().map(|file| file.size).sum(),
            fingerprint: delivery.fingerprint.clone().filter(|_| asks),
            trouble: delivery.trouble.as_ref().map(|trouble| texts.say(trouble)),
            warnings: lost.into_iter().collect(),
            files: delivery.told.iter().map(|told| told.view(texts)).collect(),
            untold: delivery.untold,
        }
    }
}

impl Delivery {
    /// Puts it where it waits to be taken in.
    fn wait(&mut self) {
        self.state = DeliveryState::Waiting;
        self.tries = 0;
        self.trouble = None;
    }
}

impl Told {
    fn view(&self, texts: &reference::Catalogue) -> FeedFileView {
        let say = |said: &[Kept]| said.iter().map(|said| texts.say(&said.0)).collect();
        FeedFileView {
            path: self.path.clone(),
            format: self.format.clone(),
            error: self.error.as_ref().map(|error| texts.say(&error.0)),
            records: self.records,
            newest: self.newest.map(|newest| newest.to_string()),
            refused: self.refused,
            refusals: say(&self.refusals),
            warnings: say(&self.warnings),
            skipped: self.skipped.iter().cloned().collect(),
        }
    }
}

fn bytes_name(number: u32) -> String {
    format!("{number}.bin")
}

fn writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
