//! The program as people and scripts use it: the real binary, its exit codes, and what it prints.

mod bundles;
mod contract;
mod crash;
mod desk;
mod files;
mod folders;
mod hostile;
mod refusals;
mod shape;
mod usage;
