//! Bytes in, observations and warnings out.
//!
//! Every reader here is a pure function: it opens no file, reads no clock, never panics on any bytes, and holds no more than a
//! stated amount of memory.  A broken row costs that row, not the file; nothing is dropped in silence.

pub mod address_table;
pub mod answer_sheet;
pub mod backup;
pub mod bundle;
pub mod columns;
pub mod console;
pub mod container;
pub mod deadline;
pub mod delimited;
pub mod dhcp_windows;
pub mod feeds;
pub mod fuzzing;
pub mod html_table;
pub mod leases;
pub mod ledger;
pub mod mail;
pub mod marked;
pub mod neighbours;
pub mod network;
pub mod parts;
pub mod reader;
pub mod reading;
pub mod registry;
pub mod scanners;
pub mod table;
pub mod tables;
mod terminal;
pub mod text;
pub mod values;
pub mod windows;
pub mod xlsx;
