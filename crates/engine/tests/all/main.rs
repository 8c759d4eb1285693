//! Tests of the engine against hospitals in the little language of `testkit`.

mod identity;
mod identity_laws;
