//! Blocks of details, packed by zlib.

use std::collections::VecDeque;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// A block is closed when it has grown to this: small, so that one advisory is quickly unpacked.
const FULL: usize = 16 << 10;
/// No block is larger than this: an advisory is a record of a feed, which is bounded.
const MOST: u64 = 256 << 20;

/// Gathers pieces into blocks.
#[derive(Debug)]
pub(super) struct Packer {
    open: Vec<u8>,
    effort: Compression,
}

impl Packer {
    /// For blocks that are kept for long.
    pub(super) fn small() -> Self {
        Self { open: Vec::new(), effort: Compression::default() }
    }

    /// For blocks that are soon written again: larger, and sooner done.
    pub(super) fn quick() -> Self {
        Self { open: Vec::new(), effort: Compression::fast() }
    }

    /// Adds a piece; where it stands within its block.
    pub(super) fn add(&mut self, piece: &[u8]) -> usize {
        self.open.extend_from_slice(piece);
        self.open.len() - piece.len()
    }

    /// The block, where it is full.
    pub(super) fn full(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.open.len() < FULL { Ok(None) } else { self.close().map(Some) }
    }

    /// The block, however full.
    pub(super) fn close(&mut self) -> io::Result<Vec<u8>> {
        let mut encoder = ZlibEncoder::new(Vec::new(), self.effort);
        encoder.write_all(&self.open)?;
        self.open.clear();
        encoder.finish()
    }
}

impl Default for Packer {
    fn default() -> Self {
        Self::quick()
    }
}

/// The pieces of a block, one after the other.
pub(super) fn unpack(block: &[u8]) -> io::Result<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut decoder = ZlibDecoder::new(block).take(MOST + 1);
    decoder.read_to_end(&mut pieces)?;
    if pieces.len() as u64 > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(pieces)
}

/// The blocks that were unpacked last: records mostly come in the order in which they are written.
#[derive(Default)]
pub(super) struct Cache(VecDeque<(usize, Vec<u8>)>);

impl Cache {
    /// A block, unpacked.
    pub(super) fn get(&mut self, block: usize, blocks: &[Vec<u8>]) -> io::Result<&[u8]> {
        if !self.0.iter().any(|(kept, _)| *kept == block) {
            let packed = blocks.get(block).ok_or(io::ErrorKind::InvalidData)?;
            self.0.truncate(63);
            self.0.push_front((block, unpack(packed)?));
        }
        let found = self.0.iter().find(|(kept, _)| *kept == block);
        Ok(found.map_or(&[], |(_, pieces)| pieces))
    }
}
