//! What is done with deliveries: one after another, each so that it can be done again.

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Actor, Message, Warning, msg};
use formats::bundle::BundleFault;
use jiff::Timestamp;

use super::super::gather::Taken;
use super::super::take::{Content, FeedFile, FeedStep, FeedsTaken};
use super::{Brought, Delivery, DeliveryState, TRIES, Told, bytes_name};
use crate::feed_bundle::BundleAt;
use crate::words::Kept;
use crate::{Act, App, AppError, FeedBundleError, OpenedBundle, is_feed_bundle};

/// How many refusals and warnings are kept of one file.
const KEPT: usize = 20;

/// Of how many files of a delivery is kept what came of them: those that were refused before all others.
const KEPT_FILES: usize = 200;

/// What is being done with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryWork {
    /// The delivery.
    pub delivery: String,
    /// What is being done, in a sentence.
    pub said: Message,
    /// Files that are done; none where that does not tell how far it is.
    pub done: Option<usize>,
    /// Files in all.
    pub of: usize,
}

/// What came of a delivery.
enum Outcome {
    /// Its files were read; some of them may have been refused.
    Read(Vec<Told>, bool),
    /// A person must confirm this key first.
    UnknownKey(String),
    /// Nothing of it may be used.
    Refused(Message),
}

impl App {
    /// Takes in the delivery that has waited longest. False where none waits.
    ///
    /// # Errors
    ///
    /// Never for what is wrong with a delivery: that is kept with it. Only where the folder of deliveries cannot be read or written.
    pub fn work_on_deliveries(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(DeliveryWork),
    ) -> Result<bool, AppError> {
        let all = self.all_deliveries()?;
        let waits = |delivery: &&Delivery| delivery.state == DeliveryState::Waiting;
        let Some(next) = all.iter().rev().find(waits) else { return Ok(false) };
        if next.tries >= TRIES {
            self.stop_delivery(&next.id, &msg!("app.delivery_broke"))?;
            return Ok(true);
        }
        let delivery = self.edit_delivery(&next.id, |delivery| {
            delivery.tries += 1;
            Ok(delivery.clone())
        })?;
        let outcome = self.take_delivery(&delivery, now, progress);
        self.settle_delivery(&delivery.id, outcome)?;
        Ok(true)
    }

    /// Keeps what came of a delivery.
    fn settle_delivery(
        &self,
        id: &str,
        outcome: Result<Outcome, AppError>,
    ) -> Result<(), AppError> {
        match outcome {
            Ok(Outcome::Read(mut told, is_lost)) => self.end_delivery(id, |delivery| {
                let is_taken = told.iter().any(|told| told.error.is_none());
                told.sort_by_key(|told| told.error.is_none());
                delivery.untold = told.len().saturating_sub(KEPT_FILES);
                told.truncate(KEPT_FILES);
                delivery.state =
                    if is_taken { DeliveryState::Taken } else { DeliveryState::Refused };
                (delivery.told, delivery.is_lost) = (told, is_lost);
            }),
            Ok(Outcome::Refused(why)) => self.end_delivery(id, |delivery| {
                delivery.state = DeliveryState::Refused;
                delivery.trouble = Some(why);
            }),
            Ok(Outcome::UnknownKey(fingerprint)) => self.edit_delivery(id, |delivery| {
                delivery.state = DeliveryState::UnknownKey;
                delivery.fingerprint = Some(fingerprint);
                delivery.tries = 0;
                Ok(())
            }),
            Err(error) => self.stop_delivery(id, &error.message()),
        }
    }

    /// Keeps with the delivery why the work on it broke off, so that it is not begun again and again.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDelivery`], and where that could not be kept.
    pub fn stop_delivery(&self, id: &str, trouble: &Message) -> Result<(), AppError> {
        self.edit_delivery(id, |delivery| {
            delivery.state = DeliveryState::Stopped;
            delivery.trouble = Some(trouble.clone());
            Ok(())
        })
    }

    /// Keeps what came of a delivery, and deletes what was brought.
    fn end_delivery(&self, id: &str, end: impl FnOnce(&mut Delivery)) -> Result<(), AppError> {
        let delivery = self.edit_delivery(id, |delivery| {
            end(delivery);
            Ok(delivery.clone())
        })?;
        for file in &delivery.files {
            // What cannot be deleted now goes with the folder.
            let _ = fs::remove_file(self.brought(&delivery, file)?);
        }
        Ok(())
    }

    /// Where a file lies that was brought.
    fn brought(&self, delivery: &Delivery, file: &Brought) -> Result<PathBuf, AppError> {
        Ok(self.delivery_folder(&delivery.id)?.join(bytes_name(file.number)))
    }

