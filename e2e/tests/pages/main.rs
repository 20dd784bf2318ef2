//! The pages in a real browser: their appearance, their size, and the steps from a link to an account.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod appearance;
#[path = "../common/mod.rs"]
mod common;
mod done;
mod faults;
mod forms;
mod handover;
mod journey;
mod lighthouse;
#[path = "../../../crates/vestibule-web/tests/surfaces/messages.rs"]
mod messages;
mod outage;
mod qr;
mod renewal;
mod sheet;
mod test_server;
mod turning;
#[path = "../common/versions.rs"]
mod versions;
mod weight;
