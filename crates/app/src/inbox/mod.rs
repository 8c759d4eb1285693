//! The inbox: files that were brought to a page, from the moment they arrive until they are imported or given up.
//!
//! An upload is a folder `inbox/ID` in the data folder with one file for each that was brought, named by its number, and a manifest
//! that says what stands there and how far it came. Names from outside stand in the manifest only and never become paths. What
//! was begun goes on after a restart: reading changes nothing, and an import recognises what is in already.

mod intake;
mod work;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Message, msg};
use jiff::Timestamp;
use reference::Catalogue;
use serde::{Deserialize, Serialize};

pub use self::intake::Intake;
pub use self::work::Working;
use crate::arrival::{io, is_id, write_whole};
use crate::parts_lists::PartsHeadView;
use crate::preview::{PreviewTally, PreviewView};
use crate::views::{FileView, TableView};
use crate::words::say_again;
use crate::{Act, App, AppError, ImportOptions, MAX_FILE_BYTES, mapping_from_json};

/// What one upload may bring, in bytes.
pub const MAX_UPLOAD_BYTES: u64 = 1 << 30;

/// How many files one upload may bring.
pub const MOST_UPLOAD_FILES: usize = 20_000;

/// How much may come in, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// With one file.
    pub file: u64,
    /// With one upload.
    pub upload: u64,
    /// What all uploads together may hold.
    pub inbox: u64,
    /// What the disk keeps free: the database must be able to write what is imported.
    pub reserve: u64,
    /// How much may be written before the disk is asked again.
    pub ask_every: u64,
    /// How much the disk of a folder has free, where it says so.
    pub free: fn(&Path) -> Option<u64>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            file: MAX_FILE_BYTES,
            upload: MAX_UPLOAD_BYTES,
            inbox: 4 << 30,
            reserve: 1 << 30,
            ask_every: 16 << 20,
            free: |folder| fs4::available_space(folder).ok(),
        }
    }
}

/// The manifest of an upload.
const MANIFEST: &str = "manifest.json";

/// Days for which a finished upload can still be looked at.
const KEPT_DAYS: i64 = 30;

/// One process writes manifests, one at a time.
static WRITING: Mutex<()> = Mutex::new(());

/// How far a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is there, and waits to be read.
    Received,
    /// It was read, and waits for a person.
    Read,
    /// A person wants it imported.
    Wanted,
    /// It is imported, or was refused when it was.
    Done,
    /// A person gave it up.
    Left,
}

/// How far an upload came: where the file stands that somebody or something waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Files wait to be read, or are being read.
    Reading,
    /// It was read, and waits for a person.
    Ready,
    /// Files wait to be imported, or are being imported.
    Importing,
    /// Nothing of it waits any more; its bytes are deleted.
    Over,
    /// The work on it broke off, and waits for a person.
    Troubled,
}

impl UploadState {
    /// The key of its text.
    pub fn key(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Importing => "importing",
            Self::Over => "over",
            Self::Troubled => "troubled",
        }
    }
}

/// An upload, as its manifest keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id: sixteen hexadecimal digits.
    pub id: String,
    /// The facility.
    pub facility: String,
    /// Who brought it, as the record names them.
    pub actor: String,
    /// The name of that person.
    pub name: String,
    /// When.
    #[serde(with = "crate::as_text")]
    pub at: Timestamp,
    /// When it was last compared with the list.
    #[serde(with = "crate::as_text::option", default)]
    pub read_at: Option<Timestamp>,
    /// The mark of what the list rested on then: when it is another, the list may be another.
    #[serde(default)]
    pub read_mark: String,
    /// Why the work on it broke off.
    pub trouble: Option<String>,
    /// What `trouble` was said of.
    #[serde(with = "crate::words::kept", default)]
    pub(crate) trouble_of: Option<Message>,
    /// Its files, in the order in which they are read.
    pub files: Vec<UploadFile>,
}

/// A file of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFile {
    /// Its number, from 1.
    pub number: u32,
    /// The path it had; for people, and to find the manifest of the collecting script beside it.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, where the browser said so.
    #[serde(with = "crate::as_text::option", default)]
    pub modified: Option<Timestamp>,
    /// How far it came.
    pub state: FileState,
    /// Who wants it imported, as the record names them.
    pub wanted_by: Option<String>,
    /// What a person answered about it.
    pub answers: Answers,
    /// Its documents: one, or those of a zip.
    pub documents: Vec<DocumentHead>,
}

/// What a person answered about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Answers {
    /// When what it says was so.
    #[serde(with = "crate::as_text::option", default)]
    pub captured_at: Option<Timestamp>,
    /// The series it belongs to.
    pub source: Option<String>,
    /// Which column is which, as `--mapping` takes it.
    pub mapping: Option<String>,
}

