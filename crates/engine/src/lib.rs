//! What is derived: pure functions over observations and tables.

pub mod lifecycle;
