//! The harness of the end-to-end tests. It starts the `vestibule` binary and Prosody in temporary directories on
//! loopback ports, and uses them like external clients.
//!
//! It does not depend on the server's crates: tests see the same as operators and API clients.
//!
//! - [`Vestibule`]: the server under test, its restarts and its command line.
//! - [`Ejabberd`]: the ejabberd of Debian sid or of Debian 12, in a directory of its own.
//! - [`Prosody`]: Debian's Prosody in either [`Version`], with a private configuration.
//! - [`xmpp`]: an XMPP client that returns refusals as values; [`xmpp::Login`] uses existing client libraries.
//! - [`http`]: an HTTP client that returns statuses as values, and raw bytes over TCP for malformed requests.
//! - [`Browser`]: a real browser, and scripts that check pages in it.
//! - [`ReverseProxy`]: nginx, Caddy, `HAProxy` or Apache in front of the server, with the files of the handbook.
//! - [`Certificate`]: the TLS certificate of a Prosody.
//! - [`free_port`], [`wait_for_port`]: ports of daemons that do not report when they are ready.
//!
//! Dropping the value of a server ends its process, by its ID.

mod browser;
mod certificate;
mod cli;
mod ejabberd;
mod ejabberd_builder;
mod ejabberd_root;
mod error;
pub mod http;
mod launch;
mod ports;
mod process;
mod prosody;
mod prosody_builder;
mod prosody_config;
mod prosody_version;
mod proxy_file;
mod raw;
mod reverse_proxy;
mod vestibule;
pub mod xmpp;

pub use browser::{Browser, Tab, run_script};
pub use certificate::Certificate;
pub use cli::CliOutput;
pub use ejabberd::Ejabberd;
pub use ejabberd_builder::EjabberdBuilder;
pub use ejabberd_root::EjabberdVersion;
pub use error::HarnessError;
pub use launch::{vestibule_binary, vestibule_command};
pub use ports::{free_port, wait_for_port};
pub use process::{Exit, Process};
pub use prosody::Prosody;
pub use prosody_builder::ProsodyBuilder;
pub use prosody_version::Version;
pub use reverse_proxy::{ProxyKind, ReverseProxy};
pub use vestibule::{Vestibule, VestibuleBuilder};
