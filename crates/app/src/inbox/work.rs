//! What is done with uploads: one after another, each step so that it can be done again.

use std::fs;

use domain::{Actor, Message, msg};
use jiff::Timestamp;

use super::{DocumentHead, FileState, Upload, UploadFile, UploadState, bytes_name, preview_name};
use crate::import::Hall;
use crate::preview::PreviewTally;
use crate::{Act, App, AppError, ImportOptions, MANIFEST, NewFile, Step};

/// How often the manifest is written while many files are imported.
const SAVE_EVERY: usize = 32;

/// What is being done, for a progress bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Working {
    /// The upload.
    pub upload: String,
    /// Files that are done.
    pub done: usize,
    /// Files in all.
    pub of: usize,
    /// What is being done with the next one.
    pub step: Step,
}

impl App {
    /// Does the next step that waits: imports what is wanted, then reads what was received. False where nothing waits.
    ///
    /// # Errors
    ///
    /// Never for what is wrong with a file or an upload: that is kept with it. Only where the inbox cannot be read.
    pub fn work_on_uploads(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(Working),
    ) -> Result<bool, AppError> {
        let mut uploads = self.uploads()?;
        uploads.reverse();
        let at = |state: UploadState| uploads.iter().find(|upload| upload.state() == state);
        let next = at(UploadState::Importing).or_else(|| at(UploadState::Reading));
        let Some(upload) = next else { return Ok(false) };
        let worked = match upload.state() {
            UploadState::Importing => self.import_upload(upload, now, progress),
            _ => self.read_upload(upload, now, progress),
        };
        if let Err(error) = worked {
            // Where not even this can be kept, as on a full disk, the work waits for the next call.
            return Ok(self.trouble_upload(&upload.id, &error.message()));
        }
        Ok(true)
    }

    /// Keeps with the upload that is being worked on why the work broke off, so that it is not begun again and again. False
    /// where that could not be kept.
    pub fn trouble_upload(&self, id: &str, trouble: &Message) -> bool {
        let kept = self.edit(id, |upload| {
            upload.trouble = Some(self.catalogue().say(trouble));
            upload.trouble_of = Some(trouble.clone());
            Ok(())
        });
        kept.is_ok()
    }

    /// The bytes of a file of an upload, as an import takes them.
    fn arriving(&self, upload: &Upload, file: &UploadFile) -> NewFile {
        let path = self.inbox().join(&upload.id).join(bytes_name(file.number));
        let lost = |_| msg!("app.upload_lost", path = file.path.as_str());
        NewFile {
            path: file.path.clone(),
            bytes: fs::read(path).map(Into::into).map_err(lost),
            modified: file.modified,
        }
    }

    fn read_upload(
        &self,
        upload: &Upload,
        now: Timestamp,
        progress: &mut dyn FnMut(Working),
    ) -> Result<(), AppError> {
        let act = Act { actor: Actor(upload.actor.clone()), now };
        let mark = self.list_mark()?;
        let waiting: Vec<&UploadFile> = upload
            .files
            .iter()
            .filter(|file| matches!(file.state, FileState::Received | FileState::Read))
            .collect();
        let beside =
            upload.files.iter().filter(|file| file.state == FileState::Done && is_manifest(file));
        let order: Vec<&UploadFile> = beside.chain(waiting.iter().copied()).collect();
        let of = order.len();
        let files = order.iter().map(|file| (self.arriving(upload, file), file.options()));
        let told = self.preview(files, &act, &mut |done, step| {
            progress(Working { upload: upload.id.clone(), done, of, step });
        })?;
        let folder = self.upload_folder(&upload.id)?;
        let mut heads = Vec::new();
        for (file, documents) in order.iter().zip(told) {
            for (index, document) in documents.iter().enumerate() {
                let text = serde_json::to_vec(document).unwrap_or_default();
                fs::write(folder.join(preview_name(file.number, index)), text)
                    .map_err(|error| super::io(&error))?;
            }
            let head = |view: &crate::PreviewView| {
                DocumentHead::of(&view.file, view.tally, view.missing_count)
            };
            heads.push((file.number, documents.iter().map(head).collect::<Vec<_>>()));
        }
        self.edit(&upload.id, |kept| {
            kept.read_at = Some(now);
            kept.read_mark = mark;
            for (number, documents) in heads {
                let before = upload.file(number).map(|file| &file.answers);
                // A person may have answered or given up meanwhile: then this reading is not the one that was asked for.
                let file = kept.files.iter_mut().find(|file| file.number == number);
                let Some(file) = file.filter(|file| Some(&file.answers) == before) else {
                    continue;
                };
                if matches!(file.state, FileState::Received | FileState::Read) {
                    file.documents = documents;
                    file.state = FileState::Read;
                }
            }
            close_manifests(kept);
            Ok(())
        })
    }

