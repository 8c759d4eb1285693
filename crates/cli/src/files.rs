//! Files to import, read one by one and no further than the limit.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use domain::{Message, msg};
use jiff::Timestamp;

/// A file's bytes, and when it was last changed.
pub(crate) struct Loaded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) modified: Option<Timestamp>,
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
