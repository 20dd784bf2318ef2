//! The storage engines of Vestibule, behind [`vestibule_core::Store`].
//!
//! The logic of each operation is in `verbs`, over row primitives that each engine provides. An engine is a directory
//! with connections, transactions, SQL and migrations; nothing outside it knows its dialect. One test suite, in
//! `tests/`, is written against the trait and runs over both engines.
#![forbid(unsafe_code)]

mod backup;
mod caller;
mod copy;
mod database;
mod health;
mod key_uses;
mod open;
mod options;
mod postgres;
mod presentation;
mod rate_limiter;
mod recent_refusals;
mod row_key;
mod skipped_rows;
mod slices;
mod sql;
mod sqlite;
mod supervised;
mod traced;
mod verbs;

pub use backup::{
    BackupError, BackupReport, Differences, InviteAgain, KeyAgain, Restore, RestoreReport, backup,
};
pub use copy::{CopyError, CopyProgress, CopyReport, copy_store};
pub use database::{Database, DatabaseError};
pub use open::open;
pub use options::{DEFAULT_CONNECTIONS, OpenError, Options};
