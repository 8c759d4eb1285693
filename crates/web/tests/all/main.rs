//! The desk as browsers and scripts meet it, without a network.

mod api;
mod api_device;
mod api_feeds;
mod api_imports;
mod api_notice_mail;
mod chart;
mod feeds;
mod health;
mod hospital;
mod imports;
mod inquiries;
mod ledger;
mod notices;
mod parts;
mod planned_changes;
mod roles;
mod schema;
mod settings;
mod sign_in;
mod today;
mod vex;
mod weaknesses;
mod writings;
