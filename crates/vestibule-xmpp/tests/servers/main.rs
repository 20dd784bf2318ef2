//! Registrations on real servers: Prosody 0.12 and 13, with the bridge and a real Vestibule behind it. They need the
//! binary, which `make test` builds first.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../../../../e2e/tests/common/mod.rs"]
mod common;
#[path = "../../../../e2e/tests/bridge/test_server.rs"]
#[allow(dead_code, reason = "these tests use a part of it")]
mod test_server;
#[path = "../../../../e2e/tests/common/versions.rs"]
mod versions;

mod accounts;
mod administration;
mod installation;
mod lost_answers;
mod refusals;
mod relay;
mod routes;
