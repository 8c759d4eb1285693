//! How much of a document is kept: everything that comes from outside could be made to be too much.

/// How much of one piece is held at once: nobody writes a component of two million values.
pub(super) const MAX_NODES: u32 = 2_000_000;

/// How many references, relationships and names beside components are kept of a document.
pub(super) const MAX_KEPT: usize = 2_000_000;

/// How many bytes of text a document may make us keep more than once: 256 MiB.
const MAX_REPEATED: usize = 256 << 20;

/// How much text may still be kept a second time.
///
/// What is written once and holds for many (the name of a supplier, a note on a hundred versions) is kept with each of them: a name
/// of a megabyte would fill the memory.
#[derive(Debug)]
pub(super) struct Repeats {
    left: usize,
}

impl Default for Repeats {
    fn default() -> Self {
        Self { left: MAX_REPEATED }
    }
}

impl Repeats {
    /// Whether as many bytes may be kept again; from the first time that they may not, none may.
    pub(super) fn may(&mut self, bytes: usize) -> bool {
        self.left = self.left.saturating_sub(bytes.saturating_add(1));
        !self.is_spent()
    }

    /// Whether no more may be kept.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}
