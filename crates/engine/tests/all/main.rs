//! Tests of the engine against hospitals in the little language of `testkit`, and against real feeds.

mod feeds;
mod hospitals;
mod identity;
mod identity_laws;
mod rules;
