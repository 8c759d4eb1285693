//! Files as they arrive at a page: written piece by piece, within bounds, and gone if not all of them came.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::{Message, msg, size};

use crate::{AppError, Bounds};

/// Longest path that is kept, in characters.
const MOST_PATH: usize = 240;

/// A folder of its own that files are written into. Dropped before it is kept, it is gone.
pub(crate) struct Arrival {
    room: PathBuf,
    folder: PathBuf,
    bounds: Bounds,
    current: Option<Current>,
    total: u64,
    unasked: u64,
    is_kept: bool,
}

/// The file that is arriving.
struct Current {
    file: File,
    size: u64,
    /// What it is called in sentences.
    name: String,
}

impl Arrival {
    /// Makes a folder in `room` for about `expected` bytes, where that is known; gives its id too, sixteen hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where more comes than may, or the disk or the room is too full for it.
    pub(crate) fn begin(
        room: PathBuf,
        expected: Option<u64>,
        bounds: Bounds,
    ) -> Result<(String, Self), AppError> {
        let expected = expected.unwrap_or(0);
        if expected > bounds.upload {
            return Err(AppError::Upload(too_large(&bounds)));
        }
        fs::create_dir_all(&room).map_err(|error| io(&error))?;
        check_room(&room, expected, &bounds)?;
        let id = new_id()?;
        let folder = room.join(&id);
        fs::create_dir(&folder).map_err(|error| io(&error))?;
        let (total, unasked) = (0, 0);
        Ok((id, Self { room, folder, bounds, current: None, total, unasked, is_kept: false }))
    }

    /// A file begins that stands under `own` and is called `name`; the one before has ended.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where it cannot be written.
    pub(crate) fn file(&mut self, own: &str, name: &str) -> Result<(), AppError> {
        let file = File::create_new(self.folder.join(own)).map_err(|error| io(&error))?;
        self.current = Some(Current { file, size: 0, name: name.to_owned() });
        Ok(())
    }

    /// More of the file that began last.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where the file or all of it is too large, or the disk too full.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let (bounds, more) = (&self.bounds, bytes.len() as u64);
        current.size += more;
        self.total += more;
        self.unasked += more;
        if current.size > bounds.file {
            let (path, limit) = (current.name.as_str(), size::in_words(bounds.file));
            return Err(AppError::Upload(msg!(
                "app.upload_file_large",
                path = path,
                limit = limit
            )));
        }
        if self.total > bounds.upload {
            return Err(AppError::Upload(too_large(bounds)));
        }
        if self.unasked > bounds.ask_every {
            self.unasked = 0;
            check_room(&self.room, more, bounds)?;
        }
        current.file.write_all(bytes).map_err(|error| io(&error))
    }

    /// The file that began last is all there: gives its size, and brings it to the disk. None where none is open.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] where it cannot be written.
    pub(crate) fn end(&mut self) -> Result<Option<u64>, AppError> {
        let Some(current) = self.current.take() else { return Ok(None) };
        current.file.sync_all().map_err(|error| io(&error))?;
        Ok(Some(current.size))
    }

    /// Everything is there: the folder stays.
    pub(crate) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        if !self.is_kept {
            self.current = None;
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn too_large(bounds: &Bounds) -> Message {
    msg!("app.upload_large", limit = size::in_words(bounds.upload))
}

/// Whether the disk and the room have space for `more` bytes.
fn check_room(room: &Path, more: u64, bounds: &Bounds) -> Result<(), AppError> {
    // Where the disk does not say how much is free, the bound of the room must do.
    let free = (bounds.free)(room).unwrap_or(u64::MAX);
    if free < bounds.reserve.saturating_add(more) {
        let (free, reserve) = (size::in_words(free), size::in_words(bounds.reserve));
        return Err(AppError::Upload(msg!("app.upload_disk", free = free, reserve = reserve)));
    }
    if held(room).saturating_add(more) > bounds.inbox {
        let limit = size::in_words(bounds.inbox);
        return Err(AppError::Upload(msg!("app.upload_inbox", limit = limit)));
    }
    Ok(())
}

/// The bytes that stand in the folders of a room.
fn held(room: &Path) -> u64 {
    let of = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    let files = of(room.to_owned()).flat_map(|entry| of(entry.path()));
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// The sentence for a disk that does not take what is written.
pub(crate) fn io(error: &std::io::Error) -> AppError {
    AppError::Upload(msg!("app.upload_io", cause = error.to_string()))
}

fn new_id() -> Result<String, AppError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Upload(msg!("app.no_randomness")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether `id` can be one that was given out: nothing else is ever made a path of.
pub(crate) fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Writes a file under another name, and gives it its own when it is complete.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(beside, path)
}

/// What stands for a name that is none.
pub(crate) const UNNAMED: &str = "?";

/// A name from outside as it is shown and compared: folders with `/`, nothing that leads anywhere, nothing that deceives the eye.
pub(crate) fn shown_path(name: &str) -> String {
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
