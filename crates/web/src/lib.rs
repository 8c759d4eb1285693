//! The desk: the web pages a hospital works at every morning, over the same `app` floor as the command line.
//!
//! Pages are made on the server and work without script; small modules of our own make them quicker. Every route stands in one
//! table with what it asks of whoever uses it (`routes`), and what does not stand there is refused.
//!
//! - [`Desk`] is the open desk: the hospital, who is signed in, and the work under way.
//! - [`Bound`] takes the address, and [`run()`] answers on it until it is told to stop.

mod answer;
mod api;
mod assets;
mod cached;
mod desk;
mod errands;
mod frame;
mod guard;
mod health;
mod jobs;
mod meter;
mod morning;
mod pages;
mod problem;
mod receive;
mod roles_page;
mod routes;
mod schedule;
mod server;
mod sessions;
mod throttle;
mod tls;
mod validity;

pub use api::{markdown as api_markdown, openapi};
pub use desk::{Config, Desk};
pub use roles_page::roles_markdown;
pub use routes::{Access, Listed, listed, router};
pub use server::{Bound, ServeError, run};
pub use tls::{Certificate, TlsError};
