//! Tables that ship inside the program, and their loaders.
//!
//! Everything here is data under `data/`, embedded when the program is built: sentences, support dates, registered MAC addresses.
//! The loaders turn it into types of `domain`; they open no file and read no clock. Nothing is unpacked before it is asked for.

pub mod banners;
pub mod kanji;
pub mod layers;
pub mod lifecycle;
pub mod makers;
pub mod products;
pub mod texts;
pub mod vendor;

pub use texts::{Catalogue, Language};
