//! The storage engines of Vestibule, behind [`vestibule_core::Store`].
//!
//! Each engine lives in its own folder with its own migrations and SQL. Nothing outside that folder knows
//! its dialect; [`open`] is the one place that knows their names. One suite of tests, in `tests/`, is
//! written against the trait and runs over every engine.
#![forbid(unsafe_code)]

mod key_uses;
mod limiter;
mod sqlite;

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use vestibule_core::{Clock, Observer, Policies, Store, Unobserved};

pub use sqlite::SqliteStore;

/// Where the database is, as in `sqlite:/var/lib/vestibule/vestibule.db`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
}

/// The text names no database.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a database: expected sqlite:PATH, for example sqlite:/var/lib/vestibule/vestibule.db")]
pub struct DatabaseError;

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() && !path.contains('\0') => Ok(Self::Sqlite(path.into())),
            _ => Err(DatabaseError),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
        }
    }
}

/// What every engine needs from outside.
#[derive(Clone)]
pub struct Options {
    /// Where the present moment comes from.
    pub clock: Arc<dyn Clock>,
    /// What the operator decided for each host.
    pub policies: Arc<Policies>,
    /// Who watches the work.
    pub observer: Arc<dyn Observer>,
}

impl Options {
    /// What every engine needs; nobody watches.
    pub fn new(clock: Arc<dyn Clock>, policies: Policies) -> Self {
        Self { clock, policies: Arc::new(policies), observer: Arc::new(Unobserved) }
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

/// Opens a database, creates or migrates it where needed, and starts the threads that serve it. Must be
/// called inside a tokio runtime.
pub fn open(database: &Database, options: Options) -> Result<Arc<dyn Store>, OpenError> {
    match database {
        Database::Sqlite(path) => Ok(Arc::new(SqliteStore::open(path, options)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_names_are_read() {
        assert_eq!("sqlite:a b.db".parse(), Ok(Database::Sqlite("a b.db".into())));
        for text in ["", "sqlite:", "a.db", "mysql://localhost/x", "sqlite:a\0b"] {
            assert_eq!(text.parse::<Database>(), Err(DatabaseError), "{text}");
        }
    }
}