/// What is told of a document on the page of its upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct DocumentHead {
    /// Its path.
    pub path: String,
    /// What it was read as.
    pub kind: Option<String>,
    /// Why it was refused.
    pub error: Option<String>,
    /// What `error` was said of.
    #[serde(with = "crate::words::kept")]
    pub(crate) error_of: Option<Message>,
    /// Text encoding.
    pub encoding: Option<String>,
    /// The number of its import.
    pub import: Option<u32>,
    /// The import that brought the same bytes before.
    pub already: Option<u32>,
    /// The series it belongs to.
    pub source: Option<String>,
    /// When what it says was so.
    pub captured_at: Option<String>,
    /// Where that time comes from.
    pub captured_from: Option<String>,
    /// Rows that carried data.
    pub rows: u64,
    /// Devices that are or would be new.
    pub devices_new: u64,
    /// Devices of which something else is or would be known.
    pub devices_changed: u64,
    /// What its rows come to.
    pub tally: PreviewTally,
    /// Devices of the edition before that it does not name.
    pub missing: u64,
    /// How many warnings there are.
    pub warnings: u64,
    /// How many questions there are.
    pub questions: u64,
    /// What it is of, where it is a parts list.
    pub parts: Option<PartsHeadView>,
    /// How its tables were read.
    pub tables: Vec<TableView>,
}

impl DocumentHead {
    fn of(file: &FileView, tally: PreviewTally, missing: u64) -> Self {
        Self {
            path: file.path.clone(),
            kind: file.kind.clone(),
            error: file.error.clone(),
            error_of: file.error_of.clone(),
            encoding: file.encoding.clone(),
            import: file.import,
            already: file.already,
            source: file.source.clone(),
            captured_at: file.captured_at.clone(),
            captured_from: file.captured_from.clone(),
            rows: file.rows,
            devices_new: file.devices_new,
            devices_changed: file.devices_changed,
            tally,
            missing,
            warnings: file.warnings.len() as u64,
            questions: file.questions.len() as u64,
            parts: file.parts.clone(),
            tables: file.tables.clone(),
        }
    }
}

/// Which files of an upload an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All that wait.
    All,
    /// The one of this number.
    One(u32),
}

impl Which {
    fn is(self, file: &UploadFile) -> bool {
        match self {
            Self::All => true,
            Self::One(number) => file.number == number,
        }
    }
}

impl Upload {
    /// Says every sentence anew, in the language of `texts`.
    fn say_again(&mut self, texts: &Catalogue) {
        if let Some(trouble) = &mut self.trouble {
            say_again(texts, trouble, self.trouble_of.as_ref());
        }
        for document in self.files.iter_mut().flat_map(|file| &mut file.documents) {
            if let Some(error) = &mut document.error {
                say_again(texts, error, document.error_of.as_ref());
            }
        }
    }

    /// How far it came.
    pub fn state(&self) -> UploadState {
        let any = |state| self.files.iter().any(|file| file.state == state);
        match () {
            () if self.is_over() => UploadState::Over,
            () if self.trouble.is_some() => UploadState::Troubled,
            () if any(FileState::Wanted) => UploadState::Importing,
            () if any(FileState::Received) => UploadState::Reading,
            () => UploadState::Ready,
        }
    }

    fn is_over(&self) -> bool {
        self.files.iter().all(|file| matches!(file.state, FileState::Done | FileState::Left))
    }

    /// The file of this number.
    pub fn file(&self, number: u32) -> Option<&UploadFile> {
        self.files.iter().find(|file| file.number == number)
    }

    /// Files that can be imported: read, and not refused as a whole.
    pub fn ready(&self) -> impl Iterator<Item = &UploadFile> {
        self.files.iter().filter(|file| file.state == FileState::Read && file.is_importable())
    }
}

impl UploadFile {
    /// Whether something of it would be imported.
    pub fn is_importable(&self) -> bool {
        self.documents.iter().any(|document| document.kind.is_some() && document.already.is_none())
    }

    fn options(&self) -> ImportOptions {
        ImportOptions {
            dry_run: false,
            captured_at: self.answers.captured_at,
            source: self.answers.source.clone(),
            mapping: self.answers.mapping.as_deref().and_then(mapping_from_json),
        }
    }
}

