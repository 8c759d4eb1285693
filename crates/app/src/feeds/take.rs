//! Taking feeds in: a new index is built and proven beside the old one, which goes on counting until the record says otherwise.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Digest, Message, msg};
use engine::advisories::index::{Index, Source, Summary};
use serde_json::json;
use store::StoreError;

use super::dates::{self, Dates};
use super::gather::{Gathered, Stop, Taken, Until, gather};
use super::views::{FeedFileView, FeedsImportView, feeds_view};
use super::{Advisories, Files, INDEX, Mark, TakenAt};
use crate::demo::{DEMO_FEEDS, DemoFile};
use crate::{Act, App, AppError};

/// A file that is to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What the feed is called: the name of the file, or of the folder it came in.
    pub name: String,
    /// Why whoever found it does not want it read: a link, or a folder that could not be looked into.
    pub refused: Option<Message>,
    /// Where its content is.
    pub content: Content,
}

/// Where the content of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// At its path.
    OnDisk,
    /// At another path than the one that people know it by.
    Beside(PathBuf),
    /// In the program.
    Here(&'static [u8]),
}

impl FeedFile {
    /// The file at `path`, of the feed `name`.
    pub fn at(path: PathBuf, name: String) -> Self {
        Self { path, name, refused: None, content: Content::OnDisk }
    }
}

/// What is being done while feeds are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedStep {
    /// The file at this place is being read.
    Reading(usize),
    /// The index is being written and proven.
    Writing,
}

/// What came of feeds that were taken in.
pub(super) struct FeedsTaken {
    /// How each file was read, or why it is not used.
    pub(super) readings: Vec<Result<Taken, Message>>,
    /// Advisories that were left out, since a later edition of the same document was there.
    replaced: u64,
    /// Whether what was there before could not be built upon.
    pub(super) is_lost: bool,
    /// What is at hand now.
    held: Advisories,
    /// The support dates that count now beside those that ship.
    dates: Dates,
}

/// What is to count from now on.
struct Next<'n> {
    /// The index with its digest; none where the one that counts stays.
    index: Option<(&'n Mark, Digest)>,
    dates: &'n Dates,
}

/// How many refusals and warnings are told of one file.
const TOLD: usize = 100;

impl App {
    /// Takes in the vulnerability data of the demo hospital.
    ///
    /// # Errors
    ///
    /// As [`App::import_feeds`].
    pub fn import_demo_feeds(&self, act: &Act) -> Result<FeedsImportView, AppError> {
        let file = |file: &DemoFile| FeedFile {
            content: Content::Here(file.bytes),
            ..FeedFile::at(PathBuf::from(file.name), file.name.to_owned())
        };
        let files: Vec<FeedFile> = DEMO_FEEDS.iter().map(file).collect();
        self.import_feeds(&files, &mut |_| {}, act)
    }

    /// Takes feeds in: builds a new index of what they and the one that counts until now hold, or writes a second file over that one where
    /// they are few, proves it, and lets it count.
    ///
    /// A file that cannot be trusted is named in the answer, and the others are used. Where none can be used, nothing changes.
    ///
    /// # Errors
    ///
    /// [`AppError::Feeds`] where somebody else took feeds in meanwhile, or what was written does not read back; and what the store says.
    /// The old index counts as before then.
    pub fn import_feeds(
        &self,
        files: &[FeedFile],
        step: &mut dyn FnMut(FeedStep),
        act: &Act,
    ) -> Result<FeedsImportView, AppError> {
        let taken = self.take_feeds(files, step, act)?;
        let views = files.iter().zip(&taken.readings);
        Ok(FeedsImportView {
            files: views
                .map(|(file, reading)| self.file_view(&file.path, reading.as_ref()))
                .collect(),
            replaced: taken.replaced,
            warnings: taken
                .is_lost
                .then(|| self.catalogue().text("feeds.lost").into_owned())
                .into_iter()
                .collect(),
            feeds: feeds_view(&taken.held, &taken.dates, act.now),
        })
    }

