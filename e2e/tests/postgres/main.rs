//! Several nodes on one PostgreSQL and its faults: no acknowledged change is lost, no token is used twice, and
//! everything works again within seconds, without a restart.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod backup;
#[path = "../common/mod.rs"]
mod common;
#[path = "../faults/disk.rs"]
#[allow(dead_code, reason = "only the small disk is needed here")]
mod disk;
mod faults;
mod nodes;
mod proxy;
mod test_server;
mod wrong;
