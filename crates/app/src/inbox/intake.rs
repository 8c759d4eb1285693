//! Files as they arrive for the ledger.

use std::fs;

use domain::msg;
use jiff::Timestamp;

use super::{Answers, FileState, MOST_UPLOAD_FILES, Upload, UploadFile, bytes_name};
use crate::arrival::{Arrival, UNNAMED, is_id, shown_path};
use crate::{Act, App, AppError, is_clutter};

/// An upload that is arriving. Dropped before it is finished, it leaves nothing.
pub struct Intake {
    app: App,
    arrival: Arrival,
    upload: Upload,
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
        let (id, arrival) = Arrival::begin(self.inbox(), expected, self.bounds)?;
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
        Ok(Intake { app: self.clone(), arrival, upload })
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
        self.arrival.file(&bytes_name(number), &path)?;
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
        self.arrival.write(bytes)
    }

    fn end(&mut self) -> Result<(), AppError> {
        let size = self.arrival.end()?;
        if let Some((last, size)) = self.upload.files.last_mut().zip(size) {
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
        self.arrival.keep();
        Ok(self.upload.id)
    }
}