fn writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    pub(crate) fn inbox(&self) -> PathBuf {
        self.folder().join("inbox")
    }

    fn upload_folder(&self, id: &str) -> Result<PathBuf, AppError> {
        if is_id(id) { Ok(self.inbox().join(id)) } else { Err(AppError::NoUpload) }
    }

    /// Every upload of this facility, the newest first.
    ///
    /// # Errors
    ///
    /// Where the inbox cannot be read.
    pub fn uploads(&self) -> Result<Vec<Upload>, AppError> {
        let entries = match fs::read_dir(self.inbox()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&error)),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut uploads: Vec<Upload> = names.filter_map(|id| self.upload(&id).ok()).collect();
        uploads.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        Ok(uploads)
    }

    /// The upload of this id.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`].
    pub fn upload(&self, id: &str) -> Result<Upload, AppError> {
        let file = self.upload_folder(id)?.join(MANIFEST);
        let text = fs::read(file).map_err(|_| AppError::NoUpload)?;
        let mut upload: Upload = serde_json::from_slice(&text).map_err(|_| AppError::NoUpload)?;
        upload.say_again(self.catalogue());
        // A manifest that was moved here from elsewhere speaks of other files.
        let is_own = upload.id == id && upload.facility == self.facility;
        if is_own { Ok(upload) } else { Err(AppError::NoUpload) }
    }

    /// What would become of document `index`, from 0, of file `number`.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`] where it was not read, or is no more there.
    pub fn upload_preview(
        &self,
        id: &str,
        number: u32,
        index: usize,
    ) -> Result<PreviewView, AppError> {
        let file = self.upload_folder(id)?.join(preview_name(number, index));
        let text = fs::read(file).map_err(|_| AppError::NoUpload)?;
        let mut preview: PreviewView =
            serde_json::from_slice(&text).map_err(|_| AppError::NoUpload)?;
        preview.say_again(self.catalogue());
        Ok(preview)
    }

    /// Says that files are wanted: they will be imported in the name of who says so.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`], and [`AppError::Upload`] where nothing of them can be imported.
    pub fn want_upload(&self, id: &str, which: Which, act: &Act) -> Result<(), AppError> {
        self.edit(id, |upload| {
            let ready = |file: &&mut UploadFile| {
                which.is(file) && file.state == FileState::Read && file.is_importable()
            };
            let mut some = false;
            for file in upload.files.iter_mut().filter(ready) {
                file.state = FileState::Wanted;
                file.wanted_by = Some(act.actor.to_string());
                some = true;
            }
            upload.trouble = None;
            if some { Ok(()) } else { Err(AppError::Upload(msg!("app.upload_nothing"))) }
        })
    }

    /// Gives files up; what is being imported at this moment goes on.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`].
    pub fn leave_upload(&self, id: &str, which: Which) -> Result<(), AppError> {
        let upload = self.edit(id, |upload| {
            for file in upload.files.iter_mut().filter(|file| which.is(file)) {
                if matches!(file.state, FileState::Received | FileState::Read) {
                    file.state = FileState::Left;
                }
            }
            Ok(upload.clone())
        })?;
        for file in upload.files.iter().filter(|file| file.state == FileState::Left) {
            self.forget_bytes(&upload.id, file.number);
        }
        Ok(())
    }

    /// Takes a person's answers about a file, and has everything that waits read again.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`], and [`AppError::Upload`] where the mapping is none.
    pub fn answer_upload(&self, id: &str, number: u32, answers: Answers) -> Result<(), AppError> {
        if answers.mapping.as_deref().is_some_and(|json| mapping_from_json(json).is_none()) {
            return Err(AppError::Upload(msg!("app.upload_mapping")));
        }
        self.edit(id, |upload| {
            let file = upload.files.iter_mut().find(|file| file.number == number);
            file.ok_or(AppError::NoUpload)?.answers = answers;
            read_again(upload);
            Ok(())
        })
    }

    /// Has everything that waits read again, against the list as it is now.
    ///
    /// # Errors
    ///
    /// [`AppError::NoUpload`].
    pub fn reread_upload(&self, id: &str) -> Result<(), AppError> {
        self.edit(id, |upload| {
            read_again(upload);
            Ok(())
        })
    }

    /// Changes a manifest, under the lock.
    fn edit<T>(
        &self,
        id: &str,
        edit: impl FnOnce(&mut Upload) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let _turn = writing();
        let mut upload = self.upload(id)?;
        let done = edit(&mut upload)?;
        self.save(&upload)?;
        Ok(done)
    }

    /// Writes a manifest whole or not at all.
    fn save(&self, upload: &Upload) -> Result<(), AppError> {
        let folder = self.upload_folder(&upload.id)?;
        let text = serde_json::to_vec(upload).unwrap_or_default();
        write_whole(&folder.join(MANIFEST), &text).map_err(|error| io(&error))
    }

    /// Deletes what came in as file `number`, and what was said of it.
    fn forget_bytes(&self, id: &str, number: u32) {
        let Ok(folder) = self.upload_folder(id) else { return };
        // What is not there need not be deleted; what cannot be is tried again when the upload is removed.
        let _ = fs::remove_file(folder.join(bytes_name(number)));
        let previews = (0..).map(|index| folder.join(preview_name(number, index)));
        for preview in previews {
            if fs::remove_file(preview).is_err() {
                break;
            }
        }
    }
}

fn read_again(upload: &mut Upload) {
    upload.trouble = None;
    for file in upload.files.iter_mut().filter(|file| file.state == FileState::Read) {
        file.state = FileState::Received;
    }
}

fn bytes_name(number: u32) -> String {
    format!("{number}.bin")
}

fn preview_name(number: u32, index: usize) -> String {
    format!("{number}-{index}.json")
}

#[cfg(test)]
mod tests;
