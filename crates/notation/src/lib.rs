//! How the field writes scores, versions, ranges, packages and products.
//!
//! This room stands on the ground floor beside `domain` and knows nothing of ours: texts come in, values and orders come out.
//! Every function is total: whatever the text, it ends soon, does not panic, and says what it could not read.
//! What cannot be judged is `None`, never a guess: see [`version::Scheme::compare`].

pub mod cpe;
pub mod cvss;
pub mod fuzzing;
pub mod purl;
pub mod vers;
pub mod version;
