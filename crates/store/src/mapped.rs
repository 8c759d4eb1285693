//! A file's bytes as they lie on the disk: the one place of the program that asks the compiler to look away.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

/// A file that never changes, its pages read by the operating system as they are touched.
#[derive(Debug)]
pub struct Mapped(memmap2::Mmap);

impl Mapped {
    /// Maps the file.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    #[expect(unsafe_code, reason = "a mapping is only as steady as its file; see below")]
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes must not change while they are lent. The file lies in the data folder under the name of its own digest,
        // is written under another name and renamed when it is whole, is never written to again, and is never on a medium that
        // people pull out: what comes from one is copied first. Its bytes are believed page by page only after a digest was compared.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self(map))
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
