//! The storage engines of Vestibule, behind [`vestibule_core::Store`].
//!
//! Each engine lives in its own folder with its own migrations and SQL. Nothing outside that folder knows
//! its dialect; [`open`] is the one place that knows their names. One suite of tests, in `tests/`, is
//! written against the trait and runs over every engine.
#![forbid(unsafe_code)]

mod copy;
mod database;
mod health;
mod key_uses;
mod postgres;
mod rate_limiter;
mod recent_refusals;
mod skipped_rows;
mod slices;
mod sqlite;
mod supervised;

use std::sync::Arc;

use vestibule_core::{Clock, NoopObserver, Observer, Policies, Store};

pub use copy::{CopyError, CopyProgress, CopyReport, copy_store};
pub use database::{Database, DatabaseError};

use crate::{database::Backend, postgres::PostgresStore, sqlite::SqliteStore};

/// What every engine needs from outside.
#[derive(Clone)]
pub struct Options {
    /// Where the present moment comes from.
    pub clock: Arc<dyn Clock>,
    /// What the operator decided for each host.
    pub policies: Arc<Policies>,
    /// Who watches the work.
    pub observer: Arc<dyn Observer>,
    /// Where several nodes share a database: the clock is corrected by that of the database, so that the same
    /// moment is the same on all of them. Tests, which move their clock, go by theirs alone.
    pub shared_clock: bool,
    /// How many connections an engine that has several may hold.
    pub connections: u32,
}

/// How many connections an engine may hold when nobody says otherwise.
pub const DEFAULT_CONNECTIONS: u32 = 10;

impl Options {
    /// What every engine needs; nobody watches.
    pub fn new(clock: Arc<dyn Clock>, policies: Policies) -> Self {
        Self {
            clock,
            policies: Arc::new(policies),
            observer: Arc::new(NoopObserver),
            shared_clock: false,
            connections: DEFAULT_CONNECTIONS,
        }
    }
}

/// Why a database could not be opened. The text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be reached, read or written.
    #[error("cannot open the database {database}: {reason}")]
    Unreachable {
        /// Which one.
        database: Database,
        /// Why.
        reason: String,
    },
    /// The database holds something else.
    #[error("{0} is not a database of Vestibule; name another one with --database")]
    NotOurs(Database),
    /// A newer version of the program has been here.
    #[error(
        "the database {database} has schema version {found}, but this program knows only {known}: \
         a newer version has used it; install that version again, or restore a backup"
    )]
    Newer {
        /// Which database.
        database: Database,
        /// The version that was found.
        found: i64,
        /// The version that this program makes.
        known: i64,
    },
}

/// Opens a database, creates or migrates it where needed, and starts what serves it.
pub async fn open(database: &Database, options: Options) -> Result<Arc<dyn Store>, OpenError> {
    match &database.0 {
        Backend::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path, options)?)),
        Backend::Postgres(address) => Ok(Arc::new(PostgresStore::open(address, options).await?)),
    }
}
