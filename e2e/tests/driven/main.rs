//! XMPP servers that do not ask Vestibule about tokens: it administers their accounts, by ejabberd's HTTP API or by the
//! commands of an administrator.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code, reason = "the tests of the bridges use all of it")]
#[path = "../bridge/relay.rs"]
mod relay;

mod doctor;
mod faults;
mod flows;
mod none;
mod test_server;
mod way;
