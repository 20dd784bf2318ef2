//! Schema migrations.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::{database::Database, options::OpenError};

/// The `PRAGMA application_id` of the file: "Vest" in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x5665_7374;

/// All migrations, in order. Never change a released one; add another.
const MIGRATIONS: [&str; 13] = [
    include_str!("0001_initial.sql"),
    include_str!("0002_requests.sql"),
    include_str!("0003_claims.sql"),
    include_str!("0004_powers.sql"),
    include_str!("0005_batches.sql"),
    include_str!("0006_shared_fields.sql"),
    include_str!("0007_daily_work.sql"),
    include_str!("0008_tombstones.sql"),
    include_str!("0009_presentation.sql"),
    include_str!("0010_renewals.sql"),
    include_str!("0011_inviters.sql"),
    include_str!("0012_members.sql"),
    include_str!("0013_sessions.sql"),
];

/// Maximum time to wait for another process that migrates.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(10);

/// Waits while another process writes, for example migrates.
fn wait_for_others(connection: &Connection, begun: Instant, known: i64) -> rusqlite::Result<()> {
    let mut logged = false;
    loop {
        let outcome = connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK");
        if !outcome.as_ref().is_err_and(is_busy) || begun.elapsed() >= MIGRATION_TIMEOUT {
            return outcome;
        }
        if !logged && begun.elapsed() >= LOG_AFTER {
            logged = true;
            tracing::info!(
                version = known,
                "another process holds the database; waiting to migrate its schema"
            );
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Time to wait before the log reports it.
const LOG_AFTER: Duration = Duration::from_secs(1);

/// Creates or migrates the schema under the write lock, so that processes which start together do it once.
pub(super) fn migrate(connection: &mut Connection, database: &Database) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::Unreachable {
        database: database.clone(),
        reason: error.to_string(),
    };
    let not_ours = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs(database.clone()),
        _ => failed(error),
    };
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    // First without a lock: usually the schema is current, and the file may be read-only.
    read_schema(connection).map_err(not_ours)?;
    if is_current(connection) {
        return Ok(());
    }
    let begun = Instant::now();
    let transaction = loop {
        wait_for_others(connection, begun, known).map_err(failed)?;
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            // Another process was faster.
            Err(error) if is_busy(&error) && begun.elapsed() < MIGRATION_TIMEOUT => {}
            outcome => break outcome.map_err(failed)?,
        }
    };
    let (application, found, any_table) = read_schema(&transaction).map_err(failed)?;
    if application != APPLICATION_ID && (application != 0 || any_table) {
        return Err(OpenError::NotOurs(database.clone()));
    }
    if found > known {
        return Err(OpenError::Newer { database: database.clone(), found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", known).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Whether the schema is current.
pub(super) fn is_current(connection: &Connection) -> bool {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    read_schema(connection).is_ok_and(|found| found == (APPLICATION_ID, known, true))
}

/// Whether the file is a database of this program, of any version.
pub(super) fn is_ours(connection: &Connection) -> bool {
    read_schema(connection)
        .is_ok_and(|(application, _, any_table)| application == APPLICATION_ID && any_table)
}

/// The application id, the schema version, and whether the file has a table.
fn read_schema(connection: &Connection) -> rusqlite::Result<(i64, i64, bool)> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((number("application_id")?, number("user_version")?, tables > 0))
}
