//! The stored forms of many records in one row: see `docs/decisions/0014-records-in-blocks.md`.
//!
//! A block is packed as a zlib stream (RFC 1950), whose checksum tells a damaged one. Where one block ends and the next begins
//! follows from the records alone, never from the order in which they were written.

mod bytes;
pub(crate) mod devices;
pub(crate) mod observations;
mod pack;

pub(crate) use bytes::Bytes;
pub(crate) use pack::{Packer, unpack};

/// The stored bytes are no block of such records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockError;

/// A number that keeps its place: blocks and their parts are never larger than memory, and rows are numbered by 32 bits.
type Block<T> = Result<T, BlockError>;
