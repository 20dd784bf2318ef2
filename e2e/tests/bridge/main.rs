//! A Prosody with the bridge: actions of people in apps, and of operators.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/versions.rs"]
mod versions;

mod accounts;
mod adhoc;
mod commands;
mod community;
mod connections;
mod contacts;
mod failed;
mod flood;
mod held_check;
mod hosts;
mod interrupted;
mod limits;
mod long_outage;
mod neighbours;
mod old_api;
mod one_use;
mod outage;
mod password_reset;
mod power;
mod races;
mod refused_forms;
mod registration;
mod relay;
mod reserved;
mod stock;
mod storage_failures;
mod test_server;
mod tls;
mod tokens;
