//! The zip around a workbook: finding parts and unpacking them as a stream under limits.

use std::io::{Cursor, Read};

use domain::msg;
use flate2::{Crc, bufread::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive};

use super::fault::Fault;
use super::limits;
use crate::reading::Refusal;

/// Bytes that come piece by piece.
pub(super) trait Source {
    /// Fills the beginning of `buffer` and says how much; 0 is the end, after everything was found whole.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Fault>;
}

impl Source for &[u8] {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        self.read(buffer).map_err(|_| Fault::Damaged)
    }
}

/// A workbook's zip, with its table of contents.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

/// Where a part lies and what it should be; cheap to keep, so that a part can be read more than once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    packed: &'a [u8],
    deflated: bool,
    checksum: u32,
    cap: u64,
}

/// A part being unpacked.
pub(super) struct Part<'a> {
    body: Body<'a>,
    entry: Entry<'a>,
    checksum: Crc,
    unpacked: u64,
}

enum Body<'a> {
    Deflated(DeflateDecoder<&'a [u8]>),
    Stored(&'a [u8]),
}

impl<'a> Package<'a> {
    /// Reads the table of contents.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| Refusal { message: msg!("refusal.zip_damaged") })?;
        if archive.len() > limits::PARTS {
            return Err(Refusal {
                message: msg!("refusal.zip_too_many_parts", count = archive.len()),
            });
        }
        Ok(Self { bytes, archive })
    }

    /// Size of the whole zip, in bytes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Finds the part `name`, which may unpack to at most `cap` bytes; `None` if there is none.
    ///
    /// Some tools write names with `\` or in other letter case; Excel opens those, so do we.
    pub(super) fn find(&mut self, name: &str, cap: u64) -> Result<Option<Entry<'a>>, Fault> {
        let Some(index) = self.index(name) else { return Ok(None) };
        let file = self.archive.by_index_raw(index).map_err(|_| Fault::CutShort)?;
        if file.encrypted() {
            return Err(Fault::Locked);
        }
        let deflated = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => return Err(Fault::Damaged),
        };
        let start = file.data_start().and_then(|start| usize::try_from(start).ok());
        let length = usize::try_from(file.compressed_size()).ok();
        let range =
            start.zip(length).and_then(|(start, length)| Some(start..start.checked_add(length)?));
        let packed = range.and_then(|range| self.bytes.get(range)).ok_or(Fault::CutShort)?;
        Ok(Some(Entry { packed, deflated, checksum: file.crc32(), cap }))
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.archive.index_for_name(name).or_else(|| {
            (0..self.archive.len()).find(|&index| match self.archive.name_for_index(index) {
                Some(Ok(other)) => same_name(&other, name),
                _ => false,
            })
        })
    }
}

/// Whether two names differ at most in letter case and in how folders are set apart.
fn same_name(left: &str, right: &str) -> bool {
    let plain = |byte: u8| if byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
    left.len() == right.len() && left.bytes().map(plain).eq(right.bytes().map(plain))
}

impl<'a> Entry<'a> {
    /// Its packed size, in bytes.
    pub(super) fn packed_size(&self) -> usize {
        self.packed.len()
    }

    /// An entry that holds `bytes` as they are, for fuzzing.
    pub(super) fn bare(bytes: &'a [u8]) -> Self {
        let mut checksum = Crc::new();
        checksum.update(bytes);
        Self { packed: bytes, deflated: false, checksum: checksum.sum(), cap: limits::SHEET_BYTES }
    }

    /// Starts unpacking.
    pub(super) fn open(self) -> Part<'a> {
        let body = match self.deflated {
            true => Body::Deflated(DeflateDecoder::new(self.packed)),
            false => Body::Stored(self.packed),
        };
        Part { body, entry: self, checksum: Crc::new(), unpacked: 0 }
    }
}

impl Part<'_> {
    fn limit(&self) -> Result<(), Fault> {
        let packed = self.entry.packed.len() as u64;
        if self.unpacked > limits::RATIO_FREE_BYTES && self.unpacked / limits::RATIO > packed {
            return Err(Fault::Bomb);
        }
        match self.unpacked > self.entry.cap {
            true => Err(Fault::TooLarge),
            false => Ok(()),
        }
    }
}

impl Source for Part<'_> {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let read = match &mut self.body {
            Body::Deflated(decoder) => decoder.read(buffer),
            Body::Stored(bytes) => bytes.read(buffer),
        };
        let length = read.map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Fault::CutShort,
            _ => Fault::Damaged,
        })?;
        if length == 0 && !buffer.is_empty() && self.checksum.sum() != self.entry.checksum {
            return Err(Fault::Damaged);
        }
        self.checksum.update(buffer.get(..length).unwrap_or_default());
        self.unpacked += length as u64;
        self.limit()?;
        Ok(length)
    }
}
