//! Connections to the file.

pub(super) mod checkpointer;
pub(super) mod connect;
pub(super) mod managed_connection;
