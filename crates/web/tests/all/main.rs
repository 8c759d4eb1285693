//! The desk as browsers and scripts meet it, without a network.

mod hospital;
mod imports;
mod ledger;
mod roles;
mod settings;
mod sign_in;
mod today;
