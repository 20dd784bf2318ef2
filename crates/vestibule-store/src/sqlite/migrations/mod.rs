//! Schema migrations.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::{database::Database, options::OpenError};

/// The `PRAGMA application_id` of the file: "Vest" in ASCII.
const APPLICATION_ID: i64 = 0x5665_7374;

/// All migrations, in order. Never change one that was released; add another.
const MIGRATIONS: [&str; 6] = [
    include_str!("0001_initial.sql"),
    include_str!("0002_requests.sql"),
    include_str!("0003_claims.sql"),
    include_str!("0004_powers.sql"),
    include_str!("0005_batches.sql"),
    include_str!("0006_shared_fields.sql"),
];

/// How long to wait for another process that migrates.
const OTHERS: Duration = Duration::from_mins(10);

/// Waits while another process writes, for example migrates.
fn wait_for_others(connection: &Connection, begun: Instant, known: i64) -> rusqlite::Result<()> {
    let mut said = false;
    loop {
        let outcome = connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK");
        if !outcome.as_ref().is_err_and(is_busy) || begun.elapsed() >= OTHERS {
            return outcome;
        }
        if !said && begun.elapsed() >= SAID {
            said = true;
            tracing::info!(
                version = known,
                "another process holds the database; waiting to bring its schema up to date"
            );
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// How long to wait before the log says so.
const SAID: Duration = Duration::from_secs(1);

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
    // First without a lock: usually nothing is to be done, and the file may be read-only.
    look(connection).map_err(not_ours)?;
    if is_current(connection) {
        return Ok(());
    }
    let begun = Instant::now();
    let transaction = loop {
        wait_for_others(connection, begun, known).map_err(failed)?;
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            // Another process was faster.
            Err(error) if is_busy(&error) && begun.elapsed() < OTHERS => {}
            outcome => break outcome.map_err(failed)?,
        }
    };
    let (application, found, any_table) = look(&transaction).map_err(failed)?;
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
    look(connection).is_ok_and(|found| found == (APPLICATION_ID, known, true))
}

/// The application id, the schema version, and whether the file has a table.
fn look(connection: &Connection) -> rusqlite::Result<(i64, i64, bool)> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((number("application_id")?, number("user_version")?, tables > 0))
}
