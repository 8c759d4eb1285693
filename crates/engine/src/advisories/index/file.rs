//! Where the bytes of an index lie: in memory, or in a file of which pages are read when they are first touched.

use std::io;
use std::sync::OnceLock;

use super::IndexError;
use super::pages::PAGE;

/// A file whose bytes are read where they are wanted. It must not change while it is read; what changed is found damaged.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// Fills `into` with the bytes from `at` on.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()>;
}

/// Whole pages.
pub(super) enum Bytes<'a> {
    Memory(&'a [u8]),
    File(Box<dyn ReadAt + 'a>, Vec<OnceLock<Box<[u8]>>>),
}

impl<'a> Bytes<'a> {
    /// The pages of a file. What is no whole page at its end is not among them.
    pub(super) fn of_file(file: impl ReadAt + 'a) -> Result<Self, IndexError> {
        let count = usize::try_from(file.length() / PAGE as u64).map_err(|_| IndexError::Cut)?;
        let pages = std::iter::repeat_with(OnceLock::new).take(count).collect();
        Ok(Self::File(Box::new(file), pages))
    }

    /// How many bytes there are.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file, _) => file.length(),
        }
    }

    /// How many whole pages there are.
    pub(super) fn pages(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len() / PAGE,
            Self::File(_, pages) => pages.len(),
        }
    }

    /// A page.
    pub(super) fn page(&self, number: usize) -> Result<&[u8], IndexError> {
        match self {
            Self::Memory(bytes) => bytes.chunks_exact(PAGE).nth(number).ok_or(IndexError::Damaged),
            Self::File(file, pages) => {
                let place = pages.get(number).ok_or(IndexError::Damaged)?;
                if let Some(page) = place.get() {
                    return Ok(page);
                }
                let mut page = vec![0; PAGE].into_boxed_slice();
                file.read_at((number * PAGE) as u64, &mut page)?;
                Ok(place.get_or_init(|| page))
            }
        }
    }

    /// Bytes that lie in one piece, where they do.
    pub(super) fn piece(&self, start: usize, end: usize) -> Result<Option<&[u8]>, IndexError> {
        if let Self::Memory(bytes) = self {
            return bytes.get(start..end).map(Some).ok_or(IndexError::Damaged);
        }
        if start / PAGE != end.saturating_sub(1).max(start) / PAGE {
            return Ok(None);
        }
        let place = start % PAGE;
        let page = self.page(start / PAGE)?;
        page.get(place..place + (end - start)).map(Some).ok_or(IndexError::Damaged)
    }
}
