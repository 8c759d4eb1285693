//! What is known of vulnerabilities, and what of it concerns a product.
//!
//! [`key`] says by which names a product is looked for, [`index`] keeps the words of all parties in one file, and [`judge`] holds a
//! product against it. What cannot be judged is told as such: unknown is never "affected" and never "not affected".

pub mod index;
pub mod judge;
pub mod key;
mod models;
pub(crate) mod order;
pub mod serials;
pub mod updates;
pub mod weigh;
