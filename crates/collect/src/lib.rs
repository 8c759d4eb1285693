//! Fetches what others publish of vulnerabilities: the only room that opens a connection outward.
//!
//! It asks only for addresses of its own table ([`feeds`]), one after the other, by HTTPS, and sends nothing but the question.
//! What it gets it does not read: `feeds import` does, on a machine that need not be connected to anything.
//!
//! Only `mimawari feeds fetch` comes here, run by hand on a PC with internet (docs/decisions/0021-fetching-by-hand.md).

mod address;
mod client;
mod error;
mod feed;
mod fetch;
mod folder;
mod header;
mod ledger;

pub use client::{Client, Patience, Sleeping};
pub use error::FetchError;
pub use feed::{Changes, Feed, Item, choose, feeds};
pub use fetch::{Event, Got, fetch};
pub use folder::Folder;
