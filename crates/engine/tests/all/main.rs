//! Tests of the engine against hospitals in the little language of `testkit`.

mod hospitals;
mod identity;
mod identity_laws;
mod rules;
