//! What is known of vulnerabilities, and what of it concerns a product.
//!
//! [`key`] says by which names a product is looked for, [`index`] keeps the words of all parties in one file.

pub mod index;
pub mod key;