    /// The same, told by keys.
    pub(super) fn take_feeds(
        &self,
        files: &[FeedFile],
        step: &mut dyn FnMut(FeedStep),
        act: &Act,
    ) -> Result<FeedsTaken, AppError> {
        let (mark, held, dates) = self.facility()?.read(|view| {
            Ok::<_, AppError>((Mark::read(view)?, self.advisories(view)?, Dates::read(view)?))
        })?;
        // What is damaged or lost cannot be built upon; what is brought now is all there is.
        let mut old = held.index().and_then(Result::ok);
        let mut is_lost = old.is_none() && !matches!(held, Advisories::None);
        let mut refused: Vec<Option<Message>> =
            files.iter().map(|file| file.refused.clone()).collect();
        let mut gathered = loop {
            let until = Until { index: old.as_ref(), dates: &dates, now: act.now };
            match gather(files, &refused, &until, &mut |at| step(FeedStep::Reading(at))) {
                Ok(gathered) => break gathered,
                Err(Stop::File(at, message)) => {
                    if let Some(refused) = refused.get_mut(at) {
                        *refused = Some(message);
                    }
                }
                Err(Stop::Index(error)) => return Err(StoreError::of_io(&error).into()),
                Err(Stop::Old) => (old, is_lost) = (None, true),
            }
        };
        if gathered.readings.iter().all(Result::is_err) {
            let readings = gathered.readings;
            drop(old);
            return Ok(FeedsTaken { readings, replaced: 0, is_lost: false, held, dates });
        }
        drop(old);
        let (before, dates) = ((mark.clone(), dates), gathered.dates.clone());
        if !gathered.is_index {
            let readings = gathered.readings;
            let next = Next { index: None, dates: &dates };
            let held = self.let_count(&before, &next, (files, &readings), act)?;
            return Ok(FeedsTaken { readings, replaced: 0, is_lost: false, held, dates });
        }
        let below = match &held {
            Advisories::Kept(files, _) if gathered.is_over => Some(Arc::clone(files)),
            _ => None,
        };
        // Where a file that somebody looks at cannot be replaced, the old index must be let go first, but for what is written over.
        drop(held);
        step(FeedStep::Writing);
        let taken = since(&gathered, files, mark.as_ref(), act);
        let readings = std::mem::take(&mut gathered.readings);
        let (digest, summary) = self.write_index(gathered, below.as_deref())?;
        let base = below.and(mark.as_ref()).map(|mark| mark.index.clone());
        let next = Mark {
            over: base.is_some().then(|| digest.to_string()),
            index: base.unwrap_or_else(|| digest.to_string()),
            at: act.now.as_millisecond(),
            taken,
        };
        let next = Next { index: Some((&next, digest)), dates: &dates };
        let kept = self.let_count(&before, &next, (files, &readings), act);
        let kept = kept.inspect_err(|_| self.clear_shelf())?;
        self.clear_shelf();
        Ok(FeedsTaken { readings, replaced: summary.replaced, is_lost, held: kept, dates })
    }

    /// Writes the index, or what comes over the first file of `base`, reads all of it again from the disk, and puts it on the shelf.
    fn write_index(
        &self,
        gathered: Gathered,
        base: Option<&Files>,
    ) -> Result<(Digest, Summary), AppError> {
        let mut draft = self.shelf().begin()?;
        let summary = gathered.builder.finish(gathered.sources, &mut draft);
        let summary = summary.map_err(|error| StoreError::of_io(&error))?;
        let written = draft.written()?;
        let opened = match base {
            None => Index::open(&written),
            Some(files) => Index::open_over(&files.base, &written),
        };
        let proven = opened.and_then(|index| index.prove_last());
        proven.map_err(|_| AppError::Feeds(msg!("app.feeds_not_proven")))?;
        // Where a mapped file cannot be renamed, it must be let go first.
        drop(written);
        Ok((draft.keep()?, summary))
    }

