//! What follows from what was seen: which observations are one device, and what is wrong.
//!
//! Everything here is a pure function of its arguments; the tables, the observations and "today" come in, devices and findings go out.
//! It opens nothing, stores nothing and asks no clock. Long work is shared among the cores, which nothing that comes out depends on.

pub mod advisories;
pub mod backups;
pub mod banners;
mod editions;
pub mod identity;
pub mod known;
pub mod lifecycle;
pub mod notices;
pub mod parallel;
pub mod parts;
pub mod ports;
pub mod products;
pub mod protection;
pub mod rules;
pub mod services;
pub mod vex;
pub mod weaknesses;
pub mod weighing;
pub mod world;

pub use identity::{Contexts, Derivation, Device, Doubt, Growing, Growth, derive, signs_in};
pub use known::{Chart, Known, Tables};
pub use rules::{Findings, RULES, Rule};
pub use world::{Recorded, World};
