//! Files to import, read one by one and no further than the limit.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use domain::{Message, msg};
use jiff::Timestamp;

/// A file's bytes, and when it was last changed.
pub(crate) struct Loaded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) modified: Option<Timestamp>,
}

/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 16;

/// Files that one folder may bring, with all that is in it.
const MAX_FILES: usize = 50_000;

/// A file to bring in, or why a path brings none.
pub(crate) enum Found {
    File(PathBuf),
    Refused(PathBuf, Message),
}

impl Found {
    /// The path that it is of.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Refused(path, _) => path,
        }
    }
}

/// The files that `paths` name: of a folder everything in it, folder by folder. The manifest of the collecting script comes before
/// the files it tells of.
pub(crate) fn expand(mut paths: Vec<PathBuf>) -> Vec<Found> {
    let is_manifest = |path: &PathBuf| path.file_name().is_some_and(|name| name == app::MANIFEST);
    paths.sort_by_key(|path| !is_manifest(path));
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(walk(path));
        } else {
            found.push(Found::File(path));
        }
    }
    found
}

fn walk(folder: PathBuf) -> Vec<Found> {
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    look_into(&folder, 0, &mut files, &mut refused);
    let shown = folder.display().to_string();
    if files.len() > MAX_FILES {
        let message = msg!("cli.folder_too_large", path = shown, limit = MAX_FILES);
        return vec![Found::Refused(folder, message)];
    }
    if files.is_empty() && refused.is_empty() {
        return vec![Found::Refused(folder, msg!("cli.folder_empty", path = shown))];
    }
    let text = |path: &PathBuf| path.display().to_string();
    files.sort_by(|one, other| app::folder_order(&text(one), &text(other)));
    files.into_iter().map(Found::File).chain(refused).collect()
}

fn look_into(folder: &Path, depth: usize, files: &mut Vec<PathBuf>, refused: &mut Vec<Found>) {
    let shown = || folder.display().to_string();
    if depth > MAX_DEPTH {
        let message = msg!("cli.folder_too_deep", path = shown());
        return refused.push(Found::Refused(folder.to_owned(), message));
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = msg!("cli.unreadable", path = shown(), cause = error.to_string());
            return refused.push(Found::Refused(folder.to_owned(), message));
        }
    };
    for entry in entries.flatten().take(MAX_FILES + 1) {
        if files.len() > MAX_FILES {
            return;
        }
        let path = entry.path();
        // A link may lead round in a circle, or to a file that nobody meant to bring.
        if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            let message = msg!("cli.folder_link", path = path.display().to_string());
            refused.push(Found::Refused(path, message));
        } else if path.is_dir() {
            look_into(&path, depth + 1, files, refused);
        } else if !app::is_clutter(&path.display().to_string()) {
            files.push(path);
        }
    }
}

/// Reads the file at `path`, or says why not.
pub(crate) fn load(path: &Path) -> Result<Loaded, Message> {
    let shown = path.display().to_string();
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => msg!("cli.not_there", path = shown.clone()),
        ErrorKind::PermissionDenied => msg!("cli.not_allowed", path = shown.clone()),
        _ => msg!("cli.unreadable", path = shown.clone(), cause = error.to_string()),
    };
    // Asked before opening: a pipe that nobody writes to would be waited for without end.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(msg!("cli.is_folder", path = shown));
    }
    if !metadata.is_file() {
        return Err(msg!("cli.no_file", path = shown));
    }
    // What a system shows as a file of its own, such as /proc/kmsg, has no size and may never end; an ordinary file without one is empty.
    if metadata.len() == 0 {
        return Ok(Loaded { bytes: Vec::new(), modified: None });
    }
    let file = File::open(path).map_err(unreadable)?;
    // The size is asked before anything is read; a file that grows meanwhile is cut off by the limit itself.
    let expected = usize::try_from(metadata.len().min(app::MAX_FILE_BYTES)).unwrap_or_default();
    let mut bytes = Vec::new();
    let too_large = metadata.len() > app::MAX_FILE_BYTES || {
        // One more, so that the end is found without growing.
        bytes.reserve_exact(expected + 1);
        file.take(app::MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)? as u64
            > app::MAX_FILE_BYTES
    };
    if too_large {
        let mib = |bytes: u64| bytes / (1024 * 1024);
        return Err(msg!(
            "cli.too_large",
            path = shown,
            size = mib(metadata.len()),
            limit = mib(app::MAX_FILE_BYTES)
        ));
    }
    let modified = metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    Ok(Loaded { bytes, modified })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_shows_without_a_size_is_not_read() {
        let version = Path::new("/proc/version");
        assert!(std::fs::read(version).is_ok_and(|bytes| !bytes.is_empty()));
        assert!(load(version).is_ok_and(|loaded| loaded.bytes.is_empty()));
    }
}