    fn import_upload(
        &self,
        upload: &Upload,
        now: Timestamp,
        progress: &mut dyn FnMut(Working),
    ) -> Result<(), AppError> {
        let is_wanted = |file: &&UploadFile| file.state == FileState::Wanted;
        let order: Vec<&UploadFile> = upload
            .files
            .iter()
            .filter(|file| is_wanted(file) || (is_manifest(file) && file.state != FileState::Left))
            .collect();
        let mut hall = Hall::default();
        let mut done: Vec<(u32, Vec<DocumentHead>)> = Vec::new();
        for (index, file) in order.iter().enumerate() {
            hall.closes = index + 1 == order.len();
            let actor = file.wanted_by.clone().unwrap_or_else(|| upload.actor.clone());
            let act = Act { actor: Actor(actor), now };
            // The manifest of the collecting script tells of the files beside it also where it is not asked for itself.
            let options = match is_wanted(file) {
                true => file.options(),
                false => ImportOptions { dry_run: true, ..file.options() },
            };
            let mut views = Vec::new();
            let of = order.len();
            let step = &mut |step| {
                progress(Working { upload: upload.id.clone(), done: index, of, step });
            };
            self.bring(&mut hall, self.arriving(upload, file), &options, &act, step, &mut views)?;
            if is_wanted(file) {
                let head = |view| DocumentHead::of(view, PreviewTally::default(), 0);
                done.push((file.number, views.iter().map(head).collect()));
            }
            if done.len() >= SAVE_EVERY {
                self.settle(&upload.id, std::mem::take(&mut done))?;
            }
        }
        self.settle(&upload.id, done)?;
        // What waits was compared with the list before this.
        self.edit(&upload.id, |upload| {
            super::read_again(upload);
            close_manifests(upload);
            Ok(())
        })
    }

    /// Keeps what became of files, and deletes their bytes.
    fn settle(&self, id: &str, done: Vec<(u32, Vec<DocumentHead>)>) -> Result<(), AppError> {
        let mut numbers: Vec<u32> = done.iter().map(|(number, _)| *number).collect();
        let upload = self.edit(id, |upload| {
            for (number, documents) in done {
                let file = upload.files.iter_mut().find(|file| file.number == number);
                let Some(file) = file else { continue };
                file.documents = documents;
                file.state = FileState::Done;
            }
            Ok(upload.clone())
        })?;
        // The collector's manifest is asked again for the files that still wait beside it.
        let manifests: Vec<u32> =
            upload.files.iter().filter(|file| is_manifest(file)).map(|file| file.number).collect();
        numbers.retain(|number| !manifests.contains(number));
        let all_done = upload.is_over().then_some(manifests).into_iter().flatten();
        for number in numbers.into_iter().chain(all_done) {
            self.forget_bytes(id, number);
        }
        Ok(())
    }
}

/// Whether it is called as the manifest of the collecting script is.
fn is_manifest(file: &UploadFile) -> bool {
    file.path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(MANIFEST))
}

/// Manifests of the collecting script wait for nothing but the files beside them.
fn close_manifests(upload: &mut Upload) {
    let waits = |file: &UploadFile| {
        file.state == FileState::Wanted
            || file.state == FileState::Received
            || (file.state == FileState::Read && !is_manifest(file))
    };
    if upload.files.iter().any(waits) {
        return;
    }
    for file in upload.files.iter_mut().filter(|file| file.state == FileState::Read) {
        file.state = FileState::Done;
    }
}
