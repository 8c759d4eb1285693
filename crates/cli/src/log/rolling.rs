//! A log file that makes room for itself: a full one becomes `FILE.1`, the one before `FILE.2`, and the oldest goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file is full at this many bytes.
const FULL: u64 = 10 << 20;

/// The file that is being written, and how many full ones are kept beside it.
pub(super) struct Rolling {
    path: PathBuf,
    keep: u32,
    full: u64,
    file: File,
    size: u64,
}

impl Rolling {
    /// Opens the file, and goes on where it ended.
    pub(super) fn open(path: &Path, keep: u32) -> io::Result<Self> {
        Self::of(path, keep, FULL)
    }

    fn of(path: &Path, keep: u32, full: u64) -> io::Result<Self> {
        let file = append(path)?;
        let size = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), keep, full, file, size })
    }

    fn numbered(&self, number: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }

    /// Moves every file on by one. Where that fails, the file grows on: a log that is too long is better than none.
    fn roll(&mut self) -> io::Result<()> {
        for number in (1..self.keep).rev() {
            match fs::rename(self.numbered(number), self.numbered(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, self.numbered(1))?;
        self.file = append(&self.path)?;
        self.size = 0;
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

impl Write for Rolling {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.size > 0 && self.size.saturating_add(line.len() as u64) > self.full {
            let _ = self.roll();
        }
        let written = self.file.write(line)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_files_move_on_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Rolling::of(&path, 2, 10).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n", "five\n", "a line longer than a file\n"]
        {
            log.write_all(line.as_bytes()).unwrap();
        }
        let text = |end: &str| fs::read_to_string(folder.path().join(format!("log{end}"))).ok();
        assert_eq!(text("").as_deref(), Some("a line longer than a file\n"));
        assert_eq!(text(".1").as_deref(), Some("four\nfive\n"));
        assert_eq!(text(".2").as_deref(), Some("three\n"));
        assert_eq!(text(".3"), None);
        let mut log = Rolling::of(&path, 2, 100).unwrap();
        log.write_all(b"on\n").unwrap();
        assert_eq!(text("").as_deref(), Some("a line longer than a file\non\n"), "it goes on");
    }
}
