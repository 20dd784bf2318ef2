//! `vestibule doctor` finds faults between Vestibule and Prosody, and names the solutions.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/versions.rs"]
mod versions;

mod bridge;
mod fixture;
mod healthy;
mod keys;
mod mistakes;
mod public_url;
mod service;
mod test_server;
mod xmpp_server;
