//! The desk as browsers and scripts meet it, without a network.

mod chart;
mod hospital;
mod roles;
mod sign_in;
