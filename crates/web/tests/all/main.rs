//! The desk as browsers and scripts meet it, without a network.

mod api;
mod api_imports;
mod health;
mod hospital;
mod roles;
mod schema;
mod sign_in;
