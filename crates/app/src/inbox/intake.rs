//! Files as they arrive: written piece by piece, within bounds, and gone if the upload is not finished.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::{Message, msg};
use jiff::Timestamp;

use super::{
    Answers, Bounds, FileState, MOST_UPLOAD_FILES, Upload, UploadFile, bytes_name, io, is_id,
};
use crate::{Act, App, AppError, is_clutter};

/// Longest path that is kept, in characters.
const MOST_PATH: usize = 240;

/// An upload that is arriving. Dropped before it is finished, it leaves nothing.
pub struct Intake {
    app: App,
    folder: PathBuf,
    upload: Upload,
    current: Option<(File, u64)>,
    total: u64,
    unasked: u64,
    is_finished: bool,
}

impl App {
    /// Makes room for an upload of about `expected` bytes, where that is known.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where it is larger than an upload may be, or the disk or the inbox is too full for it.
    pub fn begin_upload(
        &self,
        expected: Option<u64>,
        name: &str,
        act: &Act,
    ) -> Result<Intake, AppError> {
        let expected = expected.unwrap_or(0);
        if expected > self.bounds.upload {
            return Err(AppError::Upload(too_large(&self.bounds)));
        }
        fs::create_dir_all(self.inbox()).map_err(|error| io(&error))?;
        check_room(&self.inbox(), expected, &self.bounds)?;
        let id = new_id()?;
        let folder = self.inbox().join(&id);
        fs::create_dir(&folder).map_err(|error| io(&error))?;
        let upload = Upload {
            id,
            facility: self.facility.clone(),
            actor: act.actor.to_string(),
            name: name.to_owned(),
            at: act.now,
            read_at: None,
            read_mark: String::new(),
            trouble: None,
            trouble_of: None,
            files: Vec::new(),
        };
        Ok(Intake {
            app: self.clone(),
            folder,
            upload,
            current: None,
            total: 0,
            unasked: 0,
            is_finished: false,
        })
    }

    /// Deletes what a process that ended in the middle left behind, and uploads that were over long ago.
    pub fn clear_inbox(&self, now: Timestamp) {
        let Ok(entries) = fs::read_dir(self.inbox()) else { return };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        for id in names.filter(|id| is_id(id)) {
            let folder = self.inbox().join(&id);
            let is_broken = !folder.join(super::MANIFEST).exists();
            let is_old = self.upload(&id).is_ok_and(|upload| {
                upload.is_over() && now.duration_since(upload.at).as_hours() > super::KEPT_DAYS * 24
            });
            if is_broken || is_old {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

impl Intake {
    /// A file begins. False where it is one that says nothing by itself, and is passed over.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where there are too many, or it cannot be written.
    pub fn begin(&mut self, name: &str, modified: Option<Timestamp>) -> Result<bool, AppError> {
        self.end()?;
        let path = shown_path(name);
        if is_clutter(&path) {
            return Ok(false);
        }
        if self.upload.files.len() >= MOST_UPLOAD_FILES {
            let message = msg!("app.upload_files", most = MOST_UPLOAD_FILES);
            return Err(AppError::Upload(message));
        }
        let number = self.upload.files.len() as u32 + 1;
        let file = File::create_new(self.folder.join(bytes_name(number))).map_err(|e| io(&e))?;
        self.current = Some((file, 0));
        self.upload.files.push(UploadFile {
            number,
            path,
            size: 0,
            modified,
            state: FileState::Received,
            wanted_by: None,
            answers: Answers::default(),
            documents: Vec::new(),
        });
        Ok(true)
    }

    /// More of the file that began last.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where the file or the upload is too large, or the disk too full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let bounds = self.app.bounds;
        let Some((file, size)) = &mut self.current else { return Ok(()) };
        let more = bytes.len() as u64;
        *size += more;
        self.total += more;
        self.unasked += more;
        if *size > bounds.file {
            let path = self.upload.files.last().map_or("", |file| file.path.as_str());
            let limit = bounds.file >> 20;
            return Err(AppError::Upload(msg!(
                "app.upload_file_large",
                path = path,
                limit = limit
            )));
        }
        if self.total > bounds.upload {
            return Err(AppError::Upload(too_large(&bounds)));
        }
        if self.unasked > bounds.ask_every {
            self.unasked = 0;
            check_room(&self.app.inbox(), more, &bounds)?;
        }
        file.write_all(bytes).map_err(|error| io(&error))
    }

    fn end(&mut self) -> Result<(), AppError> {
        let Some((file, size)) = self.current.take() else { return Ok(()) };
        file.sync_all().map_err(|error| io(&error))?;
        if let Some(last) = self.upload.files.last_mut() {
            last.size = size;
        }
        Ok(())
    }

    /// Everything is there: gives the id under which it stands in the inbox.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where no file came, or the manifest cannot be written.
    pub fn finish(mut self) -> Result<String, AppError> {
        self.end()?;
        // A field in which nothing was chosen is sent as a file without a name and without a byte.
        self.upload.files.retain(|file| file.size > 0 || file.path != UNNAMED);
        if self.upload.files.is_empty() {
            return Err(AppError::Upload(msg!("app.upload_empty")));
        }
        self.upload.files.sort_by(|one, other| crate::folder_order(&one.path, &other.path));
        self.app.save(&self.upload)?;
        self.is_finished = true;
        Ok(self.upload.id.clone())
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        if !self.is_finished {
            self.current = None;
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn too_large(bounds: &Bounds) -> Message {
    msg!("app.upload_large", limit = bounds.upload >> 20)
}

/// Whether the disk and the inbox have room for `more` bytes.
fn check_room(inbox: &Path, more: u64, bounds: &Bounds) -> Result<(), AppError> {
    // Where the disk does not say how much is free, the bound of the inbox must do.
    let free = (bounds.free)(inbox).unwrap_or(u64::MAX);
    if free < bounds.reserve.saturating_add(more) {
        let (free, reserve) = (free >> 20, bounds.reserve >> 20);
        return Err(AppError::Upload(msg!("app.upload_disk", free = free, reserve = reserve)));
    }
    if held(inbox).saturating_add(more) > bounds.inbox {
        let limit = bounds.inbox >> 20;
        return Err(AppError::Upload(msg!("app.upload_inbox", limit = limit)));
    }
    Ok(())
}

/// The bytes that all uploads hold.
fn held(inbox: &Path) -> u64 {
    let of = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    let files = of(inbox.to_owned()).flat_map(|entry| of(entry.path()));
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn new_id() -> Result<String, AppError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Upload(msg!("app.no_randomness")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What stands for a name that is none.
const UNNAMED: &str = "?";

/// A name from outside as it is shown and compared: folders with `/`, nothing that leads anywhere, nothing that deceives the eye.
pub(super) fn shown_path(name: &str) -> String {
    let is_shown = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let clean: String = name
        .chars()
        .filter(is_shown)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    let parts: Vec<&str> = clean
        .split(['/', '\\'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && !matches!(*part, "." | ".."))
        .collect();
    let path = parts.join("/");
    let excess = path.chars().count().saturating_sub(MOST_PATH);
    // The end tells more: there stands the file's own name.
    let path: String = path.chars().skip(excess).collect();
    if path.is_empty() { UNNAMED.to_owned() } else { path }
}
