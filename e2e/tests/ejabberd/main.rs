//! An ejabberd whose `mod_invites` stores its invites in Vestibule: actions of people in apps and on pages, and of
//! operators.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code, reason = "the tests of the other bridge use all of it")]
#[path = "../bridge/relay.rs"]
mod relay;

mod accounts;
mod configuration;
mod contacts;
mod creating;
mod doctor;
mod outage;
mod races;
mod registration;
mod source;
mod test_server;
mod web;