    /// Lets the new index and the new support dates count together, if what they were built upon still does.
    fn let_count(
        &self,
        (mark, dates): &(Option<Mark>, Dates),
        next: &Next<'_>,
        (files, readings): (&[FeedFile], &[Result<Taken, Message>]),
        act: &Act,
    ) -> Result<Advisories, AppError> {
        let told = files.iter().zip(readings).filter_map(|(file, reading)| {
            let read = reading.as_ref().ok()?;
            Some(json!({ "file": name_of(&file.path), "format": read.format, "records": read.records }))
        });
        let told: Vec<_> = told.collect();
        let mut detail = json!({ "files": told });
        if let (true, Some(detail)) = (next.dates != dates, detail.as_object_mut()) {
            detail.insert("support".to_owned(), next.dates.told().into());
        }
        let subject =
            next.index.map_or_else(|| dates::FEED.to_owned(), |(_, digest)| digest.short());
        let entry = act.entry("feeds.import", subject, &detail);
        self.facility()?.change(entry, |change| {
            let view = change.view();
            if Mark::read(view)? != *mark || Dates::read(view)? != *dates {
                return Err(AppError::Feeds(msg!("app.feeds_meanwhile")));
            }
            if let Some((mark, _)) = next.index {
                let text = serde_json::to_string(mark).unwrap_or_default();
                change.set_setting(INDEX, &text)?;
            }
            if next.dates != dates {
                next.dates.write(change)?;
            }
            self.advisories(change.view())
        })
    }

    /// Takes files off the shelf that count for no facility any more.
    fn clear_shelf(&self) {
        let counting = || -> Result<Vec<Digest>, AppError> {
            let mut kept = Vec::new();
            for (id, _) in self.store.facilities()? {
                let mark = self.store.facility(&id)?.read(Mark::read)?;
                let digests = mark.and_then(|mark| mark.digests());
                kept.extend(
                    digests.into_iter().flat_map(|(base, over)| [Some(base), over]).flatten(),
                );
            }
            Ok(kept)
        };
        // What cannot be cleared now is cleared the next time.
        if let Ok(kept) = counting() {
            self.shelf().clear(&kept);
        }
    }

    fn file_view(&self, path: &Path, reading: Result<&Taken, &Message>) -> FeedFileView {
        let texts = self.catalogue();
        let path = path.display().to_string();
        let reading = match reading {
            Ok(reading) => reading,
            Err(why) => {
                let error = Some(texts.say(why));
                return FeedFileView { path, error, ..FeedFileView::default() };
            }
        };
        let said = |warnings: &[domain::Warning]| -> Vec<String> {
            warnings.iter().take(TOLD).map(|warning| texts.say(&warning.message)).collect()
        };
        FeedFileView {
            path,
            format: Some(reading.format.to_owned()),
            error: None,
            records: reading.records,
            newest: reading.newest.map(|newest| newest.to_string()),
            refused: reading.refused_count,
            refusals: said(&reading.refused),
            warnings: said(&reading.warnings),
            skipped: reading
                .skipped
                .iter()
                .map(|(reason, count)| ((*reason).to_owned(), *count))
                .collect(),
        }
    }
}

/// When each feed of the new index was last taken in: those that were brought now, and the others as it was kept.
fn since(
    gathered: &Gathered,
    files: &[FeedFile],
    before: Option<&Mark>,
    act: &Act,
) -> Vec<TakenAt> {
    let read = files.iter().zip(&gathered.readings);
    let fresh: BTreeSet<_> = read
        .filter_map(|(file, reading)| Some((reading.as_ref().ok()?.feed?, file.name.as_str())))
        .collect();
    let before = before.map(|mark| mark.taken.as_slice()).unwrap_or_default();
    let at = |source: &Source| {
        if fresh.contains(&(source.feed, source.name.as_str())) {
            return Some(act.now.as_millisecond());
        }
        before.iter().find(|kept| kept.is_of(source)).map(|kept| kept.at)
    };
    let taken = gathered.sources.iter().filter_map(|source| {
        let (feed, name) = (source.feed.key().to_owned(), source.name.clone());
        at(source).map(|at| TakenAt { feed, name, at })
    });
    taken.collect()
}

/// What a feed is called: the name of its file.
fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
