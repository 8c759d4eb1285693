//! Fetching, against a server on this machine that says what each test tells it to.

mod fetching;
mod manners;
mod server;
