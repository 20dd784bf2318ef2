//! Registrations on servers that misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod answers;
mod certificates;
mod dns;
mod fixture;
mod outcomes;
mod resolver;
mod secrets;
mod server;
mod streams;
mod tls;
