//! The harness of the end-to-end tests: it starts the real `vestibule` binary and a real Prosody, each
//! in a temporary directory on loopback ports, and talks to them the way strangers would.
//!
//! Nothing here links against the server's crates: what a test sees is what an operator or an API
//! client sees. One type, one file:
//!
//! - [`Vestibule`]: the server under test, its restarts and its command line.
//! - [`Prosody`]: a Debian Prosody of either [`Version`], with a private configuration.
//! - [`xmpp`]: an XMPP client that keeps refusals as values; [`xmpp::Login`] asks one that others wrote.
//! - [`http`]: an HTTP client that keeps statuses as values, and raw bytes over TCP for the requests
//!   that no well-behaved client would send.
//! - [`Browser`]: a real browser, and scripts that look at pages in it.
//! - [`ReverseProxy`]: nginx, Caddy, `HAProxy` or Apache in front of it, as the handbook sets them up.
//! - [`Certificate`]: what a Prosody shows where it encrypts.
//! - [`free_port`], [`wait_for_port`]: ports of daemons that cannot say when they are ready.
//!
//! A server lives as long as its value: dropping it ends that process, by its id, and no other.

mod browser;
mod certificate;
mod cli;
mod error;
pub mod http;
mod launch;
mod ports;
mod process;
mod prosody;
mod prosody_builder;
mod prosody_config;
mod prosody_version;
mod raw;
mod reverse_proxy;
mod vestibule;
pub mod xmpp;

pub use browser::{Browser, Tab, run_script};
pub use certificate::Certificate;
pub use cli::CliOutput;
pub use error::HarnessError;
pub use launch::{vestibule_binary, vestibule_command};
pub use ports::{free_port, wait_for_port};
pub use process::{Exit, Process};
pub use prosody::Prosody;
pub use prosody_builder::ProsodyBuilder;
pub use prosody_version::Version;
pub use reverse_proxy::{ProxyKind, ReverseProxy};
pub use vestibule::{Vestibule, VestibuleBuilder};
