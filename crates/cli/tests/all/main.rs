//! The program as people and scripts use it: the real binary, its exit codes, and what it prints.

mod backup;
mod bundles;
mod carrying;
mod changes;
mod contract;
mod crash;
mod desk;
mod faults;
mod files;
mod folders;
mod hostile;
mod inquiries;
mod lists;
mod notices;
mod parts;
mod products;
mod refusals;
mod serve;
mod shape;
mod usage;
mod vex;
mod vulnerabilities;
mod watched;
mod weaknesses;
