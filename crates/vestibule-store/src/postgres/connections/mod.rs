//! Connections to the server, and its clock.

pub(super) mod db_clock;
pub(super) mod pool;
pub(super) mod server_connector;
mod tls;
