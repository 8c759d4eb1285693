//! Packing a block, and unpacking it without trusting what it says of itself.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::{Block, BlockError};

/// No block is larger: a size that says otherwise is damage. One record alone can be as large as the largest file.
const MOST_BYTES: usize = 512 * 1024 * 1024;

/// Packs one block after another with the same memory.
pub(crate) struct Packer(Compress);

impl Packer {
    pub(crate) fn new() -> Self {
        Self(Compress::new(Compression::fast(), true))
    }

    /// `bytes` as a zlib stream.
    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.reset();
        let mut packed = Vec::with_capacity(bytes.len() / 3 + 64);
        loop {
            let taken = usize::try_from(self.0.total_in()).unwrap_or(bytes.len());
            let rest = bytes.get(taken..).unwrap_or_default();
            // Packing in memory cannot fail, only run out of the room it was given.
            let status = self.0.compress_vec(rest, &mut packed, FlushCompress::Finish);
            if matches!(status, Ok(Status::StreamEnd)) {
                return packed;
            }
            packed.reserve(rest.len() / 2 + 64);
        }
    }
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

/// The `size` bytes that were packed, in place of what is in `bytes`.
pub(crate) fn unpack(packed: &[u8], size: usize, bytes: &mut Vec<u8>) -> Block<()> {
    bytes.clear();
    // What is packed is never smaller than a thousandth: a size beyond that is damage, and no reason to ask for so much memory.
    if size > MOST_BYTES || size / 1100 > packed.len() {
        return Err(BlockError);
    }
    bytes.reserve(size + 1);
    STREAM.with_borrow_mut(|stream| {
        stream.reset(true);
        let status = stream.decompress_vec(packed, bytes, FlushDecompress::Finish);
        let whole = matches!(status, Ok(Status::StreamEnd)) && bytes.len() == size;
        if whole && stream.total_in() == packed.len() as u64 { Ok(()) } else { Err(BlockError) }
    })
}

thread_local! {
    /// Its window is 32 KiB, as much as many a block: one for each thread that reads.
    static STREAM: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: u32) -> Vec<u8> {
        (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn what_was_packed_comes_back_and_never_as_something_else() {
        let mut packer = Packer::new();
        for bytes in [Vec::new(), b"CT-01 ".repeat(500), noise(70_000), vec![0; 3_000_000]] {
            let packed = packer.pack(&bytes);
            let mut unpacked = b"of before".to_vec();
            assert_eq!(unpack(&packed, bytes.len(), &mut unpacked), Ok(()));
            assert!(unpacked == bytes);
            assert_eq!(unpack(&packed, bytes.len() + 1, &mut unpacked), Err(BlockError));
            for at in (0..packed.len()).step_by(packed.len() / 20 + 1) {
                let mut other = packed.clone();
                other[at] ^= 4;
                // A few bits between the parts of a stream mean nothing.
                let read = unpack(&other, bytes.len(), &mut unpacked);
                assert!(read.is_err() || unpacked == bytes, "{at}");
            }
            assert!(unpack(&packed[..packed.len() - 1], bytes.len(), &mut unpacked).is_err());
        }
    }

    #[test]
    fn a_size_that_cannot_be_is_refused_before_memory_is_asked_for() {
        assert_eq!(unpack(&[0x78, 0x9c, 3, 0], usize::MAX, &mut Vec::new()), Err(BlockError));
        assert_eq!(unpack(&[0x78, 0x9c, 3, 0], 1 << 28, &mut Vec::new()), Err(BlockError));
    }
}
