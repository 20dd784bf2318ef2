//! Bringing the schema up to date.

use rusqlite::{Connection, TransactionBehavior};

use crate::{Database, OpenError};

/// Marks the file as ours (`PRAGMA application_id`): "Vest" in ASCII.
const APPLICATION_ID: i64 = 0x5665_7374;

/// All migrations, in order. Never change one that was released; add another.
const MIGRATIONS: [&str; 4] = [
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_requests.sql"),
    include_str!("migrations/0003_claims.sql"),
    include_str!("migrations/0004_powers.sql"),
];

/// Creates or migrates the schema, under SQLite's own lock, so that two processes that start together do
/// not do it twice.
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
    // Without a lock first: the usual start finds nothing to do, also where it may not write.
    look(connection).map_err(not_ours)?;
    if is_current(connection) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
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

/// Makes sure that a file which cannot be written has the schema already.
pub(super) fn is_current(connection: &Connection) -> bool {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    look(connection).is_ok_and(|found| found == (APPLICATION_ID, known, true))
}

/// Whose file it is, its schema version, and whether it holds any table.
fn look(connection: &Connection) -> rusqlite::Result<(i64, i64, bool)> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((number("application_id")?, number("user_version")?, tables > 0))
}
