//! One suite of tests for every database behind the store's face, and what is particular to each.

mod backend;
mod builders;
mod sqlite;
mod suite;
mod suite_derived;
mod upgrade;
