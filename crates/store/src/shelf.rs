//! The folder of large files that are built once and never changed: an index of advisories.
//!
//! They stand beside the database, each under its own digest. Which of them counts is said by a setting, in the transaction that
//! records the change; a file that no setting names is a leftover.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use domain::Digest;
use domain::digest::Digester;

use crate::{Mapped, StoreError};

/// What the name of a file that is still being written ends with.
const PART: &str = "part";
/// What the name of a whole file ends with.
const WHOLE: &str = "advisories";

/// The folder.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The shelf of the data folder `data`. Nothing is made before something is put on it.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join("advisories") }
    }

    /// The file of this digest; none where it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where it is there and cannot be opened.
    pub fn open(&self, digest: Digest) -> Result<Option<Mapped>, StoreError> {
        match Mapped::open(&self.path(digest)) {
            Ok(mapped) => Ok(Some(mapped)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::of_io(&error)),
        }
    }

    /// Begins a new file.
    ///
    /// # Errors
    ///
    /// That the folder cannot be made, or nothing can be written there.
    pub fn begin(&self) -> Result<Draft, StoreError> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| StoreError::Folder { path: self.folder.clone(), source })?;
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| StoreError::of_io(&io::Error::other(error)))?;
        let name = format!("{:016x}.{PART}", u64::from_be_bytes(random));
        let path = self.folder.join(name);
        let file = File::options().write(true).create_new(true).open(&path);
        let file = file.map_err(|error| StoreError::of_io(&error))?;
        // Who clears up sees by the lock that somebody is still writing.
        let locked = file.try_lock().map_err(io::Error::from);
        locked.map_err(|error| StoreError::of_io(&error))?;
        let (out, digest) = (BufWriter::with_capacity(1 << 20, file), Digester::default());
        Ok(Draft { out, digest, path, shelf: self.clone(), is_kept: false })
    }

    /// Removes every file that is none of `kept`, and what was left half written by somebody who is gone. One that another program
    /// still holds open stays until the next time.
    pub fn clear(&self, kept: &[Digest]) {
        let kept: Vec<PathBuf> = kept.iter().map(|digest| self.path(*digest)).collect();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ends = |suffix: &str| path.extension().is_some_and(|own| own == suffix);
            let is_left = ends(PART) && is_abandoned(&path);
            if is_left || (ends(WHOLE) && !kept.contains(&path)) {
                let _ = fs::remove_file(&path);
            }
        }
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.folder.join(format!("{digest}.{WHOLE}"))
    }
}

/// A file that is being written. It is gone when it is dropped before it was kept.
#[derive(Debug)]
pub struct Draft {
    out: BufWriter<File>,
    digest: Digester,
    path: PathBuf,
    shelf: Shelf,
    is_kept: bool,
}

impl Draft {
    /// What has been written, to be proven before it is kept.
    ///
    /// # Errors
    ///
    /// That it could not be brought to the disk.
    pub fn written(&mut self) -> Result<Mapped, StoreError> {
        let written = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        written.and_then(|()| Mapped::open(&self.path)).map_err(|error| StoreError::of_io(&error))
    }

    /// Puts the whole file on the shelf, where it survives a power cut; gives its digest.
    ///
    /// # Errors
    ///
    /// That it could not be brought to the disk. Nothing is left of it then.
    pub fn keep(mut self) -> Result<Digest, StoreError> {
        let digest = std::mem::take(&mut self.digest).finish();
        self.finish(digest).map_err(|error| StoreError::of_io(&error))?;
        self.is_kept = true;
        Ok(digest)
    }

    fn finish(&mut self, digest: Digest) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        let path = self.shelf.path(digest);
        // The same bytes a second time: where somebody holds the file open it could not be replaced, and need not be.
        if is_whole(&path, digest) {
            return fs::remove_file(&self.path);
        }
        fs::rename(&self.path, path)?;
        // Where a folder can be opened, its new entry is brought to the disk as well.
        match File::open(&self.shelf.folder) {
            Ok(folder) => folder.sync_all(),
            Err(_) => Ok(()),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether nobody writes to it any more.
fn is_abandoned(path: &Path) -> bool {
    let file = File::options().write(true).open(path);
    file.is_ok_and(|file| file.try_lock().is_ok())
}

/// Whether what lies under the name of `digest` is what it was.
fn is_whole(path: &Path, digest: Digest) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let mut digester = Digester::default();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return digester.finish() == digest,
            Ok(read) => digester.update(piece.get(..read).unwrap_or_default()),
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(shelf: &Shelf, bytes: &[u8]) -> Digest {
        let mut draft = shelf.begin().unwrap();
        draft.write_all(bytes).unwrap();
        assert_eq!(&*draft.written().unwrap(), bytes);
        draft.keep().unwrap()
    }

    fn names(data: &Path) -> Vec<String> {
        let entries = fs::read_dir(data.join("advisories")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_was_kept_is_found_under_its_digest() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(data.path());
        assert!(shelf.open(Digest::of(b"one")).unwrap().is_none());
        let digest = kept(&shelf, b"one");
        assert_eq!(digest, Digest::of(b"one"));
        assert_eq!(&*shelf.open(digest).unwrap().unwrap(), b"one");
    }

    #[test]
    fn the_same_bytes_again_leave_the_file_alone_where_it_is_whole() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(data.path());
        let digest = kept(&shelf, b"one");
        let path = shelf.path(digest);
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let touch = || File::options().write(true).open(&path).unwrap().set_modified(long_ago);
        touch().unwrap();
        kept(&shelf, b"one");
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
        assert_eq!(names(data.path()).len(), 1, "the second is gone");
        fs::write(&path, b"onf").unwrap();
        touch().unwrap();
        kept(&shelf, b"one");
        assert_eq!(fs::read(&path).unwrap(), b"one", "what was damaged is mended");
    }

    #[test]
    fn what_was_not_kept_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(data.path());
        let mut draft = shelf.begin().unwrap();
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert!(names(data.path()).is_empty());
    }

    #[test]
    fn clearing_leaves_what_counts_and_what_somebody_writes() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(data.path());
        let (old, new) = (kept(&shelf, b"old"), kept(&shelf, b"new"));
        fs::write(data.path().join("advisories/0000.part"), b"left by a power cut").unwrap();
        fs::write(data.path().join("advisories/note.txt"), b"of somebody else").unwrap();
        let draft = shelf.begin().unwrap();
        shelf.clear(&[new]);
        assert!(shelf.open(old).unwrap().is_none());
        assert_eq!(&*shelf.open(new).unwrap().unwrap(), b"new");
        let mut left = names(data.path());
        left.sort();
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(left.contains(&"note.txt".to_owned()));
        drop(draft);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("advisories"), b"a file").unwrap();
        assert!(matches!(Shelf::of(data.path()).begin(), Err(StoreError::Folder { .. })));
    }
}
