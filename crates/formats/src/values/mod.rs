//! What one cell says: one file for each kind of cell.
//!
//! Every function here is pure and total: any text gives an answer, and what is doubtful is said, never guessed.

pub mod address;
pub mod date;
pub mod ditto;
pub mod identifier;
pub mod kind;
pub mod mac;
pub mod name;
pub mod nothing;
pub mod status;
pub mod text;
pub mod time;
