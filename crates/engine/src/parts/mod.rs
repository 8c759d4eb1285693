//! Parts lists (部品表): which product of the hospital one belongs to, what changed from one to the next, and what is said of the
//! components inside a product.
//!
//! A list is laid beside a product by a person alone ([`domain::attachment`]); what is said here before that is a proposal with its
//! reason.

mod compare;
mod inside;
mod judged;
mod propose;

pub use compare::{Change, Comparison, Turn, compare};
pub use inside::{AttachedList, Inside};
pub(crate) use inside::{lay, tell_others};
pub use judged::{JudgedList, Listed, OWN_WORD, Room, Verdict};
pub use propose::{Owned, Proposal, is_same_release, propose};

#[cfg(test)]
mod tests;
