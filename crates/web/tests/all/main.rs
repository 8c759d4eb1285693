//! The desk as browsers and scripts meet it, without a network.

mod hospital;
mod ledger;
mod roles;
mod sign_in;
