//! Options of an engine, and the error of opening one.

use std::sync::Arc;

use vestibule_core::{Clock, NoopObserver, Observer, Policies};

use crate::database::Database;

/// Options of an engine.
#[derive(Clone)]
pub struct Options {
    /// The source of time.
    pub clock: Arc<dyn Clock>,
    /// The policies of the hosts.
    pub policies: Arc<Policies>,
    /// Receives commits and actions, for metrics.
    pub observer: Arc<dyn Observer>,
    /// Whether PostgreSQL's clock replaces `clock`, so that all nodes agree on the time. Tests with a manual clock
    /// turn it off.
    pub shared_clock: bool,
    /// Maximum number of connections to PostgreSQL.
    pub connections: u32,
    /// Whether each call is a span ([`vestibule_core::TRACE_TARGET`]).
    pub traced: bool,
}

/// The default of [`Options::connections`].
pub const DEFAULT_CONNECTIONS: u32 = 10;

impl Options {
    /// Options without an observer.
    pub fn new(clock: Arc<dyn Clock>, policies: impl Into<Arc<Policies>>) -> Self {
        Self {
            clock,
            policies: policies.into(),
            observer: Arc::new(NoopObserver),
            shared_clock: false,
            connections: DEFAULT_CONNECTIONS,
            traced: false,
        }
    }
}

/// The database cannot be opened. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be reached, read or written.
    #[error("cannot open the database {database}: {reason}")]
    Unreachable {
        /// The database.
        database: Database,
        /// The reason.
        reason: String,
    },
    /// The database belongs to another program.
    #[error("{0} is not a database of Vestibule; choose another one with --database")]
    NotOurs(Database),
    /// The schema is of a newer version.
    #[error(
        "the database {database} has schema version {found}, but this program knows only {known}: \
         a newer version has used it; install that version again, or restore a backup"
    )]
    Newer {
        /// The database.
        database: Database,
        /// The version of the schema.
        found: i64,
        /// The version that this program knows.
        known: i64,
    },
}
