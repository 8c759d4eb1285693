//! What is known of vulnerabilities, and what of it concerns a product.

pub mod key;
