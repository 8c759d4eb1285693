//! What is said of the components of parts lists: stateless, for any parts list and any feeds.
//!
//! Equal components are judged once. What the document's own VEX says holds for the product it is of; it goes before what the lists of
//! vulnerabilities say of a component anywhere.

mod views;

pub use views::{
    ClearedView, ComponentView, CvssView, ExploitedView, ForecastView, MatchFeedView,
    MatchFeedsView, MatchView, MatchedFileView, MatchedView, OpenView, SsvcView, StatementView,
    UnjudgedView,
};
pub(crate) use views::{further_told, of_tenths, rated, statement};

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domain::{Component, Message, msg};
use engine::advisories::index::{Index, IndexError, ReadAt};
use engine::parallel::each;
use engine::parts::{Listed, Room, Verdict};
use formats::parts::{self, PartsReading};
use formats::reading::Input;
use jiff::Timestamp;
use reference::{Catalogue, makers};
use store::StoreError;

use crate::feeds::Advisories;
use crate::{App, AppError, MAX_FILE_BYTES};

impl App {
    /// Holds parts lists against the advisories of the hospital. Nothing is kept of them.
    ///
    /// # Errors
    ///
    /// [`AppError::Feeds`] where the advisories cannot be read; and what the store says.
    pub fn match_parts(&self, files: &[PathBuf], now: Timestamp) -> Result<MatchView, AppError> {
        match self.facility()?.read(|view| self.advisories(view))? {
            Advisories::None | Advisories::Lost => matched(files, None, self.catalogue(), now),
            Advisories::Kept(held, _) => {
                let index = held.open().map_err(|error| unusable(&error))?;
                matched(files, Some(&index), self.catalogue(), now)
            }
        }
    }
}

/// Holds parts lists against the advisories of the file `feeds`, an index or a feed; against none where there is none. No data folder is
/// needed.
///
/// # Errors
///
/// [`AppError::Feeds`] where the advisories cannot be read.
pub fn match_parts(
    files: &[PathBuf],
    feeds: Option<&Path>,
    texts: &Catalogue,
    now: Timestamp,
) -> Result<MatchView, AppError> {
    let held = feeds.map(advisories_of).transpose()?;
    let index = held.map(Alone::open).transpose();
    matched(files, index.map_err(|error| unusable(&error))?.as_ref(), texts, now)
}

fn matched(
    files: &[PathBuf],
    index: Option<&Index<'_>>,
    texts: &Catalogue,
    now: Timestamp,
) -> Result<MatchView, AppError> {
    let feeds = views::feeds(index, now).map_err(|error| unusable(&error))?;
    let mut view = MatchView { feeds, ..MatchView::default() };
    for one in each(files, |path| of_file(path, index, texts)) {
        view.add(one.map_err(|error| unusable(&error))?);
    }
    views::sort(&mut view.matches);
    Ok(view)
}

/// What is said of one file.
fn of_file(
    path: &Path,
    index: Option<&Index<'_>>,
    texts: &Catalogue,
) -> Result<MatchView, IndexError> {
    let mut view = MatchView::default();
    let document = match read(path) {
        Ok(reading) => {
            add_list(&reading, index, texts, &mut view)?;
            views::read(path, &reading, texts)
        }
        Err(message) => views::refused(path, texts.say(&message)),
    };
    view.documents.push(document);
    Ok(view)
}

/// Judges one parts list into `view`.
fn add_list(
    reading: &PartsReading,
    index: Option<&Index<'_>>,
    texts: &Catalogue,
    view: &mut MatchView,
) -> Result<(), IndexError> {
    let list = &reading.list;
    let listed = Listed {
        subject: list.subject.as_ref(),
        components: &list.components,
        advisories: &reading.advisories,
    };
    let verdicts = Room::new(index, makers::shipped()).judge(&listed)?;
    for (component, verdict) in list.components.iter().zip(&verdicts) {
        count(component, verdict, texts, view);
    }
    Ok(())
}

/// Adds what is said of one component.
fn count(component: &Component, verdict: &Verdict, texts: &Catalogue, view: &mut MatchView) {
    view.components += 1;
    let shown = views::component(component);
    match &verdict.unjudged {
        Some(reason) => {
            view.unjudged += 1;
            view.not_judged
                .push(UnjudgedView { component: shown.clone(), reason: texts.say(reason) });
        }
        None => view.judged += 1,
    }
    let open = verdict.open.iter().map(|(id, reason)| OpenView {
        component: shown.clone(),
        id: id.clone(),
        reason: texts.say(reason),
    });
    view.open.extend(open);
    for found in &verdict.found {
        match found.affected {
            Some(_) => view.matches.push(views::matched(&shown, found, texts)),
            None => view.cleared.push(views::cleared(&shown, found, texts)),
        }
    }
}

/// Reads one parts list.
fn read(path: &Path) -> Result<PartsReading, Message> {
    let name = path.display().to_string();
    let bytes = crate::feeds::opened(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= MAX_FILE_BYTES).then_some(bytes))
    });
    let bytes = bytes.map_err(|error| crate::feeds::unread(&name, &error))?;
    let bytes = bytes
        .ok_or_else(|| msg!("refusal.parts_large", file = &name, limit = MAX_FILE_BYTES >> 20))?;
    let input = Input { name: &name, bytes: &bytes, mapping: None, machine: None };
    parts::read(&input).map_err(|refusal| refusal.message)
}

/// An index by itself.
enum Alone {
    Lies(OnDisk),
    Built(Vec<u8>),
}

impl Alone {
    fn open(self) -> Result<Index<'static>, IndexError> {
        match self {
            Self::Lies(file) => Index::open_file(file),
            Self::Built(bytes) => Index::open_file(InMemory(bytes)),
        }
    }
}

/// A file that is read where it lies, maybe on a stick that somebody pulls out: then reading fails, and nothing else.
struct OnDisk {
    file: Mutex<File>,
    length: u64,
}

impl ReadAt for OnDisk {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(into)
    }
}

/// An index that was built just now.
struct InMemory(Vec<u8>);

impl ReadAt for InMemory {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(at).ok().and_then(|at| self.0.get(at..));
        let bytes = from.and_then(|bytes| bytes.get(..into.len()));
        into.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// The advisories of a file: an index as it lies, or one built of a feed.
fn advisories_of(path: &Path) -> Result<Alone, AppError> {
    let unread = |error: &std::io::Error| {
        AppError::Feeds(crate::feeds::unread(&path.display().to_string(), error))
    };
    let mut file = crate::feeds::opened(path).map_err(|error| unread(&error))?;
    let mut head = Vec::new();
    (&mut file).take(8).read_to_end(&mut head).map_err(|error| unread(&error))?;
    if Index::is_index(&head) {
        let length = file.metadata().map_err(|error| unread(&error))?.len();
        return Ok(Alone::Lies(OnDisk { file: Mutex::new(file), length }));
    }
    let (builder, sources) = crate::feeds::alone(path).map_err(AppError::Feeds)?;
    let mut bytes = Vec::new();
    builder.finish(sources, &mut bytes).map_err(|error| StoreError::of_io(&error))?;
    Ok(Alone::Built(bytes))
}

fn unusable(_: &IndexError) -> AppError {
    AppError::Feeds(msg!("app.feeds_damaged"))
}