    fn take_delivery(
        &self,
        delivery: &Delivery,
        now: Timestamp,
        progress: &mut dyn FnMut(DeliveryWork),
    ) -> Result<Outcome, AppError> {
        let mut tell = |said: Message, done: Option<usize>, of: usize| {
            progress(DeliveryWork { delivery: delivery.id.clone(), said, done, of });
        };
        let mut bundle = None;
        for (at, file) in delivery.files.iter().enumerate() {
            if is_feed_bundle(&self.brought(delivery, file)?)? && bundle.replace(at).is_some() {
                return Ok(Outcome::Refused(msg!("bundle.one")));
            }
        }
        let opened = match bundle.and_then(|at| Some((at, delivery.files.get(at)?))) {
            None => None,
            Some((at, file)) => {
                tell(msg!("cli.feeds.opening"), None, 1);
                match self.open_delivered(delivery, file, now) {
                    Ok(opened) => Some((at, opened)),
                    Err(error) => return judged(error),
                }
            }
        };
        let files = self.feed_files(delivery, opened.as_ref())?;
        let of = files.len();
        let mut step = |step: FeedStep| match step {
            FeedStep::Reading(at) => {
                let name = files.get(at).map(|file| file.path.display().to_string());
                tell(msg!("cli.feeds.reading_file", file = name.unwrap_or_default()), Some(at), of);
            }
            FeedStep::Writing => tell(msg!("cli.feeds.writing"), None, of),
        };
        let act = Act { actor: Actor(delivery.actor.clone()), now };
        let FeedsTaken { readings, is_lost, .. } = self.take_feeds(&files, &mut step, &act)?;
        let told = files.iter().zip(&readings).map(|(file, read)| told(&file.path, read.as_ref()));
        Ok(Outcome::Read(told.collect(), is_lost))
    }

    /// Opens the bundle of a delivery, in the name of who confirmed it where somebody did.
    fn open_delivered(
        &self,
        delivery: &Delivery,
        file: &Brought,
        now: Timestamp,
    ) -> Result<OpenedBundle, AppError> {
        let confirmed = delivery.confirmed.as_ref();
        let by = confirmed.map_or(&delivery.actor, |confirmed| &confirmed.by);
        let act = Act { actor: Actor(by.clone()), now };
        let (path, known_as) = (self.brought(delivery, file)?, PathBuf::from(&file.path));
        let confirm = confirmed.map(|confirmed| confirmed.fingerprint.as_str());
        self.open_bundle_at(BundleAt { path: &path, known_as: &known_as }, confirm, false, &act)
    }

    /// The files of a delivery, with those of its bundle in the place of the bundle. Those of a folder are one feed, under its name.
    fn feed_files(
        &self,
        delivery: &Delivery,
        opened: Option<&(usize, OpenedBundle)>,
    ) -> Result<Vec<FeedFile>, AppError> {
        let mut files = Vec::new();
        for (at, file) in delivery.files.iter().enumerate() {
            let known_as = Path::new(&file.path);
            match opened.filter(|(place, _)| *place == at) {
                Some((_, opened)) => files.extend(opened.files.iter().map(|path| {
                    let name = path.file_name().unwrap_or_default();
                    let feed = name.to_string_lossy().into_owned();
                    let content = Content::Beside(path.clone());
                    FeedFile { content, ..FeedFile::at(known_as.join(name), feed) }
                })),
                None => {
                    let content = Content::Beside(self.brought(delivery, file)?);
                    let feed = file.path.split('/').next().unwrap_or_default().to_owned();
                    files.push(FeedFile { content, ..FeedFile::at(known_as.to_owned(), feed) });
                }
            }
        }
        Ok(files)
    }
}

/// What a bundle that could not be opened means for its delivery: what is wrong with the bundle stays wrong, and all else may pass.
fn judged(error: AppError) -> Result<Outcome, AppError> {
    let AppError::FeedBundle(refused) = &error else { return Err(error) };
    match refused {
        FeedBundleError::UnknownKey { fingerprint, .. } => {
            Ok(Outcome::UnknownKey(fingerprint.clone()))
        }
        FeedBundleError::Fault {
            fault: BundleFault::Unread(_) | BundleFault::Unwritten(_),
            ..
        } => Err(error),
        FeedBundleError::Fault { .. }
        | FeedBundleError::Older { .. }
        | FeedBundleError::OtherKey { .. } => Ok(Outcome::Refused(refused.message())),
        _ => Err(error),
    }
}

fn told(path: &Path, reading: Result<&Taken, &Message>) -> Told {
    let path = path.display().to_string();
    let kept = |said: &[Warning]| -> Vec<Kept> {
        said.iter().take(KEPT).map(|warning| Kept(warning.message.clone())).collect()
    };
    match reading {
        Ok(read) => Told {
            path,
            format: Some(read.format.to_owned()),
            error: None,
            records: read.records,
            newest: read.newest,
            refused: read.refused_count,
            refusals: kept(&read.refused),
            warnings: kept(&read.warnings),
            skipped: read.skipped.iter().map(|(why, count)| ((*why).to_owned(), *count)).collect(),
        },
        Err(why) => Told {
            path,
            format: None,
            error: Some(Kept(why.clone())),
            records: 0,
            newest: None,
            refused: 0,
            refusals: Vec::new(),
            warnings: Vec::new(),
            skipped: Vec::new(),
        },
    }
}
